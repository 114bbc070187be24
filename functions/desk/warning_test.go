package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"steledesk/shared/channel"
	"steledesk/shared/office"
	"steledesk/shared/visitor/visitortest"
)

// edited gives the office data in force as the API takes it, changed.
func (f *function) edited(change func(o *office.Office)) string {
	f.t.Helper()
	_, body := f.do(call{who: "office", route: "GET /v1/office"})
	text, err := json.Marshal(body["office"])
	if err != nil {
		f.t.Fatal(err)
	}
	o, err := office.Parse("office.json", text)
	if err != nil {
		f.t.Fatal(err)
	}
	change(o)
	if text, err = json.Marshal(o); err != nil {
		f.t.Fatal(err)
	}
	return string(text)
}

// warned gives what a preview warns of, as "pointer code message".
func (f *function) warned(text string) []string {
	f.t.Helper()
	status, body := f.do(call{who: "office", route: "POST /v1/office/preview", body: text})
	if status != 200 || len(body["problems"].([]any)) > 0 {
		f.t.Fatalf("preview: %d %v", status, body)
	}
	var out []string
	for _, w := range body["warnings"].([]any) {
		w := w.(map[string]any)
		out = append(out, fmt.Sprintf("%s %s %s", w["pointer"], w["code"], w["message"]))
	}
	return out
}

func TestASectionWithoutQueueIsTold(t *testing.T) {
	f := newFunction(t)
	f.withChannel()
	text := f.edited(func(o *office.Office) {
		o.Sections = append(o.Sections, office.Section{ID: "tea", Name: office.Name{ZH: "茶室", EN: "Tea House"}, Duty: office.Name{ZH: "茶水"}})
	})
	want := "/sections/11 section-without-queue Tea House has no queue of its own yet and is served from the office's. The operator adds it: " +
		"sam deploy --parameter-overrides SectionIds=office,discipline,ticketing,security,gardens,visitors,relics,exhibition,works,business,enforcement,tea"
	if got := f.warned(text); !slices.Contains(got, want) {
		t.Errorf("preview warns: %q", got)
	}
	status, body := f.put(text, "1")
	if status != 200 || !strings.Contains(fmt.Sprint(body["warnings"]), "section-without-queue") {
		t.Errorf("put: %d %v", status, body)
	}
	if _, body := f.do(call{who: "office", route: "GET /v1/office"}); !strings.Contains(fmt.Sprint(body["warnings"]), "section-without-queue") {
		t.Errorf("read: %v", body["warnings"])
	}
}

// A section that went while a ticket was open in it took the ticket out of everybody's list.
func TestASectionWithOpenTicketsStays(t *testing.T) {
	f := newFunction(t)
	f.withChannel()
	number := f.file(visitortest.Complaint()) // ticketing's, about ticket-price at RK02
	head, err := f.table.Ticket(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	gone := f.edited(func(o *office.Office) {
		o.Sections = slices.DeleteFunc(o.Sections, func(s office.Section) bool { return s.ID == "ticketing" })
		o.Channels = nil
		o.Spots = slices.DeleteFunc(o.Spots, func(s office.Spot) bool { return s.ID == head.Head.Spot })
		for i := range o.Categories {
			if o.Categories[i].Section == "ticketing" {
				o.Categories[i].Section = "office"
			}
			for j := range o.Categories[i].Sub {
				if o.Categories[i].Sub[j].Section == "ticketing" {
					o.Categories[i].Sub[j].Section = "office"
				}
			}
		}
	})
	got := strings.Join(f.warned(gone), "\n")
	for _, want := range []string{"/sections section-in-use Ticketing still has open tickets (1)", "/spots spot-in-use “Ticket Office at the Gate” is named by open tickets (1)"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in:\n%s", want, got)
		}
	}
	if status, body := f.put(gone, "1"); status != 409 || body["code"] != "section-in-use" || !strings.Contains(fmt.Sprint(body["fields"]), "open tickets (1)") {
		t.Errorf("put: %d %v", status, body)
	}
	f.give("ticketing", number, 1, "return", `{"text":"不归我们"}`) // waits in the office's queue, and is ticketing's still
	if status, body := f.put(gone, "1"); status != 409 {
		t.Errorf("put while returned: %d %v", status, body)
	}
	f.give("office", number, 2, "uphold", `{"section":"works","text":"转"}`)
	if status, body := f.put(gone, "1"); status != 200 {
		t.Errorf("put after it was transferred: %d %v", status, body)
	}
}

// An address that the deployment does not let the desk call was saved, and only sending refused it: nobody was told, and
// one that leads inside stood in the office data. Now what is new is refused where it is written; what is in force
// already is warned of, so that everything else can still be saved.
func TestAddressesThatLeadInsideAreRefused(t *testing.T) {
	f := newFunction(t)
	f.withChannel()
	for _, c := range []office.Channel{
		{ID: "group", Section: "ticketing", Kind: office.Webhook, URL: "https://169.254.169.254/latest/meta-data/", Secret: "0123456789abcdef"},
		{ID: "group", Section: "ticketing", Kind: office.Webhook, URL: "https://qyapi.weixin.qq.com@elsewhere.example/", Secret: "0123456789abcdef"},
		{ID: "other", Section: "ticketing", Kind: office.Feishu, URL: "https://open.feishu.cn/open-apis/bot/v2/hook/0123456789abcdef"},
		{ID: "post", Section: "ticketing", Kind: office.Mail, URL: "smtp://desk@10.0.0.1:25", Secret: "0123456789abcdef", To: []string{"a@example.cn"}, From: "desk@example.cn"},
	} {
		bad := f.edited(func(o *office.Office) { o.Channels = append(o.Channels[:0:0], c) })
		status, body := f.put(bad, "1")
		if text := fmt.Sprint(body["fields"]); status != 422 || !strings.Contains(text, "pointer:/channels/0/url") || strings.Contains(text, "0123456789abcdef") {
			t.Errorf("%s is put: %d %v", c.URL, status, body)
		}
		status, body = f.do(call{who: "office", route: "POST /v1/office/preview", body: bad})
		if text := fmt.Sprint(body["problems"]); status != 200 || !strings.Contains(text, "/channels/0/url") {
			t.Errorf("%s in a preview: %d %v", c.URL, status, body)
		}
	}
	f.server.prober.sender = &channel.Sender{Hosts: []string{"https://elsewhere.example"}} // the deployment's list is another now
	other := f.edited(func(o *office.Office) { o.Sections[2].Duty.ZH = "别的" })
	const want = "/channels/0/url channel-unusable This channel cannot be used: The desk may not call this host."
	if got := strings.Join(f.warned(other), "\n"); !strings.Contains(got, want) {
		t.Errorf("no %q in a preview's %s", want, got)
	}
	if status, body := f.put(other, "1"); status != 200 || !strings.Contains(fmt.Sprint(body["warnings"]), "channel-unusable") {
		t.Errorf("another part is put: %d %v", status, body)
	}
}

func TestALastChannelThatGoesIsTold(t *testing.T) {
	f := newFunction(t)
	f.withChannel()
	got := f.warned(f.edited(func(o *office.Office) { o.Channels = nil }))
	if !strings.Contains(strings.Join(got, "\n"), "/channels section-untold Ticketing") {
		t.Errorf("preview warns: %q", got)
	}
	if got := f.warned(f.edited(func(*office.Office) {})); len(got) != 1 || !strings.Contains(got[0], "The holidays of 2027") { // it is November
		t.Errorf("nothing changes, and it warns: %q", got)
	}
}
