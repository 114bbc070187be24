package desk_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"steledesk/shared/desk"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
	"steledesk/shared/visitor/visitortest"
)

// matters files at a desk of its own and gives the numbers in order.
func matters(t *testing.T, all ...visitor.Matter) (*desk.Desk, *memory, []string) {
	t.Helper()
	d, m := newDesk(t, 0)
	visitors := visitortest.Desk(m)
	for i, matter := range all {
		r, err := visitors.File(t.Context(), fmt.Sprintf("key-of-the-matter-%04d", i), matter, nine.Add(time.Duration(i)*time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		m.numbers = append(m.numbers, r.Number)
	}
	return d, m, m.numbers
}

func complaint(category, spot, text string) visitor.Matter {
	return visitor.Matter{Kind: ticket.Complaint, Category: category, Spot: spot, Text: text, Language: "zh"}
}

// What is one matter to a person is found, the likest first; what only happened at the same place is not.
func TestSimilarFindsTheSameMatter(t *testing.T) {
	d, _, n := matters(t,
		complaint("toilets", "RK04", "入口厕所没有纸，洗手池也不出水。"),
		complaint("toilets", "RK04", "厕所没纸了，洗手池没水，请派人看看"),
		complaint("toilets", "RK04", "No paper in the entrance toilet and the tap is dry."),
		complaint("shops", "RK04", "小卖部的矿泉水卖十块钱一瓶，太贵了。"),
		complaint("toilets", "BL01", "入口厕所没有纸，洗手池也不出水。"),
		visitor.Matter{Kind: ticket.Report, Category: "corruption", Spot: "RK04", Text: "入口厕所没有纸，洗手池也不出水。", Language: "zh"},
	)
	found, err := d.Similar(t.Context(), person("office"), n[0])
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, a := range found.Tickets {
		got = append(got, a.Head.Number)
		if a.Refused != "" || a.Leads != n[0] {
			t.Errorf("%s: led by %s, refused for %q", a.Gist, a.Leads, a.Refused)
		}
	}
	if !slices.Equal(got, []string{n[1], n[2]}) {
		t.Errorf("got %v, want %v", got, n[1:3])
	}
	if best := found.Tickets[0]; best.Points < 70 || !slices.Equal(best.Why, []desk.Reason{desk.SameSpot, desk.SameCategory, desk.DaysApart, desk.AlikeWords}) {
		t.Errorf("the likest has %d points for %v", best.Points, best.Why)
	}
	if _, err := d.Similar(t.Context(), person("ticketing"), n[0]); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("another section: %v", err)
	}
}

// Without a place, the section's own open tickets of the category are compared.
func TestSimilarWithoutAPlace(t *testing.T) {
	d, _, n := matters(t,
		complaint("toilets", "", "厕所太脏了，地上都是水"),
		complaint("toilets", "", "厕所很脏，地上全是水"),
		complaint("queueing", "", "厕所太脏了，地上都是水"),
	)
	found, err := d.Similar(t.Context(), person("office"), n[0])
	if err != nil || len(found.Tickets) != 1 || found.Tickets[0].Head.Number != n[1] {
		t.Errorf("got %+v, %v", found.Tickets, err)
	}
}

// Two linked, one answer, both answered; the desk shows who leads whom, and the visitors read of it what is theirs.
func TestLinkAnswerUnlink(t *testing.T) {
	d, m, n := matters(t, complaint("queueing", "RK02", "排队一小时"), complaint("queueing", "RK02", "排队太久，一个多小时"))
	give := func(i int, c ticket.Command) {
		t.Helper()
		who := person("ticketing")
		if c.Name == ticket.Approve {
			who = person("office")
		}
		if _, err := d.Do(t.Context(), who, n[i], m.head(t, n[i]).Version, c, nine.Add(2*time.Hour)); err != nil {
			t.Fatalf("%s: %v", c.Name, err)
		}
	}
	give(1, ticket.Command{Name: ticket.Link, To: " " + n[0]})
	found, err := d.Similar(t.Context(), person("ticketing"), n[1])
	if err != nil || found.Lead == nil || found.Lead.Head.Number != n[0] || len(found.Tickets) != 0 {
		t.Fatalf("got %+v, %v", found, err)
	}
	if found, err = d.Similar(t.Context(), person("ticketing"), n[0]); err != nil || len(found.Linked) != 1 || found.Linked[0].Gist == "" {
		t.Fatalf("got %+v, %v", found, err)
	}
	if c, err := d.Count(t.Context(), person("ticketing"), "", nine); err != nil || c.Open != 2 || c.Unsigned != 1 {
		t.Errorf("counts %+v, %v: a linked ticket does not wait to be signed for", c, err)
	}
	give(0, ticket.Command{Name: ticket.Sign})
	give(0, ticket.Command{Name: ticket.Answer, Outcome: ticket.OutcomeSolved, Text: "已增开窗口"})
	give(0, ticket.Command{Name: ticket.Approve}) // the built-in office reads answers to complaints first
	says := m.visitorReads(t, n[1])
	if !slices.Equal(says, []string{"已提交", "此件与其他游客反映的同一问题合并办理", "票务科已答复: 已增开窗口"}) {
		t.Errorf("the linked one's visitor reads %q", says)
	}
	if says := m.visitorReads(t, n[0]); len(says) != 3 {
		t.Errorf("the lead's visitor reads %q: the link is nothing to them", says)
	}
	give(1, ticket.Command{Name: ticket.Unlink, Text: "并错了"})
	says = m.visitorReads(t, n[1])
	want := []string{"票务科已答复（已收回）: 已增开窗口", "上面的合并答复有误，已收回；此件单独办理，期限不变"}
	if len(says) != 4 || !slices.Equal(says[2:], want) {
		t.Errorf("the visitor of the undone one reads %q", says)
	}
	if h := m.head(t, n[1]); h.State != ticket.Assigned || h.Outcome != "" {
		t.Errorf("got %+v", h)
	}
}

// visitorReads is a ticket's timeline as its visitor has it.
func (m *memory) visitorReads(t *testing.T, number string) []string {
	t.Helper()
	visitors := visitortest.Desk(m)
	v, err := visitors.Read(t.Context(), number, visitortest.Keys().Code(number), nine)
	if err != nil {
		t.Fatal(err)
	}
	if v.Head.Lead != "" || v.Head.Linked != nil {
		t.Errorf("the visitor is given the numbers of others: %+v", v.Head)
	}
	o, _, _ := visitortest.Office{}.Current(t.Context())
	var says []string
	for _, e := range v.Events {
		text := visitor.Says(e, o, "zh")
		if e.Words != nil && e.What != ticket.Filed {
			text += ": " + e.Words.Text
		}
		if e.Data.Lead != "" || e.Data.Linked != "" {
			t.Errorf("%s names another ticket", e.What)
		}
		says = append(says, text)
	}
	return says
}

// What one may not see cannot be linked to, and no answer tells whether it is there.
func TestLinkToWhatOneMayNotSee(t *testing.T) {
	d, m, n := matters(t, complaint("queueing", "RK02", "排队"), complaint("toilets", "RK04", "没纸"),
		visitor.Matter{Kind: ticket.Report, Category: "corruption", Text: "收现金", Language: "zh"})
	for _, to := range []string{n[1], n[2], "WX-00000000", "nonsense"} {
		_, err := d.Do(t.Context(), person("ticketing"), n[0], 1, ticket.Command{Name: ticket.Link, To: to}, nine)
		var refusal *ticket.Refusal
		if !errors.As(err, &refusal) || refusal.Why != ticket.BadValue || refusal.Field != "to" {
			t.Errorf("to %s: %v", to, err)
		}
	}
	if h := m.head(t, n[0]); h.Version != 1 {
		t.Errorf("something was stored: %+v", h)
	}
}

// A linked ticket that its visitor writes to in the very moment of the answer is read again, and answered.
func TestLinkedChangedMeanwhile(t *testing.T) {
	enquiry := complaint("queueing", "RK02", "排队要多久？")
	enquiry.Kind = ticket.Enquiry // answered without review
	d, m, n := matters(t, enquiry, enquiry)
	do := func(c ticket.Command) error {
		_, err := d.Do(t.Context(), person("ticketing"), n[0], m.head(t, n[0]).Version, c, nine)
		return err
	}
	for _, c := range []ticket.Command{{Name: ticket.Link, To: n[1]}, {Name: ticket.Sign}} {
		if err := do(c); err != nil {
			t.Fatal(err)
		}
	}
	racing := &racing{memory: m, before: func() {
		visitortest.Give(t, m, n[1], ticket.Command{Name: ticket.Message, By: ticket.Actor{Role: ticket.Visitor}, Text: "还在排"}, nine)
	}}
	d.Store = racing
	if err := do(ticket.Command{Name: ticket.Answer, Outcome: ticket.Explained, Text: "好"}); err != nil {
		t.Fatal(err)
	}
	if m.head(t, n[1]).State != ticket.Answered || m.head(t, n[1]).Version != 4 || racing.calls != 2 {
		t.Errorf("%+v after %d tries", m.head(t, n[1]), racing.calls)
	}
}

// racing does something else before the first change is stored.
type racing struct {
	*memory
	before func()
	calls  int
}

func (r *racing) AppendAll(ctx context.Context, changes []ticket.Change) error {
	if r.calls++; r.calls == 1 {
		r.before()
	}
	return r.memory.AppendAll(ctx, changes)
}
