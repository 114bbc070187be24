package main

import (
	"context"
	"strings"

	"steledesk/shared/httpapi"
	"steledesk/shared/ticket"
)

// saidBody is what a visitor writes to the section, with photos of slots: one of both, or both.
type saidBody struct {
	Text   string   `json:"text" validate:"max=2000,plaintext"`
	Photos []string `json:"photos" validate:"max=6,unique"`
}

// said handles a command that is a text and photos.
func said(t *track, name ticket.Name) httpapi.Handler {
	return func(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
		var body saidBody
		if err := r.Decode(ctx, &body, nil); err != nil {
			return httpapi.Response{}, err
		}
		if len(body.Photos) == 0 {
			if err := r.Validate(ctx, textBody{body.Text}, nil); err != nil {
				return httpapi.Response{}, err
			}
		}
		if err := r.CheckPhotos(body.Photos, t.keys); err != nil {
			return httpapi.Response{}, err
		}
		return t.do(ctx, r, ticket.Command{Name: name, Text: strings.TrimSpace(body.Text), Photos: body.Photos})
	}
}
