package httpapi

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"steledesk/shared/access"
	"steledesk/shared/account"
	"steledesk/shared/ticket"
)

// SessionCookie is the name of the cookie that carries a session's token.
const SessionCookie = "steledesk"

// The errors of calls that only some may make.
var (
	errForbidden  = errors.New("caller has none of the route's roles")
	errCSRF       = errors.New("X-CSRF-Token is missing or wrong")
	errMustChange = errors.New("password must be changed first")
)

// Sessions says who is signed in with a token: account.Service. account.ErrNoSession when nobody is.
type Sessions interface {
	Principal(ctx context.Context, token string, now time.Time) (account.Principal, error)
}

// Guard gives routes that only those may call whom package access names; to all others they answer
// 401 or 403 before anything is read. A route without a line there is an error. Handlers find who
// calls in Request.Principal, on routes that are not open to everybody.
func Guard(routes Routes, sessions Sessions) (Routes, error) {
	guarded := make(Routes, len(routes))
	for _, route := range slices.Sorted(maps.Keys(routes)) {
		if len(access.Routes[route]) == 0 {
			return nil, fmt.Errorf("guard routes: package access says nothing of %q", route)
		}
		guarded[route] = routes[route]
		if !access.Open(route) {
			guarded[route] = guard(route, routes[route], sessions)
		}
	}
	return guarded, nil
}

func guard(route string, handler Handler, sessions Sessions) Handler {
	return func(ctx context.Context, r *Request) (Response, error) {
		if err := r.signIn(ctx, sessions); err != nil {
			return Response{}, err
		}
		switch {
		case !access.Allowed(route, r.Principal):
			return Response{}, errForbidden
		case outOfTerm(route, r):
			return Response{}, &account.OutOfTerm{Term: r.Principal.Term}
		case r.Principal.MustChange && !access.WithAnyPassword(route):
			return Response{}, errMustChange
		}
		return handler(ctx, r)
	}
}

// outOfTerm reports whether a route is open to the caller as a supervisor alone, who is none today.
func outOfTerm(route string, r *Request) bool {
	p := r.Principal
	return p.Is(ticket.Supervisor) && p.Term.At(r.Now) != account.InTerm &&
		!access.WithAnyPassword(route) && !access.Allowed(route, p.Without(ticket.Supervisor))
}

// signIn finds who calls. account.ErrNoSession, errCSRF.
func (r *Request) signIn(ctx context.Context, sessions Sessions) error {
	token, byCookie := r.Token()
	if token == "" {
		return account.ErrNoSession
	}
	if byCookie && !r.safe() && !account.CheckCSRF(token, r.Header("x-csrf-token")) {
		return errCSRF
	}
	who, err := sessions.Principal(ctx, token, r.Now)
	if err != nil {
		return err
	}
	r.Principal = who
	return nil
}

// safe reports whether the method changes nothing (RFC 9110, 9.2.1).
func (r *Request) safe() bool {
	switch r.Event.RequestContext.HTTP.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return true
	}
	return false
}

// Token gives the session's token that the call carries, "" when there is none, and whether it came
// as a cookie, which a browser also sends for pages of others. A program's Authorization goes first.
func (r *Request) Token() (token string, byCookie bool) {
	if scheme, token, _ := strings.Cut(r.Header("authorization"), " "); strings.EqualFold(scheme, "bearer") {
		return strings.TrimSpace(token), false
	}
	token = r.Cookie(SessionCookie)
	return token, token != ""
}

// SetSession writes the cookie that signs a browser in for as long as the session lasts. Scripts
// cannot read it, other sites' pages cannot have it sent, and it goes over TLS alone (browsers count
// this machine's own address as that).
func SetSession(token string, expires, now time.Time) string {
	c := http.Cookie{
		Name: SessionCookie, Value: token, Path: "/", MaxAge: int(expires.Sub(now).Seconds()),
		HttpOnly: true, Secure: true, SameSite: http.SameSiteStrictMode,
	}
	return c.String()
}

// EndSession writes the cookie that makes a browser forget its session.
func EndSession() string {
	c := http.Cookie{Name: SessionCookie, Path: "/", MaxAge: -1, HttpOnly: true, Secure: true, SameSite: http.SameSiteStrictMode}
	return c.String()
}
