package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"steledesk/infra/torture/fault"
	"steledesk/infra/torture/raw"
)

// storm is the part "faults": many lives through a desk that everything happens to; with days, the part "clock".
type storm struct {
	seed    uint64
	filings int
	crowd   int  // lives lived at once
	short   bool // leave out what takes a minute

	begin time.Time // what the desk's clock says at first; zero: what it is
	days  int       // that pass, under the same faults, before the storm ends

	progress io.Writer // may be nil
}

// part is the name of the part that this storm is.
func (s storm) part() string {
	if s.days > 0 {
		return "clock"
	}
	return "faults"
}

// stormEvidence is what is there when the storm is over. The checks look at nothing else.
type stormEvidence struct {
	part   string // whose rows these are
	met    met    // what happened in it
	aged   bool   // days passed in it
	ledger *ledger
	table  *raw.Table
	queues []raw.Message
	told   []raw.Told
	doubt  map[raw.Told]bool // what a section took, and the desk could not know
	forged int
	poison []string // bodies that no desk can tell
	spoilt int      // records of the stream that nobody can read
	buried int      // messages that sections' programs made given up, before replay
	passed int      // messages about records that dispatch could not carry, and that can be read, before replay
}

// run files through the storm, waits until the desk is quiet, and holds what is left against what was promised.
func (s storm) run(ctx context.Context, p place, out *report) error {
	h, err := openHouse(ctx, p, plan{seed: s.seed, rates: fault.Rough(), begin: s.begin})
	if err != nil {
		return err
	}
	defer h.Close()
	e, err := s.through(ctx, h)
	if err != nil {
		return err
	}
	e.judge(out)
	return nil
}

// through is the storm itself.
func (s storm) through(ctx context.Context, h *house) (*stormEvidence, error) {
	e := &stormEvidence{part: s.part(), ledger: &ledger{filed: map[string]string{}}, aged: s.days > 0}
	people := &staff{house: h, tokens: map[string]string{}}
	still := new(stall).feel(ctx)
	defer still()
	h.proxy.Storm()
	h.receiver.storm(true)
	malice := &adversary{house: h, ledger: e.ledger, seed: s.seed}
	s.crowded(ctx, func(n int) {
		newLife(h, people, e.ledger, s.seed, n).live(ctx)
		malice.after(ctx, n)
	})
	if err := h.pass(ctx, s.days*24/stride, stride*time.Hour, 10*time.Minute); err != nil {
		return nil, err
	}
	h.proxy.Calm()
	h.receiver.storm(false)
	if malice.err != nil {
		return nil, malice.err
	}
	e.poison = malice.poison
	if err := h.drain(ctx, 2*time.Minute+time.Duration(s.filings)*10*time.Millisecond); err != nil {
		return nil, err
	}
	if err := s.outages(ctx, h, e, people); err != nil {
		return nil, err
	}
	if err := h.replay(ctx); err != nil {
		return nil, err
	}
	e.met = s.counted(h)
	e.met.stall = still()
	return e, e.gather(ctx, h)
}

// crowded lives lives, several at once.
func (s storm) crowded(ctx context.Context, live func(n int)) {
	next := make(chan int)
	var crowd sync.WaitGroup
	for range s.crowd {
		crowd.Go(func() {
			for n := range next {
				live(n)
			}
		})
	}
	for n := range s.filings {
		if ctx.Err() == nil {
			next <- n
		}
		if n > 0 && n%5000 == 0 && s.progress != nil {
			fmt.Fprintf(s.progress, "  %d of %d\n", n, s.filings)
		}
	}
	close(next)
	crowd.Wait()
}

// gather reads what is left, with nobody's help.
func (e *stormEvidence) gather(ctx context.Context, h *house) (err error) {
	if e.table, err = h.table(ctx); err != nil {
		return err
	}
	if e.queues, err = h.queues(ctx); err != nil {
		return err
	}
	e.told, _ = h.receiver.heard()
	_, e.forged = h.receiver.failures()
	e.doubt = h.doubts()
	return nil
}

// stride is how many hours pass at a time.
const stride = 6

// judge holds the evidence to every promise.
func (e *stormEvidence) judge(out *report) {
	words := e.words()
	e.met.judge(e.part, out)
	out.hold(e.part+": answers", "all of it", "every filing is answered, every answer makes sense",
		fmt.Sprintf("%d filed, %d never answered", len(e.ledger.filed), len(e.ledger.refused)), append(e.ledger.refused, e.ledger.odd...))
	out.hold(e.part+": kept", "all of it", "everything acknowledged is in the table, once",
		fmt.Sprintf("%d acknowledged", len(e.ledger.kept)), e.lost(words))
	out.hold(e.part+": once", "repeated keys", "no filing is two tickets", fmt.Sprintf("%d tickets", len(e.table.Tickets)), e.doubled(words))
	out.hold(e.part+": chains", "all of it", "every chain is whole", fmt.Sprintf("%d chains", len(e.table.Tickets)), e.chains())
	e.clocked(out)
	t := raw.AuditTellings(e.table, e.told)
	if t.Due == 0 || len(e.ledger.filed) == 0 {
		t.Missing = append(t.Missing, "nothing was filed, or nothing was due: this run shows nothing")
	}
	out.hold(e.part+": told", "all of it", "every event is told to its section", fmt.Sprintf("%d tellings due", t.Due), t.Missing)
	out.hold(e.part+": not to others", "all of it", "no event is told elsewhere", fmt.Sprintf("%d tellings", len(e.told)), append(t.Stray, e.forgeries()...))
	e.repeats(t, out)
	out.hold(e.part+": replay", "a section's program down, dispatch without queues", "what was given up comes back by steledesk replay",
		fmt.Sprintf("%d messages and %d records had been given up", e.buried, e.passed), e.cameBack())
	out.hold(e.part+": poison", fmt.Sprintf("%d messages", len(e.poison)), "all in the dead letters, nothing else",
		fmt.Sprintf("%d messages left in all queues", len(e.queues)), e.misplaced())
}

// clocked holds what the clock did to: each step once, and some of them where days passed.
func (e *stormEvidence) clocked(out *report) {
	var twice []string
	for _, k := range e.table.Tickets {
		twice = append(twice, k.Steps()...)
	}
	n := e.table.Clocked()
	if e.aged && n == 0 {
		twice = append(twice, "none was made: this run shows nothing")
	}
	out.hold(e.part+": steps", "the clock jumps; its function is killed", "every reminder and escalation is made once", fmt.Sprintf("%d steps", n), twice)
}

// words are the events of the table by ticket, what happened, and the mark in their words.
func (e *stormEvidence) words() map[kept]int {
	found := map[kept]int{}
	for _, k := range e.table.Tickets {
		for _, event := range k.Events {
			found[kept{k.Number, event.What, markOf(event.Words)}]++
		}
	}
	return found
}

// markOf is the mark in an event's words.
func markOf(document string) string {
	var words struct{ Text string }
	if json.Unmarshal([]byte(document), &words) != nil {
		return ""
	}
	_, rest, _ := strings.Cut(words.Text, "〔")
	mark, _, is := strings.Cut(rest, "〕")
	if !is {
		return ""
	}
	return "〔" + mark + "〕"
}

// lost is what was acknowledged and is not there as often as it was.
func (e *stormEvidence) lost(found map[kept]int) []string {
	said := map[kept]int{}
	for _, k := range e.ledger.kept {
		said[k]++
	}
	var lost []string
	for k, n := range said {
		if found[k] < n || k.what != "signed" && k.what != "answered" && k.what != "urged" && found[k] != n {
			lost = append(lost, fmt.Sprintf("%s %s of %s: acknowledged %d times, stored %d times", k.mark, k.what, k.number, n, found[k]))
		}
	}
	return lost
}

// doubled are filings that more than one ticket holds, and tickets that nobody filed.
func (e *stormEvidence) doubled(found map[kept]int) []string {
	numbers := map[string][]string{}
	for k := range found {
		if k.what == "filed" {
			numbers[k.mark] = append(numbers[k.mark], k.number)
		}
	}
	var bad []string
	for mark, n := range numbers {
		if len(n) > 1 || mark == "" {
			bad = append(bad, fmt.Sprintf("%q is %v", mark, n))
		}
	}
	return bad
}

func (e *stormEvidence) chains() []string {
	var broken []string
	for _, k := range e.table.Tickets {
		if wrong := k.Chain(); wrong != "" {
			broken = append(broken, wrong)
		}
	}
	return broken
}

func (e *stormEvidence) forgeries() []string {
	if e.forged == 0 {
		return nil
	}
	return []string{fmt.Sprintf("%d messages with a wrong signature or for another section", e.forged)}
}

// misplaced is poison that is not among the dead letters, and whatever else is left in a queue.
func (e *stormEvidence) misplaced() []string {
	var bad []string
	left := map[string]int{}
	for _, m := range e.queues {
		if m.Queue == graves[1] { // see cameBack
			continue
		}
		if m.Queue != graves[0] || !slices.Contains(e.poison, m.Body) {
			bad = append(bad, fmt.Sprintf("in %s: %.120s", m.Queue, m.Body))
		}
		left[m.Body]++
	}
	for _, p := range e.poison {
		if left[p] != 1 {
			bad = append(bad, fmt.Sprintf("%d times there: %.120s", left[p], p))
		}
	}
	return bad
}
