package office

import (
	"slices"

	"steledesk/shared/ticket"
)

// A Matter is what is known of a ticket when it is filed.
type Matter struct {
	Kind     ticket.Kind
	Category string // id, may be empty
	Spot     string // id, may be empty
	Section  string // id of the section that a supervisor's feedback is about, may be empty
	Text     string
}

// A Routing says who has a matter and how it is to be treated.
type Routing struct {
	Kind      ticket.Kind // a confidential category makes a report of any kind
	Section   string      // never empty; discipline exactly when Kind is confidential
	Triage    bool        // nothing matched: the office is to assign it
	Urgent    bool
	Why       string // what decided the section, for the audit: rule:…, category:…, spot:…, fallback:…
	WhyUrgent string // what made it urgent; empty when nothing did
}

// Route decides who has a matter. A report goes to discipline and to nobody else. Otherwise
// the first rule that names a section decides, then the section that feedback is about, then the category (or the spot, where the category
// says so), then the kind's fallback; the office has whatever is left, to assign it.
// An id the office does not know counts as none.
func (o *Office) Route(m Matter) Routing {
	text := fold(m.Text)
	r := o.owner(m, text)
	r.WhyUrgent = o.whyUrgent(m, text)
	r.Urgent = r.WhyUrgent != ""
	return r
}

func (o *Office) owner(m Matter, text string) Routing {
	r := Routing{Kind: m.Kind}
	category, known := o.Category(m.Category)
	if category.Confidential {
		r.Kind, r.Section, r.Why = ticket.Report, ticket.DisciplineSection, "category:"+category.ID
		return r
	}
	if m.Kind.Confidential() {
		r.Section, r.Why = ticket.DisciplineSection, "kind:"+string(m.Kind)
		return r
	}
	for i := range o.Routes {
		if rule := &o.Routes[i]; rule.Section != "" && o.meets(rule, m, text) {
			r.Section, r.Why = rule.Section, "rule:"+rule.ID
			return r
		}
	}
	if s, is := o.Section(m.Section); is && s.ID != ticket.DisciplineSection {
		r.Section, r.Why = s.ID, "section:"+s.ID
	} else if known {
		r.Section, r.Why = o.categoryOwner(category, m.Spot)
	} else if section, ok := o.Fallback[m.Kind]; ok {
		r.Section, r.Why = section, "fallback:"+string(m.Kind)
	}
	if r.Section == "" {
		r.Section, r.Why, r.Triage = ticket.OfficeSection, "triage", true
	}
	return r
}

func (o *Office) categoryOwner(c Category, spotID string) (section, why string) {
	if c.BySpot {
		if spot, _ := o.Spot(spotID); spot.Section != "" {
			return spot.Section, "spot:" + spot.ID
		}
	}
	return c.Section, "category:" + c.ID
}

// ongoingWords is the word list that Ongoing refers to.
const ongoingWords = "ongoing"

func (o *Office) whyUrgent(m Matter, text string) string {
	category, _ := o.Category(m.Category)
	if category.Urgent == Always || category.Urgent == Ongoing && o.Words[ongoingWords].in(text) {
		return "category:" + category.ID
	}
	for i := range o.Routes {
		if rule := &o.Routes[i]; rule.Urgent && o.meets(rule, m, text) {
			return "rule:" + rule.ID
		}
	}
	return ""
}

// meets reports whether a matter meets every condition of a rule; text is folded.
func (o *Office) meets(rule *Rule, m Matter, text string) bool {
	if !contains(rule.Kinds, m.Kind) || !contains(rule.Spots, m.Spot) || !o.isUnder(rule.Categories, m.Category) {
		return false
	}
	for _, list := range rule.Words {
		if !o.Words[list].in(text) {
			return false
		}
	}
	return true
}

// isUnder reports whether a category or its first level is listed; an empty list takes any.
func (o *Office) isUnder(listed []string, category string) bool {
	if len(listed) == 0 || slices.Contains(listed, category) {
		return true
	}
	top, ok := o.TopCategory(category)
	return ok && slices.Contains(listed, top.ID)
}
