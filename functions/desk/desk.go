package main

import (
	"context"
	"iter"
	"time"

	"steledesk/shared/account"
	"steledesk/shared/audit"
	"steledesk/shared/desk"
	"steledesk/shared/dynamo"
	"steledesk/shared/httpapi"
	"steledesk/shared/office"
	page "steledesk/shared/web/desk"
)

// server answers the calls of staff.
type server struct {
	desk     *desk.Desk
	accounts account.Service
	record   record
	offices  offices
	site     string // where phones reach the visitors' pages; empty: where staff reach theirs
	keys     keys
	prober   prober
	photos   photos
	queues   []string // the sections that the deployment gave a queue of their own
}

// photos says where the page shows photos from: *bucket.Photos.
type photos interface {
	Origin(ctx context.Context) (string, error)
}

// record is where staff's acts are written down and read.
type record interface {
	Record(ctx context.Context, e audit.Entry) error
	AuditPage(ctx context.Context, day time.Time, b audit.Books, limit int, cursor string) (dynamo.AuditPage, error)
	AuditDay(ctx context.Context, day time.Time, b audit.Books) iter.Seq2[audit.Entry, error]
}

// routes are kept by package access: who may call what is said there alone.
func (s *server) routes() (httpapi.Routes, error) {
	return httpapi.Guard(httpapi.Routes{
		"GET /desk":        s.page,
		"GET /desk/{file}": s.page,

		"POST /v1/session":          s.signIn,
		"DELETE /v1/session":        s.signOut,
		"POST /v1/session/password": s.changePassword,
		"GET /v1/desk/me":           s.me,

		"GET /v1/desk/tickets":                              s.list,
		"GET /v1/desk/counts":                               s.counts,
		"GET /v1/desk/templates":                            s.templates,
		"GET /v1/desk/board":                                s.board,
		"GET /v1/desk/tickets/{number}":                     s.read,
		"GET /v1/desk/tickets/{number}/similar":             s.similar,
		"POST /v1/desk/tickets/{number}/commands/{command}": s.command,
		"POST /v1/desk/tickets/{number}/contact":            s.reveal,

		"GET /v1/desk/audit":        s.audit,
		"GET /v1/desk/audit/export": s.exportAudit,

		"GET /v1/office":                             s.readOffice,
		"PUT /v1/office":                             s.putOffice,
		"POST /v1/office/preview":                    s.previewOffice,
		"GET /v1/office/versions":                    s.officeVersions,
		"GET /v1/office/versions/{version}":          s.readVersion,
		"POST /v1/office/versions/{version}/restore": s.restoreOffice,
		"POST /v1/office/channels/{channel}/test":    s.testChannel,
		"GET /v1/office/posters":                     s.posters,
		"GET /v1/office/posters/{spot}":              s.poster,
	}, s.accounts)
}

func (s *server) page(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	bucket, err := s.photos.Origin(ctx)
	if err != nil {
		return httpapi.Response{}, err
	}
	return page.Serve(r, bucket)
}

// bodies are the routes that take a whole office file.
func bodies() map[string]int {
	return map[string]int{"PUT /v1/office": office.MaxFile, "POST /v1/office/preview": office.MaxFile}
}
