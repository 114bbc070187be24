package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"steledesk/shared/account"
	"steledesk/shared/digest"
	"steledesk/shared/httpapi"
	"steledesk/shared/meeting"
	"steledesk/shared/meeting/minutes"
	"steledesk/shared/office"
	"steledesk/shared/phrase"
	"steledesk/shared/ticket"
)

type decisionBody struct {
	Number   int           `json:"number,omitempty"` // in its meeting; left out in the list of earlier ones
	Meeting  digest.Month  `json:"meeting"`
	Ticket   string        `json:"ticket"`
	Text     string        `json:"text"`
	Section  httpapi.Named `json:"section"`
	AnswerBy httpapi.Time  `json:"answerBy"`
	State    httpapi.Named `json:"state"`
	Timing   digest.Timing `json:"timing"`
	Settled  bool          `json:"settled"` // the office took the answer
	Again    bool          `json:"again"`   // a later meeting sent it back
	Answer   string        `json:"answer"`
}

func (m *meetings) decisions(ctx context.Context, r *httpapi.Request, of digest.Month, told []digest.Decision) (own, earlier []decisionBody, err error) {
	o, _, err := m.Offices.Current(ctx)
	if err != nil {
		return nil, nil, err
	}
	listed, err := m.List(ctx, of, r.Now)
	if err == nil {
		own = bodiesOf(listed, o, r.Language)
		listed, err = m.Open(ctx, told, r.Now)
	}
	return own, bodiesOf(listed, o, r.Language), err
}

func bodiesOf(all []meeting.Listed, o *office.Office, language string) []decisionBody {
	out := make([]decisionBody, len(all))
	for i, d := range all {
		out[i] = decisionBody{
			Number: d.Resolved.Number, Meeting: d.Month, Ticket: d.Ticket, Text: d.Text, Section: httpapi.Named{ID: d.Section, Name: o.SectionName(d.Section, language)},
			AnswerBy: httpapi.Time{Time: d.AnswerBy}, State: httpapi.Named{ID: string(d.State), Name: phrase.In(language, "state."+string(d.State))},
			Timing: d.Timing, Settled: !d.State.Open(), Again: d.Again, Answer: d.Answer,
		}
	}
	return out
}

// decideBody is a decision as the office writes it.
type decideBody struct {
	Text     string    `json:"text" validate:"required,max=2000,notblank,plaintext"`
	Section  string    `json:"section" validate:"required,max=40"`
	AnswerBy time.Time `json:"answerBy" validate:"required,plannable"`
}

func (m *meetings) decide(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	var body decideBody
	of, key, err := written(ctx, r, &body)
	if err != nil {
		return httpapi.Response{}, err
	}
	if err := impersonal(r, body.Text); err != nil {
		return httpapi.Response{}, err
	}
	_, err = m.Decide(ctx, secretary(r.Principal), key, meeting.Decision{
		Month: of, Text: strings.TrimSpace(body.Text), Section: body.Section, AnswerBy: ticket.Instant(body.AnswerBy),
	}, r.Now)
	return m.after(ctx, r, of, err)
}

// written reads a call that writes to a month's meeting once: its month, its key, and its body, which is validated.
func written(ctx context.Context, r *httpapi.Request, body any) (digest.Month, string, error) {
	of, err := month(r)
	if err != nil {
		return "", "", err
	}
	key, err := r.IdempotencyKey(true)
	if err != nil {
		return "", "", err
	}
	return of, key, r.Decode(ctx, body, nil)
}

// after shows the meeting once a decision was made or sent back.
func (m *meetings) after(ctx context.Context, r *httpapi.Request, of digest.Month, err error) (httpapi.Response, error) {
	switch {
	case errors.Is(err, meeting.ErrPast):
		return httpapi.Response{}, r.Bad("/answerBy", "future")
	case errors.Is(err, meeting.ErrNoSection):
		return httpapi.Response{}, r.Bad("/section", "invalid")
	case err != nil:
		return httpapi.Response{}, err
	}
	planned, err := m.planned(ctx, of)
	if err != nil {
		return httpapi.Response{}, err
	}
	answer, err := m.show(ctx, r, planned)
	answer.Status = http.StatusCreated
	return answer, err
}

type objectionBody struct {
	Text     string    `json:"text" validate:"required,max=2000,notblank,plaintext"`
	AnswerBy time.Time `json:"answerBy" validate:"required,plannable"`
}

// unsettle sends an answered decision back to its section: a supervisor does, or the office for the meeting.
func (m *meetings) unsettle(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	var body objectionBody
	of, key, err := written(ctx, r, &body)
	if err != nil {
		return httpapi.Response{}, err
	}
	if err := impersonal(r, body.Text); err != nil {
		return httpapi.Response{}, err
	}
	number, err := strconv.Atoi(r.Param("decision"))
	if err != nil {
		return httpapi.Response{}, meeting.ErrNoDecision
	}
	decided, err := m.Find(ctx, of, number)
	if err == nil {
		objection := meeting.Objection{Text: strings.TrimSpace(body.Text), AnswerBy: ticket.Instant(body.AnswerBy)}
		err = m.Unsettle(ctx, objector(r.Principal), key, decided, objection, r.Now)
	}
	return m.after(ctx, r, of, err)
}

func secretary(p account.Principal) ticket.Actor {
	return ticket.Actor{Role: ticket.OfficeStaff, Login: p.Login, Section: ticket.OfficeSection}
}

func objector(p account.Principal) ticket.Actor {
	if p.Is(ticket.OfficeStaff) {
		return secretary(p)
	}
	return ticket.Actor{Role: ticket.Supervisor, Login: p.Login}
}

// says is a point that is proposed for the agenda, in words.
func says(p meeting.Point, o *office.Office, language string) string {
	return strings.NewReplacer(
		"{n}", strconv.Itoa(p.N), "{section}", o.SectionName(p.Section, language),
		"{category}", o.CategoryName(p.Category, language), "{spot}", o.SpotName(p.Spot, language),
	).Replace(phrase.In(language, "topic."+string(p.Topic)))
}

// minutes are the meeting as it is written down, in the caller's language.
func (m *meetings) minutes(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	of, err := month(r)
	if err != nil {
		return httpapi.Response{}, err
	}
	planned, err := m.store.Meeting(ctx, of)
	if errors.Is(err, meeting.ErrNoMeeting) {
		err = meeting.ErrNoFile
	}
	if err != nil {
		return httpapi.Response{}, err
	}
	o, _, err := m.Offices.Current(ctx)
	if err != nil {
		return httpapi.Response{}, err
	}
	decided, err := m.List(ctx, of, r.Now)
	if err != nil {
		return httpapi.Response{}, err
	}
	body, err := minutes.Write(minutes.Input{Meeting: planned, Decisions: decided, Office: o, Language: r.Language})
	return httpapi.Response{Status: http.StatusOK, Body: body, Headers: map[string]string{
		"content-type":        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
		"content-disposition": fmt.Sprintf(`attachment; filename="%s-minutes.docx"`, of),
	}}, err
}
