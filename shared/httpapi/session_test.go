package httpapi

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/shared/access"
	"steledesk/shared/account"
	"steledesk/shared/ticket"
)

// signedIn knows people by their tokens.
type signedIn map[string]account.Principal

func (s signedIn) Principal(_ context.Context, token string, _ time.Time) (account.Principal, error) {
	p, ok := s[token]
	if !ok {
		return p, account.ErrNoSession
	}
	return p, nil
}

// everyRoute answers each route of the table, guarded, and notes who called.
func everyRoute(t testing.TB, people signedIn, called *account.Principal) *Mux {
	t.Helper()
	routes := Routes{}
	for route := range access.Routes {
		routes[route] = func(_ context.Context, r *Request) (Response, error) {
			*called = r.Principal
			return Response{Status: http.StatusNoContent}, nil
		}
	}
	guarded, err := Guard(routes, people)
	if err != nil {
		t.Fatal(err)
	}
	return &Mux{Routes: guarded, Log: slog.New(slog.DiscardHandler)}
}

func call(route string) events.APIGatewayV2HTTPRequest {
	method, _, _ := strings.Cut(route, " ")
	e := events.APIGatewayV2HTTPRequest{RouteKey: route, Headers: map[string]string{}}
	e.RequestContext.HTTP.Method = method
	e.RequestContext.TimeEpoch = nine.UnixMilli()
	return e
}

func status(t *testing.T, m *Mux, e events.APIGatewayV2HTTPRequest) int {
	t.Helper()
	out, err := m.Serve(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	return out.StatusCode
}

// Every route answers exactly the roles its line names, and nobody who is not signed in unless it
// is open; before the password that an operator gave is changed, only what changing it takes.
func TestGuardKeepsEveryRoute(t *testing.T) {
	people := signedIn{}
	for _, role := range account.Roles() {
		people[string(role)] = account.Principal{Login: string(role), Roles: []ticket.Role{role}}
		people["new-"+string(role)] = account.Principal{Login: string(role), Roles: []ticket.Role{role}, MustChange: true}
	}
	var called account.Principal
	m := everyRoute(t, people, &called)
	for route, roles := range access.Routes {
		want := map[bool]int{true: http.StatusNoContent, false: http.StatusUnauthorized}[access.Open(route)]
		if got := status(t, m, call(route)); got != want {
			t.Errorf("%s, not signed in: got %d, want %d", route, got, want)
		}
		for _, role := range account.Roles() {
			e := call(route)
			e.Headers["authorization"] = "Bearer " + string(role)
			may := slices.Contains(roles, role) || access.Open(route)
			want := map[bool]int{true: http.StatusNoContent, false: http.StatusForbidden}[may]
			called = account.Principal{}
			if got := status(t, m, e); got != want {
				t.Errorf("%s, %s: got %d, want %d", route, role, got, want)
			}
			if may && !access.Open(route) && called.Login != string(role) {
				t.Errorf("%s: the handler was told %+v", route, called)
			}
			e.Headers["authorization"] = "bearer new-" + string(role)
			want = map[bool]int{true: http.StatusNoContent, false: http.StatusForbidden}[may && access.WithAnyPassword(route)]
			if got := status(t, m, e); got != want {
				t.Errorf("%s, %s with the password they were given: got %d, want %d", route, role, got, want)
			}
		}
	}
}

func TestGuardRefusesARouteWithoutALine(t *testing.T) {
	if _, err := Guard(Routes{"GET /v1/new": nil}, signedIn{}); err == nil || !strings.Contains(err.Error(), "GET /v1/new") {
		t.Errorf("got %v, want an error that names the route", err)
	}
}

// Another site's page can make a browser send the cookie; without the value that only our page can
// read, nothing is changed.
func TestForgedCallsAreRefused(t *testing.T) {
	const token = "office.secret"
	var called account.Principal
	m := everyRoute(t, signedIn{token: {Login: "office", Roles: []ticket.Role{ticket.OfficeStaff}}}, &called)
	tests := []struct {
		name, route, cookie, csrf, bearer string
		want                              int
	}{
		{"reading", "GET /v1/desk/tickets", token, "", "", 204},
		{"changing, nothing sent", "POST /v1/desk/tickets/{number}/commands/{command}", token, "", "", 403},
		{"changing, a guess", "POST /v1/desk/tickets/{number}/commands/{command}", token, "0000", "", 403},
		{"changing, another session's", "POST /v1/desk/tickets/{number}/commands/{command}", token, account.CSRF("office.other"), "", 403},
		{"changing, the value", "POST /v1/desk/tickets/{number}/commands/{command}", token, account.CSRF(token), "", 204},
		{"signing out, nothing sent", "DELETE /v1/session", token, "", "", 403},
		{"a program", "POST /v1/desk/tickets/{number}/commands/{command}", "", "", token, 204},
		{"a program's session that is none, beside a cookie", "GET /v1/desk/tickets", token, "", "x", 401},
		{"no session's cookie", "GET /v1/desk/tickets", "office.other", "", "", 401},
	}
	for _, tt := range tests {
		e := call(tt.route)
		if tt.cookie != "" {
			e.Cookies = []string{"theme=dark", SessionCookie + "=" + tt.cookie}
		}
		if tt.bearer != "" {
			e.Headers["authorization"] = "Bearer " + tt.bearer
		}
		e.Headers["x-csrf-token"] = tt.csrf
		if got := status(t, m, e); got != tt.want {
			t.Errorf("%s: got %d, want %d", tt.name, got, tt.want)
		}
	}
}

// A table that cannot be read is no reason to let anybody in, and none to send people away for good.
func TestGuardFailsShut(t *testing.T) {
	routes, err := Guard(Routes{"GET /v1/desk/me": func(context.Context, *Request) (Response, error) {
		t.Error("the handler was called")
		return Response{}, nil
	}}, broken{})
	if err != nil {
		t.Fatal(err)
	}
	e := call("GET /v1/desk/me")
	e.Headers["authorization"] = "Bearer x"
	if got := status(t, &Mux{Routes: routes, Log: slog.New(slog.DiscardHandler)}, e); got != http.StatusInternalServerError {
		t.Errorf("got %d, want 500", got)
	}
}

type broken struct{}

func (broken) Principal(context.Context, string, time.Time) (account.Principal, error) {
	return account.Principal{}, errors.New("no table")
}

func TestSessionCookies(t *testing.T) {
	got := SetSession("office.abc", nine.Add(12*time.Hour), nine)
	if want := "steledesk=office.abc; Path=/; Max-Age=43200; HttpOnly; Secure; SameSite=Strict"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	got = EndSession()
	if want := "steledesk=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Strict"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	m := Mux{Log: slog.New(slog.DiscardHandler), Routes: Routes{"POST /v1/session": func(context.Context, *Request) (Response, error) {
		return Response{Status: http.StatusCreated, Cookies: []string{got}}, nil
	}}}
	out, err := m.Serve(t.Context(), call("POST /v1/session"))
	if err != nil || !slices.Equal(out.Cookies, []string{got}) {
		t.Errorf("the gateway is given %q, %v", out.Cookies, err)
	}
}
