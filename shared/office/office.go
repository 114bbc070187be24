// Package office is what an office decides for itself: its sections, categories and spots,
// who handles what, how fast, and where each section is told. It is one YAML file, kept in the
// table as JSON, and it answers two questions: who has a matter (Route) and by when
// (ticket.Terms). It is pure: no clock, no files, no network.
package office

import (
	"cmp"
	"slices"
	"strings"

	"steledesk/shared/ticket"
)

// Format is the version of the file this package reads.
const Format = 1

// An Office is the whole file. It is never changed after Parse or json.Unmarshal, so that
// many may read it at once. Its JSON is that of the fields; decoding does not validate.
type Office struct {
	Version    int                   `json:"version"`
	Desk       Desk                  `json:"office"`
	Sections   []Section             `json:"sections"`
	Categories []Category            `json:"categories"`
	Spots      []Spot                `json:"spots,omitempty"`
	Levels     map[ticket.Kind]Level `json:"levels"`
	Urgent     Level                 `json:"urgent"`
	Reminders  []Reminder            `json:"reminders,omitempty"`
	Words      map[string]Words      `json:"words,omitempty"`
	Routes     []Rule                `json:"routes,omitempty"`
	Fallback   Fallback              `json:"fallback,omitempty"`
	Holidays   []Holidays            `json:"holidays,omitempty"`
	Retention  Retention             `json:"retention,omitzero"`
	Limits     Limits                `json:"limits,omitzero"`
	Channels   []Channel             `json:"channels,omitempty"`
	Templates  []Template            `json:"templates,omitempty"`
}

// A Name is a text people read. Only Chinese must be there.
type Name struct {
	ZH string `json:"zh"`
	EN string `json:"en,omitempty"`
	JA string `json:"ja,omitempty"`
	KO string `json:"ko,omitempty"`
}

// In gives the name in a language ("zh", "en", "en-US", "ja", "ko"): in English when that one is
// missing, in Chinese when English is missing too or the language is another one.
func (n Name) In(language string) string {
	primary, _, _ := strings.Cut(language, "-")
	switch primary {
	case "ja":
		return cmp.Or(n.JA, n.EN, n.ZH)
	case "ko":
		return cmp.Or(n.KO, n.EN, n.ZH)
	case "en":
		return cmp.Or(n.EN, n.ZH)
	}
	return n.ZH
}

// Desk is the office as visitors see it.
type Desk struct {
	Name    Name    `json:"name"`
	Prefix  string  `json:"prefix"` // two letters that every ticket number begins with
	Phones  []Phone `json:"phones,omitempty"`
	Address Name    `json:"address,omitzero"`
	Opens   Clock   `json:"opens"`  // working days, Beijing time
	Closes  Clock   `json:"closes"` // working days, Beijing time
}

// A Phone is a number people may call instead of writing.
type Phone struct {
	Name   Name   `json:"name"`
	Number string `json:"number"`
}

// A Section (科室) owns tickets and has a queue of its own.
type Section struct {
	ID     string `json:"id"`
	Name   Name   `json:"name"`
	Duty   Name   `json:"duty"`             // what it is there for, in a few words
	Head   string `json:"head,omitempty"`   // title of who runs it, not a person
	Leader string `json:"leader,omitempty"` // title of the leader over it (分管领导)
	Phone  string `json:"phone,omitempty"`
}

// A Category says what a matter is about. Categories have two levels; what a second-level
// category leaves out it has from its first level.
type Category struct {
	ID           string     `json:"id"`
	Name         Name       `json:"name"`
	Section      string     `json:"section,omitempty"`
	BySpot       bool       `json:"bySpot,omitempty"`       // the spot's section, when it has one, comes first
	Urgent       Urgency    `json:"urgent,omitempty"`       //
	Confidential bool       `json:"confidential,omitempty"` // whatever is filed under it is a report
	Sub          []Category `json:"sub,omitempty"`
}

// Urgency says when a category makes a matter urgent.
type Urgency string

// When a category makes a matter urgent. Empty is the first level's word, or Never.
const (
	Never   Urgency = "never"
	Always  Urgency = "always"
	Ongoing Urgency = "ongoing" // when the text says, by the word list "ongoing", that it is happening now
)

// A Spot (点位) is a place that bears a code visitors scan.
type Spot struct {
	ID      string `json:"id"`
	Name    Name   `json:"name"`
	Area    Name   `json:"area,omitzero"`
	Section string `json:"section,omitempty"` // who runs the place
}

// Words is a list a text is searched for. Case and width of letters do not matter; Latin words
// match whole words only.
type Words struct {
	Any    []string `json:"any"`              // one is enough
	Except []string `json:"except,omitempty"` // phrases that are overlooked, such as 确凿 for 凿
}

// A Rule decides on the matters that meet all the conditions it has. Of each condition's list
// one is enough, but every word list must be met.
type Rule struct {
	ID         string        `json:"id"`
	Kinds      []ticket.Kind `json:"kinds,omitempty"`
	Categories []string      `json:"categories,omitempty"` // a first level stands for all below it
	Spots      []string      `json:"spots,omitempty"`
	Words      []string      `json:"words,omitempty"`   // names of word lists
	Section    string        `json:"section,omitempty"` // the first rule that names one decides
	Urgent     bool          `json:"urgent,omitempty"`  // any rule may make a matter urgent
}

// Fallback names the section of a kind's matters that have no category and met no rule.
type Fallback map[ticket.Kind]string

// Holidays is the State Council's notice of one year, as workday.Calendar.With takes it. It adds
// to or replaces what the program knows of that year.
type Holidays struct {
	Year int      `json:"year"`
	Off  []string `json:"off"`
	Work []string `json:"work,omitempty"`
}

// Section finds a section by id.
func (o *Office) Section(id string) (Section, bool) {
	return find(o.Sections, func(s *Section) bool { return s.ID == id })
}

// Spot finds a spot by id.
func (o *Office) Spot(id string) (Spot, bool) {
	return find(o.Spots, func(s *Spot) bool { return s.ID == id })
}

// Channel finds a channel by id.
func (o *Office) Channel(id string) (Channel, bool) {
	return find(o.Channels, func(c *Channel) bool { return c.ID == id })
}

// ChannelsOf lists the channels a section, or Supervisors, are told on; nil when there are none.
func (o *Office) ChannelsOf(section string) []Channel {
	var found []Channel
	for _, c := range o.Channels {
		if c.Section == section {
			found = append(found, c)
		}
	}
	return found
}

// Category finds a category of either level by id. What a second level leaves out is filled
// in from its first level.
func (o *Office) Category(id string) (Category, bool) {
	top, sub := o.locate(id)
	switch {
	case top == nil:
		return Category{}, false
	case sub == nil:
		return *top, true
	}
	return sub.under(top), true
}

// TopCategory finds the first level of a category: itself, or the one it is listed under.
func (o *Office) TopCategory(id string) (Category, bool) {
	top, _ := o.locate(id)
	if top == nil {
		return Category{}, false
	}
	return *top, true
}

func (o *Office) locate(id string) (top, sub *Category) {
	for i := range o.Categories {
		top := &o.Categories[i]
		if top.ID == id {
			return top, nil
		}
		for j := range top.Sub {
			if top.Sub[j].ID == id {
				return top, &top.Sub[j]
			}
		}
	}
	return nil, nil
}

func (c Category) under(top *Category) Category {
	if c.Section == "" {
		c.Section = top.Section
		c.BySpot = c.BySpot || top.BySpot
	}
	if c.Urgent == "" {
		c.Urgent = top.Urgent
	}
	c.Confidential = c.Confidential || top.Confidential
	return c
}

// SectionName gives a section's name in a language, or that of the Supervisors, or its id when the office no longer
// has it: old tickets outlive sections.
func (o *Office) SectionName(id, language string) string {
	if id == Supervisors {
		return Name{ZH: "政务公开监督员", EN: "Supervisors"}.In(language)
	}
	s, ok := o.Section(id)
	return nameOr(s.Name, ok, id, language)
}

// CategoryName gives a category's name in a language, or its id when the office no longer has it.
func (o *Office) CategoryName(id, language string) string {
	c, ok := o.Category(id)
	return nameOr(c.Name, ok, id, language)
}

// SpotName gives a spot's name in a language, or its id when the office no longer has it.
func (o *Office) SpotName(id, language string) string {
	s, ok := o.Spot(id)
	return nameOr(s.Name, ok, id, language)
}

func nameOr(n Name, known bool, id, language string) string {
	if !known {
		return id
	}
	return n.In(language)
}

func find[T any](list []T, is func(*T) bool) (found T, ok bool) {
	for i := range list {
		if is(&list[i]) {
			return list[i], true
		}
	}
	return found, false
}

func contains[T comparable](list []T, want T) bool {
	return len(list) == 0 || slices.Contains(list, want)
}
