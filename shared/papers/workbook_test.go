package papers

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"steledesk/infra/officetest"
	"steledesk/shared/digest"
	"steledesk/shared/ticket"
)

// calculated gives what the sheets of a workbook come to when nothing is stored in it but lines and formulas.
func calculated(t *testing.T, in Input, language string) map[string][][]string {
	t.Helper()
	b := &book{writer: &writer{Input: in, lang: language}, file: excelize.NewFile(), bare: true}
	body, err := b.render()
	if err != nil {
		t.Fatal(err)
	}
	folder := officetest.Convert(t, "book.xlsx", body, "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1")
	sheets := map[string][][]string{}
	for _, key := range []string{"overview", "kinds", "sections", "categories", "spots", "days", "times", "matters", "lines", "notes"} {
		text, err := os.ReadFile(filepath.Join(folder, "book-"+b.sheet(key)+".csv"))
		if err != nil {
			t.Fatal(err)
		}
		sheets[key], err = csv.NewReader(bytes.NewReader(text)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
	}
	return sheets
}

// Another program, given only lines and formulas, comes to every figure that the papers print.
func TestWorkbookCalculatesThePrintedFigures(t *testing.T) {
	for _, n := range []int{3, 600} {
		in := sample(t, n)
		language := Languages()[n%2]
		sheets := calculated(t, in, language)
		w := &writer{Input: in, lang: language}
		tally := in.Digest.Tally
		for i, m := range measures() {
			w.same(t, fmt.Sprint("overview ", m.key), sheets["overview"][i+1][1], w.figure(m, tally.All))
		}
		w.sameRows(t, "sections", sheets, tally.Sections, w.sectionIDs())
		w.sameRows(t, "categories", sheets, tally.Categories, ids(tally.Categories))
		w.sameRows(t, "spots", sheets, tally.Spots, ids(tally.Spots))
		kinds := map[string]digest.Figures{}
		for k, f := range tally.Kinds {
			kinds[string(k)] = f
		}
		w.sameRows(t, "kinds", sheets, kinds, nil)
		for i, day := range w.everyDay() {
			w.same(t, "day "+day.label, sheets["days"][i+1][1], w.n(day.n))
		}
	}
}

func (w *writer) same(t *testing.T, what, got, printed string) {
	t.Helper()
	printed = strings.ReplaceAll(strings.ReplaceAll(printed, ",", ""), ".0%", "%") // as LibreOffice writes them
	if got != printed {
		t.Errorf("%d cases, %s: LibreOffice calculates %q, the papers print %q", w.Digest.Tally.All.Received, what, got, printed)
	}
}

func (w *writer) sameRows(t *testing.T, sheet string, sheets map[string][][]string, by map[string]digest.Figures, order []string) {
	t.Helper()
	if len(sheets[sheet]) != len(by)+1 {
		t.Errorf("%s has %d rows, want %d and the head", sheet, len(sheets[sheet]), len(by))
	}
	shown := sheetMeasures(strings.TrimSuffix(sheet, "s"))
	for i, row := range sheets[sheet][1:] {
		id := row[0]
		if id == "-" {
			id = ""
		}
		if order != nil && order[i] != id {
			t.Errorf("%s, row %d is of %q, want %q", sheet, i, id, order[i])
		}
		for j, m := range shown {
			w.same(t, fmt.Sprint(sheet, " ", id, " ", m.key), row[j+2], w.figure(m, by[id]))
		}
	}
}

// What programs show that do not calculate, such as a phone's preview, are the same figures.
func TestWorkbookStoresThePrintedFigures(t *testing.T) {
	in := sample(t, 40)
	file, err := excelize.OpenReader(bytes.NewReader(made(t, in, "digest.xlsx")))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	w := &writer{Input: in, lang: "zh"}
	for i, m := range measures() {
		cell := fmt.Sprint("B", i+2)
		got, err := file.GetCellValue(w.t("sheet.overview"), cell)
		if want := w.figure(m, in.Digest.Tally.All); err != nil || got != want && want != none {
			t.Errorf("%s: got %q, %v, want %q", m.key, got, err, want)
		}
		if formula, err := file.GetCellFormula(w.t("sheet.overview"), cell); err != nil || formula == "" {
			t.Errorf("%s has no formula (%v)", m.key, err)
		}
	}
}

// No text becomes a formula, whatever an office or a meeting wrote, and no 举报 is among the lines.
func TestWorkbookTextsAreTexts(t *testing.T) {
	in := sample(t, 12)
	const evil = `=HYPERLINK("http://example.org","x")`
	in.Digest.Decisions[0].Text, in.Digest.Decisions[1].Answer = evil, "@SUM(1)"
	in.Office.Sections[2].Name.ZH = "+1+1"
	file, err := excelize.OpenReader(bytes.NewReader(made(t, in, "digest.xlsx")))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	seen := false
	for _, sheet := range file.GetSheetList() {
		rows, err := file.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for y, row := range rows {
			for x, text := range row {
				name, _ := excelize.CoordinatesToCellName(x+1, y+1)
				formula, _ := file.GetCellFormula(sheet, name)
				seen = seen || text == evil
				if formula != "" && !strings.HasPrefix(formula, "COUNTIF") && !strings.HasPrefix(formula, "IF(") {
					t.Errorf("%s!%s has the formula %s", sheet, name, formula)
				}
			}
		}
	}
	if !seen {
		t.Error("the decision's text is nowhere, as it was written")
	}
	w := &writer{Input: in, lang: "zh"}
	lines, err := file.GetRows(w.t("sheet.lines"))
	if err != nil || len(lines) != 12+3+1 {
		t.Errorf("got %d lines, %v, want 12 cases and 3 of feedback below the head", len(lines), err)
	}
	if slices.ContainsFunc(lines, func(row []string) bool { return slices.Contains(row, string(ticket.Report)) }) {
		t.Error("a report is among the lines")
	}
}

// A month without cases, and one whose lines are not given, have workbooks too.
func TestWorkbookWithoutLines(t *testing.T) {
	in := sample(t, 12)
	in.Lines = nil
	file, err := excelize.OpenReader(bytes.NewReader(made(t, in, "digest.en.xlsx")))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	w := &writer{Input: in, lang: "en"}
	for i, m := range measures() {
		got, err := file.GetCellValue("Overview", fmt.Sprint("B", i+2))
		if want := w.figure(m, in.Digest.Tally.All); err != nil || got != want {
			t.Errorf("%s: got %q, %v, want %q", m.key, got, err, want)
		}
	}
	empty := Input{Digest: digest.Digest{Month: "2026-10", CutOff: digest.Month("2026-10").Start()}, Office: in.Office}
	if len(made(t, empty, "digest.xlsx")) == 0 {
		t.Error("an empty month has an empty workbook")
	}
}
