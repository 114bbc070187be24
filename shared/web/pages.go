package web

import (
	"slices"
	"time"

	"steledesk/shared/httpapi"
	"steledesk/shared/office"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
)

// The bounds the form tells of.
const (
	MaxText = ticket.MaxText
	MaxWish = 500
)

// FilePage is the form a matter is filed with.
type FilePage struct {
	Frame
	Form   Form
	Key    string // makes sending it twice the same filing; empty: the phone makes one
	Opened string // the stamp of when it was opened

	Unsaved     string // number of a ticket whose code the visitor may not have kept; empty: none
	Spot        string // of the code that was scanned; empty: none
	UnknownSpot bool   // the code named a spot the office does not have

	Looked  string             // the spot whose matters were looked for; empty: none was
	Matters []visitor.Reported // what others reported there
}

// Show writes the page.
func (p FilePage) Show() (httpapi.Response, error) { return show(filePage(), p.Frame, p) }

// Scripts are the modules that show the form step by step.
func (p FilePage) Scripts() []string { return []string{"steps.js", "count.js", "phone.js"} }

// Scanned is the spot of the code that was scanned; nil when there is none.
func (p FilePage) Scanned() *office.Spot {
	if s, known := p.Office.Spot(p.Spot); known {
		return &s
	}
	return nil
}

// Moved reports whether another place than the scanned one was chosen, or a wrong one.
func (p FilePage) Moved() bool { return p.Form.Value("spot") != p.Spot || p.Form.Wrong("spot") != "" }

// Opens reports whether one of the fields, which are folded away, has something in it or is wrong.
func (p FilePage) Opens(fields ...string) bool {
	return slices.ContainsFunc(fields, func(f string) bool { return p.Form.Value(f) != "" || p.Form.Wrong(f) != "" })
}

// Reported says what others reported, in the words the phone's scripts have for other spots.
func (p FilePage) Reported(m visitor.Reported) string {
	last := p.T("phone.matters.today")
	switch {
	case m.DaysAgo == 1:
		last = p.T("phone.matters.day")
	case m.DaysAgo > 1:
		last = p.T("phone.matters.days", m.DaysAgo)
	}
	return p.T("phone.matters.one", p.Office.CategoryName(m.Category, p.Language), p.T("state."+string(m.State)), m.Count, last)
}

// Kinds lists what may be filed.
func (p FilePage) Kinds() []ticket.Kind { return ticket.VisitorKinds() }

// MaxText and MaxWish are the bounds of the texts, in characters.
func (p FilePage) MaxText() int { return MaxText }

// MaxWish see MaxText.
func (p FilePage) MaxWish() int { return MaxWish }

// Area is the spots of one part of the grounds.
type Area struct {
	Name  string
	Spots []office.Spot
}

// Areas groups the spots, in the office file's order; those without an area come under "".
func (p FilePage) Areas() []Area {
	var areas []Area
	at := map[string]int{}
	for _, s := range p.Office.Spots {
		name := p.Name(s.Area)
		i, known := at[name]
		if !known {
			i = len(areas)
			at[name] = i
			areas = append(areas, Area{Name: name})
		}
		areas[i].Spots = append(areas[i].Spots, s)
	}
	return areas
}

// ReceiptPage is what a visitor keeps of a filing.
type ReceiptPage struct {
	Frame
	Receipt    visitor.Receipt
	HasContact bool
	QR         string // the address the QR code holds
	Calendar   string // path of the calendar entry; empty: there is no date
	Kept       bool   // this phone keeps it
	Saved      bool   // the visitor said that number and code are kept
	Done       string // the route that was just carried out; empty: none
	PushKey    string // the desk's public key for phones that want to be told of news; empty: none is told
}

// Show writes the page.
func (p ReceiptPage) Show() (httpapi.Response, error) { return show(receiptPage(), p.Frame, p) }

// Scripts are the modules that keep number and code on the phone and have it told of news.
func (p ReceiptPage) Scripts() []string { return append([]string{"receipt.js"}, p.Push().scripts()...) }

// Section is the name of the section that has the matter.
func (p ReceiptPage) Section() string { return p.Office.SectionName(p.Receipt.Section, p.Language) }

// First says what happens first.
func (p ReceiptPage) First() string {
	key := "page.next.assigned"
	switch {
	case p.Receipt.Kind.Confidential():
		key = "page.next.report"
	case p.Receipt.State == ticket.Triage:
		key = "page.next.triage"
	}
	return p.T(key, p.Section())
}

// FindPage is the form that asks for number and code.
type FindPage struct {
	Frame
	Form Form
	Mine []Owned // what this phone keeps
}

// Show writes the page.
func (p FindPage) Show() (httpapi.Response, error) { return show(findPage(), p.Frame, p) }

// Scripts are the modules that say what a form lacks and that forget, where there is something to forget.
func (p FindPage) Scripts() []string {
	if len(p.Mine) == 0 {
		return []string{"asks.js"}
	}
	return []string{"asks.js", "forget.js"}
}

// ProblemPage says what went wrong where no form can say it.
type ProblemPage struct {
	Frame
	Problem httpapi.Problem
}

// Show writes the page.
func (p ProblemPage) Show() (httpapi.Response, error) { return show(problemPage(), p.Frame, p) }

// Says tells the problem, and what to do.
func (p ProblemPage) Says() string {
	if p.Problem.Code == "internal" { // there is no form that kept anything
		return p.T("page.problem.fresh")
	}
	return Says(p.Language, p.Problem)
}

// TicketPage is a ticket as its visitor sees it.
type TicketPage struct {
	Frame
	View     visitor.View
	Code     string
	Key      string // makes sending a form of the page twice the same command
	Now      time.Time
	Done     string // the command that was just carried out, as the address names it
	Calendar string // path of the calendar entry; empty: there is no date
	Form     Form   // the form that came back with a problem; its Name is its command
	PushKey  string // the desk's public key for phones that want to be told of news; empty: none is told
}

// Show writes the page.
func (p TicketPage) Show() (httpapi.Response, error) { return show(ticketPage(), p.Frame, p) }
