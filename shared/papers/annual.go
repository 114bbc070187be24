package papers

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"steledesk/shared/digest"
	"steledesk/shared/office"
)

// Annual is what the papers of a year are made of. They are for whoever drafts the open-government report (政府信息公开
// 工作年度报告) and for the sections' yearly assessment (考核): texts and tables to take from, and a workbook that adds
// the months up again.
type Annual struct {
	Year      digest.Year
	Office    *office.Office
	Meetings  int // held with the supervisors in the year
	Decisions int // that they made
}

// ErrNoPaper is the error of a name that is none of AnnualNames.
var ErrNoPaper = errors.New("there is no such paper of a year")

// annualKinds are the papers of a year, by their extensions.
var annualKinds = []struct {
	extension, media string
	render           func(Annual, string) ([]byte, error)
}{{"docx", typeWord, annualDocument}, {"xlsx", typeWorkbook, annualWorkbook}}

// AnnualNames are the names of a year's papers: annual.docx, annual.xlsx, annual.en.docx and annual.en.xlsx.
func AnnualNames() []string {
	var all []string
	for _, language := range Languages() {
		for _, kind := range annualKinds {
			all = append(all, "annual"+strings.TrimPrefix(Name(language, kind.extension), "digest"))
		}
	}
	return all
}

// MakeAnnual renders a paper of a year by its name. ErrNoPaper.
func MakeAnnual(in Annual, name string) (Paper, error) {
	for i, known := range AnnualNames() {
		if known != name {
			continue
		}
		kind, language := annualKinds[i%len(annualKinds)], Languages()[i/len(annualKinds)]
		body, err := kind.render(in, language)
		if err != nil {
			return Paper{}, fmt.Errorf("make %s of %d: %w", name, in.Year.Year, err)
		}
		return Paper{name, kind.media, body}, nil
	}
	return Paper{}, ErrNoPaper
}

// annual writes the papers of a year, in the words of a month's.
type annual struct {
	*writer
	Annual
}

// newAnnual gives the writer the year's sums as if they were a month's: what they come to is said in the same way.
func newAnnual(in Annual, language string) *annual {
	sums := digest.Digest{Tally: in.Year.Tally, CutOff: in.Year.CutOff(), Whole: in.Year.Whole()}
	return &annual{writer: &writer{Input: Input{Digest: sums, Office: in.Office}, lang: language}, Annual: in}
}

func (a *annual) year() string { return a.t("year", strconv.Itoa(a.Year.Year)) }

func (a *annual) title() string { return a.t("year.title", a.year()) }

// calendar names a month without its year: 3月, March.
func (a *annual) calendar(m digest.Month) string {
	if a.lang == "en" {
		return m.Start().Format("January")
	}
	return m.Start().Format("1月")
}

// calendars names months, those that follow one another by the first and the last: 1月至3月、5月.
func (a *annual) calendars(months []digest.Month) string {
	var told []string
	for from := 0; from < len(months); {
		to := from
		for to+1 < len(months) && months[to+1].Before(1) == months[to] {
			to++
		}
		switch {
		case to-from > 1:
			told = append(told, a.t("year.span", a.calendar(months[from]), a.calendar(months[to])))
		default:
			for _, m := range months[from : to+1] {
				told = append(told, a.calendar(m))
			}
		}
		from = to + 1
	}
	return a.list(told)
}

// standingOfMonth says how far a month was counted.
func (a *annual) standingOfMonth(s digest.Standing) string {
	switch s {
	case digest.Final:
		return a.t("year.final")
	case digest.Running:
		return a.t("year.running")
	}
	return a.t("year.missing")
}
