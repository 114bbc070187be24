package main

import (
	"context"

	"steledesk/shared/httpapi"
	"steledesk/shared/web"
)

// about shows the notice of what becomes of what people write.
func (s *site) about(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	frame, err := s.frame(ctx, r, "/about")
	if err != nil {
		return httpapi.Response{}, err
	}
	frame.Place = "/about"
	return web.AboutPage{Frame: frame}.Show()
}
