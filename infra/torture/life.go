package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
)

// kept is something the desk said yes to: it must be in the table for ever.
type kept struct {
	number, what string
	mark         string // in the event's words; empty: it has none
}

// ledger is what people remember of what the desk told them.
type ledger struct {
	mu      sync.Mutex
	filed   map[string]string // number by mark
	kept    []kept
	refused []string // filings that were never answered
	odd     []string // answers that a person could not make sense of
}

func (l *ledger) filing(mark, number string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.filed[mark] = number
	l.kept = append(l.kept, kept{number, "filed", mark})
}

// some are up to n numbers of tickets that were filed.
func (l *ledger) some(n int, r *rand.Rand) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := slices.Sorted(maps.Values(l.filed))
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:min(n, len(all))]
}

func (l *ledger) keep(k kept) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.kept = append(l.kept, k)
}

func (l *ledger) note(list *[]string, format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	*list = append(*list, fmt.Sprintf(format, args...))
}

// choices is what lives are drawn from: kinds, the more often the likelier, and categories of several sections.
var (
	kinds      = []string{"complaint", "complaint", "complaint", "enquiry", "enquiry", "enquiry", "suggestion", "praise", "report"}
	categories = []string{"ticketing", "traffic", "cleanliness", "guiding", "toilets", "parking-fee", "signs", "attitude-gate"}
	spots      = []string{"BL01", "BL02", "BL03", "BL04", ""}
)

// receipt is what a visitor gets.
type receipt struct {
	Number, Code string
	Section      struct{ ID string }
}

// life is one filing and what becomes of it.
type life struct {
	house  *house
	staff  *staff
	ledger *ledger
	r      *rand.Rand
	kind   string

	category string // empty: drawn
	mark     string
	key      string
	receipt
}

// newLife draws the n-th life of a seed.
func newLife(h *house, s *staff, l *ledger, seed uint64, n int) *life {
	r := newRand(seed, uint64(n))
	return &life{house: h, staff: s, ledger: l, r: r, kind: kinds[r.IntN(len(kinds))],
		mark: fmt.Sprintf("〔%d-%d〕", seed, n), key: fmt.Sprintf("torture-%08d-%08d", seed, n)}
}

func newRand(seed, n uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, n)) }

// live files, and then does what the dice say.
func (l *life) live(ctx context.Context) {
	if !l.file(ctx) {
		return
	}
	if l.r.IntN(10) < 3 {
		l.message(ctx, 1)
	}
	if l.r.IntN(10) < 4 {
		l.work(ctx)
	}
	switch l.r.IntN(20) {
	case 0, 1:
		l.command(ctx, l.overseer(), "urge", `{"text":"`+l.mark+`请抓紧"}`, "urged")
	case 2:
		l.visit(ctx, "withdraw", `{"text":"`+l.mark+`已解决"}`, "withdrawn")
	case 3, 4:
		l.message(ctx, 2)
	}
}

func (l *life) file(ctx context.Context) bool {
	body := map[string]any{
		"kind": l.kind, "category": cmp.Or(l.category, categories[l.r.IntN(len(categories))]), "text": l.mark + "排队很久，没有人管。",
	}
	if spot := spots[l.r.IntN(len(spots))]; spot != "" {
		body["spot"] = spot
	}
	if l.r.IntN(2) == 0 {
		body["contact"] = map[string]string{"name": "游客", "phone": fmt.Sprintf("138%08d", l.r.IntN(100_000_000))}
	}
	document, _ := json.Marshal(body) // strings and maps of strings always encode
	a := l.house.insist(ctx, "POST", "/v1/tickets", string(document), "Idempotency-Key", l.key)
	if a.status != http.StatusCreated {
		l.ledger.note(&l.ledger.refused, "%s: %d %.200s", l.mark, a.status, a.body)
		return false
	}
	if err := json.Unmarshal(a.body, &l.receipt); err != nil || l.Number == "" {
		l.ledger.note(&l.ledger.odd, "%s: a receipt that reads %.200s", l.mark, a.body)
		return false
	}
	l.ledger.filing(l.mark, l.Number)
	return true
}

func (l *life) message(ctx context.Context, n int) {
	l.visit(ctx, "message", fmt.Sprintf(`{"text":"%s请问进展 %d"}`, l.mark, n), "messaged")
}

// visit is a visitor's command with a key of its own: sent again, it is done once.
func (l *life) visit(ctx context.Context, command, body, what string) bool {
	key := fmt.Sprintf("%s-%s-%d", l.key, command, l.r.Uint32())
	a := l.house.insist(ctx, "POST", "/v1/tickets/"+l.Number+"/"+command, body, "X-Ticket-Code", l.Code, "Idempotency-Key", key)
	switch a.status {
	case http.StatusOK:
		l.ledger.keep(kept{l.Number, what, l.mark})
	case http.StatusConflict: // the ticket's life forbids it by now
	default:
		l.ledger.note(&l.ledger.odd, "%s of %s: %d %.200s", command, l.mark, a.status, a.body)
	}
	return a.status == http.StatusOK
}

// command is one of staff.
func (l *life) command(ctx context.Context, login, name, body, what string) bool {
	done, err := l.staff.command(ctx, login, l.Number, name, body)
	if err != nil {
		l.ledger.note(&l.ledger.odd, "%s of %s: %v", name, l.mark, err)
		return false
	}
	if done {
		mark := ""
		if what != "signed" {
			mark = l.mark
		}
		l.ledger.keep(kept{l.Number, what, mark})
	}
	return done
}

// work is what the section does, and the visitor after it.
func (l *life) work(ctx context.Context) {
	login := l.Section.ID
	l.command(ctx, login, "sign", `{}`, "signed")
	if l.kind != "enquiry" || l.r.IntN(2) == 0 {
		return
	}
	if !l.command(ctx, login, "answer", `{"outcome":"explained","text":"`+l.mark+`八点半开门。"}`, "answered") {
		return
	}
	switch l.r.IntN(3) {
	case 0:
		l.visit(ctx, "rating", `{"solved":"yes","level":5,"text":"`+l.mark+`谢谢"}`, "rated")
	case 1:
		l.visit(ctx, "reopen", `{"text":"`+l.mark+`还是没开"}`, "reopened")
	}
}

// overseer is who oversees a section: of a 举报, the office knows nothing.
func (l *life) overseer() string {
	if l.kind == "report" {
		return "discipline"
	}
	return "office"
}
