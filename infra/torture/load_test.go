package main

import (
	"net/http"
	"slices"
	"syscall"
	"testing"
	"time"

	"steledesk/infra/torture/raw"
)

// Much more than the machine sustains, for a moment; and each check fails when what it looks for has happened.
func TestLoadAndItsChecks(t *testing.T) {
	h, err := openHouse(t.Context(), here, plan{seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	w, err := load{calibrate: 2 * time.Second, overload: 3 * time.Second, times: 8, early: 10 * time.Second}.through(t.Context(), h)
	if err != nil {
		t.Fatal(err)
	}
	var r report
	w.judge(&r)
	holds(t, &r)
	for what, one := range map[string]struct {
		row  string
		with func(w *weighed)
	}{
		"nothing was refused":    {"load: refusals", func(w *weighed) { w.samples = nil }},
		"refused without a word": {"load: refusals", func(w *weighed) { w.add(sample{answer{status: 429, header: http.Header{}}, 0}) }},
		"a server's fault":       {"load: refusals", func(w *weighed) { w.add(sample{answer{status: 500}, 0}) }},
		"no answer":              {"load: refusals", func(w *weighed) { w.add(sample{}) }},
		"nobody listens":         {"load: refusals", func(w *weighed) { w.add(sample{answer{err: syscall.ECONNREFUSED}, 0}) }},
		"no port was left": {"load: refusals", func(w *weighed) {
			w.add(slices.Repeat([]sample{{answer{err: syscall.EADDRNOTAVAIL}, 0}}, len(w.samples))...)
		}},
		"refused late":             {"load: refusals", func(w *weighed) { w.samples = []sample{w.late()} }},
		"a filing is gone":         {"load: kept", func(w *weighed) { w.numbers = append(slices.Clip(w.numbers), "WX-NONE") }},
		"nobody was told":          {"load: kept", func(w *weighed) { w.told = []raw.Told{} }},
		"no digest was made":       {"load: digests", func(w *weighed) { w.table = &raw.Table{} }},
		"it was not twice as much": {"load: refusals", func(w *weighed) { w.rate = w.sustained }},
		"one was not measured":     {"load: memory", func(w *weighed) { w.memory = w.memory[1:] }},
		"it never recovers":        {"load: recovery", func(w *weighed) { w.recovered = time.Hour }},
		"a process swells":         {"load: memory", func(w *weighed) { w.memory = []usage{{name: "submit", peak: 2, limit: 1}} }},
		"a process was never seen": {"load: memory", func(w *weighed) { w.memory = []usage{{name: "submit", limit: 1}} }},
	} {
		spoilt := *w
		one.with(&spoilt)
		var r report
		spoilt.judge(&r)
		if !slices.ContainsFunc(r.broken(), func(b row) bool { return b.part == one.row }) {
			t.Errorf("%s: not found", what)
		}
	}
}

func (w *weighed) add(s ...sample) { w.samples = append(slices.Clip(w.samples), s...) }

func (w *weighed) late() sample {
	return sample{answer{status: 429, header: http.Header{"Retry-After": {"2"}}}, 20 * time.Second}
}
