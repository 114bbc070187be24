// Package access is who may call which of the staff's routes. It is the only place that says so:
// what is not in Routes is refused.
package access

import (
	"slices"

	"steledesk/shared/account"
	"steledesk/shared/ticket"
)

// The groups of roles that routes are for.
var (
	anyone = []ticket.Role{ticket.Visitor} // signed in or not
	staff  = []ticket.Role{ticket.SectionStaff, ticket.OfficeStaff, ticket.Discipline, ticket.Leader, ticket.Supervisor}
	desk   = []ticket.Role{ticket.SectionStaff, ticket.OfficeStaff, ticket.Discipline, ticket.Leader}
	handle = []ticket.Role{ticket.SectionStaff, ticket.OfficeStaff, ticket.Discipline}
	office = []ticket.Role{ticket.OfficeStaff}

	supervise = []ticket.Role{ticket.Supervisor} // in their term of office
	meet      = []ticket.Role{ticket.Supervisor, ticket.OfficeStaff, ticket.Leader}

	oversee = []ticket.Role{ticket.OfficeStaff, ticket.Discipline, ticket.Leader}
	assess  = []ticket.Role{ticket.OfficeStaff, ticket.Leader}     // sections by their year
	object  = []ticket.Role{ticket.Supervisor, ticket.OfficeStaff} // say that a decision is not settled
	audit   = []ticket.Role{ticket.OfficeStaff, ticket.Discipline} // each the entries of its own tickets
)

// Routes says for each route of desk and supervise, as the template has it, which roles may call it.
// ticket.Visitor stands for everybody, signed in or not. Which tickets a caller may see, and which
// commands they may give, is account.Principal's and package ticket's to say.
var Routes = map[string][]ticket.Role{
	"GET /desk":        anyone, // the page itself says nothing of anybody
	"GET /desk/{file}": anyone,

	"POST /v1/session":          anyone,
	"DELETE /v1/session":        staff,
	"POST /v1/session/password": staff,
	"GET /v1/desk/me":           staff,

	"GET /v1/desk/tickets":                              desk,
	"GET /v1/desk/counts":                               desk,
	"GET /v1/desk/templates":                            desk,
	"GET /v1/desk/board":                                oversee,
	"GET /v1/desk/tickets/{number}":                     desk,
	"GET /v1/desk/tickets/{number}/similar":             desk,
	"POST /v1/desk/tickets/{number}/commands/{command}": desk,
	"POST /v1/desk/tickets/{number}/contact":            handle,

	"GET /v1/desk/audit":        audit,
	"GET /v1/desk/audit/export": audit,

	"GET /supervise":        anyone, // as the desk's page
	"GET /supervise/{file}": anyone,

	"POST /v1/feedback":                    supervise,
	"GET /v1/feedback":                     supervise,
	"GET /v1/feedback/{number}":            supervise,
	"POST /v1/feedback/{number}/comment":   supervise,
	"POST /v1/feedback/{number}/unsettled": supervise,
	"GET /v1/cases":                        meet,

	"GET /v1/office":                             office,
	"PUT /v1/office":                             office,
	"POST /v1/office/preview":                    office,
	"GET /v1/office/versions":                    office,
	"GET /v1/office/versions/{version}":          office,
	"POST /v1/office/versions/{version}/restore": office,
	"POST /v1/office/channels/{channel}/test":    office,
	"GET /v1/office/posters":                     office,
	"GET /v1/office/posters/{spot}":              office,

	"GET /v1/meetings":                                         meet,
	"GET /v1/meetings/{month}":                                 meet,
	"PUT /v1/meetings/{month}":                                 office,
	"POST /v1/meetings/{month}/digest":                         office,
	"GET /v1/meetings/{month}/papers/{file}":                   meet,
	"GET /v1/meetings/{month}/minutes.docx":                    meet,
	"POST /v1/meetings/{month}/decisions":                      office,
	"POST /v1/meetings/{month}/decisions/{decision}/unsettled": object,

	"GET /v1/annual/{year}/{file}": assess,
}

// Open reports whether a route is for everybody, signed in or not. A route without a line is not.
func Open(route string) bool { return slices.Contains(Routes[route], ticket.Visitor) }

// Allowed reports whether a signed-in caller may call a route, once their password is their own.
func Allowed(route string, p account.Principal) bool { return Open(route) || p.IsAny(Routes[route]) }

// WithAnyPassword reports whether a route may be called before a password that an operator gave is
// changed: all it takes to change it, and no more.
func WithAnyPassword(route string) bool {
	switch route {
	case "DELETE /v1/session", "POST /v1/session/password", "GET /v1/desk/me":
		return true
	}
	return Open(route)
}
