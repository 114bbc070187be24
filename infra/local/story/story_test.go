package story

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"steledesk/infra/local/awsendpoint"
	"steledesk/infra/local/build"
	"steledesk/infra/local/demo"
	"steledesk/infra/local/sink"
	"steledesk/infra/local/stack"
	"steledesk/infra/local/template"
	"steledesk/shared/dynamo"
	"steledesk/shared/office"
	"steledesk/shared/openapi/openapitest"
	"steledesk/shared/ticket"
)

const root = "../../.."

// binaries holds the functions, built once.
var binaries string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	folder, err := os.MkdirTemp("", "steledesk-story")
	if err != nil {
		log.Print(err)
		return 1
	}
	defer func() { _ = os.RemoveAll(folder) }()
	binaries = folder
	folders, err := template.Folders(filepath.Join(root, "template.yaml"))
	if err != nil {
		log.Print(err)
		return 1
	}
	if err := build.Functions(context.Background(), root, folder, folders, func(build.Built) {}); err != nil {
		log.Print(err)
		return 1
	}
	return m.Run()
}

// desk is a running stack and the clock it runs by.
type desk struct {
	*stack.Stack
	t     *testing.T
	ahead atomic.Int64
	table *dynamo.Table
}

func open(t *testing.T, change func(*stack.Settings)) *desk {
	t.Helper()
	return openDesk(&desk{t: t}, change)
}

// openDesk starts the stack of a desk whose clock is set.
func openDesk(d *desk, change func(*stack.Settings)) *desk {
	t := d.t
	t.Helper()
	s := stack.Settings{
		Template: filepath.Join(root, "template.yaml"), Binaries: binaries, Data: t.TempDir(),
		Modules: filepath.Join(root, "infra", "local", "node_modules"), Seed: demo.Seed(roomy()),
		Parameters: map[string]string{"Canary": "off"}, // it would file between what tests count
		Clock:      func() time.Time { return time.Now().Add(time.Duration(d.ahead.Load())) },
	}
	if change != nil {
		change(&s)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	var err error
	if d.Stack, err = stack.Start(ctx, s); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			status, _ := json.Marshal(d.Status(context.Background()))
			t.Logf("the stack: %s", status)
		}
		if err := d.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	d.table = dynamo.Open(d.AWS(), "steledesk")
	return d
}

// skip moves the stack's clock on, past a visibility timeout or a back-off.
func (d *desk) skip(by time.Duration) {
	d.ahead.Add(int64(by))
	d.Wake()
}

// until waits for what is asked for. While it waits it lets the stack's time run, so that what is
// hidden in a queue comes back.
func (d *desk) until(what string, so func() bool) {
	d.t.Helper()
	deadline := time.Now().Add(60 * time.Second)
	for next := time.Now().Add(3 * time.Second); !so(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			d.t.Fatalf("in a minute it did not come about that %s", what)
		}
		if time.Now().After(next) {
			d.skip(7 * time.Minute)
			next = time.Now().Add(3 * time.Second)
		}
	}
}

// roomy is an office whose limits no test meets that is not about them: tests say the same, often, and faster than people.
func roomy() *office.Office { return demo.Roomy(time.Now()) }

type receipt struct {
	Number, Code, State string
	Section             struct{ ID, Name string }
	AnswerBy, FiledAt   string
}

// send makes one call and gives what came back, whatever it is.
func (d *desk) send(method, path, body string, header ...string) (int, http.Header, []byte) {
	r, err := http.NewRequestWithContext(d.t.Context(), method, d.URL()+path, strings.NewReader(body))
	if err != nil {
		d.t.Error(err)
		return 0, nil, nil
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, nil, nil
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, nil, nil
	}
	return response.StatusCode, response.Header, answer
}

const complaint = `{"kind":"complaint","category":"ticketing","spot":"BL01","text":"窗口排队近一小时","contact":{"name":"游客","phone":"13800001234"}}`

// file sends a filing as a phone does: again, with the same key, until it hears of it.
func (d *desk) file(key, body string) receipt {
	d.t.Helper()
	for range 20 {
		status, header, answer := d.send("POST", "/v1/tickets", body, "Idempotency-Key", key)
		if status == http.StatusCreated {
			openapitest.Check(d.t, "POST", "/v1/tickets", status, header, answer)
			var r receipt
			if err := json.Unmarshal(answer, &r); err != nil {
				d.t.Fatal(err)
			}
			return r
		}
	}
	d.t.Fatalf("filing with key %s was never answered", key)
	return receipt{}
}

// verify checks the chain of a ticket and gives it.
func (d *desk) verify(number string) []ticket.Event {
	d.t.Helper()
	s, err := d.table.Ticket(d.t.Context(), number)
	if err != nil {
		d.t.Fatal(err)
	}
	if err := ticket.Verify(s.Head, s.Records); err != nil {
		d.t.Error(err)
	}
	events := make([]ticket.Event, len(s.Records))
	for i, r := range s.Records {
		if events[i], err = r.Event(); err != nil {
			d.t.Fatal(err)
		}
	}
	return events
}

// heard gives the messages of a section's group that name the ticket.
func (d *desk) heard(section, number string) []sink.Message {
	var out []sink.Message
	for _, m := range d.Sink().Messages() {
		if m.Section == section && strings.Contains(m.Text, number) {
			out = append(out, m)
		}
	}
	return out
}

// drained reports whether no queue holds anything, seen or unseen.
func (d *desk) drained() bool {
	for _, q := range d.Status(d.t.Context()).Queues {
		if q.Visible+q.InFlight+q.Delayed > 0 {
			return false
		}
	}
	return true
}

func TestAComplaintReachesItsSection(t *testing.T) {
	t.Parallel()
	d := open(t, nil)
	r := d.file(rand.Text(), complaint)
	if r.Section.ID != "ticketing" || r.Section.Name != "票务科" || r.State != "assigned" || r.AnswerBy == "" {
		t.Errorf("receipt %+v", r)
	}
	d.until("the section's group is told", func() bool { return len(d.heard("ticketing", r.Number)) == 1 })
	text := d.heard("ticketing", r.Number)[0]
	for _, private := range []string{"窗口排队", "13800001234", "游客排队", r.Code} {
		if strings.Contains(text.Raw, private) {
			t.Errorf("the group was told %q: %s", private, text.Raw)
		}
	}
	status, header, body := d.send("GET", "/v1/tickets/"+strings.ToLower(r.Number), "", "X-Ticket-Code", r.Code)
	openapitest.Check(t, "GET", "/v1/tickets/{number}", status, header, body)
	if status != http.StatusOK || !bytes.Contains(body, []byte("窗口排队近一小时")) {
		t.Errorf("status %d: %s", status, body)
	}
	status, header, body = d.send("POST", "/v1/tickets/"+r.Number+"/message", `{"text":"请问进展"}`, "X-Ticket-Code", r.Code)
	openapitest.Check(t, "POST", "/v1/tickets/{number}/message", status, header, body)
	d.until("the section is told of the message", func() bool { return len(d.heard("ticketing", r.Number)) == 2 })
	if events := d.verify(r.Number); len(events) != 2 {
		t.Errorf("%d events", len(events))
	}
}

func TestAReportReachesDisciplineAlone(t *testing.T) {
	t.Parallel()
	d := open(t, nil)
	r := d.file(rand.Text(), `{"kind":"report","category":"ticketing","spot":"BL01","text":"售票员倒票"}`)
	if r.Section.ID != ticket.DisciplineSection {
		t.Fatalf("receipt %+v", r)
	}
	d.until("discipline is told", func() bool {
		return len(d.heard(ticket.DisciplineSection, r.Number)) == 1 || len(d.mailed(ticket.DisciplineSection, r.Number)) == 1
	})
	d.until("all is quiet", d.drained)
	for _, m := range d.Sink().Messages() {
		if m.Section != ticket.DisciplineSection && strings.Contains(m.Raw, r.Number) {
			t.Errorf("%s was told of a report: %s", m.Section, m.Text)
		}
		if strings.Contains(m.Raw, "浯溪碑林") || strings.Contains(m.Raw, "BL01") {
			t.Errorf("a report's message says where: %s", m.Text)
		}
	}
}

func (d *desk) mailed(section, number string) []sink.Letter {
	var out []sink.Letter
	for _, m := range d.Sink().Mails() {
		if strings.HasPrefix(m.To[0], section+"@") && strings.Contains(m.Text, number) {
			out = append(out, m)
		}
	}
	return out
}

func TestFiftyAtOnceAreOne(t *testing.T) {
	t.Parallel()
	d := open(t, nil)
	key := rand.Text()
	answers := make(chan string, 50)
	for range 50 {
		go func() {
			status, _, body := d.send("POST", "/v1/tickets", complaint, "Idempotency-Key", key)
			answers <- fmt.Sprint(status, " ", string(body))
		}()
	}
	first := <-answers
	for range 49 {
		if other := <-answers; other != first {
			t.Fatalf("receipts differ:\n%s\n%s", first, other)
		}
	}
	if !strings.HasPrefix(first, "201 ") {
		t.Fatal(first)
	}
	status, header, body := d.send("POST", "/v1/tickets", strings.Replace(complaint, "一小时", "两小时", 1), "Idempotency-Key", key)
	openapitest.Check(t, "POST", "/v1/tickets", status, header, body)
	if status != http.StatusConflict || !bytes.Contains(body, []byte(`"key-reused"`)) {
		t.Errorf("the same key with another body: %d %s", status, body)
	}
	if n, err := d.table.OpenTickets(t.Context(), "ticketing"); n != 1 || err != nil {
		t.Errorf("%d tickets, %v", n, err)
	}
}

func TestBadInputStoresNothing(t *testing.T) {
	t.Parallel()
	d := open(t, nil)
	huge := `{"kind":"complaint","category":"ticketing","text":"` + strings.Repeat("长", 10<<20/3) + `"}`
	for name, bad := range map[string]struct {
		body  string
		want  int
		place string
	}{
		"malformed JSON":        {`{"kind":"complaint",`, 400, "line 1, column"},
		"an unknown field":      {`{"kind":"complaint","category":"ticketing","text":"x","colour":"red"}`, 422, `"/colour"`},
		"a wrong type":          {`{"kind":"complaint","category":"ticketing","text":7}`, 422, `"/text"`},
		"a wrong type inside":   {`{"kind":"complaint","category":"ticketing","text":"x","contact":{"phone":7}}`, 422, `"/contact/phone"`},
		"ten megabytes":         {huge, 413, ""},
		"over the limit":        {`{"kind":"complaint","category":"ticketing","text":"` + strings.Repeat("长", 30000) + `"}`, 413, "64 KB"},
		"a control character":   {`{"kind":"complaint","category":"ticketing","text":"a\u0000b"}`, 422, `"/text"`},
		"a spot that is not":    {`{"kind":"complaint","category":"ticketing","spot":"ZZ99","text":"x"}`, 422, `"/spot"`},
		"a category that isn't": {`{"kind":"complaint","category":"nothing","text":"x"}`, 422, `"/category"`},
		"a supervisor's kind":   {`{"kind":"feedback","category":"ticketing","text":"x"}`, 422, `"/kind"`},
	} {
		status, header, body := d.send("POST", "/v1/tickets", bad.body, "Idempotency-Key", rand.Text())
		if status != bad.want || !bytes.Contains(body, []byte(bad.place)) {
			t.Errorf("%s: got %d %.300s; want %d with %s", name, status, body, bad.want, bad.place)
		}
		if name != "ten megabytes" { // the gateway's own answer
			openapitest.Check(t, "POST", "/v1/tickets", status, header, body)
		}
	}
	if n, err := d.table.OpenTickets(t.Context(), "ticketing"); n != 0 || err != nil {
		t.Errorf("%d tickets, %v", n, err)
	}
	r := d.file(rand.Text(), `{"kind":"complaint","category":"ticketing","text":"🎫 排队 𠀋𣎴"}`)
	if _, _, body := d.send("GET", "/v1/tickets/"+r.Number, "", "X-Ticket-Code", r.Code); !bytes.Contains(body, []byte("🎫 排队 𠀋𣎴")) {
		t.Errorf("emoji and rare characters came back as %s", body)
	}
}

var _ awsendpoint.Middleware = (*fault)(nil).middleware
