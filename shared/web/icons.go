package web

import (
	"html/template"
	"strings"
	"sync"
)

// drawings are the pictures beside kinds and categories: strokes on a field of 24 by 24, ours.
var drawings = []struct{ name, path string }{
	{"complaint", "M4 5h16v11h-9l-4 4v-4H4zM12 7.5v4M12 13.6v.1"},
	{"report", "M12 3l7 3v5c0 5-3 8-7 10-4-2-7-5-7-10V6zM12 8v5M12 15.6v.1"},
	{"suggestion", "M9.5 17h5M10 20h4M9.5 17c0-2.5-3-3.5-3-7a5.5 5.5 0 0 1 11 0c0 3.5-3 4.5-3 7"},
	{"enquiry", "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM9.5 9.5a2.5 2.5 0 1 1 3.7 2.2c-.8.4-1.2 1-1.2 1.9M12 16.6v.1"},
	{"praise", "M12 20S4 15 4 9a4 4 0 0 1 8-1 4 4 0 0 1 8 1c0 6-8 11-8 11z"},
	{"ticketing", "M3 7h18v3.5a1.5 1.5 0 0 0 0 3V17H3v-3.5a1.5 1.5 0 0 0 0-3zM14 7v2.5M14 11v2M14 14.5V17"},
	{"traffic", "M4 14l2-6h12l2 6v4H4zM4 14h16M7 18v2M17 18v2"},
	{"cleanliness", "M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13M10.5 11v5.5M13.5 11v5.5"},
	{"guiding", "M12 3v18M12 5h6l2 2-2 2h-6M12 11H6l-2 2 2 2h6M9 21h6"},
	{"attitude", "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM5 21c0-4 3-6 7-6s7 2 7 6"},
	{"safety", "M12 4l9 16H3zM12 10v5M12 17.4v.1"},
	{"relics", "M7 18V8a5 5 0 0 1 10 0v10M4 18h16v3H4zM10 9h4M10 12h4M10 15h4"},
	{"red-sites", "M6 21V4M6 4.5h11l-2.5 3.5 2.5 3.5H6M4 21h4"},
	{"facilities", "M4 10h16M4 14h16M6.5 10v10M17.5 10v10M6.5 6.5h11"},
	{"shops", "M5 8h14l-1 13H6zM9 8V6a3 3 0 0 1 6 0v2"},
	{"greenery", "M12 21v-8M12 15c-4 0-6-2-6-5 0-3 3-6 6-6s6 3 6 6-2 5-6 5zM12 13l2.5-3"},
	{"enforcement", "M12 4v16M8 20h8M5 7h14M5 7l-2.5 6h5zM19 7l-2.5 6h5z"},
	{"openness", "M4 10v4h3l8 5V5l-8 5zM18 9.5a4 4 0 0 1 0 5"},
	{"misconduct", "M3 12s3.5-6 9-6 9 6 9 6-3.5 6-9 6-9-6-9-6zM12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z"},
	{"other", "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM8 12v.1M12 12v.1M16 12v.1"},
	{"level-5", face + "M8 13.5c1.5 3.5 6.5 3.5 8 0zM8.5 9.5v.1M15.5 9.5v.1"},
	{"level-4", face + "M8 14c1.5 2.5 6.5 2.5 8 0M8.5 9.5v.1M15.5 9.5v.1"},
	{"level-3", face + "M8.5 15h7M8.5 9.5v.1M15.5 9.5v.1"},
	{"level-2", face + "M8 16.5c1.5-2.5 6.5-2.5 8 0M8.5 9.5v.1M15.5 9.5v.1"},
	{"level-1", face + "M8 17c1.5-3.5 6.5-3.5 8 0M7 8.5l2.5 1.5M17 8.5L14.5 10"},
}

const face = "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z"

// symbols gives the drawings whose names are taken as an SVG that shows nothing itself.
func symbols(taken func(name string) bool) template.HTML {
	var b strings.Builder
	b.WriteString(`<svg hidden>`)
	for _, d := range drawings {
		if taken(d.name) {
			b.WriteString(`<symbol id="i-` + d.name + `" viewBox="0 0 24 24"><path d="` + d.path + `"/></symbol>`)
		}
	}
	b.WriteString(`</svg>`)
	return template.HTML(b.String()) //nolint:gosec // our own drawings
}

func isLevel(name string) bool { return strings.HasPrefix(name, "level-") }

var (
	fileIcons  = sync.OnceValue(func() template.HTML { return symbols(func(n string) bool { return !isLevel(n) }) })
	levelIcons = sync.OnceValue(func() template.HTML { return symbols(isLevel) })
)

// Icons are the pictures of the form.
func (p FilePage) Icons() template.HTML { return fileIcons() }

// Icon names a category's picture: an office may have categories that nobody has drawn.
func (p FilePage) Icon(category string) string {
	for _, d := range drawings {
		if d.name == category {
			return category
		}
	}
	return "other"
}

// Icons are the faces of the rating.
func (p TicketPage) Icons() template.HTML { return levelIcons() }
