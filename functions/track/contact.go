package main

import (
	"context"
	"strings"

	"steledesk/shared/httpapi"
	"steledesk/shared/phrase"
	"steledesk/shared/visitor"
)

type contactBody struct {
	Name  string `json:"name" validate:"max=50,plaintext"`
	Phone string `json:"phone" validate:"omitempty,phone"`
}

// setContact puts another contact in the place of the ticket's, or gives it one.
func (t *track) setContact(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	var body contactBody
	if err := r.Decode(ctx, &body, nil); err != nil {
		return httpapi.Response{}, err
	}
	if strings.TrimSpace(body.Name+body.Phone) == "" { // deleting is another call, and nobody makes it by mistake
		return httpapi.Response{}, &httpapi.Invalid{Code: "invalid", Fields: []httpapi.Field{
			{Pointer: "/name", Code: "required", Message: phrase.In(r.Language, "field.required")},
		}}
	}
	return t.contact(ctx, r, visitor.Contact{Name: body.Name, Phone: body.Phone})
}

func (t *track) deleteContact(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	return t.contact(ctx, r, visitor.Contact{})
}

func (t *track) contact(ctx context.Context, r *httpapi.Request, c visitor.Contact) (httpapi.Response, error) {
	v, err := t.desk.SetContact(ctx, r.Param("number"), r.Header("x-ticket-code"), c, r.Now)
	if err != nil {
		return httpapi.Response{}, err
	}
	return t.show(ctx, r, v)
}
