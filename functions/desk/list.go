package main

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"steledesk/shared/desk"
	"steledesk/shared/httpapi"
	"steledesk/shared/office"
	"steledesk/shared/phrase"
	"steledesk/shared/ticket"
)

// listQuery is what a list is asked for by. Its tags are checked like those of a body.
type listQuery struct {
	Section  string `json:"section" validate:"max=40"`
	State    string `json:"state" validate:"omitempty,oneof=triage assigned handling waiting returned review answered closed declined referred withdrawn"`
	Kind     string `json:"kind" validate:"omitempty,oneof=complaint report suggestion enquiry praise feedback resolution"`
	Category string `json:"category" validate:"max=40"`
	Spot     string `json:"spot" validate:"max=40"`
	Due      string `json:"due" validate:"omitempty,oneof=overdue today week"`
	Urgent   string `json:"urgent" validate:"omitempty,oneof=true false"`
	Mine     string `json:"mine" validate:"omitempty,oneof=true false"`
	Ended    string `json:"ended" validate:"omitempty,oneof=true false"`
	Words    string `json:"q" validate:"max=100,plaintext"`
	Limit    int    `json:"limit" validate:"min=1,max=100"`
}

const usualLimit = 50

func (s *server) list(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	q := listQuery{
		Section: r.Query("section"), State: r.Query("state"), Kind: r.Query("kind"), Category: r.Query("category"),
		Spot: r.Query("spot"), Due: r.Query("due"), Urgent: r.Query("urgent"), Mine: r.Query("mine"), Ended: r.Query("ended"),
		Words: r.Query("q"), Limit: usualLimit,
	}
	if text := r.Query("limit"); text != "" {
		q.Limit, _ = strconv.Atoi(text) // 0 when it is no number: refused below
	}
	if err := r.Validate(ctx, &q, nil); err != nil {
		return httpapi.Response{}, err
	}
	page, err := s.desk.List(ctx, r.Principal, q.filter(), r.Query("cursor"), q.Limit, r.Now)
	if err != nil {
		return httpapi.Response{}, err
	}
	o, _, err := s.desk.Offices.Current(ctx)
	if err != nil {
		return httpapi.Response{}, err
	}
	teller := teller{office: o, language: r.Language, who: r.Principal.Login, now: r.Now}
	body := listBody{Tickets: []rowBody{}, Next: page.Next}
	for _, row := range page.Rows {
		body.Tickets = append(body.Tickets, teller.row(row.Head, row.Gist))
	}
	return httpapi.JSON(http.StatusOK, body)
}

// filter: a state in which tickets have ended asks for those.
func (q listQuery) filter() desk.Filter {
	state := ticket.State(q.State)
	return desk.Filter{
		Section: q.Section, State: state, Kind: ticket.Kind(q.Kind), Category: q.Category, Spot: q.Spot, Due: q.Due,
		Urgent: q.Urgent == "true", Mine: q.Mine == "true", Ended: q.Ended == "true" || q.State != "" && !state.Open(), Words: q.Words,
	}
}

type countsBody struct {
	Open     int  `json:"open"`
	Unsigned int  `json:"unsigned"`
	DueToday int  `json:"dueToday"`
	Overdue  int  `json:"overdue"`
	Urgent   int  `json:"urgent"`
	Capped   bool `json:"capped"`
}

func (s *server) counts(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	c, err := s.desk.Count(ctx, r.Principal, r.Query("section"), r.Now)
	if err != nil {
		return httpapi.Response{}, err
	}
	return httpapi.JSON(http.StatusOK, countsBody(c))
}

type listBody struct {
	Tickets []rowBody `json:"tickets"`
	Next    string    `json:"next"` // empty: this was the last page
}

// rowBody is a ticket as lists have it.
type rowBody struct {
	Number   string         `json:"number"`
	Kind     httpapi.Named  `json:"kind"`
	Category *httpapi.Named `json:"category"`
	Spot     *httpapi.Named `json:"spot"`
	State    httpapi.Named  `json:"state"`
	Section  httpapi.Named  `json:"section"`
	Urgent   bool           `json:"urgent"`
	Handler  string         `json:"handler"`
	Mine     bool           `json:"mine"`
	FiledAt  httpapi.Time   `json:"filedAt"`
	AnswerBy httpapi.Time   `json:"answerBy"`
	SignBy   httpapi.Time   `json:"signBy"`
	Due      desk.Class     `json:"due"`
	Gist     string         `json:"gist"`
	Version  int            `json:"version"`
	Round    int            `json:"round"`
	Urged    int            `json:"urged"`
	Overseen int            `json:"overseen"`
	Lead     string         `json:"lead"`   // the number of the ticket it is handled with; empty: none
	Linked   int            `json:"linked"` // how many are handled with it
}

// teller tells tickets to somebody.
type teller struct {
	office   *office.Office
	language string
	who      string // login
	now      time.Time
}

func (t teller) row(h ticket.Head, gist string) rowBody {
	o, language := t.office, t.language
	if !h.ErasedAt.IsZero() {
		gist = phrase.In(language, "page.ticket.erased")
	}
	return rowBody{
		Number: h.Number, Kind: t.said("kind", string(h.Kind)), State: t.said("state", string(h.State)),
		Category: named(h.Category, o.CategoryName(h.Category, language)), Spot: named(h.Spot, o.SpotName(h.Spot, language)),
		Section: t.section(h.Section), Urgent: h.Urgent, Handler: h.Handler, Mine: h.Handler != "" && h.Handler == t.who,
		FiledAt: httpapi.Time{Time: h.FiledAt}, AnswerBy: httpapi.Time{Time: h.Due.AnswerBy}, SignBy: httpapi.Time{Time: h.Due.SignBy},
		Due: desk.DueClass(h, t.now), Gist: gist, Version: h.Version, Round: h.Round, Urged: h.Urged, Overseen: h.Overseen,
		Lead: h.Lead, Linked: len(h.Linked),
	}
}

func (t teller) section(id string) httpapi.Named {
	return httpapi.Named{ID: id, Name: t.office.SectionName(id, t.language)}
}

func (t teller) said(group, id string) httpapi.Named {
	return httpapi.Named{ID: id, Name: phrase.In(t.language, group+"."+id)}
}

func named(id, name string) *httpapi.Named {
	if id == "" {
		return nil
	}
	return &httpapi.Named{ID: id, Name: name}
}
