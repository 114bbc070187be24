package main

import (
	"context"
	"maps"

	"steledesk/shared/account"
	"steledesk/shared/httpapi"
	"steledesk/shared/supervisor"
	page "steledesk/shared/web/supervise"
)

// server answers the calls of supervisors, and of those who meet with them.
type server struct {
	accounts account.Service
	meetings *meetings
	hall     *supervisor.Hall
}

// routes are kept by package access: who may call what is said there alone. Signing in is the desk's.
func (s *server) routes() (httpapi.Routes, error) {
	routes := httpapi.Routes{
		"GET /supervise":        s.page,
		"GET /supervise/{file}": s.page,

		"POST /v1/feedback":                    s.file,
		"GET /v1/feedback":                     s.own,
		"GET /v1/feedback/{number}":            s.read,
		"POST /v1/feedback/{number}/comment":   s.comment,
		"POST /v1/feedback/{number}/unsettled": s.unsettled,
		"GET /v1/cases":                        s.cases,
	}
	maps.Copy(routes, s.meetings.routes())
	return httpapi.Guard(routes, s.accounts)
}

func (s *server) page(_ context.Context, r *httpapi.Request) (httpapi.Response, error) {
	return page.Serve(r)
}
