package template

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/shared/httpapi"
)

// runbook reads RUNBOOK.md with its lines joined.
func runbook(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../../RUNBOOK.md")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(string(text)), " ")
}

// chapters are the runbook's texts by alarm.
func chapters(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, part := range strings.Split(runbook(t), "### `…-")[1:] {
		name, text, _ := strings.Cut(part, "` ")
		text, _, _ = strings.Cut(text, " ## ")
		all[name] = text
	}
	return all
}

// spans are the words by which the runbook says for how long something was so.
var spans = []struct {
	words string
	span  time.Duration
}{
	{"a quarter of an hour", 15 * time.Minute}, {"half an hour", 30 * time.Minute}, {"two hours", 2 * time.Hour},
	{"an hour", time.Hour}, {"five minutes", 5 * time.Minute},
}

// spanIn finds the first of them in a text.
func spanIn(text string) (time.Duration, bool) {
	first, found := len(text), time.Duration(0)
	for _, s := range spans {
		if i := strings.Index(text, s.words); i >= 0 && i < first {
			first, found = i, s.span
		}
	}
	return found, found > 0
}

// What the runbook and the alarm's own description say of how long it took is what the alarm waits for.
func TestAlarmsTakeAsLongAsTheRunbookSays(t *testing.T) {
	m, book := project(t), chapters(t)
	for _, a := range m.Alarms {
		window := a.Period * time.Duration(a.Periods)
		if a.Watches("AWS/Lambda", "IteratorAge") { // here the time is the threshold
			window = time.Duration(a.Threshold) * time.Millisecond
		}
		_, means, _ := strings.Cut(book[chapterOf(strings.TrimPrefix(a.Name, m.Stack+"-"))], "**Means:** ")
		means, _, _ = strings.Cut(means, " **Look:**")
		for where, text := range map[string]string{"runbook": means, "description": a.Description} {
			first, _, _ := strings.Cut(text, ". ")
			if said, any := spanIn(first); any && said != window {
				t.Errorf("%s: %s says %s, it takes %s", a.Name, where, said, window)
			} else if !any && len(waitsNamed(m, a.Name)) > 0 {
				t.Errorf("%s: %s does not say how long", a.Name, where)
			}
		}
	}
}

func waitsNamed(m *Model, name string) []Alarm {
	return slices.DeleteFunc(waits(m), func(a Alarm) bool { return a.Name != name })
}

var (
	ownNames   = regexp.MustCompile(`(?:/aws/[a-z-]+/)?steledesk-[a-z][a-z-]*`)
	alarmNames = regexp.MustCompile("`…-([^`]+)`")
	parameters = regexp.MustCompile("parameters? `([A-Za-z]+)`")
	panels     = regexp.MustCompile(`dashboard, ((?:"[^"]+"(?: and )?)+)`)
	logWords   = regexp.MustCompile(`log of ([a-z]+), "([^"]+)"`)
)

// deployed is what a stack of the template has: functions, queues, alarms, rules, log groups, topics, buckets.
func deployed(m *Model) []string {
	var all []string
	for _, f := range m.Functions {
		all = append(all, f.Name)
	}
	for _, q := range m.Queues {
		all = append(all, q.Name)
	}
	for _, s := range m.Schedules {
		all = append(all, s.Name)
	}
	for _, d := range m.Declared {
		all = append(all, d.Name)
	}
	return all
}

// At night nobody guesses what a name that is not there was meant to be.
func TestTheRunbookNamesWhatThereIs(t *testing.T) {
	m, book := project(t), runbook(t)
	known := deployed(m)
	for _, name := range ownNames.FindAllString(book, -1) {
		if !slices.Contains(known, name) && name != "/aws/lambda/steledesk-" {
			t.Errorf("nothing is called %s", name)
		}
	}
	for _, found := range alarmNames.FindAllStringSubmatch(book, -1) {
		if _, is := chapters(t)[found[1]]; !is {
			t.Errorf("there is no alarm …-%s", found[1])
		}
	}
	for _, found := range parameters.FindAllStringSubmatch(book, -1) {
		if !slices.ContainsFunc(m.Parameters, func(p Parameter) bool { return p.Name == found[1] }) {
			t.Errorf("there is no parameter %s", found[1])
		}
	}
	for _, found := range panels.FindAllStringSubmatch(book, -1) {
		for title := range strings.SplitSeq(strings.Trim(found[1], `"`), `" and "`) {
			if !slices.ContainsFunc(dashboardOf(t, m).Widgets, func(w widget) bool { return strings.HasPrefix(w.Properties.Title, title) }) {
				t.Errorf("the dashboard has no panel %q", title)
			}
		}
	}
	for _, found := range logWords.FindAllStringSubmatch(book, -1) {
		if !says(t, found[1], found[2]) {
			t.Errorf("%s writes no %q", found[1], found[2])
		}
	}
	for what, n := range map[string]int{"names": len(ownNames.FindAllString(book, -1)), "parameters": len(parameters.FindAllString(book, -1)),
		"panels": len(panels.FindAllString(book, -1)), "log lines": len(logWords.FindAllString(book, -1))} {
		if n < 2 {
			t.Errorf("%d %s were found in the runbook: the test has lost its way", n, what)
		}
	}
}

// says reports whether a text stands in a function's source.
func says(t *testing.T, function, text string) bool {
	t.Helper()
	return written(t, function, `"`+text)
}

// written reports whether a text is in the program of a function, or of some function for *: what only its tests say is
// never logged and never counted.
func written(t *testing.T, function, text string) bool {
	t.Helper()
	files, err := filepath.Glob("../../../functions/" + function + "/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(file, "_test.go") && strings.Contains(string(source), text) {
			return true
		}
	}
	return false
}

// A text of a test counted as one that the function logs.
func TestOnlyProgramsAreSearched(t *testing.T) {
	for text, want := range map[string]bool{"digest not made": true, "no such line": false, "the table is away": false} {
		if got := says(t, "digest", text); got != want {
			t.Errorf("digest writes %q: %v", text, got)
		}
	}
}

var filters = regexp.MustCompile(`\{ \$\.([a-zA-Z]+) = "…" \}`)

// The number that a visitor quotes is looked for where it is written: it was once looked for under Lambda's own, which no
// visitor sees.
func TestTheNumberAVisitorQuotesIsFound(t *testing.T) {
	const quoted = "JKJaXmPLvHcESHA="
	var out bytes.Buffer
	mux := &httpapi.Mux{Log: slog.New(httpapi.LogHandler(slog.NewJSONHandler(&out, nil)))}
	answer, err := mux.Serve(t.Context(), events.APIGatewayV2HTTPRequest{RequestContext: events.APIGatewayV2HTTPRequestContext{RequestID: quoted}})
	if err != nil || !strings.Contains(answer.Body, fmt.Sprintf("%q", quoted)) {
		t.Fatalf("the answer does not give it: %v %s", err, answer.Body)
	}
	var line map[string]any
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("../../../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	found := filters.FindAllStringSubmatch(runbook(t), -1)
	for _, f := range found {
		if line[f[1]] != quoted || !strings.Contains(string(text), `"`+f[1]+`":"$context.requestId"`) {
			t.Errorf("%q is not in the logs as %s: %s", quoted, f[1], out.Bytes())
		}
	}
	if len(found) != 2 {
		t.Errorf("%d filters, want those of the API's log and of the functions'", len(found))
	}
}

var (
	overrides = regexp.MustCompile(`--parameter-overrides ((?:[A-Za-z]+=\S+\s*)+)`)
	loops     = regexp.MustCompile(`for f in ([a-z ]+);`)
)

// A line that is copied when everything is down sets parameters that there are, and goes through functions that there are.
func TestRestoringNamesWhatThereIs(t *testing.T) {
	text, err := os.ReadFile("../../docs/restore.md")
	if err != nil {
		t.Fatal(err)
	}
	m, book := project(t), string(text)+runbook(t)
	set := overrides.FindAllStringSubmatch(book, -1)
	for _, found := range set {
		for _, one := range strings.Fields(found[1]) {
			name, value, _ := strings.Cut(one, "=")
			if !slices.ContainsFunc(m.Parameters, func(p Parameter) bool { return p.Name == name }) {
				t.Errorf("there is no parameter %s to be set to %s", name, value)
			}
		}
	}
	through := loops.FindAllStringSubmatch(book, -1)
	for _, found := range through {
		for _, name := range strings.Fields(found[1]) {
			if !slices.ContainsFunc(m.Functions, func(f Function) bool { return f.Name == m.Stack+"-"+name }) {
				t.Errorf("there is no function %s", name)
			}
		}
	}
	if len(set) != 3 || len(through) != 3 {
		t.Errorf("%d lines that set parameters and %d loops were found: the test has lost its way", len(set), len(through))
	}
}

// The line that wakes the old stack was to be given after a new one took over too: its clock would have gone on with the
// evidence. And keys do not belong into a command line, which the machine shows to everybody on it.
func TestRestoringWakesNoEvidence(t *testing.T) {
	text, err := os.ReadFile("../../docs/restore.md")
	if err != nil {
		t.Fatal(err)
	}
	book := string(text)
	_, after, found := strings.Cut(book, "# 5b.")
	before, _, _ := strings.Cut(book, "# 5b.")
	if !found || !strings.Contains(before, "delete-function-concurrency") || strings.Contains(after, "delete-function-concurrency") {
		t.Error("the old stack is not woken after 4a alone")
	}
	if strings.Contains(book, `--value "`) || !strings.Contains(book, "--value file://") {
		t.Error("keys are given in a command line")
	}
}
