package papers

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"steledesk/shared/digest"
	"steledesk/shared/office"
	"steledesk/shared/ticket"
)

// sample makes a month of n cases, the same for the same seed, with everything that a digest can say.
func sample(t testing.TB, n int) Input {
	t.Helper()
	o := office.Default()
	cases := sampleCases(o, n)
	d := digest.Digest{
		Month: "2026-10", CutOff: digest.Month("2026-10").End(), Whole: true, Office: 3, Edition: 2, Reason: "补录了一件漏登的电话投诉",
		Changes: []digest.Change{{Figure: "all.received", Was: "39", Is: "40"}, {Figure: "sections.ticketing.overdue", Was: "", Is: "1"},
			{Figure: "decisions.WX-RS000001", Was: "handling pending", Is: "handling overdue"}, {Figure: "earlier.still", Was: "2", Is: "3"},
			{Figure: "places.BL01.queueing", Was: "4", Is: "5"}, {Figure: "root", Was: "ab", Is: "cd"}, {Figure: "monthAgo.received", Was: "31", Is: "30"}},
		Earlier: digest.Earlier{Known: true, Open: 6, Answered: 4, Late: 1, Reopened: 1, Still: 3, Overdue: 2,
			Waits:    []digest.Wait{{Number: "WX-EA000001", Kind: ticket.Complaint, Category: "toilets", Spot: "BL03", Section: "gardens", Timing: digest.Overdue, Days: 27}},
			Feedback: []digest.Matter{{Number: "WX-FB000009", Section: "works", State: ticket.Handling, Timing: digest.Overdue, Days: 16}}},
		Decisions: []digest.Decision{
			{Matter: digest.Matter{Number: "WX-RS000001", Section: "works", State: ticket.Handling, Timing: digest.Overdue, Days: 21}, Meeting: "2026-08",
				Text: "临水步道护栏于国庆前全部检修一遍，破损的更换，并在入口处公示检修结果", AnswerBy: time.Date(2026, 9, 30, 23, 59, 59, 0, ticket.Zone)},
			{Matter: digest.Matter{Number: "WX-RS000002", Section: "ticketing", State: ticket.Closed, Timing: digest.InTime, Days: 5}, Meeting: "2026-09",
				Text: "公示优惠票办理条件", AnswerBy: time.Date(2026, 10, 20, 23, 59, 59, 0, ticket.Zone), Answer: "已在售票窗口和公众号公示"},
		},
		Root: "3f0c4b4a0e6d4b1c9d8e7f60515243342516170819aabbccddeeff0011223344", Tickets: n + 7,
	}
	before := digest.Tally{}
	for _, c := range sampleCases(o, max(3, n*3/4)) {
		before.Add(c)
	}
	d.MonthAgo = &digest.Past{Month: "2026-09", All: before.All}
	d.YearAgo = &digest.Past{Month: "2025-10", All: before.All.Plus(before.All)}
	for _, c := range cases {
		d.Tally.Add(c)
	}
	return Input{
		Digest: d, Office: o, PublicURL: "https://desk.example.cn",
		Lines: func() iter.Seq2[digest.Case, error] {
			return func(yield func(digest.Case, error) bool) {
				for _, c := range cases {
					if !yield(c, nil) {
						return
					}
				}
			}
		},
		Meeting: &Meeting{Start: time.Date(2026, 11, 5, 9, 0, 0, 0, ticket.Zone), End: time.Date(2026, 11, 5, 11, 0, 0, 0, ticket.Zone), Place: "管理处二楼会议室", Version: 2},
	}
}

// sampleCases makes n visitors' cases and a few reports, feedback and decisions among them.
func sampleCases(o *office.Office, n int) []digest.Case {
	r := rand.New(rand.NewPCG(1, uint64(n)))
	var leaves []office.Category
	for _, top := range o.Categories {
		for _, sub := range top.Sub {
			if c, _ := o.Category(sub.ID); !c.Confidential {
				leaves = append(leaves, c)
			}
		}
	}
	kinds := []ticket.Kind{ticket.Complaint, ticket.Complaint, ticket.Complaint, ticket.Suggestion, ticket.Enquiry, ticket.Praise}
	var all []digest.Case
	for i := range n {
		c := leaves[min(r.IntN(len(leaves)), r.IntN(len(leaves)))]
		x := digest.Case{Number: fmt.Sprintf("WX-%08d", i), Kind: kinds[r.IntN(len(kinds))], Category: c.ID, Section: c.Section, Spot: o.Spots[min(r.IntN(len(o.Spots)), r.IntN(len(o.Spots)))].ID}
		x.FiledAt = digest.Month("2026-10").Start().Add(time.Duration(r.IntN(31*24*60)) * time.Minute)
		if r.IntN(9) == 0 {
			x.Spot, x.Category = "", ""
		}
		all = append(all, handled(r, x))
	}
	for i, k := range []ticket.Kind{ticket.Report, ticket.Report, ticket.Feedback, ticket.Feedback, ticket.Feedback, ticket.Resolution} {
		x := handled(r, digest.Case{Number: fmt.Sprintf("WX-S%07d", i), Kind: k, Category: "litter", Spot: "BL01", Section: "gardens"})
		x.FiledAt = digest.Month("2026-10").Start().Add(time.Duration(i) * 50 * time.Hour)
		all = append(all, x)
	}
	slices.SortFunc(all, func(a, b digest.Case) int { return a.FiledAt.Compare(b.FiledAt) })
	return all
}

// handled gives a case a fate.
func handled(r *rand.Rand, x digest.Case) digest.Case {
	x.AnswerBy = x.FiledAt.AddDate(0, 0, 7)
	x.Days, x.Awaited, x.Responded = r.IntN(12), r.IntN(20) > 0, r.IntN(8) > 0
	x.Responded = x.Responded && x.Awaited
	switch r.IntN(12) {
	case 0:
		x.State, x.Timing = ticket.Handling, digest.Overdue
	case 1:
		x.State, x.Timing = ticket.Handling, digest.Pending
	case 2:
		x.State, x.Timing, x.Outcome = ticket.Withdrawn, digest.Withdrawn, ticket.OutcomeWithdraw
	case 3:
		x.State, x.Timing, x.Outcome = ticket.Answered, digest.Late, ticket.Explained
	default:
		x.State, x.Timing, x.Outcome = ticket.Closed, digest.InTime, ticket.OutcomeSolved
	}
	if !x.State.Open() && x.State != ticket.Withdrawn && r.IntN(2) == 0 {
		x.Level, x.Solved = 1+r.IntN(5), []ticket.Solved{ticket.SolvedYes, ticket.SolvedPartly, ticket.SolvedNo}[r.IntN(3)]
	}
	if r.IntN(10) == 0 {
		x.Returns, x.ReturnedBy = 2, []string{"ticketing", "works"}
	}
	x.Extended, x.Reopened, x.Urged, x.Overseen = r.IntN(8)/7, r.IntN(12)/11, r.IntN(9)/8, r.IntN(30)/29
	return x
}
