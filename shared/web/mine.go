package web

import (
	"encoding/base64"
	"html/template"
	"time"

	"steledesk/shared/httpapi"
	"steledesk/shared/picture"
	"steledesk/shared/receipt"
	"steledesk/shared/ticket"
)

// Owned is a ticket that this phone keeps: enough to know which is which, and nothing that was written.
type Owned struct {
	Number string      `json:"n"`
	Kind   ticket.Kind `json:"k"`
	Filed  int64       `json:"t"`           // Unix seconds
	Saved  bool        `json:"s,omitempty"` // the visitor said that number and code are kept elsewhere too
}

// At is when it was filed.
func (o Owned) At() time.Time { return time.Unix(o.Filed, 0) }

// Picture is the receipt as a picture to keep, in an address of its own: it can be pressed and saved where nothing
// can be downloaded.
func (p ReceiptPage) Picture() (template.URL, error) {
	answer := "-"
	if by := p.Receipt.AnswerBy; !by.IsZero() {
		answer = by.In(ticket.Zone).Format("2006-01-02 15:04")
	}
	file, err := picture.Draw([]picture.Line{
		{Text: p.Receipt.Number, Big: true}, {Text: p.Receipt.Code, Big: true},
		{Label: p.Language + "-filed", Text: p.Receipt.FiledAt.In(ticket.Zone).Format("2006-01-02 15:04")},
		{Label: p.Language + "-due", Text: answer},
	}, p.QR)
	return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(file)), err //nolint:gosec // a picture of ours
}

// VerifyPage tells whether a receipt is the desk's, and whether a text is what was filed.
type VerifyPage struct {
	Frame
	Form     Form
	Wrong    string // why it is not; empty: nothing was asked, or it is
	Found    *receipt.Receipt
	Compared bool // a text was given
	Same     bool
}

// Show writes the page.
func (p VerifyPage) Show() (httpapi.Response, error) { return show(verifyPage(), p.Frame, p) }

// Scripts are the module that says what the form lacks.
func (p VerifyPage) Scripts() []string { return []string{"asks.js"} }

// Section is the name of the section that had the matter; empty for a 举报.
func (p VerifyPage) Section() string {
	if p.Found.Section == "" {
		return ""
	}
	return p.Office.SectionName(p.Found.Section, p.Language)
}
