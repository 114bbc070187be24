package main

import (
	"context"

	"steledesk/shared/account"
	"steledesk/shared/httpapi"
	page "steledesk/shared/web/supervise"
)

// server answers the calls of supervisors, and of those who meet with them.
type server struct {
	accounts account.Service
}

// routes are kept by package access: who may call what is said there alone. Signing in is the desk's.
func (s *server) routes() (httpapi.Routes, error) {
	return httpapi.Guard(httpapi.Routes{
		"GET /supervise":        s.page,
		"GET /supervise/{file}": s.page,
	}, s.accounts)
}

func (s *server) page(_ context.Context, r *httpapi.Request) (httpapi.Response, error) {
	return page.Serve(r)
}
