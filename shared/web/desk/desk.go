// Package desk is the staff's page: a shell, a style sheet and a few small scripts over the desk's
// API, with nothing from anybody else and nothing to build.
package desk

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"path"
	"regexp"
	"strings"
	"sync"

	"steledesk/shared/httpapi"
	"steledesk/shared/phrase"
)

//go:embed desk.html *.css *.js
var embedded embed.FS

// shell is the file that GET /desk answers with.
const shell = "desk.html"

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

// lean is what a script's reader needs and a phone does not: indentation, and lines of comment.
var lean = regexp.MustCompile(`(?m)^(?: *//.*\n| +)`)

type file struct {
	body []byte
	tag  string // strong ETag
}

// files reads every file of the page once.
var files = sync.OnceValues(func() (map[string]file, error) {
	all := map[string]file{}
	entries, err := embedded.ReadDir(".")
	if err != nil {
		return nil, fmt.Errorf("list desk page: %w", err)
	}
	for _, e := range entries {
		body, err := embedded.ReadFile(e.Name())
		if err != nil {
			return nil, fmt.Errorf("read desk page: %w", err)
		}
		if path.Ext(e.Name()) == ".js" {
			body = lean.ReplaceAll(body, nil)
		}
		all[e.Name()] = fileOf(body)
	}
	for name, texts := range map[string]map[string]phrase.Text{"words.js": phrase.DeskPage(), "office-words.js": phrase.OfficePage()} {
		words, err := wordsScript(texts)
		if err != nil {
			return nil, err
		}
		all[name] = fileOf(words)
	}
	return all, nil
})

func fileOf(body []byte) file {
	sum := sha256.Sum256(body)
	return file{body: body, tag: `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`}
}

// wordsScript is texts in both languages, as a module.
func wordsScript(texts map[string]phrase.Text) ([]byte, error) {
	words := map[string]map[string]string{"zh": {}, "en": {}}
	for key, text := range texts {
		words["zh"][key], words["en"][key] = text.ZH, text.EN
	}
	data, err := json.Marshal(words)
	if err != nil {
		return nil, fmt.Errorf("write desk page's words: %w", err)
	}
	return bytes.Join([][]byte{[]byte("export const words = "), data, []byte("\n")}, nil), nil
}

// Serve answers GET /desk with the shell and GET /desk/{file} with a file of the page; 304 when
// the browser has it already, 404 when there is none. The files hold nothing of anybody's: who is
// at the desk is asked of the API.
// Bucket is the origin that photos are shown from; empty: none.
func Serve(r *httpapi.Request, bucket string) (httpapi.Response, error) {
	all, err := files()
	if err != nil {
		return httpapi.Response{}, err
	}
	name := r.Param("file")
	if name == "" {
		name = shell
	} else if name == shell { // it has one address
		name = ""
	}
	f, ok := all[name]
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
