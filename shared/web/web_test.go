package web

import (
	"io/fs"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/shared/httpapi"
	"steledesk/shared/phrase"
	"steledesk/shared/ticket"
)

// TestEveryTextOfThePagesIsInTheCatalogue guards against a key shown to visitors in place of a
// text.
func TestEveryTextOfThePagesIsInTheCatalogue(t *testing.T) {
	literal := regexp.MustCompile(`\.T "([^"]+)"`)
	var keys []string
	pages, err := fs.Glob(files, "*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range pages {
		text, err := fs.ReadFile(files, page)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range literal.FindAllStringSubmatch(string(text), -1) {
			keys = append(keys, found[1])
		}
	}
	for _, k := range ticket.VisitorKinds() {
		keys = append(keys, "kind."+string(k), "page.kind."+string(k))
	}
	for _, s := range ticket.States() {
		keys = append(keys, "state."+string(s))
	}
	for _, o := range append(ticket.AnswerOutcomes(), ticket.OutcomeReferred, ticket.OutcomeWithdraw, ticket.OutcomeDeclined) {
		keys = append(keys, "outcome."+string(o))
	}
	for _, s := range (TicketPage{}).Solutions() {
		keys = append(keys, "solved."+string(s))
	}
	for _, l := range (TicketPage{}).Levels() {
		keys = append(keys, "level."+l)
	}
	for _, field := range []string{"kind", "category", "spot", "text", "wish", "happenedAt", "name", "phone"} {
		keys = append(keys, "page.form."+field)
	}
	for _, command := range []string{"message", "supply", "rating", "reopen", "withdraw"} {
		keys = append(keys, "page."+command+".text", "page."+command+".submit", "page."+command+".done")
	}
	for _, key := range append(keys, "page.rating.solved", "page.rating.level", "page.find.number", "page.find.code") {
		if !phrase.Has(key) {
			t.Errorf("the catalogue has no %s", key)
		}
	}
}

func TestTimesInWords(t *testing.T) {
	evening := time.Date(2026, 11, 30, 23, 59, 59, 0, ticket.Zone)
	tests := []struct {
		language string
		by       time.Time
		want     string
	}{
		{"zh", evening, "2026年11月30日（周一）前答复"},
		{"en", evening, "by Monday 30 November 2026"},
		{"zh", evening.UTC(), "2026年11月30日（周一）前答复"},
		{"zh", evening.Add(10 * time.Hour), "2026年12月1日（周二）09:59前答复"},
		{"en", evening.Add(10 * time.Hour), "by 09:59 on Tuesday 1 December 2026"},
		{"ja", evening, "2026年11月30日（月）までに回答します"},
		{"ja", evening.Add(10 * time.Hour), "2026年12月1日（火）09:59までに回答します"},
		{"ko", evening, "2026년 11월 30일(월)까지 답변합니다"},
		{"ko", evening.Add(10 * time.Hour), "2026년 12월 1일(화) 09:59까지 답변합니다"},
		{"en", time.Time{}, "The date cannot be set yet; we handle it all the same, and you can follow it at any time"},
	}
	for _, tt := range tests {
		if got := (Frame{Language: tt.language}).AnswerBy(tt.by); got != tt.want {
			t.Errorf("AnswerBy(%s) in %s = %q, want %q", tt.by, tt.language, got, tt.want)
		}
	}
}

// What a visitor chose goes on with every link until the phone remembers it: there are phones
// without cookies.
func TestLinksCarryWhatWasChosen(t *testing.T) {
	f := Frame{Language: "en", Here: "/?p=BL%2601", Keep: url.Values{"lang": {"en"}, "elder": {"1"}}, Elder: true}
	if got, want := f.InTongue(Tongue{ID: "ja"}), "/?p=BL%2601&elder=1&lang=ja"; got != want {
		t.Errorf("InTongue() = %q, want %q", got, want)
	}
	if got, want := f.OtherSize(), "/?p=BL%2601&elder=0&lang=en"; got != want {
		t.Errorf("OtherSize() = %q, want %q", got, want)
	}
	if got, want := f.Link("/follow"), "/follow?elder=1&lang=en"; got != want {
		t.Errorf("Link() = %q, want %q", got, want)
	}
	if got, want := (Frame{Language: "ko"}).Link("/follow"), "/follow"; got != want {
		t.Errorf("Link() = %q, want %q: the phone remembers", got, want)
	}
}

// Every script is served under a name that changes with its bytes, and what it imports too.
func TestAssetsAreServedForEver(t *testing.T) {
	paths := AssetPaths()
	if len(paths) == 0 {
		t.Fatal("there are no assets: does this test still find them?")
	}
	for name, path := range paths {
		r := &httpapi.Request{Event: events.APIGatewayV2HTTPRequest{PathParameters: map[string]string{"file": strings.TrimPrefix(path, "/assets/")}}}
		got, ok := Asset(r)
		if !ok || !strings.Contains(got.Headers["cache-control"], "immutable") || got.Headers["content-type"] == "" || len(got.Body) == 0 {
			t.Errorf("%s at %s: found %v, %v", name, path, ok, got.Headers)
		}
		for _, found := range imported.FindAllSubmatch(got.Body, -1) {
			if _, served := assets()[string(found[2])]; !served {
				t.Errorf("%s imports %s, which is not served", name, found[2])
			}
		}
		r.Event.PathParameters["file"] = name
		if _, ok := Asset(r); ok {
			t.Errorf("%s is served under a name that does not change with it", name)
		}
	}
}

// TestPagesWithoutAnOffice: a desk whose table is away still says what is the matter.
func TestPagesWithoutAnOffice(t *testing.T) {
	for _, language := range phrase.Languages() {
		p := ProblemPage{Frame: Frame{Language: language, Here: "/"}}
		p.Problem.Code = "internal"
		response, err := p.Show()
		if err != nil || !strings.Contains(string(response.Body), phrase.In(language, "page.problem.fresh")) {
			t.Errorf("%s: %v\n%s", language, err, response.Body)
		}
	}
}

// BenchmarkFirstPage is what a cold start pays before it can show the form.
func BenchmarkFirstPage(b *testing.B) {
	for b.Loop() {
		parsed("file.html")()
	}
}
