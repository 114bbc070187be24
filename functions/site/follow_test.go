package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"steledesk/shared/ticket"
)

// opened is a filed ticket and the form that opens it.
func opened(t *testing.T, d *desk, form url.Values) (string, url.Values) {
	t.Helper()
	a := d.post(t, "/file", form)
	number := onPage(t, numberOnPage, a)
	return number, url.Values{"number": {number}, "code": {onPage(t, codeOnPage, a)}}
}

// with adds pairs of field and value to a copy of a form.
func with(form url.Values, changes ...string) url.Values {
	out := url.Values{"key": {newKey()}}
	for field, values := range form {
		out[field] = values
	}
	for i := 0; i < len(changes); i += 2 {
		out.Set(changes[i], changes[i+1])
	}
	return out
}

func TestFollowingShowsTheTicketAndNothingOfTheDesksOwn(t *testing.T) {
	d := open(t)
	number, opener := opened(t, d, matter("wish", "请补纸"))
	gardens := ticket.Actor{Role: ticket.SectionStaff, Login: "gardener-7", Section: "gardens"}
	d.act(t, number, ticket.Command{Name: ticket.Sign, By: gardens})
	d.act(t, number, ticket.Command{Name: ticket.Note, By: gardens, Text: "内部备注"})
	d.act(t, number, ticket.Command{Name: ticket.Answer, By: gardens, Outcome: ticket.OutcomeSolved, Text: "答复稿还没审核"})
	opener.Set("number", " "+strings.ToLower(number)) // as people type it
	a := d.post(t, "/follow?lang=zh", opener)
	for _, want := range []string{"待审核", "园林环卫科已签收", "入口厕所没有纸。", "请补纸", "2026年11月30日（周一）前答复"} {
		if !strings.Contains(a.body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, secret := range []string{"gardener-7", "内部备注", "答复稿还没审核"} {
		if strings.Contains(a.body, secret) {
			t.Errorf("the page shows %q", secret)
		}
	}
	if a.status != http.StatusOK || a.header.Get("Cache-Control") != "no-store" {
		t.Errorf("status %d, %v", a.status, a.header)
	}
}

func TestWrongNumberOrCode(t *testing.T) {
	d := open(t)
	number, opener := opened(t, d, matter())
	tests := []struct {
		name, number, code, want string
		status                   int
	}{
		{"mistyped number", "WX-00000001", opener.Get("code"), "抄错了一位", 422},
		{"half a code", number, "4T9", "查询码是 10 位", 422},
		{"another's code", number, "00000-00000", "对不上", 404},
		{"no such ticket", "WX-00000000", opener.Get("code"), "对不上", 404},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := d.post(t, "/follow?lang=zh", url.Values{"number": {tt.number}, "code": {tt.code}})
			if a.status != tt.status || !strings.Contains(a.body, tt.want) {
				t.Errorf("status %d, want %d and %q", a.status, tt.status, tt.want)
			}
			if !strings.Contains(a.body, `value="`+tt.number+`"`) {
				t.Error("the number is gone")
			}
		})
	}
}

// TestGuessingLocks also guards against a refused guess being counted twice, once by the
// handler and once by the page that tells of it.
func TestGuessingLocks(t *testing.T) {
	d := open(t)
	number, opener := opened(t, d, matter())
	guess := url.Values{"number": {number}, "code": {"00000-00000"}, "text": {"x"}}
	for i, path := range []string{"/follow", "/follow/message", "/follow", "/follow/rating?x"} {
		if i == 3 {
			guess.Set("solved", "yes")
			guess.Set("level", "5")
		}
		if a := d.post(t, path, guess); a.status != http.StatusNotFound {
			t.Fatalf("guess %d: status %d, want 404", i+1, a.status)
		}
	}
	if a := d.post(t, "/follow", guess); a.status != http.StatusTooManyRequests || a.header.Get("Retry-After") != "901" {
		t.Errorf("guess 5: status %d, Retry-After %q, want 429 and 901", a.status, a.header.Get("Retry-After"))
	}
	if a := d.post(t, "/follow?lang=zh", guess); a.status != http.StatusTooManyRequests || !strings.Contains(a.body, "09:45") {
		t.Errorf("guess 6: status %d, want 429 and until when", a.status)
	}
	if a := d.post(t, "/follow?lang=zh", opener); a.status != http.StatusOK {
		t.Errorf("the right code while others guess: status %d, want 200", a.status)
	}
}

func TestCommandsTwiceAreOne(t *testing.T) {
	d := open(t)
	number, opener := opened(t, d, matter())
	message := with(opener, "text", "就在桥边")
	for range 2 {
		a := d.post(t, "/follow/message?lang=zh", message)
		if a.status != http.StatusOK || strings.Count(a.body, "就在桥边") != 1 || !strings.Contains(a.body, "留言已送达") {
			t.Fatalf("message: status %d with the text %d times, want 200 and once", a.status, strings.Count(a.body, "就在桥边"))
		}
	}
	withdrawal := with(opener)
	for range 2 {
		if a := d.post(t, "/follow/withdraw?lang=zh", withdrawal); a.status != http.StatusOK || !strings.Contains(a.body, "已撤回。") {
			t.Fatalf("withdrawal: status %d", a.status)
		}
	}
	s, err := d.store.Ticket(t.Context(), number)
	if err != nil || len(s.Records) != 3 {
		t.Errorf("%d events (%v), want 3: filed, messaged, withdrawn", len(s.Records), err)
	}
}

func TestARefusedCommandComesBackOnTheTicketsPage(t *testing.T) {
	d := open(t)
	_, opener := opened(t, d, matter())
	tests := []struct {
		name, command string
		form          url.Values
		status        int
		want, kept    string
	}{
		{"nothing said", "message", with(opener, "text", " "), 422, "请写下内容", ""},
		{"too much said", "message", with(opener, "text", strings.Repeat("字", 2001)), 422, "现在 2001 字", strings.Repeat("字", 2001)},
		{"not asked", "supply", with(opener, "text", "补充"), 409, "不能这样操作", ""},
		{"nothing to rate", "rating", with(opener, "solved", "yes", "level", "5"), 409, "不能这样操作", ""},
		{"no such command", "explode", with(opener, "text", "x"), 409, "没有这个操作", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := d.post(t, "/follow/"+tt.command+"?lang=zh", tt.form)
			if a.status != tt.status || !strings.Contains(a.body, tt.want) || !strings.Contains(a.body, tt.kept) {
				t.Fatalf("status %d, want %d and %q:\n%s", a.status, tt.status, tt.want, a.body)
			}
			if !strings.Contains(a.body, "待签收") {
				t.Error("the ticket is not on the page")
			}
		})
	}
}

func TestRatingNamesEachMissingChoice(t *testing.T) {
	d := open(t)
	number, opener := opened(t, d, matter("kind", "enquiry"))
	d.answer(t, number, "gardens")
	a := d.post(t, "/follow/rating?lang=zh", with(opener, "level", "9", "text", "谢谢你们"))
	for _, want := range []string{`id="rating-solved-wrong"`, `id="rating-level-wrong"`, "谢谢你们"} {
		if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, want) {
			t.Errorf("status %d without %q", a.status, want)
		}
	}
	rating := with(opener, "solved", "partly", "level", "2")
	for range 2 { // a double tap is told the same
		if a = d.post(t, "/follow/rating?lang=zh", rating); a.status != http.StatusOK || !strings.Contains(a.body, "谢谢您的评价") {
			t.Fatalf("status %d", a.status)
		}
	}
	if strings.Contains(a.body, `action="/follow/rating`) || !strings.Contains(a.body, `action="/follow/reopen`) {
		t.Error("a rated ticket is rated no more, and can be reopened")
	}
}

// answer has a section sign a ticket and answer it.
func (d *desk) answer(t *testing.T, number, section string) {
	t.Helper()
	by := ticket.Actor{Role: ticket.SectionStaff, Login: section + "-1", Section: section}
	d.act(t, number, ticket.Command{Name: ticket.Sign, By: by})
	d.act(t, number, ticket.Command{Name: ticket.Answer, By: by, Outcome: ticket.Explained, Text: "已说明。"})
}

func TestReopeningIsOfferedInItsTimeOnly(t *testing.T) {
	d := open(t)
	number, opener := opened(t, d, matter("kind", "enquiry"))
	d.answer(t, number, "gardens")
	if a := d.post(t, "/follow?lang=zh", opener); !strings.Contains(a.body, "请在2026年12月8日（周二）前提出") {
		t.Error("the page does not say until when")
	}
	d.now = time.Date(2026, 12, 9, 0, 0, 1, 0, ticket.Zone)
	a := d.post(t, "/follow?lang=zh", opener)
	if strings.Contains(a.body, "/follow/reopen") || !strings.Contains(a.body, "12345") {
		t.Error("reopening is offered after its time, or nothing is offered instead")
	}
	if a = d.post(t, "/follow/reopen?lang=zh", with(opener, "text", "又坏了")); a.status != http.StatusConflict {
		t.Errorf("reopened late: status %d, want 409", a.status)
	}
}

func TestALateAnswerIsAdmitted(t *testing.T) {
	d := open(t)
	_, opener := opened(t, d, matter())
	d.now = time.Date(2026, 12, 1, 8, 0, 0, 0, ticket.Zone)
	if a := d.post(t, "/follow?lang=zh", opener); !strings.Contains(a.body, "已超过答复期限") {
		t.Error("the page hides that the answer is late")
	}
}

func TestATicketWithoutADateSaysSo(t *testing.T) {
	d := open(t)
	d.now = time.Date(2026, 12, 30, 10, 0, 0, 0, ticket.Zone) // the calendar ends with the year
	a := d.post(t, "/file?lang=zh", matter())
	if a.status != http.StatusOK || !strings.Contains(a.body, "暂时不能确定日期") {
		t.Errorf("status %d", a.status)
	}
}

// Late in December the next year's holidays may be unknown: the API lets a visitor reopen, so the page must too.
func TestReopeningIsOfferedWhereTheCalendarEnds(t *testing.T) {
	d := open(t)
	d.now = time.Date(2026, 12, 23, 9, 0, 0, 0, ticket.Zone)
	number, opener := opened(t, d, matter("kind", "enquiry"))
	d.answer(t, number, "gardens")
	d.now = time.Date(2026, 12, 30, 9, 0, 0, 0, ticket.Zone)
	if a := d.post(t, "/follow?lang=zh", opener); !strings.Contains(a.body, "/follow/reopen") {
		t.Errorf("reopening is not offered:\n%s", a.body)
	}
}
