package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/events/golden"
	"steledesk/shared/bucket"
	"steledesk/shared/dynamo/dynamotest"
	"steledesk/shared/httpapi"
	"steledesk/shared/openapi/openapitest"
	"steledesk/shared/start"
	"steledesk/shared/visitor"
	"steledesk/shared/visitor/visitortest"
)

func TestMain(m *testing.M) { os.Exit(dynamotest.Main(m)) }

// slots signs nothing: what a real form looks like is tested in shared/bucket.
type slots struct{}

func (slots) Slot(_ context.Context, id, mediaType string) (bucket.Slot, error) {
	return bucket.Slot{
		URL: "https://photos.example.cn/", Fields: map[string]string{"key": "uploads/" + id, "Content-Type": mediaType},
		ExpiresIn: bucket.SlotTime,
	}, nil
}

// function is the function as main wires it, over another store, with its log.
type function struct {
	*httpapi.Mux
	desk  *visitor.Desk
	store *visitortest.Memory

	counts visitortest.Counts
	log    bytes.Buffer
}

func newFunction() *function {
	f := &function{store: visitortest.NewMemory()}
	log := slog.New(slog.NewJSONHandler(&f.log, nil))
	f.desk = start.Base{Log: log, Keys: visitortest.Keys()}.Desk()
	f.desk.Store, f.desk.Offices = f.store, visitortest.Office{}
	s := &submit{desk: f.desk, gate: visitortest.Gate(&f.counts), photos: slots{}, keys: visitortest.Keys()}
	f.Mux = &httpapi.Mux{Routes: s.routes(), Log: log}
	return f
}

// request is a filing as a phone sends it, with another body.
func request(body string) events.APIGatewayV2HTTPRequest {
	r := events.APIGatewayV2HTTPRequest{
		RouteKey: "POST /v1/tickets", Body: body,
		Headers: map[string]string{
			"content-type": "application/json", "idempotency-key": "0123456789abcdef", "accept-language": "en",
		},
	}
	r.RequestContext.TimeEpoch = visitortest.Nine.UnixMilli()
	return r
}

// filing is a valid body with some fields changed; nil takes a field away.
func filing(t *testing.T, change map[string]any) string {
	t.Helper()
	fields := map[string]any{"kind": "complaint", "category": "queueing", "text": "排队太久"}
	for name, value := range change {
		fields[name] = value
		if value == nil {
			delete(fields, name)
		}
	}
	body, err := json.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
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

// answer calls the function and decodes what it answers.
func (f *function) answer(t *testing.T, r events.APIGatewayV2HTTPRequest) (int, map[string]any) {
	t.Helper()
	out, err := f.Serve(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	described(t, r, out)
	var body map[string]any
	if err := json.Unmarshal([]byte(out.Body), &body); err != nil {
		t.Fatalf("%v in %s", err, out.Body)
	}
	return out.StatusCode, body
}

// faults lists a problem's fields as "/text required".
func faults(body map[string]any) string {
	var all []string
	list, _ := body["fields"].([]any)
	for _, f := range list {
		field := f.(map[string]any)
		all = append(all, fmt.Sprint(field["pointer"], " ", field["code"]))
	}
	return strings.Join(all, ", ")
}

var photoID = regexp.MustCompile(`[a-z0-9]{26}-[0-9a-f]{16}`)

func TestPayloads(t *testing.T) {
	for _, name := range []string{
		"catalog", "file-complaint", "file-urgent", "file-anonymous-report", "file-english", "file-bad-fields", "photo-slot", "matters",
	} {
		t.Run(name, func(t *testing.T) {
			out := golden.Invoke(t, newFunction().Serve, golden.Payload(t, "submit/"+name))
			golden.Check(t, name, photoID.ReplaceAll(out, []byte("«random»-«its fingerprint»")))
		})
	}
}

// A phone that hears nothing sends the form again: it must get the receipt it would have got, byte for byte.
func TestFilingAgainGivesTheSameReceipt(t *testing.T) {
	f := newFunction()
	first := golden.Invoke(t, f.Serve, golden.Payload(t, "submit/file-complaint"))
	var later events.APIGatewayV2HTTPRequest
	if err := json.Unmarshal(golden.Payload(t, "submit/file-complaint"), &later); err != nil {
		t.Fatal(err)
	}
	later.RequestContext.TimeEpoch += int64(3 * 24 * time.Hour / time.Millisecond)
	again, err := f.Serve(t.Context(), later)
	if err != nil {
		t.Fatal(err)
	}
	var was events.APIGatewayV2HTTPResponse
	if err := json.Unmarshal(first, &was); err != nil {
		t.Fatal(err)
	}
	if again.Body != was.Body || again.StatusCode != 201 || f.store.Writes() != 1 {
		t.Errorf("got %d %s\nwant %s; %d writes", again.StatusCode, again.Body, was.Body, f.store.Writes())
	}
	later.Body = strings.Replace(later.Body, "四十分钟", "四小时", 1)
	status, body := f.answer(t, later)
	if status != 409 || body["code"] != "key-reused" || f.store.Writes() != 1 {
		t.Errorf("another text under the same key: got %d %v", status, body)
	}
}

// A phone whose language changed between two sendings of one form was told that the key was used
// for another matter.
func TestTheSameFilingInAnotherLanguageIsTheSame(t *testing.T) {
	f := newFunction()
	r := request(filing(t, nil))
	for _, language := range []string{"zh", "en"} {
		r.Headers["accept-language"] = language
		if status, body := f.answer(t, r); status != http.StatusCreated {
			t.Errorf("in %s: status %d, %v", language, status, body)
		}
	}
}

func TestPhotosMustBeOurs(t *testing.T) {
	f := newFunction()
	var ids []string
	for range 6 {
		_, slot := f.answer(t, events.APIGatewayV2HTTPRequest{
			RouteKey: "POST /v1/photos", Body: `{"type":"image/png"}`, Headers: map[string]string{"content-type": "application/json"},
		})
		ids = append(ids, slot["id"].(string))
	}
	if status, body := f.answer(t, request(filing(t, map[string]any{"photos": ids}))); status != 201 {
		t.Fatalf("six of ours: got %d %v", status, body)
	}
	for _, test := range []struct {
		photos any
		want   string
	}{
		{append([]string{ids[0]}, ids...), "/photos max-items"},
		{[]string{ids[0], ids[0]}, "/photos unique"},
		{[]string{ids[0], "../uploads/x"}, "/photos/1 photoid"},
		{[]string{ids[0][:26] + "-0123456789abcdef", ""}, "/photos/0 photoid, /photos/1 photoid"},
		{[]any{1}, "/photos/0 type"},
		{"none", "/photos type"},
	} {
		if status, body := f.answer(t, request(filing(t, map[string]any{"photos": test.photos}))); status != 422 || faults(body) != test.want {
			t.Errorf("%v: got %d %s, want %s", test.photos, status, faults(body), test.want)
		}
	}
}

func TestPhotoSlotTypes(t *testing.T) {
	f := newFunction()
	for _, mediaType := range bucket.PhotoTypes() {
		status, got := f.answer(t, events.APIGatewayV2HTTPRequest{
			RouteKey: "POST /v1/photos", Body: `{"type":"` + mediaType + `"}`, Headers: map[string]string{"content-type": "application/json"},
		})
		if status != 201 || got["fields"].(map[string]any)["Content-Type"] != mediaType {
			t.Errorf("%s: got %d %v", mediaType, status, got)
		}
	}
	for body, want := range map[string]string{
		`{"type":"image/gif"}`: "/type oneof", `{}`: "/type required", `{"type":"image/jpeg","size":1}`: "/size unknown",
	} {
		status, got := f.answer(t, events.APIGatewayV2HTTPRequest{
			RouteKey: "POST /v1/photos", Body: body, Headers: map[string]string{"content-type": "application/json"},
		})
		if status != 422 || faults(got) != want {
			t.Errorf("%s: got %d %s, want %s", body, status, faults(got), want)
		}
	}
}

// Next year's holidays are announced in November: until they are in the office file, a filing is taken without a
// date and the operator is told what to do. It used to be easy to refuse it instead.
func TestFiledUndatedWhereTheCalendarEnds(t *testing.T) {
	f := newFunction()
	r := request(filing(t, nil))
	r.RequestContext.TimeEpoch = time.Date(2026, 12, 30, 9, 0, 0, 0, visitortest.Nine.Location()).UnixMilli()
	status, body := f.answer(t, r)
	if status != 201 || body["answerBy"] != nil || body["number"] == "" {
		t.Errorf("got %d %v", status, body)
	}
	if _, there := body["answerBy"]; !there {
		t.Error("answerBy is missing; want null")
	}
	log := f.log.String()
	for _, want := range []string{`"level":"ERROR"`, "add the year's holidays to the office file", body["number"].(string), "2027"} {
		if !strings.Contains(log, want) {
			t.Errorf("the log does not say %q: %s", want, log)
		}
	}
	f.answer(t, r)
	if n := strings.Count(f.log.String(), "ERROR"); n != 1 {
		t.Errorf("told %d times, want once however often it is sent", n)
	}
}

// Another visitor's key may give the same number: one filing in thousands, once a million are stored.
func TestTakenNumberGivesTheNext(t *testing.T) {
	f := newFunction()
	key := visitortest.Keys().Ring(visitortest.Nine)[0]
	first, second := key.Number("WX", "0123456789abcdef", 0), key.Number("WX", "0123456789abcdef", 1)
	if err := f.store.File(t.Context(), visitortest.Filed(t, first, "another visitor's")); err != nil {
		t.Fatal(err)
	}
	for range 2 { // and when it is sent again
		status, body := f.answer(t, request(filing(t, nil)))
		if status != 201 || body["number"] != second || body["code"] != key.Code(second) {
			t.Errorf("got %d %v, want number %s", status, body, second)
		}
	}
	if f.store.Writes() != 2 {
		t.Errorf("%d tickets, want 2", f.store.Writes())
	}
}

// What fails inside is the operator's business: the visitor is told that nothing was stored, and nothing else.
func TestInternalErrorsStayInside(t *testing.T) {
	f := newFunction()
	f.store.FailWith(func(string) error { return errors.New("table steledesk: throttled") })
	r := request(filing(t, map[string]any{"text": "排队排到天黑", "contact": map[string]string{"name": "张三", "phone": "13800001234"}}))
	r.RequestContext.RequestID = "JKJaXmPLvHcESHA="
	out, err := f.Serve(t.Context(), r)
	if err != nil || out.StatusCode != 500 || out.Headers["retry-after"] != "5" || strings.Contains(out.Body, "throttled") ||
		!strings.Contains(out.Body, `"request":"JKJaXmPLvHcESHA="`) || strings.Contains(out.Body, "ERROR") {
		t.Errorf("got %+v, %v", out, err)
	}
	if log := f.log.String(); !strings.Contains(log, `"level":"ERROR"`) || !strings.Contains(log, "throttled") || !strings.Contains(log, "JKJaXmPLvHcESHA=") {
		t.Errorf("the log says %s", log)
	}
}

// Whatever comes in, nothing a visitor wrote and no code is in the log.
func TestLogHoldsNothingOfVisitors(t *testing.T) {
	f := newFunction()
	secret := []string{"张三丰", "13912345678", "排队排到天黑", "多开窗口", "key-of-one-visitor-1"}
	contact := map[string]any{"name": secret[0], "phone": secret[1]}
	for _, change := range []map[string]any{
		{"text": secret[2], "wish": secret[3], "contact": contact},
		{"text": secret[2], "wish": secret[3], "contact": contact, "kind": secret[2]},
		{secret[2]: secret[3]},
		{"category": secret[2], "spot": secret[3]},
		{"contact": secret[0]},
	} {
		r := request(filing(t, change))
		r.Headers["idempotency-key"] = secret[4]
		_, body := f.answer(t, r)
		if code, ok := body["number"].(string); ok {
			secret = append(secret, visitortest.Keys().Code(code))
		}
		r.Body = r.Body[:len(r.Body)-2]
		f.answer(t, r)
	}
	f.store.FailWith(func(string) error { return errors.New("down") })
	r := request(filing(t, map[string]any{"text": secret[2], "contact": contact}))
	r.Headers["idempotency-key"] = "another-0123456789"
	f.answer(t, r)
	for _, s := range secret {
		if strings.Contains(f.log.String(), s) {
			t.Errorf("%q is in the log: %s", s, f.log.String())
		}
	}
}
