package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"steledesk/infra/steledesk/archive"
	"steledesk/infra/torture/raw"
)

// leftovers is everything that is left of what was played.
type leftovers struct {
	items, disk, queues, buckets, outside, logs, cookies []trace // what lies there
	export, audit, annual, minutes, cases                []trace // what somebody can ask for

	marks  []mark
	number string // of a ticket that everybody had to do with
	papers int
	dead   int // letters that nobody could deliver
}

// gather reads all that the desk holds, and all that it gives out. export is a folder that does not exist yet.
func (v *privacy) gather(ctx context.Context) (*leftovers, error) {
	e := &leftovers{marks: v.marks, number: v.numbers[0], cookies: v.cookies, queues: v.post.sent()}
	table, err := v.house.table(ctx)
	if err != nil {
		return nil, err
	}
	e.items = traces(table.Fields)
	if err := e.files(v.house.data); err != nil {
		return nil, err
	}
	messages, err := v.house.queues(ctx)
	if err != nil {
		return nil, err
	}
	for _, m := range messages {
		e.queues = append(e.queues, trace{m.Queue, m.Body})
		if m.Queue == graves[0] {
			e.dead++
		}
	}
	e.logs = append(e.logs, trace{"the host's log", v.log.String()})
	for _, f := range v.house.Functions().Stats() {
		for _, line := range f.Lines {
			e.logs = append(e.logs, trace{"the log of " + f.Name, line.Text})
		}
	}
	if err := v.given(ctx, e); err != nil {
		return nil, err
	}
	e.export, err = v.exported(ctx, "before")
	return e, err
}

func traces(fields []raw.Field) []trace {
	all := make([]trace, len(fields))
	for i, f := range fields {
		all[i] = trace{f.Key + " " + f.Name, f.Text}
	}
	return all
}

// files sorts what is on the disk.
func (e *leftovers) files(folder string) (err error) {
	if e.disk, err = filesUnder(folder); err != nil {
		return err
	}
	for _, f := range e.disk {
		switch {
		case strings.HasPrefix(f.where, "queues.sqlite"):
			e.queues = append(e.queues, f)
		case strings.HasPrefix(f.where, "buckets"):
			e.buckets = append(e.buckets, f)
		case strings.HasPrefix(f.where, "outside"):
			e.outside = append(e.outside, f)
		}
		if strings.HasSuffix(f.where, "/word/document.xml") || strings.HasSuffix(f.where, "/xl/workbook.xml") {
			e.papers++
		}
	}
	return nil
}

// given is what people can ask the desk for: the record of the day as CSV, the year's papers, minutes, cases.
func (v *privacy) given(ctx context.Context, e *leftovers) error {
	day := privacyBegins.Format("2006-01-02")
	for _, one := range []struct {
		into        *[]trace
		login, path string
	}{
		{&e.audit, "office", "/v1/desk/audit/export?day=" + day}, {&e.audit, "discipline", "/v1/desk/audit/export?day=" + day},
		{&e.annual, "office", "/v1/annual/2026/annual.docx"}, {&e.annual, "office", "/v1/annual/2026/annual.xlsx"},
		{&e.minutes, "office", "/v1/meetings/" + privacyMonth + "/minutes.docx"}, {&e.minutes, "leader", "/v1/meetings/" + privacyMonth},
		{&e.cases, "supervisor", "/v1/cases"}, {&e.cases, "supervisor", "/v1/cases?ended=true"},
	} {
		a, err := v.ask(ctx, one.login, "GET", one.path, "")
		if err != nil {
			return err
		}
		*one.into = append(*one.into, unpacked(one.path, a.body)...)
	}
	return nil
}

// exported has the operator take the whole desk along, and reads what that is.
func (v *privacy) exported(ctx context.Context, name string) ([]trace, error) {
	folder := filepath.Join(v.house.data+"-export", name)
	defer func() { _ = os.RemoveAll(folder) }()
	if _, err := v.house.operate(ctx, "export", folder); err != nil {
		return nil, err
	}
	all, err := filesUnder(folder)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(t trace) bool { return strings.HasPrefix(t.where, "table.ndjson.gz") })
	packed, err := os.ReadFile(filepath.Join(folder, "table.ndjson.gz"))
	if err != nil {
		return nil, fmt.Errorf("read export: %w", err)
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("read export: %w", err)
	}
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		item, err := archive.Decode(lines.Bytes())
		if err != nil {
			return nil, fmt.Errorf("read export: %w", err)
		}
		all = append(all, traces(raw.Fields(item))...)
	}
	return all, lines.Err()
}
