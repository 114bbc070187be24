package recount

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// Decision is what a meeting decided, and where it stands.
type Decision struct {
	Matter
	Meeting  string    `json:"meeting"`
	Text     string    `json:"text"`
	AnswerBy time.Time `json:"answerBy"`
	Answer   string    `json:"answer,omitempty"`
}

// Decided lists the numbers of the decisions of the meeting over a month: it is held in the next.
func (d *Desk) Decided(month time.Time) []string {
	var all []string
	for _, number := range slices.Sorted(maps.Keys(d.tickets)) {
		first := d.tickets[number][0]
		if first.After.Kind == "resolution" && !first.At.Before(month.AddDate(0, 1, 0)) && first.At.Before(month.AddDate(0, 2, 0)) {
			all = append(all, number)
		}
	}
	slices.SortFunc(all, func(a, b string) int {
		return cmp.Or(d.tickets[a][0].At.Compare(d.tickets[b][0].At), cmp.Compare(a, b))
	})
	return all
}

// Decisions lists what a digest tells of decisions, the oldest meetings' first.
func (d *Desk) Decisions(start time.Time) []Decision {
	end := start.AddDate(0, 1, 0)
	var all []Decision
	for month := start.AddDate(-2, 0, 0); month.Before(start); month = month.AddDate(0, 1, 0) {
		for _, number := range d.Decided(month) {
			was, is := d.at(number, start), d.at(number, end)
			if is == nil || was != nil && !isOpen(was.state) && is.reopened == was.reopened {
				continue
			}
			all = append(all, d.decision(is, month, end))
		}
	}
	return all
}

func (d *Desk) decision(c *one, month, cutOff time.Time) Decision {
	told := Decision{
		Matter:  Matter{c.number, c.section, c.state, c.timing, c.days},
		Meeting: month.Format("2006-01"), Text: d.tickets[c.number][0].text,
	}
	draft := ""
	for _, e := range d.tickets[c.number] {
		if !e.At.Before(cutOff) {
			break
		}
		told.AnswerBy = e.After.AnswerBy
		switch {
		case e.What == "reopened":
			told.Answer = ""
		case e.What == "answered" && e.Data.Draft:
			draft = e.text
		case e.What == "approved":
			told.Answer = draft
		case e.What == "answered", e.What == "declined", e.What == "referred":
			told.Answer = e.text
		}
	}
	return told
}
