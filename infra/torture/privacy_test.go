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
			spoilt.judge(&r)
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
	name, words := v.people[0].text, v.words[2]
	return []planting{
		{"privacy: table", func(e *leftovers) { e.items = append(slices.Clip(e.items), trace{"S#x HEAD", "who=" + name}) }},
		{"privacy: disk", func(e *leftovers) { e.disk = append(slices.Clip(e.disk), trace{"x.log", v.people[1].text}) }},
		{"privacy: queues", func(e *leftovers) {
			e.queues = append(slices.Clip(e.queues), trace{"queues.sqlite", "{" + words.forms()[1] + "}"})
		}},
		{"privacy: bucket", func(e *leftovers) {
			e.buckets = append(slices.Clip(e.buckets), unpacked("x.xlsx", zipped(t, words.text))...)
		}},
		{"privacy: bots and mail", func(e *leftovers) { e.outside = append(slices.Clip(e.outside), trace{"outside", words.text}) }},
		{"privacy: logs", func(e *leftovers) { e.logs = append(slices.Clip(e.logs), trace{"submit", v.codes[0].text}) }},
		{"privacy: papers", func(e *leftovers) { e.papers = 0 }},
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
