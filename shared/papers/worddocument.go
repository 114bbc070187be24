package papers

import (
	"steledesk/shared/papers/word"
)

// wordCanvas writes on a document. Charts are left to the page: their tables are here.
type wordCanvas struct {
	doc   *word.Document
	label string // before the names of attachments
}

func (c wordCanvas) heading(level int, text string) { c.doc.Heading(level, text) }
func (c wordCanvas) text(text string)               { c.doc.Body(text) }
func (c wordCanvas) note(text string)               { c.doc.Note(text) }
func (c wordCanvas) blank(text string)              { c.doc.Blank(text) }
func (c wordCanvas) chart(chart)                    {}
func (c wordCanvas) sign(unit, date string)         { c.doc.Sign(unit, date) }
func (c wordCanvas) enclosures(titles []string)     { c.doc.Enclosures(c.label, titles...) }
func (c wordCanvas) attachment(label, title string) { c.doc.Attachment(label, title) }

func (c wordCanvas) table(t table) {
	made := word.Table{Caption: t.caption, Rows: t.rows}
	for _, col := range t.columns {
		made.Columns = append(made.Columns, word.Column{Head: col.head, Width: col.width, Left: col.left})
	}
	c.doc.Table(made)
}

// wordDocument renders the document in the layout of official ones.
func wordDocument(in Input, language string) ([]byte, error) {
	w := &writer{Input: in, lang: language}
	doc := word.New(word.Properties{Title: w.title(), Subject: w.t("mark"), Author: w.unit(), Language: language, Created: in.Digest.CutOff})
	doc.Mark(w.t("mark"))
	doc.Title(w.under(), w.unit(), w.title())
	compose(in, language, wordCanvas{doc, w.t("enclosures")})
	return doc.Bytes()
}
