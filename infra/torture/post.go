package main

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"sync"

	"steledesk/infra/local/awsendpoint"
)

// post keeps whatever is put into a queue: once it is taken out again, its file has nothing more to show.
type post struct {
	mu  sync.Mutex
	all []trace
}

// read stands in front of the AWS endpoint, and of what stands there already.
func (p *post) read(behind awsendpoint.Middleware) awsendpoint.Middleware {
	return func(service, action string, next http.Handler) http.Handler {
		inner := behind(service, action, next)
		if service != "sqs" || !strings.HasPrefix(action, "SendMessage") {
			return inner
		}
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				panic(http.ErrAbortHandler)
			}
			p.mu.Lock()
			p.all = append(p.all, trace{"a message", string(body)})
			p.mu.Unlock()
			r.Body = io.NopCloser(bytes.NewReader(body))
			inner.ServeHTTP(w, r)
		})
	}
}

func (p *post) sent() []trace {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]trace{}, p.all...)
}
