package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"steledesk/infra/local/sink"
	"steledesk/infra/torture/raw"
)

// turn is a change of keys with people at the desk, who send everything once: whatever they are refused, they saw.
type turn struct {
	house  *house
	staff  *staff
	people []*regular

	mu   sync.Mutex
	bad  []string
	made int // calls
}

// regular is somebody who was at the desk before the keys changed, and goes on.
type regular struct {
	turn    *turn
	n       int
	rounds  int
	first   proven // filed before the change
	phone   string // its contact's
	photo   string // a slot that is to be filed with the next one
	cookie  string // of the form
	session string // of the section that has the first
}

// proven is a receipt with its proof.
type proven struct {
	receipt
	Receipt string // the signed line
}

// see makes one call, once, and notes any answer but the one that was to come.
func (t *turn) see(ctx context.Context, want int, method, path, body string, header ...string) answer {
	a := t.house.call(ctx, method, path, body, header...)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.made++
	if a.status != want && ctx.Err() == nil {
		t.bad = append(t.bad, fmt.Sprintf("%s %s: %d %.120s", method, path, a.status, a.body))
	}
	return a
}

// odd notes what came out otherwise than it had to.
func (t *turn) odd(what string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.bad = append(t.bad, fmt.Sprintf(what, args...))
}

// file files the n-th matter of a person's, the same however often it is called.
func (p *regular) file(ctx context.Context, round int, photo string) (r proven) {
	body := fmt.Sprintf(`{"kind":"enquiry","category":"ticketing","text":"换钥匙时来问 %d-%d","contact":{"phone":%q}%s}`, p.n, round, p.phone, photo)
	a := p.turn.see(ctx, http.StatusCreated, "POST", "/v1/tickets", body, "Idempotency-Key", fmt.Sprintf("turn-filing-%03d-%04d", p.n, round))
	if err := json.Unmarshal(a.body, &r); err != nil {
		p.turn.odd("filing %d-%d: %v", p.n, round, err)
	}
	return r
}

// slot takes a slot for a photo, as the field that files with it.
func (p *regular) slot(ctx context.Context, round int) string {
	var slot struct{ ID string }
	a := p.turn.see(ctx, http.StatusCreated, "POST", "/v1/photos", `{"type":"image/jpeg"}`, "Idempotency-Key", fmt.Sprintf("turn-slot-%03d-%06d", p.n, round))
	if err := json.Unmarshal(a.body, &slot); err != nil {
		p.turn.odd("slot: %v", err)
	}
	return fmt.Sprintf(`,"photos":[%q]`, slot.ID)
}

// message writes to the section about a ticket; the same key writes once.
func (p *regular) message(ctx context.Context, r proven) {
	p.turn.see(ctx, http.StatusOK, "POST", "/v1/tickets/"+r.Number+"/message", `{"text":"请尽快回复"}`,
		"X-Ticket-Code", r.Code, "Idempotency-Key", "turn-message-"+r.Number)
}

// arrive does before the change what has to last beyond it.
func (p *regular) arrive(ctx context.Context) {
	p.first = p.file(ctx, 0, "")
	p.message(ctx, p.first)
	p.photo = p.slot(ctx, 0)
	keep := url.Values{"number": {p.first.Number}, "code": {p.first.Code}}
	a := p.turn.see(ctx, http.StatusOK, "POST", "/follow", keep.Encode(), form...)
	for _, line := range a.header.Values("Set-Cookie") {
		if cookie, is := strings.CutPrefix(line, "mine="); is {
			p.cookie, _, _ = strings.Cut(cookie, ";")
		}
	}
	const key, auth = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4", "BTBZMqHH6r4Tts7J_aSIgg" // of RFC 8291
	p.turn.see(ctx, http.StatusNoContent, "PUT", "/v1/tickets/"+p.first.Number+"/push", fmt.Sprintf(`{"endpoint":%q,"keys":{"p256dh":%q,"auth":%q}}`,
		p.turn.house.URL()+"/local/bots/push/"+p.listens(), key, auth), "X-Ticket-Code", p.first.Code)
	token, err := p.turn.staff.token(ctx, p.first.Section.ID)
	if err != nil {
		p.turn.odd("sign in: %v", err)
	}
	p.session = token
}

func (p *regular) listens() string { return fmt.Sprintf("turn-phone-%03d", p.n) }

var form = []string{"Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "same-origin"}

// round is what a person does again and again: something new, the same once more, and what was there before.
func (p *regular) round(ctx context.Context) {
	p.rounds++
	r := p.file(ctx, p.rounds, p.photo)
	if again := p.file(ctx, p.rounds, p.photo); again != r {
		p.turn.odd("filing %d-%d again: %s, then %s", p.n, p.rounds, r.Number, again.Number)
	}
	if again := p.file(ctx, 0, ""); again != p.first {
		p.turn.odd("the first filing of %d again: %s, then %s", p.n, p.first.Number, again.Number)
	}
	p.photo = p.slot(ctx, p.rounds)
	for _, one := range []proven{p.first, r} {
		p.message(ctx, one)
		p.turn.see(ctx, http.StatusOK, "GET", "/v1/tickets/"+one.Number, "", "X-Ticket-Code", one.Code)
		if a := p.turn.see(ctx, http.StatusOK, "POST", "/v1/verify", fmt.Sprintf(`{"receipt":%q}`, one.Receipt)); !strings.Contains(string(a.body), `"valid":true`) {
			p.turn.odd("%s: its receipt: %.150s", one.Number, a.body)
		}
		if a := p.turn.see(ctx, http.StatusOK, "POST", "/v1/desk/tickets/"+one.Number+"/contact", `{"reason":"核实"}`,
			"Authorization", "Bearer "+p.session); !strings.Contains(string(a.body), p.phone) {
			p.turn.odd("%s: its phone cannot be read", one.Number)
		}
	}
	p.turn.see(ctx, http.StatusOK, "POST", "/follow", url.Values{"number": {p.first.Number}}.Encode(), append(form, "Cookie", "mine="+p.cookie)...)
}

// through has people come, changes the keys while they go on and processes end between calls, and lets them go.
func (t *turn) through(ctx context.Context, people, rounds int) error {
	for n := range people {
		t.people = append(t.people, &regular{turn: t, n: n, phone: fmt.Sprintf("1370000%04d", n)})
	}
	t.each(func(p *regular) { p.arrive(ctx) })
	before := t.made
	going, stop := context.WithCancel(ctx)
	var ending, all sync.WaitGroup
	ending.Go(func() { t.recycle(going) })
	over := make(chan struct{})
	all.Go(func() {
		t.each(func(p *regular) {
			for goesOn := true; goesOn; {
				p.round(ctx)
				select {
				case <-over:
					goesOn = false
				default:
				}
			}
		})
	})
	err := t.change(ctx, before, rounds)
	close(over)
	all.Wait()
	stop()
	ending.Wait()
	return err
}

func (t *turn) each(do func(*regular)) {
	var all sync.WaitGroup
	for _, p := range t.people {
		all.Go(func() { do(p) })
	}
	all.Wait()
}

// recycle ends processes that wait for work, of one function after the other, at moments nobody chose.
func (t *turn) recycle(ctx context.Context) {
	for ctx.Err() == nil {
		all := t.house.Functions().Stats()
		t.house.Functions().Recycle(all[rand.IntN(len(all))].Name)
		wait(ctx, time.Duration(rand.IntN(100))*time.Millisecond)
	}
}

// change is the rotation, as an operator does it. Every process that does not know the new key ends before it is used,
// which is what the quarter of an hour is for; --now spares the test to wait for it.
func (t *turn) change(ctx context.Context, from, rounds int) error {
	calls := rounds * len(t.people) * 12
	t.lasts(ctx, from+calls)
	if _, err := t.house.operate(ctx, "secret", "add"); err != nil {
		return err
	}
	if err := t.replaced(ctx, 3*time.Minute); err != nil {
		return err
	}
	t.lasts(ctx, t.soFar()+calls)
	if _, err := t.house.operate(ctx, "secret", "use", "2", "--now"); err != nil {
		return err
	}

	t.lasts(ctx, t.soFar()+2*calls)
	// Chance alone may spare a process that goes on with the old key: it would seal everything that is looked at afterwards.
	return t.replaced(ctx, 3*time.Minute)
}

// replaced waits until every process that is there now has ended.
func (t *turn) replaced(ctx context.Context, within time.Duration) error {
	old := t.processes()
	for deadline := time.Now().Add(within); ; wait(ctx, 20*time.Millisecond) {
		now := t.processes()
		left := slices.DeleteFunc(slices.Clone(old), func(id int) bool { return !slices.Contains(now, id) })
		switch {
		case len(left) == 0:
			return nil
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case time.Now().After(deadline):
			return fmt.Errorf("after %s %d of %d processes go on without the new key", within, len(left), len(old))
		}
	}
}

func (t *turn) processes() (ids []int) {
	for _, f := range t.house.Functions().Stats() {
		ids = append(ids, f.Processes...)
	}
	return ids
}

func (t *turn) soFar() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.made
}

// lasts waits until people made so many calls.
func (t *turn) lasts(ctx context.Context, calls int) {
	for t.soFar() < calls && ctx.Err() == nil {
		wait(ctx, 20*time.Millisecond)
	}
}

func wait(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// judge holds what people saw, and what is stored, to what was promised. Others filed beside them.
func (t *turn) judge(ctx context.Context, others int, out *report) error {
	filed, ended := others, 0
	for _, p := range t.people {
		filed += p.rounds + 1
	}
	for _, f := range t.house.Functions().Stats() {
		ended += int(f.ColdStarts)
	}
	table, err := t.house.table(ctx)
	if err != nil {
		return err
	}
	out.hold("keys: nobody notices", "both steps while people file, follow, write and check; idle processes end at any moment",
		"every call is answered at the first try", fmt.Sprintf("%d calls, %d processes", t.made, ended), t.bad)
	out.hold("keys: once", "filings and messages sent again across both steps", "each is stored once",
		fmt.Sprintf("%d tickets of %d filings", len(table.Tickets), filed), t.twice(table, filed))
	deaf, err := t.deaf(ctx)
	out.hold("keys: phones", "subscribed before the change, news after it", "every phone hears", fmt.Sprintf("%d phones", len(t.people)), deaf)
	return err
}

// twice names what is stored more often than it was filed or written.
func (t *turn) twice(table *raw.Table, filed int) (bad []string) {
	if len(table.Tickets) != filed {
		bad = append(bad, fmt.Sprintf("%d tickets", len(table.Tickets)))
	}
	said := map[string]string{}
	for number, one := range table.Tickets {
		if len(one.Events) == 0 {
			bad = append(bad, number+" has no events")
			continue
		}
		var words struct{ Text string }
		if err := json.Unmarshal([]byte(one.Events[0].Words), &words); err != nil || said[words.Text] != "" {
			bad = append(bad, fmt.Sprintf("%s says what %s does: %q, %v", number, said[words.Text], words.Text, err))
		}
		said[words.Text] = number
		messages := 0
		for _, e := range one.Events {
			if e.What == "messaged" {
				messages++
			}
		}
		if messages > 1 {
			bad = append(bad, fmt.Sprintf("%s: %d messages", number, messages))
		}
	}
	return bad
}

// deaf has the sections sign the tickets that were there before, and names the phones that hear nothing of it.
func (t *turn) deaf(ctx context.Context) (bad []string, err error) {
	for _, p := range t.people {
		if done, err := t.staff.command(ctx, p.first.Section.ID, p.first.Number, "sign", "{}"); err != nil || !done {
			return nil, fmt.Errorf("sign %s: %v, %w", p.first.Number, done, err)
		}
	}
	if err := t.house.drain(ctx, 2*time.Minute); err != nil {
		return nil, err
	}
	for _, p := range t.people {
		heard := func(m sink.Message) bool { return m.Kind == sink.Push && m.Section == p.listens() }
		if !slices.ContainsFunc(t.house.Sink().Messages(), heard) {
			bad = append(bad, p.listens())
		}
	}
	return bad, nil
}
