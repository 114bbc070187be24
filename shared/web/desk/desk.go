// Package desk is the staff's page: a shell, a style sheet and a few small scripts over the desk's
// API, with nothing from anybody else and nothing to build.
package desk

import (
	"embed"
	"io/fs"
	"sync"

	"steledesk/shared/httpapi"
	"steledesk/shared/phrase"
	"steledesk/shared/web/bundle"
)

//go:embed desk.html *.css *.js
var embedded embed.FS

// shell is the file that GET /desk answers with.
const shell = "desk.html"

// Files are the page's own, for pages that are made of some of them too.
func Files() fs.FS { return embedded }

// files reads every file of the page once.
var files = sync.OnceValues(func() (*bundle.Bundle, error) {
	b := bundle.New(shell)
	if err := b.Add(embedded); err != nil {
		return nil, err
	}
	for name, texts := range map[string]map[string]phrase.Text{"words.js": phrase.DeskPage(), "office-words.js": phrase.OfficePage()} {
		if err := b.AddWords(name, texts); err != nil {
			return nil, err
		}
	}
	return b, nil
})

// Serve answers GET /desk and GET /desk/{file}. bucket is the origin that photos are shown from; empty: none.
func Serve(r *httpapi.Request, bucket string) (httpapi.Response, error) {
	b, err := files()
	if err != nil {
		return httpapi.Response{}, err
	}
	return b.Serve(r, bucket)
}
