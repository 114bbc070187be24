package papers

import (
	"bytes"
	"cmp"
	_ "embed"
	"fmt"
	"html/template"
	"strconv"
)

//go:embed digest.html
var pageSource string

//go:embed digest.css
var pageStyle string

var pageTemplate = template.Must(template.New("digest").Parse(pageSource))

// webCanvas collects what the page's template lays out.
type webCanvas struct {
	blocks []webBlock
	charts int
	last   string // heading, which names a table that has no caption
}

// webBlock is one thing on the page.
type webBlock struct {
	Kind  string // h2, h3, text, note, blank, table, chart, sign, enclosures, attachment
	ID    string
	Text  string
	More  string
	List  []string
	Table webTable
	Chart template.HTML
	Light string // what the chart's colours stand for
	Dark  string
}

type webTable struct {
	Caption string
	Label   string // for screen readers
	Heads   []webCell
	Rows    [][]webCell
}

type webCell struct {
	Text string
	Left bool
}

func (c *webCanvas) add(b webBlock) { c.blocks = append(c.blocks, b) }

func (c *webCanvas) heading(level int, text string) {
	c.add(webBlock{Kind: "h" + strconv.Itoa(level+1), Text: text, ID: "s" + strconv.Itoa(len(c.blocks))})
}

func (c *webCanvas) text(text string)           { c.add(webBlock{Kind: "text", Text: text}) }
func (c *webCanvas) note(text string)           { c.add(webBlock{Kind: "note", Text: text}) }
func (c *webCanvas) blank(text string)          { c.add(webBlock{Kind: "blank", Text: text}) }
func (c *webCanvas) sign(unit, date string)     { c.add(webBlock{Kind: "sign", Text: unit, More: date}) }
func (c *webCanvas) enclosures(titles []string) { c.add(webBlock{Kind: "enclosures", List: titles}) }
func (c *webCanvas) attachment(label, title string) {
	c.last = label + "　" + title
	c.add(webBlock{Kind: "attachment", Text: c.last, ID: "s" + strconv.Itoa(len(c.blocks))})
}

func (c *webCanvas) chart(x chart) {
	c.charts++
	c.add(webBlock{Kind: "chart", Text: x.title, Chart: x.svg(fmt.Sprint("c", c.charts)), Light: x.whole, Dark: x.dark})
}

func (c *webCanvas) table(t table) {
	made := webTable{Caption: t.caption, Label: cmp.Or(t.caption, c.last)}
	for _, col := range t.columns {
		made.Heads = append(made.Heads, webCell{col.head, col.left})
	}
	for _, row := range t.rows {
		var cells []webCell
		for i, text := range row {
			cells = append(cells, webCell{text, t.columns[i].left})
		}
		made.Rows = append(made.Rows, cells)
	}
	c.add(webBlock{Kind: "table", Table: made})
}

// webPage renders the page: one file that needs nothing else, to be read on a phone and printed.
func webPage(in Input, language string) ([]byte, error) {
	on := &webCanvas{}
	compose(in, language, on)
	w := &writer{Input: in, lang: language}
	data := map[string]any{
		"Lang": map[string]string{"zh": "zh-CN", "en": "en"}[language], "Style": template.CSS(pageStyle), //nolint:gosec // ours
		"Title": w.title(), "Unit": w.unit(), "Under": w.under(), "Mark": w.t("mark"), "Blocks": on.blocks,
		"Links": w.links(), "Contents": w.t("contents"), "Other": w.t("other"), "Enclosures": w.t("enclosures"),
	}
	var body bytes.Buffer
	if err := pageTemplate.Execute(&body, data); err != nil {
		return nil, fmt.Errorf("write page: %w", err)
	}
	return body.Bytes(), nil
}

// under is what stands below the title: that the month is not over, or which edition this is.
func (w *writer) under() string {
	switch {
	case !w.Digest.Whole:
		return w.t("unfinished", w.date(w.Digest.CutOff))
	case w.Digest.Edition > 1:
		return w.t("edition", strconv.Itoa(w.Digest.Edition))
	}
	return ""
}

// link leads to another paper of the same edition.
type link struct{ Text, Href, Lang string }

func (w *writer) links() []link {
	if w.PublicURL == "" {
		return nil
	}
	other, tag := "en", "en"
	if w.lang == "en" {
		other, tag = "zh", "zh-CN"
	}
	return []link{
		{w.t("language"), w.address(Name(other, "html")), tag},
		{w.t("word"), w.address(Name(w.lang, "docx")), ""},
		{w.t("workbook"), w.address(Name(w.lang, "xlsx")), ""},
	}
}

func (w *writer) address(file string) string {
	at := w.PublicURL + "/v1/meetings/" + string(w.Digest.Month) + "/papers/" + file
	if w.Digest.Edition > 0 {
		at += "?edition=" + strconv.Itoa(w.Digest.Edition)
	}
	return at
}
