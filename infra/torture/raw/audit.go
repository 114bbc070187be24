package raw

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

func sum(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:])
}

// Chain says what is wrong with a ticket's chain; empty: nothing.
func (k *Ticket) Chain() string {
	if k.Heads != 1 || k.Head.Number != k.Number {
		return fmt.Sprintf("%s: %d heads, of %q", k.Number, k.Heads, k.Head.Number)
	}
	prev := ""
	for i, e := range k.Events {
		if wrong := link(k.Number, i+1, prev, e); wrong != "" {
			return fmt.Sprintf("%s event %d: %s", k.Number, i+1, wrong)
		}
		prev = e.Hash
	}
	if n := len(k.Events); n == 0 || k.Head.Version != n || k.Head.Hash != prev {
		return fmt.Sprintf("%s: head at version %d, %d events", k.Number, k.Head.Version, n)
	}
	if last := k.Events[len(k.Events)-1].After; last.State != k.Head.State || last.Section != k.Head.Section {
		return fmt.Sprintf("%s: head says %s of %s, its last event %s of %s", k.Number, k.Head.State, k.Head.Section, last.State, last.Section)
	}
	return ""
}

func link(number string, seq int, prev string, e Event) string {
	switch {
	case e.Key != fmt.Sprintf("E#%06d", seq) || e.Seq != seq:
		return "is numbered " + e.Key
	case e.Ticket != number:
		return "is of " + e.Ticket
	case sum(e.Body) != e.Hash:
		return "its bytes do not give its hash"
	case e.Prev != prev:
		return "does not continue the one before it"
	case e.Words != "" && sum(e.Words) != e.WordsSum:
		return "its words were changed"
	case seq == 1 && e.What != "filed":
		return "the first is " + e.What
	case seq > 1 && e.What == "filed":
		return "filed twice"
	}
	return ""
}

// the sections' own rule book: whom an event is news for, by what happened.
var news = map[string]func(Event) []string{
	"filed": responsible, "assigned": responsible, "supplied": responsible, "messaged": responsible,
	"withdrawn": responsible, "urged": responsible, "overseen": responsible, "rated": responsible, "reopened": responsible,
	"contact-changed": responsible, "denied": responsible, "rejected": responsible,
	"transferred": both, "upheld": both, "reminded": named, "escalated": named,
	"returned": deciding("returned"), "answered": deciding("review"),
}

func responsible(e Event) []string { return []string{e.After.Section} }

func both(e Event) []string { return []string{e.Data.From, e.After.Section} }

func named(e Event) []string {
	if len(e.Data.Told) == 0 {
		return responsible(e)
	}
	return e.Data.Told
}

func deciding(state string) func(Event) []string {
	return func(e Event) []string {
		if e.After.State != state {
			return nil
		}
		return []string{"office"}
	}
}

// Listeners are the sections that must be told of an event, each once. Of a 举报 only discipline hears.
func (e Event) Listeners() []string {
	who := news[e.What]
	if who == nil {
		return nil
	}
	all := who(e)
	if e.After.Kind == "report" && len(all) > 0 {
		return []string{"discipline"}
	}
	slices.Sort(all)
	return slices.DeleteFunc(slices.Compact(all), func(s string) bool { return s == "" })
}

// Told is one telling of an event to a section, as the section's own program noted it.
type Told struct {
	Section, Event string
	Repeat         bool // the message said that it may have been sent before
}

// Tellings is what the audit of tellings found.
type Tellings struct {
	Due      int      // tellings that had to be
	Missing  []string // of them, what was never told
	Twice    []Told   // told more than once, each named once
	Unmarked []string // told more than once, and no telling but the first says that it may be a repeat
	Stray    []string // told to a section that it was not for
}

// AuditTellings holds what sections heard against what their tickets' events say they must hear.
func AuditTellings(t *Table, heard []Told) Tellings {
	count, repeats, due := map[Told]int{}, map[Told]int{}, map[Told]bool{}
	for _, h := range heard {
		k := Told{Section: h.Section, Event: h.Event}
		count[k]++
		if h.Repeat {
			repeats[k]++
		}
	}
	var found Tellings
	for _, k := range t.Tickets {
		for _, e := range k.Events {
			for _, section := range e.Listeners() {
				due[Told{Section: section, Event: e.ID()}] = true
			}
		}
	}
	for _, papers := range t.Editions {
		due[Told{Section: "office", Event: papers}] = true
	}
	found.Due = len(due)
	for k := range due {
		if count[k] == 0 {
			found.Missing = append(found.Missing, k.Event+" to "+k.Section)
		}
	}
	for k, n := range count {
		name := fmt.Sprintf("%s to %s, %d times", k.Event, k.Section, n)
		if n > 1 {
			found.Twice = append(found.Twice, k)
		}
		if n > 1 && repeats[k] < n-1 {
			found.Unmarked = append(found.Unmarked, name)
		}
		if !due[k] {
			found.Stray = append(found.Stray, name)
		}
	}
	return found
}

// Notes are the tellings that a call of the desk's notes as done: a TransactWriteItems that puts deliveries
// D#<seq>#<channel> in the state "told". Another call notes none.
func Notes(body []byte, section func(channel string) string) []Told {
	var call struct {
		TransactItems []struct {
			Put struct {
				Item map[string]struct{ S string }
			}
		}
	}
	if json.Unmarshal(body, &call) != nil {
		return nil
	}
	var all []Told
	for _, i := range call.TransactItems {
		number, _ := strings.CutPrefix(i.Put.Item["pk"].S, "T#")
		seq, channel, is := strings.Cut(strings.TrimPrefix(i.Put.Item["sk"].S, "D#"), "#")
		if is && i.Put.Item["state"].S == "told" {
			all = append(all, Told{Section: section(channel), Event: number + "." + seq})
		}
	}
	return all
}
