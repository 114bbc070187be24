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

// load is the part "load": people file, follow, look through their queue and sign for tickets while digests are made, at
// twice the rate that this machine sustains.
type load struct {
	calibrate, overload time.Duration
	times               int           // the overload, in multiples of what is sustained
	early               time.Duration // within how long nineteen of twenty refused calls must be answered
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

	crowd   sync.WaitGroup
	mu      sync.Mutex
	samples []sample
	numbers []string // acknowledged
	fresh   []string // of them, those that nobody signed for
	ordered int      // digests
}

func (p *pressure) one(ctx context.Context) {
	n := p.n.Add(1)
	began := time.Now()
	as := []string{"Authorization", "Bearer " + p.token}
	var a answer
	switch number := p.unsigned(n); {
	case number != "":
		a = p.house.call(ctx, "POST", "/v1/desk/tickets/"+number+"/commands/sign", `{}`, append(as, "If-Match", `"1"`)...)
	case n%10 < 2:
		a = p.house.call(ctx, "GET", "/v1/desk/tickets?limit=20", "", as...)
	case n%10 < 5:
		a = p.house.call(ctx, "GET", "/v1/tickets/"+p.first.Number, "", "X-Ticket-Code", p.first.Code)
	default:
		a = p.house.call(ctx, "POST", "/v1/tickets", fmt.Sprintf(`{"kind":"complaint","category":"ticketing","spot":"BL01","text":"〔load-%d〕排队"}`, n),
			"Idempotency-Key", fmt.Sprintf("torture-load-%08d", n))
	}
	p.keep(sample{a, time.Since(began)})
}

// unsigned is a ticket to sign for, for one call in ten.
func (p *pressure) unsigned(n int64) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	last := len(p.fresh) - 1
	if n%10 != 0 || last < 0 {
		return ""
	}
	number := p.fresh[last]
	p.fresh = p.fresh[:last]
	return number
}

func (p *pressure) keep(s sample) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.samples = append(p.samples, s)
	if s.status == http.StatusCreated {
		number := numberIn(s.body)
		p.numbers, p.fresh = append(p.numbers, number), append(p.fresh, number)
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

// at sends so many calls a second, whether those before are answered or not, and orders a digest now and then. A moment
// in which the sender got no processor is made up for: what is due is sent. It gives how many calls it sent.
func (p *pressure) at(ctx context.Context, rate float64, d time.Duration) (sent int) {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for began := time.Now(); time.Since(began) < d && ctx.Err() == nil; <-tick.C {
		for due := int(time.Since(began).Seconds() * rate); sent < due; sent++ {
			p.crowd.Go(func() { p.one(ctx) })
			if sent%int(2*rate+1) == 0 {
				p.crowd.Go(func() { p.digest(ctx) })
			}
		}
	}
	return sent
}

// digest orders one: it may be refused, like all that is too much, and what is taken must be made.
func (p *pressure) digest(ctx context.Context) {
	err := p.house.orderDigest(ctx)
	p.mu.Lock()
	defer p.mu.Unlock()
	if err == nil {
		p.ordered++
	}
}

// weighed is what came of a load.
type weighed struct {
	early            time.Duration // see load
	sustained, rate  float64       // calls a second; the second as they were sent
	samples          []sample
	numbers          []string
	ordered          int // digests
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
	w := &weighed{early: l.early, sustained: p.sustained(ctx, l.calibrate)}
	meter := watchMemory(h)
	sent := p.at(ctx, w.sustained*float64(l.times), l.overload)
	w.rate = float64(sent) / l.overload.Seconds()
	w.recovered = h.recover(ctx, 2*w.recovery())
	p.crowd.Wait()
	w.samples, w.ordered = p.taken(), p.ordered
	if err := h.drain(ctx, 3*time.Minute); err != nil {
		return nil, err
	}
	w.memory = meter.stop()
	w.numbers = append(p.numbers, first.Number)
	if w.table, err = h.table(ctx); err != nil {
		return nil, err
	}
	w.told, _ = h.receiver.heard()
	return w, nil
}

// recover is how long it takes, from when the crowd's last call was sent, until somebody files well within a second, three
// times in a row, or until it has taken too long.
func (h *house) recover(ctx context.Context, within time.Duration) time.Duration {
	began := time.Now()
	for good, n := 0, 0; good < 3 && time.Since(began) < within; n++ {
		asked := time.Now()
		a := h.call(ctx, "POST", "/v1/tickets", `{"kind":"enquiry","category":"ticketing","text":"几点开门"}`,
			"Idempotency-Key", fmt.Sprintf("torture-recovery-%04d", n))
		if good++; a.status != http.StatusCreated || time.Since(asked) > time.Second {
			good = 0
		}
	}
	return time.Since(began)
}

// inFlight is how many calls the local gateway lets in at once.
const inFlight = 128

// recovery is how soon after the load's last call the desk must answer as ever: ten seconds once the calls are answered
// that were let in by then, at the pace that this machine sustains.
func (w *weighed) recovery() time.Duration {
	return 10*time.Second + time.Duration(inFlight/max(w.sustained, 1)*float64(time.Second))
}

func (w *weighed) judge(out *report) {
	injected := fmt.Sprintf("%.0f calls/s, %.0f sustained", w.rate, w.sustained)
	count, slow, rude := w.refused()
	var bad []string
	if w.refusals == 0 {
		bad = append(bad, "nothing was refused: this run shows nothing")
	}
	if w.rate < 1.8*w.sustained {
		bad = append(bad, "that is not twice as much: this run shows nothing")
	}
	out.hold("load: refusals", injected, "429 or 503 with Retry-After, 19 of 20 within "+w.early.String(), count, append(append(bad, slow...), rude...))
	out.hold("load: kept", injected, "everything acknowledged is there, whole, and told", fmt.Sprintf("%d filings acknowledged", len(w.numbers)), w.lost())
	made := len(w.table.Editions)
	var missing []string
	if w.ordered == 0 || made == 0 {
		missing = append(missing, "none")
	}
	out.hold("load: digests", fmt.Sprintf("%d ordered", w.ordered), "made beside all that", fmt.Sprintf("%d editions", made), missing)
	var late []string
	if w.recovered > w.recovery() {
		late = append(late, w.recovered.String())
	}
	out.hold("load: recovery", "the load ends", "filed within a second again, by itself, after "+w.recovery().Round(time.Second).String()+" at most", "after "+w.recovered.Round(10*time.Millisecond).String(), late)
	for _, u := range w.memory {
		out.hold("load: memory", u.name, fmt.Sprintf("at most %d MB", u.limit>>20), fmt.Sprintf("%d MB%s", u.peak>>20, u.note), u.over())
	}
	out.hold("load: memory", "all of it", "every process that works is measured", fmt.Sprintf("%d kinds", len(w.memory)), w.unseen())
}

// unseen are the processes that must have been measured and were not.
func (w *weighed) unseen() []string {
	must := []string{"host", "table's engine"}
	for _, f := range []string{"submit", "track", "desk", "dispatch", "notify", "digest"} {
		must = append(must, "steledesk-"+f)
	}
	return slices.DeleteFunc(must, func(name string) bool {
		return slices.ContainsFunc(w.memory, func(u usage) bool { return u.name == name })
	})
}

// refused counts answers, and names what was refused late or without a word on when to come again.
func (w *weighed) refused() (count string, slow, rude []string) {
	statuses := map[int]int{}
	unsent := 0
	var waits []time.Duration
	for _, s := range w.samples {
		statuses[s.status]++
		switch {
		case s.status == http.StatusTooManyRequests || s.status == http.StatusServiceUnavailable:
			waits = append(waits, s.took)
			if seconds, err := strconv.Atoi(s.header.Get("Retry-After")); err != nil || seconds < 1 {
				rude = append(rude, fmt.Sprintf("%d without Retry-After", s.status))
			}
		case s.unsent():
			unsent++
		case s.status == 0 || s.status >= 300:
			rude = append(rude, fmt.Sprintf("answered %d %.80s %v", s.status, s.body, s.err))
		default:
			w.served++
		}
	}
	slices.Sort(waits)
	w.refusals = len(waits)
	if n := len(waits); n > 0 && waits[n*19/20] > w.early {
		slow = append(slow, "one of twenty after "+waits[n*19/20].String())
	}
	if unsent > len(w.samples)/100 {
		rude = append(rude, fmt.Sprintf("%d calls never left: this run shows nothing", unsent))
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
