package story

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"steledesk/shared/bucket"
	"steledesk/shared/digest"
	"steledesk/shared/meeting"
	"steledesk/shared/queue"
)

const digests = "steledesk-digest"

// order asks for a month's digest, as the office and the operator do.
func (d *desk) order(month digest.Month) {
	d.t.Helper()
	q := queue.NewDigests(d.AWS(), d.AWSEndpoint()+"/000000000000/"+digests)
	if err := q.Order(d.t.Context(), queue.DigestOrder{Month: month, By: "office"}); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) editions(month digest.Month) []meeting.Edition {
	d.t.Helper()
	all, err := d.table.Editions(d.t.Context(), month)
	if err != nil {
		d.t.Fatal(err)
	}
	return all
}

// whole holds an edition to having all of its papers.
func (d *desk) whole(e meeting.Edition) {
	d.t.Helper()
	files := bucket.OpenPapers(d.AWS(), "steledesk-papers-000000000000")
	if len(e.Papers) == 0 {
		d.t.Errorf("%s: edition %d has no papers", e.Month, e.Number)
	}
	for _, p := range e.Papers {
		body, err := files.Get(d.t.Context(), e.Key(p.Name))
		if err != nil {
			d.t.Errorf("%s: %v", e.Month, err)
			continue
		}
		_ = body.Close()
		address, err := files.Link(d.t.Context(), e.Key(p.Name), p.Name)
		if err != nil {
			d.t.Fatal(err)
		}
		if status, got := get(d.t, address); status != http.StatusOK || len(got) != p.Size {
			d.t.Errorf("%s from the bucket: %d, %d bytes of %d", p.Name, status, len(got), p.Size)
		}
	}
}

// On the first of December at 08:00 in China, and not before, November's digest is there; asked for again it is the same.
func TestDigestOfTheMonth(t *testing.T) {
	d := openAt(t, "2026-11-23 09:00", nil)
	d.file(rand.Text(), complaint)
	d.file(rand.Text(), `{"kind":"report","category":"misconduct","text":"收受回扣"}`)
	d.until("all is quiet", d.drained)
	d.setClock(instant(t, "2026-12-01 07:50"))
	if all := d.editions("2026-11"); len(all) > 0 {
		t.Fatalf("before its time there are %d editions", len(all))
	}
	d.setClock(instant(t, "2026-12-01 08:00"))
	d.until("November's digest is stored", func() bool { return len(d.editions("2026-11")) > 0 })
	e := d.editions("2026-11")[0]
	all := e.Digest.Tally.All
	if !e.Digest.Whole || e.By != "" || e.Digest.Tickets != 2 || all.Received != 1 || all.Overdue != 1 || e.Digest.Tally.Reports != 1 {
		t.Errorf("by %q, whole %v, %d tickets, %+v", e.By, e.Digest.Whole, e.Digest.Tickets, all)
	}
	d.whole(e)
	d.order("2026-11")
	d.order("2026-11")
	d.until("the orders are done", func() bool { return d.queued(digests) == 0 })
	if all := d.editions("2026-11"); len(all) != 1 {
		t.Errorf("the same figures made %d editions", len(all))
	}
}

// The function dies while it stores, before the call is carried out and after, while two of it work. The month has one
// edition all the same, and it is whole. Its many queries change nothing; of what it stores every third is enough.
func TestDigestKilledInTheMiddle(t *testing.T) {
	f := &fault{}
	d := openAt(t, "2026-11-23 09:00", func(service, action string, next http.Handler) http.Handler {
		if service != "s3" && action != "PutItem" {
			return next
		}
		return f.middleware(service, action, next)
	})
	f.kill = d.Kill
	d.file(rand.Text(), complaint)
	d.until("all is quiet", d.drained)
	d.setClock(instant(t, "2026-12-01 09:00"))
	d.until("November's digest is stored", func() bool { return len(d.editions("2026-11")) > 0 })
	month, struck := digest.Month("2026-11"), 0
	for first, after := range []bool{false, true} {
		for at := 1 + first; at <= 40; at += 3 {
			month = month.Before(1) // without tickets of its own: what is killed is the making
			d.Kill("digest")
			f.arm("digest", at, after)
			d.order(month)
			d.order(month)
			d.until(fmt.Sprintf("%s is counted", month), func() bool {
				if d.queued(digests) == 0 {
					return true
				}
				if f.struck() != "" { // what was killed comes back when its time is over
					d.skip(91 * time.Minute)
				}
				return false
			})
			all := d.editions(month)
			if len(all) != 1 || all[0].Number != 1 {
				t.Fatalf("%s: %d editions", f.struck(), len(all))
			}
			d.whole(all[0])
			if f.struck() == "" {
				break
			}
			struck++
			t.Logf("survived: killed %s", f.struck())
		}
	}
	if struck < 6 {
		t.Errorf("digest was struck %d times only", struck)
	}
	if all := d.editions("2026-11"); len(all) != 1 || all[0].Digest.Tickets != 1 {
		text, _ := json.Marshal(all)
		t.Errorf("November: %s", text)
	}
}
