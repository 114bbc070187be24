package papers

import (
	"fmt"

	"github.com/xuri/excelize/v2"
)

// The table of requests for information (收到和处理政府信息公开申请情况) of the annual report, as the format of 2021 has it.
// The desk knows nothing of them: the sheet is for the office to fill in, and adds up and checks what it is told.

// results are the kinds of results of requests. How often each came is filled in; their sum is a row of its own.
var results = []string{
	"req.open", "req.part",
	"req.no.secret", "req.no.law", "req.no.safety", "req.no.third", "req.no.internal", "req.no.process", "req.no.file", "req.no.query",
	"req.none.unknown", "req.none.make", "req.none.unclear",
	"req.not.petition", "req.not.again", "req.not.published", "req.not.many", "req.not.confirm",
	"req.else.silent", "req.else.fee", "req.else.other",
}

// applicants are the columns of who asked.
var applicants = []string{"req.person", "req.business", "req.science", "req.charity", "req.lawyers", "req.others"}

// Rows of the sheet.
const (
	rowNew     = 2
	rowCarried = 3
	rowFirst   = 4 // of the results
)

// requestSheet writes the table to be filled in. Totals and checks are formulas.
func (y *yearBook) requestSheet(name string) error {
	heads, widths := []string{y.t("sheet.requests")}, []float64{62}
	for _, key := range applicants {
		heads, widths = append(heads, y.t("line."+key)), append(widths, 13)
	}
	s, err := y.rows(name, append(heads, y.t("total")), append(widths, 10), 1)
	if err != nil {
		return err
	}
	filled := append([]string{"req.new", "req.carried"}, results...)
	total := rowFirst + len(results)
	for _, key := range append(filled, "req.total", "req.next") {
		cells := []any{y.text(y.t("line." + key))}
		for i := range applicants {
			cell := excelize.Cell{StyleID: y.style.entry}
			if key == "req.total" {
				cell = y.formulaCell(fmt.Sprintf("SUM(%[1]s%[2]d:%[1]s%[3]d)", letter(i+2), rowFirst, total-1), 0)
			}
			cells = append(cells, cell)
		}
		across := fmt.Sprintf("SUM(B%[1]d:%[2]s%[1]d)", s.row+1, letter(len(applicants)+1))
		if err := s.add(append(cells, y.formulaCell(across, 0))); err != nil {
			return err
		}
	}
	return firstError(y.requestChecks(s, total), s.to.Flush())
}

func (y *yearBook) formulaCell(formula string, value any) excelize.Cell {
	return y.settled(excelize.Cell{StyleID: y.style.number, Value: value, Formula: formula}).(excelize.Cell)
}

// requestChecks writes what has to hold: what came in is what became of it, and last year's report said what it left.
func (y *yearBook) requestChecks(s *sheetRows, total int) error {
	holds, fails := y.t("year.holds"), y.t("year.fails")
	check := func(is string) excelize.Cell {
		return y.formulaCell(fmt.Sprintf(`IF(%s,"%s","%s")`, is, holds, fails), holds)
	}
	balance := []any{y.text(y.t("year.balance"))}
	for i := range len(applicants) + 1 {
		c := letter(i + 2)
		balance = append(balance, check(fmt.Sprintf("%[1]s%[2]d+%[1]s%[3]d=%[1]s%[4]d+%[1]s%[5]d", c, rowNew, rowCarried, total, total+1)))
	}
	if err := s.add(balance); err != nil {
		return err
	}
	last := []any{y.text(y.t("year.last-report"))}
	for range applicants {
		last = append(last, y.text(""))
	}
	if err := s.add(append(last, excelize.Cell{StyleID: y.style.entry})); err != nil {
		return err
	}
	carried := letter(len(applicants) + 2)
	row := append([]any{y.text(y.t("year.same-as-last"))}, last[1:]...)
	return s.add(append(row, check(fmt.Sprintf("%[1]s%[2]d=%[1]s%[3]d", carried, rowCarried, s.row))))
}
