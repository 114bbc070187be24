package ticket

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// fataler is a test, or a draw of one.
type fataler interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}

// desk plays commands against several tickets, as a store that takes all of a change or nothing of it would.
type desk struct {
	now   time.Time
	terms flat
	lives []*life
}

func newDesk(t fataler, kinds ...Kind) *desk {
	d := &desk{now: nine}
	for i, kind := range kinds {
		section := "ticketing"
		if kind.Confidential() {
			section = DisciplineSection
		}
		l := &life{t: t, now: nine.Add(time.Duration(i) * time.Minute), terms: flat{}}
		number := fmt.Sprintf("WX-0000000%d", i)
		by := visitor
		switch kind {
		case Feedback:
			by = overseer
		case Resolution:
			by = office
		}
		if err := l.do(Command{Name: File, By: by, Number: number, Kind: kind, Section: section, Text: "x", AnswerBy: nine.Add(9 * day)}); err != nil {
			t.Fatal(err)
		}
		d.lives = append(d.lives, l)
	}
	return d
}

func (d *desk) head(i int) Head { return d.lives[i].head }

// do gives a command to ticket i. Words carry a salt of their own, as every command's do.
func (d *desk) do(i int, c Command) error {
	var with Company
	for _, number := range CompanyOf(d.head(i), c) {
		for _, l := range d.lives {
			if l.head.Number == number {
				with.Heads = append(with.Heads, l.head)
			}
		}
	}
	for _, r := range d.lives[i].records {
		if e, err := r.Event(); err == nil && e.Data.Draft {
			with.Draft = e.Words
		}
	}
	c.Salt = fmt.Sprint("salt", i)
	changes, err := ApplyTogether(d.head(i), with, c, Moment{Now: d.now, Terms: d.terms})
	if err != nil {
		return err
	}
	for _, change := range changes {
		if err := d.store(change); err != nil {
			return err
		}
	}
	return nil
}

func (d *desk) store(c Change) error {
	for _, l := range d.lives {
		if l.head.Number != c.After.Number {
			continue
		}
		if l.head.Version != c.From {
			return fmt.Errorf("%s is at %d, the change is of %d", l.head.Number, l.head.Version, c.From)
		}
		for _, e := range c.Events {
			r, err := e.Record()
			if err != nil {
				return err
			}
			l.records = append(l.records, r)
		}
		l.head = c.After
	}
	return nil
}

func (d *desk) must(t fataler, i int, c Command) {
	t.Helper()
	if err := d.do(i, c); err != nil {
		t.Fatalf("%s to ticket %d: %v", c.Name, i, err)
	}
}

func (d *desk) last(i int) Event {
	records := d.lives[i].records
	e, err := records[len(records)-1].Event()
	if err != nil {
		panic(err) // it was encoded a moment ago
	}
	return e
}

func number(i int) string { return fmt.Sprintf("WX-0000000%d", i) }

// linkedDesk has three tickets of which the first leads the others and is being handled.
func linkedDesk(t fataler) *desk {
	d := newDesk(t, Complaint, Complaint, Enquiry)
	d.must(t, 1, Command{Name: Link, By: clerk, To: number(0)})
	d.must(t, 2, Command{Name: Link, By: office, To: number(0)})
	d.must(t, 0, Command{Name: Sign, By: clerk})
	return d
}

func (d *desk) verify(t fataler) {
	t.Helper()
	for _, l := range d.lives {
		if err := Verify(l.head, l.records); err != nil {
			t.Fatal(err)
		}
	}
}

// One answer ends all of them, with the same words under a salt of their own; undoing it in one of them puts that one
// back as it stood, deadlines and all, and leaves the others.
func TestOneAnswerForAllAndUndoneInOne(t *testing.T) {
	d := linkedDesk(t)
	d.must(t, 0, Command{Name: Answer, By: clerk, Text: "已增开窗口", Outcome: OutcomeSolved})
	for i := range 3 {
		e := d.last(i)
		if h := d.head(i); h.State != Answered || h.Outcome != OutcomeSolved || e.What != AnswerGiven || e.Words.Text != "已增开窗口" {
			t.Errorf("ticket %d: %s, %s, %+v", i, h.State, e.What, e.Words)
		}
	}
	if d.last(1).Data.Lead != number(0) || d.last(0).Words.Salt == d.last(1).Words.Salt {
		t.Errorf("through %q, salts %q and %q", d.last(1).Data.Lead, d.last(0).Words.Salt, d.last(1).Words.Salt)
	}
	due := d.head(1).Due
	d.must(t, 1, Command{Name: Rate, By: visitor, Solved: SolvedNo, Level: 1})
	d.must(t, 1, Command{Name: Unlink, By: clerk, Text: "不是一回事"})
	if h := d.head(1); h.State != Assigned || h.Lead != "" || h.Before != nil || h.Outcome != "" || h.Satisfaction != 0 || h.Due != due {
		t.Errorf("undone: %+v", h)
	}
	if d.head(2).State != Answered || !slices.Equal(d.head(0).Linked, []string{number(2)}) {
		t.Errorf("the others: %s, %v", d.head(2).State, d.head(0).Linked)
	}
	var events []Event
	for _, r := range d.lives[1].records {
		e, err := r.Event()
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, e)
	}
	if got := TakenBack(events); !slices.Equal(got, []bool{false, false, true, false, false}) {
		t.Errorf("taken back: %v", got)
	}
	d.must(t, 1, Command{Name: Sign, By: clerk})
	d.verify(t)
}

// The drafted answer of a lead is none yet; approved, it is everybody's, in the words of the draft.
func TestApprovalAnswersAll(t *testing.T) {
	d := linkedDesk(t)
	d.terms = flat{reviewed: true}
	d.must(t, 0, Command{Name: Answer, By: clerk, Text: "定稿", Outcome: Explained})
	if d.head(1).State != Assigned {
		t.Fatalf("a draft left the linked one %s", d.head(1).State)
	}
	d.must(t, 0, Command{Name: Approve, By: office, Text: "同意"})
	if e := d.last(2); d.head(2).State != Answered || d.head(2).Outcome != Explained || e.Words.Text != "定稿" {
		t.Errorf("got %s, %s, %+v", d.head(2).State, d.head(2).Outcome, e.Words)
	}
	d.verify(t)
}

// What else happens to a lead, and what becomes of the tickets linked with it.
func TestWhatFollowsForTheLinked(t *testing.T) {
	answer := Command{Name: Answer, By: clerk, Text: "好", Outcome: OutcomeSolved}
	tests := []struct {
		name    string
		to      int
		before  []Command // to the lead
		command Command
		state   State // of the linked one
		section string
		lead    string
	}{
		{"declined", 0, nil, Command{Name: Decline, By: office, Reason: "not-ours", Text: "x"}, Declined, "ticketing", number(0)},
		{"referred", 0, nil, Command{Name: Refer, By: office, To: "县文旅局", Text: "x"}, Referred, "ticketing", number(0)},
		{"to another section", 0, nil, Command{Name: Transfer, By: office, Section: "security"}, Assigned, "security", number(0)},
		{"to a colleague", 0, nil, Command{Name: Transfer, By: office, Section: "ticketing", Handler: "ticketing-2"}, Assigned, "ticketing", number(0)},
		{"return upheld", 0, []Command{{Name: Return, By: clerk, Text: "x"}}, Command{Name: Uphold, By: office}, Triage, OfficeSection, number(0)},
		{"to discipline", 0, nil, Command{Name: Transfer, By: office, Section: DisciplineSection}, Assigned, "ticketing", ""},
		{"the lead withdrawn", 0, nil, Command{Name: Withdraw, By: visitor}, Assigned, "ticketing", ""},
		{"the linked withdrawn", 1, nil, Command{Name: Withdraw, By: visitor}, Withdrawn, "ticketing", ""},
		{"the lead reopened", 0, []Command{answer}, Command{Name: Reopen, By: visitor, Text: "x"}, Answered, "ticketing", ""},
		{"the linked reopened", 1, []Command{answer}, Command{Name: Reopen, By: visitor, Text: "x"}, Assigned, "ticketing", ""},
		{"unlinked", 1, nil, Command{Name: Unlink, By: clerk}, Assigned, "ticketing", ""},
		{"unlinked at the lead", 0, nil, Command{Name: Unlink, By: clerk, To: number(1)}, Assigned, "ticketing", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := linkedDesk(t)
			for _, c := range tt.before {
				d.must(t, 0, c)
			}
			d.must(t, tt.to, tt.command)
			if h := d.head(1); h.State != tt.state || h.Section != tt.section || h.Lead != tt.lead {
				t.Errorf("got %s at %s led by %q, want %s at %s led by %q", h.State, h.Section, h.Lead, tt.state, tt.section, tt.lead)
			}
			if e := d.last(1); tt.to == 0 && e.By.Role == Visitor {
				t.Errorf("%s looks like its own visitor's doing", e.What)
			}
			d.consistent(t)
			d.verify(t)
		})
	}
}

// A question to the visitor of a linked ticket stops its clock; the common answer lets it go on, as its own would.
func TestWaitingLinkedIsAnsweredWithItsPause(t *testing.T) {
	d := newDesk(t, Complaint, Complaint)
	d.must(t, 1, Command{Name: Sign, By: clerk})
	d.must(t, 1, Command{Name: Ask, By: clerk, Text: "哪个窗口？"})
	before := d.head(1)
	d.must(t, 1, Command{Name: Link, By: clerk, To: number(0)})
	d.must(t, 0, Command{Name: Sign, By: clerk})
	d.now = d.now.Add(day)
	d.must(t, 0, Command{Name: Answer, By: clerk, Text: "好", Outcome: OutcomeSolved})
	if got, want := d.head(1).Due.AnswerBy, before.Due.AnswerBy.Add(day); !got.Equal(want) {
		t.Errorf("answer by %s, want %s", got, want)
	}
	d.must(t, 1, Command{Name: Unlink, By: clerk})
	if h := d.head(1); h.State != Waiting || h.Due != before.Due || !h.AskedAt.Equal(before.AskedAt) {
		t.Errorf("undone: %+v, want as %+v", h, before)
	}
}

func TestLinkRefusals(t *testing.T) {
	tests := []struct {
		name string
		do   func(t fataler, d *desk) error
		want Why
	}{
		{"no number", func(_ fataler, d *desk) error { return d.do(0, Command{Name: Link, By: clerk}) }, Missing},
		{"itself", func(_ fataler, d *desk) error { return d.do(0, Command{Name: Link, By: clerk, To: number(0)}) }, BadValue},
		{"a report", func(_ fataler, d *desk) error { return d.do(3, Command{Name: Link, By: inspector, To: number(0)}) }, Confidential},
		{"to a report", func(_ fataler, d *desk) error { return d.do(0, Command{Name: Link, By: office, To: number(3)}) }, BadValue},
		{"another section's clerk", func(_ fataler, d *desk) error { return d.do(0, Command{Name: Link, By: guard, To: number(1)}) }, NotAllowed},
		{"the visitor", func(_ fataler, d *desk) error { return d.do(0, Command{Name: Link, By: visitor, To: number(1)}) }, NotAllowed},
		{"another section's ticket", func(t fataler, d *desk) error {
			d.must(t, 1, Command{Name: Transfer, By: office, Section: "security"})
			return d.do(0, Command{Name: Link, By: office, To: number(1)})
		}, OtherSection},
		{"an ended one", func(t fataler, d *desk) error {
			d.must(t, 1, Command{Name: Withdraw, By: visitor})
			return d.do(0, Command{Name: Link, By: office, To: number(1)})
		}, WrongState},
		{"twice", func(t fataler, d *desk) error {
			d.must(t, 1, Command{Name: Link, By: clerk, To: number(0)})
			return d.do(0, Command{Name: Link, By: clerk, To: number(1)})
		}, AlreadyDone},
		{"to a linked one", func(t fataler, d *desk) error {
			d.must(t, 1, Command{Name: Link, By: clerk, To: number(0)})
			return d.do(2, Command{Name: Link, By: clerk, To: number(1)})
		}, AlreadyLinked},
		{"two leads", func(t fataler, d *desk) error {
			d.must(t, 1, Command{Name: Link, By: clerk, To: number(0)})
			d.must(t, 4, Command{Name: Link, By: clerk, To: number(2)})
			return d.do(2, Command{Name: Link, By: clerk, To: number(0)})
		}, AlreadyLinked},
		{"a reopened one", func(t fataler, d *desk) error {
			d.must(t, 1, Command{Name: Decline, By: office, Reason: "other", Text: "x"})
			d.now = d.now.Add(day)
			d.must(t, 1, Command{Name: Reopen, By: visitor, Text: "x"})
			d.must(t, 1, Command{Name: Assign, By: office, Section: "ticketing"})
			return d.do(1, Command{Name: Link, By: clerk, To: number(0)})
		}, AnsweredAlone},
		{"one sent back", func(t fataler, d *desk) error {
			d.must(t, 1, Command{Name: Return, By: clerk, Text: "x"})
			return d.do(0, Command{Name: Link, By: office, To: number(1)})
		}, NotReady},
		{"signing a linked one", func(t fataler, d *desk) error {
			d.must(t, 1, Command{Name: Link, By: clerk, To: number(0)})
			return d.do(1, Command{Name: Sign, By: clerk})
		}, HandledWithLead},
		{"unlinking what is not linked", func(_ fataler, d *desk) error {
			return d.do(0, Command{Name: Unlink, By: clerk, To: number(1)})
		}, BadValue},
		{"unlinking what its visitor closed", func(t fataler, d *desk) error {
			d.must(t, 1, Command{Name: Link, By: clerk, To: number(0)})
			d.must(t, 0, Command{Name: Sign, By: clerk})
			d.must(t, 0, Command{Name: Answer, By: clerk, Text: "好", Outcome: OutcomeSolved})
			d.must(t, 1, Command{Name: Rate, By: visitor, Solved: SolvedYes, Level: 5})
			return d.do(1, Command{Name: Unlink, By: clerk})
		}, WrongState},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk(t, Complaint, Complaint, Suggestion, Report, Enquiry)
			err := tt.do(t, d)
			var refusal *Refusal
			if !errors.As(err, &refusal) || refusal.Why != tt.want {
				t.Errorf("got %v, want %s", err, tt.want)
			}
			d.consistent(t)
		})
	}
}

// A lead takes MaxLinked and no more, so that the answer to all stays one transaction.
func TestLeadTakesNoMoreThanItCanAnswer(t *testing.T) {
	full := Head{Number: "WX-A", State: Handling, Section: "ticketing", Linked: make([]string, MaxLinked)}
	if _, _, why := Joined(full, Head{Number: "WX-B", State: Assigned, Section: "ticketing"}); why != LeadFull {
		t.Errorf("got %q", why)
	}
}

// Who must be answered first leads; who leads already goes on leading.
func TestWhoLeads(t *testing.T) {
	early := Head{Number: "WX-A", State: Handling, Section: "s", Due: Due{AnswerBy: nine}}
	late := Head{Number: "WX-B", State: Handling, Section: "s", Due: Due{AnswerBy: nine.Add(day)}}
	undated := Head{Number: "WX-C", State: Handling, Section: "s", FiledAt: nine.Add(-day)}
	leading := late
	leading.Linked = []string{"WX-D"}
	for _, tt := range []struct {
		a, b Head
		want string
	}{{early, late, "WX-A"}, {late, early, "WX-A"}, {undated, late, "WX-B"}, {early, leading, "WX-B"}, {leading, early, "WX-B"}} {
		if lead, _, why := Joined(tt.a, tt.b); lead.Number != tt.want || why != "" {
			t.Errorf("%s and %s: %s leads (%s), want %s", tt.a.Number, tt.b.Number, lead.Number, why, tt.want)
		}
	}
}

// consistent checks what holds of links whatever happened.
func (d *desk) consistent(t fataler) {
	t.Helper()
	heads := map[string]Head{}
	for _, l := range d.lives {
		heads[l.head.Number] = l.head
	}
	for _, h := range heads {
		lead := heads[h.Lead]
		switch {
		case h.Lead != "" && !slices.Contains(lead.Linked, h.Number):
			t.Fatalf("%s is led by %s, which does not know: %v", h.Number, h.Lead, lead.Linked)
		case h.Lead != "" && len(h.Linked) > 0:
			t.Fatalf("%s is led by %s and leads %v", h.Number, h.Lead, h.Linked)
		case (h.Lead != "" || len(h.Linked) > 0) && h.Kind.Confidential():
			t.Fatalf("report %s is linked", h.Number)
		case h.led() && !lead.State.Open():
			t.Fatalf("%s is %s, its lead %s is %s: nobody will answer it", h.Number, h.State, h.Lead, lead.State)
		case h.led() && h.Section != lead.Section:
			t.Fatalf("%s is at %s, its lead at %s", h.Number, h.Section, lead.Section)
		case len(h.Linked) > MaxLinked:
			t.Fatalf("%s leads %d", h.Number, len(h.Linked))
		case h.Before != nil && (h.Lead == "" || h.State.Open()):
			t.Fatalf("%s is %s and remembers how it stood", h.Number, h.State)
		}
		for _, n := range h.Linked {
			if heads[n].Lead != h.Number {
				t.Fatalf("%s leads %s, which is led by %q", h.Number, n, heads[n].Lead)
			}
		}
	}
}

// Whatever is commanded to any of several tickets: both sides of every link agree, no lead is led, no 举报 is linked,
// no open ticket hangs on an ended lead, a refusal leaves no trace anywhere, heads are what their events say, and no
// promised date moves but by the rules of its own ticket.
func TestRandomLinkedLives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kinds := []Kind{Complaint, Enquiry, Complaint, rapid.SampledFrom(Kinds()).Draw(t, "kind")}
		d := newDesk(t, kinds...)
		d.terms = flat{reviewed: rapid.Bool().Draw(t, "reviewed")}
		for range rapid.IntRange(1, 40).Draw(t, "n") {
			d.now = d.now.Add(time.Duration(rapid.IntRange(0, 20).Draw(t, "hours")) * time.Hour)
			i, c := rapid.IntRange(0, len(kinds)-1).Draw(t, "ticket"), randomCommand(t)
			if likely := rapid.IntRange(0, 2).Draw(t, "likely"); likely > 0 {
				c.Name = rapid.SampledFrom([]Name{Link, Link, Unlink, Sign, Answer, Approve, Decline, Reopen, Withdraw, Uphold, Assign, Transfer}).Draw(t, "likely name")
				c.By = rapid.SampledFrom([]Actor{clerk, office, visitor}).Draw(t, "likely by")
			}
			if c.Name == Link || c.Name == Unlink {
				c.To = number(rapid.IntRange(0, len(kinds)-1).Draw(t, "to"))
			}
			before := d.heads()
			if err := d.do(i, c); err != nil {
				if !errors.Is(err, ErrRefused) {
					t.Fatal(err)
				}
				if !slices.EqualFunc(before, d.heads(), same) {
					t.Fatalf("%s was refused and left a trace", c.Name)
				}
				continue
			}
			d.consistent(t)
			d.verify(t)
			for j, was := range before {
				if j != i {
					untouchedDates(t, was, d.head(j), c)
				}
			}
		}
	})
}

func (d *desk) heads() []Head {
	var out []Head
	for _, l := range d.lives {
		out = append(out, l.head)
	}
	return out
}

// untouchedDates checks a ticket that came along with another one's command.
func untouchedDates(t *rapid.T, was, is Head, c Command) {
	paused := was.State == Waiting && is.State == Answered || was.Before != nil && was.Before.State == Waiting
	if !was.Due.AnswerBy.Equal(is.Due.AnswerBy) && !paused {
		t.Fatalf("%s of another moved the date of %s from %s to %s", c.Name, was.Number, was.Due.AnswerBy, is.Due.AnswerBy)
	}
}
