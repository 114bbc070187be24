// Package httpapi is how the functions speak HTTP behind API Gateway (HTTP API, payload 2.0): routes,
// strict JSON, validation with messages in the caller's language, and problems (RFC 9457).
package httpapi

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"log/slog"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/shared/account"
	"steledesk/shared/phrase"
	"steledesk/shared/ticket"
)

// Request is a call as a handler sees it.
type Request struct {
	Event    events.APIGatewayV2HTTPRequest
	Body     []byte
	Now      time.Time // when the call came in, by the gateway's clock
	Language string    // of the answer: one of phrase.Languages

	Form url.Values // what a page's form sent, once its handler has read it

	Principal account.Principal // who calls, on routes that Guard keeps; nobody on others
}

// Header gives a header by its name in any case, "" when there is none.
func (r *Request) Header(name string) string { return r.Event.Headers[strings.ToLower(name)] }

// Param gives a part of the path by its name in the route.
func (r *Request) Param(name string) string { return r.Event.PathParameters[name] }

// Query gives a query parameter.
func (r *Request) Query(name string) string { return r.Event.QueryStringParameters[name] }

// Cookie gives a cookie's value, "" when there is none.
func (r *Request) Cookie(name string) string {
	for _, c := range r.Event.Cookies {
		if own, value, _ := strings.Cut(c, "="); strings.TrimSpace(own) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// Response is a handler's answer.
type Response struct {
	Status  int
	Headers map[string]string
	Cookies []string // Set-Cookie lines
	Body    []byte
}

// Handler answers one route.
type Handler func(ctx context.Context, r *Request) (Response, error)

// Routes maps "METHOD /path/{param}", as the template has it, to its handler.
type Routes map[string]Handler

// Mux answers the calls of one function.
type Mux struct {
	Routes Routes
	Log    *slog.Logger
	// Render writes a problem for this function's readers; nil: application/problem+json.
	Render func(ctx context.Context, r *Request, p Problem) Response
	// Language chooses the language of this function's answers; nil: the caller's, of all there are.
	Language func(r *Request) string
	// Bodies is the most bytes of a body on routes that take more than MaxBody.
	Bodies map[string]int
	// After runs at the end of each call, before the function may be frozen; nil: nothing.
	After func()
}

// Serve answers one call. Its error is always nil: what went wrong is in the answer and in the log.
func (m *Mux) Serve(ctx context.Context, e events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	r := m.newRequest(e)
	ctx = context.WithValue(ctx, requestKey{}, e.RequestContext.RequestID)
	response, err := m.answer(ctx, r)
	if err != nil {
		p := problemOf(r, err)
		m.note(ctx, r, p, err)
		response = m.render(ctx, r, p)
	}
	if m.After != nil {
		m.After()
	}
	return compressed(r, write(response))
}

func (m *Mux) answer(ctx context.Context, r *Request) (Response, error) {
	body, err := bodyOf(r.Event, max(MaxBody, m.Bodies[r.Event.RouteKey]))
	if err != nil {
		return Response{}, err
	}
	r.Body = body
	handler, ok := m.Routes[r.Event.RouteKey]
	if !ok {
		return Response{}, ErrNoRoute
	}
	return handler(ctx, r)
}

func (m *Mux) render(ctx context.Context, r *Request, p Problem) Response {
	if m.Render != nil {
		return m.Render(ctx, r, p)
	}
	return p.response()
}

func (m *Mux) newRequest(e events.APIGatewayV2HTTPRequest) *Request {
	r := &Request{Event: e, Now: ticket.Instant(time.UnixMilli(e.RequestContext.TimeEpoch))}
	choose := m.Language
	if choose == nil {
		choose = visitorLanguage
	}
	r.Language = choose(r)
	return r
}

func visitorLanguage(r *Request) string { return phrase.Language(r.Asked()) }

// StaffLanguage is Mux.Language for functions that staff call.
func StaffLanguage(r *Request) string { return phrase.StaffLanguage(r.Asked()) }

// Asked gives the languages that the call itself asks for: ?lang= first, then Accept-Language.
func (r *Request) Asked() string { return cmp.Or(r.Query("lang"), r.Header("accept-language")) }

// MaxBody is the most bytes of most requests' bodies: the longest text, escaped, and room beside it.
const MaxBody = 64 << 10

func bodyOf(e events.APIGatewayV2HTTPRequest, most int) ([]byte, error) {
	if len(e.Body) > most*4/3+4 {
		return nil, &TooLarge{most}
	}
	body := []byte(e.Body)
	if e.IsBase64Encoded {
		decoded, err := base64.StdEncoding.DecodeString(e.Body)
		if err != nil {
			return nil, &Invalid{Code: "malformed-json"}
		}
		body = decoded
	}
	if len(body) > most {
		return nil, &TooLarge{most}
	}
	return body, nil
}

func write(r Response) events.APIGatewayV2HTTPResponse {
	headers := map[string]string{"cache-control": "no-store", "x-content-type-options": "nosniff", "referrer-policy": "no-referrer"}
	for k, v := range r.Headers {
		headers[strings.ToLower(k)] = v
	}
	answer := events.APIGatewayV2HTTPResponse{StatusCode: r.Status, Headers: headers, Cookies: r.Cookies, Body: string(r.Body)}
	switch {
	case utf8.Valid(r.Body):
	case strings.HasPrefix(headers["content-type"], "text/"): // a page that shows what came broken
		answer.Body = strings.ToValidUTF8(answer.Body, "\uFFFD")
	default: // a file: JSON cannot carry it as it is
		answer.Body, answer.IsBase64Encoded = base64.StdEncoding.EncodeToString(r.Body), true
	}
	return answer
}

// JSON answers with a value.
func JSON(status int, v any) (Response, error) {
	body, err := json.Marshal(v)
	if err != nil {
		return Response{}, err
	}
	return Response{Status: status, Headers: map[string]string{"content-type": "application/json; charset=utf-8"}, Body: body}, nil
}

// Time is a time as the API writes it: RFC 3339 in +08:00, to the second; null when there is none.
type Time struct{ time.Time }

// MarshalJSON implements json.Marshaler.
func (t Time) MarshalJSON() ([]byte, error) {
	if t.IsZero() {
		return []byte("null"), nil
	}
	return []byte(`"` + t.In(ticket.Zone).Format(time.RFC3339) + `"`), nil
}

// Named is something with an id and a name in the caller's language.
type Named struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}
