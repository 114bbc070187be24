package desk_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"steledesk/shared/audit"
	"steledesk/shared/desk"
	"steledesk/shared/office"
	"steledesk/shared/seal"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor/visitortest"
)

func TestCommandsAreThoseOfTheirGivers(t *testing.T) {
	tests := []struct {
		login string
		name  ticket.Name
		want  ticket.Why // empty: done
	}{
		{"ticketing", ticket.Sign, ""},
		{"office", ticket.Sign, ticket.NotAllowed},
		{"leader", ticket.Urge, ""},
		{"office", ticket.Urge, ""},
		{"ticketing", ticket.Urge, ticket.NotAllowed},
		{"office", ticket.Approve, ticket.WrongState},
		{"office", ticket.Message, ticket.NotAllowed},
		{"office", ticket.Escalate, ticket.NotAllowed},
		{"ticketing", "fly", ticket.UnknownCommand},
	}
	for _, test := range tests {
		d, m := newDesk(t, 1)
		before := m.head(t, m.numbers[0])
		_, err := d.Do(t.Context(), person(test.login), before.Number, before.Version, ticket.Command{Name: test.name}, nine)
		var refusal *ticket.Refusal
		switch {
		case test.want == "" && (err != nil || m.head(t, before.Number).Version != 2):
			t.Errorf("%s by %s: %v", test.name, test.login, err)
		case test.want != "" && (!errors.As(err, &refusal) || refusal.Why != test.want):
			t.Errorf("%s by %s: got %v, want %s", test.name, test.login, err, test.want)
		}
	}
}

// Whatever a page offers is not refused for who gives it or for the ticket's state.
func TestOfferedCommandsAreTaken(t *testing.T) {
	bodies := map[ticket.Name]ticket.Command{
		ticket.Assign: {Section: "works"}, ticket.Transfer: {Section: "works"}, ticket.Decline: {Reason: "not-ours"}, ticket.Refer: {To: "市文旅局"},
		ticket.HandOver: {Handler: "ticketing-2"}, ticket.Answer: {Outcome: ticket.Explained}, ticket.Extend: {Days: 1},
	}
	for _, login := range []string{"ticketing", "office", "leader"} {
		d, m := newDesk(t, 5) // the fifth is of the first's kind
		bodies[ticket.Link] = ticket.Command{To: m.numbers[4]}
		v, err := d.Read(t.Context(), person(login), m.numbers[0], nine)
		if err != nil || len(v.Commands) == 0 {
			t.Fatal(v.Commands, err)
		}
		for _, name := range v.Commands {
			d, m := newDesk(t, 5)
			c := bodies[name]
			c.Name, c.Text = name, "因为"
			if _, err := d.Do(t.Context(), person(login), m.numbers[0], 1, c, nine); err != nil {
				t.Errorf("%s was offered %s: %v", login, name, err)
			}
		}
	}
}

// A phone that lost the answer sends again: that is the same command, and no conflict.
func TestSentAgainIsDoneOnce(t *testing.T) {
	d, m := newDesk(t, 1)
	n := m.numbers[0]
	note := ticket.Command{Name: ticket.Note, Text: "已电话联系"}
	for range 2 {
		v, err := d.Do(t.Context(), person("ticketing"), n, 1, note, nine)
		if err != nil || v.Head.Version != 2 {
			t.Fatalf("version %d, %v", v.Head.Version, err)
		}
	}
	for who, c := range map[string]ticket.Command{
		"ticketing":   {Name: ticket.Note, Text: "另一句"},
		"ticketing-2": note, // somebody else's, even with the same words
		"office":      note,
	} {
		if _, err := d.Do(t.Context(), person(who), n, 1, c, nine); !errors.Is(err, desk.ErrChanged) {
			t.Errorf("%s: got %v, want ErrChanged", who, err)
		}
	}
	for _, version := range []int{-1, 0, 3, 1 << 40} {
		if _, err := d.Do(t.Context(), person("ticketing"), n, version, note, nine); !errors.Is(err, desk.ErrChanged) {
			t.Errorf("version %d: got %v", version, err)
		}
	}
}

// A command that was sent again after the desk's keys changed was a conflict with itself.
func TestSentAgainIsDoneOnceWhileTheKeyChanges(t *testing.T) {
	before, after := visitortest.Turned()
	for name, keys := range map[string][2]desk.Keys{"forth": {before, after}, "and back": {after, before}} {
		d, m := newDesk(t, 1)
		h := m.head(t, m.numbers[0])
		for _, one := range []desk.Keys{keys[0], keys[1], keys[0]} {
			d.Keys = one
			v, err := d.Do(t.Context(), person("ticketing"), h.Number, h.Version, ticket.Command{Name: ticket.Sign}, nine)
			if err != nil || v.Head.Version != h.Version+1 {
				t.Errorf("%s: version %d, %v", name, v.Head.Version, err)
			}
		}
	}
}

func TestNamesOfNothingAreRefused(t *testing.T) {
	for field, c := range map[string]ticket.Command{
		"section":  {Name: ticket.Transfer, Section: "nowhere"},
		"category": {Name: ticket.Transfer, Section: "works", Category: "nothing"},
		"reason":   {Name: ticket.Decline, Reason: "because", Text: "x"},
	} {
		refusedFor(t, "office", field, c)
	}
	for _, handler := range []string{"nobody", "ticketing-3", "two-sections", "office"} {
		refusedFor(t, "ticketing", "handler", ticket.Command{Name: ticket.HandOver, Handler: handler})
	}
	d, m := newDesk(t, 1)
	if _, err := d.Do(t.Context(), person("ticketing"), m.numbers[0], 1, ticket.Command{Name: ticket.HandOver, Handler: "ticketing-2"}, nine); err != nil {
		t.Errorf("a colleague: %v", err)
	}
}

func refusedFor(t *testing.T, login, field string, c ticket.Command) {
	t.Helper()
	d, m := newDesk(t, 1)
	_, err := d.Do(t.Context(), person(login), m.numbers[0], 1, c, nine)
	var refusal *ticket.Refusal
	if !errors.As(err, &refusal) || refusal.Why != ticket.BadValue || refusal.Field != field {
		t.Errorf("%+v: got %v", c, err)
	}
}

func TestExtensionSaysTheMost(t *testing.T) {
	d, m := newDesk(t, 1)
	_, err := d.Do(t.Context(), person("ticketing"), m.numbers[0], 1, ticket.Command{Name: ticket.Extend, Days: 90, Text: "x"}, nine)
	var much *office.ExtensionError
	if !errors.As(err, &much) || much.Max.N != 5 {
		t.Errorf("got %v", err)
	}
}

// A matter given to discipline is a 举报 from then on: who gave it sees that it went, and never sees it again.
func TestGivenToDisciplineIsGone(t *testing.T) {
	d, m := newDesk(t, 1)
	n := m.numbers[0]
	v, err := d.Do(t.Context(), person("office"), n, 1, ticket.Command{Name: ticket.Transfer, Section: ticket.DisciplineSection}, nine)
	if err != nil || len(v.Commands) != 0 || v.Contact != nil {
		t.Fatalf("got %+v, %v", v, err)
	}
	if _, err := d.Read(t.Context(), person("office"), n, nine); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("read again: %v", err)
	}
	if v, err := d.Read(t.Context(), person("discipline"), n, nine); err != nil || !slices.Contains(v.Commands, ticket.Sign) {
		t.Errorf("discipline: %v, %v", v.Commands, err)
	}
}

func TestReadingAnothersTicketIsRemembered(t *testing.T) {
	for login, want := range map[string]int{"ticketing": 0, "office": 1, "leader": 1} {
		d, m := newDesk(t, 1)
		if _, err := d.Read(t.Context(), person(login), m.numbers[0], nine); err != nil {
			t.Fatal(err)
		}
		if len(m.record) != want || want == 1 && (m.record[0].What != audit.Read || m.record[0].Who != login) {
			t.Errorf("%s: %+v", login, m.record)
		}
	}
}

// A contact is shown after it was remembered who asked for it and why, or not at all.
func TestRevealIsRememberedFirst(t *testing.T) {
	d, m := newDesk(t, 3)
	v, err := d.Read(t.Context(), person("ticketing"), m.numbers[0], nine)
	want := visitortest.Complaint().Matter.Contact
	if err != nil || v.Contact == nil || v.Contact.Name == want.Name || v.Contact.Phone == want.Phone {
		t.Fatalf("masked: %+v, %v", v.Contact, err)
	}
	got, err := d.Reveal(t.Context(), person("ticketing"), m.numbers[0], "回电核实", nine)
	if err != nil || got != want {
		t.Errorf("got %+v, %v", got, err)
	}
	last := m.record[len(m.record)-1]
	if last.What != audit.Unmasked || last.Detail != "回电核实" || last.Ticket != m.numbers[0] || last.Confidential {
		t.Errorf("recorded %+v", last)
	}
	m.deaf = errors.New("no room")
	if got, err := d.Reveal(t.Context(), person("ticketing"), m.numbers[0], "x", nine); err == nil || got.Phone != "" {
		t.Errorf("shown without a record: %+v, %v", got, err)
	}
	if _, err := d.Reveal(t.Context(), person("discipline"), m.numbers[2], "x", nine); !errors.Is(err, desk.ErrNoContact) {
		t.Errorf("anonymous: %v", err)
	}
}

// After a key was taken off the ring, every look at a ticket whose contact it had sealed was a 500.
func TestATicketWhoseContactCannotBeOpenedIsWorkedOn(t *testing.T) {
	d, m := newDesk(t, 1)
	other, err := seal.ParseKeys(seal.New())
	if err != nil {
		t.Fatal(err)
	}
	d.Keys = other
	if v, err := d.Read(t.Context(), person("ticketing"), m.numbers[0], nine); err != nil || v.Contact != nil {
		t.Errorf("got %+v, %v", v.Contact, err)
	}
	if _, err := d.Reveal(t.Context(), person("ticketing"), m.numbers[0], "回电核实", nine); !errors.Is(err, desk.ErrNoContact) {
		t.Errorf("revealed: %v", err)
	}
}

func TestMasks(t *testing.T) {
	for name, want := range map[string]string{
		"张三": "张*", "欧阳修文": "欧阳**", "欧阳": "欧*", "李": "*", "": "", " 王小明 ": "王**", "John Smith": "J***", "𠀋𣎴": "𠀋*",
	} {
		if got := desk.MaskName(name); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
	for phone, want := range map[string]string{
		"13800001234": "138****1234", "138 0000 1234": "138****1234", "+86 13800001234": "861****1234", "１３８００００１２３４": "138****1234",
		"8212345": "****45", "12345": "****45", "": "", "0746-3221234": "074****1234",
	} {
		if got := desk.MaskPhone(phone); got != want {
			t.Errorf("%q: got %q, want %q", phone, got, want)
		}
	}
}

// Late in the year, when next year's holidays are not known, assigning still works, and the operator hears of it.
func TestWorkGoesOnPastTheCalendar(t *testing.T) {
	d, m := newDesk(t, 1)
	var told string
	d.Undated = func(_ context.Context, number string, _ error) { told = number }
	late := nine.AddDate(0, 1, 6)
	if _, err := d.Do(t.Context(), person("office"), m.numbers[0], 1, ticket.Command{Name: ticket.Transfer, Section: "works"}, late); err != nil {
		t.Error(err)
	}
	if told != m.numbers[0] {
		t.Errorf("nobody was told: %q", told)
	}
}
