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
	"steledesk/shared/office"
	"steledesk/shared/phrase"
	"steledesk/shared/ticket"
)

// Bounds of one call: entries wanted, and pages of as many that are looked through for them.
const (
	auditPage  = 100
	auditPages = 10
)

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

// auditQuery is what entries are asked for by.
type auditQuery struct {
	Who    string `json:"who" validate:"max=64,plaintext"`
	Ticket string `json:"ticket" validate:"max=20,plaintext"`
	Act    string `json:"act" validate:"omitempty,oneof=handled seen signin office account"`
}

func auditFilter(ctx context.Context, r *httpapi.Request) (audit.Filter, error) {
	q := auditQuery{Who: strings.TrimSpace(r.Query("who")), Ticket: strings.TrimSpace(r.Query("ticket")), Act: r.Query("act")}
	if err := r.Validate(ctx, &q, nil); err != nil {
		return audit.Filter{}, err
	}
	f := audit.Filter{Who: strings.ToLower(q.Who), Act: audit.Act(q.Act)}
	if q.Ticket == "" {
		return f, nil
	}
	var err error
	if f.Ticket, err = ticket.ParseNumber(q.Ticket); err != nil {
		return f, &httpapi.Invalid{Code: "invalid", Fields: []httpapi.Field{
			{Pointer: "/ticket", Code: "ticket", Message: phrase.In(r.Language, "field.ticket")}}}
	}
	return f, nil
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
	filter, err := auditFilter(ctx, r)
	if err != nil {
		return httpapi.Response{}, err
	}
	o, _, err := s.desk.Offices.Current(ctx)
	if err != nil {
		return httpapi.Response{}, err
	}
	body := auditBody{Entries: []entryBody{}, Next: r.Query("cursor")}
	for range auditPages {
		page, err := s.record.AuditPage(ctx, day, confidential, auditPage, body.Next)
		if err != nil {
			return httpapi.Response{}, err
		}
		body.Next = page.Next
		for _, e := range page.Entries {
			if filter.Passes(e) {
				body.Entries = append(body.Entries, entryOf(e, o, r.Language))
			}
		}
		if len(body.Entries) >= auditPage || page.Next == "" {
			break
		}
	}
	return httpapi.JSON(http.StatusOK, body)
}

func entryOf(e audit.Entry, o *office.Office, language string) entryBody {
	name := phrase.In(language, "audit."+string(e.What))
	if event, is := e.What.Event(); is {
		name = strings.ReplaceAll(phrase.In(language, "deed."+string(event)), "%s", o.SectionName(e.Section, language))
	}
	return entryBody{
		At: httpapi.Time{Time: e.At}, Who: e.Who, Role: e.Role, Ticket: e.Ticket, Detail: e.Detail,
		What: httpapi.Named{ID: string(e.What), Name: name},
	}
}

// exportAudit gives a day's entries as CSV, after it was written down that they were taken.
func (s *server) exportAudit(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	day, confidential, err := auditDay(r)
	if err != nil {
		return httpapi.Response{}, err
	}
	filter, err := auditFilter(ctx, r)
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
		if filter.Passes(e) {
			lines = append(lines, []string{
				e.At.In(ticket.Zone).Format(time.RFC3339), cell(e.Who), string(e.Role), string(e.What), e.Ticket, cell(e.Detail),
			})
		}
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
