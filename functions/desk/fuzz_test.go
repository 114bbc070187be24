package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/events/golden"
	"steledesk/shared/account"
	"steledesk/shared/audit"
	"steledesk/shared/channel"
	"steledesk/shared/desk"
	"steledesk/shared/desk/desktest"
	"steledesk/shared/dynamo"
	"steledesk/shared/httpapi"
	"steledesk/shared/office"
	"steledesk/shared/visitor/visitortest"
)

// fakeOffices is one version of the office data, and what becomes of the next.
type fakeOffices struct{ now *office.Office }

func (f fakeOffices) Office(context.Context) (*office.Office, int, error) { return f.now, 1, nil }

func (f fakeOffices) OfficeAt(_ context.Context, version int) (*office.Office, error) {
	if version > 1 {
		return nil, dynamo.ErrNoVersion
	}
	return f.now, nil
}

func (f fakeOffices) OfficeHistory(context.Context) ([]dynamo.OfficeVersion, error) {
	return []dynamo.OfficeVersion{{Version: 1, By: "office", At: visitortest.Nine}}, nil
}

func (f fakeOffices) PutOffice(_ context.Context, o *office.Office, before int, _ string, _ time.Time, _ dynamo.Sealer) (int, error) {
	if _, err := json.Marshal(o); err != nil || before != 1 {
		return 0, errors.Join(err, dynamo.ErrStale)
	}
	return 2, nil
}

// fakeRecord pages through the record without a table: cursors are read in package dynamo.
type fakeRecord struct{ *desktest.Memory }

func (fakeRecord) AuditPage(context.Context, time.Time, audit.Books, int, string) (dynamo.AuditPage, error) {
	return dynamo.AuditPage{Entries: []audit.Entry{{At: visitortest.Nine, Who: "office", What: audit.OfficeChanged}}}, nil
}

type fakePhotos struct{}

func (fakePhotos) Origin(context.Context) (string, error) { return "https://photos.example.cn", nil }

// fakeTurns has it always be a bot's turn.
type fakeTurns struct{}

func (fakeTurns) TakeTurn(context.Context, string, time.Time, time.Duration) (time.Duration, error) {
	return 0, nil
}

// nobodyThere is a network in which nothing is called.
type nobodyThere struct{}

func (nobodyThere) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, errors.New("nobody there")
}

// fuzzed is the function as main wires it, in memory, with one ticket of each kind.
func fuzzed(t *testing.T, inForce *office.Office, log *bytes.Buffer) (*httpapi.Mux, []string) {
	m := desktest.New()
	visitors := visitortest.Desk(m)
	numbers := []string{
		visitortest.File(t, visitors, visitortest.Complaint()).Number, visitortest.File(t, visitors, visitortest.Report()).Number,
	}
	s := &server{
		photos: fakePhotos{}, accounts: account.Service{Store: m}, record: fakeRecord{m}, offices: fakeOffices{inForce}, keys: visitortest.Keys(),
		desk:   &desk.Desk{Store: m, Keys: visitortest.Keys(), Offices: visitortest.Office{Data: inForce}, Colleagues: m, Audit: m},
		queues: []string{"office", "ticketing"},
		prober: prober{sender: &channel.Sender{Hosts: []string{"https://qyapi.weixin.qq.com"}, HTTP: &http.Client{Transport: nobodyThere{}}}, turns: fakeTurns{}, now: time.Now, wait: wait},
	}
	routes, err := s.routes()
	if err != nil {
		t.Fatal(err)
	}
	return &httpapi.Mux{Routes: routes, Bodies: bodies(), Language: httpapi.StaffLanguage, Log: slog.New(slog.NewJSONHandler(log, nil))}, numbers
}

// withGroup is the built-in office with a group that is told, and few spots: a sheet for each is drawn again and again.
func withGroup() *office.Office {
	o := office.Default()
	o.Spots = o.Spots[:2]
	o.Channels = []office.Channel{{ID: "group", Section: "ticketing", Kind: office.WeCom, URL: groupURL}}
	return o
}

// FuzzCalls: whatever staff's programs send, whoever of them, is answered, and never as the desk's own fault. {number}
// stands for the number of a complaint there is, {report} for that of a 举报.
func FuzzCalls(f *testing.F) {
	inForce, people := withGroup(), desktest.People()
	guarded, err := (&server{}).routes()
	if err != nil {
		f.Fatal(err)
	}
	routes := slices.Sorted(maps.Keys(guarded))
	seedCalls(f, routes, inForce)
	f.Fuzz(func(t *testing.T, which, who byte, body, query, param, version string) {
		var log bytes.Buffer
		mux, numbers := fuzzed(t, inForce, &log)
		known := strings.NewReplacer("{number}", numbers[0], "{report}", numbers[1])
		first, second, _ := strings.Cut(known.Replace(param), "/")
		r := events.APIGatewayV2HTTPRequest{
			RouteKey: routes[int(which)%len(routes)], Body: known.Replace(body), QueryStringParameters: map[string]string{},
			PathParameters: map[string]string{"number": first, "command": second, "version": first, "channel": first, "spot": first, "file": first},
			Headers: map[string]string{"content-type": "application/json", "accept-language": "en", "if-match": version, "host": "desk.example.cn",
				"authorization": "Bearer " + desktest.Token(people[int(who)%len(people)].Login)},
		}
		values, _ := url.ParseQuery(known.Replace(query)) // what cannot be read is left out, as the gateway does
		for name, all := range values {
			r.QueryStringParameters[name] = strings.Join(all, ",")
		}
		r.RequestContext.DomainName = "desk.example.cn"
		r.RequestContext.HTTP.Method, _, _ = strings.Cut(r.RouteKey, " ")
		r.RequestContext.TimeEpoch = visitortest.Nine.Add(time.Hour).UnixMilli()
		out, err := mux.Serve(t.Context(), r)
		if err != nil || out.StatusCode < 200 || out.StatusCode >= 500 || out.StatusCode == http.StatusUnauthorized && r.RouteKey != "POST /v1/session" {
			t.Errorf("%s: %d %s, %v; log %s", r.RouteKey, out.StatusCode, out.Body, err, log.String())
		}
		if strings.Contains(out.Body, "0123456789abcdef") && !strings.Contains(r.Body, "0123456789abcdef") {
			t.Errorf("%s shows the group's key: %s", r.RouteKey, out.Body)
		}
	})
}

// seedCalls adds the payloads of events/desk, and each route with what it is asked by.
func seedCalls(f *testing.F, routes []string, inForce *office.Office) {
	const office, ticketing = 1, 0 // places in desktest.People
	which := func(route string) byte {
		i, known := slices.BinarySearch(routes, route)
		if !known {
			f.Fatalf("%s is no route", route)
		}
		return byte(i)
	}
	for _, name := range []string{"audit", "board", "channel-test", "contact", "list", "read", "return", "sign", "similar", "wrong-password"} {
		var r events.APIGatewayV2HTTPRequest
		if err := json.Unmarshal(golden.Payload(f, "desk/"+name), &r); err != nil {
			f.Fatal(err)
		}
		f.Add(which(r.RouteKey), byte(ticketing), r.Body, r.RawQueryString, "{number}/"+r.PathParameters["command"], r.Headers["if-match"])
	}
	for _, command := range []string{"sign", "return", "uphold", "deny", "transfer", "answer", "decline", "refer", "extend", "ask", "note", "approve", "link", "unlink", "publish", "urge", "oversee", "no-such"} {
		for who := range 3 {
			f.Add(which("POST /v1/desk/tickets/{number}/commands/{command}"), byte(who),
				`{"text":"已修好","outcome":"solved","days":5,"section":"works","reason":"scope","to":"{report}","handler":"ticketing"}`, "", "{number}/"+command, `"1"`)
		}
	}
	whole, err := json.Marshal(inForce)
	if err != nil {
		f.Fatal(err)
	}
	small, err := os.ReadFile("../../shared/office/testdata/small.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, route := range []string{"PUT /v1/office", "POST /v1/office/preview"} {
		for _, body := range []string{string(whole), string(small), `{"version":1,"channels":[{"id":"group","url":"***"}]}`, "a: &a [*a, *a]", `{"version":1e999}`, "\xff", ""} {
			f.Add(which(route), byte(office), body, "lang=zh", "", `W/"1"`)
		}
	}
	for i := range routes {
		for _, query := range []string{"", "day=9999-12-31&cursor=AAAA&limit=-1&q=%00", "day=0000-01-01&cursor=" + strings.Repeat("A", 2000) + "&section=&state=closed", "limit=1&cursor=MjAyNi0xMS0yM1QwMTowMDowMC4wMDBaI1dYLTdLM0ZRMk1L"} {
			f.Add(byte(i), byte(office), `{"reason":"回电"}`, query, "{number}/sign", "-1")
			f.Add(byte(i), byte(4), `{"text":"\ud800","days":1e999}`, query, "1/x", "99999999999999999999")
		}
	}
	f.Add(which("POST /v1/session"), byte(office), `{"login":"ticketing","password":"three unrelated words"}`, "", "", "")
	f.Add(which("POST /v1/session/password"), byte(office), `{"old":"three unrelated words","new":"password1"}`, "", "", "")
}
