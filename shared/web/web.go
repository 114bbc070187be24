// Package web writes the visitors' pages: HTML made on the server, the style sheet inside it, no
// script, no cookie, nothing from anybody else. It knows what a page shows and not how it was
// come by.
package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"net/http"
	"sync"

	"steledesk/shared/httpapi"
)

//go:embed *.html style.css
var files embed.FS

// Each page is parsed when it is first shown, so that a cold start pays for the one it needs.
var (
	filePage    = parsed("file.html")
	receiptPage = parsed("receipt.html")
	findPage    = parsed("find.html")
	ticketPage  = parsed("ticket.html")
	problemPage = parsed("problem.html")
)

func parsed(name string) func() *template.Template {
	return sync.OnceValue(func() *template.Template {
		return template.Must(template.ParseFS(files, "layout.html", "form.html", name))
	})
}

// style is the style sheet as it stands in every page, and the policy that lets the browser use
// it and nothing else.
var style = sync.OnceValue(func() (s struct {
	element template.HTML
	policy  string
}) {
	sheet, err := files.ReadFile("style.css")
	if err != nil {
		panic(err) // embedded: it is there or the program was not built
	}
	sum := sha256.Sum256(sheet)
	s.element = template.HTML("<style>" + string(sheet) + "</style>") //nolint:gosec // our own file
	s.policy = "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
	return s
})

// show writes a page. The pages set no cookies and every form carries what opens its ticket, so
// there is nothing another site's form could borrow.
func show(page *template.Template, data any) (httpapi.Response, error) {
	var out bytes.Buffer
	if err := page.Execute(&out, data); err != nil {
		return httpapi.Response{}, fmt.Errorf("write page: %w", err)
	}
	return httpapi.Response{Status: http.StatusOK, Headers: Headers(), Body: out.Bytes()}, nil
}

// Headers gives the headers of every page. That nothing is stored (pages hold codes) and no
// address is passed on is httpapi's own default.
func Headers() map[string]string {
	return map[string]string{
		"content-type":            "text/html; charset=utf-8",
		"content-security-policy": style().policy,
		"x-frame-options":         "DENY", // for browsers that do not know frame-ancestors
	}
}
