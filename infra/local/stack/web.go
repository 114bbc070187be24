package stack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"steledesk/infra/local/console"
	"steledesk/infra/local/gateway"
)

// listen opens an address; setting is how the settings call it.
func listen(ctx context.Context, setting, address string) (net.Listener, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, &AddressError{Setting: setting, Address: address, Err: err}
	}
	return listener, nil
}

// CheckAddresses tells at once whether the ports are free, for a caller with long
// work to do before Start. The error is an *AddressError.
func (s Settings) CheckAddresses(ctx context.Context) error {
	s = s.withDefaults()
	for _, a := range [][2]string{{"Address", s.Address}, {"AWSAddress", s.AWSAddress}, {"SMTP", s.SMTP}} {
		if a[0] == "AWSAddress" && !s.own() {
			continue
		}
		listener, err := listen(ctx, a[0], a[1])
		if err != nil {
			return err
		}
		if err := listener.Close(); err != nil {
			return fmt.Errorf("close %s: %w", a[1], err)
		}
	}
	return nil
}

// openWeb takes the address of the API and the pages, so that it is known before
// anything that names it is made. Nothing answers until serve.
func (s *Stack) openWeb(ctx context.Context) error {
	listener, err := listen(ctx, "Address", s.settings.Address)
	if err != nil {
		return err
	}
	s.web = listener
	s.onClose("web address", func(context.Context) error { return ignoreClosed(listener.Close()) })
	return nil
}

func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// startServer makes an HTTP server and starts it; closing the stack ends it.
func (s *Stack) startServer(what string, listener net.Listener, handler http.Handler) {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		ErrorLog:          slog.NewLogLogger(s.settings.Logger.Handler(), slog.LevelDebug),
	}
	go func() { _ = server.Serve(listener) }() // ends with http.ErrServerClosed
	s.onClose(what, func(ctx context.Context) error {
		// Whoever counts has left by now. Shutdown lets a last answer through, but waits
		// five seconds for connections that were opened and never used.
		ctx, cancel := context.WithTimeout(ctx, lastAnswer)
		defer cancel()
		if err := server.Shutdown(ctx); err == nil {
			return nil
		}
		return server.Close()
	})
}

// lastAnswer is how long a server that closes lets answers through.
const lastAnswer = 300 * time.Millisecond

// serve answers on the address of the API and the pages: at first only the bots'
// sink, which functions call from their first event to their last.
func (s *Stack) serve(context.Context) error {
	s.doors = &intake{closed: true}
	s.startServer("pages", s.web, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/local/bots/") {
			s.sink.ServeHTTP(w, r)
			return
		}
		s.doors.ServeHTTP(w, r)
	}))
	return nil
}

// open lets visitors in. It is the last thing to begin and the first to end.
func (s *Stack) open(context.Context) error {
	api, err := s.gateway()
	if err != nil {
		return err
	}
	page, err := console.New(s.Status, s.settings.Logger)
	if err != nil {
		return err
	}
	s.doors.open(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/local" || strings.HasPrefix(r.URL.Path, "/local/") {
			page.ServeHTTP(w, r)
			return
		}
		api.ServeHTTP(w, r)
	}))
	s.onClose("requests", s.doors.close)
	return nil
}

func (s *Stack) gateway() (http.Handler, error) {
	var routes []gateway.Route
	for _, r := range s.model.Routes {
		method := r.Method
		if r.Path == "$default" {
			method = ""
		}
		routes = append(routes, gateway.Route{Method: method, Path: r.Path, Function: s.nameOf(r.Function)})
	}
	return gateway.New(routes, s.functions, gateway.Options{
		Logger: s.settings.Logger, Now: s.settings.Clock, AccountID: s.settings.Account,
	})
}

// intake lets requests in while it is open, and knows when the last has left.
type intake struct {
	mu     sync.Mutex
	next   http.Handler
	closed bool
	inside sync.WaitGroup
}

func (d *intake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !d.enter() {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = io.WriteString(w, `{"message":"Service Unavailable"}`)
		return
	}
	defer d.inside.Done()
	d.next.ServeHTTP(w, r)
}

func (d *intake) open(next http.Handler) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.next, d.closed = next, false
}

func (d *intake) enter() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.closed {
		d.inside.Add(1)
	}
	return !d.closed
}

// close refuses new requests and waits for those inside.
func (d *intake) close(ctx context.Context) error {
	d.mu.Lock()
	d.closed = true
	d.mu.Unlock()
	left := make(chan struct{})
	go func() { d.inside.Wait(); close(left) }()
	select {
	case <-left:
		return nil
	case <-ctx.Done():
		return errors.New("requests in flight did not end in time")
	}
}

// readyWithin bounds how long the template's own health check may take to be well.
const readyWithin = 30 * time.Second

// awaitReady asks the template's GET /healthz, if it has one, until it answers 200.
func (s *Stack) awaitReady(ctx context.Context) error {
	declared := false
	for _, r := range s.model.Routes {
		declared = declared || r.Method == http.MethodGet && r.Path == "/healthz"
	}
	if !declared {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	for {
		answer, err := healthy(ctx, s.URL()+"/healthz")
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for %s/healthz: %w: %s", s.URL(), err, answer)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// healthy asks once and returns what was answered.
func healthy(ctx context.Context, url string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return "", err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, 2000))
	if err == nil && response.StatusCode != http.StatusOK {
		err = errors.New(response.Status)
	}
	return string(body), err
}
