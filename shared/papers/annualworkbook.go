package papers

import (
	"fmt"
	"strconv"

	"github.com/xuri/excelize/v2"

	"steledesk/shared/digest"
	"steledesk/shared/ticket"
)

// yearBook is the workbook of a year. The sheets of months hold what the months' digests said; all else is added up from
// them, and rates are computed anew from the sums, by formulas.
type yearBook struct {
	*book
	annual *annual
	sumRow int            // of the sheet of months
	last   map[string]int // last row of a sheet that others add up
	within map[string]int // column of the sheet of times with how many were answered within how many days; "" for all
}

// annualWorkbook renders the workbook of a year.
func annualWorkbook(in Annual, language string) ([]byte, error) {
	return newYearBook(in, language).render()
}

func newYearBook(in Annual, language string) *yearBook {
	a := newAnnual(in, language)
	return &yearBook{book: &book{writer: a.writer, file: excelize.NewFile()}, annual: a, last: map[string]int{}, within: map[string]int{}}
}

func (y *yearBook) render() (body []byte, err error) {
	defer func() { err = firstError(err, y.file.Close()) }()
	err = y.prepare(y.annual.title(), "year", "assessment", "months", "section-months", "kinds", "tops", "categories", "spots", "times", "requests", "notes")
	if err != nil {
		return nil, fmt.Errorf("begin workbook: %w", err)
	}
	for _, sheet := range []struct {
		key   string
		write func(string) error
	}{
		{"months", y.monthSheet}, {"section-months", y.sectionMonthSheet}, {"times", y.timeSheet}, {"year", y.yearSheet},
		{"assessment", y.assessmentSheet}, {"kinds", y.kindSheet}, {"categories", y.categorySheet}, {"tops", y.topSheet},
		{"spots", y.spotSheet}, {"requests", y.requestSheet}, {"notes", y.noteSheet},
	} {
		if err := sheet.write(y.sheet(sheet.key)); err != nil {
			return nil, fmt.Errorf("write sheet %s: %w", sheet.key, err)
		}
	}
	buffer, err := y.file.WriteToBuffer()
	if err != nil {
		return nil, fmt.Errorf("close workbook: %w", err)
	}
	return buffer.Bytes(), nil
}

// raw is a number that months are added up by.
type raw struct {
	key  string
	half bool // may be of halves
	of   func(digest.Figures) float64
}

// raws are all of them. What measures come to follows from their sums.
func raws() []raw {
	var all []raw
	add := func(key string, of func(digest.Figures) int) {
		all = append(all, raw{key, false, func(f digest.Figures) float64 { return float64(of(f)) }})
	}
	for _, m := range some("received", "withdrawn", "inTime", "late", "overdue") {
		add(m.key, m.count)
	}
	add("pending", func(f digest.Figures) int { return f.Pending })
	add("undated", func(f digest.Figures) int { return f.Undated })
	for _, m := range some("returned", "extended", "reopened", "urged", "overseen") {
		add(m.key, m.count)
	}
	for _, m := range some("response", "solved", "satisfied") {
		all = append(all, raw{m.key + ".part", true, func(f digest.Figures) float64 { return float64(m.rate(f).Halves) / 2 }})
		add(m.key+".of", func(f digest.Figures) int { return m.rate(f).Of })
	}
	return all
}

// rawName is the head of a raw number's column.
func (y *yearBook) rawName(r raw) string {
	for _, m := range some("response", "solved", "satisfied") {
		switch r.key {
		case m.key + ".part":
			return y.t("year.part", y.t("measure."+m.key))
		case m.key + ".of":
			return y.t("year.of", y.t("measure."+m.key))
		}
	}
	return y.t("measure." + r.key)
}

// rawCells are the raw numbers of figures.
func (y *yearBook) rawCells(f digest.Figures) []any {
	var cells []any
	for _, r := range raws() {
		cell := excelize.Cell{StyleID: y.style.number, Value: r.of(f)}
		if r.half {
			cell.StyleID = y.style.half
		}
		cells = append(cells, cell)
	}
	return cells
}

// sums says how a raw number is added up, as a formula.
type sums func(key string) string

// measureFormula computes a measure from raw sums. times is the column of the sheet of times, 0 when there is none.
func (y *yearBook) measureFormula(m measure, sum sums, times int) string {
	answerable := "(" + sum("received") + "-" + sum("withdrawn") + ")"
	switch m.key {
	case "answerable":
		return answerable
	case "open":
		return sum("overdue") + "+" + sum("pending") + "+" + sum("undated")
	case "onTime":
		return share(sum("inTime"), answerable)
	case "response", "solved", "satisfied":
		return share(sum(m.key+".part"), sum(m.key+".of"))
	case "median", "ninetieth":
		return y.quantile(m, condition{times: times}, answerable)
	}
	return sum(m.key)
}

// measureCell is what a measure comes to, and how it is computed from sums.
func (y *yearBook) measureCell(m measure, f digest.Figures, sum sums, times int) any {
	cell := y.figureCell(m, f, condition{}).(excelize.Cell) // the book has no lines, so there is no formula yet
	cell.Formula = y.measureFormula(m, sum, times)
	if cell.Value == none && cell.Formula != "" {
		cell.Value = nil
	}
	return y.settled(cell)
}

// letter names the nth column.
func letter(n int) string {
	name, _ := excelize.ColumnNumberToName(n)
	return name
}

// sumCell adds a column of the sheet up, from its second row to the one above.
func (y *yearBook) sumCell(column, row int, value float64, style int) any {
	name := letter(column)
	return y.settled(excelize.Cell{StyleID: style, Value: value, Formula: fmt.Sprintf("SUM(%s2:%s%d)", name, name, row-1)})
}

// monthSheet writes the months' numbers, one below the other, and their sums.
func (y *yearBook) monthSheet(name string) error {
	shown := some("answerable", "open", "onTime", "response", "solved", "satisfied")
	heads, widths := []string{y.t("month"), y.t("year.standing"), y.t("note.edition")}, []float64{13, 14, 7}
	for _, r := range raws() {
		heads, widths = append(heads, y.rawName(r)), append(widths, narrow)
	}
	for _, m := range shown {
		heads, widths = append(heads, y.t("measure."+m.key)), append(widths, narrow)
	}
	s, err := y.rows(name, unique(heads), widths, 1)
	if err != nil {
		return err
	}
	for _, m := range y.annual.Year.Months {
		cells := []any{y.text(y.month(m.Month)), y.text(y.annual.standingOfMonth(m.Standing)), y.number(m.Edition)}
		if m.Standing == digest.Missing {
			cells[2] = y.text(none)
		} else {
			cells = append(cells, y.rawCells(m.Tally.All)...)
			cells = append(cells, y.derived(shown, m.Tally.All, s.row+1)...)
		}
		if err := s.add(cells); err != nil {
			return err
		}
	}
	y.sumRow = s.row + 1
	cells := []any{y.text(y.t("year.sum")), y.text(""), y.text("")}
	for i, r := range raws() {
		cells = append(cells, y.sumCell(i+firstRaw, y.sumRow, r.of(y.annual.Year.Tally.All), y.styleOf(r)))
	}
	if err := s.add(append(cells, y.derived(shown, y.annual.Year.Tally.All, y.sumRow)...)); err != nil {
		return err
	}
	s.sums = true
	return s.close("Months")
}

// firstRaw is the column of the first raw number on the sheets of months.
const firstRaw = 4

func (y *yearBook) styleOf(r raw) int {
	if r.half {
		return y.style.half
	}
	return y.style.number
}

// derived are measures computed from the raw numbers of their row.
func (y *yearBook) derived(shown []measure, f digest.Figures, row int) []any {
	var cells []any
	for _, m := range shown {
		cells = append(cells, y.measureCell(m, f, func(key string) string { return fmt.Sprintf("%s%d", rawColumn(key), row) }, 0))
	}
	return cells
}

func rawColumn(key string) string {
	for i, r := range raws() {
		if r.key == key {
			return letter(i + firstRaw)
		}
	}
	return ""
}

// sectionMonthSheet writes the numbers of each section in each month that was counted.
func (y *yearBook) sectionMonthSheet(name string) error {
	heads, widths := []string{y.t("line.section-code"), y.t("section"), y.t("month")}, []float64{14, 18, 13}
	for _, r := range raws() {
		heads, widths = append(heads, y.rawName(r)), append(widths, narrow)
	}
	s, err := y.rows(name, append(unique(heads), y.kind(ticket.Praise)), append(widths, narrow), 3)
	if err != nil {
		return err
	}
	for _, id := range y.sectionIDs() {
		for _, m := range y.annual.Year.Months {
			f, has := m.Tally.Sections[id]
			if !has {
				continue
			}
			cells := append([]any{y.text(code(id)), y.text(y.section(id)), y.text(y.month(m.Month))}, y.rawCells(f)...)
			if err := s.add(append(cells, y.number(m.Tally.Praise[id]))); err != nil {
				return err
			}
		}
	}
	y.last["section-months"] = s.row
	return s.close("Section_months")
}

// timeSheet writes how many were answered in how many working days: of all by month, and of each section.
func (y *yearBook) timeSheet(name string) error {
	heads, widths := []string{y.t("year.day")}, []float64{16}
	for _, m := range y.annual.Year.Months {
		heads, widths = append(heads, y.annual.calendar(m.Month)), append(widths, narrow)
	}
	for _, of := range append([]string{y.t("year.sum")}, y.sectionNames()...) {
		heads, widths = append(heads, of, y.t("year.within", of)), append(widths, 10, 10)
	}
	s, err := y.rows(name, unique(heads), widths, 1)
	if err != nil {
		return err
	}
	of := append([]string{""}, y.sectionIDs()...)
	seen := make([]int, len(of))
	for day := range y.annual.Year.Tally.All.Days {
		cells := []any{y.number(day)}
		for _, m := range y.annual.Year.Months {
			cells = append(cells, y.number(dayOf(m.Tally.All.Days, day)))
		}
		for i, id := range of {
			n := dayOf(y.daysOf(id), day)
			seen[i] += n
			cells = append(cells, y.dayCells(id, s.row+1, n, seen[i])...)
		}
		if err := s.add(cells); err != nil {
			return err
		}
	}
	for i, id := range of {
		y.took, y.within[id] = s.row, len(y.annual.Year.Months)+3+2*i
	}
	if s.row == 1 {
		y.took = 0
	}
	return s.close("Times")
}

func (y *yearBook) sectionNames() []string {
	var names []string
	for _, id := range y.sectionIDs() {
		names = append(names, y.section(id))
	}
	return names
}

// dayCells are how many were answered in so many days, which for all is the months' sum, and within them.
func (y *yearBook) dayCells(section string, row, n, within int) []any {
	months := len(y.annual.Year.Months)
	at := months + 2
	first := y.number(n)
	if section == "" {
		first = y.settled(excelize.Cell{StyleID: y.style.number, Value: n, Formula: fmt.Sprintf("SUM(B%d:%s%d)", row, letter(months+1), row)})
	}
	for i, id := range y.sectionIDs() {
		if id == section {
			at += 2 * (i + 1)
		}
	}
	name := letter(at)
	return []any{first, y.settled(excelize.Cell{StyleID: y.style.number, Value: within, Formula: fmt.Sprintf("SUM(%s$2:%s%d)", name, name, row)})}
}

// yearSheet writes every measure of the year, of how many it is, and the months that two years have.
func (y *yearBook) yearSheet(name string) error {
	heads, widths := []string{y.t("measure"), y.annual.year(), "n"}, []float64{34, 18, 10}
	var beside []digest.Figures
	if c := y.annual.Year.Compare; c != nil {
		heads = append(heads, y.t("year.now"), y.t("year.same", y.t("year", strconv.Itoa(y.annual.Year.Year-1))))
		widths, beside = append(widths, 18, 18), []digest.Figures{c.Now, c.Then}
	}
	s, err := y.rows(name, heads, widths, 1)
	if err != nil {
		return err
	}
	sum := func(key string) string {
		return fmt.Sprintf("'%s'!$%s$%d", y.sheet("months"), rawColumn(key), y.sumRow)
	}
	for _, m := range measures() {
		cells := []any{y.text(y.t("measure." + m.key)), y.measureCell(m, y.annual.Year.Tally.All, sum, y.within[""]), y.ofCell(m, sum)}
		for _, f := range beside {
			cells = append(cells, y.figureCell(m, f, condition{}))
		}
		if err := s.add(cells); err != nil {
			return err
		}
	}
	return s.close("Year")
}

// ofCell is n, the cases that a rate is of.
func (y *yearBook) ofCell(m measure, sum sums) any {
	if m.rate == nil {
		return excelize.Cell{StyleID: y.style.number}
	}
	formula := sum("received") + "-" + sum("withdrawn")
	if m.key != "onTime" {
		formula = sum(m.key + ".of")
	}
	return y.settled(excelize.Cell{StyleID: y.style.number, Value: m.rate(y.annual.Year.Tally.All).Of, Formula: formula})
}
