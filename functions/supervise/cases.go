package main

import (
	"context"
	"net/http"
	"time"

	"steledesk/shared/desk"
	"steledesk/shared/httpapi"
	"steledesk/shared/supervisor"
	"steledesk/shared/ticket"
)

// caseQuery is what cases are asked for by.
type caseQuery struct {
	Section string `json:"section" validate:"max=40"`
	State   string `json:"state" validate:"omitempty,oneof=triage assigned handling waiting returned review answered closed declined referred withdrawn"`
	Ended   string `json:"ended" validate:"omitempty,oneof=true false"`
	Month   string `json:"month" validate:"max=7"`
}

type caseBody struct {
	Number     string         `json:"number"`
	Kind       httpapi.Named  `json:"kind"`
	Category   *httpapi.Named `json:"category"`
	Spot       *httpapi.Named `json:"spot"`
	Section    httpapi.Named  `json:"section"`
	State      httpapi.Named  `json:"state"`
	FiledAt    httpapi.Time   `json:"filedAt"`
	AnswerBy   httpapi.Time   `json:"answerBy"`
	AnsweredAt httpapi.Time   `json:"answeredAt"`
	Days       *int           `json:"days"` // working days; null: the calendar does not reach
	Late       bool           `json:"late"`
	Round      int            `json:"round"`
	Urgent     bool           `json:"urgent"`
	Outcome    *httpapi.Named `json:"outcome"`
	Published  *publicBody    `json:"published"` // null: the office has published nothing of it
}

type publicBody struct {
	Text   string `json:"text"`
	Answer string `json:"answer"`
}

type casesBody struct {
	Cases []caseBody `json:"cases"`
	Next  string     `json:"next"`
}

func (s *server) cases(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	q := caseQuery{Section: r.Query("section"), State: r.Query("state"), Ended: r.Query("ended"), Month: r.Query("month")}
	if err := r.Validate(ctx, &q, nil); err != nil {
		return httpapi.Response{}, err
	}
	if _, err := time.Parse("2006-01", q.Month); q.Month != "" && err != nil {
		return httpapi.Response{}, invalid(r, "/month", "month")
	}
	limit, err := limitOf(r)
	if err != nil {
		return httpapi.Response{}, err
	}
	state := ticket.State(q.State)
	f := desk.Filter{Section: q.Section, State: state, Month: q.Month, Ended: q.Ended == "true" || q.State != "" && !state.Open()}
	page, err := s.hall.Cases(ctx, f, r.Query("cursor"), limit, r.Now)
	if err != nil {
		return httpapi.Response{}, err
	}
	o, _, err := s.hall.Offices.Current(ctx)
	if err != nil {
		return httpapi.Response{}, err
	}
	body := casesBody{Cases: []caseBody{}, Next: page.Next}
	for _, c := range page.Cases {
		body.Cases = append(body.Cases, teller{o, r.Language}.redacted(c))
	}
	return httpapi.JSON(http.StatusOK, body)
}

func (t teller) redacted(c supervisor.Case) caseBody {
	h := c.Head
	brief := t.brief(h)
	b := caseBody{
		Number: h.Number, Kind: t.said("kind", string(h.Kind)), State: brief.State, Section: brief.Section, Outcome: brief.Outcome,
		FiledAt: brief.FiledAt, AnswerBy: brief.AnswerBy, AnsweredAt: brief.AnsweredAt, Late: c.Late, Round: h.Round, Urgent: h.Urgent,
	}
	if h.Category != "" {
		b.Category = &httpapi.Named{ID: h.Category, Name: t.office.CategoryName(h.Category, t.language)}
	}
	if h.Spot != "" {
		b.Spot = &httpapi.Named{ID: h.Spot, Name: t.office.SpotName(h.Spot, t.language)}
	}
	if c.Days >= 0 {
		b.Days = &c.Days
	}
	if c.Said != "" || c.Answer != "" {
		b.Published = &publicBody{Text: c.Said, Answer: c.Answer}
	}
	return b
}

// late reports whether the answer is owed since its date.
func late(h ticket.Head, now time.Time) bool { return desk.DueClass(h, now) == desk.Overdue }
