// Package supervise is the supervisors' page: what the desk's page is made of, and a script for each of its parts.
package supervise

import (
	"embed"
	"sync"

	"steledesk/shared/httpapi"
	"steledesk/shared/phrase"
	"steledesk/shared/web/bundle"
	"steledesk/shared/web/desk"
)

//go:embed supervise.html *.css *.js
var embedded embed.FS

// shell is the file that GET /supervise answers with.
const shell = "supervise.html"

// lent are the files of the desk's page that this one is made of too.
func lent() []string { return []string{"app.css", "api.js", "drafts.js", "page.js", "signin.js"} }

// files reads every file of the page once.
var files = sync.OnceValues(func() (*bundle.Bundle, error) {
	b := bundle.New(shell)
	if err := b.Add(embedded); err != nil {
		return nil, err
	}
	if err := b.Add(desk.Files(), lent()...); err != nil {
		return nil, err
	}
	return b, b.AddWords("words.js", phrase.SupervisePage())
})

// Serve answers GET /supervise and GET /supervise/{file}.
func Serve(r *httpapi.Request) (httpapi.Response, error) {
	b, err := files()
	if err != nil {
		return httpapi.Response{}, err
	}
	return b.Serve(r, "")
}
