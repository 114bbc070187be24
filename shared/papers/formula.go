package papers

import (
	"fmt"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"steledesk/shared/digest"
)

// condition says which lines a figure is of.
type condition struct {
	criteria string // as COUNTIFS takes them
	section  string // the cell with the section's code, when it is of a section
	times    int    // column of the sheet of times with how many were answered within how many days; 0: none
}

// columnOf gives a column of the sheet of lines as a range, $X$2:$X$101.
func (b *book) columnOf(key string) string {
	name, _ := excelize.ColumnNumberToName(slices.IndexFunc(lineColumns(), func(c lineColumn) bool { return c.key == key }) + 1)
	return fmt.Sprintf("'%s'!$%s$2:$%s$%d", b.sheet("lines"), name, name, max(2, b.lines))
}

// all are the lines that count: all but feedback.
func (b *book) all() condition {
	return condition{criteria: b.columnOf("counted") + ",1", times: 2}
}

// of are the lines whose column is what a cell says; those that count, but for kinds, of which feedback is one.
func (b *book) of(column, cell string) condition {
	c := condition{criteria: b.columnOf(column) + "," + cell}
	if column != "kind-code" {
		c.criteria = b.all().criteria + "," + c.criteria
	}
	if column == "section-code" {
		c.section = cell
	}
	return c
}

// formula counts a measure again. Empty: there is nothing to count from.
func (b *book) formula(m measure, c condition) string {
	if b.lines == 0 {
		return ""
	}
	timed := func(timing digest.Timing) string { return b.counted(c, "timing-code", `"`+string(timing)+`"`) }
	answerable := b.counted(c, "timing-code", `"<>withdrawn"`)
	switch m.key {
	case "received":
		return "COUNTIFS(" + c.criteria + ")"
	case "withdrawn":
		return timed(digest.Withdrawn)
	case "answerable":
		return answerable
	case "inTime":
		return timed(digest.InTime)
	case "late":
		return timed(digest.Late)
	case "overdue":
		return timed(digest.Overdue)
	case "open":
		return timed(digest.Overdue) + "+" + timed(digest.Pending) + "+" + timed(digest.Undated)
	case "onTime":
		return share(timed(digest.InTime), answerable)
	case "response", "solved", "satisfied":
		return share("SUMIFS("+b.columnOf(m.key)+","+c.criteria+")", b.counted(c, m.key, `">=0"`))
	case "returned":
		if c.section != "" {
			return "COUNTIFS(" + b.all().criteria + "," + b.columnOf("returned-by") + `,"*,"&` + c.section + `&",*")`
		}
	case "median", "ninetieth":
		return b.quantile(m, c, answerable)
	}
	return b.counted(c, m.key, `">0"`)
}

// counted counts the lines of a condition with one more.
func (b *book) counted(c condition, column, criterion string) string {
	return "COUNTIFS(" + c.criteria + "," + b.columnOf(column) + "," + criterion + ")"
}

// share is a rate to a tenth of a percent, or a dash when it is of too few.
func share(part, whole string) string {
	return fmt.Sprintf(`IF(%s<%d,"%s",ROUND(%s/%s,3))`, whole, digest.MinCases, none, part, whole)
}

// quantile counts on the sheet of times how many days were too few. Its rows begin with no day at all and go on day by
// day, so that their number is the day's.
func (b *book) quantile(m measure, c condition, answerable string) string {
	if c.times == 0 || b.took == 0 {
		return ""
	}
	name, _ := excelize.ColumnNumberToName(c.times)
	column := fmt.Sprintf("'%s'!$%s$2:$%s$%d", b.sheet("times"), name, name, b.took)
	want := fmt.Sprintf("ROUNDUP(%v*%s,0)", m.share, answerable)
	return fmt.Sprintf(`IF(OR(%s<%d,MAX(%s)<%s),"%s",COUNTIF(%s,"<"&%s))`, answerable, digest.MinCases, column, want, none, column, want)
}

// timeSheet writes how many were answered within how many working days, of all and of each section.
func (b *book) timeSheet(name string) error {
	b.forms = append([]string{""}, b.sectionIDs()...)
	heads, widths := []string{b.t("within-days"), b.t("of.all")}, []float64{16, 12}
	for _, id := range b.forms[1:] {
		heads, widths = append(heads, b.section(id)), append(widths, 14)
	}
	s, err := b.rows(name, unique(heads), widths, 1)
	if err != nil {
		return err
	}
	all := b.Digest.Tally.All.Days
	sums := make([]int, len(b.forms))
	for day := range all {
		cells := []any{b.number(day)}
		for i, id := range b.forms {
			sums[i] += dayOf(b.daysOf(id), day)
			cells = append(cells, b.settled(excelize.Cell{StyleID: b.style.number, Value: sums[i], Formula: b.within(id, s.row+1)}))
		}
		if err := s.add(cells); err != nil {
			return err
		}
	}
	if len(all) > 0 {
		b.took = s.row
	}
	return s.close("Times")
}

func (b *book) daysOf(section string) []int {
	if section == "" {
		return b.Digest.Tally.All.Days
	}
	return b.Digest.Tally.Sections[section].Days
}

func dayOf(days []int, day int) int {
	if day < len(days) {
		return days[day]
	}
	return 0
}

func (b *book) within(section string, row int) string {
	if b.lines == 0 {
		return ""
	}
	c := b.all()
	if section != "" {
		c = b.of("section-code", `"`+section+`"`)
	}
	return b.counted(c, "days", fmt.Sprintf(`"<="&$A%d`, row))
}

// unique makes heads of columns differ, as tables need: sections may have the same name.
func unique(heads []string) []string {
	seen := map[string]bool{}
	for i, head := range heads {
		for n := 2; seen[strings.ToLower(heads[i])]; n++ {
			heads[i] = fmt.Sprintf("%s (%d)", head, n)
		}
		seen[strings.ToLower(heads[i])] = true
	}
	return heads
}
