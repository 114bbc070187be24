package office

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// A Change is one difference between two office files.
type Change struct {
	Sign rune     // + added, - removed, ~ changed
	Path []string // such as sections, relics, name, zh: entries of lists go by their id
	Text string
}

// Differences lists how after differs from before, part by part of the file. It compares what the
// files say, whatever the part: a field that is added to the office file is compared too.
func Differences(before, after *Office) ([]Change, error) {
	a, err := tree(before)
	if err != nil {
		return nil, err
	}
	b, err := tree(after)
	if err != nil {
		return nil, err
	}
	var d differ
	for _, part := range parts() {
		d.compare([]string{part}, a[part], b[part])
	}
	return d.changes, nil
}

func tree(o *Office) (map[string]any, error) {
	text, err := json.Marshal(o)
	if err != nil {
		return nil, fmt.Errorf("compare office files: %w", err)
	}
	var t map[string]any
	if err := json.Unmarshal(text, &t); err != nil {
		return nil, fmt.Errorf("compare office files: %w", err)
	}
	return t, nil
}

// parts lists the first-level fields in the order in which the file has them.
func parts() []string {
	return []string{"version", "office", "sections", "categories", "spots", "levels", "urgent", "reminders", "words",
		"routes", "fallback", "holidays", "retention", "limits", "channels", "templates"}
}

type differ struct{ changes []Change }

func (d *differ) add(sign rune, path []string, text string) {
	d.changes = append(d.changes, Change{sign, slices.Clone(path), text})
}

func (d *differ) compare(path []string, a, b any) {
	x, aKeyed := keyed(a)
	y, bKeyed := keyed(b)
	switch {
	case reflect.DeepEqual(a, b):
	case a == nil && !bKeyed:
		d.add('+', path, render(b))
	case b == nil && !aKeyed:
		d.add('-', path, render(a))
	case aKeyed && bKeyed || aKeyed && b == nil || bKeyed && a == nil:
		d.entries(path, x, y)
	default:
		d.values(path, a, b)
	}
}

// entries compares what goes by name: fields, and entries of lists that have an id.
func (d *differ) entries(path []string, a, b names) {
	for _, name := range b.order {
		old, had := a.of[name]
		if at := append(path, name); had {
			d.compare(at, old, b.of[name])
		} else {
			d.add('+', at, render(b.of[name]))
		}
	}
	for _, name := range a.order {
		if _, has := b.of[name]; !has {
			d.add('-', append(path, name), render(a.of[name]))
		}
	}
	stays := func(other names) func(string) bool {
		return func(name string) bool { _, has := other.of[name]; return !has }
	}
	x := slices.DeleteFunc(slices.Clone(a.order), stays(b))
	y := slices.DeleteFunc(slices.Clone(b.order), stays(a))
	if b.ordered && !slices.Equal(x, y) {
		d.add('~', path, "in another order: "+strings.Join(b.order, ", "))
	}
}

// values compares lists of plain values, word by word, and single values.
func (d *differ) values(path []string, a, b any) {
	x, isList := a.([]any)
	y, both := b.([]any)
	if !isList || !both {
		d.add('~', path, render(a)+" -> "+render(b))
		return
	}
	var gone, added []string
	for _, v := range x {
		if !holds(y, v) {
			gone = append(gone, "-"+render(v))
		}
	}
	for _, v := range y {
		if !holds(x, v) {
			added = append(added, "+"+render(v))
		}
	}
	if words := append(gone, added...); len(words) > 0 {
		d.add('~', path, strings.Join(words, " "))
		return
	}
	d.add('~', path, "in another order: "+render(b))
}

func holds(list []any, v any) bool {
	return slices.ContainsFunc(list, func(o any) bool { return reflect.DeepEqual(o, v) })
}

// names is what a value holds by name.
type names struct {
	order   []string
	of      map[string]any
	ordered bool // the order means something
}

// keyed reads a value that holds others by name: a mapping, or a list whose entries have an id or a
// year. ok is false for any other.
func keyed(v any) (n names, ok bool) {
	switch v := v.(type) {
	case map[string]any:
		return names{order: slices.Sorted(maps.Keys(v)), of: v}, true
	case []any:
		n = names{of: map[string]any{}, ordered: true}
		for _, entry := range v {
			name, found := nameOf(entry)
			if _, twice := n.of[name]; !found || twice {
				return names{}, false
			}
			n.order = append(n.order, name)
			n.of[name] = entry
		}
		return n, len(v) > 0
	}
	return names{}, false
}

func nameOf(entry any) (string, bool) {
	fields, ok := entry.(map[string]any)
	if !ok {
		return "", false
	}
	for _, field := range []string{"id", "year", "number"} {
		if v, ok := fields[field]; ok {
			return fmt.Sprint(v), true
		}
	}
	return "", false
}

// render writes a value in one line.
func render(v any) string {
	switch v := v.(type) {
	case nil:
		return "none"
	case map[string]any:
		var fields []string
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if name != "id" {
				fields = append(fields, name+": "+render(v[name]))
			}
		}
		return "{" + strings.Join(fields, ", ") + "}"
	case []any:
		items := make([]string, len(v))
		for i, item := range v {
			items[i] = render(item)
		}
		return "[" + strings.Join(items, ", ") + "]"
	}
	return strings.ReplaceAll(fmt.Sprint(v), "\n", " ⏎ ") // a text of several lines
}
