package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"steledesk/shared/audit"
	"steledesk/shared/httpapi"
	"steledesk/shared/phrase"
	"steledesk/shared/ticket"
)

const auditPage = 100 // entries

// auditDay gives the day that is asked for, and whether the caller reads the entries about 举报, as discipline does, or
// all others, as the office does.
func auditDay(r *httpapi.Request) (day time.Time, confidential bool, err error) {
	day = r.Now
	if text := r.Query("day"); text != "" {
		if day, err = time.ParseInLocation(time.DateOnly, text, ticket.Zone); err != nil {
			return day, false, &httpapi.Invalid{Code: "invalid", Fields: []httpapi.Field{
				{Pointer: "/day", Code: "date", Message: phrase.In(r.Language, "field.date")}}}
		}
	}
	return day, !r.Principal.Is(ticket.OfficeStaff), nil
}

type auditBody struct {
	Entries []entryBody `json:"entries"`
	Next    string      `json:"next"`
}

type entryBody struct {
	At     httpapi.Time  `json:"at"`
	Who    string        `json:"who"`
	Role   ticket.Role   `json:"role,omitempty"`
	What   httpapi.Named `json:"what"`
	Ticket string        `json:"ticket,omitempty"`
	Detail string        `json:"detail,omitempty"`
}

func (s *server) audit(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	day, confidential, err := auditDay(r)
	if err != nil {
		return httpapi.Response{}, err
	}
	page, err := s.record.AuditPage(ctx, day, confidential, auditPage, r.Query("cursor"))
	if err != nil {
		return httpapi.Response{}, err
	}
	body := auditBody{Entries: []entryBody{}, Next: page.Next}
	for _, e := range page.Entries {
		body.Entries = append(body.Entries, entryBody{
			At: httpapi.Time{Time: e.At}, Who: e.Who, Role: e.Role, Ticket: e.Ticket, Detail: e.Detail,
			What: httpapi.Named{ID: string(e.What), Name: phrase.In(r.Language, "audit."+string(e.What))},
		})
	}
	return httpapi.JSON(http.StatusOK, body)
}

// exportAudit gives a day's entries as CSV, after it was written down that they were taken.
func (s *server) exportAudit(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	day, confidential, err := auditDay(r)
	if err != nil {
		return httpapi.Response{}, err
	}
	date := day.In(ticket.Zone).Format(time.DateOnly)
	err = s.record.Record(ctx, audit.Entry{
		At: r.Now, Who: r.Principal.Login, Role: r.Principal.Roles[0], What: audit.Exported, Detail: "audit " + date, Confidential: confidential,
	})
	if err != nil {
		return httpapi.Response{}, err
	}
	out := bytes.NewBufferString("\uFEFF") // spreadsheets take a file without it for another encoding
	w := csv.NewWriter(out)
	lines := [][]string{{"at", "who", "role", "what", "ticket", "detail"}}
	for e, err := range s.record.AuditDay(ctx, day, confidential) {
		if err != nil {
			return httpapi.Response{}, err
		}
		lines = append(lines, []string{
			e.At.In(ticket.Zone).Format(time.RFC3339), e.Who, string(e.Role), string(e.What), e.Ticket, cell(e.Detail),
		})
	}
	if err := w.WriteAll(lines); err != nil {
		return httpapi.Response{}, fmt.Errorf("write audit export: %w", err)
	}
	return httpapi.Response{Status: http.StatusOK, Body: out.Bytes(), Headers: map[string]string{
		"content-type": "text/csv; charset=utf-8", "content-disposition": `attachment; filename="audit-` + date + `.csv"`,
	}}, nil
}

// cell writes what a person wrote so that no spreadsheet takes it for a formula.
func cell(text string) string {
	if first, _ := utf8.DecodeRuneInString(text); strings.ContainsRune("=+-@\t\r\n＝＋－＠", first) {
		return "'" + text
	}
	return text
}
