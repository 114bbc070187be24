package demo

import (
	"fmt"
	"math/rand/v2"
	"time"

	"steledesk/shared/office"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
)

// kinds are how many of a hundred filings are what.
var kinds = []struct {
	kind  ticket.Kind
	share int
}{
	{ticket.Complaint, 50}, {ticket.Enquiry, 22}, {ticket.Suggestion, 14}, {ticket.Praise, 9}, {ticket.Report, 2}, {ticket.Feedback, 3},
}

const (
	feedbackMonth = 60 // supervisors are a dozen: this is about how much feedback they file in a month at most
	decisions     = 3  // that a meeting comes to
	supervisors   = 5  // logins: supervisor, supervisor-2 …
)

// trouble is a matter that many file about for some days of a month: what makes a spot hot.
type trouble struct {
	matter
	spot        string
	first, days int // days of the month
}

// troubles are those of a month, the same whoever asks.
func (d *Desk) troubles(day time.Time) []trouble {
	y, m, _ := day.Date()
	r := rand.New(rand.NewPCG(d.spec.Seed^0x7F00, uint64(y*12+int(m))))
	all := make([]trouble, 3)
	for i := range all {
		m := heaviest(r, d.matters[ticket.Complaint])
		all[i] = trouble{matter: m, spot: pick(r, m.Spots), first: 1 + r.IntN(20), days: 5 + r.IntN(12)}
	}
	return all
}

// filing is what somebody files, and how to reach them.
type filing struct {
	cmd     ticket.Command
	contact visitor.Contact
}

// heaviest picks a matter by its weight.
func heaviest(r *rand.Rand, from []matter) matter {
	sum := 0
	for _, m := range from {
		sum += m.Weight
	}
	n := r.IntN(sum)
	for _, m := range from {
		if n -= m.Weight; n < 0 {
			return m
		}
	}
	return from[0]
}

// begin plans the next tickets of a day: one, or some that will be linked, and no more than left.
func (d *Desk) begin(day time.Time, serial, left int, troubles []trouble) *group {
	r := rand.New(rand.NewPCG(d.spec.Seed+0xD3, uint64(day.Unix())<<serialBits|uint64(serial)))
	g := &group{desk: d, r: r, terms: &office.Tolerant{Terms: d.office}}
	at := day.Add(time.Duration(hour(r))*time.Hour + time.Duration(r.IntN(3600_000))*time.Millisecond)
	if d.meets(day) && left > d.counts[d.index(day)]-decisions {
		at = day.Add(15*time.Hour + time.Duration(left)*time.Second)
		g.file(at, serial, d.decide(r, at))
		return g
	}
	for _, t := range troubles {
		if n := day.Day() - t.first; n >= 0 && n < t.days && r.Float64() < 0.09 {
			g.many(at, serial, left, t)
			return g
		}
	}
	g.file(at, serial, d.matter(r, at, d.kind(r)))
	return g
}

// many files what several visitors saw within hours of each other, or one of them.
func (g *group) many(at time.Time, serial, left int, t trouble) {
	n := 1
	if g.r.Float64() < 0.35 {
		n = min(left, 2+g.r.IntN(3))
	}
	until := time.Date(at.Year(), at.Month(), at.Day(), 23, 59, 59, 0, ticket.Zone)
	for i := range n {
		g.file(at, serial+i, g.desk.visitors(g.r, at, ticket.Complaint, t.matter, t.spot))
		at = at.Add(time.Duration(g.r.Int64N(int64(until.Sub(at)/4) + 1)))
	}
}

func hour(r *rand.Rand) int {
	sum := 0
	for _, n := range busyHours {
		sum += n
	}
	at := r.IntN(sum)
	for hour, n := range busyHours {
		if at -= n; at < 0 {
			return hour
		}
	}
	return 12
}

func (d *Desk) kind(r *rand.Rand) ticket.Kind {
	n := r.IntN(100)
	for _, k := range kinds {
		if n -= k.share; n >= 0 {
			continue
		}
		if k.kind == ticket.Feedback && r.IntN(d.spec.PerMonth*3/100+1) > feedbackMonth {
			return ticket.Complaint
		}
		if k.kind != ticket.Feedback && len(d.matters[k.kind]) == 0 {
			return ticket.Complaint
		}
		return k.kind
	}
	return ticket.Complaint
}

// matter is what somebody files.
func (d *Desk) matter(r *rand.Rand, at time.Time, k ticket.Kind) filing {
	if k == ticket.Feedback {
		return filing{d.observe(r, at), visitor.Contact{}}
	}
	m := heaviest(r, d.matters[k])
	return d.visitors(r, at, k, m, pick(r, m.Spots))
}

// visitors is a visitor's filing.
func (d *Desk) visitors(r *rand.Rand, at time.Time, k ticket.Kind, m matter, spot string) filing {
	c := ticket.Command{Name: ticket.File, By: ticket.Actor{Role: ticket.Visitor}, Kind: k, Category: m.Category, Spot: spot, Language: "zh"}
	about := scene{at: at, spot: d.spotName(spot)}
	c.Text = d.text(r, at, k, m, about)
	if foreign := d.words.English[k]; len(foreign) > 0 && r.IntN(40) == 0 {
		c.Language = "en"
		about.spot = d.office.SpotName(spot, "en")
		c.Text, c.Category = d.fill(r, pick(r, foreign), about), "other"
	}
	if k == ticket.Complaint && c.Language == "zh" && r.IntN(4) == 0 {
		c.Wish = pick(r, d.words.Wishes)
	}
	if r.IntN(5) == 0 {
		c.HappenedAt = ticket.Instant(at.Add(-time.Duration(10+r.IntN(300)) * time.Minute).Truncate(time.Minute))
	}
	c.Publishable = r.IntN(3) == 0
	contact := visitor.Contact{Name: "演示数据", Phone: fmt.Sprintf("000%08d", r.IntN(100_000_000))}
	if r.IntN(100) < 45 {
		contact = visitor.Contact{}
	}
	c.Anonymous = contact == visitor.Contact{}
	return filing{c, contact}
}

func (d *Desk) spotName(id string) string {
	if id == "" {
		return ""
	}
	return d.office.SpotName(id, "zh")
}

// text puts a visitor's text together.
func (d *Desk) text(r *rand.Rand, at time.Time, k ticket.Kind, m matter, about scene) string {
	opening, closing := "", pick(r, d.words.Closings)
	switch {
	case k == ticket.Report:
	case k == ticket.Enquiry:
		closing = pick(r, d.words.EnquiryClosings)
	case d.rest(d.index(at)) >= 3 && r.IntN(2) == 0:
		opening = pick(r, d.words.HolidayOpenings)
	default:
		opening = pick(r, d.words.Openings)
	}
	switch k {
	case ticket.Praise:
		closing = pick(r, d.words.PraiseClosings)
	case ticket.Suggestion:
		closing = pick(r, d.words.SuggestionClosings)
	}
	return d.fill(r, opening+pick(r, m.texts(k))+closing, about)
}

// observe is a supervisor's feedback.
func (d *Desk) observe(r *rand.Rand, at time.Time) ticket.Command {
	m := heaviest(r, d.matters[ticket.Complaint])
	spot := pick(r, m.Spots)
	section := d.office.Route(office.Matter{Kind: ticket.Feedback, Category: m.Category, Spot: spot}).Section
	text := d.fill(r, pick(r, d.words.Feedback)+"。", scene{at: at, spot: d.spotName(spot), section: d.office.SectionName(section, "zh")})
	return ticket.Command{
		Name: ticket.File, By: ticket.Actor{Role: ticket.Supervisor, Login: login("supervisor", r.IntN(supervisors))},
		Kind: ticket.Feedback, Category: m.Category, Spot: spot, Text: text, Anonymous: true, Language: "zh",
	}
}

// meets reports whether a day is that of the month's meeting: the sixth that is worked.
func (d *Desk) meets(day time.Time) bool {
	n := 0
	for i := d.index(day) - day.Day() + 1; i <= d.index(day); i++ {
		if i >= 0 && d.works[i] {
			n++
		}
	}
	return n == 6 && d.worked(day)
}

// decide is what a meeting decided.
func (d *Desk) decide(r *rand.Rand, at time.Time) filing {
	m := heaviest(r, d.matters[ticket.Complaint])
	spot := pick(r, m.Spots)
	section := d.office.Route(office.Matter{Kind: ticket.Resolution, Category: m.Category, Spot: spot}).Section
	day := at.AddDate(0, 0, 10+r.IntN(25))
	return filing{cmd: ticket.Command{
		Name: ticket.File, By: ticket.Actor{Role: ticket.OfficeStaff, Login: "office", Section: ticket.OfficeSection},
		Kind: ticket.Resolution, Category: m.Category, Spot: spot, Section: section, Anonymous: true, Language: "zh",
		AnswerBy: time.Date(day.Year(), day.Month(), day.Day(), 23, 59, 59, 0, ticket.Zone),
		Text:     d.fill(r, pick(r, d.words.Resolution)+"。", scene{at: at, spot: d.spotName(spot), section: d.office.SectionName(section, "zh")}),
	}}
}
