package main

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"steledesk/shared/office"
)

// Who scans a spot's code reads what is being handled there, without a script: how often and since when, of nobody's
// words or number, and nothing of a 举报.
func TestTheFormTellsWhatIsBeingHandledAtItsSpot(t *testing.T) {
	d := open(t)
	filed := d.post(t, "/file", matter())
	number := onPage(t, numberOnPage, filed)
	d.post(t, "/file", matter("text", "还是没有纸"))
	d.post(t, "/file", matter("kind", "report", "category", "corruption", "text", "收红包"))
	d.post(t, "/file", matter("spot", "BL01", "category", "railings"))
	d.now = d.now.Add(48 * time.Hour)
	for language, want := range map[string]string{
		"zh": "厕所：待签收，2 件，最近一次 2 天前", "en": "Toilets: Assigned, not yet signed for, 2 reported, last 2 days ago",
		"ja": "2 件、最後は 2 日前", "ko": "2건, 최근 접수 2일 전",
	} {
		a := d.get(t, "/?p=RK04&lang="+language)
		if !strings.Contains(a.body, want) || !strings.Contains(a.body, `data-matters="RK04"`) {
			t.Errorf("%s lacks %q", language, want)
		}
		for _, private := range []string{"没有纸", "红包", number, "rruption"} {
			if notice := a.body[strings.Index(a.body, "data-matters"):]; strings.Contains(notice[:strings.Index(notice, "</div>")], private) {
				t.Errorf("%s tells %q", language, private)
			}
		}
	}
	if a := d.get(t, "/?p=BL02&lang=zh"); !strings.Contains(a.body, `data-matters="BL02" aria-live="polite" hidden`) {
		t.Error("a spot where nothing is being handled has a notice")
	}
}

// The notice is a hint: a table that does not answer keeps nobody from the form.
func TestTheFormOpensWithoutTheMattersOfItsSpot(t *testing.T) {
	d := open(t)
	d.store.fail = errors.New("the table is away")
	a := d.get(t, "/?p=RK04")
	if a.status != http.StatusOK || !strings.Contains(a.body, `data-matters="" aria-live="polite" hidden`) {
		t.Errorf("status %d, want the form, whose script asks again", a.status)
	}
	if !strings.Contains(d.log.String(), "without the matters") {
		t.Error("the operator is not told")
	}
}

// The notice of privacy says the office's own months and years, not the usual ones, and how long photos are really kept.
func TestAboutSaysHowLongThingsAreKept(t *testing.T) {
	d := open(t)
	o := *office.Default()
	o.Retention.ContactMonths, o.Retention.RecordYears = 18, 15
	d.site.desk.Offices = of{&o}
	for language, wanted := range map[string][]string{
		"zh": {"（18 个月）", "15 年", "7 天"}, "en": {"(18 months)", "15 years", "7 days"},
		"ja": {"（18 か月）", "15 年間", "7 日"}, "ko": {"(18개월)", "15년", "7일"},
	} {
		a := d.get(t, "/about?lang="+language)
		for _, want := range wanted {
			if !strings.Contains(a.body, want) {
				t.Errorf("%s lacks %q", language, want)
			}
		}
	}
}

// of gives the data of an office.
type of struct{ office *office.Office }

func (o of) Current(context.Context) (*office.Office, int, error) { return o.office, 0, nil }

// What stands under a chapter's list stood before it once, and the list had lost its beginning.
func TestAboutKeepsTheOrderOfItsLines(t *testing.T) {
	d := open(t)
	a := d.get(t, "/about?lang=en")
	at := 0
	for _, line := range []string{"you can at any time:", "<li>read all of it", "If you think your data"} {
		found := strings.Index(a.body, line)
		if found < at {
			t.Errorf("%q is at %d, after what follows it (%d)", line, found, at)
		}
		at = found
	}
}
