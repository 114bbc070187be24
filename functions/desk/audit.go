package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"slices"
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

// auditDay gives the day that is asked for, today when none is, and the books that the caller reads.
func auditDay(r *httpapi.Request) (day time.Time, b audit.Books, err error) {
	day, b = r.Now, audit.Books{Matters: r.Principal.Is(ticket.OfficeStaff), Reports: r.Principal.Is(ticket.Discipline)}
	if text := r.Query("day"); text != "" {
		if day, err = time.ParseInLocation(time.DateOnly, text, ticket.Zone); err != nil {
			return day, b, &httpapi.Invalid{Code: "invalid", Fields: []httpapi.Field{
				{Pointer: "/day", Code: "date", Message: phrase.In(r.Language, "field.date")}}}
		}
	}
	return day, b, nil
}

func dateOf(day time.Time) string { return day.In(ticket.Zone).Format(time.DateOnly) }

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
	Day     string      `json:"day"`   // whose entries these are
	Today   string      `json:"today"` // in China, whatever the caller's clock says
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
	day, books, err := auditDay(r)
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
	body := auditBody{Day: dateOf(day), Today: dateOf(r.Now), Entries: []entryBody{}, Next: r.Query("cursor")}
	for range auditPages {
		page, err := s.record.AuditPage(ctx, day, books, auditPage, body.Next)
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
	day, books, err := auditDay(r)
	if err != nil {
		return httpapi.Response{}, err
	}
	filter, err := auditFilter(ctx, r)
	if err != nil {
		return httpapi.Response{}, err
	}
	date := dateOf(day)
	if err := s.taken(ctx, r, date, books); err != nil {
		return httpapi.Response{}, err
	}
	entries := []audit.Entry{}
	for e, err := range s.record.AuditDay(ctx, day, books) {
		if err != nil {
			return httpapi.Response{}, err
		}
		if filter.Passes(e) {
			entries = append(entries, e)
		}
	}
	slices.SortStableFunc(entries, func(a, b audit.Entry) int { return a.At.Compare(b.At) })
	out := bytes.NewBufferString("\uFEFF") // spreadsheets take a file without it for another encoding
	w := csv.NewWriter(out)
	lines := [][]string{{"at", "who", "role", "what", "ticket", "detail"}}
	for _, e := range entries {
		lines = append(lines, []string{
			e.At.In(ticket.Zone).Format(time.RFC3339), cell(e.Who), string(e.Role), string(e.What), e.Ticket, cell(e.Detail),
		})
	}
	if err := w.WriteAll(lines); err != nil {
		return httpapi.Response{}, fmt.Errorf("write audit export: %w", err)
	}
	return httpapi.Response{Status: http.StatusOK, Body: out.Bytes(), Headers: map[string]string{
		"content-type": "text/csv; charset=utf-8", "content-disposition": `attachment; filename="audit-` + date + `.csv"`,
	}}, nil
}

// taken writes into each book of a day that it was taken along.
func (s *server) taken(ctx context.Context, r *httpapi.Request, date string, books audit.Books) error {
	for _, book := range []struct{ read, confidential bool }{{books.Matters, false}, {books.Reports, true}} {
		if !book.read {
			continue
		}
		e := audit.Entry{At: r.Now, Who: r.Principal.Login, Role: r.Principal.Roles[0], What: audit.Exported, Detail: "audit " + date, Confidential: book.confidential}
		if err := s.record.Record(ctx, e); err != nil {
			return err
		}
	}
	return nil
}

// cell writes what a person wrote so that no spreadsheet takes it for a formula.
func cell(text string) string {
	if first, _ := utf8.DecodeRuneInString(text); strings.ContainsRune("=+-@\t\r\n＝＋－＠", first) {
		return "'" + text
	}
	return text
}
