package digest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// MaxChanges is how many changes a digest lists.
const MaxChanges = 200

// Change is a figure that a new edition gives otherwise than the one before.
type Change struct {
	Figure string `json:"figure"` // such as all.received or sections.ticketing.overdue
	Was    string `json:"was"`    // empty: none, or it was not there
	Is     string `json:"is"`     // empty: none, or it is not there any more
}

// Same reports whether two digests of a month say the same. Which edition it is, why it was made, when within the
// month, and by which version of the office data is no figure.
func (d Digest) Same(o Digest) bool {
	x, errX := d.figures()
	y, errY := o.figures()
	return errX == nil && errY == nil && string(x) == string(y)
}

func (d Digest) figures() ([]byte, error) {
	d.Edition, d.Reason, d.Changes, d.More, d.Office, d.CutOff = 0, "", nil, 0, 0, time.Time{}
	return json.Marshal(d)
}

// After makes d the edition that follows was, and lists what it gives otherwise. A digest of a month that was not over
// is no edition to be corrected: then nothing is listed.
func (d Digest) After(was Digest) Digest {
	d.Edition = was.Edition + 1
	d.Changes, d.More = nil, 0
	if !was.Whole {
		return d
	}
	before, now := was.lines(), d.lines()
	old, present := before.values(), now.values()
	for _, l := range now {
		if old[l.name] != l.value {
			d.Changes = append(d.Changes, Change{l.name, old[l.name], l.value})
		}
	}
	for _, l := range before {
		if _, is := present[l.name]; !is {
			d.Changes = append(d.Changes, Change{l.name, l.value, ""})
		}
	}
	d.More = max(0, len(d.Changes)-MaxChanges)
	d.Changes = d.Changes[:min(len(d.Changes), MaxChanges)]
	return d
}

// line is a figure by its name.
type line struct{ name, value string }

type lines []line

func (l lines) values() map[string]string {
	by := make(map[string]string, len(l))
	for _, x := range l {
		by[x.name] = x.value
	}
	return by
}

// add adds a figure, but for nothing: what was not there is the same as none of it.
func (l *lines) add(name string, value any) {
	if text := fmt.Sprint(value); text != "0" && text != "0/0" {
		*l = append(*l, line{name, text})
	}
}

// lines are the figures a digest prints, the most general first.
func (d Digest) lines() lines {
	var l lines
	t := d.Tally
	l.figures("all", t.All)
	l.add("reports", t.Reports)
	figuresBy(&l, "kinds", t.Kinds)
	figuresBy(&l, "sections", t.Sections)
	figuresBy(&l, "categories", t.Categories)
	figuresBy(&l, "spots", t.Spots)
	countsBy(&l, "days", t.Days)
	countsBy(&l, "praise", t.Praise)
	countsBy(&l, "outcomes", t.Outcomes)
	for i, n := range t.Levels {
		l.add("levels."+strconv.Itoa(i+1), n)
	}
	for _, p := range t.Places {
		l.add("places."+p.Spot+"."+p.Category, p.N)
	}
	for _, w := range t.Waits {
		l.add("waits."+w.Number, w.Days)
	}
	l.earlier(d.Earlier)
	for _, m := range t.Feedback {
		l.matter("feedback", m)
	}
	for _, m := range d.Decisions {
		l.matter("decisions", m.Matter)
	}
	l.past("monthAgo", d.MonthAgo)
	l.past("yearAgo", d.YearAgo)
	l.add("root", d.Root)
	l.add("tickets", d.Tickets)
	l.add("broken", d.Broken)
	return l
}

func (l *lines) figures(name string, f Figures) {
	for _, n := range []struct {
		name string
		n    int
	}{
		{"received", f.Received}, {"inTime", f.InTime}, {"late", f.Late}, {"overdue", f.Overdue}, {"pending", f.Pending},
		{"undated", f.Undated}, {"withdrawn", f.Withdrawn}, {"returned", f.Returned}, {"extended", f.Extended},
		{"reopened", f.Reopened}, {"urged", f.Urged}, {"overseen", f.Overseen},
	} {
		l.add(name+"."+n.name, n.n)
	}
	l.add(name+".response", f.Response)
	l.add(name+".solved", f.Solved)
	l.add(name+".satisfied", f.Satisfied)
	for _, q := range []struct {
		name  string
		share float64
	}{{"median", .5}, {"ninetieth", .9}} {
		if days, ok := f.Quantile(q.share); ok {
			l.add(name+"."+q.name, days)
		}
	}
}

// String writes a rate as its cases: 12/40, or 12.5/40.
func (r Rate) String() string {
	return strings.TrimSuffix(strconv.FormatFloat(float64(r.Halves)/2, 'f', 1, 64), ".0") + "/" + strconv.Itoa(r.Of)
}

func (l *lines) earlier(e Earlier) {
	for _, n := range []struct {
		name string
		n    int
	}{{"open", e.Open}, {"answered", e.Answered}, {"late", e.Late}, {"reopened", e.Reopened}, {"still", e.Still}, {"overdue", e.Overdue}} {
		l.add("earlier."+n.name, n.n)
	}
	for _, m := range e.Feedback {
		l.matter("earlier.feedback", m)
	}
}

func (l *lines) past(name string, p *Past) {
	if p != nil {
		l.figures(name, p.All)
	}
}

func (l *lines) matter(name string, m Matter) {
	l.add(name+"."+m.Number, string(m.State)+" "+string(m.Timing))
}

func figuresBy[K ~string](l *lines, name string, by map[K]Figures) {
	for _, key := range slices.Sorted(maps.Keys(by)) {
		l.figures(name+"."+string(key), by[key])
	}
}

func countsBy[K ~string](l *lines, name string, by map[K]int) {
	for _, key := range slices.Sorted(maps.Keys(by)) {
		l.add(name+"."+string(key), by[key])
	}
}
