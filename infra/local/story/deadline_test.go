package story

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"steledesk/infra/local/sink"
	"steledesk/infra/local/stack"
	"steledesk/shared/ticket"
)

// openAt opens a desk whose clock starts at an instant, as STELEDESK_CLOCK does.
func openAt(t *testing.T, start string, middleware func(service, action string, next http.Handler) http.Handler) *desk {
	t.Helper()
	d := &desk{t: t}
	d.setClock(instant(t, start))
	return openDesk(d, func(s *stack.Settings) { s.Middleware = middleware })
}

func instant(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", text, ticket.Zone)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func (d *desk) setClock(at time.Time) { d.ahead.Store(int64(time.Until(at))) }

// clockEvents lists what the clock did to a ticket, and holds its chain to be whole.
func (d *desk) clockEvents(number string) []ticket.Event {
	d.t.Helper()
	var out []ticket.Event
	for _, e := range d.verify(number) {
		if e.By.Role == ticket.Clock {
			out = append(out, e)
		}
	}
	return out
}

// group gives the messages of a section's chat group alone: the office has a program of its own besides.
func (d *desk) group(section, number string) []sink.Message {
	var out []sink.Message
	for _, m := range d.heard(section, number) {
		if !strings.EqualFold(m.Kind, "webhook") {
			out = append(out, m)
		}
	}
	return out
}

// Filed on the eve of National Day 2026, a complaint nobody touches is due on the 13th. Its section and the office
// are told on the mornings the ladder says, and on no other; the 10th is a Saturday that is worked.
func TestNobodyActsBeforeAHoliday(t *testing.T) {
	t.Parallel()
	d := openAt(t, "2026-09-30 15:00", nil)
	r := d.file(rand.Text(), complaint)
	if !strings.HasPrefix(r.AnswerBy, "2026-10-13T23:59:59") {
		t.Errorf("the answer is due %s", r.AnswerBy)
	}
	d.until("the section is told of it", func() bool { return len(d.group("ticketing", r.Number)) == 1 })
	for i, step := range []struct {
		at, step          string
		ticketing, office int // told so far
	}{
		{"2026-10-08 08:30", "half", 2, 0},
		{"2026-10-09 08:30", "unsigned", 3, 1},
		{"2026-10-13 08:30", "last-day", 4, 1},
		{"2026-10-14 08:30", "overdue", 5, 2},
		{"2026-10-16 08:30", "oversee", 6, 3},
	} {
		at := instant(t, step.at)
		d.setClock(at.Add(time.Minute))
		d.until(step.step+" is made", func() bool { return len(d.clockEvents(r.Number)) > i })
		e := d.clockEvents(r.Number)[i]
		if e.Data.Step != step.step || e.At.Before(at) || e.At.After(at.Add(40*time.Minute)) {
			t.Errorf("at %s: step %s at %s", step.at, e.Data.Step, e.At)
		}
		d.until(step.step+" is told", func() bool {
			return len(d.group("ticketing", r.Number)) >= step.ticketing && len(d.group("office", r.Number)) >= step.office
		})
		d.until("all is quiet", d.drained)
		if got, too := len(d.group("ticketing", r.Number)), len(d.group("office", r.Number)); got != step.ticketing || too != step.office {
			t.Errorf("at %s: ticketing was told %d times and the office %d, want %d and %d", step.at, got, too, step.ticketing, step.office)
		}
	}
	d.setClock(instant(t, "2026-10-28 08:30"))
	d.until("all is quiet", d.drained)
	if all := d.clockEvents(r.Number); len(all) != 5 {
		t.Errorf("the clock did %d things", len(all))
	}
}

// The desk was away for a fortnight: one message says the worst of it.
func TestAnOutageIsToldOnce(t *testing.T) {
	t.Parallel()
	d := openAt(t, "2026-09-30 15:00", nil)
	var numbers []string
	for range 5 {
		numbers = append(numbers, d.file(rand.Text(), complaint).Number)
	}
	for _, n := range numbers {
		d.until("the section is told of "+n, func() bool { return len(d.group("ticketing", n)) == 1 })
	}
	d.until("all is quiet", d.drained)
	d.setClock(instant(t, "2026-10-20 10:00"))
	for _, n := range numbers {
		d.until("the office is told of "+n, func() bool { return len(d.group("office", n)) > 0 && len(d.group("ticketing", n)) > 1 })
	}
	d.until("all is quiet", d.drained)
	for _, n := range numbers {
		all := d.clockEvents(n)
		if len(all) != 1 || all[0].Data.Step != "oversee" || len(all[0].Data.Passed) != 4 {
			t.Errorf("%s: %+v", n, all)
		}
		if a, b := len(d.group("ticketing", n)), len(d.group("office", n)); a != 2 || b != 1 {
			t.Errorf("%s: ticketing was told %d times and the office %d, want 2 and 1", n, a, b)
		}
	}
}

// deadline dies before each of its calls, and after its one write: what it dies after reading is what it dies of
// before the next call. Each reminder is made and told once.
func TestDeadlineKilledAtEveryCall(t *testing.T) {
	t.Parallel()
	f := &fault{}
	d := openAt(t, "2026-03-02 09:00", f.middleware)
	f.kill = d.Kill
	at := 1
	for ; at <= 12; at++ {
		d.remindThrough(f, at, false)
		if f.struck() == "" {
			break
		}
		t.Logf("survived: killed %s", f.struck())
	}
	d.remindThrough(f, at-1, true)
	if at < 7 || f.struck() != "after deadline's dynamodb.TransactWriteItems" {
		t.Errorf("deadline made %d calls only, the last %s", at-1, f.struck())
	}
}

func (d *desk) remindThrough(f *fault, at int, after bool) {
	d.t.Helper()
	r := d.file(rand.Text(), complaint)
	d.until("the section is told of "+r.Number, func() bool { return len(d.heard("ticketing", r.Number)) > 0 })
	d.until("all is quiet", d.drained) // days are about to pass: nothing may be in flight
	head, err := d.table.Head(d.t.Context(), r.Number)
	if err != nil {
		d.t.Fatal(err)
	}
	d.Kill("deadline") // a cold start has calls of its own
	f.arm("deadline", at, after)
	d.setClock(head.Alarm.Add(time.Minute))
	d.until("deadline dies or does its work", func() bool { return f.struck() != "" || len(d.clockEvents(r.Number)) > 0 })
	if f.struck() != "" {
		d.skip(5 * time.Minute) // to the next tick
	}
	d.until("the reminder is made", func() bool { return len(d.clockEvents(r.Number)) > 0 })
	d.until("it is told", func() bool { return d.reminded("ticketing", r.Number) > 0 })
	d.until("all is quiet", d.drained)
	if n, m := len(d.clockEvents(r.Number)), d.reminded("ticketing", r.Number); n != 1 || m != 1 {
		d.t.Errorf("%s: %d reminders were made, and the section was told %d times", f.struck(), n, m)
	}
	status, _, body := d.send("POST", "/v1/tickets/"+r.Number+"/withdraw", "{}", "X-Ticket-Code", r.Code, "Idempotency-Key", rand.Text())
	if status != http.StatusOK {
		d.t.Fatal(fmt.Sprint(status), string(body))
	}
}

// reminded counts how often a section's group was reminded of a ticket.
func (d *desk) reminded(section, number string) int {
	n := 0
	for _, m := range d.heard(section, number) {
		for line := range strings.Lines(m.Text) {
			if strings.Contains(line, number) && strings.Contains(line, "到期提醒") {
				n++
			}
		}
	}
	return n
}
