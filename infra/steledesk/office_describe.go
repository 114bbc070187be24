package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"steledesk/shared/office"
	"steledesk/shared/ticket"
)

// describe says in a page what an office file says, for a person to compare with what was meant.
// version says which it is.
func describe(w io.Writer, o *office.Office, version string) {
	d := o.Desk
	table{
		{"office", both(d.Name)},
		{"version", version},
		{"numbers", fmt.Sprintf("%s-…", d.Prefix)},
		{"hours", fmt.Sprintf("%s–%s on working days", d.Opens, d.Closes)},
		{"holidays", "known for " + years(o)},
	}.print(w, "")
	describeSections(w, o)
	describeCategories(w, o)
	describeSpots(w, o)
	describeLevels(w, o)
	describeRules(w, o)
	describeChannels(w, o)
}

// years lists the years whose holidays the office knows.
func years(o *office.Office) string {
	calendar, err := o.Calendar()
	if err != nil {
		return err.Error()
	}
	var out []string
	for _, year := range calendar.Years() {
		out = append(out, strconv.Itoa(year))
	}
	return strings.Join(out, ", ")
}

func describeSections(w io.Writer, o *office.Office) {
	fmt.Fprintf(w, "\n%s\n", count(len(o.Sections), "section"))
	t := table{}
	for _, s := range o.Sections {
		var channels []string
		for _, c := range o.ChannelsOf(s.ID) {
			channels = append(channels, c.ID)
		}
		told := "told nowhere, reads the desk"
		if len(channels) > 0 {
			told = "told on " + strings.Join(channels, ", ")
		}
		t.row(s.ID, both(s.Name), told)
	}
	t.print(w, "  ")
}

func describeCategories(w io.Writer, o *office.Office) {
	below := 0
	t := table{}
	for _, c := range o.Categories {
		below += len(c.Sub)
		var marks []string
		for _, m := range []struct {
			is   bool
			text string
		}{{c.BySpot, "or the spot's section"}, {c.Confidential, "a report, for discipline alone"},
			{c.Urgent == office.Always, "urgent"}, {c.Urgent == office.Ongoing, "urgent while it happens"}} {
			if m.is {
				marks = append(marks, m.text)
			}
		}
		t.row(c.ID, both(c.Name), "-> "+c.Section, strings.Join(marks, ", "))
	}
	fmt.Fprintf(w, "\n%d first-level categories, %d below them\n", len(o.Categories), below)
	t.print(w, "  ")
}

func describeSpots(w io.Writer, o *office.Office) {
	fmt.Fprintf(w, "\n%s\n", count(len(o.Spots), "spot"))
	t := table{}
	for _, s := range o.Spots {
		t.row(s.ID, both(s.Name), s.Section)
	}
	t.print(w, "  ")
}

func describeLevels(w io.Writer, o *office.Office) {
	fmt.Fprintf(w, "\nservice levels (wd working days, d days, h hours, m minutes)\n")
	t := table{{"kind", "sign", "contact", "return", "answer", "extend", "reopen", "silence"}}
	row := func(name string, l office.Level) {
		cells := []string{name}
		for _, span := range []office.Span{l.Sign, l.Contact, l.Return, l.Answer, l.Extend, l.Reopen, l.Silence} {
			cells = append(cells, orDash(span.String()))
		}
		if l.Review {
			cells = append(cells, "the office reviews answers")
		}
		t.row(cells...)
	}
	for _, kind := range ticket.Kinds() {
		if level, ok := o.Levels[kind]; ok {
			row(kindName(kind), level)
		}
	}
	row("urgent 紧急", o.Urgent)
	t.print(w, "  ")
	fmt.Fprintf(w, "\nkept after a ticket's end: contacts %s, texts and photos %s\n", count(o.ContactMonths(), "month"), count(o.RecordYears(), "year"))
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

func describeRules(w io.Writer, o *office.Office) {
	fmt.Fprintf(w, "\n%s, %s, %s\n", count(len(o.Routes), "rule"), count(len(o.Words), "word list"), count(len(o.Reminders), "reminder"))
	t := table{}
	for _, r := range o.Routes {
		result := "-> " + r.Section
		if r.Section == "" {
			result = ""
		}
		if r.Urgent {
			result = strings.TrimSpace(result + " urgent")
		}
		t.row(r.ID, result)
	}
	t.print(w, "  ")
}

func describeChannels(w io.Writer, o *office.Office) {
	fmt.Fprintf(w, "\n%s\n", count(len(o.Channels), "channel"))
	t := table{}
	for _, c := range o.Channels {
		where := c.URL
		if c.Kind == office.Mail {
			where = strings.Join(c.To, ", ")
		}
		t.row(c.ID, c.Section, string(c.Kind), where)
	}
	t.print(w, "  ")
}

// calendarWarnings says from October on that next year's holidays are missing: the notice comes in
// autumn, and without it deadlines that reach into January are left open.
func calendarWarnings(o *office.Office, now time.Time) ([]string, error) {
	years, err := o.MissingYears(now)
	var out []string
	for _, year := range years {
		out = append(out, fmt.Sprintf("no holidays of %d: tickets whose time reaches into it get no deadline; "+
			"add the State Council's notice under holidays (国务院办公厅关于%d年部分节假日安排的通知)", year, year))
	}
	return out, err
}

func writeJSON(w io.Writer, v any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(v)
}

// writeYAML writes an office as an office file, in the order of its fields: JSON is YAML, so the
// stored form is read as YAML and written in its usual style.
func writeYAML(w io.Writer, o *office.Office) error {
	var b bytes.Buffer
	if err := writeJSON(&b, o); err != nil {
		return fmt.Errorf("encode office data: %w", err)
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(b.Bytes(), &doc); err != nil {
		return fmt.Errorf("encode office data: %w", err)
	}
	plainStyle(&doc)
	encoder := yaml.NewEncoder(w)
	encoder.SetIndent(2)
	if err := encoder.Encode(&doc); err != nil {
		return fmt.Errorf("encode office data: %w", err)
	}
	return encoder.Close()
}

// plainStyle writes names and lists of words in one line and everything else in lines.
func plainStyle(n *yaml.Node) {
	n.Style = 0
	flow := n.Kind == yaml.SequenceNode || n.Kind == yaml.MappingNode && len(n.Content) <= 4
	for _, child := range n.Content {
		plainStyle(child)
		flow = flow && child.Kind == yaml.ScalarNode
	}
	if flow {
		n.Style = yaml.FlowStyle
	}
}
