package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"steledesk/infra/torture/fault"
)

// met is what a storm did to the desk, and what it was to do.
type met struct {
	storm  string             // which it was
	struck map[fault.Kind]int // how often each fault was met
	least  map[fault.Kind]int // how often it had to be, or the run shows nothing of it
	deaths int
	stall  time.Duration // for how long the machine stood still, at most
}

// counted counts, once the storm is over.
func (s storm) counted(h *house) met {
	m := met{
		storm: fmt.Sprintf("seed %d, %d filings, %d days", s.seed, s.filings, s.days), struck: h.proxy.Struck(),
		least: map[fault.Kind]int{}, deaths: len(h.proxy.Deaths()),
	}
	failed, due := h.receiver.byChance()
	m.struck[fault.Receiver], m.least[fault.Receiver] = failed, leastOf(due)
	for k, due := range h.proxy.Due() {
		m.least[k] = leastOf(due)
	}
	for n := range s.filings {
		if k := turnOf(n); k != fault.None {
			m.least[k] = 1
		}
	}
	return m
}

// leastOf is how often a fault must be met that was due so often, by rates. Fewer than twenty may by chance be none.
func leastOf(due int) int {
	if due < 20 {
		return 0
	}
	return max(1, due/2-10)
}

func (m met) judge(part string, out *report) {
	var parts, missing []string
	for _, k := range slices.Sorted(maps.Keys(m.struck)) {
		parts = append(parts, fmt.Sprintf("%s %d", k, m.struck[k]))
	}
	for _, k := range slices.Sorted(maps.Keys(m.least)) {
		if m.struck[k] < m.least[k] {
			missing = append(missing, fmt.Sprintf("%s only %d times, and not %d", k, m.struck[k], m.least[k]))
		}
	}
	if len(m.least) == 0 {
		missing = append(missing, "nothing was due: this run shows nothing")
	}
	out.hold(part+": met", m.storm, "every kind of fault is met that was due",
		fmt.Sprintf("%s; processes killed %d; the machine stood still for %s at most", strings.Join(parts, ", "), m.deaths, m.stall.Round(time.Millisecond)), missing)
}
