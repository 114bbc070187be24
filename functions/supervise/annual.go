package main

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"steledesk/shared/digest"
	"steledesk/shared/httpapi"
	paper "steledesk/shared/papers"
)

// annual answers with a paper of a year. It is made when it is asked for, from the newest editions of the months: a
// correction of a month is in the next one without anybody's doing.
func (m *meetings) annual(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	year, err := digest.ParseYear(r.Param("year"))
	if err != nil {
		return httpapi.Response{}, r.Bad("/year", "year")
	}
	file := r.Param("file")
	if !slices.Contains(paper.AnnualNames(), file) {
		return httpapi.Response{}, r.Bad("/file", "annual-file")
	}
	record, err := m.Year(ctx, m.store, year)
	if err != nil {
		return httpapi.Response{}, err
	}
	o, _, err := m.Offices.Current(ctx)
	if err != nil {
		return httpapi.Response{}, err
	}
	p, err := paper.MakeAnnual(paper.Annual{Year: record.Year, Office: o, Meetings: record.Meetings, Decisions: record.Decisions}, file)
	return httpapi.Response{Status: http.StatusOK, Body: p.Body, Headers: map[string]string{
		"content-type":        p.Type,
		"content-disposition": fmt.Sprintf(`attachment; filename="%d-%s"`, year, file),
	}}, err
}
