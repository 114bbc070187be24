// Package canary tries the desk as a visitor does, all the way: it files a marked ticket over HTTP, follows it, takes it
// back, sees that the section's queue carried both, and removes it. A marked ticket is in no list and no figure, and
// nobody is told of it.
package canary

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"steledesk/shared/dynamo"
	"steledesk/shared/httpapi"
	"steledesk/shared/ticket"
)

// Text is what a canary files.
const Text = "系统自检，请勿处理。The desk tries itself; there is nothing to do."

// Table is where a canary looks for what became of its ticket: *dynamo.Table.
type Table interface {
	WasTold(ctx context.Context, number string, seq int, channel string) (bool, error)
	RemoveCanary(ctx context.Context, number string) error
}

// Keys prove that the desk itself files: *seal.Keys.
type Keys interface{ Fingerprint(text string) string }

// Canary tries one desk.
type Canary struct {
	URL   string // of the desk, without a slash at the end
	HTTP  *http.Client
	Keys  Keys
	Table Table
	Now   func() time.Time
	Wait  func(ctx context.Context, d time.Duration) error
}

// Wait waits, or until ctx ends, whose cause it gives then.
func Wait(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(d):
		return nil
	}
}

// Step is one thing that worked.
type Step struct {
	Name string
	Took time.Duration
}

// again is how long a canary waits before it looks anew for what a queue is to carry.
const again = 500 * time.Millisecond

// goodbye is how long removing the ticket may take when the trial itself ran out of time.
const goodbye = 5 * time.Second

// Fly tries the desk under an idempotency key (16 to 128 visible ASCII characters) until ctx ends, and gives what
// worked, in its order. The error names the step that did not. The ticket is removed whatever happened; one that cannot
// be is forgotten by the table after a day.
func (c *Canary) Fly(ctx context.Context, key string) ([]Step, error) {
	f := &flight{Canary: c, key: key}
	err := f.steps(ctx)
	if f.receipt.Number != "" && !f.removed {
		after, stop := context.WithTimeout(context.WithoutCancel(ctx), goodbye)
		defer stop()
		err = errors.Join(err, f.remove(after))
	}
	return f.done, err
}

// flight is one trial.
type flight struct {
	*Canary
	key     string
	receipt struct{ Number, Code string }
	removed bool
	done    []Step
}

func (f *flight) steps(ctx context.Context) error {
	for _, one := range []struct {
		name string
		do   func(context.Context) error
	}{
		{"file", f.file},
		{"follow", f.follow(ticket.Assigned)},
		{"withdraw", f.withdraw},
		{"follow again", f.follow(ticket.Withdrawn)},
		{"told", f.told},
		{"remove", f.remove},
		{"gone", f.gone},
	} {
		began := f.Now()
		if err := one.do(ctx); err != nil {
			return fmt.Errorf("%s: %w", one.name, err)
		}
		f.done = append(f.done, Step{one.name, f.Now().Sub(began)})
	}
	return nil
}

func (f *flight) file(ctx context.Context) error {
	category, err := f.category(ctx)
	if err != nil {
		return err
	}
	body := map[string]string{"kind": string(ticket.Enquiry), "category": category, "text": Text}
	return f.call(ctx, request{http.MethodPost, "/v1/tickets", body, http.StatusCreated}, &f.receipt)
}

// category is any that the desk's form offers.
func (f *flight) category(ctx context.Context) (string, error) {
	var catalog struct{ Categories []struct{ ID string } }
	if err := f.call(ctx, request{http.MethodGet, "/v1/catalog", nil, http.StatusOK}, &catalog); err != nil {
		return "", err
	}
	if len(catalog.Categories) == 0 {
		return "", errors.New("the catalogue has no categories")
	}
	return catalog.Categories[0].ID, nil
}

func (f *flight) address() string { return "/v1/tickets/" + f.receipt.Number }

func (f *flight) follow(want ticket.State) func(context.Context) error {
	return func(ctx context.Context) error {
		var seen struct{ State struct{ ID ticket.State } }
		if err := f.call(ctx, request{http.MethodGet, f.address(), nil, http.StatusOK}, &seen); err != nil {
			return err
		}
		if seen.State.ID != want {
			return fmt.Errorf("%s is %q and should be %q", f.receipt.Number, seen.State.ID, want)
		}
		return nil
	}
}

func (f *flight) withdraw(ctx context.Context) error {
	return f.call(ctx, request{http.MethodPost, f.address() + "/withdraw", map[string]string{}, http.StatusOK}, nil)
}

// told waits until the stream, dispatch, the queue and notify carried both events.
func (f *flight) told(ctx context.Context) error {
	for seq := 1; seq <= 2; {
		carried, err := f.Table.WasTold(ctx, f.receipt.Number, seq, dynamo.CanaryChannel)
		switch {
		case err != nil:
			return err
		case carried:
			seq++
			continue
		}
		if err := f.Wait(ctx, again); err != nil {
			return fmt.Errorf("event %d of %s did not come to notify in time: %w", seq, f.receipt.Number, err)
		}
	}
	return nil
}

func (f *flight) remove(ctx context.Context) error {
	err := f.Table.RemoveCanary(ctx, f.receipt.Number)
	f.removed = err == nil
	return err
}

func (f *flight) gone(ctx context.Context) error {
	return f.call(ctx, request{http.MethodGet, f.address(), nil, http.StatusNotFound}, nil)
}

// request is a call, and the status that it must have.
type request struct {
	method, path string
	body         any
	want         int
}

// most is how much of an answer is read.
const most = 1 << 20

func (f *flight) call(ctx context.Context, r request, into any) error {
	var body []byte
	if r.body != nil {
		var err error
		if body, err = json.Marshal(r.body); err != nil {
			return fmt.Errorf("encode: %w", err)
		}
	}
	call, err := http.NewRequestWithContext(ctx, r.method, f.URL+r.path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	call.Header.Set("Content-Type", "application/json")
	call.Header.Set("Idempotency-Key", f.key)
	call.Header.Set("X-Ticket-Code", f.receipt.Code)
	httpapi.MarkCanary(call.Header, f.Keys, f.key)
	answer, err := f.HTTP.Do(call)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	got, err := io.ReadAll(io.LimitReader(answer.Body, most))
	switch {
	case err != nil:
		return fmt.Errorf("read answer: %w", err)
	case answer.StatusCode != r.want:
		return fmt.Errorf("%s %s gave %d and should give %d: %.300s", r.method, r.path, answer.StatusCode, r.want, got)
	case into == nil:
		return nil
	}
	if err := json.Unmarshal(got, into); err != nil {
		return fmt.Errorf("%s %s: %w", r.method, r.path, err)
	}
	return nil
}
