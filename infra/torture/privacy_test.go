package main

import (
	"archive/zip"
	"bytes"
	"slices"
	"testing"
)

// What was written and who wrote it is where it belongs and nowhere else; and each search finds a mark that is planted.
func TestPrivacyAndItsChecks(t *testing.T) {
	ctx := t.Context()
	v, err := openPrivacy(ctx, here)
	if err != nil {
		t.Fatal(err)
	}
	defer v.house.Close()
	if err := v.play(ctx); err != nil {
		t.Fatal(err)
	}
	left, err := v.gather(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var r report
	left.judge(&r)
	for _, one := range plantings(t, v) {
		t.Run(one.row, func(t *testing.T) {
			spoilt := *left
			one.plant(&spoilt)
			var r report
			for _, l := range spoilt.looks() {
				if "privacy: "+l.part == one.row {
					l.into(&r)
				}
			}
			spoilt.whole(&r)
			if !slices.ContainsFunc(r.broken(), func(b row) bool { return b.part == one.row }) {
				t.Errorf("not found; broken: %v", r.broken())
			}
		})
	}
	if err := v.afterwards(ctx, &r); err != nil {
		t.Fatal(err)
	}
	holds(t, &r)
}

// planting puts a mark where it does not belong.
type planting struct {
	row   string
	plant func(e *leftovers)
}

func plantings(t *testing.T, v *privacy) []planting {
	own, other := v.marks[0], v.marks[0]
	for _, m := range v.marks {
		if m.kind == "text" && m.ticket == v.numbers[0] {
			own = m
		}
		if m.kind == "text" && m.ticket == v.numbers[1] {
			other = m
		}
	}
	kind := func(kind string) string {
		return v.marks[slices.IndexFunc(v.marks, func(m mark) bool { return m.kind == kind })].text
	}
	plant := func(list func(e *leftovers) *[]trace, where, text string) func(e *leftovers) {
		return func(e *leftovers) { *list(e) = append(slices.Clip(*list(e)), trace{where, text}) }
	}
	items := func(e *leftovers) *[]trace { return &e.items }
	queues := func(e *leftovers) *[]trace { return &e.queues }
	export := func(e *leftovers) *[]trace { return &e.export }
	event := "T#" + v.numbers[0] + " E#000001 "
	return []planting{
		{"privacy: table", plant(items, "S#x HEAD who", kind("name"))},
		{"privacy: table", plant(items, event+"words", kind("phone"))},
		{"privacy: table", plant(items, event+"body", own.text)},    // hashed: it could never be erased
		{"privacy: table", plant(items, event+"words", other.text)}, // another visitor's
		{"privacy: table", plant(items, "M#2026-11 ED#001 body", own.text)},
		{"privacy: table", plant(items, event+"words", kind("reason"))},
		{"privacy: disk", plant(func(e *leftovers) *[]trace { return &e.disk }, "x.log", kind("phone"))},
		{"privacy: queues", plant(queues, "queues.sqlite", "{"+own.forms()[1]+"}")},
		{"privacy: queues", func(e *leftovers) { e.queues = nil }},
		{"privacy: bucket", func(e *leftovers) {
			e.buckets = append(slices.Clip(e.buckets), unpacked("x.xlsx", zipped(t, own.text))...)
		}},
		{"privacy: bucket", plant(func(e *leftovers) *[]trace { return &e.buckets }, "buckets/photos/x", kind("camera"))},
		{"privacy: bots and mail", plant(func(e *leftovers) *[]trace { return &e.outside }, "outside", own.text)},
		{"privacy: logs", plant(func(e *leftovers) *[]trace { return &e.logs }, "submit", kind("code"))},
		{"privacy: cookies", plant(func(e *leftovers) *[]trace { return &e.cookies }, "a cookie", kind("code"))},
		{"privacy: export", plant(export, event+"body", own.text)},
		{"privacy: export", plant(export, "photos/x", kind("camera"))},
		{"privacy: audit", plant(func(e *leftovers) *[]trace { return &e.audit }, "x", own.text)},
		{"privacy: annual papers", plant(func(e *leftovers) *[]trace { return &e.annual }, "x", kind("decision"))},
		{"privacy: minutes", plant(func(e *leftovers) *[]trace { return &e.minutes }, "x", kind("ID number"))},
		{"privacy: cases", plant(func(e *leftovers) *[]trace { return &e.cases }, "x", kind("plate"))},
		{"privacy: cases", plant(func(e *leftovers) *[]trace { return &e.cases }, "x", other.text)},
		{"privacy: papers", func(e *leftovers) { e.papers = 0 }},
		{"privacy: dead letters", func(e *leftovers) { e.dead = 0 }},
		{"privacy: kept", func(e *leftovers) { e.items = e.items[:1] }},
	}
}

func zipped(t *testing.T, text string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	f, err := z.Create("xl/sharedStrings.xml")
	if err == nil {
		_, err = f.Write([]byte(text))
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// A new key comes in without anybody noticing. When the old one goes too early, the check says so.
func TestKeysRotate(t *testing.T) {
	ctx := t.Context()
	h, err := openHouse(ctx, here, plan{seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	k := &rotation{house: h, staff: &staff{house: h, tokens: map[string]string{}}}
	var r report
	if err := k.run(ctx, &r); err != nil {
		t.Fatal(err)
	}
	holds(t, &r)
	now, err := k.ring(ctx)
	if err != nil {
		t.Fatal(err)
	}
	delete(now.Keys, "1")
	h.patience, k.filed = 1, k.filed[:2]
	if err := k.put(ctx, now, readers...); err != nil {
		t.Fatal(err)
	}
	if bad, err := k.broken(ctx); err != nil || len(bad) < 4 {
		t.Errorf("without the old key %d things are broken, %v", len(bad), err)
	}
}
