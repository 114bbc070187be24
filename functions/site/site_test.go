package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/events/golden"
	"steledesk/infra/local/gateway"
	"steledesk/infra/local/lambda"
	"steledesk/shared/httpapi"
	"steledesk/shared/office"
	"steledesk/shared/seal"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
	"steledesk/shared/visitor/visitortest"
)

// desk is a site behind a gateway, with tickets in memory and a clock that stands still.
type desk struct {
	*httptest.Server
	site  *site
	store *memory
	log   *bytes.Buffer

	counts  visitortest.Counts
	now     time.Time
	uploads map[string]int // bytes by id
}

// Post implements Uploads.
func (d *desk) Post(_ context.Context, id string, data []byte) error {
	d.uploads[id] = len(data)
	return nil
}

func open(t *testing.T) *desk {
	t.Helper()
	keys, err := seal.ParseKeys(seal.New())
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{store: &memory{tickets: map[string]*kept{}}, log: new(bytes.Buffer), uploads: map[string]int{}}
	d.now = time.Date(2026, 11, 23, 9, 30, 0, 0, ticket.Zone)
	d.site = &site{
		desk: &visitor.Desk{Store: d.store, Keys: keys, Offices: builtIn{}},
		gate: visitortest.Gate(&d.counts),
		log:  slog.New(slog.NewJSONHandler(d.log, nil)), photos: d,
	}
	var routes []gateway.Route
	for key := range d.site.routes() {
		method, path, found := strings.Cut(key, " ")
		if !found { // $default
			method, path = "", key
		}
		routes = append(routes, gateway.Route{Method: method, Path: path, Function: "site"})
	}
	g, err := gateway.New(routes, inProcess{d.site}, gateway.Options{Now: func() time.Time { return d.now }})
	if err != nil {
		t.Fatal(err)
	}
	d.Server = httptest.NewServer(g)
	t.Cleanup(d.Close)
	return d
}

// answer is a page as a browser gets it.
type answer struct {
	status int
	header http.Header
	body   string
}

func (d *desk) get(t *testing.T, path string) answer {
	t.Helper()
	response, err := d.Client().Get(d.URL + path)
	return readAnswer(t, response, err)
}

func (d *desk) post(t *testing.T, path string, form url.Values) answer {
	t.Helper()
	response, err := d.Client().PostForm(d.URL+path, form)
	return readAnswer(t, response, err)
}

func readAnswer(t *testing.T, response *http.Response, err error) answer {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header, string(body)}
}

// act does a staff member's command to a ticket.
func (d *desk) act(t *testing.T, number string, c ticket.Command) {
	t.Helper()
	s, err := d.store.Ticket(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	head, events, err := ticket.Apply(s.Head, c, ticket.Moment{Now: d.now, Terms: office.Default()})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.store.Append(t.Context(), s.Head.Version, head, events); err != nil {
		t.Fatal(err)
	}
}

// inProcess invokes the site as Lambda does, without a process.
type inProcess struct{ site *site }

func (p inProcess) Invoke(ctx context.Context, _ string, payload []byte) (lambda.Result, error) {
	if len(payload) > lambda.MaxPayload {
		return lambda.Result{}, lambda.ErrPayloadTooLarge
	}
	var e events.APIGatewayV2HTTPRequest
	if err := json.Unmarshal(payload, &e); err != nil {
		return lambda.Result{}, err
	}
	response, err := p.site.serve(ctx, e)
	if err != nil {
		return lambda.Result{}, err
	}
	body, err := json.Marshal(response)
	return lambda.Result{Payload: body}, err
}

type builtIn struct{}

func (builtIn) Current(context.Context) (*office.Office, int, error) { return office.Default(), 0, nil }

// memory is a visitor.Store. fail, when set, is the error of every call.
type memory struct {
	mu      sync.Mutex
	tickets map[string]*kept
	fail    error
}

type kept struct {
	visitor.Stored
	keySum, matter string
	contact        string
	wrong          int
	until          time.Time
}

func (m *memory) File(_ context.Context, f visitor.Filed) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fail != nil {
		return m.fail
	}
	if k, taken := m.tickets[f.Head.Number]; taken {
		return &visitor.Taken{Number: f.Head.Number, First: k.Records[0], KeySum: k.keySum, MatterID: k.matter}
	}
	r, err := f.Event.Record()
	if err != nil {
		return err
	}
	m.tickets[f.Head.Number] = &kept{Stored: visitor.Stored{Head: f.Head, Records: []ticket.Record{r}}, keySum: f.KeySum, matter: f.MatterID}
	return nil
}

func (m *memory) Ticket(_ context.Context, number string) (visitor.Stored, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fail != nil {
		return visitor.Stored{}, m.fail
	}
	k, found := m.tickets[number]
	if !found {
		return visitor.Stored{}, visitor.ErrNotFound
	}
	s := k.Stored
	s.Records = append([]ticket.Record(nil), s.Records...)
	return s, nil
}

func (m *memory) Head(ctx context.Context, number string) (ticket.Head, error) {
	s, err := m.Ticket(ctx, number)
	return s.Head, err
}

// AtSpot gives what is filed there, whatever became of it: the index of the table leaves out more.
func (m *memory) AtSpot(_ context.Context, spot string, _, _ time.Time, _ int) ([]visitor.Brief, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found []visitor.Brief
	for _, k := range m.tickets {
		if k.Head.Spot == spot {
			found = append(found, visitor.Brief{Head: k.Head, Gist: "入口厕所没有纸。"})
		}
	}
	return found, m.fail
}

func (m *memory) Append(ctx context.Context, version int, after ticket.Head, events []ticket.Event) error {
	return m.AppendAll(ctx, []ticket.Change{{From: version, After: after, Events: events}})
}

// AppendAll stores changes of a ticket that is linked with none.
func (m *memory) AppendAll(_ context.Context, changes []ticket.Change) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fail != nil {
		return m.fail
	}
	c := changes[0]
	k := m.tickets[c.After.Number]
	if k.Head.Version != c.From {
		return visitor.ErrChanged
	}
	for _, e := range c.Events {
		r, err := e.Record()
		if err != nil {
			return err
		}
		k.Records = append(k.Records, r)
	}
	k.Head = c.After
	return nil
}

func (m *memory) AppendContact(ctx context.Context, version int, after ticket.Head, events []ticket.Event, sealed string) error {
	if err := m.Append(ctx, version, after, events); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.tickets[after.Number].contact = sealed
	return nil
}

func (m *memory) CountWrong(_ context.Context, number string, now time.Time, window time.Duration) (int, time.Time, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	k, found := m.tickets[number]
	if !found {
		return 0, time.Time{}, m.fail
	}
	k.wrong++
	k.until = now.Add(window)
	return k.wrong, k.until, m.fail
}

func (m *memory) count() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.tickets)
}

// A phone that restores its tab asks with GET for where a form was sent to.
func TestARestoredTabFindsThePage(t *testing.T) {
	s := &site{}
	for route, want := range map[string]string{"GET /file": "/?lang=en", "GET /follow/{command}": "/follow?lang=en"} {
		e := events.APIGatewayV2HTTPRequest{RouteKey: route, QueryStringParameters: map[string]string{"lang": "en"}}
		for range 2 { // the address grew with each request once
			got, err := s.routes()[route](t.Context(), &httpapi.Request{Event: e})
			if err != nil || got.Status != http.StatusSeeOther || got.Headers["location"] != want {
				t.Errorf("%s: got %d to %q, %v; want %q", route, got.Status, got.Headers["location"], err, want)
			}
		}
	}
}

// The payloads of events/site, as Lambda hands them over.
func TestPayloads(t *testing.T) {
	d := open(t)
	if text := string(golden.Invoke(t, d.site.serve, golden.Payload(t, "site/nowhere"))); !strings.Contains(text, `"statusCode":404`) || !strings.Contains(text, "/follow") {
		t.Errorf("nowhere: want status 404 and ways on, got %s", text)
	}
	for name, want := range map[string]string{
		"form": `name=\"key\"`, "file": "票务科", "health": `{\"status\":\"ready\"}`,
	} {
		text := string(golden.Invoke(t, d.site.serve, golden.Payload(t, "site/"+name)))
		plain := strings.NewReplacer(`\u003c`, "<", `\u003e`, ">").Replace(text)
		if !strings.Contains(plain, `"statusCode":200`) || !strings.Contains(plain, want) {
			t.Errorf("%s: want status 200 and %s, got %s", name, want, plain)
		}
	}
	if n := d.store.count(); n != 1 {
		t.Errorf("%d tickets are stored, want the one that was filed", n)
	}
}
