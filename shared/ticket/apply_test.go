package ticket

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// flat is a calendar in which every day is a working day: the life is tested apart from the days.
type flat struct{ reviewed bool }

const day = 24 * time.Hour

func (flat) Due(_ Kind, urgent bool, from time.Time) (Due, error) {
	if urgent {
		return Due{SignBy: from.Add(30 * time.Minute), AnswerBy: from.Add(day)}, nil
	}
	return Due{SignBy: from.Add(day), ReturnBy: from.Add(day), AnswerBy: from.Add(5 * day)}, nil
}
func (flat) Extended(_ Kind, _ bool, by time.Time, days int) (time.Time, error) {
	return by.Add(time.Duration(days) * day), nil
}
func (flat) Resumed(_ Kind, _ bool, by, asked, supplied time.Time) (time.Time, error) {
	return by.Add(supplied.Sub(asked)), nil
}
func (f flat) Reviewed(Kind) bool { return f.reviewed }
func (flat) ReopenBy(_ Kind, answered time.Time) (time.Time, error) {
	return answered.Add(15 * day), nil
}
func (flat) SilentBy(_ Kind, answered time.Time) (time.Time, error) {
	return answered.Add(10 * day), nil
}

func (flat) KeepContact(ended time.Time) time.Time { return ended.AddDate(1, 0, 0) }

func (flat) KeepRecord(ended time.Time) time.Time { return ended.AddDate(10, 0, 0) }

// Next reminds once, a day before the answer is due.
func (flat) Next(h Head, _ time.Time) (Alarm, error) {
	if !h.State.Open() || len(h.Steps) > 0 {
		return Alarm{}, nil
	}
	return Alarm{At: h.Due.AnswerBy.Add(-day), Command: Command{Name: Remind, By: ticking, Step: "last"}}, nil
}

var (
	visitor   = Actor{Role: Visitor}
	clerk     = Actor{Role: SectionStaff, Login: "ticketing-1", Section: "ticketing"}
	second    = Actor{Role: SectionStaff, Login: "ticketing-2", Section: "ticketing"}
	guard     = Actor{Role: SectionStaff, Login: "security-1", Section: "security"}
	office    = Actor{Role: OfficeStaff, Login: "office-1", Section: OfficeSection}
	inspector = Actor{Role: Discipline, Login: "discipline-1", Section: DisciplineSection}
	leader    = Actor{Role: Leader, Login: "leader-1"}
	ticking   = Actor{Role: Clock}
	overseer  = Actor{Role: Supervisor, Login: "supervisor-1"}
	nine      = time.Date(2026, 11, 23, 9, 0, 0, 0, Zone)
)

// life plays commands against one ticket and keeps its records.
type life struct {
	t       interface{ Fatalf(string, ...any) }
	head    Head
	records []Record
	now     time.Time
	terms   Terms
}

func (l *life) do(c Command) error {
	c.Salt = fmt.Sprint(len(l.records))
	h, events, err := Apply(l.head, c, Moment{Now: l.now, Terms: l.terms})
	if err != nil {
		return err
	}
	for _, e := range events {
		r, err := e.Record()
		if err != nil {
			l.t.Fatalf("record: %v", err)
		}
		l.records = append(l.records, r)
	}
	l.head = h
	return nil
}

func (l *life) must(c Command) {
	if err := l.do(c); err != nil {
		l.t.Fatalf("%s in %s: %v", c.Name, l.head.State, err)
	}
}

func newLife(t interface{ Fatalf(string, ...any) }, kind Kind) *life {
	l := &life{t: t, now: nine, terms: flat{}}
	section, by := "ticketing", visitor
	switch kind {
	case Report:
		section = DisciplineSection
	case Feedback:
		by = overseer
	case Resolution:
		by = office
	}
	l.must(Command{Name: File, By: by, Number: "WX-00000000", Kind: kind, Section: section, Text: "排队太久", AnswerBy: nine.Add(30 * day)})
	return l
}

func TestAWholeLife(t *testing.T) {
	l := newLife(t, Complaint)
	answerBy := l.head.Due.AnswerBy
	steps := []struct {
		c     Command
		state State
	}{
		{Command{Name: Sign, By: clerk}, Handling},
		{Command{Name: Return, By: clerk, Text: "不是票务"}, Returned},
		{Command{Name: Uphold, By: office}, Triage},
		{Command{Name: Assign, By: office, Section: "security"}, Assigned},
		{Command{Name: Sign, By: guard}, Handling},
		{Command{Name: Extend, By: guard, Days: 2, Text: "等设备"}, Handling},
		{Command{Name: Ask, By: guard, Text: "哪个门?"}, Waiting},
		{Command{Name: Supply, By: visitor, Text: "东门"}, Handling},
		{Command{Name: Answer, By: guard, Text: "已疏导", Outcome: OutcomeSolved}, Answered},
		{Command{Name: Rate, By: visitor, Solved: SolvedNo, Level: 1}, Answered},
		{Command{Name: Reopen, By: visitor, Text: "还在排"}, Assigned},
		{Command{Name: HandOver, By: guard, Handler: "security-2"}, Assigned},
		{Command{Name: Sign, By: Actor{Role: SectionStaff, Login: "security-2", Section: "security"}}, Handling},
		{Command{Name: Answer, By: guard, Text: "增设窗口", Outcome: PartlySolved}, Answered},
		{Command{Name: Rate, By: visitor, Solved: SolvedYes, Level: 4}, Closed},
	}
	for _, s := range steps {
		l.must(s.c)
		if l.head.State != s.state {
			t.Fatalf("after %s: got %s, want %s", s.c.Name, l.head.State, s.state)
		}
		if s.c.Name == Assign && !l.head.Due.AnswerBy.Equal(answerBy) {
			t.Fatalf("a send-back moved the deadline from %s to %s", answerBy, l.head.Due.AnswerBy)
		}
	}
	if err := Verify(l.head, l.records); err != nil {
		t.Fatal(err)
	}
	if l.head.Round != 2 || !slices.Contains(l.head.Barred, "security-1") || l.head.Version != 17 {
		t.Errorf("got round %d, barred %v, version %d", l.head.Round, l.head.Barred, l.head.Version)
	}
}

func TestRefusals(t *testing.T) {
	signed := func(l *life) { l.must(Command{Name: Sign, By: clerk}) }
	denied := func(l *life) {
		l.must(Command{Name: Return, By: clerk, Text: "不是我们"})
		l.must(Command{Name: Deny, By: office, Text: "是"})
	}
	answered := func(l *life) {
		signed(l)
		l.must(Command{Name: Answer, By: clerk, Text: "好", Outcome: OutcomeSolved})
	}
	reopened := func(l *life) { answered(l); l.must(Command{Name: Reopen, By: visitor, Text: "没有"}) }
	later := func(d time.Duration) func(*life) { return func(l *life) { l.now = l.now.Add(d) } }
	tests := []struct {
		name string
		kind Kind
		prep func(*life)
		give Command
		want Why
	}{
		{"answer before signing", Complaint, nil, Command{Name: Answer, By: clerk, Text: "x", Outcome: OutcomeSolved}, WrongState},
		{"another section signs", Complaint, nil, Command{Name: Sign, By: guard}, NotYours},
		{"a visitor signs", Complaint, nil, Command{Name: Sign, By: visitor}, NotAllowed},
		{"a supervisor assigns", Complaint, nil, Command{Name: Transfer, By: overseer, Section: "security"}, NotAllowed},
		{"an unknown command", Complaint, nil, Command{Name: "explode", By: office}, UnknownCommand},
		{"a return without a reason", Complaint, nil, Command{Name: Return, By: clerk, Text: " "}, Missing},
		{"a denied return again", Complaint, denied, Command{Name: Return, By: clerk, Text: "x"}, ReturnWasDeny},
		{"a return after its time", Complaint, later(2 * day), Command{Name: Return, By: clerk, Text: "x"}, TooLate},
		{"a report sent back", Report, nil, Command{Name: Return, By: inspector, Text: "x"}, Confidential},
		{"a report given to a section", Report, nil, Command{Name: Transfer, By: inspector, Section: "ticketing"}, Confidential},
		{"the office touches a report", Report, nil, Command{Name: Urge, By: office}, NotAllowed},
		{"the leader touches a report", Report, nil, Command{Name: Oversee, By: leader}, NotAllowed},
		{"an extension after expiry", Complaint, later(6 * day), Command{Name: Extend, By: clerk, Days: 1, Text: "x"}, TooLate},
		{"no days", Complaint, signed, Command{Name: Extend, By: clerk, Text: "x"}, BadValue},
		{"the barred handler signs", Complaint, reopened, Command{Name: Sign, By: clerk}, BarredHandler},
		{"the barred handler claims", Complaint, reopened, Command{Name: Claim, By: clerk}, BarredHandler},
		{"handed to the barred handler", Complaint, reopened, Command{Name: HandOver, By: second, Handler: clerk.Login}, BarredHandler},
		{"an outcome of no answer", Complaint, signed, Command{Name: Answer, By: clerk, Text: "x", Outcome: "meh"}, BadValue},
		{"published without consent", Complaint, answered, Command{Name: Publish, By: office}, NoConsent},
		{"six stars", Complaint, answered, Command{Name: Rate, By: visitor, Solved: SolvedYes, Level: 6}, BadValue},
		{"reopened too late", Complaint, func(l *life) { answered(l); later(16 * day)(l) }, Command{Name: Reopen, By: visitor, Text: "x"}, TooLate},
		{"silence too early", Complaint, answered, Command{Name: Silence, By: ticking}, WrongState},
		{"a step twice", Complaint, func(l *life) { l.must(Command{Name: Remind, By: ticking, Step: "half"}) }, Command{Name: Remind, By: ticking, Step: "half"}, AlreadyDone},
		{"filed twice", Complaint, nil, Command{Name: File, By: visitor, Number: "WX-00000000", Kind: Complaint, Section: "office", Text: "x"}, WrongState},
		{"transferred to itself", Complaint, nil, Command{Name: Transfer, By: office, Section: "ticketing"}, AlreadyDone},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := newLife(t, tt.kind)
			if tt.prep != nil {
				tt.prep(l)
			}
			before := l.head
			err := l.do(tt.give)
			var refusal *Refusal
			if !errors.As(err, &refusal) || refusal.Why != tt.want {
				t.Fatalf("got %v, want %s", err, tt.want)
			}
			if !same(before, l.head) {
				t.Error("a refused command changed the head")
			}
		})
	}
}

func TestFilingRefusals(t *testing.T) {
	good := Command{Name: File, By: visitor, Number: "WX-00000000", Kind: Complaint, Section: "ticketing", Text: "x"}
	tests := []struct {
		name string
		edit func(*Command)
		want Why
	}{
		{"a report to its section", func(c *Command) { c.Kind = Report }, Confidential},
		{"a visitor's feedback", func(c *Command) { c.Kind = Feedback }, NotAllowed},
		{"a visitor's resolution", func(c *Command) { c.Kind = Resolution }, NotAllowed},
		{"an unknown kind", func(c *Command) { c.Kind = "rant" }, BadValue},
		{"nothing said", func(c *Command) { c.Text = "" }, Missing},
		{"triage at a section", func(c *Command) { c.Triage = true }, BadValue},
		{"a resolution without a date", func(c *Command) { c.Kind, c.By = Resolution, office }, Missing},
	}
	for _, tt := range tests {
		c := good
		tt.edit(&c)
		_, _, err := Apply(Head{}, c, Moment{Now: nine, Terms: flat{}})
		var refusal *Refusal
		if !errors.As(err, &refusal) || refusal.Why != tt.want {
			t.Errorf("%s: got %v, want %s", tt.name, err, tt.want)
		}
	}
}

func TestAnswerIsDraftWhereTheOfficeReviews(t *testing.T) {
	l := newLife(t, Feedback)
	l.terms = flat{reviewed: true}
	l.must(Command{Name: Sign, By: clerk})
	l.must(Command{Name: Answer, By: clerk, Text: "草稿", Outcome: Adopted})
	if l.head.State != Review || l.head.Owner() != OfficeSection {
		t.Fatalf("got %s owned by %s", l.head.State, l.head.Owner())
	}
	l.must(Command{Name: Reject, By: office, Text: "再写"})
	l.must(Command{Name: Answer, By: clerk, Text: "定稿", Outcome: Adopted})
	l.must(Command{Name: Approve, By: leader})
	if l.head.State != Answered || !l.head.AnsweredAt.Equal(nine) || l.head.Outcome != Adopted {
		t.Errorf("got %+v", l.head)
	}
}

// Feedback is its own supervisor's: no other, and nobody with a code, says anything in their place; and a supervisor says
// nothing on anybody else's ticket.
func TestFeedbackIsItsSupervisorsAlone(t *testing.T) {
	other := Actor{Role: Supervisor, Login: "supervisor-2"}
	for _, c := range []Command{
		{Name: Message, Text: "x"}, {Name: Reopen, Text: "x"}, {Name: Rate, Solved: SolvedYes, Level: 5}, {Name: ChangeContact}, {Name: DeleteContact},
	} {
		for kind, strangers := range map[Kind][]Actor{Feedback: {visitor, other, {Role: Supervisor}}, Complaint: {overseer, {Role: Supervisor}}} {
			for _, by := range strangers {
				l := newLife(t, kind)
				l.must(Command{Name: Sign, By: clerk})
				l.must(Command{Name: Answer, By: clerk, Text: "已办", Outcome: OutcomeSolved})
				var refusal *Refusal
				if c.By = by; !errors.As(l.do(c), &refusal) || refusal.Why != NotAllowed {
					t.Errorf("%s of %s by %+v was not refused", c.Name, kind, by)
				}
			}
		}
	}
	l := newLife(t, Feedback)
	l.must(Command{Name: Sign, By: clerk})
	l.must(Command{Name: Answer, By: clerk, Text: "已办", Outcome: OutcomeSolved})
	l.must(Command{Name: Reopen, By: overseer, Text: "还没办"})
	if l.head.By != overseer.Login || l.head.Round != 2 || l.head.State != Assigned {
		t.Errorf("not settled: %+v", l.head)
	}
	if err := Verify(l.head, l.records); err != nil {
		t.Error(err)
	}
}

func TestGivenToDisciplineBecomesAReport(t *testing.T) {
	l := newLife(t, Complaint)
	l.must(Command{Name: Transfer, By: office, Section: DisciplineSection})
	if l.head.Kind != Report || l.head.Owner() != DisciplineSection {
		t.Fatalf("got %s owned by %s", l.head.Kind, l.head.Owner())
	}
	e, err := l.records[1].Event()
	if err != nil || !slices.Equal(e.Audience(), []string{DisciplineSection}) {
		t.Errorf("told to %v, %v", e.Audience(), err)
	}
}

// A visitor's contact can be changed and deleted in every state, leaves nothing of itself in the chain, and is kept
// for its time after the end and no longer.
func TestContact(t *testing.T) {
	l := newLife(t, Complaint)
	l.must(Command{Name: DeleteContact, By: visitor})
	if !l.head.Anonymous {
		t.Error("there is said to be a contact after it was deleted")
	}
	if err := l.do(Command{Name: DeleteContact, By: visitor}); !errors.Is(err, ErrRefused) {
		t.Errorf("deleted twice: got %v", err)
	}
	if err := l.do(Command{Name: ChangeContact, By: clerk}); !errors.Is(err, ErrRefused) {
		t.Errorf("changed by a clerk: got %v", err)
	}
	l.must(Command{Name: ChangeContact, By: visitor})
	if l.head.Anonymous || !l.head.ContactUntil.IsZero() {
		t.Errorf("open, with a contact: got %t, until %s", l.head.Anonymous, l.head.ContactUntil)
	}
	l.must(Command{Name: Withdraw, By: visitor})
	if want := l.now.AddDate(1, 0, 0); !l.head.ContactUntil.Equal(want) {
		t.Errorf("ended: kept until %s, want %s", l.head.ContactUntil, want)
	}
	l.now = l.now.AddDate(1, 0, 1)
	if err := l.do(Command{Name: ChangeContact, By: visitor}); !errors.Is(err, ErrRefused) {
		t.Errorf("changed after its time: got %v", err)
	}
	if err := Verify(l.head, l.records); err != nil {
		t.Error(err)
	}
}

func TestErasedWordsKeepTheChain(t *testing.T) {
	l := newLife(t, Complaint)
	l.records[0].Words = ""
	if err := Verify(l.head, l.records); err != nil {
		t.Fatal(err)
	}
	e, err := l.records[0].Event()
	if err != nil || !e.Erased() {
		t.Errorf("erased %v, %v", e.Erased(), err)
	}
}

// randomCommand draws any command with any details, sensible or not.
func randomCommand(t *rapid.T) Command {
	actors := []Actor{visitor, clerk, second, guard, office, inspector, leader, ticking, overseer}
	sections := []string{"", "ticketing", "security", OfficeSection, DisciplineSection}
	return Command{
		Name:    rapid.SampledFrom(append([]Name{File, "nonsense"}, order...)).Draw(t, "name"),
		By:      rapid.SampledFrom(actors).Draw(t, "by"),
		Text:    rapid.SampledFrom([]string{"", "说明", "text"}).Draw(t, "text"),
		Section: rapid.SampledFrom(sections).Draw(t, "section"),
		Handler: rapid.SampledFrom([]string{"", "ticketing-1", "security-1", "x"}).Draw(t, "handler"),
		Reason:  rapid.SampledFrom([]string{"", "not-ours"}).Draw(t, "reason"),
		To:      rapid.SampledFrom([]string{"", "县文旅局"}).Draw(t, "to"),
		Days:    rapid.IntRange(-1, 3).Draw(t, "days"),
		Outcome: rapid.SampledFrom(append(AnswerOutcomes(), "")).Draw(t, "outcome"),
		Solved:  rapid.SampledFrom([]Solved{"", SolvedYes, SolvedNo}).Draw(t, "solved"),
		Level:   rapid.IntRange(0, 6).Draw(t, "level"),
		Step:    rapid.SampledFrom([]string{"", "half", "last"}).Draw(t, "step"),
		Number:  "WX-00000000", Kind: Complaint,
	}
}

// Whatever is commanded, by whomever, whenever: no transition outside the table, no event lost or
// rewritten, the chain verifies, and the answer-by time moves only by extension, by the visitor's
// answer to a question, and with a new round.
func TestRandomLives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := newLife(t, rapid.SampledFrom(Kinds()).Draw(t, "kind"))
		if rapid.Bool().Draw(t, "reviewed") {
			l.terms = flat{reviewed: true}
		}
		for range rapid.IntRange(1, 60).Draw(t, "n") {
			l.now = l.now.Add(time.Duration(rapid.IntRange(0, 30).Draw(t, "hours")) * time.Hour)
			before, kept := l.head, slices.Clone(l.records)
			c := randomCommand(t)
			if err := l.do(c); err != nil {
				if !errors.Is(err, ErrRefused) || !same(before, l.head) || len(kept) != len(l.records) {
					t.Fatalf("%s refused with %v left a trace", c.Name, err)
				}
				continue
			}
			checkStep(t, before, l.head, c)
			if !slices.Equal(kept, l.records[:len(kept)]) || len(l.records) <= len(kept) {
				t.Fatalf("%s lost or rewrote an event", c.Name)
			}
			if err := Verify(l.head, l.records); err != nil {
				t.Fatalf("after %s: %v", c.Name, err)
			}
		}
	})
}

func checkStep(t *rapid.T, before, after Head, c Command) {
	if !slices.Contains(rules[c.Name].from, before.State) {
		t.Fatalf("%s went through in %s", c.Name, before.State)
	}
	moves := c.Name == Extend || c.Name == Supply || c.Name == Reopen || (c.Name == Answer && before.State == Waiting)
	if !moves && !before.Due.AnswerBy.Equal(after.Due.AnswerBy) {
		t.Fatalf("%s moved the deadline from %s to %s", c.Name, before.Due.AnswerBy, after.Due.AnswerBy)
	}
	if moves && after.Due.AnswerBy.Before(before.Due.AnswerBy) {
		t.Fatalf("%s shortened the deadline", c.Name)
	}
	if before.Kind == Report && (after.Kind != Report || after.Owner() != DisciplineSection) {
		t.Fatalf("%s took a report from discipline", c.Name)
	}
	if !after.State.Open() && slices.Contains([]State{Withdrawn, Referred}, before.State) && before.State != after.State {
		t.Fatalf("%s woke a ticket that was %s", c.Name, before.State)
	}
	if after.Version <= before.Version {
		t.Fatalf("%s left the version at %d", c.Name, after.Version)
	}
}

// Every byte of every stored event is covered: body, hash, words, order and number.
func TestVerifyFindsEveryChange(t *testing.T) {
	build := func() *life {
		l := newLife(t, Complaint)
		l.must(Command{Name: Sign, By: clerk})
		l.must(Command{Name: Answer, By: clerk, Text: "好", Outcome: OutcomeSolved})
		return l
	}
	flip := func(s string, i int) string { b := []byte(s); b[i] ^= 1; return string(b) }
	l := build()
	for n, r := range l.records {
		for i := range r.Body {
			l.records[n].Body = flip(r.Body, i)
			if err := Verify(l.head, l.records); !errors.Is(err, ErrBroken) {
				t.Fatalf("event %d, byte %d: got %v", n+1, i, err)
			}
		}
		l.records[n].Body = r.Body
		for i := range r.Words {
			l.records[n].Words = flip(r.Words, i)
			if err := Verify(l.head, l.records); !errors.Is(err, ErrBroken) {
				t.Fatalf("words %d, byte %d: got %v", n+1, i, err)
			}
		}
		l.records[n].Words = r.Words
	}
	changes := map[string]func(*life){
		"the last event taken off":  func(l *life) { l.records = l.records[:2] },
		"the first event taken off": func(l *life) { l.records = l.records[1:] },
		"two exchanged":             func(l *life) { l.records[0], l.records[1] = l.records[1], l.records[0] },
		"all taken off":             func(l *life) { l.records = nil },
		"the head's state":          func(l *life) { l.head.State = Closed },
		"the head's deadline":       func(l *life) { l.head.Due.AnswerBy = l.head.Due.AnswerBy.Add(day) },
		"a body rewritten with hash": func(l *life) {
			r := &l.records[1]
			r.Body = r.Body[:len(r.Body)-1] + " }"
			r.Hash = sum([]byte(r.Body))
		},
	}
	for name, change := range changes {
		l := build()
		change(l)
		if err := Verify(l.head, l.records); !errors.Is(err, ErrBroken) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestCommandsOffersWhatApplyTakes(t *testing.T) {
	l := newLife(t, Complaint)
	if got := Commands(l.head, clerk); !slices.Equal(got, []Name{Sign, Claim, Extend, Return, HandOver, Note, Link}) {
		t.Errorf("a clerk is offered %v", got)
	}
	if got := Commands(l.head, guard); len(got) != 0 {
		t.Errorf("another section is offered %v", got)
	}
	if got := Commands(l.head, visitor); !slices.Equal(got, []Name{Message, Withdraw, ChangeContact, DeleteContact}) {
		t.Errorf("a visitor is offered %v", got)
	}
	if len(order) != len(rules) {
		t.Errorf("%d commands are ordered, the table has %d", len(order), len(rules))
	}
}

// A decision of a meeting is sent back by the next one, not by visitors: with a new date, as often as it must, and to
// whoever had it, since a small section has nobody else. Without a date nobody would ever be reminded again.
func TestResolutionsComeBack(t *testing.T) {
	l := newLife(t, Resolution)
	for range MaxReopenings + 2 {
		l.must(Command{Name: Sign, By: clerk})
		l.must(Command{Name: Answer, By: clerk, Text: "已加开窗口", Outcome: OutcomeSolved})
		l.now = l.now.Add(day)
		var refused *Refusal
		if err := l.do(Command{Name: Reopen, By: visitor, Text: "没有", AnswerBy: l.now.Add(day)}); !errors.As(err, &refused) || refused.Why != NotAllowed {
			t.Fatalf("by a visitor: got %v", err)
		}
		if err := l.do(Command{Name: Reopen, By: overseer, Text: "没有"}); !errors.As(err, &refused) || refused.Field != "answerBy" {
			t.Fatalf("without a date: got %v", err)
		}
		by := l.now.Add(9 * day)
		l.must(Command{Name: Reopen, By: overseer, Text: "只开了一天", AnswerBy: by})
		if !l.head.Due.AnswerBy.Equal(by) || l.head.State != Assigned || len(l.head.Barred) > 0 {
			t.Fatalf("got %+v", l.head)
		}
	}
	l.must(Command{Name: Sign, By: clerk})
	l.must(Command{Name: Answer, By: clerk, Text: "已加开窗口", Outcome: OutcomeSolved})
	l.must(Command{Name: Reopen, By: office, Text: "会议认为未落实", AnswerBy: l.now.Add(day)})
}
