package demo

import (
	"math/rand/v2"
	"time"

	"steledesk/shared/ticket"
)

// hours moves a time into office hours: into the next working day mostly, since some work at weekends too.
func (d *Desk) hours(r *rand.Rand, t time.Time) time.Time {
	for range ahead {
		y, m, day := t.Date()
		opens, closes := d.office.Desk.Opens, d.office.Desk.Closes
		open := time.Date(y, m, day, opens.Hour, opens.Minute, 0, 0, ticket.Zone)
		shut := time.Date(y, m, day, closes.Hour, closes.Minute, 0, 0, ticket.Zone)
		switch {
		case !d.worked(t) && r.IntN(6) > 0, !t.Before(shut):
			t = time.Date(y, m, day+1, 0, 0, 0, 0, ticket.Zone)
		case t.Before(open):
			return open.Add(time.Duration(r.Int64N(int64(shut.Sub(open) / 3))))
		default:
			return t
		}
	}
	return t
}

// soon is within some office hours from at, sooner mostly.
func (g *group) soon(at time.Time, hours float64) time.Time {
	share := g.r.Float64()
	t := g.desk.hours(g.r, at.Add(time.Minute))
	return g.desk.hours(g.r, t.Add(time.Duration(share*share*hours*float64(time.Hour))))
}

// before is at a share of the time that is left until the answer is due, in office hours.
func (g *group) before(l *life, at time.Time, share float64) time.Time {
	left := l.head.Due.AnswerBy.Sub(at)
	if l.head.Due.AnswerBy.IsZero() || left <= 0 {
		return g.soon(at, 8)
	}
	return g.desk.hours(g.r, at.Add(time.Duration(share*g.r.Float64()*float64(left))))
}

// answerAt is when a section answers: by its habits, late when it lets the date pass, and soon once it was urged.
func (g *group) answerAt(l *life, at time.Time) time.Time {
	due := l.head.Due.AnswerBy
	if l.head.Urgent && !l.late && at.Before(due) {
		return at.Add(time.Duration(float64(due.Sub(at)) * (0.1 + 0.5*g.r.Float64())))
	}
	switch {
	case due.IsZero():
		return g.desk.hours(g.r, at.AddDate(0, 0, 3+g.r.IntN(8)))
	case l.idle && l.head.Overseen == 0 && at.Before(due.AddDate(0, 0, 20)):
		return g.desk.hours(g.r, due.AddDate(0, 0, 20+g.r.IntN(60)))
	case l.late && at.Before(due):
		return g.desk.hours(g.r, due.AddDate(0, 0, 1+g.r.IntN(9)))
	case !at.Before(due) && l.idle:
		return g.desk.hours(g.r, at.AddDate(0, 0, 2+g.r.IntN(20)))
	case !at.Before(due):
		return g.soon(at, 30)
	}
	share := min(0.9, g.habits(l).pace*(0.3+1.1*g.r.Float64()))
	return g.desk.hours(g.r, at.Add(time.Duration(share*float64(due.Sub(at)))))
}
