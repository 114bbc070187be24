package web

import (
	"strings"

	"steledesk/shared/httpapi"
)

// AboutPage says who handles what people write, what becomes of it and what else they can do: the
// notice that PIPL article 17 asks for, in plain words.
type AboutPage struct{ Frame }

// Show writes the page.
func (p AboutPage) Show() (httpapi.Response, error) { return show(aboutPage(), p.Frame, p) }

// Chapter is one heading of the page and what stands under it.
type Chapter struct {
	ID, Title string
	Text      []string
	Points    []string
	After     []string // what stands under the points
}

// Chapters is the notice.
func (p AboutPage) Chapters() []Chapter {
	var all []Chapter
	for _, id := range []string{"who", "what", "why", "readers", "kept", "rights", "phone", "photos", "report", "young", "else"} {
		c := Chapter{ID: id, Title: p.T("page.about." + id)}
		for _, line := range strings.Split(p.said(id), "\n") {
			point, is := strings.CutPrefix(line, "- ")
			switch {
			case is:
				c.Points = append(c.Points, point)
			case len(c.Points) > 0:
				c.After = append(c.After, line)
			default:
				c.Text = append(c.Text, line)
			}
		}
		all = append(all, c)
	}
	return all
}

// said is a chapter's text, with what the office says of itself.
func (p AboutPage) said(id string) string {
	key := "page.about." + id + ".text"
	switch id {
	case "who":
		return p.T(key, p.OfficeName(), p.Address(), p.numbers())
	case "kept":
		return p.T(key, p.Office.ContactMonths(), p.Office.RecordYears())
	}
	return p.T(key)
}

// numbers lists the phones of the office.
func (p AboutPage) numbers() string {
	var all []string
	for _, phone := range p.Phones() {
		all = append(all, p.Name(phone.Name)+" "+phone.Number)
	}
	return strings.Join(all, p.T("page.about.and"))
}
