// Package gateway answers HTTP requests by invoking functions, the way an API Gateway HTTP API with Lambda
// proxy integrations (payload format 2.0) does.
//
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"steledesk/infra/local/lambda"
)

// Limits of an HTTP API.
const (
	maxBody = 10 << 20 // bytes of a request's body
	timeout = 30 * time.Second
)

// An Invoker runs functions.
type Invoker interface {
	// Invoke runs a function once. It returns lambda.ErrPayloadTooLarge for a payload over Lambda's limit and
	// the error of ctx when that ends first; a failure of the function itself is in the result.
	Invoke(ctx context.Context, function string, payload []byte) (lambda.Result, error)
}

// Options of a Gateway. The zero value of a field means its default.
type Options struct {
	Logger    *slog.Logger
	Now       func() time.Time // the clock of requestContext.time, by which functions know what time it is
	AccountID string           // 000000000000
	APIID     string           // local
	Timeout   time.Duration    // 30 s, as on AWS
	InFlight  int              // requests at once; those beyond are refused, as a throttled stage does; 128
}

// retryAfter is in how many seconds a refused client should ask again. AWS refuses without a word on that.
const retryAfter = "2"

// A Gateway is an http.Handler that answers the routes it was made with.
type Gateway struct {
	routes  []route // the most specific first
	invoker Invoker
	opts    Options
	places  chan struct{} // one for each request in flight
}

// New makes a gateway. It fails, naming every bad route, when a path is malformed or two routes are the same.
func New(routes []Route, invoker Invoker, opts Options) (*Gateway, error) {
	compiled, err := compile(routes)
	if err != nil {
		return nil, fmt.Errorf("set up routes: %w", err)
	}
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.AccountID == "" {
		opts.AccountID = "000000000000"
	}
	if opts.APIID == "" {
		opts.APIID = "local"
	}
	if opts.Timeout == 0 {
		opts.Timeout = timeout
	}
	if opts.InFlight == 0 {
		opts.InFlight = 128
	}
	return &Gateway{routes: compiled, invoker: invoker, opts: opts, places: make(chan struct{}, opts.InFlight)}, nil
}

// ServeHTTP answers one request. What goes wrong on the way is answered as AWS does, in a few words; the
// reason is in the log.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id := newRequestID()
	w.Header().Set("Apigw-Requestid", id)
	route, parameters := g.match(r.Method, r.URL.Path)
	if route == nil {
		refuse(w, http.StatusNotFound, "Not Found")
		return
	}
	select {
	case g.places <- struct{}{}:
		defer func() { <-g.places }()
	default: // refused at once: whoever waits longer than the rest would have given up by their turn
		w.Header().Set("Retry-After", retryAfter)
		refuse(w, http.StatusTooManyRequests, "Too Many Requests")
		return
	}
	body, err := readBody(r)
	if errors.Is(err, errTooLarge) {
		refuse(w, http.StatusRequestEntityTooLarge, "Request Entity Too Large")
		return
	}
	if err != nil { // the client broke off
		refuse(w, http.StatusBadRequest, "Bad Request")
		return
	}
	event, err := json.Marshal(g.event(r, call{id: id, route: route.key, parameters: parameters, body: body}))
	if err != nil {
		g.fail(w, route, id, fmt.Errorf("encode event: %w", err))
		return
	}
	g.invoke(w, r, route, id, event)
}

func (g *Gateway) invoke(w http.ResponseWriter, r *http.Request, route *route, id string, event []byte) {
	ctx, cancel := context.WithTimeout(r.Context(), g.opts.Timeout)
	defer cancel()
	result, err := g.invoker.Invoke(ctx, route.function, event)
	switch {
	case errors.Is(err, lambda.ErrPayloadTooLarge):
		refuse(w, http.StatusRequestEntityTooLarge, "Request Entity Too Large")
		return
	case err != nil && r.Context().Err() != nil: // nobody is there to answer
		g.opts.Logger.Info("client went away", "route", route.key, "request", id)
		return
	case err != nil && ctx.Err() != nil:
		g.opts.Logger.Warn("request timed out", "route", route.key, "request", id, "error", err)
		refuse(w, http.StatusServiceUnavailable, "Service Unavailable")
		return
	case err != nil:
		g.fail(w, route, id, err)
		return
	case result.Error != nil:
		g.fail(w, route, id, result.Error)
		return
	}
	answer, err := parseAnswer(result.Payload)
	if err != nil {
		g.fail(w, route, id, fmt.Errorf("read answer of %s: %w", route.function, err))
		return
	}
	answer.write(w)
}

// fail answers 500 and logs why.
func (g *Gateway) fail(w http.ResponseWriter, route *route, id string, err error) {
	g.opts.Logger.Error("request failed", "route", route.key, "function", route.function, "request", id, "error", err)
	refuse(w, http.StatusInternalServerError, "Internal Server Error")
}

func refuse(w http.ResponseWriter, status int, message string) {
	body := `{"message":"` + message + `"}`
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

var errTooLarge = errors.New("request body is over 10 MB")

// readBody reads the whole body, and never more than the limit.
func readBody(r *http.Request) ([]byte, error) {
	if r.ContentLength > maxBody {
		return nil, errTooLarge
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		return nil, fmt.Errorf("read body: %w", err)
	}
	if len(body) > maxBody {
		return nil, errTooLarge
	}
	return body, nil
}
