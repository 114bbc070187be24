package main

import (
	"context"
	"net/url"
	"strings"

	"steledesk/shared/httpapi"
	"steledesk/shared/visitor"
	"steledesk/shared/web"
)

type contactForm struct {
	Name  string `json:"name" validate:"max=50,plaintext"`
	Phone string `json:"phone" validate:"omitempty,phone"`
}

// contact puts what was typed in the place of the ticket's contact, or deletes it.
func (s *site) contact(ctx context.Context, r *httpapi.Request, name string, typed url.Values) (httpapi.Response, error) {
	var c visitor.Contact
	if name == "contact" {
		f := contactForm{strings.TrimSpace(typed.Get("name")), strings.TrimSpace(typed.Get("phone"))}
		if f == (contactForm{}) { // deleting is a button of its own
			return httpapi.Response{}, &httpapi.Invalid{Code: "invalid", Fields: []httpapi.Field{{Pointer: "/phone", Code: "required"}}}
		}
		if err := r.Validate(ctx, f, nil); err != nil {
			return httpapi.Response{}, err
		}
		c = visitor.Contact{Name: f.Name, Phone: f.Phone}
	}
	o := openerOf(typed)
	v, err := s.desk.SetContact(ctx, o.number, o.code, c, r.Now)
	if err != nil {
		return httpapi.Response{}, err
	}
	return s.show(ctx, r, v, func(p *web.TicketPage) { p.Code, p.Done = o.code, name })
}
