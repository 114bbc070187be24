package main

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/shared/account"
	"steledesk/shared/desk"
	"steledesk/shared/dynamo"
	"steledesk/shared/dynamo/dynamotest"
	"steledesk/shared/httpapi"
	"steledesk/shared/openapi/openapitest"
	"steledesk/shared/supervisor"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
	"steledesk/shared/visitor/visitortest"
)

func TestMain(m *testing.M) { os.Exit(dynamotest.Main(m)) }

const password = "three unrelated words"

var hash = account.Hash(password) // once: it is slow on purpose

// people are the accounts of every test.
var people = []account.Account{
	{Login: "ticketing", Name: "票务科", Roles: []ticket.Role{ticket.SectionStaff}, Sections: []string{"ticketing"}},
	{Login: "office", Name: "办公室", Roles: []ticket.Role{ticket.OfficeStaff}},
	{Login: "discipline", Name: "纪检", Roles: []ticket.Role{ticket.Discipline}},
	{Login: "leader", Name: "分管领导", Roles: []ticket.Role{ticket.Leader}},
	{Login: "supervisor", Name: "监督员", Roles: []ticket.Role{ticket.Supervisor}},
	{Login: "supervisor-2", Name: "监督员二", Roles: []ticket.Role{ticket.Supervisor}},
	{Login: "newcomer", Name: "新监督员", Roles: []ticket.Role{ticket.Supervisor}, MustChange: true},
}

// function is the function as main wires it, over the real engine.
type function struct {
	*httpapi.Mux
	t        *testing.T
	server   *server
	table    *dynamo.Table
	visitors *visitor.Desk
	tokens   map[string]string
	log      bytes.Buffer
}

func newFunction(t *testing.T) *function {
	t.Helper()
	table := dynamo.Open(dynamotest.Table(t))
	f := &function{t: t, table: table, visitors: visitortest.Desk(table), tokens: map[string]string{}}
	f.server = &server{accounts: account.Service{Store: table}, hall: &supervisor.Hall{
		Store: table, Tickets: f.visitors, Offices: visitortest.Office{},
		Lists: &desk.Desk{Store: table, Keys: visitortest.Keys(), Offices: visitortest.Office{}, Colleagues: table, Audit: table},
	}}
	f.server.meetings = newMeetings(table)
	routes, err := f.server.routes()
	if err != nil {
		t.Fatal(err)
	}
	f.Mux = &httpapi.Mux{Routes: routes, Language: httpapi.StaffLanguage, Log: slog.New(slog.NewJSONHandler(&f.log, nil))}
	for _, a := range people {
		a.PasswordHash = hash
		if err := table.PutAccount(t.Context(), a); err != nil {
			t.Fatal(err)
		}
	}
	return f
}

// call is somebody's call to the function.
type call struct {
	who     string // login; empty: nobody
	route   string
	params  map[string]string
	query   string
	body    string
	headers map[string]string
	at      time.Time // zero: nine
}

func (f *function) request(c call) events.APIGatewayV2HTTPRequest {
	f.t.Helper()
	method, _, _ := strings.Cut(c.route, " ")
	r := events.APIGatewayV2HTTPRequest{
		RouteKey: c.route, Body: c.body, Headers: map[string]string{"accept-language": "en"},
		PathParameters: c.params, QueryStringParameters: map[string]string{},
	}
	values, err := url.ParseQuery(c.query)
	if err != nil {
		f.t.Fatal(err)
	}
	for name := range values {
		r.QueryStringParameters[name] = values.Get(name)
	}
	if c.body != "" {
		r.Headers["content-type"] = "application/json"
	}
	if c.who != "" {
		r.Headers["authorization"] = "Bearer " + f.token(c.who)
	}
	maps.Copy(r.Headers, c.headers)
	if c.at.IsZero() {
		c.at = visitortest.Nine
	}
	r.RequestContext.HTTP.Method = method
	r.RequestContext.TimeEpoch = c.at.UnixMilli()
	return r
}

// token signs somebody in, once.
func (f *function) token(login string) string {
	f.t.Helper()
	if f.tokens[login] == "" {
		token, _, _, err := f.server.accounts.SignIn(f.t.Context(), login, password, visitortest.Nine)
		if err != nil {
			f.t.Fatalf("sign in %s: %v", login, err)
		}
		f.tokens[login] = token
	}
	return f.tokens[login]
}

// do makes a call and holds its answer to the description of the API.
func (f *function) do(c call) (int, map[string]any) {
	f.t.Helper()
	r := f.request(c)
	out, err := f.Serve(f.t.Context(), r)
	if err != nil {
		f.t.Fatal(err)
	}
	method, path, _ := strings.Cut(c.route, " ")
	if strings.HasPrefix(path, "/v1/") {
		header := http.Header{}
		for name, value := range out.Headers {
			header.Set(name, value)
		}
		openapitest.Check(f.t, method, strings.NewReplacer("{number}", "WX-K37G0A0H", "{month}", "2026-10", "{year}", "2026", "{file}", "digest.html", "{decision}", "1").Replace(path), out.StatusCode, header, []byte(out.Body))
	}
	var body map[string]any
	if out.Body != "" && strings.Contains(out.Headers["content-type"], "json") {
		if err := json.Unmarshal([]byte(out.Body), &body); err != nil {
			f.t.Fatalf("%v in %s", err, out.Body)
		}
	}
	return out.StatusCode, body
}
