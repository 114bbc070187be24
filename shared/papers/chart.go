package papers

import (
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"
)

// Sizes of charts in CSS pixels. Widths are shares of the page's, so that letters stay as large on a phone.
const (
	barHeight  = 46
	lineHeight = 200
	lineTop    = 18
	lineBottom = 172 // of the plot; the names of days are below
	lineLeft   = 8.0 // percent, for the numbers at the side
	lineWidth  = 90.0
)

// svg draws a chart. Screen readers read its title and description; the figures stand in a table beside it.
func (c chart) svg(id string) template.HTML {
	var b strings.Builder
	height := barHeight * len(c.values)
	if c.line {
		height = lineHeight
	}
	fmt.Fprintf(&b, `<svg role="img" aria-labelledby="%[1]s-t %[1]s-d" width="100%%" height="%[2]d"><title id="%[1]s-t">%[3]s</title><desc id="%[1]s-d">%[4]s</desc>`,
		id, height, escape(c.title), escape(c.description))
	if c.line {
		c.drawLine(&b)
	} else {
		c.drawBars(&b)
	}
	b.WriteString("</svg>")
	return template.HTML(b.String()) //nolint:gosec // every text in it is escaped
}

func escape(text string) string { return template.HTMLEscapeString(text) }

// drawBars draws a bar for each value, its name and number above it.
func (c chart) drawBars(b *strings.Builder) {
	most := max(1, slices.Max(c.values))
	for i, value := range c.values {
		y := i * barHeight
		number := strconv.Itoa(value)
		if c.part != nil {
			number = strconv.Itoa(c.part[i]) + " / " + number
		}
		fmt.Fprintf(b, `<text x="0" y="%d">%s<tspan class="n" dx="8">%s</tspan></text>`, y+16, escape(c.labels[i]), number)
		bar(b, y, "whole", value, most)
		if c.part != nil {
			bar(b, y, "dark", c.part[i], most)
		}
	}
}

func bar(b *strings.Builder, y int, class string, value, most int) {
	fmt.Fprintf(b, `<rect class="%s" x="0" y="%d" width="%.2f%%" height="14" rx="2"/>`, class, y+23, 100*float64(value)/float64(most))
}

// drawLine draws values from left to right, with numbers at the side and the name of every fifth below.
func (c chart) drawLine(b *strings.Builder) {
	top := ceiling(max(1, slices.Max(c.values)))
	x := func(i int) float64 { return lineLeft + lineWidth*float64(i)/float64(max(1, len(c.values)-1)) }
	y := func(v int) float64 { return lineBottom - float64(v)*(lineBottom-lineTop)/float64(top) }
	for _, v := range []int{0, top / 2, top} {
		fmt.Fprintf(b, `<line class="grid" x1="%.2f%%" y1="%.1f" x2="%.2f%%" y2="%.1f"/>`, lineLeft, y(v), lineLeft+lineWidth, y(v))
		fmt.Fprintf(b, `<text class="side" x="%.2f%%" y="%.1f">%d</text>`, lineLeft-1, y(v)+4, v)
	}
	for i, v := range c.values {
		if i > 0 {
			fmt.Fprintf(b, `<line class="curve" x1="%.2f%%" y1="%.1f" x2="%.2f%%" y2="%.1f"/>`, x(i-1), y(c.values[i-1]), x(i), y(v))
		}
		fmt.Fprintf(b, `<circle cx="%.2f%%" cy="%.1f" r="3"/>`, x(i), y(v))
		if i%7 == 0 {
			fmt.Fprintf(b, `<text class="below" x="%.2f%%" y="%d">%s</text>`, x(i), lineBottom+20, escape(c.labels[i]))
		}
	}
}

// ceiling gives the next even number of the kind 2, 4, 10, 20, 40 … that is no less than n.
func ceiling(n int) int {
	for step := 1; ; step *= 10 {
		for _, top := range []int{2, 4, 6, 8, 10} {
			if top*step >= n {
				return top * step
			}
		}
	}
}
