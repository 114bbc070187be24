// Package web writes the visitors' pages: HTML made on the server, the style sheet inside it, and
// nothing from anybody else. They do all they can without a script; the scripts of folder assets
// make them quicker. It knows what a page shows and not how it was come by.
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
	filePage    = parsed("file.html", "what.html", "where.html", "tell.html", "slow.html", "photo.html")
	receiptPage = parsed("receipt.html", "push.html")
	findPage    = parsed("find.html")
	ticketPage  = parsed("ticket.html", "standing.html", "rate.html", "photo.html", "push.html")
	verifyPage  = parsed("verify.html")
	aboutPage   = parsed("about.html")
	problemPage = parsed("problem.html")
)

// parsed gives a page made of its own files and of what all have.
func parsed(own ...string) func() *template.Template {
	return sync.OnceValue(func() *template.Template {
		return template.Must(template.ParseFS(files, append([]string{"layout.html", "form.html", "mine.html"}, own...)...))
	})
}

// style is the style sheet as it stands in every page, and the sum by which the policy lets the
// browser use it and no other.
var style = sync.OnceValue(func() (s struct {
	element template.HTML
	sum     string
}) {
	sheet, err := files.ReadFile("style.css")
	if err != nil {
		panic(err) // embedded: it is there or the program was not built
	}
	sum := sha256.Sum256(sheet)
	s.element = template.HTML("<style>" + string(sheet) + "</style>") //nolint:gosec // our own file
	s.sum = "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	return s
})

// show writes a page. Every form carries what opens its ticket and cookies open none, so there is
// nothing another site's form could borrow.
func show(page *template.Template, f Frame, data any) (httpapi.Response, error) {
	var out bytes.Buffer
	if err := page.Execute(&out, data); err != nil {
		return httpapi.Response{}, fmt.Errorf("write page: %w", err)
	}
	return httpapi.Response{Status: http.StatusOK, Headers: f.Headers(), Body: out.Bytes()}, nil
}

// Headers gives the headers of a page. That nothing is stored (pages hold codes) and no address is
// passed on is httpapi's own default.
func (f Frame) Headers() map[string]string {
	return map[string]string{
		"content-type":            "text/html; charset=utf-8",
		"content-security-policy": f.policy(),
		"x-frame-options":         "DENY", // for browsers that do not know frame-ancestors
	}
}

// policy lets a page use its own style sheet, its own scripts and the bucket of its photos, and
// nothing else: above all no script that stands in the page itself.
func (f Frame) policy() string {
	bucket := ""
	if f.Bucket != "" {
		bucket = " " + f.Bucket
	}
	return "default-src 'none'; script-src 'self'; style-src " + style().sum + "; img-src 'self' data: blob:" + bucket +
		"; connect-src 'self'" + bucket + "; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
}
