package main

import (
	"context"
	"net/http"

	"steledesk/shared/httpapi"
	"steledesk/shared/office"
	"steledesk/shared/ticket"
)

type templatesBody struct {
	Templates []templateBody `json:"templates"`
}

type templateBody struct {
	ID      string         `json:"id"`
	Name    string         `json:"name"` // in the caller's language
	For     []ticket.Name  `json:"for"`
	Kinds   []ticket.Kind  `json:"kinds"` // none: all
	Outcome ticket.Outcome `json:"outcome,omitempty"`
	Text    office.Name    `json:"text"` // in both: what is put in is in the visitor's language
}

// templates gives the office's reply templates to whoever writes replies.
func (s *server) templates(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	o, _, err := s.desk.Offices.Current(ctx)
	if err != nil {
		return httpapi.Response{}, err
	}
	body := templatesBody{Templates: []templateBody{}}
	for _, t := range o.Templates {
		body.Templates = append(body.Templates, templateBody{
			ID: t.ID, Name: t.Name.In(r.Language), For: t.Commands(), Kinds: append([]ticket.Kind{}, t.Kinds...), Outcome: t.Outcome, Text: t.Text,
		})
	}
	return httpapi.JSON(http.StatusOK, body)
}
