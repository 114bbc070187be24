package dynamodb

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"time"
)

// maxBody is the longest request DynamoDB takes.
const maxBody = 16 << 20

// proxy passes calls on to the engine of the moment.
type proxy struct {
	target  func() (*url.URL, bool)
	mends   map[string]mend
	forward *httputil.ReverseProxy
	logger  *slog.Logger
}

// Proxy forwards DynamoDB_20120810.* and DynamoDBStreams_20120810.* calls to the engine over kept connections,
// and mends what the engine does differently from AWS (see mend.go). While the engine is down it answers 500, which
// SDKs try again.
func (s *Server) Proxy() http.Handler {
	p := &proxy{target: s.target, mends: s.mends(), logger: s.options.Logger}
	p.forward = &httputil.ReverseProxy{
		Transport: &http.Transport{
			DialContext:         (&net.Dialer{Timeout: 5 * time.Second}).DialContext,
			MaxIdleConnsPerHost: 256,
			IdleConnTimeout:     time.Minute,
		},
		Rewrite:        func(r *httputil.ProxyRequest) { r.Out.Host = r.In.Host },
		ModifyResponse: p.mendResponse,
		ErrorHandler:   p.unreachable,
	}
	return p
}

func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	target, up := p.target()
	if !up {
		p.unreachable(w, r, errors.New("it is being started again"))
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		refuse(w, http.StatusRequestEntityTooLarge, "ValidationException", "Request body not read: "+err.Error())
		return
	}
	ctx := r.Context()
	if mend, ok := p.mends[action(r)]; ok {
		var response mendResponse
		if body, response, err = mend(ctx, body); err != nil {
			p.refused(w, r, err)
			return
		}
		ctx = context.WithValue(ctx, responseKey{}, response)
	}
	out := r.Clone(ctx)
	out.URL.Scheme, out.URL.Host = target.Scheme, target.Host
	setBody(out, body)
	p.forward.ServeHTTP(w, out)
}

// action is the call's name, such as GetRecords.
func action(r *http.Request) string {
	_, name, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	return name
}

// setBody gives a request a body that can be sent again when a kept connection turns out to be closed.
func setBody(r *http.Request, body []byte) {
	r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	r.Body = io.NopCloser(bytes.NewReader(body))
	r.ContentLength = int64(len(body))
	r.TransferEncoding = nil
}

// responseKey is the context key of the mendResponse that goes with a request.
type responseKey struct{}

func (p *proxy) mendResponse(r *http.Response) error {
	mend, ok := r.Request.Context().Value(responseKey{}).(mendResponse)
	if !ok || r.StatusCode != http.StatusOK {
		return nil
	}
	body, err := io.ReadAll(r.Body)
	r.Body.Close()
	if err != nil {
		return err
	}
	if body, err = mend(body); err != nil {
		return err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	r.ContentLength = int64(len(body))
	r.Header.Del("Content-Length")
	r.Header.Del("X-Amz-Crc32") // of the body as it was
	return nil
}

// refused answers a request that a mend did not let through.
func (p *proxy) refused(w http.ResponseWriter, r *http.Request, err error) {
	var trimmed trimmedError
	switch {
	case errors.As(err, &trimmed):
		refuse(w, http.StatusBadRequest, "TrimmedDataAccessException", err.Error())
	case errors.Is(err, errInput):
		refuse(w, http.StatusBadRequest, "SerializationException", err.Error())
	default:
		p.unreachable(w, r, err)
	}
}

func (p *proxy) unreachable(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil {
		return // the caller hung up
	}
	p.logger.Warn("DynamoDB engine does not answer", "call", r.Header.Get("X-Amz-Target"), "error", err)
	refuse(w, http.StatusInternalServerError, "InternalServerError", "The local DynamoDB engine does not answer: "+err.Error())
}

func refuse(w http.ResponseWriter, status int, code, message string) {
	body, _ := json.Marshal(map[string]string{ // strings always encode
		"__type": "com.amazonaws.dynamodb.v20120810#" + code, "message": message})
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	w.WriteHeader(status)
	w.Write(body)
}
