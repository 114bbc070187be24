package main

import (
	"context"
	"net/http"

	"steledesk/shared/desk"
	"steledesk/shared/httpapi"
	"steledesk/shared/phrase"
	"steledesk/shared/visitor"
)

type similarBody struct {
	Lead    *rowBody    `json:"lead"`   // the ticket this one is handled with; null: none
	Linked  []rowBody   `json:"linked"` // those handled with this one
	Tickets []alikeBody `json:"tickets"`
}

// alikeBody is an open ticket that may be the same matter.
type alikeBody struct {
	rowBody
	Likeness int             `json:"likeness"` // 0 … 100
	Why      []httpapi.Named `json:"why"`
	Leads    string          `json:"leads"`   // the number of the one that would lead
	Refused  *httpapi.Named  `json:"refused"` // why they cannot be linked; null: they can
}

func (s *server) similar(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	found, err := s.desk.Similar(ctx, r.Principal, r.Param("number"))
	if err != nil {
		return httpapi.Response{}, err
	}
	o, _, err := s.desk.Offices.Current(ctx)
	if err != nil {
		return httpapi.Response{}, err
	}
	teller := teller{office: o, language: r.Language, who: r.Principal.Login, now: r.Now}
	body := similarBody{Linked: teller.rows(found.Linked), Tickets: []alikeBody{}}
	if found.Lead != nil {
		lead := teller.row(found.Lead.Head, found.Lead.Gist)
		body.Lead = &lead
	}
	for _, a := range found.Tickets {
		body.Tickets = append(body.Tickets, teller.alike(a))
	}
	return httpapi.JSON(http.StatusOK, body)
}

func (t teller) rows(briefs []visitor.Brief) []rowBody {
	rows := []rowBody{}
	for _, b := range briefs {
		rows = append(rows, t.row(b.Head, b.Gist))
	}
	return rows
}

func (t teller) alike(a desk.Alike) alikeBody {
	b := alikeBody{rowBody: t.row(a.Head, a.Gist), Likeness: a.Points, Why: []httpapi.Named{}, Leads: a.Leads}
	for _, why := range a.Why {
		b.Why = append(b.Why, httpapi.Named{ID: string(why), Name: t.reason(why, a.Days)})
	}
	if a.Refused != "" {
		text := t.said("problem", string(a.Refused)).Name
		b.Refused = &httpapi.Named{ID: string(a.Refused), Name: text}
	}
	return b
}

func (t teller) reason(why desk.Reason, days int) string {
	key := map[desk.Reason]string{
		desk.SameSpot: "alike.spot", desk.SameCategory: "alike.category", desk.AlikeWords: "alike.words",
	}[why]
	switch {
	case why != desk.DaysApart:
		return phrase.In(t.language, key)
	case days == 0:
		return phrase.In(t.language, "alike.day")
	}
	return phrase.In(t.language, "alike.days", days)
}
