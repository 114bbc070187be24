package recount_test

import (
	"context"
	"encoding/json"
	"fmt"
	"go/parser"
	"go/token"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"steledesk/infra/demo"
	"steledesk/infra/demo/recount"
	"steledesk/infra/local/awsendpoint/awstest"
	"steledesk/infra/local/s3"
	"steledesk/shared/bucket"
	"steledesk/shared/digest"
	"steledesk/shared/dynamo"
	"steledesk/shared/dynamo/dynamotest"
	"steledesk/shared/meeting"
	"steledesk/shared/office"
	"steledesk/shared/seal"
	"steledesk/shared/ticket"
)

func TestMain(m *testing.M) { os.Exit(dynamotest.Main(m)) }

// The desk's digests and a count that shares no code with them are the same to the last figure, in each of several
// months, the lists, the rates as they are printed and the root of all chains among them. STELEDESK_SEEDS=first-last
// sweeps other seeds.
func TestDigestsAreRecounted(t *testing.T) {
	first, last := seeds(t)
	for seed := first; seed <= last; seed++ {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			months := 3 + int(seed%2)
			spec := demo.Spec{
				Until: "2026-10", Months: months, PerMonth: 260 + 40*int(seed%3), Seed: seed,
				Now: time.Date(2026, 11, 23, 12, 0, 0, 0, ticket.Zone),
			}
			if seed%5 == 0 { // Spring Festival, with its make-up workdays on both sides
				spec.Until = "2026-03"
			}
			compareAll(t, spec)
		})
	}
}

func seeds(t *testing.T) (first, last uint64) {
	text := os.Getenv("STELEDESK_SEEDS")
	if text == "" {
		return 1, 2
	}
	from, to, _ := strings.Cut(text, "-")
	var err error
	if first, err = strconv.ParseUint(from, 10, 64); err == nil {
		last, err = strconv.ParseUint(to, 10, 64)
	}
	if err != nil {
		t.Fatalf("STELEDESK_SEEDS is %q, want such as 10-29", text)
	}
	return first, last
}

func compareAll(t *testing.T, spec demo.Spec) {
	desk, err := demo.New(spec)
	if err != nil {
		t.Fatal(err)
	}
	cfg, name := dynamotest.Table(t)
	table := dynamo.Open(cfg, name)
	keys, err := seal.ParseKeys(seal.New())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := (demo.Loader{Table: table, Keys: keys}).Load(t.Context(), desk); err != nil {
		t.Fatal(err)
	}
	count := raw(t, cfg, name)
	maker := newMaker(t, table, count)
	first := desk.Months()[0].Start()
	var before digest.Digest
	var digests []digest.Digest
	var counted []recount.Month
	for _, month := range desk.Months() {
		e, made, err := maker.Make(t.Context(), meeting.Order{Month: month, Now: spec.Now})
		if err != nil || !made {
			t.Fatalf("%s: made %v, %v", month, made, err)
		}
		want := count.Month(first, month.Start())
		compare(t, string(month), e.Digest, want)
		printed(t, string(month), e.Digest.Tally, want.Tally)
		if month != desk.Months()[0] {
			if e.Digest.MonthAgo == nil {
				t.Fatalf("%s: nothing is said of the month before", month)
			}
			same(t, string(month)+" monthAgo", plain(t, e.Digest.MonthAgo.All), plain(t, before.Tally.All))
		}
		before = e.Digest
		if month.Start().Year() == spec.Until.Start().Year() {
			digests, counted = append(digests, e.Digest), append(counted, want)
		}
	}
	year(t, spec.Until.Start().Year(), digests, counted)
}

// raw reads every event of the table as it is stored.
func raw(t *testing.T, cfg aws.Config, name string) *recount.Desk {
	t.Helper()
	rules, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "office", "default.json"))
	if err != nil {
		t.Fatal(err)
	}
	days, err := os.ReadFile(filepath.Join("testdata", "calendar.json"))
	if err != nil {
		t.Fatal(err)
	}
	count, err := recount.Open(days, rules)
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	pages := dynamodb.NewScanPaginator(dynamodb.NewFromConfig(cfg), &dynamodb.ScanInput{TableName: &name})
	stored := map[string][2]string{}
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range page.Items {
			pk, sk := i["pk"].(*types.AttributeValueMemberS).Value, i["sk"].(*types.AttributeValueMemberS).Value
			if strings.HasPrefix(pk, "T#") && strings.HasPrefix(sk, "E#") {
				keys = append(keys, pk+" "+sk)
				words, _ := i["words"].(*types.AttributeValueMemberS)
				if words == nil {
					words = &types.AttributeValueMemberS{}
				}
				stored[pk+" "+sk] = [2]string{i["body"].(*types.AttributeValueMemberS).Value, words.Value}
			}
		}
	}
	slices.Sort(keys)
	for _, k := range keys {
		if err := count.Add(stored[k][0], stored[k][1]); err != nil {
			t.Fatal(err)
		}
	}
	return count
}

// newMaker is the digest function's, but for papers, which are made from the figures compared here.
func newMaker(t *testing.T, table *dynamo.Table, count *recount.Desk) *meeting.Maker {
	t.Helper()
	files, err := s3.Open(t.TempDir(), s3.Options{})
	if err == nil {
		err = files.CreateBucket("papers")
	}
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(files)
	t.Cleanup(web.Close)
	return &meeting.Maker{
		Editions: table, Tickets: table, Files: bucket.OpenPapers(awstest.Config(web.URL), "papers"),
		Office:    func(context.Context) (*office.Office, int, error) { return office.Default(), 0, nil },
		Decisions: (&meeting.Office{Decisions: decided{table, count}, Offices: builtIn{}}).Report,
		Write:     func(context.Context, meeting.Draft) ([]meeting.Paper, error) { return nil, nil },
		Broken:    func(_ context.Context, number string, why error) { t.Errorf("%s is broken: %v", number, why) },
		Shards:    dynamo.MonthShards, Width: 4,
	}
}

// decided is the table, and what its meetings decided: of the made-up tickets there is no record of a decision.
type decided struct {
	*dynamo.Table
	count *recount.Desk
}

// DecisionsOf implements meeting.Decisions.
func (d decided) DecisionsOf(_ context.Context, month digest.Month) (all []meeting.Resolved, err error) {
	for i, number := range d.count.Decided(month.Start()) {
		all = append(all, meeting.Resolved{Month: month, Number: i + 1, Ticket: number})
	}
	return all, nil
}

type builtIn struct{}

// Current implements visitor.Offices.
func (builtIn) Current(context.Context) (*office.Office, int, error) { return office.Default(), 0, nil }

// compare holds the parts of a digest that are counted from tickets to the recount, by their JSON.
func compare(t *testing.T, month string, got digest.Digest, want recount.Month) {
	t.Helper()
	if got.Broken != 0 || !got.Whole || got.Tally.MoreFeed != 0 || got.Earlier.MoreFeed != 0 {
		t.Errorf("%s: broken %d, whole %v, more feedback %d and %d", month, got.Broken, got.Whole, got.Tally.MoreFeed, got.Earlier.MoreFeed)
	}
	figures := map[string]any{"tally": got.Tally, "earlier": got.Earlier, "decisions": got.Decisions, "root": got.Root, "tickets": got.Tickets}
	same(t, month, plain(t, figures), plain(t, want))
	if got.Tickets < 50 || len(got.Tally.Kinds) < 4 || len(got.Tally.Waits) == 0 {
		t.Errorf("%s: %d tickets: a month so empty proves nothing", month, got.Tickets)
	}
}

func plain(t *testing.T, v any) any {
	t.Helper()
	body, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var out any
	if err := json.Unmarshal(body, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// same names every place at which two JSON values differ. null and an empty list or object are the same.
func same(t *testing.T, at string, got, want any) {
	t.Helper()
	a, aIs := got.(map[string]any)
	b, bIs := want.(map[string]any)
	if aIs || bIs {
		names := map[string]bool{}
		for name := range a {
			names[name] = true
		}
		for name := range b {
			names[name] = true
		}
		for name := range names {
			same(t, at+"."+name, a[name], b[name])
		}
		return
	}
	x, y := fmt.Sprint(got), fmt.Sprint(want)
	if x != y && !(empty(got) && empty(want)) {
		t.Errorf("%s: the digest says %s, counted again %s", at, x, y)
	}
}

func empty(v any) bool { return v == nil || fmt.Sprint(v) == "[]" }

// printed compares what is worked out of the figures for the papers.
func printed(t *testing.T, month string, got digest.Tally, want recount.Tally) {
	t.Helper()
	of := func(name string, f digest.Figures, w recount.Figures) {
		t.Helper()
		prints(t, month, name, f, w)
	}
	of("all", got.All, want.All)
	for section, f := range got.Sections {
		of(section, f, want.Sections[section])
	}
	for kind, f := range got.Kinds {
		of(string(kind), f, want.Kinds[string(kind)])
	}
	for category, f := range got.Categories {
		of(category, f, want.Categories[category])
	}
	for _, n := range []int{3, 10} {
		if x, y := lines(got.HotSpots(n)), want.Hot(n); !slices.Equal(x, y) {
			t.Errorf("%s: hot spots %v, counted again %v", month, x, y)
		}
		if x, y := lines(got.RepeatedMatters(n)), want.RepeatedMatters(n); !slices.Equal(x, y) {
			t.Errorf("%s: repeated matters %v, counted again %v", month, x, y)
		}
	}
}

// prints compares rates and days as they are printed.
func prints(t *testing.T, period, name string, f digest.Figures, w recount.Figures) {
	t.Helper()
	p := recount.Printed{
		OnTime: percent(f.OnTime()), Response: percent(f.Response), Solved: percent(f.Solved), Satisfied: percent(f.Satisfied),
		Median: quantile(f, 0.5), Most: quantile(f, 0.9),
	}
	if p != w.Print() {
		t.Errorf("%s %s: the digest prints %+v, counted again %+v", period, name, p, w.Print())
	}
}

func lines(all []digest.Count) []string {
	var out []string
	for _, c := range all {
		out = append(out, fmt.Sprintf("%s %s %d", c.Spot, c.Category, c.N))
	}
	return out
}

func percent(r digest.Rate) string {
	p, ok := r.Percent()
	if !ok {
		return "-"
	}
	return fmt.Sprintf("%.1f", p)
}

func quantile(f digest.Figures, q float64) string {
	days, ok := f.Quantile(q)
	if !ok {
		return "-"
	}
	return fmt.Sprint(days)
}

// The recount shares no code with what it is held to: it imports nothing of this project, nor of anybody else's.
func TestSharesNoCode(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range f.Imports {
			if path, _ := strconv.Unquote(i.Path.Value); strings.Contains(path, ".") || strings.HasPrefix(path, "steledesk") {
				t.Errorf("%s imports %s", file, path)
			}
		}
	}
}
