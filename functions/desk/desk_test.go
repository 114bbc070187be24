package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/infra/local/awsendpoint/awstest"
	"steledesk/shared/account"
	"steledesk/shared/bucket"
	"steledesk/shared/channel"
	"steledesk/shared/desk"
	"steledesk/shared/dynamo"
	"steledesk/shared/dynamo/dynamotest"
	"steledesk/shared/httpapi"
	"steledesk/shared/openapi/openapitest"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
	"steledesk/shared/visitor/visitortest"
)

func TestMain(m *testing.M) { os.Exit(dynamotest.Main(m)) }

const password = "three unrelated words"

var hash = account.Hash(password) // once: it is slow on purpose

// staff are the accounts of every test's desk.
var staff = []account.Account{
	{Login: "ticketing", Name: "票务科", Roles: []ticket.Role{ticket.SectionStaff}, Sections: []string{"ticketing"}},
	{Login: "ticketing-2", Name: "票务科二", Roles: []ticket.Role{ticket.SectionStaff}, Sections: []string{"ticketing"}},
	{Login: "works", Name: "工程科", Roles: []ticket.Role{ticket.SectionStaff}, Sections: []string{"works"}},
	{Login: "office", Name: "办公室", Roles: []ticket.Role{ticket.OfficeStaff}},
	{Login: "discipline", Name: "纪检", Roles: []ticket.Role{ticket.Discipline}},
	{Login: "leader", Name: "分管领导", Roles: []ticket.Role{ticket.Leader}},
	{Login: "supervisor", Name: "监督员", Roles: []ticket.Role{ticket.Supervisor}},
	{Login: "both", Name: "办公室兼纪检", Roles: []ticket.Role{ticket.OfficeStaff, ticket.Discipline}},
	{Login: "newcomer", Name: "新人", Roles: []ticket.Role{ticket.OfficeStaff}, MustChange: true},
}

// function is the function as main wires it, over the real engine, with everybody signed in.
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
	photos := bucket.Open(awstest.Config("http://127.0.0.1:1"), "photos") // nothing is called to sign an address
	f.server = &server{
		photos: photos,
		desk: &desk.Desk{Store: table, Keys: visitortest.Keys(), Offices: visitortest.Office{}, Colleagues: table, Audit: table,
			Photos: &bucket.Gallery{Records: table, Photos: photos}},
		accounts: account.Service{Store: table}, record: table, offices: table, keys: visitortest.Keys(),
		queues: []string{"office", "discipline", "ticketing", "security", "gardens", "visitors", "relics", "exhibition", "works", "business", "enforcement"},
	}
	f.server.prober = prober{sender: &channel.Sender{Hosts: []string{"https://qyapi.weixin.qq.com"}}, turns: table, now: time.Now, wait: wait}
	routes, err := f.server.routes()
	if err != nil {
		t.Fatal(err)
	}
	f.Mux = &httpapi.Mux{Routes: routes, Bodies: bodies(), Language: httpapi.StaffLanguage, Log: slog.New(slog.NewJSONHandler(&f.log, nil))}
	for _, a := range staff {
		a.PasswordHash = hash
		if err := table.PutAccount(t.Context(), a); err != nil {
			t.Fatal(err)
		}
	}
	return f
}

// call is a call of staff to the function.
type call struct {
	who     string // login; empty: nobody
	route   string
	number  string
	command string
	version string // of the office data
	channel string
	query   string
	body    string
	headers map[string]string
	after   time.Duration // after nine
}

func (f *function) request(c call) events.APIGatewayV2HTTPRequest {
	f.t.Helper()
	method, _, _ := strings.Cut(c.route, " ")
	r := events.APIGatewayV2HTTPRequest{
		RouteKey: c.route, Body: c.body, Headers: map[string]string{"accept-language": "en"},
		PathParameters: map[string]string{"number": c.number, "command": c.command, "version": c.version, "channel": c.channel}, QueryStringParameters: map[string]string{},
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
	for name, value := range c.headers {
		r.Headers[name] = value
	}
	r.RequestContext.HTTP.Method = method
	r.RequestContext.TimeEpoch = visitortest.Nine.Add(c.after).UnixMilli()
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
	out := f.serve(f.request(c))
	var body map[string]any
	if out.Body != "" && strings.Contains(out.Headers["content-type"], "json") {
		if err := json.Unmarshal([]byte(out.Body), &body); err != nil {
			f.t.Fatalf("%v in %s", err, out.Body)
		}
	}
	return out.StatusCode, body
}

func (f *function) serve(r events.APIGatewayV2HTTPRequest) events.APIGatewayV2HTTPResponse {
	f.t.Helper()
	out, err := f.Serve(f.t.Context(), r)
	if err != nil {
		f.t.Fatal(err)
	}
	method, path, _ := strings.Cut(r.RouteKey, " ")
	if strings.HasPrefix(path, "/v1/") {
		header := http.Header{}
		for name, value := range out.Headers {
			header.Set(name, value)
		}
		path = strings.NewReplacer("{number}", "WX-K37G0A0H", "{command}", "sign", "{version}", "1", "{channel}", "group").Replace(path)
		openapitest.Check(f.t, method, path, out.StatusCode, header, []byte(out.Body))
	}
	return out
}

func (f *function) file(filing visitortest.Filing) string {
	f.t.Helper()
	return visitortest.File(f.t, f.visitors, filing).Number
}

// give does a command and gives the ticket after it.
func (f *function) give(who, number string, version int, command, body string) map[string]any {
	f.t.Helper()
	status, answer := f.do(commandCall(who, number, version, command, body))
	if status != http.StatusOK {
		f.t.Fatalf("%s by %s: %d %v", command, who, status, answer)
	}
	return answer
}

func commandCall(who, number string, version int, command, body string) call {
	return call{who: who, route: "POST /v1/desk/tickets/{number}/commands/{command}", number: number, command: command, body: body,
		headers: map[string]string{"if-match": fmt.Sprintf(`"%d"`, version)}, after: time.Hour}
}

func numbers(body map[string]any) []string {
	var out []string
	list, _ := body["tickets"].([]any)
	for _, row := range list {
		out = append(out, row.(map[string]any)["number"].(string))
	}
	return out
}
