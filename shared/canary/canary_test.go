package canary

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"steledesk/shared/visitor/visitortest"
)

// pretend is a desk that does one thing wrong.
type pretend struct {
	wrong   string // the step
	state   string
	removed int
}

func (p *pretend) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	step := map[string]string{"GET /v1/catalog": "catalog", "POST /v1/tickets": "file", "POST /v1/tickets/WX-1/withdraw": "withdraw"}[r.Method+" "+r.URL.Path]
	switch {
	case step != "" && step == p.wrong:
		http.Error(w, `{"code":"internal"}`, http.StatusInternalServerError)
	case step == "catalog":
		fmt.Fprint(w, `{"categories":[{"id":"toilets"}]}`)
	case step == "file":
		if r.Header.Get("X-Canary") == "" || r.Header.Get("Idempotency-Key") != key {
			http.Error(w, "a visitor's", http.StatusTeapot)
			return
		}
		p.state = "assigned"
		w.WriteHeader(http.StatusCreated)
		fmt.Fprint(w, `{"number":"WX-1","code":"AAAAA-BBBBB"}`)
	case step == "withdraw":
		p.state = "withdrawn"
	case p.removed > 0 && p.wrong != "gone":
		http.NotFound(w, r)
	case p.wrong == "follow":
		fmt.Fprint(w, `{"state":{"id":"closed"}}`)
	default:
		fmt.Fprintf(w, `{"state":{"id":%q}}`, p.state)
	}
}

func (p *pretend) WasTold(context.Context, string, int, string) (bool, error) {
	return p.wrong != "told", nil
}

func (p *pretend) RemoveCanary(context.Context, string) error {
	p.removed++
	if p.wrong == "remove" {
		return errors.New("the table is away")
	}
	return nil
}

const key = "canary-2026-11-23T01:00:00Z"

func fly(t *testing.T, p *pretend) ([]Step, error) {
	t.Helper()
	desk := httptest.NewServer(p)
	defer desk.Close()
	waits := 0
	c := &Canary{
		URL: desk.URL, HTTP: desk.Client(), Keys: visitortest.Keys(), Table: p, Now: time.Now,
		Wait: func(context.Context, time.Duration) error {
			if waits++; waits > 3 {
				return context.DeadlineExceeded
			}
			return nil
		},
	}
	return c.Fly(t.Context(), key)
}

// A canary that could not fail would be worth nothing: each step fails it, by its name, and the ticket is removed all the same.
func TestEveryStepCanFail(t *testing.T) {
	steps, err := fly(t, &pretend{})
	if err != nil || len(steps) != 7 {
		t.Fatalf("a desk that works: %d steps, %v", len(steps), err)
	}
	for wrong, want := range map[string]struct {
		error string
		steps int
	}{
		"catalog": {"file: GET /v1/catalog gave 500", 0}, "file": {"file: POST /v1/tickets gave 500", 0},
		"follow": {`follow: WX-1 is "closed" and should be "assigned"`, 1}, "withdraw": {"withdraw: POST", 2},
		"told": {"told: event 1 of WX-1 did not come to notify in time", 4}, "remove": {"remove: the table is away", 5},
		"gone": {"gone: GET /v1/tickets/WX-1 gave 200 and should give 404", 6},
	} {
		p := &pretend{wrong: wrong}
		steps, err := fly(t, p)
		if err == nil || !strings.HasPrefix(err.Error(), want.error) || len(steps) != want.steps {
			t.Errorf("%s: %d steps, %v; want %d, %s", wrong, len(steps), err, want.steps, want.error)
		}
		if filed := wrong != "catalog" && wrong != "file"; filed != (p.removed > 0) {
			t.Errorf("%s: removed %d times", wrong, p.removed)
		}
	}
}
