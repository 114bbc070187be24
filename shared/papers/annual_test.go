package papers

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"steledesk/infra/officetest"
	"steledesk/shared/digest"
	"steledesk/shared/office"
	"steledesk/shared/ticket"
)

// sampleYear makes a year of months that have ever more cases, the first with so few; lacks are the places of months
// that it has not. With ten months or more there is a year before it, and the last month is not over.
func sampleYear(n int, lacks ...int) Annual {
	o := office.Default()
	var all []digest.Digest
	for i, m := range append(digest.MonthsOf(2026), digest.MonthsOf(2025)[4:]...) {
		d := digest.Digest{Month: m, Edition: 1 + i%3, Whole: true, CutOff: m.End(), Office: 2, Root: strings.Repeat(fmt.Sprintf("%x", i%16), 64)}
		for _, c := range sampleCases(o, n+i*n/6) {
			d.Tally.Add(c)
		}
		d.Earlier = digest.Earlier{Known: i > 0, Open: 4, Answered: 3, Late: 1, Still: 1, Overdue: 1}
		all = append(all, d)
	}
	all[11].Whole, all[11].CutOff = false, all[11].CutOff.AddDate(0, 0, -11)
	for _, i := range lacks {
		all[i].Month = "2020-01"
	}
	return Annual{Year: digest.YearOf(2026, all), Office: o, Meetings: 9, Decisions: 14}
}

// No text of a year's workbook becomes a formula, whatever the office called things: formulas are the program's own,
// and reckon.
func TestAnnualWorkbookTextsAreTexts(t *testing.T) {
	in := sampleYear(12)
	const evil = `=HYPERLINK("http://example.org","x")`
	in.Office.Sections[2].Name, in.Office.Categories[0].Name, in.Office.Spots[0].Name = office.Name{ZH: evil, EN: evil}, office.Name{ZH: "@SUM(1)"}, office.Name{ZH: "+1+1"}
	in.Office.Desk.Name = office.Name{ZH: "=1+1", EN: "=1+1"}
	file, err := excelize.OpenReader(bytes.NewReader(madeAnnual(t, in, "annual.xlsx")))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	seen, formulas := 0, 0
	for _, sheet := range file.GetSheetList() {
		rows, err := file.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for y, row := range rows {
			for x, text := range row {
				name, _ := excelize.CoordinatesToCellName(x+1, y+1)
				formula, _ := file.GetCellFormula(sheet, name)
				if strings.Contains(text, evil) {
					seen++
				}
				if formula != "" {
					formulas++
				}
				if strings.Contains(formula, "HYPERLINK") || strings.HasPrefix(formula, "1+1") || strings.HasPrefix(formula, "SUM(1)") || strings.HasPrefix(formula, "+") || formula != "" && strings.HasPrefix(text, "=") {
					t.Errorf("%s!%s has the formula %s", sheet, name, formula)
				}
			}
		}
	}
	if seen == 0 || formulas == 0 {
		t.Errorf("the section's name is on %d cells, and %d have formulas", seen, formulas)
	}
}

// madeAnnual makes a paper of a year. STELEDESK_PAPERS=<folder> keeps it, to be looked at.
func madeAnnual(t *testing.T, in Annual, name string) []byte {
	t.Helper()
	p, err := MakeAnnual(in, name)
	if err != nil {
		t.Fatal(err)
	}
	if folder := os.Getenv("STELEDESK_PAPERS"); folder != "" {
		if err := os.WriteFile(filepath.Join(folder, name), p.Body, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return p.Body
}

// A year's document lies on the standard's pages, and says which months it lacks.
func TestAnnualDocumentFitsItsPages(t *testing.T) {
	pages := officetest.Pages(t, "annual.docx", madeAnnual(t, sampleYear(40, 2, 3, 4, 6), "annual.docx"))
	want := []string{"内部资料", "2026年游客诉求办理年度数据", "一、可用于年度报告“总体情况”的文字", "（一）监督保障", "二、可用于“存在的主要问题及改进情况”的文字",
		"三、可用于“其他需要报告的事项”的文字", "四、本系统不能提供的内容", "五、科室年度考核数据", "附件：1.逐月办理情况", "附件1", "附件2", "附件3"}
	whole := ""
	for i, page := range pages {
		left := []float64{28, 26}[i%2]
		for _, l := range page.Lines {
			text := strings.ReplaceAll(l.Text, " ", "")
			whole += text
			for j, part := range want {
				if strings.HasPrefix(text, part) {
					want[j] = "\x00"
				}
			}
			if l.Left < left-.6 || l.Right > left+156.6+5.6 { // a mark of punctuation may hang in the margin
				t.Errorf("page %d: %q runs from %.1f to %.1f mm, want within 156 mm from %v", i+1, l.Text, l.Left, l.Right, left)
			}
		}
	}
	for _, part := range want {
		if part != "\x00" {
			t.Errorf("%q is nowhere on the %d pages", part, len(pages))
		}
	}
	for _, told := range []string{"没有3月至5月、7月的数据", "12月的数据只统计到2026年12月21日0时"} {
		if !strings.Contains(whole, told) {
			t.Errorf("the document does not say %q", told)
		}
	}
}

// words gives the text of a document.
func words(t *testing.T, body []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// However much or little a year has, every text is in the catalogue and no format was given too much or too little.
func TestAnnualTextsAreThere(t *testing.T) {
	empty := Annual{Year: digest.YearOf(2026, []digest.Digest{{Month: "2026-05", Edition: 1, Whole: true, CutOff: digest.Month("2026-05").End()}}), Office: office.Default()}
	for _, in := range []Annual{empty, sampleYear(1), sampleYear(30, 0, 11), sampleYear(200)} {
		for _, language := range Languages() {
			text := words(t, madeAnnual(t, in, "annual"+strings.TrimPrefix(Name(language, "docx"), "digest")))
			for _, wrong := range []string{"paper.", "%!", "kind.", "NaN", "00:00 on 1 January 0001"} {
				if i := strings.Index(text, wrong); i >= 0 {
					t.Errorf("%d cases, %s: the document says %q", in.Year.Tally.All.Received, language, text[max(0, i-60):i+60])
				}
			}
		}
	}
}

// Of 举报 there is one number in a year's papers: not by month, not by section.
func TestAnnualReportsAreOneNumber(t *testing.T) {
	in := sampleYear(30)
	if text := words(t, madeAnnual(t, in, "annual.docx")); strings.Count(text, "举报24件") != 1 || strings.Contains(text, "举报2件") {
		t.Error("the document does not say once that there were 24 reports, or says more of them")
	}
	file, err := excelize.OpenReader(bytes.NewReader(madeAnnual(t, in, "annual.xlsx")))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for _, sheet := range file.GetSheetList() {
		rows, err := file.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			if row[0] == string(ticket.Report) || len(row) > 1 && row[1] == "举报" {
				t.Errorf("sheet %s has a row of reports: %v", sheet, row)
			}
		}
	}
}

// calculatedYear gives what the sheets come to when nothing is stored but the months' numbers and formulas.
func calculatedYear(t *testing.T, in Annual, language string) map[string][][]string {
	t.Helper()
	y := newYearBook(in, language)
	y.bare = true
	body, err := y.render()
	if err != nil {
		t.Fatal(err)
	}
	folder := officetest.Convert(t, "book.xlsx", body, "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1")
	sheets := map[string][][]string{}
	for _, key := range []string{"year", "assessment", "months", "section-months", "kinds", "tops", "categories", "spots", "times", "notes"} {
		text, err := os.ReadFile(filepath.Join(folder, "book-"+y.sheet(key)+".csv"))
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

// Another program, given only the months' numbers and formulas, comes to every figure of the year that is printed.
func TestAnnualWorkbookCalculatesThePrintedFigures(t *testing.T) {
	for n, in := range map[int]Annual{2: sampleYear(2, 0, 1), 60: sampleYear(60)} {
		language := Languages()[n/60]
		sheets, w := calculatedYear(t, in, language), newAnnual(in, language)
		for i, m := range measures() {
			w.same(t, "year "+m.key, sheets["year"][i+1][1], w.figure(m, in.Year.Tally.All))
		}
		months := sheets["months"]
		for i, m := range some("answerable", "open", "onTime", "response", "solved", "satisfied") {
			column := len(months[0]) - 6 + i
			w.same(t, "sum of months "+m.key, months[len(months)-1][column], w.figure(m, in.Year.Tally.All))
			w.same(t, "December "+m.key, months[12][column], w.figure(m, in.Year.Months[11].Tally.All))
		}
		for i, id := range w.sectionIDs() {
			row := sheets["assessment"][i+1]
			if row[0] != id {
				t.Fatalf("row %d of the assessment is of %q, want %q", i, row[0], id)
			}
			for j, m := range append(sheetMeasures("section"), assessed()...) {
				w.same(t, fmt.Sprint("assessment ", id, " ", m.key), row[j+2], w.figure(m, in.Year.Tally.Sections[id]))
			}
			w.same(t, "praise of "+id, row[len(row)-1], fmt.Sprint(in.Year.Tally.Praise[id]))
		}
		by := w.byTop()
		for i, id := range ids(by) {
			row := sheets["tops"][i+1]
			w.same(t, "category "+id, row[len(row)-2], w.n(by[id].Received))
			w.same(t, "share of category "+id, row[len(row)-1], rate(digest.Rate{Halves: 2 * by[id].Received, Of: in.Year.Tally.All.Received}))
		}
		for i, id := range ids(in.Year.Tally.Spots) {
			w.same(t, "spot "+id, sheets["spots"][i+1][14], w.n(in.Year.Tally.Spots[id].Received))
		}
		if got, want := len(sheets["kinds"]), len(in.Year.Tally.Kinds)+1; got != want {
			t.Errorf("%d rows of kinds, want %d", got, want)
		}
	}
}

// What an office fills in of requests for information is added up, and what does not balance is said.
func TestAnnualWorkbookChecksRequests(t *testing.T) {
	file, err := excelize.OpenReader(bytes.NewReader(madeAnnual(t, sampleYear(4), "annual.xlsx")))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	const sheet = "申请处理（填报）"
	for cell, n := range map[string]int{"B2": 5, "C2": 2, "B3": 1, "B4": 4, "B17": 1, "C5": 1, "B26": 1, "H28": 2} {
		if err := file.SetCellInt(sheet, cell, int64(n)); err != nil {
			t.Fatal(err)
		}
	}
	if err := file.UpdateLinkedValue(); err != nil { // forget what was stored beside formulas, as somebody who types does
		t.Fatal(err)
	}
	filled, err := file.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	folder := officetest.Convert(t, "book.xlsx", filled.Bytes(), "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1")
	text, err := os.ReadFile(filepath.Join(folder, "book-"+sheet+".csv"))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for label, want := range map[string]string{
		"一、本年新收政府信息公开申请数量": "5 2     7", "三、（七）总计": "5 1 0 0 0 0 6", "四、结转下年度继续办理": "1      1",
		"核对：本年新收＋上年结转＝总计＋结转下年度": "相符 不符 相符 相符 相符 相符 不符", "核对：上年结转＝上年报告的结转数": "      不符",
	} {
		i := slices.IndexFunc(rows, func(row []string) bool { return row[0] == label })
		if i < 0 || strings.Join(rows[i][1:], " ") != want {
			t.Errorf("%s: got %q, want %q", label, rows[max(i, 0)], want)
		}
	}
}

// Programs that do not calculate show the same figures.
func TestAnnualWorkbookStoresThePrintedFigures(t *testing.T) {
	in := sampleYear(30)
	file, err := excelize.OpenReader(bytes.NewReader(madeAnnual(t, in, "annual.en.xlsx")))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	w := newAnnual(in, "en")
	for i, m := range measures() {
		cell := fmt.Sprint("B", i+2)
		got, err := file.GetCellValue("Year", cell)
		if want := strings.ReplaceAll(w.figure(m, in.Year.Tally.All), ",", ""); err != nil || got != want && want != none {
			t.Errorf("%s: got %q, %v, want %q", m.key, got, err, want)
		}
		if formula, err := file.GetCellFormula("Year", cell); err != nil || formula == "" {
			t.Errorf("%s has no formula (%v)", m.key, err)
		}
	}
}

// Names are four; another is told from a failure.
func TestAnnualNames(t *testing.T) {
	if got := fmt.Sprint(AnnualNames()); got != "[annual.docx annual.xlsx annual.en.docx annual.en.xlsx]" {
		t.Errorf("got %s", got)
	}
	for _, name := range []string{"digest.docx", "annual.html", "", "annual.docx/"} {
		if _, err := MakeAnnual(sampleYear(1), name); err != ErrNoPaper {
			t.Errorf("%q: got %v, want ErrNoPaper", name, err)
		}
	}
}
