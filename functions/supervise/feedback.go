package main

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"steledesk/shared/httpapi"
	"steledesk/shared/office"
	"steledesk/shared/personal"
	"steledesk/shared/phrase"
	"steledesk/shared/supervisor"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
)

type aboutBody struct {
	What string `json:"what" validate:"required,oneof=section spot ticket openness"`
	ID   string `json:"id" validate:"max=40"`
}

type feedbackBody struct {
	About *aboutBody `json:"about" validate:"required"`
	Text  string     `json:"text" validate:"required,max=2000,notblank,plaintext"`
}

type wordsBody struct {
	Text string `json:"text" validate:"required,max=2000,notblank,plaintext"`
}

func (s *server) file(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	key, err := r.IdempotencyKey(true)
	if err != nil {
		return httpapi.Response{}, err
	}
	var body feedbackBody
	if err := r.Decode(ctx, &body, nil); err != nil {
		return httpapi.Response{}, err
	}
	subject := supervisor.Subject{What: body.About.What, ID: strings.TrimSpace(body.About.ID)}
	v, err := s.hall.File(ctx, r.Principal.Login, subject, supervisor.Words{Key: key, Text: strings.TrimSpace(body.Text), Language: r.Language}, r.Now)
	if errors.Is(err, supervisor.ErrSubject) {
		return httpapi.Response{}, invalid(r, "/about/id", "subject")
	}
	return s.show(ctx, r, http.StatusCreated, v, err)
}

func (s *server) read(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	v, err := s.hall.Tickets.ReadOwn(ctx, r.Param("number"), r.Principal.Login, r.Now)
	return s.show(ctx, r, http.StatusOK, v, err)
}

func (s *server) comment(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	return s.say(ctx, r, s.hall.Comment)
}

// unsettled has the feedback handled again.
func (s *server) unsettled(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	return s.say(ctx, r, s.hall.Unsettled)
}

// say does what is nothing but words of the supervisor's.
func (s *server) say(ctx context.Context, r *httpapi.Request, do supervisor.Said) (httpapi.Response, error) {
	key, err := r.IdempotencyKey(false)
	if err != nil {
		return httpapi.Response{}, err
	}
	var body wordsBody
	if err := r.Decode(ctx, &body, nil); err != nil {
		return httpapi.Response{}, err
	}
	v, err := do(ctx, r.Principal.Login, r.Param("number"), supervisor.Words{Key: key, Text: strings.TrimSpace(body.Text), Language: r.Language}, r.Now)
	return s.show(ctx, r, http.StatusOK, v, err)
}

// show answers with feedback as its supervisor sees it.
func (s *server) show(ctx context.Context, r *httpapi.Request, status int, v visitor.View, err error) (httpapi.Response, error) {
	var tells *supervisor.Personal
	switch {
	case errors.As(err, &tells):
		return httpapi.Response{}, told(r, tells)
	case errors.Is(err, visitor.ErrNotFound):
		return httpapi.Response{}, supervisor.ErrNotFound // there are no codes here to be wrong
	case err != nil:
		return httpapi.Response{}, err
	}
	o, _, err := s.hall.Offices.Current(ctx)
	if err != nil {
		return httpapi.Response{}, err
	}
	return httpapi.JSON(status, teller{o, r.Language}.feedback(v))
}

func invalid(r *httpapi.Request, pointer, code string, args ...any) error {
	f := httpapi.Field{Pointer: pointer, Code: code, Message: phrase.In(r.Language, "field."+code, args...)}
	return &httpapi.Invalid{Code: "invalid", Fields: []httpapi.Field{f}}
}

// impersonal refuses a text with personal data: supervisors read what a meeting decides, and it is printed.
func impersonal(r *httpapi.Request, text string) error {
	if kinds := personal.Find(text); len(kinds) > 0 {
		return told(r, &supervisor.Personal{Kinds: kinds})
	}
	return nil
}

// told says what kinds of personal data the text seems to have, so that it can be found and taken out.
func told(r *httpapi.Request, p *supervisor.Personal) error {
	var kinds []string
	for _, k := range p.Kinds {
		kinds = append(kinds, phrase.In(r.Language, "personal."+string(k)))
	}
	return invalid(r, "/text", "personal", strings.Join(kinds, phrase.In(r.Language, "personal.and")))
}

type briefBody struct {
	Number     string         `json:"number"`
	About      aboutOf        `json:"about"`
	State      httpapi.Named  `json:"state"`
	Section    httpapi.Named  `json:"section"`
	FiledAt    httpapi.Time   `json:"filedAt"`
	AnswerBy   httpapi.Time   `json:"answerBy"`
	AnsweredAt httpapi.Time   `json:"answeredAt"`
	Outcome    *httpapi.Named `json:"outcome"`
	Round      int            `json:"round"`
	Late       bool           `json:"late"`
	Gist       string         `json:"gist"`
}

type ownBody struct {
	Feedback []briefBody `json:"feedback"`
	Next     string      `json:"next"`
}

const (
	usualLimit = 20
	maxLimit   = 50
)

func limitOf(r *httpapi.Request) (int, error) {
	text := r.Query("limit")
	if text == "" {
		return usualLimit, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > maxLimit {
		return 0, invalid(r, "/limit", "max", strconv.Itoa(maxLimit))
	}
	return n, nil
}

func (s *server) own(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	limit, err := limitOf(r)
	if err != nil {
		return httpapi.Response{}, err
	}
	found, next, err := s.hall.Own(ctx, r.Principal.Login, r.Query("cursor"), limit)
	if err != nil {
		return httpapi.Response{}, err
	}
	o, _, err := s.hall.Offices.Current(ctx)
	if err != nil {
		return httpapi.Response{}, err
	}
	body := ownBody{Feedback: []briefBody{}, Next: next}
	for _, b := range found {
		line := teller{o, r.Language}.brief(b.Head)
		line.Gist, line.Late = b.Gist, late(b.Head, r.Now)
		if !b.Head.ErasedAt.IsZero() {
			line.Gist = phrase.In(r.Language, "page.ticket.erased")
		}
		body.Feedback = append(body.Feedback, line)
	}
	return httpapi.JSON(http.StatusOK, body)
}

type said struct {
	Seq      int           `json:"seq"`
	At       httpapi.Time  `json:"at"`
	What     ticket.What   `json:"what"`
	Says     string        `json:"says"`
	By       ticket.Role   `json:"by"`
	Section  httpapi.Named `json:"section"`
	Text     string        `json:"text,omitempty"`
	Erased   bool          `json:"erased,omitempty"` // there were words; their time is over
	AnswerBy httpapi.Time  `json:"answerBy"`
}

type feedbackView struct {
	briefBody
	Text     string        `json:"text"`
	Events   []said        `json:"events"`
	Commands []ticket.Name `json:"commands"` // comment, unsettled
}

type aboutOf struct {
	What string `json:"what"`
	ID   string `json:"id"`
	Name string `json:"name"`
}

// teller tells feedback and cases in somebody's language.
type teller struct {
	office   *office.Office
	language string
}

func (t teller) said(group, id string) httpapi.Named {
	return httpapi.Named{ID: id, Name: phrase.In(t.language, group+"."+id)}
}

func (t teller) section(id string) httpapi.Named {
	return httpapi.Named{ID: id, Name: t.office.SectionName(id, t.language)}
}

func (t teller) about(text string) aboutOf {
	s := supervisor.SubjectOf(text)
	a := aboutOf{What: s.What, ID: s.ID, Name: s.ID}
	switch s.What {
	case supervisor.OnSection:
		a.Name = t.office.SectionName(s.ID, t.language)
	case supervisor.OnSpot:
		a.Name = t.office.SpotName(s.ID, t.language)
	case supervisor.OnOpenness:
		a.Name = phrase.In(t.language, "supervise.openness")
	}
	return a
}

func (t teller) brief(h ticket.Head) briefBody {
	b := briefBody{
		Number: h.Number, About: t.about(h.About), State: t.said("state", string(h.State)), Section: t.section(h.Section),
		FiledAt: httpapi.Time{Time: h.FiledAt}, AnswerBy: httpapi.Time{Time: h.Due.AnswerBy}, AnsweredAt: httpapi.Time{Time: h.AnsweredAt},
		Round: h.Round,
	}
	if h.Outcome != "" && !h.State.Open() {
		outcome := t.said("outcome", string(h.Outcome))
		b.Outcome = &outcome
	}
	return b
}

func (t teller) feedback(v visitor.View) feedbackView {
	f := feedbackView{briefBody: t.brief(v.Head), Events: []said{}, Commands: []ticket.Name{}}
	for _, e := range v.Events {
		line := said{Seq: e.Seq, At: httpapi.Time{Time: e.At}, What: e.What, Says: visitor.Says(e, t.office, t.language), By: e.By.Role,
			Section: t.section(e.After.Section), AnswerBy: httpapi.Time{Time: e.After.AnswerBy}, Erased: e.Erased()}
		if e.Words != nil {
			line.Text = e.Words.Text
		}
		if e.What == ticket.Filed {
			f.Text, f.Gist = line.Text, visitor.Gist(line.Text)
		}
		f.Events = append(f.Events, line)
	}
	for _, c := range v.Commands {
		switch c {
		case ticket.Message, ticket.Supply:
			if len(f.Commands) == 0 {
				f.Commands = append(f.Commands, "comment")
			}
		case ticket.Reopen:
			f.Commands = append(f.Commands, "unsettled")
		}
	}
	return f
}
