package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/events/golden"
	"steledesk/shared/dynamo"
	"steledesk/shared/dynamo/dynamotest"
	"steledesk/shared/httpapi"
	"steledesk/shared/openapi/openapitest"
	"steledesk/shared/start"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
	"steledesk/shared/visitor/visitortest"
)

func TestMain(m *testing.M) { os.Exit(dynamotest.Main(m)) }

// function is the function as main wires it, over another store, with one ticket in it.
type function struct {
	*httpapi.Mux
	t       *testing.T
	store   visitor.Store
	receipt visitor.Receipt
	log     bytes.Buffer
	desk    *visitor.Desk
	track   *track
}

func newFunction(t *testing.T, store visitor.Store, filed visitortest.Filing) *function {
	t.Helper()
	f := &function{t: t, store: store}
	log := slog.New(slog.NewJSONHandler(&f.log, nil))
	desk := start.Base{Log: log, Keys: visitortest.Keys()}.Desk()
	desk.Store, desk.Offices = store, visitortest.Office{}
	f.receipt = visitortest.File(t, desk, filed)
	f.desk, f.track = desk, &track{desk: desk}
	f.Mux = &httpapi.Mux{Routes: f.track.routes(), Log: log}
	return f
}

// give does a staff's command, at once after filing.
func (f *function) give(c ticket.Command) {
	f.t.Helper()
	visitortest.Give(f.t, f.store, f.receipt.Number, c, visitortest.Nine)
}

func sectionStaff() ticket.Actor {
	return ticket.Actor{Role: ticket.SectionStaff, Login: "piaowu-zhang", Section: "ticketing"}
}

func officeStaff() ticket.Actor {
	return ticket.Actor{Role: ticket.OfficeStaff, Login: "office-li", Section: "office"}
}

// answered brings the ticket to an answer that the office approved.
func (f *function) answered() {
	f.t.Helper()
	f.give(ticket.Command{Name: ticket.Sign, By: sectionStaff()})
	f.give(ticket.Command{Name: ticket.Answer, By: sectionStaff(), Text: "已加开窗口。", Outcome: ticket.OutcomeSolved})
	f.give(ticket.Command{Name: ticket.Approve, By: officeStaff()})
}

// request is a visitor's call about the ticket, two hours after filing.
func (f *function) request(command, body string) events.APIGatewayV2HTTPRequest {
	r := events.APIGatewayV2HTTPRequest{
		RouteKey: "POST /v1/tickets/{number}/" + command, Body: body,
		PathParameters: map[string]string{"number": f.receipt.Number},
		Headers:        map[string]string{"content-type": "application/json", "x-ticket-code": f.receipt.Code, "accept-language": "en"},
	}
	if command == "" {
		r.RouteKey = "GET /v1/tickets/{number}"
		delete(r.Headers, "content-type")
	}
	r.RequestContext.TimeEpoch = visitortest.Nine.Add(2 * time.Hour).UnixMilli()
	return r
}

// described holds an answer to the description of the API.
func described(t *testing.T, r events.APIGatewayV2HTTPRequest, out events.APIGatewayV2HTTPResponse) {
	t.Helper()
	method, path, _ := strings.Cut(r.RouteKey, " ")
	header := http.Header{}
	for name, value := range out.Headers {
		header.Set(name, value)
	}
	openapitest.Check(t, method, strings.ReplaceAll(path, "{number}", "WX-K37G0A0H"), out.StatusCode, header, []byte(out.Body))
}

func (f *function) answer(r events.APIGatewayV2HTTPRequest) (int, map[string]any) {
	f.t.Helper()
	out, err := f.Serve(f.t.Context(), r)
	if err != nil {
		f.t.Fatal(err)
	}
	described(f.t, r, out)
	var body map[string]any
	if err := json.Unmarshal([]byte(out.Body), &body); err != nil {
		f.t.Fatalf("%v in %s", err, out.Body)
	}
	return out.StatusCode, body
}

// version counts the ticket's events.
func (f *function) version() int {
	f.t.Helper()
	s, err := f.store.Ticket(f.t.Context(), f.receipt.Number)
	if err != nil {
		f.t.Fatal(err)
	}
	return s.Head.Version
}

func TestPayloads(t *testing.T) {
	ask := func(f *function) {
		f.give(ticket.Command{Name: ticket.Sign, By: sectionStaff()})
		f.give(ticket.Command{Name: ticket.Ask, By: sectionStaff(), Text: "请问是哪个窗口？"})
	}
	for name, before := range map[string]func(*function){
		"read": nil, "contact": nil, "contact-delete": nil, "verify": nil, "verify-keys": nil, "wrong-code": nil, "message": nil, "supply": ask, "rate": (*function).answered,
		"reopen": (*function).answered, "withdraw": nil,
	} {
		t.Run(name, func(t *testing.T) {
			f := newFunction(t, visitortest.NewMemory(), visitortest.Complaint())
			if before != nil {
				before(f)
			}
			golden.Check(t, name, golden.Invoke(t, f.Serve, golden.Payload(t, "track/"+name)))
		})
	}
	for _, name := range []string{"supply", "rate", "reopen"} {
		t.Run("too early to "+name, func(t *testing.T) {
			f := newFunction(t, visitortest.NewMemory(), visitortest.Complaint())
			golden.Check(t, name+"-too-early", golden.Invoke(t, f.Serve, golden.Payload(t, "track/"+name)))
			if f.version() != 1 {
				t.Error("something was stored")
			}
		})
	}
}

// People type numbers from a photo of a screen.
func TestNumbersAndCodesAsPeopleTypeThem(t *testing.T) {
	f := newFunction(t, visitortest.NewMemory(), visitortest.Complaint()) // WX-K37G0A0H, XW86Y-7QSEB
	tests := []struct {
		name, number, code string
		status             int
	}{
		{"as printed", "WX-K37G0A0H", "XW86Y-7QSEB", 200},
		{"lower case, no dash", "wxk37g0a0h", "xw86y7qseb", 200},
		{"spaces", " wx k37g 0a0h ", "xw86y 7qseb", 200},
		{"O for 0", "WX-K37GOAOH", "XW86Y-7QSEB", 200},
		{"full width", "ＷＸ－Ｋ３７Ｇ０Ａ０Ｈ", "ＸＷ８６Ｙ－７ＱＳＥＢ", 200},
		{"one character wrong", "WX-K37G0A0J", "XW86Y-7QSEB", 404},
		{"two exchanged", "WX-K37G0AH0", "XW86Y-7QSEB", 404},
		{"another ticket's code", "WX-K37G0A0H", visitortest.Keys().Code("WX-NVNNH70E"), 404},
		{"no code", "WX-K37G0A0H", "", 404},
		{"a number that does not exist", "WX-NVNNH70E", visitortest.Keys().Code("WX-NVNNH70E"), 404},
		{"no number", "", "XW86Y-7QSEB", 404},
		{"a path", "../../etc/passwd", "XW86Y-7QSEB", 404},
	}
	for _, test := range tests {
		r := f.request("", "")
		r.PathParameters["number"], r.Headers["x-ticket-code"] = test.number, test.code
		status, body := f.answer(r)
		if status != test.status || status == 200 && body["number"] != "WX-K37G0A0H" || status == 404 && body["code"] != "unknown-ticket" {
			t.Errorf("%s: got %d %v, want %d", test.name, status, body, test.status)
		}
	}
}

// Five wrong codes lock the number, for whoever has the right one too, until a quarter of an hour after the first.
func TestWrongCodesLock(t *testing.T) {
	f := newFunction(t, visitortest.NewMemory(), visitortest.Complaint())
	try := func(after time.Duration, code string) (int, map[string]any, string) {
		r := f.request("", "")
		r.Headers["x-ticket-code"] = code
		r.RequestContext.TimeEpoch = visitortest.Nine.Add(after).UnixMilli()
		out, err := f.Serve(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		var body map[string]any
		if err := json.Unmarshal([]byte(out.Body), &body); err != nil {
			t.Fatal(err)
		}
		return out.StatusCode, body, out.Headers["retry-after"]
	}
	right := f.receipt.Code
	for i := range 4 {
		if status, _, _ := try(time.Duration(i)*time.Minute, "00000-00000"); status != 404 {
			t.Fatalf("wrong code %d: got %d, want 404", i+1, status)
		}
	}
	if status, _, _ := try(4*time.Minute, right); status != 200 {
		t.Fatalf("the right code after four wrong ones: got %d", status)
	}
	status, body, retry := try(5*time.Minute, "00000-00000")
	if status != 429 || body["code"] != "locked" || retry != "601" || !strings.Contains(body["detail"].(string), "09:15") {
		t.Errorf("fifth wrong code: got %d %v, retry after %q; want 429 locked, 601", status, body, retry)
	}
	if status, _, _ := try(14*time.Minute, right); status != 200 {
		t.Errorf("the right code while others guess: got %d, want 200: whoever knows a number could shut its visitor out", status)
	}
	if status, _, _ := try(14*time.Minute+59*time.Second, "00000-00000"); status != 429 {
		t.Error("a guesser is no longer told to stop")
	}
	if status, _, _ := try(15*time.Minute, "00000-00000"); status != 404 {
		t.Errorf("after the window: got %d, want 404", status)
	}
	if f.version() != 1 {
		t.Error("guessing changed the ticket")
	}
}

// A robot that follows links without a code, or a slip of the keyboard, locked visitors out of their tickets, and
// every such call cost a write.
func TestWhatCannotBeACodeLocksNobody(t *testing.T) {
	f := newFunction(t, visitortest.NewMemory(), visitortest.Complaint())
	for _, code := range []string{"", " ", "0", "00000-0000", "00000-000000", "00000-0000U", "ＷＸ-查询码", "", ""} {
		r := f.request("", "")
		r.Headers["x-ticket-code"] = code
		if out, err := f.Serve(t.Context(), r); err != nil || out.StatusCode != 404 {
			t.Errorf("code %q: got %d %v, want 404", code, out.StatusCode, err)
		}
	}
	if n, _, err := f.store.CountWrong(t.Context(), f.receipt.Number, visitortest.Nine, time.Hour); err != nil || n != 1 {
		t.Errorf("%d wrong codes were counted, %v; want none before this one", n-1, err)
	}
}

func TestBadBodies(t *testing.T) {
	long := strings.Repeat("碑", 2001)
	tests := []struct {
		command, body, want string
	}{
		{"message", `{}`, "/text required"},
		{"message", ``, "/text required"},
		{"message", `{"text":" "}`, "/text notblank"},
		{"message", `{"text":"` + long + `"}`, "/text max"},
		{"message", `{"text":"x","code":"y"}`, "/code unknown"},
		{"supply", `{"text":null}`, "/text required"},
		{"reopen", `{"text":"\u0000"}`, "/text plaintext"},
		{"withdraw", `{"text":"` + long + `"}`, "/text max"},
		{"rating", `{}`, "/solved required, /level required"},
		{"rating", `{"solved":"maybe","level":0}`, "/solved oneof, /level min"},
		{"rating", `{"solved":"yes","level":6}`, "/level max-number"},
		{"rating", `{"solved":"yes","level":4.5}`, "/level type"},
		{"rating", `{"solved":"yes","level":"5"}`, "/level type"},
		{"rating", `{"solved":true,"level":5}`, "/solved type"},
	}
	for _, test := range tests {
		f := newFunction(t, visitortest.NewMemory(), visitortest.Complaint())
		f.answered()
		before := f.version()
		status, body := f.answer(f.request(test.command, test.body))
		var got []string
		list, _ := body["fields"].([]any)
		for _, field := range list {
			m := field.(map[string]any)
			got = append(got, fmt.Sprint(m["pointer"], " ", m["code"]))
			if message := m["message"].(string); strings.Contains(message, "field.") || strings.Contains(message, "%") {
				t.Errorf("message %q", message)
			}
		}
		if status != 422 || strings.Join(got, ", ") != test.want || f.version() != before {
			t.Errorf("%s %.40s: got %d %v, want %s", test.command, test.body, status, got, test.want)
		}
	}
}

// A command sent again under its key is done once, also where it has no words to be known by: a bare rating and a
// bare withdrawal used to be refused as if somebody else had been faster.
func TestCommandsAreDoneOncePerKey(t *testing.T) {
	tests := []struct {
		command, body, other string
		before               func(*function)
	}{
		{"message", `{"text":"还在排队"}`, `{"text":"不排了"}`, nil},
		{"withdraw", `{}`, "", nil},
		{"withdraw", ``, "", nil},
		{"withdraw", `{"text":"解决了"}`, `{"text":"算了"}`, nil},
		{"rating", `{"solved":"partly","level":2}`, `{"solved":"no","level":1}`, (*function).answered},
		{"rating", `{"solved":"yes","level":5}`, "", (*function).answered},
		{"rating", `{"solved":"yes","level":5,"text":"谢谢"}`, `{"solved":"no","level":1,"text":"谢谢"}`, (*function).answered},
		{"reopen", `{"text":"没有解决"}`, `{"text":"根本没有解决"}`, (*function).answered},
	}
	for _, test := range tests {
		t.Run(test.command+" "+test.body, func(t *testing.T) {
			f := newFunction(t, visitortest.NewMemory(), visitortest.Complaint())
			if test.before != nil {
				test.before(f)
			}
			send := func(key, body string) (int, map[string]any) {
				r := f.request(test.command, body)
				r.Headers["idempotency-key"] = key
				if body == "" {
					delete(r.Headers, "content-type")
				}
				return f.answer(r)
			}
			first, _ := send("0123456789abcdef", test.body)
			version := f.version()
			again, body := send("0123456789abcdef", test.body)
			if first != 200 || again != 200 || f.version() != version {
				t.Errorf("got %d, then %d %v; version %d, then %d", first, again, body, version, f.version())
			}
			if test.other == "" {
				return
			}
			// Other words under the same key used to be dropped without a word.
			if status, body := send("0123456789abcdef", test.other); status != 409 || body["code"] != "key-reused" || f.version() != version {
				t.Errorf("other words under the key: got %d %v", status, body)
			}
		})
	}
}

// A rating of an earlier round is not the rating of this one.
func TestRatingAfterReopeningIsNew(t *testing.T) {
	f := newFunction(t, visitortest.NewMemory(), visitortest.Complaint())
	f.answered()
	rate := func(key string) int {
		r := f.request("rating", `{"solved":"no","level":1}`)
		r.Headers["idempotency-key"] = key
		status, _ := f.answer(r)
		return status
	}
	if rate("first-round-00001") != 200 {
		t.Fatal("not rated")
	}
	if status, _ := f.answer(f.request("reopen", `{"text":"没有解决"}`)); status != 200 {
		t.Fatal("not reopened")
	}
	other := sectionStaff()
	other.Login = "piaowu-wang"
	f.give(ticket.Command{Name: ticket.Sign, By: other})
	f.give(ticket.Command{Name: ticket.Answer, By: other, Text: "已解决。", Outcome: ticket.OutcomeSolved})
	f.give(ticket.Command{Name: ticket.Approve, By: officeStaff()})
	before := f.version()
	if status := rate("second-round-0001"); status != 200 || f.version() != before+1 {
		t.Errorf("got %d, version %d after %d", status, f.version(), before)
	}
}

func TestShortKeyIsRefused(t *testing.T) {
	f := newFunction(t, visitortest.NewMemory(), visitortest.Complaint())
	r := f.request("message", `{"text":"x"}`)
	r.Headers["idempotency-key"] = "short"
	if status, body := f.answer(r); status != 400 || body["code"] != "key-missing" || f.version() != 1 {
		t.Errorf("got %d %v", status, body)
	}
}

// Twenty taps on "send" with one key, over the real table, are one message.
func TestOneMessageOfManyAtOnce(t *testing.T) {
	f := newFunction(t, dynamo.Open(dynamotest.Table(t)), visitortest.Complaint())
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			r := f.request("message", `{"text":"还在排队"}`)
			r.Headers["idempotency-key"] = "0123456789abcdef"
			if status, body := f.answer(r); status != 200 && status != 503 {
				t.Errorf("got %d %v", status, body)
			}
		})
	}
	wg.Wait()
	if f.version() != 2 {
		t.Errorf("%d events, want 2", f.version())
	}
}

// When others are faster every time, the visitor is asked to try again, and told when.
func TestBusyTicket(t *testing.T) {
	store := visitortest.NewMemory()
	f := newFunction(t, store, visitortest.Complaint())
	store.FailWith(func(call string) error {
		if call == "Append" {
			return visitor.ErrChanged
		}
		return nil
	})
	out, err := f.Serve(t.Context(), f.request("message", `{"text":"x"}`))
	if err != nil || out.StatusCode != 503 || out.Headers["retry-after"] != "1" || !strings.Contains(out.Body, `"busy"`) {
		t.Errorf("got %+v, %v", out, err)
	}
}

// Whatever comes in, no code and nothing anybody wrote is in the log.
func TestLogHoldsNothingOfVisitors(t *testing.T) {
	store := visitortest.NewMemory()
	f := newFunction(t, store, visitortest.Complaint())
	secret := []string{"窗口又关了", "maybe-maybe", f.receipt.Code, strings.ReplaceAll(f.receipt.Code, "-", ""), "key-of-one-visitor-1"}
	for _, r := range []events.APIGatewayV2HTTPRequest{
		f.request("", ""), f.request("message", `{"text":"窗口又关了"}`), f.request("message", `{"text":"窗口又关了"`),
		f.request("rating", `{"solved":"maybe-maybe","level":1}`), f.request("rating", `{"solved":"yes","level":1,"text":"窗口又关了"}`),
		f.request("message", `{"窗口又关了":1}`),
	} {
		r.Headers["idempotency-key"] = "key-of-one-visitor-1"
		f.answer(r)
	}
	store.FailWith(func(string) error { return errors.New("down") })
	f.answer(f.request("message", `{"text":"窗口又关了"}`))
	log := f.log.String()
	for _, s := range secret {
		if strings.Contains(log, s) {
			t.Errorf("%q is in the log: %s", s, log)
		}
	}
	if !strings.Contains(log, `"error":"down"`) {
		t.Errorf("the failure is not in the log: %s", log)
	}
}
