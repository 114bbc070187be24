package main

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/width"

	"steledesk/shared/office"
	"steledesk/shared/phrase"
	"steledesk/shared/ticket"
)

// table is lines of columns. Chinese characters are as wide as two others.
type table [][]string

func (t *table) row(cells ...string) { *t = append(*t, cells) }

// print writes the lines with their columns aligned, each after indent.
func (t table) print(w io.Writer, indent string) {
	widths := map[int]int{}
	for _, row := range t {
		for i, cell := range row {
			widths[i] = max(widths[i], cells(cell))
		}
	}
	for _, row := range t {
		line := indent
		for i, cell := range row {
			line += cell + strings.Repeat(" ", widths[i]-cells(cell)+2)
		}
		fmt.Fprintln(w, strings.TrimRight(line, " "))
	}
}

// cells is how many columns of a terminal a text takes.
func cells(text string) int {
	n := 0
	for _, r := range text {
		switch width.LookupRune(r).Kind() {
		case width.EastAsianWide, width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}

// printable keeps what strangers wrote from commanding the terminal: control characters, and those
// that turn the direction of writing around, are shown as �.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)) {
			return unicode.ReplacementChar
		}
		return r
	}, strings.ReplaceAll(text, "\r\n", "\n"))
}

// both gives a name in Chinese and English.
func both(n office.Name) string {
	if n.EN == "" || n.EN == n.ZH {
		return n.ZH
	}
	return n.ZH + " (" + n.EN + ")"
}

// named gives an id with its Chinese name, when it has one.
func named(id, name string) string {
	if name == "" || name == id {
		return id
	}
	return id + " " + name
}

func kindName(k ticket.Kind) string { return named(string(k), phrase.In("zh", "kind."+string(k))) }

func stateName(s ticket.State) string { return named(string(s), phrase.In("zh", "state."+string(s))) }

// clock writes a time for a person, in China; never gives the text of a time that is not set.
func clock(t time.Time, never string) string {
	if t.IsZero() {
		return never
	}
	return t.In(ticket.Zone).Format("2006-01-02 15:04")
}

// count gives a number with its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
