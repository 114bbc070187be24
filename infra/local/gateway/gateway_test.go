package gateway_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/infra/local/gateway"
	"steledesk/infra/local/lambda"
)

// function stands in for the functions: it keeps the last event and gives the answer it is told to.
type function struct {
	name   string
	event  []byte
	answer string
	fail   *lambda.FunctionError
	err    error
	hang   bool
}

func (f *function) Invoke(ctx context.Context, name string, payload []byte) (lambda.Result, error) {
	if len(payload) > lambda.MaxPayload {
		return lambda.Result{}, fmt.Errorf("invoke: %w", lambda.ErrPayloadTooLarge)
	}
	f.name, f.event = name, payload
	if f.hang {
		<-ctx.Done()
		return lambda.Result{}, ctx.Err()
	}
	return lambda.Result{Payload: []byte(f.answer), Error: f.fail}, f.err
}

var now = time.Date(2026, 7, 1, 8, 30, 15, 123e6, time.FixedZone("CST", 8*3600))

func newGateway(t *testing.T, f *function, routes ...gateway.Route) *gateway.Gateway {
	t.Helper()
	if routes == nil {
		routes = []gateway.Route{{Path: "$default", Function: "f"}}
	}
	g, err := gateway.New(routes, f, gateway.Options{Now: func() time.Time { return now }, Timeout: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func serve(g *gateway.Gateway, r *http.Request) *http.Response {
	w := httptest.NewRecorder()
	g.ServeHTTP(w, r)
	return w.Result()
}

func bodyOf(t *testing.T, response *http.Response) string {
	t.Helper()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// The golden file holds the event's shape as AWS sends it, field for field.
func TestEventIsThatOfAWS(t *testing.T) {
	f := &function{answer: `{"statusCode":201}`}
	g := newGateway(t, f, gateway.Route{Method: "POST", Path: "/v1/tickets/{number}/message", Function: "track"})
	r := httptest.NewRequest("POST", "/v1/tickets/WX-7K3F%20Q2/message?lang=zh&tag=a%2Cb&tag=%E7%A2%91&empty", strings.NewReader(`{"text":"碑"}`))
	r.Host = "desk.example.cn:8080"
	r.RemoteAddr = "203.0.113.9:4711"
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	r.Header.Set("User-Agent", "MicroMessenger")
	r.Header.Set("X-Forwarded-For", "198.51.100.7")
	r.Header.Set("X-Amzn-Trace-Id", "Root=1-6685f5a7-000000000000000000000000")
	r.Header.Add("Accept-Language", "zh-CN")
	r.Header.Add("Accept-Language", "en")
	r.Header.Add("Cookie", "session=abc; theme=dark")
	r.Header.Add("Cookie", "other=1")
	r.Header.Set("Connection", "keep-alive")
	response := serve(g, r)
	if response.StatusCode != 201 || f.name != "track" {
		t.Fatalf("got status %d from %q, want 201 from track", response.StatusCode, f.name)
	}

	var got, want map[string]any
	if err := json.Unmarshal(f.event, &got); err != nil {
		t.Fatal(err)
	}
	requestContext := got["requestContext"].(map[string]any)
	if id := requestContext["requestId"]; id == "" || id != response.Header.Get("Apigw-Requestid") {
		t.Errorf("requestId: got %q, want that of the response, %q", id, response.Header.Get("Apigw-Requestid"))
	}
	requestContext["requestId"] = "JKJaXmPLvHcESHA="
	golden, err := os.ReadFile("testdata/event.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(golden, &want); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		pretty, _ := json.MarshalIndent(got, "", "  ")
		t.Errorf("got %s\nwant that of testdata/event.json", pretty)
	}
	var event events.APIGatewayV2HTTPRequest
	if err := json.Unmarshal(f.event, &event); err != nil || event.PathParameters["number"] != "WX-7K3F Q2" {
		t.Errorf("the library reads %+v, %v", event, err)
	}
}

// Which bodies are base64 was measured on AWS by others: only these four kinds of type are text.
func TestBodiesAreEncodedByContentType(t *testing.T) {
	for contentType, want := range map[string]bool{
		"text/plain":                             false,
		"text/csv; charset=gbk":                  false,
		"application/json":                       false,
		"Application/JSON;charset=utf-8":         false,
		"application/xml":                        false,
		"application/javascript":                 false,
		"application/x-www-form-urlencoded":      true,
		"multipart/form-data; boundary=x":        true,
		"application/problem+json":               true,
		"application/octet-stream":               true,
		"image/jpeg":                             true,
		"":                                       true,
		"text/plain; charset=utf-8; charset=utf": false,
	} {
		f := &function{answer: `{}`}
		r := httptest.NewRequest("POST", "/", strings.NewReader("a=1&b=碑"))
		r.Header.Set("Content-Type", contentType)
		serve(newGateway(t, f), r)
		var event events.APIGatewayV2HTTPRequest
		if err := json.Unmarshal(f.event, &event); err != nil {
			t.Fatal(err)
		}
		body := event.Body
		if event.IsBase64Encoded {
			decoded, err := base64.StdEncoding.DecodeString(body)
			if err != nil {
				t.Fatal(err)
			}
			body = string(decoded)
		}
		if event.IsBase64Encoded != want || body != "a=1&b=碑" {
			t.Errorf("%q: got base64 %v, body %q, want base64 %v", contentType, event.IsBase64Encoded, body, want)
		}
	}
}

func TestMostSpecificRouteWins(t *testing.T) {
	routes := []gateway.Route{
		{Path: "$default", Function: "default"},
		{Method: "ANY", Path: "/{proxy+}", Function: "any greedy"},
		{Method: "GET", Path: "/pets/{proxy+}", Function: "pets greedy"},
		{Method: "GET", Path: "/pets/dog/{id}", Function: "dog by id"},
		{Method: "GET", Path: "/pets/dog/1", Function: "dog 1"},
		{Method: "ANY", Path: "/pets/dog/1", Function: "any dog 1"},
		{Method: "get", Path: "/{kind}/{name}", Function: "two parameters"},
		{Method: "GET", Path: "/", Function: "root"},
		{Method: "POST", Path: "/pets/", Function: "slash"},
	}
	for _, test := range []struct{ method, path, want, parameters string }{
		{"GET", "/pets/dog/1", "dog 1", "null"},
		{"PUT", "/pets/dog/1", "any dog 1", "null"},
		{"HEAD", "/pets/dog/1", "any dog 1", "null"},
		{"GET", "/pets/dog/2", "dog by id", `{"id":"2"}`},
		{"GET", "/pets/cat/2", "pets greedy", `{"proxy":"cat/2"}`},
		{"GET", "/pets/cat", "two parameters", `{"kind":"pets","name":"cat"}`},
		{"POST", "/pets/cat", "any greedy", `{"proxy":"pets/cat"}`},
		{"GET", "/", "root", "null"},
		{"HEAD", "/", "default", "null"},
		{"POST", "/pets/", "slash", "null"},
		{"POST", "/pets", "any greedy", `{"proxy":"pets"}`},
		{"GET", "/%E7%A2%91/%E6%9E%97", "two parameters", `{"kind":"碑","name":"林"}`},
	} {
		f := &function{answer: `{}`}
		serve(newGateway(t, f, routes...), httptest.NewRequest(test.method, test.path, nil))
		var event struct {
			PathParameters json.RawMessage `json:"pathParameters"`
		}
		if err := json.Unmarshal(f.event, &event); err != nil {
			t.Fatalf("%s %s: %v", test.method, test.path, err)
		}
		if event.PathParameters == nil {
			event.PathParameters = []byte("null")
		}
		if f.name != test.want || string(event.PathParameters) != test.parameters {
			t.Errorf("%s %s: got %s with %s, want %s with %s", test.method, test.path, f.name, event.PathParameters, test.want, test.parameters)
		}
	}
}

func TestRequestsWithoutARouteAreNotFound(t *testing.T) {
	g := newGateway(t, &function{}, gateway.Route{Method: "GET", Path: "/v1/tickets/{number}", Function: "track"})
	for _, request := range []string{"HEAD /v1/tickets/1", "POST /v1/tickets/1", "GET /v1/tickets/", "GET /v1/tickets/1/", "GET /v1/tickets/1/2", "GET /"} {
		method, path, _ := strings.Cut(request, " ")
		response := serve(g, httptest.NewRequest(method, path, nil))
		if got := bodyOf(t, response); response.StatusCode != 404 || got != `{"message":"Not Found"}` {
			t.Errorf("%s: got %d %s", request, response.StatusCode, got)
		}
	}
}

func TestBadRoutesAreAllNamed(t *testing.T) {
	_, err := gateway.New([]gateway.Route{
		{Method: "GET", Path: "/v1/{a}"},
		{Method: "GET", Path: "/v1/{b}"},
		{Method: "FETCH", Path: "/"},
		{Method: "GET", Path: "v1"},
		{Method: "GET", Path: "/{proxy+}/more"},
		{Method: "GET", Path: "/{open"},
		{Method: "GET", Path: "/a{b}"},
	}, &function{}, gateway.Options{})
	for _, want := range []string{
		`route "GET /v1/{b}": another route matches exactly the same requests`,
		`route "FETCH /": method "FETCH", want ANY`,
		`route "GET v1": the path must start with /`,
		`route "GET /{proxy+}/more": {proxy+} must be the last segment`,
		`route "GET /{open": segment "{open": want {name} or {name+}`,
		`route "GET /a{b}": segment "a{b}": a parameter must be the whole segment`,
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v\nwant it to have %s", err, want)
		}
	}
}

func TestAnswersAreReadAsFormat2(t *testing.T) {
	for _, test := range []struct {
		name, answer string
		status       int
		contentType  string
		body         string
	}{
		{"full", `{"statusCode":201,"headers":{"content-type":"text/html"},"body":"<p>碑"}`, 201, "text/html", "<p>碑"},
		{"no type", `{"statusCode":200,"body":"x"}`, 200, "text/plain; charset=utf-8", "x"},
		{"no body", `{"statusCode":204}`, 204, "", ""},
		{"base64", `{"statusCode":200,"headers":{"Content-Type":"image/png"},"body":"iVBORw==","isBase64Encoded":true}`, 200, "image/png", "\x89PNG"},
		{"inferred object", `{"message":"hello"}`, 200, "application/json", `{"message":"hello"}`},
		{"inferred text", `"hello"`, 200, "application/json", `hello`},
		{"inferred list", `[1,2]`, 200, "application/json", `[1,2]`},
		{"inferred null", `null`, 200, "application/json", `null`},
		{"number in a header", `{"statusCode":200,"headers":{"x-number":5,"content-type":"a/b"},"body":""}`, 200, "a/b", ""},
		{"status as text", `{"statusCode":"202"}`, 202, "", ""},
		{"not JSON", `hello`, 500, "application/json", `{"message":"Internal Server Error"}`},
		{"nothing", ``, 500, "application/json", `{"message":"Internal Server Error"}`},
		{"body is an object", `{"statusCode":200,"body":{}}`, 500, "application/json", `{"message":"Internal Server Error"}`},
		{"status is none", `{"statusCode":99}`, 500, "application/json", `{"message":"Internal Server Error"}`},
		{"status is text", `{"statusCode":"ok"}`, 500, "application/json", `{"message":"Internal Server Error"}`},
		{"base64 is none", `{"statusCode":200,"body":"%","isBase64Encoded":true}`, 500, "application/json", `{"message":"Internal Server Error"}`},
		{"header is a list", `{"statusCode":200,"headers":{"a":["b"]}}`, 500, "application/json", `{"message":"Internal Server Error"}`},
	} {
		response := serve(newGateway(t, &function{answer: test.answer}), httptest.NewRequest("GET", "/", nil))
		body := bodyOf(t, response)
		if response.StatusCode != test.status || body != test.body || response.Header.Get("Content-Type") != test.contentType {
			t.Errorf("%s: got %d %q %q, want %d %q %q", test.name, response.StatusCode, response.Header.Get("Content-Type"), body,
				test.status, test.contentType, test.body)
		}
	}
}

func TestEachCookieIsAHeaderOfItsOwn(t *testing.T) {
	f := &function{answer: `{"statusCode":200,"cookies":["a=1; HttpOnly","b=2"],"headers":{"Content-Length":"99","X-A":"b"},"body":"ok"}`}
	response := serve(newGateway(t, f), httptest.NewRequest("GET", "/", nil))
	if got := response.Header.Values("Set-Cookie"); !reflect.DeepEqual(got, []string{"a=1; HttpOnly", "b=2"}) {
		t.Errorf("cookies: got %q", got)
	}
	if got := response.Header.Get("Content-Length"); got != "2" {
		t.Errorf("Content-Length: got %s, want ours, 2", got)
	}
}

func TestFailuresAreAnsweredAsAWSDoes(t *testing.T) {
	for _, test := range []struct {
		name     string
		function function
		status   int
		body     string
	}{
		{"function error", function{fail: &lambda.FunctionError{Type: "errorString", Message: "secret detail"}}, 500, `{"message":"Internal Server Error"}`},
		{"host error", function{err: errors.New("host is closed")}, 500, `{"message":"Internal Server Error"}`},
		{"timeout", function{hang: true}, 503, `{"message":"Service Unavailable"}`},
	} {
		response := serve(newGateway(t, &test.function), httptest.NewRequest("GET", "/", nil))
		if got := bodyOf(t, response); response.StatusCode != test.status || got != test.body {
			t.Errorf("%s: got %d %s, want %d %s", test.name, response.StatusCode, got, test.status, test.body)
		}
	}
}

// endless is a body of unknown length that counts what is read of it.
type endless struct{ read int }

func (e *endless) Read(b []byte) (int, error) {
	e.read += len(b)
	return len(b), nil
}

// Guards against an upload that fills the memory.
func TestBodiesOverTheLimitAreRefusedUnread(t *testing.T) {
	f := &function{answer: `{}`}
	g := newGateway(t, f)
	source := &endless{}
	response := serve(g, httptest.NewRequest("POST", "/", source))
	if got := bodyOf(t, response); response.StatusCode != 413 || got != `{"message":"Request Entity Too Large"}` {
		t.Errorf("endless: got %d %s", response.StatusCode, got)
	}
	if source.read > 21<<20 {
		t.Errorf("endless: read %d bytes", source.read)
	}
	announced := httptest.NewRequest("POST", "/", &endless{})
	announced.ContentLength = 10<<20 + 1
	if response := serve(g, announced); response.StatusCode != 413 {
		t.Errorf("announced: got %d, want 413", response.StatusCode)
	}
	if f.event != nil {
		t.Error("the function was invoked")
	}
}

// 10 MB may come in, but an event holds 6: Lambda refuses the rest.
func TestBodiesOverLambdasLimitAreRefused(t *testing.T) {
	for size, want := range map[int]int{5 << 20: 200, 7 << 20: 413} {
		r := httptest.NewRequest("POST", "/", bytes.NewReader(bytes.Repeat([]byte("x"), size)))
		r.Header.Set("Content-Type", "text/plain")
		if response := serve(newGateway(t, &function{answer: `{}`}), r); response.StatusCode != want {
			t.Errorf("%d bytes: got %d, want %d", size, response.StatusCode, want)
		}
	}
}

// Over a real connection: framing, HEAD and a body that breaks off.
func TestOverARealConnection(t *testing.T) {
	f := &function{answer: `{"statusCode":200,"headers":{"content-type":"text/plain"},"body":"hello"}`}
	server := httptest.NewServer(newGateway(t, f))
	defer server.Close()
	response, err := server.Client().Head(server.URL + "/a//b?x=1")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.ContentLength != 5 || bodyOf(t, response) != "" {
		t.Errorf("HEAD: got length %d, want 5 and no body", response.ContentLength)
	}
	var event events.APIGatewayV2HTTPRequest
	if err := json.Unmarshal(f.event, &event); err != nil {
		t.Fatal(err)
	}
	if event.RawPath != "/a//b" || event.RawQueryString != "x=1" || event.RequestContext.HTTP.SourceIP != "127.0.0.1" ||
		event.RequestContext.HTTP.Method != "HEAD" || event.Headers["x-forwarded-proto"] != "http" {
		t.Errorf("got %s", f.event)
	}
}

// busy is a function that works until it is let go.
type busy struct{ begun, free chan struct{} }

func (b *busy) Invoke(context.Context, string, []byte) (lambda.Result, error) {
	b.begun <- struct{}{}
	<-b.free
	return lambda.Result{Payload: []byte(`{}`)}, nil
}

// What is too much is refused at once and told when to come again, and the first place that is free is given again. Without
// a bound, every caller of a crowd waited half a minute for a refusal.
func TestTooManyAtOnceAreRefused(t *testing.T) {
	b := &busy{begun: make(chan struct{}), free: make(chan struct{})}
	g, err := gateway.New([]gateway.Route{{Path: "$default", Function: "f"}}, b, gateway.Options{InFlight: 1})
	if err != nil {
		t.Fatal(err)
	}
	first := make(chan int)
	go func() { first <- serve(g, httptest.NewRequest("GET", "/", nil)).StatusCode }()
	<-b.begun
	refused := serve(g, httptest.NewRequest("GET", "/", nil))
	if got := bodyOf(t, refused); refused.StatusCode != 429 || refused.Header.Get("Retry-After") != "2" || got != `{"message":"Too Many Requests"}` {
		t.Errorf("got %d %s %s", refused.StatusCode, refused.Header, got)
	}
	close(b.free)
	if got := <-first; got != 200 {
		t.Errorf("the first was answered %d", got)
	}
	go func() { first <- serve(g, httptest.NewRequest("GET", "/", nil)).StatusCode }()
	<-b.begun
	if got := <-first; got != 200 {
		t.Errorf("the next was answered %d", got)
	}
}
