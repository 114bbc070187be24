package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"steledesk/infra/torture/fault"
	"steledesk/infra/torture/raw"
)

// load is the part "load": people file, follow and work at the desk while digests are made, at twice the rate that this
// machine sustains.
type load struct {
	calibrate, overload time.Duration
	times               int // the overload, in multiples of what is sustained
}

// sample is one answer and how long it took.
type sample struct {
	answer
	took time.Duration
}

// pressure sends the mix of calls and keeps what came of it.
type pressure struct {
	house *house
	token string
	first receipt // what is followed
	n     atomic.Int64

	mu      sync.Mutex
	samples []sample
	numbers []string // acknowledged
}

func (p *pressure) one(ctx context.Context) {
	n := p.n.Add(1)
	began := time.Now()
	var a answer
	switch n % 10 {
	case 0, 1:
		a = p.house.call(ctx, "GET", "/v1/desk/tickets?limit=20", "", "Authorization", "Bearer "+p.token)
	case 2, 3, 4:
		a = p.house.call(ctx, "GET", "/v1/tickets/"+p.first.Number, "", "X-Ticket-Code", p.first.Code)
	default:
		a = p.house.call(ctx, "POST", "/v1/tickets", fmt.Sprintf(`{"kind":"complaint","category":"ticketing","spot":"BL01","text":"〔load-%d〕排队"}`, n),
			"Idempotency-Key", fmt.Sprintf("torture-load-%08d", n))
	}
	p.keep(sample{a, time.Since(began)})
}

func (p *pressure) keep(s sample) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.samples = append(p.samples, s)
	if s.status == http.StatusCreated {
		p.numbers = append(p.numbers, numberIn(s.body))
	}
}

// taken gives the samples so far and begins anew.
func (p *pressure) taken() []sample {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := p.samples
	p.samples = nil
	return all
}

// sustained is how many calls a second are answered when a few people at once wait for each answer.
func (p *pressure) sustained(ctx context.Context, d time.Duration) float64 {
	end := time.Now().Add(d)
	var crowd sync.WaitGroup
	for range 32 {
		crowd.Go(func() {
			for time.Now().Before(end) && ctx.Err() == nil {
				p.one(ctx)
			}
		})
	}
	crowd.Wait()
	return float64(len(p.taken())) / d.Seconds()
}

// at sends so many calls a second, whether those before are answered or not, and orders a digest now and then.
func (p *pressure) at(ctx context.Context, rate float64, d time.Duration) {
	var crowd sync.WaitGroup
	tick := time.NewTicker(time.Duration(float64(time.Second) / rate))
	defer tick.Stop()
	for end, n := time.Now().Add(d), 0; time.Now().Before(end) && ctx.Err() == nil; n++ {
		<-tick.C
		crowd.Go(func() { p.one(ctx) })
		if n%int(2*rate+1) == 0 {
			crowd.Go(func() { _ = p.house.orderDigest(ctx) }) // one that is not ordered is no loss
		}
	}
	crowd.Wait()
}

// weighed is what came of a load.
type weighed struct {
	sustained, rate  float64
	samples          []sample
	numbers          []string
	recovered        time.Duration
	table            *raw.Table
	told             []raw.Told
	memory           []usage
	served, refusals int
}

func (l load) run(ctx context.Context, p place, out *report) error {
	h, err := openHouse(ctx, p, plan{seed: 1, rates: fault.Rates{}})
	if err != nil {
		return err
	}
	defer h.Close()
	w, err := l.through(ctx, h)
	if err != nil {
		return err
	}
	w.judge(out)
	return nil
}

func (l load) through(ctx context.Context, h *house) (*weighed, error) {
	people := &staff{house: h, tokens: map[string]string{}}
	token, err := people.token(ctx, "ticketing")
	if err != nil {
		return nil, err
	}
	first := newLife(h, people, &ledger{filed: map[string]string{}}, 1, 0)
	first.kind = "complaint"
	if !first.file(ctx) {
		return nil, fmt.Errorf("file before the load: %v", first.ledger.refused)
	}
	p := &pressure{house: h, token: token, first: first.receipt}
	w := &weighed{sustained: p.sustained(ctx, l.calibrate)}
	w.rate = w.sustained * float64(l.times)
	meter := watchMemory(h)
	p.at(ctx, w.rate, l.overload)
	w.memory = meter.stop()
	w.samples = p.taken()
	w.recovered = h.recover(ctx)
	if err := h.drain(ctx, 3*time.Minute); err != nil {
		return nil, err
	}
	w.numbers = append(p.numbers, first.Number)
	if w.table, err = h.table(ctx); err != nil {
		return nil, err
	}
	w.told, _ = h.receiver.heard()
	return w, nil
}

// recover is how long it takes until somebody is answered well within a second, three times in a row.
func (h *house) recover(ctx context.Context) time.Duration {
	began := time.Now()
	for good := 0; good < 3 && time.Since(began) < time.Minute; {
		asked := time.Now()
		a := h.call(ctx, "GET", "/v1/catalog", "")
		if good++; a.status != http.StatusOK || time.Since(asked) > time.Second {
			good = 0
		}
	}
	return time.Since(began)
}

// early is within how long nineteen of twenty refused calls must be answered, and recovery how soon after the load the
// desk must answer as ever.
const (
	early    = time.Second
	recovery = 10 * time.Second
)

func (w *weighed) judge(out *report) {
	injected := fmt.Sprintf("%.0f calls/s, %.0f sustained", w.rate, w.sustained)
	count, slow, rude := w.refused()
	var bad []string
	if w.refusals == 0 {
		bad = append(bad, "nothing was refused: this run shows nothing")
	}
	out.hold("load: refusals", injected, "429 or 503 with Retry-After, 19 of 20 within a second", count, append(append(bad, slow...), rude...))
	out.hold("load: kept", injected, "everything acknowledged is there, whole, and told", fmt.Sprintf("%d filings acknowledged", len(w.numbers)), w.lost())
	var late []string
	if w.recovered > recovery {
		late = append(late, w.recovered.String())
	}
	out.hold("load: recovery", "the load ends", "answers within a second again, by itself", "after "+w.recovered.Round(10*time.Millisecond).String(), late)
	for _, u := range w.memory {
		out.hold("load: memory", u.name, fmt.Sprintf("at most %d MB", u.limit>>20), fmt.Sprintf("%d MB", u.peak>>20), u.over())
	}
}

// refused counts answers, and names what was refused late or without a word on when to come again.
func (w *weighed) refused() (count string, slow, rude []string) {
	statuses := map[int]int{}
	var waits []time.Duration
	for _, s := range w.samples {
		statuses[s.status]++
		switch {
		case s.status == http.StatusTooManyRequests || s.status == http.StatusServiceUnavailable:
			waits = append(waits, s.took)
			if seconds, err := strconv.Atoi(s.header.Get("Retry-After")); err != nil || seconds < 1 {
				rude = append(rude, fmt.Sprintf("%d without Retry-After", s.status))
			}
		case s.status == 0 || s.status >= 300:
			rude = append(rude, fmt.Sprintf("answered %d %.80s", s.status, s.body))
		default:
			w.served++
		}
	}
	slices.Sort(waits)
	w.refusals = len(waits)
	if n := len(waits); n > 0 && waits[n*19/20] > early {
		slow = append(slow, "one of twenty after "+waits[n*19/20].String())
	}
	return fmt.Sprintf("%v", statuses), slow, rude
}

func (w *weighed) lost() []string {
	var bad []string
	for _, n := range w.numbers {
		k := w.table.Tickets[n]
		if k == nil {
			bad = append(bad, n+" is not there")
		} else if wrong := k.Chain(); wrong != "" {
			bad = append(bad, wrong)
		}
	}
	return append(bad, raw.AuditTellings(w.table, w.told).Missing...)
}

// numberIn is the number in a receipt.
func numberIn(body []byte) string {
	var r receipt
	if err := json.Unmarshal(body, &r); err != nil {
		return ""
	}
	return r.Number
}
