package word

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"steledesk/infra/officetest"
)

func document(t *testing.T, write func(*Document)) []byte {
	t.Helper()
	d := New(Properties{Title: "座谈会材料", Author: "管理处", Language: "zh", Created: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)})
	write(d)
	body, err := d.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func near(a, b, within float64) bool { return math.Abs(a-b) <= within }

// A full page has 22 lines of 28 characters of 16 pt, within the margins of GB/T 9704-2012, its number outside. The 580
// twips a line that many templates have make it 21.
func TestPageIsTheStandards(t *testing.T) {
	pages := officetest.Pages(t, "body.docx", document(t, func(d *Document) {
		for range 4 {
			d.Body(strings.Repeat("浯溪碑林游客诉求办理情况", 70))
		}
	}))
	if len(pages) < 4 {
		t.Fatalf("got %d pages, want at least 4", len(pages))
	}
	for i, page := range pages[:len(pages)-1] {
		if !near(page.Width, 210, .2) || !near(page.Height, 297, .2) {
			t.Errorf("page %d is %.1f by %.1f mm, want A4", i+1, page.Width, page.Height)
		}
		number := page.Lines[len(page.Lines)-1]
		lines := page.Lines[:len(page.Lines)-1]
		if strings.HasPrefix(page.Lines[0].Text, "—") { // the footer comes first in the file
			number, lines = page.Lines[0], page.Lines[1:]
		}
		if len(lines) != 22 {
			t.Errorf("page %d has %d lines, want 22", i+1, len(lines))
		}
		checkLines(t, i+1, lines)
		checkNumber(t, i+1, number)
	}
}

// binding is the margin at the left of a page: 28 mm at the binding, 26 mm outside.
func binding(page int) float64 { return []float64{26, 28}[page%2] }

func checkLines(t *testing.T, page int, lines []officetest.Line) {
	t.Helper()
	for i, l := range lines {
		if l.Size != 16 {
			t.Errorf("page %d, line %d: type of %v pt, want 16", page, i+1, l.Size)
		}
		if l.Left < binding(page)-.5 || l.Right > binding(page)+156.5 {
			t.Errorf("page %d, line %d runs from %.1f to %.1f mm, want within 156 mm from %v", page, i+1, l.Left, l.Right, binding(page))
		}
		if n := utf8.RuneCountInString(l.Text); n > 28 {
			t.Errorf("page %d, line %d has %d characters: %s", page, i+1, n, l.Text)
		}
		if pitch := 28.95 / 72 * 25.4; i > 0 && !near(l.Top-lines[i-1].Top, pitch, .3) {
			t.Errorf("page %d, line %d is %.2f mm below the one before, want %.2f", page, i+1, l.Top-lines[i-1].Top, pitch)
		}
	}
	full := slices.ContainsFunc(lines, func(l officetest.Line) bool { return utf8.RuneCountInString(l.Text) == 28 })
	flush := slices.ContainsFunc(lines, func(l officetest.Line) bool { return near(l.Left, binding(page), .5) })
	if !full || !flush {
		t.Errorf("page %d: a line of 28 characters %v, one that begins at the margin %v", page, full, flush)
	}
	if middle := (lines[0].Top + lines[0].Bottom) / 2; !near(middle, 37+10.2/2, 2) {
		t.Errorf("page %d: the middle of the first line is at %.1f mm, want half a line below 37", page, middle)
	}
	if middle := (lines[21].Top + lines[21].Bottom) / 2; !near(middle, 262-10.2/2, 2) {
		t.Errorf("page %d: the middle of the last line is at %.1f mm, want half a line above 262", page, middle)
	}
}

func checkNumber(t *testing.T, page int, number officetest.Line) {
	t.Helper()
	if !strings.HasPrefix(number.Text, "—") || number.Size != 14 {
		t.Errorf("page %d: number %q of %v pt, want one between dashes, of 14", page, number.Text, number.Size)
	}
	if middle := (number.Top + number.Bottom) / 2; !near(middle, 262+7, 1.5) {
		t.Errorf("page %d: the number is at %.1f mm, want 7 below the text, at 269", page, middle)
	}
	if odd := page%2 == 1; odd && number.Right < 170 || !odd && number.Left > 40 {
		t.Errorf("page %d: the number stands from %.1f to %.1f mm, want it outside", page, number.Left, number.Right)
	}
}

// Title, text in tables and the signature have the type and the place of the standard.
func TestPartsHaveTheirPlaces(t *testing.T) {
	pages := officetest.Pages(t, "parts.docx", document(t, func(d *Document) {
		d.Mark("内部资料　注意保存")
		d.Title("（第2版）", "浯溪碑林风景名胜区管理处", "座谈会材料")
		d.Heading(1, "一、总体情况")
		d.Table(Table{Caption: "主要指标", Columns: []Column{{"指标", 2, true}, {"本月", 1, false}}, Rows: [][]string{{"收件", "40"}}})
		d.Sign("管理处", "2026年11月1日")
		d.Attachment("附件1", "明细表")
		d.Table(Table{Columns: []Column{{"日期", 1, false}}, Rows: slices.Repeat([][]string{{"10月1日"}}, 20)})
	}))
	want := map[string]float64{"座谈会材料": 22, "一、总体情况": 16, "主要指标": 12, "收件": 10.5, "明细表": 22}
	for _, page := range pages {
		for _, l := range page.Lines {
			for text, size := range want {
				if strings.HasPrefix(l.Text, text) {
					delete(want, text)
					if !near(l.Size, size, .5) { // it writes whole numbers
						t.Errorf("%s is set in %v pt, want %v", text, l.Size, size)
					}
				}
			}
			if l.Text == "2026年11月1日" && !near(210-26-l.Right, 4*15.8/72*25.4, 1) {
				t.Errorf("the date ends %.1f mm from the margin, want four characters", 210-26-l.Right)
			}
		}
	}
	if len(want) > 0 || len(pages) != 2 {
		t.Errorf("on %d pages these are missing: %v", len(pages), want)
	}
}

// order is the sequence in which the schema (ECMA-376, part 1, annex A) has the elements that are used here: Word says
// that a file is damaged when they stand otherwise, LibreOffice does not mind.
var order = map[string][]string{
	"pPr":    {"pStyle", "keepNext", "keepLines", "pageBreakBefore", "widowControl", "shd", "snapToGrid", "spacing", "ind", "jc", "outlineLvl"},
	"rPr":    {"rFonts", "b", "snapToGrid", "spacing", "kern", "sz", "szCs", "lang"},
	"sectPr": {"footerReference", "pgSz", "pgMar", "cols", "docGrid"},
	"tblPr":  {"tblStyle", "tblW", "jc", "tblInd", "tblBorders", "tblLayout", "tblCellMar", "tblLook", "tblCaption"},
	"tcPr":   {"tcW", "vAlign"}, "trPr": {"cantSplit", "tblHeader"}, "tbl": {"tblPr", "tblGrid", "tr"}, "tc": {"tcPr", "p"}, "tr": {"trPr", "tc"},
	"p": {"pPr", "r"}, "r": {"rPr", "t", "fldChar", "instrText"}, "sdt": {"sdtPr", "sdtContent"}, "sdtPr": {"id", "temporary", "showingPlcHdr"},
	"style": {"name", "aliases", "basedOn", "next", "uiPriority", "semiHidden", "unhideWhenUsed", "qFormat", "pPr", "rPr", "tblPr"},
	"settings": {"mirrorMargins", "defaultTabStop", "evenAndOddHeaders", "drawingGridHorizontalSpacing", "drawingGridVerticalSpacing",
		"characterSpacingControl", "compat", "themeFontLang", "decimalSymbol", "listSeparator"},
	"compat":     {"spaceForUL", "balanceSingleByteDoubleByteWidth", "doNotLeaveBackslashAlone", "ulTrailSpace", "adjustLineHeightInTable", "useFELayout", "compatSetting"},
	"font":       {"altName", "charset", "family", "pitch"},
	"tblBorders": {"top", "left", "bottom", "right", "insideH", "insideV"}, "tblCellMar": {"top", "left", "bottom", "right"},
}

func TestElementsStandAsTheSchemaHasThem(t *testing.T) {
	body := document(t, func(d *Document) {
		d.Mark("内部资料")
		d.Title("", "标题")
		for level := range 4 {
			d.Heading(level+1, "标题")
		}
		d.Body("“引号”与 <&> \x01 \"字\"")
		d.Blank("待填")
		d.Table(Table{Caption: `表"1"`, Columns: []Column{{"甲", 1, true}, {"乙", 1, false}}, Rows: [][]string{{"1"}}})
		d.Note("注")
		d.Enclosures("附件：", "甲", "乙")
		d.Sign("管理处", "2026年11月1日")
		d.Attachment("附件1", "甲")
		d.Table(Table{Columns: []Column{{"甲", 1, false}}})
	})
	archive, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	styles := map[string]bool{}
	for _, file := range archive.File {
		r, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil || bytes.Contains(text, []byte("{{")) {
			t.Errorf("%s: %v, or something in it is not filled in", file.Name, err)
		}
		checkOrder(t, file.Name, text)
		for _, id := range values(text, `w:styleId="`) {
			styles[id] = true
		}
	}
	var last []byte
	for _, file := range archive.File {
		r, _ := file.Open()
		if text, _ := io.ReadAll(r); file.Name == "word/document.xml" {
			last = text
		}
	}
	for _, id := range append(values(last, `pStyle w:val="`), values(last, `tblStyle w:val="`)...) {
		if !styles[id] {
			t.Errorf("there is no style %s", id)
		}
	}
	if n := strings.LastIndex(string(last), "</w:tbl>"); !strings.Contains(string(last)[n:], "<w:p>") {
		t.Error("no paragraph follows the last table: Word calls such a file damaged")
	}
}

// values gives what stands after each occurrence of a text, up to the next quotation mark.
func values(text []byte, after string) []string {
	var found []string
	for _, piece := range strings.Split(string(text), after)[1:] {
		value, _, _ := strings.Cut(piece, `"`)
		found = append(found, value)
	}
	return found
}

func checkOrder(t *testing.T, name string, text []byte) {
	t.Helper()
	type place struct {
		name string
		at   int
	}
	stack := []place{{}}
	decoder := xml.NewDecoder(bytes.NewReader(text))
	for {
		token, err := decoder.Token()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			parent := &stack[len(stack)-1]
			if sequence, has := order[parent.name]; has && strings.Contains(e.Name.Space, "wordprocessingml") {
				i := slices.Index(sequence, e.Name.Local)
				if i < parent.at {
					t.Errorf("%s: %s in %s stands behind %s, or is not known to this test", name, e.Name.Local, parent.name, sequence[parent.at])
				}
				if parent.name != "r" {
					parent.at = max(i, parent.at)
				}
			}
			stack = append(stack, place{name: e.Name.Local})
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		}
	}
}
