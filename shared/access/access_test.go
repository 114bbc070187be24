package access

import (
	"regexp"
	"slices"
	"testing"

	"steledesk/shared/account"
	"steledesk/shared/ticket"
)

var routeForm = regexp.MustCompile(`^(GET|POST|PUT|DELETE) (/([a-z0-9.-]+|\{[a-z]+\}))+$`)

// A line without a role, or with a role that no account can have, would shut or open a route unseen.
func TestLines(t *testing.T) {
	for route, roles := range Routes {
		if !routeForm.MatchString(route) {
			t.Errorf("%q is no route of the template's form", route)
		}
		if len(roles) == 0 {
			t.Errorf("%s: nobody may call it", route)
		}
		for _, r := range roles {
			if !slices.Contains(account.Roles(), r) && (r != ticket.Visitor || len(roles) > 1) {
				t.Errorf("%s: role %q", route, r)
			}
		}
	}
}

// What no slip in the table may open: a supervisor sees no ticket here, the office file is the office's, and only
// signing in and the page itself are for everybody.
func TestBounds(t *testing.T) {
	supervisor := account.Principal{Roles: []ticket.Role{ticket.Supervisor}}
	office := account.Principal{Roles: []ticket.Role{ticket.OfficeStaff}}
	all := account.Principal{Roles: []ticket.Role{ticket.SectionStaff, ticket.Discipline, ticket.Leader, ticket.Supervisor}}
	for route := range Routes {
		if regexp.MustCompile(` /v1/(desk/tickets|desk/counts|desk/board|desk/audit|office)`).MatchString(route) && Allowed(route, supervisor) {
			t.Errorf("%s: a supervisor may call it", route)
		}
		if regexp.MustCompile(` /v1/office`).MatchString(route) && (Allowed(route, all) || !Allowed(route, office)) {
			t.Errorf("%s: somebody other than the office may call it, or the office may not", route)
		}
		if Open(route) && !slices.Contains([]string{"GET /desk", "GET /desk/{file}", "GET /supervise", "GET /supervise/{file}", "POST /v1/session"}, route) {
			t.Errorf("%s: everybody may call it", route)
		}
	}
	if Open("GET /v1/unheard-of") || Allowed("GET /v1/unheard-of", all) || WithAnyPassword("GET /v1/unheard-of") {
		t.Error("a route without a line is open")
	}
}
