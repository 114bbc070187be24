package papers

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/xuri/excelize/v2"

	"steledesk/shared/digest"
	"steledesk/shared/ticket"
)

// assessed are the shares that sections are assessed by beside the measures of a digest.
func assessed() []measure {
	of := func(key, n string) measure {
		return measure{key: n, rate: func(f digest.Figures) digest.Rate {
			if key == "late" {
				return digest.Rate{Halves: 2 * (f.Late + f.Overdue), Of: f.Answerable()}
			}
			return digest.Rate{Halves: 2 * some(key)[0].count(f), Of: f.Answerable()}
		}}
	}
	return []measure{of("late", "overdueShare"), of("extended", "extendedShare"), of("reopened", "reopenedShare")}
}

// narrow is the width of a column of numbers where there are very many beside one another.
const narrow = 8.5

// assessmentSheet writes a row for each section: its year, added up from the sheet of sections by month.
func (y *yearBook) assessmentSheet(name string) error {
	shown, shares := sheetMeasures("section"), assessed()
	heads, widths := []string{y.t("line.section-code"), y.t("section")}, []float64{14, 18}
	for _, m := range append(shown, shares...) {
		heads, widths = append(heads, y.t("measure."+m.key)), append(widths, narrow)
	}
	s, err := y.rows(name, append(heads, y.kind(ticket.Praise)), append(widths, narrow), 2)
	if err != nil {
		return err
	}
	for _, id := range y.sectionIDs() {
		f, row := y.annual.Year.Tally.Sections[id], s.row+1
		sum := func(key string) string { return y.ofSection(rawColumn(key), row) }
		cells := []any{y.text(code(id)), y.text(y.section(id))}
		for _, m := range shown {
			cells = append(cells, y.measureCell(m, f, sum, y.within[id]))
		}
		for _, m := range shares {
			cells = append(cells, y.shareCell(m, f, sum))
		}
		praise := excelize.Cell{StyleID: y.style.number, Value: y.annual.Year.Tally.Praise[id], Formula: y.ofSection(letter(firstRaw+len(raws())), row)}
		if err := s.add(append(cells, y.settled(praise))); err != nil {
			return err
		}
	}
	return s.close("Assessment")
}

// ofSection adds up a column of the sheet of sections by month, of the section whose code begins the row.
func (y *yearBook) ofSection(column string, row int) string {
	of := func(name string) string {
		return fmt.Sprintf("'%s'!$%s$2:$%s$%d", y.sheet("section-months"), name, name, y.last["section-months"])
	}
	return fmt.Sprintf("SUMIFS(%s,%s,$A%d)", of(column), of("A"), row)
}

func (y *yearBook) shareCell(m measure, f digest.Figures, sum sums) any {
	part := map[string]string{"overdueShare": "(" + sum("late") + "+" + sum("overdue") + ")", "extendedShare": sum("extended"), "reopenedShare": sum("reopened")}[m.key]
	cell := excelize.Cell{StyleID: y.style.share, Formula: share(part, "("+sum("received")+"-"+sum("withdrawn")+")")}
	if percent, ok := m.rate(f).Percent(); ok {
		cell.Value = percent / 100
	}
	return y.settled(cell)
}

func (y *yearBook) kindSheet(name string) error {
	var list []string
	for _, k := range ticket.Kinds() {
		if _, has := y.annual.Year.Tally.Kinds[k]; has {
			list = append(list, string(k))
		}
	}
	return y.receivedSheet(name, received{
		of: "kind", list: list, name: func(k string) string { return y.kind(ticket.Kind(k)) },
		n: func(t digest.Tally, k string) int { return t.Kinds[ticket.Kind(k)].Received },
	})
}

func (y *yearBook) categorySheet(name string) error {
	return y.receivedSheet(name, received{
		of: "category", list: ids(y.annual.Year.Tally.Categories), name: y.category, shares: true, top: true,
		n: func(t digest.Tally, id string) int { return t.Categories[id].Received },
	})
}

func (y *yearBook) spotSheet(name string) error {
	return y.receivedSheet(name, received{
		of: "spot", list: ids(y.annual.Year.Tally.Spots), name: y.spot, shares: true,
		n: func(t digest.Tally, id string) int { return t.Spots[id].Received },
	})
}

// topOf gives the category of the first level that one belongs to.
func (y *yearBook) topOf(id string) string {
	if top, known := y.Office.TopCategory(id); known {
		return top.ID
	}
	return id
}

// topSheet adds the sheet of categories up by those of the first level.
func (y *yearBook) topSheet(name string) error {
	by := y.byTop()
	return y.receivedSheet(name, received{
		of: "category", list: ids(by), name: y.category, shares: true,
		n: func(t digest.Tally, top string) int {
			n := 0
			for id, f := range t.Categories {
				if y.topOf(id) == top {
					n += f.Received
				}
			}
			return n
		},
		formula: func(month int, row int) string {
			from, last := letter(month+4), y.last["category"] // one column more than here: the code of the first level
			sheet := y.sheet("categories")
			return fmt.Sprintf("SUMIFS('%s'!$%s$2:$%s$%d,'%s'!$C$2:$C$%d,$A%d)", sheet, from, from, last, sheet, last, row)
		},
	})
}

// received is how many cases of something each month had.
type received struct {
	of          string
	list        []string
	name        func(string) string
	n           func(digest.Tally, string) int
	shares, top bool                        // have columns for the share of all, and for the category of the first level
	formula     func(month, row int) string // adds up another sheet; nil: the numbers are here
}

// receivedSheet writes what was received, a row each, month by month, with the sum of the year.
func (y *yearBook) receivedSheet(name string, r received) error {
	heads, widths := []string{y.t("line." + r.of + "-code"), y.t(r.of)}, []float64{22, 24}
	if r.top {
		heads, widths = append(heads, y.t("year.top-code")), append(widths, 18)
	}
	first := len(heads) + 1
	for _, m := range y.annual.Year.Months {
		heads, widths = append(heads, y.annual.calendar(m.Month)), append(widths, 10)
	}
	heads, widths = append(heads, y.t("year.sum")), append(widths, 11)
	if r.shares {
		heads, widths = append(heads, y.t("year.share")), append(widths, 11)
	}
	s, err := y.rows(name, heads, widths, 2)
	if err != nil {
		return err
	}
	for _, id := range r.list {
		cells := []any{y.text(code(id)), y.text(r.name(id))}
		if r.top {
			cells = append(cells, y.text(code(y.topOf(id))))
		}
		if err := s.add(append(cells, y.receivedCells(r, id, first, s.row+1)...)); err != nil {
			return err
		}
	}
	if r.formula == nil {
		y.last[r.of] = s.row
	}
	return s.close("Received_" + strconv.Itoa(slices.Index(y.file.GetSheetList(), name)))
}

// receivedCells are the months of something, their sum, and its share of all.
func (y *yearBook) receivedCells(r received, id string, first, row int) []any {
	var cells []any
	for i, m := range y.annual.Year.Months {
		cell := excelize.Cell{StyleID: y.style.number, Value: r.n(m.Tally, id)}
		if m.Standing == digest.Missing {
			cell.Value = none
		} else if r.formula != nil {
			cell.Formula = r.formula(i, row)
		}
		cells = append(cells, y.settled(cell))
	}
	n := r.n(y.annual.Year.Tally, id)
	from, to := letter(first), letter(first+len(y.annual.Year.Months)-1)
	cells = append(cells, y.settled(excelize.Cell{StyleID: y.style.number, Value: n, Formula: fmt.Sprintf("SUM(%s%d:%s%d)", from, row, to, row)}))
	if !r.shares {
		return cells
	}
	all := fmt.Sprintf("'%s'!$%s$%d", y.sheet("months"), rawColumn("received"), y.sumRow)
	cell := excelize.Cell{StyleID: y.style.share, Formula: share(fmt.Sprintf("%s%d", letter(first+len(y.annual.Year.Months)), row), all)}
	if percent, ok := (digest.Rate{Halves: 2 * n, Of: y.annual.Year.Tally.All.Received}).Percent(); ok {
		cell.Value = percent / 100
	}
	return append(cells, y.settled(cell))
}

// noteSheet says how to read the workbook and which editions it adds up.
func (y *yearBook) noteSheet(name string) error {
	s, err := y.rows(name, []string{y.t("sheet.notes"), y.t("note-text")}, []float64{26, 100}, 1)
	if err != nil {
		return err
	}
	notes := [][2]string{
		{y.t("note.title"), y.annual.title()}, {y.t("note.unit"), y.unit()}, {y.t("year.standing"), y.annual.lacks()},
		{y.t("note.formulas"), y.t("year.formulas")}, {y.t("note.rule"), y.t("year.rule", y.n(digest.MinCases)) + y.gap() + y.t("year.days")},
		{y.t("by-section"), y.t("year.assessment.note", y.n(digest.MinCases))}, {y.t("of.reports"), y.n(y.annual.Year.Tally.Reports)},
	}
	for _, m := range y.annual.Year.Months {
		text := y.annual.standingOfMonth(m.Standing)
		if m.Standing != digest.Missing {
			text = y.t("year.edition", strconv.Itoa(m.Edition), text, y.date(m.CutOff), m.Root)
		}
		notes = append(notes, [2]string{y.month(m.Month), text})
	}
	for _, row := range notes {
		if err := s.add([]any{y.text(row[0]), y.text(row[1])}); err != nil {
			return err
		}
	}
	return s.close("Notes")
}
