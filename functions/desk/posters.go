package main

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"

	"steledesk/shared/httpapi"
	"steledesk/shared/office"
	"steledesk/shared/poster"
)

// posterStyle prints each sheet on a page of its own.
const posterStyle = `@page{margin:0}body{margin:0}svg{display:block;margin:auto;break-after:page;max-width:100%}`

// posters gives the sheets of all spots, to print from the browser: ?size=A4 or A6.
func (s *server) posters(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	o, _, err := s.desk.Offices.Current(ctx)
	if err != nil {
		return httpapi.Response{}, err
	}
	var page bytes.Buffer
	page.WriteString(`<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>海报 Posters</title><style>` + posterStyle + `</style>`)
	for _, spot := range o.Spots {
		sheet, err := s.sheet(r, o, spot)
		if err != nil {
			return httpapi.Response{}, err
		}
		page.Write(sheet)
	}
	sum := sha256.Sum256([]byte(posterStyle))
	return httpapi.Response{Status: http.StatusOK, Body: page.Bytes(), Headers: map[string]string{
		"content-type": "text/html; charset=utf-8",
		"content-security-policy": "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
			"'; base-uri 'none'; frame-ancestors 'none'",
	}}, nil
}

// poster gives the sheet of one spot.
func (s *server) poster(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	o, _, err := s.desk.Offices.Current(ctx)
	if err != nil {
		return httpapi.Response{}, err
	}
	spot, known := o.Spot(r.Param("spot"))
	if !known {
		return httpapi.Response{}, httpapi.ErrNoRoute
	}
	sheet, err := s.sheet(r, o, spot)
	if err != nil {
		return httpapi.Response{}, err
	}
	return httpapi.Response{Status: http.StatusOK, Body: sheet, Headers: map[string]string{
		"content-type": "image/svg+xml", "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
		"content-disposition": fmt.Sprintf(`inline; filename="%s.svg"`, spot.ID),
	}}, nil
}

// address is where phones reach the visitors' pages: that of the deployment, or of this very call.
func (s *server) address(r *httpapi.Request) string {
	return cmp.Or(s.site, "https://"+r.Event.RequestContext.DomainName)
}

// sheet draws a spot's sheet.
func (s *server) sheet(r *httpapi.Request, o *office.Office, spot office.Spot) ([]byte, error) {
	size := cmp.Or(r.Query("size"), "A4")
	if size != "A4" && size != "A6" {
		return nil, &httpapi.Invalid{Code: "invalid", Where: "size=A4, size=A6"}
	}
	sheet, err := poster.New(o, spot, s.address(r), size)
	if err != nil {
		return nil, fmt.Errorf("sheet of %s: %w", spot.ID, err)
	}
	return sheet.SVG(nil)
}
