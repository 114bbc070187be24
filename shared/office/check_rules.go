package office

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"steledesk/shared/ticket"
)

func (c *checker) checkLevels() {
	for _, kind := range slices.Sorted(maps.Keys(c.Levels)) {
		if !kind.Known() {
			c.add("levels."+string(kind), fmt.Sprintf("there is no kind %q", kind), didYouMean(string(kind), kindNames()))
		}
	}
	for _, kind := range ticket.Kinds() {
		at := "levels." + string(kind)
		level, ok := c.Levels[kind]
		if !ok {
			c.add(at, "is missing", "every kind has a service level")
			continue
		}
		c.checkLevel(at, kind, level)
		c.checkFaster(kind, level)
	}
	c.checkUrgent()
}

func (c *checker) checkLevel(at string, kind ticket.Kind, l Level) {
	if l.Answer.IsZero() && kind != ticket.Resolution { // a resolution carries the meeting's own date
		c.add(at+".answer", "is missing", "write how long an answer takes, such as 5wd")
	}
	if l.Silence.IsZero() {
		c.add(at+".silence", "is missing", "write how long an answered ticket waits for its visitor, such as 7d")
	}
	c.checkEarlier(at, l)
}

// checkEarlier checks that what comes before the answer is not allowed to take longer.
func (c *checker) checkEarlier(at string, l Level) {
	for _, part := range []struct {
		name string
		span Span
	}{{"sign", l.Sign}, {"contact", l.Contact}, {"return", l.Return}} {
		if part.span.Unit == l.Answer.Unit && part.span.N > l.Answer.N && !l.Answer.IsZero() {
			c.add(at+"."+part.name, fmt.Sprintf("%s is longer than answer, %s", part.span, l.Answer), "make it shorter")
		}
	}
	if _, exact := l.Extend.exact(); exact {
		c.add(at+".extend", fmt.Sprintf("%s is not in days", l.Extend), "write days, such as 5wd or 15d")
	}
}

func (c *checker) checkUrgent() {
	if c.Urgent.Answer.IsZero() {
		c.add("urgent.answer", "is missing", "write how long an urgent matter takes, such as 24h")
	}
	c.checkEarlier("urgent", c.Urgent)
	for _, part := range []struct {
		name  string
		given bool
	}{{"reopen", !c.Urgent.Reopen.IsZero()}, {"silence", !c.Urgent.Silence.IsZero()}, {"review", c.Urgent.Review}} {
		if part.given {
			c.add("urgent."+part.name, "what follows an answer is the kind's, urgent or not", "remove it here")
		}
	}
}

// checkFaster checks that urgency never makes a matter slower.
func (c *checker) checkFaster(kind ticket.Kind, l Level) {
	for _, part := range []struct {
		name         string
		urgent, kind Span
	}{{"sign", c.Urgent.Sign, l.Sign}, {"contact", c.Urgent.Contact, l.Contact}, {"answer", c.Urgent.Answer, l.Answer}} {
		if !part.urgent.IsZero() && !part.kind.IsZero() && !part.urgent.within(part.kind) {
			c.add("urgent."+part.name, fmt.Sprintf("%s may be later than the %s of %s", part.urgent, part.kind, kind),
				"urgency must never make a matter slower")
		}
	}
}

// within reports whether s ends no later than o wherever both begin. A working day or a day
// lasts 24 hours at least, since the day it begins on is not counted, and n days roll to no later
// than n working days; otherwise spans of days cannot be sure to end before spans of hours.
func (s Span) within(o Span) bool {
	days := func(s Span) bool { return s.Unit == Days || s.Unit == Workdays }
	a, aExact := s.exact()
	b, bExact := o.exact()
	switch {
	case aExact && bExact:
		return a <= b
	case aExact && days(o):
		return a <= Span{o.N * 24, Hours}.length()
	case s.Unit == o.Unit || s.Unit == Days && o.Unit == Workdays:
		return s.N <= o.N
	}
	return false
}

func (c *checker) checkReminders() {
	c.atMost("reminders", len(c.Reminders), maxReminders)
	seen := c.ids(idPattern, idRule)
	for i, r := range c.Reminders {
		at := index("reminders", i)
		seen(at+".id", r.ID)
		c.oneOf(at+".of", string(r.Of), []string{string(SignBy), string(AnswerBy)})
		c.oneOf(at+".does", string(r.Does), []string{string(Remind), string(Urge), string(Oversee)})
		if times := count(r.Half, !r.Left.IsZero(), !r.Overdue.IsZero()); times != 1 {
			c.add(at, fmt.Sprintf("has %d of half, left and overdue", times), "give exactly one")
		}
		if len(r.Tell) == 0 {
			c.add(at+".tell", "nobody is told", "write tell: [section]")
		}
		for j, id := range r.Tell {
			if id != SectionItself {
				c.open(index(at+".tell", j), id)
			}
		}
	}
}

func (c *checker) checkWords() {
	c.atMost("words", len(c.Words), maxRoutes)
	for _, name := range slices.Sorted(maps.Keys(c.Words)) {
		list, at := c.Words[name], "words."+name
		c.matches(at, name, idPattern, idRule)
		c.atMost(at+".any", len(list.Any)+len(list.Except), maxWords)
		if len(list.Any) == 0 {
			c.add(at+".any", "there is no word", "list at least one")
		}
		for i, word := range list.Any {
			c.word(index(at+".any", i), word)
		}
		for i, phrase := range list.Except {
			at := index(at+".except", i)
			c.word(at, phrase)
			if !(Words{Any: list.Any}).in(fold(phrase)) {
				c.add(at, fmt.Sprintf("%q holds none of the words, so it changes nothing", phrase), "remove it")
			}
		}
	}
}

func (c *checker) word(path, word string) {
	c.text(path, word, maxName)
	if strings.TrimSpace(word) == "" || utf8.RuneCountInString(word) == 1 && len(word) == 1 {
		c.add(path, fmt.Sprintf("%q would be found almost everywhere", word), "write a whole word")
	}
}

func (c *checker) checkRoutes() {
	c.atMost("routes", len(c.Routes), maxRoutes)
	seen := c.ids(idPattern, idRule)
	for i, r := range c.Routes {
		at := index("routes", i)
		seen(at+".id", r.ID)
		if len(r.Kinds)+len(r.Categories)+len(r.Spots)+len(r.Words) == 0 {
			c.add(at, "has no condition", "give kinds, categories, spots or words")
		}
		if r.Section == "" && !r.Urgent {
			c.add(at, "decides nothing", "give section, or urgent: true")
		}
		c.open(at+".section", r.Section)
		c.checkConditions(at, r)
	}
}

func (c *checker) checkConditions(at string, r Rule) {
	for j, kind := range r.Kinds {
		c.oneOf(index(at+".kinds", j), string(kind), kindNames())
		if kind.Confidential() && r.Section != "" {
			c.add(index(at+".kinds", j), "reports go to discipline, whatever a rule says", "remove it, or give no section")
		}
	}
	for j, id := range r.Categories {
		if _, ok := c.Category(id); !ok {
			c.add(index(at+".categories", j), fmt.Sprintf("there is no category %q", id), didYouMean(id, c.categoryIDs()))
		}
	}
	for j, id := range r.Spots {
		if _, ok := c.Spot(id); !ok {
			spots := idsOf(c.Spots, func(s Spot) string { return s.ID })
			c.add(index(at+".spots", j), fmt.Sprintf("there is no spot %q", id), didYouMean(id, spots))
		}
	}
	for j, name := range r.Words {
		if _, ok := c.Words[name]; !ok {
			lists := slices.Sorted(maps.Keys(c.Words))
			c.add(index(at+".words", j), fmt.Sprintf("there is no word list %q", name), didYouMean(name, lists))
		}
	}
}

func (c *checker) checkFallback() {
	for _, kind := range slices.Sorted(maps.Keys(c.Fallback)) {
		at := "fallback." + string(kind)
		switch {
		case !kind.Known():
			c.add(at, fmt.Sprintf("there is no kind %q", kind), didYouMean(string(kind), kindNames()))
		case kind.Confidential():
			c.add(at, "reports go to discipline, whatever is written here", "remove it")
		case c.Fallback[kind] == "":
			c.add(at, "names no section", "name one, or remove the line")
		default:
			c.open(at, c.Fallback[kind])
		}
	}
}

// oneOf checks a value that is one of a few.
func (c *checker) oneOf(path, value string, names []string) {
	switch {
	case value == "":
		c.add(path, "is missing", "write one of "+strings.Join(names, ", "))
	case !slices.Contains(names, value):
		c.add(path, fmt.Sprintf("%q is not known", value), didYouMean(value, names))
	}
}

func (o *Office) categoryIDs() []string {
	var ids []string
	for _, top := range o.Categories {
		ids = append(ids, top.ID)
		ids = append(ids, idsOf(top.Sub, func(c Category) string { return c.ID })...)
	}
	return ids
}

func kindNames() []string {
	return idsOf(ticket.Kinds(), func(k ticket.Kind) string { return string(k) })
}

func count(facts ...bool) int {
	n := 0
	for _, f := range facts {
		if f {
			n++
		}
	}
	return n
}
