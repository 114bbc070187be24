package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"time"

	"steledesk/infra/local/demo"
)

// answer is what a call came to; status 0: there was no answer, and err says why.
type answer struct {
	status int
	header http.Header
	body   []byte
	err    error
}

// unsent reports whether the call never left: this machine had no port or no file for it, which the desk cannot help.
func (a answer) unsent() bool {
	return errors.Is(a.err, syscall.EADDRNOTAVAIL) || errors.Is(a.err, syscall.EMFILE) || errors.Is(a.err, syscall.ENFILE)
}

// newClient is a client for a crowd: it keeps its connections, so that calls by the thousand do not use up the ports.
func newClient() *http.Client {
	return &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 256}}
}

// call makes one call to the desk.
func (h *house) call(ctx context.Context, method, path, body string, header ...string) answer {
	r, err := http.NewRequestWithContext(ctx, method, h.URL()+path, strings.NewReader(body))
	if err != nil {
		return answer{err: err}
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	response, err := h.client.Do(r)
	if err != nil {
		return answer{err: err}
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return answer{err: err}
	}
	return answer{status: response.StatusCode, header: response.Header, body: text}
}

// patience is how often a person sends the same again before giving up.
const patience = 40

// insist sends the same until it is answered by something else than "later".
func (h *house) insist(ctx context.Context, method, path, body string, header ...string) answer {
	var a answer
	for n := range h.patience {
		a = h.call(ctx, method, path, body, header...)
		if a.status != 0 && a.status < 500 && a.status != http.StatusTooManyRequests {
			return a
		}
		select {
		case <-ctx.Done():
			return a
		case <-time.After(time.Duration(n*20) * time.Millisecond):
		}
	}
	return a
}

// staff signs in as the demonstration's accounts, and again when a session has run out.
type staff struct {
	house *house

	mu     sync.Mutex
	tokens map[string]string
}

func (s *staff) token(ctx context.Context, login string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t := s.tokens[login]; t != "" {
		return t, nil
	}
	a := s.house.insist(ctx, "POST", "/v1/session", fmt.Sprintf(`{"login":%q,"password":%q}`, login, demo.Password))
	var session struct{ Token string }
	if err := json.Unmarshal(a.body, &session); err != nil || session.Token == "" {
		return "", fmt.Errorf("sign in as %s: %d %.200s", login, a.status, a.body)
	}
	s.tokens[login] = session.Token
	return session.Token, nil
}

// as makes a call in somebody's name.
func (s *staff) as(ctx context.Context, login, method, path, body string, header ...string) (answer, error) {
	for range 3 {
		token, err := s.token(ctx, login)
		if err != nil {
			return answer{}, err
		}
		a := s.house.insist(ctx, method, path, body, append(header, "Authorization", "Bearer "+token)...)
		if a.status != http.StatusUnauthorized {
			return a, nil
		}
		s.mu.Lock()
		delete(s.tokens, login)
		s.mu.Unlock()
	}
	return answer{status: http.StatusUnauthorized}, nil
}

// command gives a command to a ticket as it stands now. It reports whether the desk said yes, and whether it may have
// been done without that being heard: an answer was lost, and the next try was too late.
func (s *staff) command(ctx context.Context, login, number, name, body string) (done bool, err error) {
	for range 6 {
		a, err := s.as(ctx, login, "GET", "/v1/desk/tickets/"+number, "")
		if err != nil {
			return false, err
		}
		version := strings.Trim(a.header.Get("ETag"), `"`)
		if a.status != http.StatusOK || version == "" {
			return false, fmt.Errorf("read %s as %s: %d %.200s", number, login, a.status, a.body)
		}
		a, err = s.as(ctx, login, "POST", "/v1/desk/tickets/"+number+"/commands/"+name, body, "If-Match", version)
		switch {
		case err != nil:
			return false, err
		case a.status == http.StatusOK:
			return true, nil
		case a.status == http.StatusPreconditionFailed:
			continue // somebody was faster, perhaps this very command
		}
		return false, nil // the ticket's life forbids it by now
	}
	return false, nil
}
