package template

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"steledesk/shared/outcome"
)

// dashboard is what is read of its body.
type dashboard struct{ Widgets []widget }

type widget struct {
	Type                string
	X, Y, Width, Height int
	Properties          struct {
		Title, Region, Query string
		Metrics              [][]any
	}
}

var outcomes = []outcome.Name{
	outcome.Filed, outcome.Routed, outcome.AnsweredInTime, outcome.AnsweredLate, outcome.Overdue, outcome.Told, outcome.NotTold,
	outcome.GivenUp, outcome.CanaryPassed, outcome.CanaryTime,
}

func project(t *testing.T) *Model {
	t.Helper()
	text, err := os.ReadFile("../../../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return resolve(t, string(text), Settings{
		Stack: "steledesk", Region: "cn-north-1", Account: "000000000000",
		Known: map[Attribute]string{{"Table", "StreamArn"}: "arn:aws-cn:dynamodb:cn-north-1:000000000000:table/steledesk/stream/now"},
	})
}

// chapterOf is the chapter of an alarm: those that there are one of for each function or section share one.
func chapterOf(name string) string {
	for _, each := range []string{"-errors", "-throttles"} {
		if strings.HasSuffix(name, each) {
			return "<function>" + each
		}
	}
	if strings.HasPrefix(name, "section-") && strings.HasSuffix(name, "-waits") {
		return "section-<section>-waits"
	}
	return name
}

// Every alarm has a chapter in the runbook, and every chapter an alarm.
func TestTheRunbookKnowsEveryAlarm(t *testing.T) {
	book, err := os.ReadFile("../../../RUNBOOK.md")
	if err != nil {
		t.Fatal(err)
	}
	var chapters []string
	for line := range strings.Lines(string(book)) {
		if name, is := strings.CutPrefix(strings.TrimSpace(line), "### `…-"); is {
			chapters = append(chapters, strings.TrimSuffix(name, "`"))
		}
	}
	var alarms []string
	for _, d := range project(t).Declared {
		name, ours := strings.CutPrefix(d.Name, "steledesk-")
		if d.Type != "AWS::CloudWatch::Alarm" || !ours {
			continue
		}
		name = chapterOf(name)
		if !slices.Contains(alarms, name) {
			alarms = append(alarms, name)
		}
	}
	slices.Sort(alarms)
	slices.Sort(chapters)
	if !slices.Equal(alarms, chapters) {
		t.Errorf("alarms   %v\nchapters %v", alarms, chapters)
	}
}

// dashboardOf reads the project's dashboard.
func dashboardOf(t *testing.T, m *Model) dashboard {
	t.Helper()
	i := slices.IndexFunc(m.Declared, func(d Declared) bool { return d.Type == "AWS::CloudWatch::Dashboard" })
	if i < 0 {
		t.Fatal("there is none")
	}
	var d dashboard
	if err := json.Unmarshal([]byte(m.Declared[i].Body), &d); err != nil {
		t.Fatalf("%v\n%s", err, m.Declared[i].Body)
	}
	return d
}

// The dashboard is one that CloudWatch can read: it shows every outcome, of metrics and functions that there are, and no
// widget lies upon another.
func TestDashboard(t *testing.T) {
	m := project(t)
	d := dashboardOf(t, m)
	shown, taken := "", map[[2]int]string{}
	for _, w := range d.Widgets {
		p := w.Properties
		text, _ := json.Marshal(p.Metrics)
		shown += string(text) + p.Query
		if p.Region != "cn-north-1" || p.Title == "" || w.X+w.Width > 24 {
			t.Errorf("widget %q at %d+%d in region %q", p.Title, w.X, w.Width, p.Region)
		}
		for x := w.X; x < w.X+w.Width; x++ {
			for y := w.Y; y < w.Y+w.Height; y++ {
				if taken[[2]int{x, y}] != "" {
					t.Fatalf("%q lies upon %q", p.Title, taken[[2]int{x, y}])
				}
				taken[[2]int{x, y}] = p.Title
			}
		}
	}
	for _, n := range outcomes {
		if !strings.Contains(shown, `"Steledesk","`+string(n)+`","Stack","steledesk"`) {
			t.Errorf("%s is not shown", n)
		}
	}
	for _, f := range m.Functions {
		if !strings.Contains(shown, `"`+f.Name+`"`) || !strings.Contains(shown, "/aws/lambda/"+f.Name+"'") {
			t.Errorf("function %s is not shown, or its errors are not", f.Name)
		}
	}
	if strings.Contains(shown, "${") {
		t.Error("something was not filled in")
	}
}
