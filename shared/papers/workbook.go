package papers

import (
	"fmt"
	"math"
	"time"

	"github.com/xuri/excelize/v2"

	"steledesk/shared/digest"
	"steledesk/shared/ticket"
)

// book is a workbook that is being written. Every sheet is streamed, row by row, so that memory does not grow with the
// month: what is beyond 16 MB waits in a temporary file.
//
// Texts are text cells and never formulas, whatever they begin with. Formulas count again from the sheet of lines; what
// they come to is stored beside them, for programs that do not calculate.
type book struct {
	*writer
	file  *excelize.File
	style styles
	lines int      // rows of the sheet of lines; 0: there are none, and no formulas
	took  int      // rows of the sheet of times
	forms []string // columns of the sheet of times: "" for all, then the sections'
	bare  bool     // leaves out what formulas come to, so that a test sees what is calculated
}

// styles are the ids of cells' styles.
type styles struct{ head, text, number, share, date, half, entry int }

// workbook renders the workbook.
func workbook(in Input, language string) ([]byte, error) {
	b := &book{writer: &writer{Input: in, lang: language}, file: excelize.NewFile()}
	return b.render()
}

func (b *book) render() (body []byte, err error) {
	defer func() { err = firstError(err, b.file.Close()) }()
	if err := b.prepare(b.title(), "overview", "kinds", "sections", "categories", "spots", "days", "times", "matters", "lines", "notes"); err != nil {
		return nil, fmt.Errorf("begin workbook: %w", err)
	}
	for _, sheet := range []struct {
		key   string
		write func(string) error
	}{
		{"lines", b.lineSheet}, {"times", b.timeSheet}, {"overview", b.overviewSheet}, {"kinds", b.kindSheet},
		{"sections", b.sectionSheet}, {"categories", b.categorySheet}, {"spots", b.spotSheet}, {"days", b.daySheet},
		{"matters", b.matterSheet}, {"notes", b.noteSheet},
	} {
		if err := sheet.write(b.sheet(sheet.key)); err != nil {
			return nil, fmt.Errorf("write sheet %s: %w", sheet.key, err)
		}
	}
	buffer, err := b.file.WriteToBuffer()
	if err != nil {
		return nil, fmt.Errorf("close workbook: %w", err)
	}
	return buffer.Bytes(), nil
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func (b *book) sheet(key string) string { return b.t("sheet." + key) }

// prepare makes the sheets in their order, the styles and the properties.
func (b *book) prepare(title string, sheets ...string) error {
	for i, key := range sheets {
		name := b.sheet(key)
		var err error
		if i == 0 {
			err = b.file.SetSheetName("Sheet1", name)
		} else {
			_, err = b.file.NewSheet(name)
		}
		if err = firstError(err, b.printed(name)); err != nil {
			return err
		}
	}
	at := b.Digest.CutOff.UTC().Format(time.RFC3339)
	yes := true
	return firstError(b.makeStyles(),
		b.file.SetDocProps(&excelize.DocProperties{
			Title: title, Subject: b.t("mark"), Creator: b.unit(), LastModifiedBy: b.unit(), Created: at, Modified: at, Language: b.lang,
		}),
		b.file.SetCalcProps(&excelize.CalcPropsOptions{FullCalcOnLoad: &yes}))
}

// printed sets a sheet up for A4 across, as many pages high as it takes, each with the heads and its number.
func (b *book) printed(name string) error {
	a4, across, wide, high, fit := 9, "landscape", 1, 0, true
	side, top := .4, .6 // inches
	return firstError(
		b.file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: "'" + name + "'!$1:$1", Scope: name}),
		b.file.SetHeaderFooter(name, &excelize.HeaderFooterOptions{OddFooter: "&L&A&R&P / &N"}),
		b.file.SetPageMargins(name, &excelize.PageLayoutMarginsOptions{Left: &side, Right: &side, Top: &top, Bottom: &top}),
		b.file.SetPageLayout(name, &excelize.PageLayoutOptions{Size: &a4, Orientation: &across, FitToWidth: &wide, FitToHeight: &high}),
		b.file.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: &fit}))
}

func (b *book) makeStyles() error {
	border := []excelize.Border{}
	for _, side := range []string{"left", "right", "top", "bottom"} {
		border = append(border, excelize.Border{Type: side, Color: "C9D2D6", Style: 1})
	}
	percent, date, half := "0.0%", "yyyy-mm-dd", "0.0"
	for _, s := range []struct {
		id    *int
		style excelize.Style
	}{
		{&b.style.head, excelize.Style{Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"DCE9EE"}}, Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}, NumFmt: 49}},
		{&b.style.text, excelize.Style{NumFmt: 49, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}}},
		{&b.style.number, excelize.Style{NumFmt: 1, Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "top"}}},
		{&b.style.share, excelize.Style{CustomNumFmt: &percent, Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "top"}}},
		{&b.style.half, excelize.Style{CustomNumFmt: &half, Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "top"}}},
		{&b.style.entry, excelize.Style{Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"FFF7E3"}}, NumFmt: 1, Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "top"}}},
		{&b.style.date, excelize.Style{CustomNumFmt: &date, Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "top"}}},
	} {
		s.style.Border = border
		id, err := b.file.NewStyle(&s.style)
		if err != nil {
			return err
		}
		*s.id = id
	}
	return nil
}

// sheetRows writes a sheet: its heads, widths in characters, then rows, with the heads frozen and a filter on each
// column.
type sheetRows struct {
	*book
	to     *excelize.StreamWriter
	row    int
	across int
	widths []float64 // in characters
	sums   bool      // the last row is below the table: it is neither sorted nor filtered
}

func (b *book) rows(name string, heads []string, widths []float64, frozen int) (*sheetRows, error) {
	to, err := b.file.NewStreamWriter(name)
	if err != nil {
		return nil, err
	}
	for i, width := range widths {
		if err := to.SetColWidth(i+1, i+1, width); err != nil {
			return nil, err
		}
	}
	corner, _ := excelize.CoordinatesToCellName(frozen+1, 2)
	err = to.SetPanes(&excelize.Panes{Freeze: true, XSplit: frozen, YSplit: 1, TopLeftCell: corner, ActivePane: "bottomRight"})
	if err != nil {
		return nil, err
	}
	s := &sheetRows{book: b, to: to, across: len(heads), widths: widths}
	var cells []any
	for _, head := range heads {
		cells = append(cells, excelize.Cell{StyleID: b.style.head, Value: head})
	}
	return s, s.add(cells)
}

func (s *sheetRows) add(cells []any) error {
	s.row++
	return s.to.SetRow(fmt.Sprint("A", s.row), cells, s.height(cells)...)
}

// rowHeight is the height of a line of text, in points.
const rowHeight = 15

// height is that of the row's longest text: not every program makes room for what it wraps.
func (s *sheetRows) height(cells []any) []excelize.RowOpts {
	lines := 1
	for i, c := range cells {
		if cell, is := c.(excelize.Cell); is {
			text, _ := cell.Value.(string)
			lines = max(lines, int(math.Ceil(wide(text)/(s.widths[i]-1))))
		}
	}
	if lines == 1 {
		return nil
	}
	return []excelize.RowOpts{{Height: rowHeight * float64(lines)}}
}

// wide is how many digits a text is as wide as: a Chinese character is a little more than two, and words do not fill
// their lines.
func wide(text string) float64 {
	width := 0.0
	for _, r := range text {
		width++
		if r > 0x2e7f {
			width += 1.2
		}
	}
	return width * 1.05
}

// close ends the sheet. name is the table's, in letters and digits; a sheet without rows has none.
func (s *sheetRows) close(name string) error {
	last := s.row
	if s.sums {
		last--
	}
	if last > 1 {
		end, err := excelize.CoordinatesToCellName(s.across, last)
		if err != nil {
			return err
		}
		if err := s.to.AddTable(&excelize.Table{Range: "A1:" + end, Name: name, StyleName: "TableStyleLight1"}); err != nil {
			return err
		}
	}
	return s.to.Flush()
}

func (b *book) text(text string) any { return excelize.Cell{StyleID: b.style.text, Value: text} }
func (b *book) number(n int) any     { return excelize.Cell{StyleID: b.style.number, Value: n} }
func (b *book) day(at time.Time) any { return excelize.Cell{StyleID: b.style.date, Value: serial(at)} }

// serial is a day in China as workbooks count days.
func serial(at time.Time) int {
	at = at.In(ticket.Zone)
	day := time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC)
	return int(day.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Hours() / 24)
}

// figureCell is what a measure comes to, and how to count it again among the lines that meet a condition.
func (b *book) figureCell(m measure, f digest.Figures, c condition) any {
	cell := excelize.Cell{StyleID: b.style.number, Formula: b.formula(m, c)}
	if m.rate != nil {
		cell.StyleID = b.style.share
		if percent, ok := m.rate(f).Percent(); ok {
			cell.Value = percent / 100
		}
	} else if m.count != nil {
		cell.Value = m.count(f)
	} else if days, ok := f.Quantile(m.share); ok {
		cell.Value = days
	}
	return b.settled(cell)
}

// settled gives a cell without a formula a dash when there is no figure. Beside a formula there is none: a stored text
// would not be the formula's.
func (b *book) settled(cell excelize.Cell) any {
	switch {
	case cell.Formula == "" && cell.Value == nil:
		cell.Value = none
	case cell.Formula != "" && b.bare:
		cell.Value = nil
	}
	return cell
}
