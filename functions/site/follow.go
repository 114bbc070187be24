package main

import (
	"context"
	"errors"
	"net/url"
	"strconv"
	"strings"

	"steledesk/shared/httpapi"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
	"steledesk/shared/web"
)

// find shows the form for number and code. A link may fill in the number (?n=); the code is in no
// address, ever.
func (s *site) find(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	here, number := "/follow", r.Query("n")
	if number != "" {
		here += "?" + url.Values{"n": {number}}.Encode()
	}
	frame, err := s.frame(ctx, r, here)
	if err != nil {
		return httpapi.Response{}, err
	}
	return s.findForm(r, frame, url.Values{"number": {number}}, nil).Show()
}

func (s *site) findForm(r *httpapi.Request, frame web.Frame, typed url.Values, p *httpapi.Problem) web.FindPage {
	if frame.Here == "" {
		frame.Here = "/follow"
	}
	frame.Place = "/follow"
	return web.FindPage{Frame: frame, Mine: s.mine(r), Form: web.Form{Name: "find", Language: frame.Language, Typed: typed, Problem: p}}
}

// opener is what opens a ticket, as it was typed.
type opener struct{ number, code string }

func openerOf(typed url.Values) opener { return opener{typed.Get("number"), typed.Get("code")} }

// check finds slips of the pen before the table is asked. The error is an *httpapi.Invalid.
func (o opener) check() error {
	var bad []httpapi.Field
	if _, err := ticket.ParseNumber(o.number); err != nil {
		bad = append(bad, httpapi.Field{Pointer: "/number", Code: "number"})
	}
	if _, err := ticket.ParseCode(o.code); err != nil {
		bad = append(bad, httpapi.Field{Pointer: "/code", Code: "code"})
	}
	if len(bad) > 0 {
		return &httpapi.Invalid{Code: "invalid", Fields: bad}
	}
	return nil
}

func (s *site) follow(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	o, err := s.opened(r)
	if err != nil {
		return httpapi.Response{}, err
	}
	v, err := s.desk.Read(ctx, o.number, o.code, r.Now)
	if err != nil {
		return httpapi.Response{}, err
	}
	response, err := s.show(ctx, r, v, func(p *web.TicketPage) { p.Code = o.code })
	if err != nil {
		return response, err
	}
	return s.keep(r, response, hers(v), false)
}

// show writes a ticket's page; finish sets what its caller knows.
func (s *site) show(ctx context.Context, r *httpapi.Request, v visitor.View, finish func(*web.TicketPage)) (httpapi.Response, error) {
	frame, err := s.frame(ctx, r, "")
	if err != nil {
		return httpapi.Response{}, err
	}
	frame.Again, frame.Place = web.Again{Path: "/follow", Form: "again"}, "/follow"
	page := web.TicketPage{Frame: frame, View: v, Key: newKey(), Now: r.Now, PushKey: s.pushKey()}
	if v.Head.State.Open() {
		page.Calendar = s.calendarPath(v.Head.Number, v.Head.Due.AnswerBy)
	}
	finish(&page)
	return page.Show()
}

// ---- what a visitor does to a ticket ----------------------------------------------------

// commands are the parts of the address, as the API names them.
var commands = map[string]ticket.Name{
	"message": ticket.Message, "supply": ticket.Supply, "rating": ticket.Rate,
	"reopen": ticket.Reopen, "withdraw": ticket.Withdraw,
}

type saying struct {
	Text string `json:"text" validate:"required,max=2000,notblank,plaintext"`
}

type mayText struct {
	Text string `json:"text" validate:"max=2000,plaintext"`
}

type rating struct {
	Solved string `json:"solved" validate:"required,oneof=yes partly no"`
	Level  int    `json:"level" validate:"required,min=1,max=5"`
	Text   string `json:"text" validate:"max=2000,plaintext"`
}

func (s *site) command(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	typed, err := typed(r)
	if err != nil {
		return httpapi.Response{}, err
	}
	name := r.Param("command")
	if name == "contact" || name == "contact-delete" {
		return s.contact(ctx, r, name, typed)
	}
	o := openerOf(typed)
	var photos []string
	if name == "message" || name == "supply" {
		if photos, err = s.photosWith(ctx, r, o); err != nil {
			return httpapi.Response{}, err
		}
	}
	c, err := readCommand(ctx, r, name, photos)
	if err != nil {
		return httpapi.Response{}, err
	}
	v, err := s.desk.Do(ctx, o.number, o.code, typed.Get("key"), c, r.Now)
	if errors.Is(err, ticket.ErrRefused) { // perhaps because the same form came twice
		if now, again := s.desk.Read(ctx, o.number, o.code, r.Now); again == nil && isDone(now.Head, c) {
			v, err = now, nil
		}
	}
	if err != nil {
		return httpapi.Response{}, err
	}
	return s.show(ctx, r, v, func(p *web.TicketPage) { p.Code, p.Done = o.code, name })
}

// photosWith takes the photos that come with a command of somebody who has the ticket's code, and gives their ids.
func (s *site) photosWith(ctx context.Context, r *httpapi.Request, o opener) ([]string, error) {
	key := r.Form.Get("key")
	number, err := ticket.ParseNumber(o.number)
	if err == nil && usable(key) && s.desk.Keys.Opens(number, o.code) {
		more := func(n int) error { return s.gate.AdmitMore(ctx, number, n, r.Now) }
		if err := s.takePhotos(ctx, r, number+"/"+key, more); err != nil {
			return nil, err
		}
	}
	return s.photosOf(ctx, r)
}

// readCommand reads and checks a command's form. The error is an *httpapi.Invalid, or a
// *ticket.Refusal when there is no such command.
func readCommand(ctx context.Context, r *httpapi.Request, name string, photos []string) (ticket.Command, error) {
	typed := r.Form
	c := ticket.Command{Name: commands[name], Text: strings.TrimSpace(typed.Get("text")), Photos: photos}
	switch c.Name {
	case "":
		return c, &ticket.Refusal{Why: ticket.UnknownCommand}
	case ticket.Withdraw:
		return c, r.Validate(ctx, mayText{typed.Get("text")}, nil)
	case ticket.Rate:
		c.Solved = ticket.Solved(typed.Get("solved"))
		c.Level, _ = strconv.Atoi(typed.Get("level")) // 0 is none, and refused as such
		return c, r.Validate(ctx, rating{string(c.Solved), c.Level, typed.Get("text")}, nil)
	}
	if len(photos) > 0 { // they may say enough
		return c, r.Validate(ctx, mayText{typed.Get("text")}, nil)
	}
	return c, r.Validate(ctx, saying{typed.Get("text")}, nil)
}

// isDone reports whether a ticket is already as the command would leave it. Commands with words
// are recognised by their key; these may have none.
func isDone(h ticket.Head, c ticket.Command) bool {
	switch c.Name {
	case ticket.Withdraw:
		return h.State == ticket.Withdrawn
	case ticket.Rate:
		return h.Satisfaction == c.Level && h.Solved == c.Solved
	}
	return false
}

// commandAgain shows the ticket with the form that was refused. Without the code, or while the
// ticket cannot be read, it asks for number and code again.
func (s *site) commandAgain(ctx context.Context, r *httpapi.Request, typed url.Values, p httpapi.Problem) (httpapi.Response, error) {
	o := openerOf(typed)
	if p.Code == "unknown-ticket" || p.Code == "locked" {
		return s.findAgain(ctx, r, typed, p)
	}
	v, err := s.desk.Read(ctx, o.number, o.code, r.Now)
	if err != nil {
		return s.findAgain(ctx, r, typed, p)
	}
	return s.show(ctx, r, v, func(page *web.TicketPage) {
		page.Code = o.code
		page.Form = web.Form{Name: r.Param("command"), Language: r.Language, Typed: typed, Problem: &p}
		if key := typed.Get("key"); usable(key) {
			page.Key = key
		}
	})
}

func (s *site) findAgain(ctx context.Context, r *httpapi.Request, typed url.Values, p httpapi.Problem) (httpapi.Response, error) {
	frame, err := s.frame(ctx, r, "/follow")
	if err != nil {
		return httpapi.Response{}, err
	}
	return s.findForm(r, frame, typed, &p).Show()
}
