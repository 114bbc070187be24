// Package word writes documents for word processors (ECMA-376) in the layout of Chinese official documents,
// GB/T 9704-2012: A4, 22 lines of 28 characters, page numbers outside, one style for each part of such a document, so
// that an office edits the file as one of its own. Fonts are named, not embedded.
//
// Elements stand in the order of the schema, on which Word insists and other programs do not; a test checks it.
package word

import (
	"archive/zip"
	"bytes"
	"embed"
	"encoding/xml"
	"fmt"
	"strings"
	"time"
)

//go:embed parts
var parts embed.FS

// Properties are what a document says of itself (its core properties).
type Properties struct {
	Title, Subject, Author string
	Language               string // "zh", "en"
	Created                time.Time
}

// Document is a document that is being written, from its beginning to its end. It is not for several goroutines.
type Document struct {
	Properties
	body    strings.Builder
	control int  // content controls so far
	tabled  bool // the last thing written is a table
}

// New begins an empty document.
func New(p Properties) *Document { return &Document{Properties: p} }

// chinese reports whether the text is set as Chinese.
func (d *Document) chinese() bool { return d.Language != "en" }

// Mark writes what stands at the head of the first page, such as 内部资料　注意保存.
func (d *Document) Mark(text string) { d.paragraph("Mark", "", text) }

// Title writes the title (标题), a line each, and what stands below it in brackets; an empty one leaves a line free.
func (d *Document) Title(below string, lines ...string) {
	for _, line := range lines {
		d.paragraph("Title", "", line)
	}
	d.paragraph("Subtitle", "", below)
}

// Heading writes a heading of level 1 … 4 with its number: 一、 （一） 1. （1）.
func (d *Document) Heading(level int, text string) {
	d.paragraph(fmt.Sprint("Heading", min(max(level, 1), 4)), "", text)
}

// Body writes a paragraph of the body (正文).
func (d *Document) Body(text string) { d.paragraph("Body", "", text) }

// Note writes a note below a table, in smaller type.
func (d *Document) Note(text string) { d.paragraph("Note", "", text) }

// Blank leaves something to be written: a marked text that gives way when somebody begins to type over it.
func (d *Document) Blank(text string) {
	d.control++
	d.afterTable()
	fmt.Fprintf(&d.body, `<w:sdt><w:sdtPr><w:id w:val="%d"/><w:temporary/><w:showingPlcHdr/></w:sdtPr><w:sdtContent>`, d.control)
	d.paragraph("Blank", "", text)
	d.body.WriteString("</w:sdtContent></w:sdt>")
}

// Enclosures names the attachments below the body (附件说明), label being 附件：.
func (d *Document) Enclosures(label string, titles ...string) {
	for i, title := range titles {
		text, indent := fmt.Sprintf("%d.%s", i+1, title), ""
		if i == 0 {
			text = label + text
			indent = `<w:spacing w:before="579" w:after="0" w:line="579" w:lineRule="exact"/><w:ind w:leftChars="500" w:left="1580" w:hangingChars="300" w:hanging="948"/>`
		}
		if !d.chinese() {
			text, indent = strings.Replace(text, ".", ". ", 1), ""
		}
		d.paragraph("Enclosure", indent, text)
	}
}

// Sign writes who issues the document and its date (发文机关署名、成文日期): the date four characters from the right, the
// name in the middle above it as far as its length allows.
func (d *Document) Sign(unit, date string) {
	right := max(200, 400+50*(wide(date)-wide(unit))/2)
	d.paragraph("Unit", fmt.Sprintf(`<w:ind w:rightChars="%d" w:right="%d"/>`, right, right*316/100), unit)
	d.paragraph("Date", "", date)
}

// wide gives a text's width in halves of a Chinese character.
func wide(text string) int {
	n := 0
	for _, r := range text {
		n++
		if r > 0x2e7f {
			n++
		}
	}
	return n
}

// Attachment begins an attachment on a new page: its label (附件1) at the left, its title in the middle.
func (d *Document) Attachment(label, title string) {
	d.paragraph("Attachment", "", label)
	d.paragraph("AttachmentTitle", "", title)
}

// paragraph writes a paragraph of a style; more are properties of its own, in the schema's order.
func (d *Document) paragraph(style, more, text string) {
	if style != "Attachment" && style != "Note" {
		d.afterTable()
	}
	d.tabled = false
	fmt.Fprintf(&d.body, `<w:p><w:pPr><w:pStyle w:val="%s"/>%s</w:pPr>`, style, more)
	if text != "" {
		d.run(text)
	}
	d.body.WriteString("</w:p>\n")
}

// afterTable leaves room below a table; two tables that touch would be one.
func (d *Document) afterTable() {
	if d.tabled {
		d.tabled = false
		d.paragraph("TableEnd", "", "")
	}
}

// run writes text. In Chinese what belongs to both scripts, such as quotation marks, is set as Chinese.
func (d *Document) run(text string) {
	hint := ""
	if d.chinese() {
		hint = `<w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr>`
	}
	fmt.Fprintf(&d.body, `<w:r>%s<w:t xml:space="preserve">%s</w:t></w:r>`, hint, escaped(text))
}

// escaped makes a text safe in XML: what XML cannot hold becomes U+FFFD.
func escaped(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a Builder's Write never fails
	return b.String()
}

// Bytes gives the file.
func (d *Document) Bytes() ([]byte, error) {
	var file bytes.Buffer
	z := zip.NewWriter(&file)
	for _, part := range []struct{ name, source string }{
		{"[Content_Types].xml", "content_types"}, {"_rels/.rels", "rels"}, {"word/_rels/document.xml.rels", "document_rels"},
		{"word/settings.xml", "settings"}, {"word/fontTable.xml", "fontTable"}, {"word/footer1.xml", "footer1"},
		{"word/footer2.xml", "footer2"}, {"word/styles.xml", "styles"}, {"docProps/app.xml", "app"},
	} {
		text, err := parts.ReadFile("parts/" + part.source + ".xml")
		if err != nil {
			return nil, fmt.Errorf("read part %s: %w", part.name, err)
		}
		if err := add(z, part.name, d.styled(string(text))); err != nil {
			return nil, err
		}
	}
	for _, part := range [][2]string{{"docProps/core.xml", d.core()}, {"word/document.xml", d.document()}} {
		if err := add(z, part[0], part[1]); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("close document: %w", err)
	}
	return file.Bytes(), nil
}

// styled fills in what the styles have otherwise in English: bold headings, since Latin fonts have no 黑体, and lines
// that end where words do.
func (d *Document) styled(part string) string {
	bold, justify, narrow := "", "both", fmt.Sprintf(`<w:spacing w:val="%d"/>`, narrower)
	if !d.chinese() {
		bold, justify, narrow = "<w:b/>", "left", ""
	}
	return strings.NewReplacer("{{bold}}", bold, "{{justify}}", justify, "{{narrow}}", narrow).Replace(part)
}

func add(z *zip.Writer, name, text string) error {
	w, err := z.Create(name)
	if err == nil {
		_, err = w.Write([]byte(text))
	}
	if err != nil {
		return fmt.Errorf("add part %s: %w", name, err)
	}
	return nil
}

const xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

func (d *Document) core() string {
	at := d.Created.UTC().Format(time.RFC3339)
	language := "zh-CN"
	if !d.chinese() {
		language = "en-GB"
	}
	return xmlHead + fmt.Sprintf(`<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">`+
		`<dc:title>%s</dc:title><dc:subject>%s</dc:subject><dc:creator>%s</dc:creator><cp:lastModifiedBy>%s</cp:lastModifiedBy>`+
		`<dcterms:created xsi:type="dcterms:W3CDTF">%s</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">%s</dcterms:modified><dc:language>%s</dc:language></cp:coreProperties>`,
		escaped(d.Properties.Title), escaped(d.Subject), escaped(d.Author), escaped(d.Author), at, at, language)
}

// document is the main part: what was written, and the page it stands on.
func (d *Document) document() string {
	if d.tabled { // a table cannot be the last thing; this takes no room on a full page
		d.tabled = false
		d.paragraph("TableEnd", `<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>`, "")
	}
	return xmlHead + `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:body>` + "\n" +
		d.body.String() + page() + "</w:body></w:document>\n"
}
