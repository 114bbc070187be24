package demo

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"steledesk/shared/ticket"
)

// habits are how a section works. Shares are of its tickets.
type habits struct {
	pace   float64 // how much of the time it has it takes, usually
	late   float64 // share that it answers late, or would without being urged
	unsign float64 // share that it signs late
	back   float64 // share that it sends back
	extend float64
	ask    float64
	good   float64 // how content visitors are with its answers, 0 … 1
}

// usual is a section of which nothing is known.
var usual = habits{pace: 0.5, late: 0.06, unsign: 0.05, back: 0.03, extend: 0.05, ask: 0.07, good: 0.72}

// known are the habits of the built-in data's sections: some are diligent, some are not.
var known = map[string]habits{
	"office":      {pace: 0.4, late: 0.02, unsign: 0.02, back: 0, extend: 0.03, ask: 0.06, good: 0.75},
	"discipline":  {pace: 0.6, late: 0.02, unsign: 0.01, back: 0, extend: 0.12, ask: 0.1, good: 0.7},
	"ticketing":   {pace: 0.3, late: 0.02, unsign: 0.02, back: 0.02, extend: 0.02, ask: 0.1, good: 0.8},
	"security":    {pace: 0.5, late: 0.06, unsign: 0.05, back: 0.05, extend: 0.04, ask: 0.06, good: 0.68},
	"gardens":     {pace: 0.65, late: 0.12, unsign: 0.12, back: 0.04, extend: 0.05, ask: 0.04, good: 0.62},
	"visitors":    {pace: 0.25, late: 0.01, unsign: 0.01, back: 0.02, extend: 0.01, ask: 0.08, good: 0.86},
	"relics":      {pace: 0.45, late: 0.03, unsign: 0.03, back: 0.02, extend: 0.1, ask: 0.08, good: 0.8},
	"exhibition":  {pace: 0.4, late: 0.03, unsign: 0.03, back: 0.02, extend: 0.05, ask: 0.05, good: 0.82},
	"works":       {pace: 0.75, late: 0.16, unsign: 0.1, back: 0.06, extend: 0.18, ask: 0.04, good: 0.55},
	"business":    {pace: 0.6, late: 0.1, unsign: 0.08, back: 0.1, extend: 0.06, ask: 0.06, good: 0.5},
	"enforcement": {pace: 0.6, late: 0.08, unsign: 0.08, back: 0.08, extend: 0.06, ask: 0.05, good: 0.58},
}

// habitsOf varies each section's habits with the seed.
func (d *Desk) habitsOf() map[string]habits {
	all := map[string]habits{}
	for i, s := range d.office.Sections {
		r := rand.New(rand.NewPCG(d.spec.Seed+0x4AB, uint64(i)))
		h, is := known[s.ID]
		if !is {
			h = usual
		}
		h.late *= 0.6 + 0.9*r.Float64()
		h.back *= 0.6 + 0.9*r.Float64()
		h.good = min(0.95, h.good*(0.9+0.2*r.Float64()))
		all[s.ID] = h
	}
	return all
}

func (g *group) habits(l *life) habits {
	h, is := g.desk.habits[l.head.Section]
	if !is {
		return usual
	}
	return h
}

func login(section string, n int) string {
	if n == 0 {
		return section
	}
	return section + "-" + strconv.Itoa(n+1)
}

// worker is who acts for the responsible section: somebody who did not answer an earlier round.
func (g *group) worker(l *life) ticket.Actor {
	by := ticket.Actor{Role: ticket.SectionStaff, Login: l.head.Handler, Section: l.head.Section}
	if by.Login == "" {
		by.Login = l.fresh()
	}
	switch by.Section {
	case ticket.OfficeSection:
		by.Role = ticket.OfficeStaff
	case ticket.DisciplineSection:
		by.Role = ticket.Discipline
	}
	return by
}

// fresh is somebody of the section who has not had the ticket.
func (l *life) fresh() string {
	n := 0
	for slices.Contains(l.head.Barred, login(l.head.Section, n)) || l.head.Handler == login(l.head.Section, n) {
		n++
	}
	return login(l.head.Section, n)
}

// decider is who decides as the office does.
func decider(l *life) ticket.Actor {
	if l.head.Kind.Confidential() {
		return ticket.Actor{Role: ticket.Discipline, Login: "discipline", Section: ticket.DisciplineSection}
	}
	return ticket.Actor{Role: ticket.OfficeStaff, Login: "office", Section: ticket.OfficeSection}
}

// planStaff plans what the desk does next about a ticket.
func (g *group) planStaff(l *life, at time.Time) {
	l.staff = act{}
	if l.head.Lead != "" && l.head.State.Open() { // its lead is answered for both
		return
	}
	switch l.head.State {
	case ticket.Triage:
		g.staff(l, g.soon(at, 6), g.assignment(l, ticket.Assign))
	case ticket.Assigned:
		g.planAssigned(l, at)
	case ticket.Handling:
		g.planHandling(l, at)
	case ticket.Waiting:
		g.staff(l, g.desk.hours(g.r, at.AddDate(0, 0, 6+g.r.IntN(6))), g.answer(l, at))
	case ticket.Returned:
		g.planReturned(l, at)
	case ticket.Review:
		g.planReview(l, at)
	case ticket.Answered, ticket.Closed:
		if l.head.Publishable && !l.head.Published && !l.did[ticket.Publish] && g.r.IntN(3) == 0 {
			g.once(l, g.soon(at, 30), ticket.Command{Name: ticket.Publish, By: decider(l)})
		}
		l.did[ticket.Publish] = true
	}
}

func (g *group) staff(l *life, at time.Time, c ticket.Command) { l.staff = act{at, c} }

// once plans a frill: it is not done again in this round.
func (g *group) once(l *life, at time.Time, c ticket.Command) {
	l.did[c.Name] = true
	g.staff(l, at, c)
}

// chance reports whether a frill is done that was not done in this round.
func (g *group) chance(l *life, n ticket.Name, share float64) bool {
	return !l.plain && !l.did[n] && g.r.Float64() < share
}

func (g *group) say(from []string, l *life, at time.Time) string {
	top, _ := g.desk.office.TopCategory(l.head.Category)
	return g.desk.fill(g.r, pick(g.r, from), scene{
		at: at, spot: g.desk.spotName(l.head.Spot), section: g.desk.office.SectionName(l.head.Section, "zh"), topic: top.ID,
	})
}

func (g *group) planAssigned(l *life, at time.Time) {
	w, h, ordinary := g.desk.words, g.habits(l), !l.head.Urgent && !l.head.Kind.Confidential() && l.head.Kind != ticket.Resolution
	switch {
	case ordinary && !l.head.Due.ReturnBy.IsZero() && g.chance(l, ticket.Return, h.back):
		g.once(l, g.soon(at, 5), ticket.Command{Name: ticket.Return, By: g.worker(l), Text: g.say(w.Returns, l, at)})
	case ordinary && g.chance(l, ticket.Transfer, 0.015):
		c := g.assignment(l, ticket.Transfer)
		l.did[ticket.Transfer] = true
		g.staff(l, g.soon(at, 4), c)
	case ordinary && l.head.Kind != ticket.Feedback && g.chance(l, ticket.Decline, 0.012):
		g.once(l, g.soon(at, 8), ticket.Command{Name: ticket.Decline, By: decider(l), Reason: "not-ours", Text: g.say(w.Declines, l, at)})
	case l.head.Urgent:
		wait := time.Duration(2+g.r.IntN(24)) * time.Minute
		if g.r.Float64() < h.unsign*1.5 {
			wait = time.Duration(31+g.r.IntN(200)) * time.Minute
		}
		g.staff(l, at.Add(wait), ticket.Command{Name: ticket.Sign, By: g.worker(l)})
	case g.r.Float64() < h.unsign && !l.plain:
		g.staff(l, g.desk.hours(g.r, at.AddDate(0, 0, 2+g.r.IntN(4))), ticket.Command{Name: ticket.Sign, By: g.worker(l)})
	default:
		g.staff(l, g.soon(at, 7), ticket.Command{Name: ticket.Sign, By: g.worker(l)})
	}
}

func (g *group) planHandling(l *life, at time.Time) {
	w, h := g.desk.words, g.habits(l)
	ordinary := !l.head.Urgent && !l.head.Kind.Confidential()
	switch {
	case ordinary && g.chance(l, ticket.Ask, h.ask):
		g.once(l, g.soon(at, 8), ticket.Command{Name: ticket.Ask, By: g.worker(l), Text: g.say(w.Asks, l, at)})
	case g.chance(l, ticket.Note, 0.12):
		g.once(l, g.soon(at, 10), ticket.Command{Name: ticket.Note, By: g.worker(l), Text: g.say(w.Notes, l, at)})
	case g.chance(l, ticket.Extend, h.extend) && g.longest(l) > 0:
		g.once(l, g.before(l, at, 0.8), ticket.Command{
			Name: ticket.Extend, By: g.worker(l), Days: 1 + g.r.IntN(g.longest(l)), Text: g.say(w.Extensions, l, at),
		})
	case ordinary && l.head.Kind == ticket.Complaint && g.chance(l, ticket.Refer, g.outside(l)):
		g.once(l, g.before(l, at, 0.5), ticket.Command{
			Name: ticket.Refer, By: decider(l), To: pick(g.r, w.Bodies), Text: g.say(w.Referrals, l, at),
		})
	case g.chance(l, ticket.HandOver, 0.03):
		g.once(l, g.soon(at, 12), ticket.Command{
			Name: ticket.HandOver, By: g.worker(l), Handler: l.fresh(), Text: g.say(w.Notes, l, at),
		})
	case g.chance(l, ticket.Urge, 0.02):
		g.once(l, g.before(l, at, 0.7), ticket.Command{Name: ticket.Urge, By: decider(l), Text: g.say(w.Urges, l, at)})
	case g.chance(l, ticket.Oversee, 0.008):
		g.once(l, g.before(l, at, 0.6), ticket.Command{Name: ticket.Oversee, By: decider(l), Text: g.say(w.Overseen, l, at)})
	default:
		g.staff(l, g.answerAt(l, at), g.answer(l, at))
	}
}

func (g *group) planReturned(l *life, at time.Time) {
	if g.r.IntN(5) < 2 {
		g.staff(l, g.soon(at, 6), ticket.Command{Name: ticket.Deny, By: decider(l), Text: g.say(g.desk.words.Denials, l, at)})
		return
	}
	c := g.assignment(l, ticket.Uphold)
	c.Text = g.say(g.desk.words.Upholds, l, at)
	if g.r.IntN(6) == 0 { // the office has to think about whose it is
		c.Section = ""
	}
	g.staff(l, g.soon(at, 6), c)
}

func (g *group) planReview(l *life, at time.Time) {
	if g.chance(l, ticket.Reject, 0.06) {
		g.once(l, g.soon(at, 6), ticket.Command{Name: ticket.Reject, By: decider(l), Text: g.say(g.desk.words.Rejections, l, at)})
		return
	}
	g.staff(l, g.soon(at, 6), ticket.Command{Name: ticket.Approve, By: decider(l), Text: g.say(g.desk.words.Approvals, l, at)})
}

// assignment gives a ticket to another section than the one that has it.
func (g *group) assignment(l *life, n ticket.Name) ticket.Command {
	c := ticket.Command{Name: n, By: decider(l), Text: g.say(g.desk.words.Transfers, l, l.head.FiledAt)}
	if l.head.Kind.Confidential() {
		c.Section = ticket.DisciplineSection
		return c
	}
	var others []string
	for _, s := range g.desk.office.Sections {
		if s.ID != ticket.DisciplineSection && s.ID != l.head.Section {
			others = append(others, s.ID)
		}
	}
	c.Section = pick(g.r, others)
	return c
}

// outside is the share of a section's matters that are none of the scenic area's.
func (g *group) outside(l *life) float64 {
	if top, ok := g.desk.office.TopCategory(l.head.Category); ok && (top.ID == "shops" || top.ID == "enforcement") {
		return 0.08
	}
	return 0.006
}

// longest is by how much a ticket's deadline may be extended; 0: not at all.
func (g *group) longest(l *life) int {
	return g.desk.office.Level(l.head.Kind, l.head.Urgent).Extend.N
}

func (g *group) answer(l *life, at time.Time) ticket.Command {
	c := ticket.Command{Name: ticket.Answer, By: g.worker(l), Outcome: g.outcome(l)}
	c.Text = g.say(g.desk.words.Answers[c.Outcome], l, at)
	if l.head.Kind == ticket.Enquiry {
		c.Text = g.say(g.desk.words.Answers["informed"], l, at)
	}
	if l.head.Language == "en" {
		c.Text = g.say(g.desk.words.Answers["english"], l, at)
	}
	return c
}

// outcome is what a matter comes to.
func (g *group) outcome(l *life) ticket.Outcome {
	good := g.r.Float64() < g.habits(l).good
	switch {
	case l.head.Kind == ticket.Praise:
		return ticket.Thanked
	case l.head.Kind == ticket.Enquiry:
		return ticket.Explained
	case l.head.Kind == ticket.Suggestion && good:
		return pick(g.r, []ticket.Outcome{ticket.Adopted, ticket.Adopted, ticket.PartlyAdopted})
	case l.head.Kind == ticket.Suggestion:
		return ticket.NotAdopted
	case good:
		return ticket.OutcomeSolved
	}
	return pick(g.r, []ticket.Outcome{ticket.PartlySolved, ticket.PartlySolved, ticket.Explained, ticket.Explained, ticket.NotSupported, ticket.Invalid})
}
