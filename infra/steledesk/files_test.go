package main

import (
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"steledesk/infra/local/awsendpoint"
)

// answered answers the calls named action about a file itself, and lets the others pass.
func answered(action, file string, answer func(w http.ResponseWriter, r *http.Request, next http.Handler)) awsendpoint.Middleware {
	return func(service, called string, next http.Handler) http.Handler {
		if service != "s3" || called != action {
			return next
		}
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !strings.HasSuffix(r.URL.Path, file) {
				next.ServeHTTP(w, r)
				return
			}
			answer(w, r, next)
		})
	}
}

// changed passes a call on and changes its answer.
func changed(header, value string, body func(string) string) func(w http.ResponseWriter, r *http.Request, next http.Handler) {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		got := httptest.NewRecorder()
		next.ServeHTTP(got, r)
		maps.Copy(w.Header(), got.Header())
		for name := range w.Header() {
			if strings.HasPrefix(name, "X-Amz-Checksum") {
				w.Header().Del(name)
			}
		}
		w.Header().Set(header, value)
		w.WriteHeader(got.Code)
		_, _ = io.WriteString(w, body(got.Body.String()))
	}
}

// "Stored and read back: the same" was said of files that were never read: one that was not stored went unseen.
func TestImportReadsFilesBack(t *testing.T) {
	first := busy(t)
	folder, _ := first.export(exitOK)
	same := func(s string) string { return s }
	for name, faults := range map[string]awsendpoint.Middleware{
		"not stored": answered("PutObject", "/abc.jpg", func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
			_, _ = io.Copy(io.Discard, r.Body)
			w.Header().Set("ETag", `"d41d8cd98f00b204e9800998ecf8427e"`)
		}),
		"another byte": answered("GetObject", "/abc.jpg", changed("X-Nothing", "", func(s string) string { return "A" + s[1:] })),
		"another type": answered("GetObject", "/abc.jpg", changed("Content-Type", "text/html", same)),
	} {
		second := empty(t, first)
		second.fail(faults)
		got := second.want(exitProblem, []string{"import", folder}, "stored and not there, or there otherwise", "photos/abc.jpg", "give the same line again")
		if strings.Contains(got.out+got.err, "read back") {
			t.Errorf("%s: got %v", name, got)
		}
		second.fail(nil)
		second.want(exitOK, []string{"import", folder}, "2 files stored and read back: the same")
	}
}

// A file that was deleted between its listing and its reading, as uploads are all day, ended the export.
func TestExportOfAFileThatGoes(t *testing.T) {
	d := busy(t)
	d.fail(answered("GetObject", "/abc.jpg", func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, `<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>`)
	}))
	folder, digest := d.export(exitOK)
	d.want(exitOK, []string{"import", "--check", folder}, "6 tickets", "1 file", digest)
	d.fail(answered("GetObject", "/abc.jpg", func(w http.ResponseWriter, _ *http.Request, _ http.Handler) { w.WriteHeader(http.StatusForbidden) }))
	d.want(exitProblem, []string{"export", t.TempDir() + "/x"}, "read photos/abc.jpg of bucket")
}
