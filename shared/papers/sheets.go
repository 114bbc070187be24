package papers

import (
	"fmt"
	"strconv"
	"time"

	"github.com/xuri/excelize/v2"

	"steledesk/shared/digest"
	"steledesk/shared/ticket"
)

// overviewSheet writes every measure of the month, of how many it is, and those it is compared with.
func (b *book) overviewSheet(name string) error {
	heads, widths := []string{b.t("measure"), b.month(b.Digest.Month), "n"}, []float64{34, 18, 10}
	var past []digest.Figures
	for _, p := range []*digest.Past{b.Digest.MonthAgo, b.Digest.YearAgo} {
		if p != nil {
			heads, widths, past = append(heads, b.month(p.Month)), append(widths, 18), append(past, p.All)
		}
	}
	s, err := b.rows(name, heads, widths, 1)
	if err != nil {
		return err
	}
	all := b.Digest.Tally.All
	for _, m := range measures() {
		cells := []any{b.text(b.t("measure." + m.key)), b.figureCell(m, all, b.all()), b.sizeCell(m, all)}
		for _, f := range past {
			cells = append(cells, b.pastCell(m, f))
		}
		if err := s.add(cells); err != nil {
			return err
		}
	}
	return s.close("Overview")
}

// sizeCell is n, the cases that a rate is of.
func (b *book) sizeCell(m measure, f digest.Figures) any {
	if m.rate == nil {
		return excelize.Cell{StyleID: b.style.number}
	}
	cell := excelize.Cell{StyleID: b.style.number, Value: m.rate(f).Of}
	if b.lines > 0 {
		column, criterion := m.key, `">=0"`
		if m.key == "onTime" {
			column, criterion = "timing-code", `"<>withdrawn"`
		}
		cell.Formula = b.counted(b.all(), column, criterion)
	}
	return b.settled(cell)
}

// pastCell is a figure of another month, whose lines are not here.
func (b *book) pastCell(m measure, f digest.Figures) any {
	lines := b.lines
	b.lines = 0
	defer func() { b.lines = lines }()
	return b.figureCell(m, f, condition{})
}

func (b *book) kindSheet(name string) error {
	by := map[string]digest.Figures{}
	var list []string
	for _, k := range ticket.Kinds() {
		if f, has := b.Digest.Tally.Kinds[k]; has {
			list, by[string(k)] = append(list, string(k)), f
		}
	}
	return b.figureSheet(name, "kind", list, by, func(k string) string { return b.kind(ticket.Kind(k)) })
}

func (b *book) sectionSheet(name string) error {
	return b.figureSheet(name, "section", b.sectionIDs(), b.Digest.Tally.Sections, b.section)
}

func (b *book) categorySheet(name string) error {
	by := b.Digest.Tally.Categories
	return b.figureSheet(name, "category", ids(by), by, b.category)
}

func (b *book) spotSheet(name string) error {
	by := b.Digest.Tally.Spots
	return b.figureSheet(name, "spot", ids(by), by, b.spot)
}

// figureSheet writes the measures of kinds, sections, categories or spots, a row each, by the codes in the first column.
func (b *book) figureSheet(name, of string, list []string, by map[string]digest.Figures, nameOf func(string) string) error {
	shown := sheetMeasures(of)
	heads, widths := []string{b.t("line." + of + "-code"), b.t(of)}, []float64{22, 20}
	for _, m := range shown {
		heads, widths = append(heads, b.t("measure."+m.key)), append(widths, narrow)
	}
	s, err := b.rows(name, heads, widths, 2)
	if err != nil {
		return err
	}
	for i, id := range list {
		c := b.of(of+"-code", fmt.Sprintf("$A%d", s.row+1))
		if of == "section" {
			c.times = 3 + i
		}
		cells := []any{b.text(code(id)), b.text(nameOf(id))}
		for _, m := range shown {
			cells = append(cells, b.figureCell(m, by[id], c))
		}
		if err := s.add(cells); err != nil {
			return err
		}
	}
	return s.close("By_" + of)
}

// sheetMeasures are those of a sheet: how long it took is counted again for sections only.
func sheetMeasures(of string) []measure {
	var shown []measure
	for _, m := range measures() {
		if of == "section" || m.share == 0 {
			shown = append(shown, m)
		}
	}
	return shown
}

func (b *book) daySheet(name string) error {
	s, err := b.rows(name, []string{b.t("day"), b.t("measure.received")}, []float64{16, 12}, 1)
	if err != nil {
		return err
	}
	d := b.Digest
	for at := d.Month.Start(); at.Before(d.CutOff) && at.Before(d.Month.End()); at = at.AddDate(0, 0, 1) {
		cell := excelize.Cell{StyleID: b.style.number, Value: d.Tally.Days[at.Format(time.DateOnly)]}
		if b.lines > 0 {
			cell.Formula = b.counted(b.all(), "filed-on", fmt.Sprintf("$A%d", s.row+1))
		}
		if err := s.add([]any{b.day(at), b.settled(cell)}); err != nil {
			return err
		}
	}
	return s.close("Days")
}

// matterSheet lists decisions and feedback.
func (b *book) matterSheet(name string) error {
	heads := []string{b.t("kind"), b.t("number"), b.t("meeting"), b.t("decision"), b.t("section"), b.t("by"), b.t("standing"), b.t("days-taken"), b.t("result")}
	s, err := b.rows(name, heads, []float64{16, 14, 14, 48, 18, 18, 22, 12, 48}, 2)
	if err != nil {
		return err
	}
	for _, d := range b.Digest.Decisions {
		row := []any{b.text(b.kind(ticket.Resolution)), b.text(d.Number), b.text(b.month(d.Meeting)), b.text(d.Text), b.text(b.section(d.Section)),
			b.text(b.due(d)), b.text(b.standingOf(d.Matter)), b.number(d.Days), b.text(d.Answer)}
		if err := s.add(row); err != nil {
			return err
		}
	}
	for _, list := range [][]digest.Matter{b.Digest.Tally.Feedback, b.Digest.Earlier.Feedback} {
		for _, m := range list {
			row := []any{b.text(b.kind(ticket.Feedback)), b.text(m.Number), b.text(""), b.text(""), b.text(b.section(m.Section)),
				b.text(""), b.text(b.standingOf(m)), b.number(m.Days), b.text("")}
			if err := s.add(row); err != nil {
				return err
			}
		}
	}
	return s.close("Matters")
}

// noteSheet says how to read the workbook and what it was counted from.
func (b *book) noteSheet(name string) error {
	s, err := b.rows(name, []string{b.t("sheet.notes"), b.t("note-text")}, []float64{26, 100}, 1)
	if err != nil {
		return err
	}
	d := b.Digest
	for _, row := range [][2]string{
		{b.t("note.title"), b.title()},
		{b.t("note.unit"), b.unit()},
		{b.t("note.edition"), b.t("proof.edition", strconv.Itoa(max(1, d.Edition)), strconv.Itoa(d.Office), b.date(d.CutOff))},
		{b.t("note.formulas"), b.t("note.formulas.text")},
		{b.t("note.rule"), b.t("proof.rule", b.n(digest.MinCases))},
		{b.t("of.reports"), b.n(d.Tally.Reports)},
		{b.t("of.tickets"), b.n(d.Tickets)},
		{b.t("of.root"), d.Root},
	} {
		if err := s.add([]any{b.text(row[0]), b.text(row[1])}); err != nil {
			return err
		}
	}
	return s.close("Notes")
}
