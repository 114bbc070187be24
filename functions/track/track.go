package main

import (
	"context"
	"net/http"
	"strings"

	"steledesk/shared/httpapi"
	"steledesk/shared/office"
	"steledesk/shared/phrase"
	"steledesk/shared/push"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
)

// track answers the calls of a visitor who has a ticket.
type track struct {
	desk *visitor.Desk
	keys httpapi.PhotoIDs

	pushKeys  PushKeys
	pushHosts push.Hosts
}

func (t *track) routes() httpapi.Routes {
	return httpapi.Routes{
		"GET /v1/verify":                      t.receiptKeys,
		"POST /v1/verify":                     t.verify,
		"GET /v1/tickets/{number}":            t.read,
		"POST /v1/tickets/{number}/message":   said(t, ticket.Message),
		"POST /v1/tickets/{number}/supply":    said(t, ticket.Supply),
		"POST /v1/tickets/{number}/reopen":    words(t, ticket.Reopen),
		"POST /v1/tickets/{number}/withdraw":  t.withdraw,
		"POST /v1/tickets/{number}/rating":    t.rate,
		"PUT /v1/tickets/{number}/contact":    t.setContact,
		"DELETE /v1/tickets/{number}/contact": t.deleteContact,
		"PUT /v1/tickets/{number}/push":       t.subscribe,
		"DELETE /v1/tickets/{number}/push":    t.unsubscribe,
	}
}

func (t *track) read(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	v, err := t.desk.Read(ctx, r.Param("number"), r.Header("x-ticket-code"), r.Now)
	if err != nil {
		return httpapi.Response{}, err
	}
	return t.show(ctx, r, v)
}

type textBody struct {
	Text string `json:"text" validate:"required,max=2000,notblank,plaintext"`
}

type mayTextBody struct {
	Text string `json:"text" validate:"max=2000,plaintext"`
}

type ratingBody struct {
	Solved string `json:"solved" validate:"required,oneof=yes partly no"`
	Level  *int   `json:"level" validate:"required,min=1,max=5"` // a pointer: 0 is wrong, not missing
	Text   string `json:"text" validate:"max=2000,plaintext"`
}

// words handles a command that is nothing but what the visitor writes.
func words(t *track, name ticket.Name) httpapi.Handler {
	return func(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
		var body textBody
		if err := r.Decode(ctx, &body, nil); err != nil {
			return httpapi.Response{}, err
		}
		return t.do(ctx, r, ticket.Command{Name: name, Text: strings.TrimSpace(body.Text)})
	}
}

func (t *track) withdraw(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	var body mayTextBody
	if err := r.Decode(ctx, &body, nil); err != nil {
		return httpapi.Response{}, err
	}
	return t.do(ctx, r, ticket.Command{Name: ticket.Withdraw, Text: strings.TrimSpace(body.Text)})
}

func (t *track) rate(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	var body ratingBody
	if err := r.Decode(ctx, &body, nil); err != nil {
		return httpapi.Response{}, err
	}
	return t.do(ctx, r, ticket.Command{
		Name: ticket.Rate, Solved: ticket.Solved(body.Solved), Level: *body.Level, Text: strings.TrimSpace(body.Text),
	})
}

func (t *track) do(ctx context.Context, r *httpapi.Request, c ticket.Command) (httpapi.Response, error) {
	key, err := r.IdempotencyKey(false)
	if err != nil {
		return httpapi.Response{}, err
	}
	v, err := t.desk.Do(ctx, r.Param("number"), r.Header("x-ticket-code"), key, c, r.Now)
	if err != nil {
		return httpapi.Response{}, err
	}
	return t.show(ctx, r, v)
}

func (t *track) show(ctx context.Context, r *httpapi.Request, v visitor.View) (httpapi.Response, error) {
	o, _, err := t.desk.Offices.Current(ctx)
	if err != nil {
		return httpapi.Response{}, err
	}
	return httpapi.JSON(http.StatusOK, ticketOf(v, o, r.Language))
}

// ticketBody is a ticket as its visitor sees it.
type ticketBody struct {
	Number       string         `json:"number"`
	Kind         httpapi.Named  `json:"kind"`
	Category     *httpapi.Named `json:"category"`
	Spot         *httpapi.Named `json:"spot"`
	State        httpapi.Named  `json:"state"`
	Section      httpapi.Named  `json:"section"`
	Urgent       bool           `json:"urgent"`
	Round        int            `json:"round"`
	FiledAt      httpapi.Time   `json:"filedAt"`
	AnswerBy     httpapi.Time   `json:"answerBy"`
	AnsweredAt   httpapi.Time   `json:"answeredAt"`
	ClosedAt     httpapi.Time   `json:"closedAt"`
	Outcome      *httpapi.Named `json:"outcome"`
	Solved       string         `json:"solved,omitempty"`
	Satisfaction int            `json:"satisfaction,omitempty"`
	Events       []eventBody    `json:"events"`
	Commands     []ticket.Name  `json:"commands"`
}

type eventBody struct {
	Seq      int           `json:"seq"`
	At       httpapi.Time  `json:"at"`
	What     ticket.What   `json:"what"`
	Says     string        `json:"says"`
	By       ticket.Role   `json:"by"`
	Section  httpapi.Named `json:"section"`
	Text     string        `json:"text,omitempty"`
	Wish     string        `json:"wish,omitempty"`
	Erased   bool          `json:"erased,omitempty"` // there were words; their time is over
	AnswerBy httpapi.Time  `json:"answerBy"`

	Photos []httpapi.Photo `json:"photos,omitempty"`
}

func ticketOf(v visitor.View, o *office.Office, language string) ticketBody {
	h := v.Head
	section := func(id string) httpapi.Named { return httpapi.Named{ID: id, Name: o.SectionName(id, language)} }
	said := func(group, id string) httpapi.Named {
		return httpapi.Named{ID: id, Name: phrase.In(language, group+"."+id)}
	}
	b := ticketBody{
		Number: h.Number, Kind: said("kind", string(h.Kind)), State: said("state", string(h.State)),
		Category: named(h.Category, o.CategoryName(h.Category, language)), Spot: named(h.Spot, o.SpotName(h.Spot, language)),
		Section: section(h.Section), Urgent: h.Urgent, Round: h.Round,
		FiledAt: httpapi.Time{Time: h.FiledAt}, AnswerBy: httpapi.Time{Time: h.Due.AnswerBy},
		AnsweredAt: httpapi.Time{Time: h.AnsweredAt}, ClosedAt: httpapi.Time{Time: h.ClosedAt},
		Solved: string(h.Solved), Satisfaction: h.Satisfaction, Events: []eventBody{}, Commands: v.Commands,
	}
	if h.Outcome != "" && !h.State.Open() {
		outcome := said("outcome", string(h.Outcome))
		b.Outcome = &outcome
	}
	if b.Commands == nil {
		b.Commands = []ticket.Name{}
	}
	for _, e := range v.Events {
		event := eventOf(e, o, language, section(e.After.Section))
		event.Photos = httpapi.PhotosOf(e.Data.Photos, v.Photos, language)
		b.Events = append(b.Events, event)
	}
	return b
}

func eventOf(e ticket.Event, o *office.Office, language string, section httpapi.Named) eventBody {
	b := eventBody{
		Seq: e.Seq, At: httpapi.Time{Time: e.At}, What: e.What, By: e.By.Role, Section: section,
		Says: visitor.Says(e, o, language), AnswerBy: httpapi.Time{Time: e.After.AnswerBy}, Erased: e.Erased(),
	}
	if e.Words != nil {
		b.Text, b.Wish = e.Words.Text, e.Words.Wish
	}
	return b
}

func named(id, name string) *httpapi.Named {
	if id == "" {
		return nil
	}
	return &httpapi.Named{ID: id, Name: name}
}
