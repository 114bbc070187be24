package s3

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
)

// ServeHTTP lets a request through to gofakes3 when its caller may make it.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	bucket, key := split(r.URL.Path)
	if r.Method == http.MethodOptions {
		s.preflight(w, r, bucket)
		return
	}
	w = &corsWriter{ResponseWriter: w, allow: s.allowed(r, bucket)}
	if key == "" && r.Method == http.MethodPost && !r.URL.Query().Has("delete") {
		s.post(w, r, bucket)
		return
	}
	if err := s.admit(r); err != nil {
		fail(w, r, err)
		return
	}
	recorder := &statusWriter{ResponseWriter: w, status: http.StatusOK}
	s.inner.ServeHTTP(recorder, r)
	if name := creation(r, key); name != "" && recorder.status < 300 {
		if o, err := s.store.stat(bucket, key); err == nil { // else it was removed again
			s.tell(name, bucket, o)
		}
	}
}

// admit checks who asks and that the request is one this endpoint serves.
func (s *Server) admit(r *http.Request) error {
	switch {
	case strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 "):
	case r.URL.Query().Has("X-Amz-Signature"):
		if err := s.checkPresigned(r); err != nil {
			return err
		}
	case r.URL.Query().Has("Signature"): // of version 2, which newer regions do not take either
		return malformed("InvalidRequest", "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.")
	default:
		return denied("Access Denied")
	}
	if err := served(r.URL.Query()); err != nil {
		return err
	}
	return plainBody(r)
}

// creation is the event of a request that stores an object, or empty.
func creation(r *http.Request, key string) string {
	query := r.URL.Query()
	switch {
	case key == "" || query.Has("partNumber"):
		return ""
	case r.Method == http.MethodPost && query.Has("uploadId"):
		return "ObjectCreated:CompleteMultipartUpload"
	case r.Method != http.MethodPut:
		return ""
	case r.Header.Get("X-Amz-Copy-Source") != "":
		return "ObjectCreated:Copy"
	}
	return "ObjectCreated:Put"
}

// known are the query parameters of the calls gofakes3 serves. It would take any other for part of one of them:
// PUT ?tagging would replace the object by its tags.
var known = []string{"x-id", "list-type", "prefix", "delimiter", "marker", "max-keys", "continuation-token", "start-after",
	"fetch-owner", "encoding-type", "location", "delete", "uploads", "uploadId", "partNumber", "part-number-marker",
	"max-parts", "max-uploads", "key-marker", "upload-id-marker", "versioning"}

func served(query url.Values) error {
	for name := range query {
		if !slices.Contains(known, name) && !strings.HasPrefix(name, "X-Amz-") && !strings.HasPrefix(name, "response-") {
			return &failure{Code: "NotImplemented", status: http.StatusNotImplemented,
				Message: fmt.Sprintf("The local S3 does not serve ?%s.", name)}
		}
	}
	return nil
}

// plainBody takes SDKs' own chunks and trailing checksums off a body.
func plainBody(r *http.Request) error {
	if !strings.HasPrefix(r.Header.Get("X-Amz-Content-Sha256"), "STREAMING-") {
		return nil
	}
	size := r.Header.Get("X-Amz-Decoded-Content-Length")
	if size == "" {
		return &failure{Code: "MissingContentLength", Message: "You must provide the X-Amz-Decoded-Content-Length HTTP header.",
			status: http.StatusLengthRequired}
	}
	r.Body = readCloser{httputil.NewChunkedReader(r.Body), r.Body}
	r.Header.Set("Content-Length", size)
	r.Header.Del("X-Amz-Content-Sha256")
	r.Header.Del("X-Amz-Decoded-Content-Length")
	encodings := strings.Split(r.Header.Get("Content-Encoding"), ",")
	encodings = slices.DeleteFunc(encodings, func(e string) bool { return strings.TrimSpace(e) == "aws-chunked" })
	if r.Header.Del("Content-Encoding"); len(encodings) > 0 && encodings[0] != "" {
		r.Header.Set("Content-Encoding", strings.Join(encodings, ","))
	}
	return nil
}

// readCloser reads from one and closes the other.
type readCloser struct {
	io.Reader
	io.Closer
}

// failure is an error as S3 tells it.
type failure struct {
	XMLName        xml.Name `xml:"Error"`
	Code           string
	Message        string
	ProposedSize   int64 `xml:",omitempty"`
	MinSizeAllowed int64 `xml:",omitempty"`
	MaxSizeAllowed int64 `xml:",omitempty"`
	Resource       string
	RequestID      string `xml:"RequestId"`
	status         int
}

func (f *failure) Error() string { return f.Code + ": " + f.Message }

func denied(format string, args ...any) *failure {
	return &failure{Code: "AccessDenied", Message: fmt.Sprintf(format, args...), status: http.StatusForbidden}
}

func malformed(code, format string, args ...any) *failure {
	return &failure{Code: code, Message: fmt.Sprintf(format, args...), status: http.StatusBadRequest}
}

// fail tells an error as S3 does. What the client still sends is read first, within bounds: a browser that is
// answered in the middle of its upload reports a lost connection and not the answer.
func fail(w http.ResponseWriter, r *http.Request, err error) {
	var told *failure
	if !errors.As(err, &told) {
		told = &failure{Code: "InternalError", Message: "We encountered an internal error: " + err.Error(),
			status: http.StatusInternalServerError}
	}
	const patience = 64 << 20
	io.CopyN(io.Discard, r.Body, patience) // whatever comes of it, the answer is the same
	answer := *told
	answer.Resource, answer.RequestID = r.URL.Path, "local"
	body, _ := xml.Marshal(answer) // strings and numbers always encode
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(answer.status)
	if r.Method != http.MethodHead {
		w.Write(append([]byte(xml.Header), body...))
	}
}

// statusWriter remembers the status.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}
