package main

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"steledesk/infra/local/awsendpoint"
	"steledesk/infra/steledesk/archive"
	"steledesk/shared/dynamo"
	"steledesk/shared/ticket"
)

// try files as the desk does to try itself; it leaves the note that the section's queue carried it.
func (d *desk) try(n int) string {
	d.t.Helper()
	number := d.file(n, func(c *ticket.Command) {
		c.Kind, c.Section, c.Spot, c.Anonymous, c.Canary = ticket.Enquiry, "office", "", true, true
	})
	d.note(number, dynamo.CanaryChannel)
	return number
}

func (d *desk) note(number, channel string) {
	d.t.Helper()
	if err := d.table.Told(d.t.Context(), channel, []dynamo.Delivery{{Event: number + ".1", At: d.now, Holder: "m"}}, d.now); err != nil {
		d.t.Fatal(err)
	}
}

// take deletes items of a ticket, as somebody with access to the table could; none named: all of it.
func (d *desk) take(number string, sks ...string) {
	d.t.Helper()
	items, err := d.table.TicketItems(d.t.Context(), number)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, i := range items {
		if _, sk, _ := strings.Cut(archive.Key(i), " "); len(sks) == 0 || slices.Contains(sks, sk) {
			d.remove(number, sk)
		}
	}
}

// between does something once, after a ticket was listed and before it is read.
func between(t *testing.T, number string, do func()) awsendpoint.Middleware {
	var once sync.Once
	return func(_, action string, next http.Handler) http.Handler {
		if action != "Query" {
			return next
		}
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				t.Error(err)
			}
			if setBody(r, string(body)); strings.Contains(string(body), number) {
				once.Do(do)
			}
			next.ServeHTTP(w, r)
		})
	}
}

// A trial that was removed, or that ran out, while the table was read was called a ticket whose head was taken away.
func TestVerifyKnowsTrials(t *testing.T) {
	d := deploy(t)
	removed := d.try(1)
	d.fail(between(t, removed, func() {
		if err := d.table.RemoveCanary(t.Context(), removed); err != nil {
			t.Error(err)
		}
	}))
	d.want(exitOK, []string{"verify", "--all"}, "0 tickets, 0 events: every chain holds")
	d.fail(nil)
	d.note(removed, dynamo.CanaryChannel) // the queue gave the message out again
	d.want(exitOK, []string{"verify", "--all"}, "0 tickets, 0 events: every chain holds")

	headless, eventless := d.try(2), d.try(3)
	d.take(headless, "HEAD")
	d.take(eventless, "E#000001")
	d.want(exitProblem, []string{"verify", "--all"}, headless, eventless, "2 chains broken") // within its day nobody deletes a part of it
	d.now = d.now.Add(25 * time.Hour)
	d.want(exitOK, []string{"verify", "--all"}, headless+": a trial of the desk's own that has expired", eventless+": a trial", "every chain holds")
}

// A ticket that was taken away whole is told of by whatever else was stored with it. Without any of that nothing tells.
func TestVerifyFindsTicketsTakenAway(t *testing.T) {
	d := deploy(t)
	anonymous := func(c *ticket.Command) { c.Anonymous = true }
	silent := d.file(1, anonymous)
	contact := d.file(2, nil)
	told := d.file(3, anonymous)
	d.note(told, "bot")
	pictured := d.file(4, func(c *ticket.Command) { c.Anonymous, c.Photos = true, []string{photoID(1)} })
	signed := d.file(5, anonymous)
	d.sign(signed)
	for _, number := range []string{silent, pictured, signed} {
		d.take(number)
	}
	d.take(contact, "HEAD", "E#000001")
	d.take(told, "HEAD", "E#000001")
	meanwhile := d.file(6, anonymous)
	d.note("papers-2026-10", "office") // of a month's papers: no ticket's
	d.fail(between(t, meanwhile, func() { d.take(meanwhile) }))
	d.want(exitProblem, []string{"verify", "--all"},
		contact+": there is no head and no event, but a contact: it was taken away",
		told+": there is no head and no event, but notes of what was told: it was taken away",
		pictured+": there is nothing of it, but P#"+photoID(1)+" HEAD names it: it was taken away",
		signed+": there is nothing of it, but A#2026-11-23 ", ".2 names it: it was taken away",
		meanwhile+": it was there when the table was listed, and nothing is left: it was taken away",
		"5 tickets, 0 events: 5 chains broken")
}

// An import took what a canary had left for tickets, and an export what it did at that moment for the desk's.
func TestTrialsAreNoTickets(t *testing.T) {
	first := busy(t)
	_, digest := first.export(exitOK)
	first.try(20)
	folder, again := first.export(exitOK)
	if again != digest {
		t.Errorf("the digest is another with a trial going on")
	}
	second := empty(t, first)
	flying, left := second.try(21), second.try(22)
	second.take(left, "HEAD", "E#000001")
	second.note("papers-2026-10", "office")
	second.want(exitProblem, []string{"import", folder}, "1 item of its own", "T#papers-2026-10 D#1#office", "--replace")
	second.take("papers-2026-10")
	second.want(exitOK, []string{"import", folder}, "the same", digest)
	if _, err := second.table.Ticket(t.Context(), flying); err != nil {
		t.Errorf("the import touched a trial: %v", err)
	}
	if _, after := second.export(exitOK); after != digest {
		t.Errorf("digest %s, want %s", after, digest)
	}
}
