package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"steledesk/shared/desk"
	"steledesk/shared/httpapi"
	"steledesk/shared/phrase"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
)

func (s *server) read(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	v, err := s.desk.Read(ctx, r.Principal, r.Param("number"), r.Now)
	if err != nil {
		return httpapi.Response{}, err
	}
	return s.show(ctx, r, v)
}

// commandBody has what any command may need; which of it one does need, the ticket's life says.
type commandBody struct {
	Text     string `json:"text" validate:"max=2000,plaintext"`
	Section  string `json:"section" validate:"max=40"`
	Handler  string `json:"handler" validate:"max=40"`
	Category string `json:"category" validate:"max=40"`
	Outcome  string `json:"outcome" validate:"max=40"`
	Days     int    `json:"days" validate:"min=0,max=366"`
	Reason   string `json:"reason" validate:"max=40"`
	To       string `json:"to" validate:"max=100,plaintext"`
}

func (s *server) command(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	version, err := r.IfMatch()
	if err != nil {
		return httpapi.Response{}, err
	}
	var body commandBody
	if err := r.Decode(ctx, &body, nil); err != nil {
		return httpapi.Response{}, err
	}
	v, err := s.desk.Do(ctx, r.Principal, r.Param("number"), version, ticket.Command{
		Name: ticket.Name(r.Param("command")), Text: strings.TrimSpace(body.Text), Section: body.Section, Handler: body.Handler,
		Category: body.Category, Outcome: ticket.Outcome(body.Outcome), Days: body.Days, Reason: body.Reason, To: strings.TrimSpace(body.To),
	}, r.Now)
	if err != nil {
		return httpapi.Response{}, err
	}
	return s.show(ctx, r, v)
}

type reasonBody struct {
	Reason string `json:"reason" validate:"required,max=200,notblank,plaintext"`
}

func (s *server) reveal(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	var body reasonBody
	if err := r.Decode(ctx, &body, nil); err != nil {
		return httpapi.Response{}, err
	}
	c, err := s.desk.Reveal(ctx, r.Principal, r.Param("number"), strings.TrimSpace(body.Reason), r.Now)
	if err != nil {
		return httpapi.Response{}, err
	}
	return httpapi.JSON(http.StatusOK, contactBody(c))
}

func (s *server) show(ctx context.Context, r *httpapi.Request, v desk.View) (httpapi.Response, error) {
	o, _, err := s.desk.Offices.Current(ctx)
	if err != nil {
		return httpapi.Response{}, err
	}
	teller := teller{office: o, language: r.Language, who: r.Principal.Login, now: r.Now}
	answer, err := httpapi.JSON(http.StatusOK, teller.ticket(v))
	if err == nil {
		answer.Headers["etag"] = fmt.Sprintf(`"%d"`, v.Head.Version)
	}
	return answer, err
}

// ticketBody is a ticket whole, as staff see it.
type ticketBody struct {
	rowBody
	Limits       limitsBody     `json:"limits"`
	AnsweredAt   httpapi.Time   `json:"answeredAt"`
	ClosedAt     httpapi.Time   `json:"closedAt"`
	Outcome      *httpapi.Named `json:"outcome"`
	Solved       string         `json:"solved,omitempty"`
	Satisfaction int            `json:"satisfaction,omitempty"`
	Anonymous    bool           `json:"anonymous"`
	Language     string         `json:"language"` // the visitor wrote in
	Publishable  bool           `json:"publishable"`
	Published    bool           `json:"published"`
	Contact      *contactBody   `json:"contact"` // masked; null: there is none
	Events       []eventBody    `json:"events"`
	Commands     []ticket.Name  `json:"commands"`
}

type limitsBody struct {
	SignBy   httpapi.Time `json:"signBy"`
	ReturnBy httpapi.Time `json:"returnBy"`
	AnswerBy httpapi.Time `json:"answerBy"`
}

type contactBody struct {
	Name  string `json:"name"`
	Phone string `json:"phone"`
}

type eventBody struct {
	Seq    int          `json:"seq"`
	What   ticket.What  `json:"what"`
	Says   string       `json:"says"`
	At     httpapi.Time `json:"at"`
	By     byBody       `json:"by"`
	Text   string       `json:"text,omitempty"`
	Wish   string       `json:"wish,omitempty"`
	Erased bool         `json:"erased,omitempty"` // there were words; their time is over
	Data   dataBody     `json:"data"`

	Photos []httpapi.Photo `json:"photos,omitempty"`
}

type byBody struct {
	Role    ticket.Role    `json:"role"`
	Login   string         `json:"login,omitempty"`
	Section *httpapi.Named `json:"section"`
}

// dataBody is what an event says beyond who and when.
type dataBody struct {
	Section    *httpapi.Named `json:"section,omitempty"`
	From       *httpapi.Named `json:"from,omitempty"`
	Outcome    *httpapi.Named `json:"outcome,omitempty"`
	Handler    string         `json:"handler,omitempty"`
	Days       int            `json:"days,omitempty"`
	Reason     string         `json:"reason,omitempty"`
	To         string         `json:"to,omitempty"`
	Draft      bool           `json:"draft,omitempty"`
	Solved     ticket.Solved  `json:"solved,omitempty"`
	Level      int            `json:"level,omitempty"`
	Step       string         `json:"step,omitempty"`
	HappenedAt httpapi.Time   `json:"happenedAt,omitzero"`
	RoutedBy   string         `json:"routedBy,omitempty"`
	Lead       string         `json:"lead,omitempty"`   // of a link: the lead's number
	Linked     string         `json:"linked,omitempty"` // of a link, on the lead: the other's number
	Undone     bool           `json:"undone,omitempty"` // what came through the lead and was taken back, and the event that did it
}

func (t teller) ticket(v desk.View) ticketBody {
	h := v.Head
	b := ticketBody{
		rowBody: t.row(h, v.Gist), AnsweredAt: httpapi.Time{Time: h.AnsweredAt}, ClosedAt: httpapi.Time{Time: h.ClosedAt},
		Limits: limitsBody{SignBy: httpapi.Time{Time: h.Due.SignBy}, ReturnBy: httpapi.Time{Time: h.Due.ReturnBy}, AnswerBy: httpapi.Time{Time: h.Due.AnswerBy}},
		Solved: string(h.Solved), Satisfaction: h.Satisfaction, Anonymous: h.Anonymous, Language: phrase.Language(h.Language), Publishable: h.Publishable, Published: h.Published,
		Outcome: t.outcome(h.Outcome), Contact: contactOf(v.Contact), Events: []eventBody{}, Commands: v.Commands,
	}
	for _, e := range v.Events {
		event := t.event(e)
		event.Photos = httpapi.PhotosOf(e.Data.Photos, v.Photos, t.language)
		b.Events = append(b.Events, event)
	}
	return b
}

func contactOf(c *visitor.Contact) *contactBody {
	if c == nil {
		return nil
	}
	return &contactBody{Name: c.Name, Phone: c.Phone}
}

func (t teller) outcome(o ticket.Outcome) *httpapi.Named {
	return named(string(o), t.said("outcome", string(o)).Name)
}

func (t teller) event(e ticket.Event) eventBody {
	name := func(id string) *httpapi.Named { return named(id, t.office.SectionName(id, t.language)) }
	d, deed := e.Data, "deed."+string(e.What)
	if d.Undone && e.What == ticket.UnlinkedFrom {
		deed = "deed.unlinked-undone"
	}
	b := eventBody{
		Seq: e.Seq, What: e.What, At: httpapi.Time{Time: e.At}, Erased: e.Erased(),
		Says: strings.ReplaceAll(phrase.In(t.language, deed), "%s", t.office.SectionName(e.After.Section, t.language)),
		By:   byBody{Role: e.By.Role, Login: e.By.Login, Section: name(e.By.Section)},
		Data: dataBody{
			Section: name(d.Section), From: name(d.From), Outcome: t.outcome(d.Outcome), Handler: d.Handler, Days: d.Days, Reason: d.Reason,
			To: d.To, Draft: d.Draft, Solved: d.Solved, Level: d.Level, Step: d.Step,
			HappenedAt: httpapi.Time{Time: d.HappenedAt}, RoutedBy: d.Why,
			Lead: d.Lead, Linked: d.Linked, Undone: d.Undone,
		},
	}
	if e.Words != nil {
		b.Text, b.Wish = e.Words.Text, e.Words.Wish
	}
	return b
}
