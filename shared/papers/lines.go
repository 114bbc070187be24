package papers

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"steledesk/shared/digest"
	"steledesk/shared/phrase"
	"steledesk/shared/ticket"
)

// lineColumn is a column of the sheet of lines.
type lineColumn struct {
	key   string
	width float64
	cell  func(b *book, c digest.Case) any
}

// lineColumns are the columns of the sheet of lines: what people read, then the codes that formulas count by.
func lineColumns() []lineColumn {
	return []lineColumn{
		{"number", 14, func(b *book, c digest.Case) any { return c.Number }},
		{"kind", 12, func(b *book, c digest.Case) any { return b.kind(c.Kind) }},
		{"category", 18, func(b *book, c digest.Case) any { return b.category(c.Category) }},
		{"spot", 20, func(b *book, c digest.Case) any { return b.spot(c.Spot) }},
		{"section", 18, func(b *book, c digest.Case) any { return b.section(c.Section) }},
		{"filed-on", 12, func(b *book, c digest.Case) any { return b.day(c.FiledAt) }},
		{"by", 12, func(b *book, c digest.Case) any { return b.dayOrNone(c.AnswerBy) }},
		{"state-of", 16, func(b *book, c digest.Case) any { return b.state(c.State) }},
		{"standing", 14, func(b *book, c digest.Case) any { return b.timing(c.Timing) }},
		{"outcome-of", 14, func(b *book, c digest.Case) any { return b.outcomeOf(c.Outcome) }},
		{"days", 10, func(b *book, c digest.Case) any { return daysCell(c) }},
		{"response", 8, func(b *book, c digest.Case) any { return responseCell(c) }},
		{"solved", 8, func(b *book, c digest.Case) any { return solvedCell(c) }},
		{"satisfied", 8, func(b *book, c digest.Case) any { return satisfiedCell(c) }},
		{"level-of", 8, func(b *book, c digest.Case) any { return positive(c.Level) }},
		{"returned", 8, func(b *book, c digest.Case) any { return positive(c.Returns) }},
		{"extended", 8, func(b *book, c digest.Case) any { return positive(c.Extended) }},
		{"reopened", 8, func(b *book, c digest.Case) any { return positive(c.Reopened) }},
		{"urged", 8, func(b *book, c digest.Case) any { return positive(c.Urged) }},
		{"overseen", 8, func(b *book, c digest.Case) any { return positive(c.Overseen) }},
		{"returned-by", 14, func(b *book, c digest.Case) any { return codes(c.ReturnedBy) }},
		{"kind-code", 11, func(b *book, c digest.Case) any { return string(c.Kind) }},
		{"category-code", 16, func(b *book, c digest.Case) any { return code(c.Category) }},
		{"spot-code", 9, func(b *book, c digest.Case) any { return code(c.Spot) }},
		{"section-code", 12, func(b *book, c digest.Case) any { return code(c.Section) }},
		{"timing-code", 11, func(b *book, c digest.Case) any { return string(c.Timing) }},
		{"counted", 8, func(b *book, c digest.Case) any { return one(c.Kind != ticket.Feedback) }},
	}
}

// lineSheet writes a line for each case, one at a time.
func (b *book) lineSheet(name string) error {
	columns := lineColumns()
	var heads []string
	var widths []float64
	for _, c := range columns {
		heads, widths = append(heads, b.t("line."+c.key)), append(widths, c.width)
	}
	s, err := b.rows(name, heads, widths, 1)
	if err != nil {
		return err
	}
	if b.Lines == nil {
		return s.close("Cases")
	}
	cells := make([]any, len(columns))
	for c, err := range b.Lines() {
		if err != nil {
			return err
		}
		if c.Kind.Confidential() || c.Kind == ticket.Resolution {
			continue
		}
		for i, column := range columns {
			cells[i] = column.cell(b, c)
		}
		if err := s.add(cells); err != nil {
			return err
		}
	}
	if s.row > 1 {
		b.lines = s.row
	}
	return firstError(b.printLines(name), s.close("Cases"))
}

// printLines leaves the codes, which are for formulas, off the printed pages.
func (b *book) printLines(name string) error {
	last := slices.IndexFunc(lineColumns(), func(c lineColumn) bool { return c.key == "returned-by" })
	area := fmt.Sprintf("'%s'!$A$1:$%s$%d", name, letter(last), max(1, b.lines))
	return b.file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Area", RefersTo: area, Scope: name})
}

// code is an id as formulas compare it: a cell with nothing in it is no criterion.
func code(id string) string {
	if id == "" {
		return "-"
	}
	return id
}

func codes(ids []string) any {
	if len(ids) == 0 {
		return nil
	}
	return "," + strings.Join(ids, ",") + ","
}

func positive(n int) any {
	if n == 0 {
		return nil
	}
	return n
}

// daysCell is how many working days it took to answer; nothing when it is not answered or nobody can tell.
func daysCell(c digest.Case) any {
	if (c.Timing == digest.InTime || c.Timing == digest.Late) && !c.Uncount {
		return c.Days
	}
	return nil
}

// responseCell is 1 or 0, or nothing when it cannot be said yet; so the next two, of what was rated.
func responseCell(c digest.Case) any {
	if !c.Awaited {
		return nil
	}
	return one(c.Responded)
}

func solvedCell(c digest.Case) any {
	switch {
	case c.Level == 0:
		return nil
	case c.Solved == ticket.SolvedPartly:
		return 0.5
	}
	return one(c.Solved == ticket.SolvedYes)
}

func satisfiedCell(c digest.Case) any {
	if c.Level == 0 || c.Kind == ticket.Enquiry || c.Kind == ticket.Praise {
		return nil
	}
	return one(c.Level >= 3)
}

func (b *book) dayOrNone(at time.Time) any {
	if at.IsZero() {
		return excelize.Cell{StyleID: b.style.text, Value: b.t("no-date")}
	}
	return b.day(at)
}

func (b *book) outcomeOf(o ticket.Outcome) any {
	if o == "" {
		return nil
	}
	return phrase.In(b.lang, "outcome."+string(o))
}
