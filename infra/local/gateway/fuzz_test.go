package gateway_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/infra/local/gateway"
)

// FuzzRequests: whatever a client sends becomes an event that the functions' own type takes, with the body as it came and
// no header that only the gateway may write; or it is refused.
func FuzzRequests(f *testing.F) {
	f.Add("POST", "/v1/tickets", "lang=en&lang=zh", "application/json", "mine=x; a=b", "203.0.113.9", []byte(`{"text":"排队"}`))
	f.Add("POST", "/files/a/../b", "%zz=%zz;&=", "multipart/form-data; boundary=b", ";;=", "x,y", []byte("--b\r\n\xff\xd8\r\n--b--"))
	f.Add("GET", "/v1/tickets/%2e%2e/\x00", "", "", "", "\r\nx: y", []byte(nil))
	f.Add("ANY", "//", strings.Repeat("a=&", 100), "text/html; charset=\"", "\xff", "", []byte("\xff"))
	f.Fuzz(func(t *testing.T, method, path, query, kind, cookie, forwarded string, body []byte) {
		fn := &function{answer: `{"statusCode":204}`}
		g, err := gateway.New([]gateway.Route{{Path: "$default", Function: "f"}, {Method: "POST", Path: "/v1/tickets", Function: "f"}, {Method: "ANY", Path: "/files/{proxy+}", Function: "f"}}, fn, gateway.Options{})
		if err != nil {
			t.Fatal(err)
		}
		r := &http.Request{Method: method, URL: &url.URL{Path: path, RawQuery: query}, Host: "desk.example.cn:8443", RemoteAddr: "192.0.2.1:1234", Proto: "HTTP/1.1",
			Header: http.Header{"Content-Type": {kind}, "Cookie": {cookie, cookie}, "X-Forwarded-For": {forwarded}, "Host": {"elsewhere.example"}, "Content-Length": {"-1"}},
			Body:   io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body))}
		w := httptest.NewRecorder()
		g.ServeHTTP(w, r.WithContext(t.Context()))
		if w.Code >= 500 {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		if fn.event == nil {
			return
		}
		var e events.APIGatewayV2HTTPRequest
		if err := json.Unmarshal(fn.event, &e); err != nil {
			t.Fatalf("%v in %s", err, fn.event)
		}
		got := []byte(e.Body)
		if e.IsBase64Encoded {
			if got, err = base64.StdEncoding.DecodeString(e.Body); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(got, body) && (e.IsBase64Encoded || utf8.Valid(body)) {
			t.Errorf("body %q came as %q", body, got)
		}
		if e.Headers["host"] != "desk.example.cn:8443" || e.RequestContext.HTTP.SourceIP != "192.0.2.1" || !strings.HasSuffix(e.Headers["x-forwarded-for"], "192.0.2.1") {
			t.Errorf("the client writes what is the gateway's: %v", e.Headers)
		}
	})
}

// FuzzAnswers: whatever a function gives back is an answer, or a failure of its own; it brings the gateway down in neither case.
func FuzzAnswers(f *testing.F) {
	for _, seed := range []string{
		`{"statusCode":200,"headers":{"content-type":"text/html","x":1,"y":true,"z":null},"cookies":["a=b"],"body":"x"}`, `{"statusCode":"302","headers":{"location":"/"}}`,
		`{"statusCode":200,"isBase64Encoded":true,"body":"%%%"}`, `{"statusCode":99}`, `{"statusCode":1e3}`, `"text"`, `null`, `[]`, `{`, `{"statusCode":200,"headers":{"a\r\nb":"c\r\nd"}}`, `{"statusCode":204,"body":"x"}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, answer string) {
		g := newGateway(t, &function{answer: answer})
		response := serve(g, httptest.NewRequest(http.MethodGet, "/", nil))
		if response.StatusCode < 200 || response.StatusCode > 599 {
			t.Errorf("status %d", response.StatusCode)
		}
	})
}
