// Package bundle serves a page that is a shell, style sheets and small scripts, with nothing from anybody else and nothing
// to build.
package bundle

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strings"

	"steledesk/shared/httpapi"
	"steledesk/shared/phrase"
)

// Bundle is the files of one page, by name.
type Bundle struct {
	shell string // the file that the page's own address answers with
	files map[string]file
}

type file struct {
	body []byte
	tag  string // strong ETag
}

// New is a page whose address answers with shell.
func New(shell string) *Bundle { return &Bundle{shell: shell, files: map[string]file{}} }

// lean is what a script's reader needs and a phone does not: indentation, and lines of comment.
var lean = regexp.MustCompile(`(?m)^(?: *//.*\n| +)`)

// Add takes the named files of a folder into the page; all of them when none is named.
func (b *Bundle) Add(folder fs.FS, names ...string) error {
	if len(names) == 0 {
		var err error
		if names, err = fs.Glob(folder, "*"); err != nil {
			return fmt.Errorf("list page: %w", err)
		}
	}
	for _, name := range names {
		body, err := fs.ReadFile(folder, name)
		if err != nil {
			return fmt.Errorf("read page: %w", err)
		}
		if path.Ext(name) == ".js" {
			body = lean.ReplaceAll(body, nil)
		}
		b.put(name, body)
	}
	return nil
}

// AddWords takes texts into the page, in both languages of those who work with it, as the module of that name.
func (b *Bundle) AddWords(name string, texts map[string]phrase.Text) error {
	words := map[string]map[string]string{"zh": {}, "en": {}}
	for key, text := range texts {
		words["zh"][key], words["en"][key] = text.ZH, text.EN
	}
	data, err := json.Marshal(words)
	if err != nil {
		return fmt.Errorf("write the page's words: %w", err)
	}
	b.put(name, bytes.Join([][]byte{[]byte("export const words = "), data, []byte("\n")}, nil))
	return nil
}

func (b *Bundle) put(name string, body []byte) {
	sum := sha256.Sum256(body)
	b.files[name] = file{body: body, tag: `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`}
}

// policy lets the page use its own files, call its own desk and show the photos of bucket. Trusted types refuse every
// way a text could become markup.
func policy(bucket string) string {
	return "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src " + strings.TrimSpace("data: "+bucket) +
		"; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
}

// types are the kinds of file there are.
var types = map[string]string{
	".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
}

// Serve answers the page's address with its shell and {file} under it with a file of the page; 304 when the browser has it
// already, 404 when there is none. The files hold nothing of anybody's: who reads is asked of the API. bucket is the
// origin that photos are shown from; empty: none.
func (b *Bundle) Serve(r *httpapi.Request, bucket string) (httpapi.Response, error) {
	name := r.Param("file")
	if name == "" {
		name = b.shell
	} else if name == b.shell { // it has one address
		name = ""
	}
	f, ok := b.files[name]
	if !ok {
		return missing(r)
	}
	headers := map[string]string{
		"etag": f.tag, "cache-control": "no-cache", // kept, and asked for every time: a new version is whole at once
		"content-type": types[path.Ext(name)], "content-security-policy": policy(bucket),
		"x-frame-options": "DENY", // for browsers that do not know frame-ancestors
	}
	if has(r.Header("if-none-match"), f.tag) {
		return httpapi.Response{Status: http.StatusNotModified, Headers: headers}, nil
	}
	return httpapi.Response{Status: http.StatusOK, Headers: headers, Body: f.body}, nil
}

// has reports whether an If-None-Match header (RFC 9110, 13.1.2) names a tag.
func has(header, tag string) bool {
	for part := range strings.SplitSeq(header, ",") {
		if part = strings.TrimPrefix(strings.TrimSpace(part), "W/"); part == tag || part == "*" {
			return true
		}
	}
	return false
}

func missing(r *httpapi.Request) (httpapi.Response, error) {
	p, err := httpapi.JSON(http.StatusNotFound, httpapi.Problem{
		Status: http.StatusNotFound, Code: "not-found", Title: http.StatusText(http.StatusNotFound),
		Detail: phrase.In(r.Language, "problem.not-found"), Request: r.Event.RequestContext.RequestID,
	})
	if err == nil {
		p.Headers["content-type"] = "application/problem+json; charset=utf-8"
	}
	return p, err
}
