package papers

import "steledesk/shared/digest"

// measure is one of the figures that cases come to. It is a count, a rate, or working days.
type measure struct {
	key   string
	count func(digest.Figures) int
	rate  func(digest.Figures) digest.Rate
	share float64 // of the cases that were answered within so many days
}

// measures are all that are printed, by their keys.
func measures() []measure {
	return []measure{
		{key: "received", count: func(f digest.Figures) int { return f.Received }},
		{key: "withdrawn", count: func(f digest.Figures) int { return f.Withdrawn }},
		{key: "answerable", count: digest.Figures.Answerable},
		{key: "inTime", count: func(f digest.Figures) int { return f.InTime }},
		{key: "late", count: func(f digest.Figures) int { return f.Late }},
		{key: "open", count: digest.Figures.Open},
		{key: "overdue", count: func(f digest.Figures) int { return f.Overdue }},
		{key: "onTime", rate: digest.Figures.OnTime},
		{key: "response", rate: func(f digest.Figures) digest.Rate { return f.Response }},
		{key: "solved", rate: func(f digest.Figures) digest.Rate { return f.Solved }},
		{key: "satisfied", rate: func(f digest.Figures) digest.Rate { return f.Satisfied }},
		{key: "median", share: .5},
		{key: "ninetieth", share: .9},
		{key: "returned", count: func(f digest.Figures) int { return f.Returned }},
		{key: "extended", count: func(f digest.Figures) int { return f.Extended }},
		{key: "reopened", count: func(f digest.Figures) int { return f.Reopened }},
		{key: "urged", count: func(f digest.Figures) int { return f.Urged }},
		{key: "overseen", count: func(f digest.Figures) int { return f.Overseen }},
	}
}

// some gives the measures of these keys, in their order.
func some(keys ...string) []measure {
	var found []measure
	for _, key := range keys {
		for _, m := range measures() {
			if m.key == key {
				found = append(found, m)
			}
		}
	}
	return found
}

// figure writes what a measure comes to.
func (w *writer) figure(m measure, f digest.Figures) string {
	switch {
	case m.count != nil:
		return w.n(m.count(f))
	case m.rate != nil:
		return rate(m.rate(f))
	}
	return w.days(f.Quantile(m.share))
}

func (w *writer) figures(list []measure, f digest.Figures) []string {
	var texts []string
	for _, m := range list {
		texts = append(texts, w.figure(m, f))
	}
	return texts
}

// columns are the columns of measures, beside what they are of.
func (w *writer) columns(first string, width int, list []measure) []column {
	count, share := 9, 13
	if w.lang == "en" { // its words are not broken as Chinese is
		count, share, width = 11, 15, width-4
	}
	all := []column{{head: w.t(first), width: width, left: true}}
	for _, m := range list {
		width := count
		if m.rate != nil {
			width = share
		}
		all = append(all, column{head: w.t("short." + m.key), width: width})
	}
	return all
}
