package main

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/events/golden"
	"steledesk/shared/account"
	"steledesk/shared/desk"
	"steledesk/shared/desk/desktest"
	"steledesk/shared/digest"
	"steledesk/shared/httpapi"
	"steledesk/shared/meeting"
	"steledesk/shared/supervisor"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
	"steledesk/shared/visitor/visitortest"
)

// memory is a store of meetings over that of tickets: there is one meeting, with one decision and one edition.
type memory struct {
	*desktest.Memory
	planned  meeting.Meeting
	decided  []meeting.Resolved
	editions []meeting.Edition
}

func (m *memory) Meeting(_ context.Context, month digest.Month) (meeting.Meeting, error) {
	if month != m.planned.Month {
		return meeting.Meeting{}, meeting.ErrNoMeeting
	}
	return m.planned, nil
}

// PutMeeting encodes it as the table does.
func (m *memory) PutMeeting(_ context.Context, next meeting.Meeting) error {
	if _, err := json.Marshal(next); err != nil {
		return err
	}
	if next.Version != m.planned.Version {
		return meeting.ErrMeetingChanged
	}
	return nil
}

func (m *memory) MeetingMonth(_ context.Context, month digest.Month) (meeting.MonthLine, error) {
	return meeting.MonthLine{Month: month, Decisions: len(m.decided)}, nil
}

func (m *memory) Editions(context.Context, digest.Month) ([]meeting.Edition, error) {
	return m.editions, nil
}

func (m *memory) LatestEdition(context.Context, digest.Month) (meeting.Edition, error) {
	return m.editions[0], nil
}

func (m *memory) Edition(_ context.Context, _ digest.Month, number int) (meeting.Edition, error) {
	if number != 1 {
		return meeting.Edition{}, meeting.ErrNoEdition
	}
	return m.editions[0], nil
}

func (m *memory) DecisionsOf(_ context.Context, month digest.Month) ([]meeting.Resolved, error) {
	if month != m.planned.Month {
		return nil, nil
	}
	return m.decided, nil
}

func (m *memory) FileDecision(ctx context.Context, f visitor.Filed, r meeting.Resolved) error {
	err := m.File(ctx, f)
	if err == nil {
		m.decided = append(m.decided, r)
	}
	return err
}

// FiledBy has nothing: cursors are read in package dynamo.
func (m *memory) FiledBy(context.Context, string, string, int) ([]visitor.Brief, string, error) {
	return nil, "", nil
}

// fuzzed is the function as main wires it, in memory, with a meeting over 2026-10 whose one decision was answered.
func fuzzed(t *testing.T, log *bytes.Buffer) (*httpapi.Mux, string) {
	const month = "2026-10"
	m := &memory{Memory: desktest.New(), planned: meeting.Meeting{Month: month, Status: meeting.Held, When: visitortest.Nine, Version: 1},
		editions: []meeting.Edition{{Month: month, Number: 1, Hash: strings.Repeat("a", 64), At: visitortest.Nine, Digest: digest.Digest{Month: month, Whole: true}}}}
	visitors, a := visitortest.Desk(m), &archive{}
	number := visitortest.File(t, visitors, visitortest.Complaint()).Number
	lists := &desk.Desk{Store: m, Keys: visitortest.Keys(), Offices: visitortest.Office{}, Colleagues: m, Audit: m}
	s := &server{accounts: account.Service{Store: m}, hall: &supervisor.Hall{Store: m, Tickets: visitors, Offices: visitortest.Office{}, Lists: lists}}
	s.meetings = &meetings{Office: &meeting.Office{Meetings: m, Decisions: m, Keys: visitortest.Keys(), Offices: visitortest.Office{}}, store: m, papers: a, orders: a}
	decision := meeting.Decision{Month: month, Text: "加开窗口", Section: "ticketing", AnswerBy: visitortest.Nine.AddDate(0, 1, 0)}
	resolved, err := s.meetings.Decide(t.Context(), ticket.Actor{Role: ticket.OfficeStaff, Login: "office", Section: ticket.OfficeSection}, "0123456789abcdef", decision, visitortest.Nine)
	if err != nil {
		t.Fatal(err)
	}
	clerk := ticket.Actor{Role: ticket.SectionStaff, Login: "ticketing", Section: "ticketing"}
	visitortest.Give(t, m, resolved.Ticket, ticket.Command{Name: ticket.Sign, By: clerk, Salt: "1"}, visitortest.Nine)
	visitortest.Give(t, m, resolved.Ticket, ticket.Command{Name: ticket.Answer, By: clerk, Text: "已加开", Outcome: ticket.OutcomeSolved, Salt: "2"}, visitortest.Nine)
	visitortest.Give(t, m, resolved.Ticket, ticket.Command{Name: ticket.Approve, By: ticket.Actor{Role: ticket.OfficeStaff, Login: "office"}, Salt: "3"}, visitortest.Nine)
	routes, err := s.routes()
	if err != nil {
		t.Fatal(err)
	}
	return &httpapi.Mux{Routes: routes, Language: httpapi.StaffLanguage, Log: slog.New(slog.NewJSONHandler(log, nil))}, number
}

// FuzzCalls: whatever supervisors, leaders and the office send is answered, and never as the desk's own fault. {number}
// stands for the number of a complaint there is.
func FuzzCalls(f *testing.F) {
	guarded, err := (&server{meetings: &meetings{}}).routes()
	if err != nil {
		f.Fatal(err)
	}
	routes, people := slices.Sorted(maps.Keys(guarded)), desktest.People()
	seedCalls(f, routes)
	f.Fuzz(func(t *testing.T, which, who byte, body, query, param, version string) {
		var log bytes.Buffer
		mux, number := fuzzed(t, &log)
		known := strings.NewReplacer("{number}", number)
		first, second, _ := strings.Cut(known.Replace(param), "/")
		r := events.APIGatewayV2HTTPRequest{
			RouteKey: routes[int(which)%len(routes)], Body: known.Replace(body), QueryStringParameters: map[string]string{},
			PathParameters: map[string]string{"month": first, "number": first, "year": first, "decision": second, "file": second},
			Headers: map[string]string{"content-type": "application/json", "accept-language": "en", "if-match": version, "idempotency-key": "another-key-of-a-call",
				"authorization": "Bearer " + desktest.Token(people[int(who)%len(people)].Login)},
		}
		values, _ := url.ParseQuery(query) // what cannot be read is left out, as the gateway does
		for name, all := range values {
			r.QueryStringParameters[name] = strings.Join(all, ",")
		}
		r.RequestContext.HTTP.Method, _, _ = strings.Cut(r.RouteKey, " ")
		r.RequestContext.TimeEpoch = visitortest.Nine.Add(time.Hour).UnixMilli()
		out, err := mux.Serve(t.Context(), r)
		if err != nil || out.StatusCode < 200 || out.StatusCode >= 500 || out.StatusCode == http.StatusUnauthorized {
			t.Errorf("%s: %d %s, %v; log %s", r.RouteKey, out.StatusCode, out.Body, err, log.String())
		}
		if strings.Contains(out.Body, "13800001234") && !strings.Contains(r.Body, "13800001234") {
			t.Errorf("%s tells a visitor's telephone", r.RouteKey)
		}
	})
}

// seedCalls adds the payloads of events/supervise, and each route with what it is asked by.
func seedCalls(f *testing.F, routes []string) {
	const office, supervisor = 1, 4 // places in desktest.People
	for _, name := range []string{"annual", "decide", "feedback", "meetings", "page", "personal"} {
		var r events.APIGatewayV2HTTPRequest
		if err := json.Unmarshal(golden.Payload(f, "supervise/"+name), &r); err != nil {
			f.Fatal(err)
		}
		which, known := slices.BinarySearch(routes, r.RouteKey)
		if !known {
			f.Fatalf("%s calls %s, which is no route", name, r.RouteKey)
		}
		f.Add(byte(which), byte(office), r.Body, r.RawQueryString, r.PathParameters["month"]+r.PathParameters["year"]+"/"+r.PathParameters["file"], `"1"`)
	}
	bodies := []string{
		`{"about":{"what":"section","id":"ticketing"},"text":"排队"}`, `{"about":{"what":"ticket","id":"{number}"},"text":"答复过于笼统"}`, plan, goodDecision,
		strings.Replace(plan, "2026-11-26T09:00:00+08:00", "9999-12-31T23:59:59Z", 1), strings.Replace(goodDecision, "2026-12-20T23:59:59+08:00", "0000-01-01T00:00:00+14:00", 1),
		`{"text":"只开了一天","answerBy":"9999-12-31T23:59:59Z"}`, `{"text":"只开了一天","answerBy":"2026-12-31T00:00:00+08:00"}`, `{"reason":"补数"}`,
		`{"text":"\ud800","days":1e999}`, `{"a":{"a":{"a":[[[]]]}}}`, `[`, "\xff",
	}
	for i := range routes {
		for _, body := range bodies {
			f.Add(byte(i), byte(office), body, "until=2026-10&edition=1&cursor=AAAA", "2026-10/1", `"1"`)
			f.Add(byte(i), byte(supervisor), body, "until=9999-12&edition=-1&limit=999&cursor="+strings.Repeat("A", 2000), "2026-10/1", "-1")
		}
		for _, param := range []string{"9999-12/1", "0000-01/99999999999999999999", "2026-13/../HEAD", "2026/annual.docx", "9999/annual.xlsx", "{number}/x", "/"} {
			f.Add(byte(i), byte(office), plan, "", param, "")
		}
	}
}
