package visitor

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"golang.org/x/text/width"

	"steledesk/shared/office"
	"steledesk/shared/suspicion"
)

// ProofNeeded is the error of a filing that may be one of a flood: it is let through with a proof of work for Token, or
// after Wait with the token alone.
type ProofNeeded struct {
	Token string
	Bits  int
	Wait  time.Duration
}

func (p *ProofNeeded) Error() string {
	return fmt.Sprintf("a proof of work of %d bits, or %v of waiting, is needed", p.Bits, p.Wait)
}

// ErrSlotKey is the error of asking for a photo slot without a key while many are asked for: a proof is bound to one.
var ErrSlotKey = fmt.Errorf("a photo slot needs an idempotency key now")

// TooManySlots is the error of a filing that asked for more photo slots than the office allows.
type TooManySlots struct{ Most int }

func (t *TooManySlots) Error() string {
	return fmt.Sprintf("more than %d photo slots for one filing", t.Most)
}

// Filings gives how many were filed lately, by spot ("" for those without), as far as they are counted yet.
type Filings interface {
	Filings(ctx context.Context, since time.Time) (map[string]int, error)
}

// Arrival is a filing as it comes to the gate.
type Arrival struct {
	Key    string // its idempotency key
	Matter Matter
	Proof  string // what came of an earlier ProofNeeded; empty: nothing

	Form   bool   // it came by the page's form, with
	Opened string // the stamp the form was opened with, and
	Trap   bool   // whether a field was filled in that people do not see
}

// Gate lets filings and photo slots through, and slows them when there are too many. What it remembers is this
// process's own: a count of filings read at most every ten seconds, and what it let through itself.
type Gate struct {
	Keys    Keys
	Offices Offices
	Filings Filings
	Told    func(ctx context.Context, err error) // of counts that could not be read; older ones serve

	mu       sync.Mutex
	read     time.Time      // when counts were read; zero: never
	counts   map[string]int // filings by spot within the window, as read
	let      map[string]int // filings by spot let through since then
	recent   recent
	waited   map[string]int // filings by spot let through by waiting, within
	waitedIn time.Time      // this minute
}

const (
	countsFresh = 10 * time.Second
	keyPasses   = 100      // how often a key that was let through is let through again unweighed
	slotTurns   = "photos" // stands for a spot where photo slots wait for a turn
	mostRecent  = 20_000   // of what a process remembers of one window, a few megabytes
)

// Admit lets a filing through, or gives *ProofNeeded. A key that was let through here is again: it files the same ticket.
func (g *Gate) Admit(ctx context.Context, a Arrival, now time.Time) error {
	o, _, err := g.Offices.Current(ctx)
	if err != nil {
		return err
	}
	l := o.Limits.InForce()
	g.mu.Lock()
	defer g.mu.Unlock()
	g.recent.forget(now, l)
	if n := g.recent.keys[a.Key]; n > 0 && n < keyPasses {
		g.recent.keys[a.Key]++
		return nil
	}
	if err := g.refresh(ctx, l, now); err != nil {
		g.Told(ctx, err)
	}
	text := sameness(a.Matter.Text)
	signs := g.signs(a, text, now)
	degree := signs.Degree(l)
	if degree != suspicion.None { // routing is asked only then
		signs.Grave = grave(o, a.Matter)
		degree = signs.Degree(l)
	}
	if degree != suspicion.None && !g.met(a, signs.Grave, degree, l, now) {
		return g.challenge(degree, l, a.Key, now)
	}
	g.recent.keys[a.Key]++
	g.recent.texts[text]++
	g.let[a.Matter.Spot]++
	return nil
}

// grave reports whether a matter must not be held up: urgent, or a 举报.
func grave(o *office.Office, m Matter) bool {
	r := o.Route(office.Matter{Kind: m.Kind, Category: m.Category, Spot: m.Spot, Text: m.Text + "\n" + m.Wish})
	return r.Urgent || r.Kind.Confidential()
}

func (g *Gate) signs(a Arrival, text string, now time.Time) suspicion.Signs {
	s := suspicion.Signs{
		AtSpot: g.counts[a.Matter.Spot] + g.let[a.Matter.Spot], Same: g.recent.texts[text],
		Form: a.Form, Trap: a.Trap,
	}
	if a.Matter.Spot == "" { // no place of its own: only the whole says something
		s.AtSpot = 0
	}
	for _, n := range g.counts {
		s.InAll += n
	}
	for _, n := range g.let {
		s.InAll += n
	}
	if a.Form {
		s.Filled = suspicion.Since(a.Opened, g.Keys.Verifies, now)
	}
	return s
}

// sameness is what makes a text the same as another: its words, whatever their case, width and spaces.
func sameness(text string) string {
	return strings.ToLower(strings.Join(strings.Fields(width.Fold.String(text)), " "))
}

// refresh reads the counts when they are old. What this process let through since the last reading is in them then, but
// for the last second or two.
func (g *Gate) refresh(ctx context.Context, l office.Limits, now time.Time) error {
	if age := now.Sub(g.read); !g.read.IsZero() && age >= 0 && age < countsFresh {
		return nil
	}
	g.read = now
	if g.let == nil {
		g.let = map[string]int{}
	}
	counts, err := g.Filings.Filings(ctx, now.Add(-time.Duration(l.WindowMinutes)*time.Minute))
	if err != nil {
		return err
	}
	g.counts, g.let = counts, map[string]int{}
	return nil
}

// met reports whether what came with a filing meets what it is asked for.
func (g *Gate) met(a Arrival, grave bool, need suspicion.Degree, l office.Limits, now time.Time) bool {
	met, degree := suspicion.Check(a.Proof, a.Key, g.Keys.Verifies, now)
	switch {
	case degree < need:
		return false
	case met == suspicion.Waited:
		return grave || g.turn(a.Matter.Spot, l, now)
	}
	return met == suspicion.Worked
}

// turn takes one of the minute's places for filings of a spot that come by waiting: waiting costs a flood nothing, so
// it must not let one through.
func (g *Gate) turn(spot string, l office.Limits, now time.Time) bool {
	if minute := now.Truncate(time.Minute); !minute.Equal(g.waitedIn) {
		g.waited, g.waitedIn = map[string]int{}, minute
	}
	if g.waited[spot] >= l.WaitedAMinute {
		return false
	}
	g.waited[spot]++
	return true
}

func (g *Gate) challenge(d suspicion.Degree, l office.Limits, key string, now time.Time) error {
	c := suspicion.New(d, l, now)
	return &ProofNeeded{Token: c.Token(key, g.Keys.Fingerprint), Bits: c.Bits, Wait: c.Wait}
}

// Opened gives the stamp of a form that is opened now.
func (g *Gate) Opened(now time.Time) string { return suspicion.Stamp(now, g.Keys.Fingerprint) }

// recent is what a process remembers of one window.
type recent struct {
	since    time.Time
	keys     map[string]int // filings let through, by key
	texts    map[string]int // by text
	slots    map[string]int // photo slots given, by key
	allSlots int
}

// forget begins a new window when the last is over, or holds too much.
func (r *recent) forget(now time.Time, l office.Limits) {
	age := now.Sub(r.since)
	full := len(r.keys) >= mostRecent || len(r.slots) >= mostRecent
	if age >= 0 && age < time.Duration(l.WindowMinutes)*time.Minute && r.keys != nil && !full {
		return
	}
	*r = recent{since: now, keys: map[string]int{}, texts: map[string]int{}, slots: map[string]int{}}
}
