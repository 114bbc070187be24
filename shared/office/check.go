package office

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"steledesk/shared/ticket"
	"steledesk/shared/workday"
)

// checker finds what is wrong in an office whose fields have been read.
type checker struct {
	*problems
	*Office
}

// Most entries of each list: enough for any office, few enough for a phone's page and an item
// of the table.
const (
	maxSections   = 50
	maxCategories = 50 // and as many below each
	maxSpots      = 500
	maxRoutes     = 200
	maxWords      = 300
	maxChannels   = 100
	maxReminders  = 50
	maxPhones     = 10
	maxName       = 60  // characters
	maxText       = 200 // characters
)

var (
	idPattern      = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)
	sectionPattern = regexp.MustCompile(`^[a-z][a-z0-9]{1,19}$`)
	spotPattern    = regexp.MustCompile(`^[A-Z][A-Z0-9]{1,11}$`)
	prefixPattern  = regexp.MustCompile(`^[A-Z]{2}$`)
	phonePattern   = regexp.MustCompile(`^[0-9+][0-9 ()-]{2,24}$`)
)

const (
	idRule      = "small letters, digits and hyphens, beginning with a letter, at most 40"
	sectionRule = "2 to 20 small letters and digits, beginning with a letter"
	spotRule    = "2 to 12 capital letters and digits, beginning with a letter, such as BL01"
)

func (c *checker) check() {
	if c.Version != Format {
		c.add("version", fmt.Sprintf("is %d", c.Version), fmt.Sprintf("this program reads version: %d", Format))
	}
	c.checkDesk()
	c.checkSections()
	c.checkCategories()
	c.checkSpots()
	c.checkLevels()
	c.checkReminders()
	c.checkWords()
	c.checkRoutes()
	c.checkFallback()
	c.checkHolidays()
	c.checkRetention()
	c.checkLimits()
	c.checkChannels()
	c.checkTemplates()
}

func (c *checker) checkDesk() {
	c.name("office.name", c.Desk.Name)
	c.matches("office.prefix", c.Desk.Prefix, prefixPattern, "two capital letters, such as WX")
	c.atMost("office.phones", len(c.Desk.Phones), maxPhones)
	for i, phone := range c.Desk.Phones {
		at := index("office.phones", i)
		c.name(at+".name", phone.Name)
		c.matches(at+".number", phone.Number, phonePattern, "digits, spaces, + ( ) -")
	}
	c.text("office.address.zh", c.Desk.Address.ZH, maxText)
	c.text("office.address.en", c.Desk.Address.EN, maxText)
	opens, closes := c.Desk.Opens, c.Desk.Closes
	if closes.Hour*60+closes.Minute <= opens.Hour*60+opens.Minute {
		c.add("office.closes", fmt.Sprintf("%s is not after opens, %s", closes, opens), "write opens: \"08:30\" and closes: \"17:30\"")
	}
}

func (c *checker) checkSections() {
	c.atMost("sections", len(c.Sections), maxSections)
	seen := c.ids(sectionPattern, sectionRule)
	for i, s := range c.Sections {
		at := index("sections", i)
		seen(at+".id", s.ID)
		if s.ID == SectionItself || s.ID == Supervisors {
			c.add(at+".id", "the id "+s.ID+" has a meaning of its own", "choose another")
		}
		c.name(at+".name", s.Name)
		c.name(at+".duty", s.Duty)
		c.text(at+".head", s.Head, maxName)
		c.text(at+".leader", s.Leader, maxName)
		if s.Phone != "" {
			c.matches(at+".phone", s.Phone, phonePattern, "digits, spaces, + ( ) -")
		}
	}
	for _, id := range []string{ticket.OfficeSection, ticket.DisciplineSection} {
		if _, ok := c.Section(id); !ok {
			c.add("sections", fmt.Sprintf("the section %q is missing", id), "every office has office and discipline")
		}
	}
}

func (c *checker) checkCategories() {
	c.atMost("categories", len(c.Categories), maxCategories)
	if len(c.Categories) == 0 {
		c.add("categories", "there is none", "list at least one")
	}
	seen := c.ids(idPattern, idRule)
	for i := range c.Categories {
		top := &c.Categories[i]
		at := index("categories", i)
		seen(at+".id", top.ID)
		c.checkCategory(at, *top, *top)
		c.atMost(at+".sub", len(top.Sub), maxCategories)
		for j, sub := range top.Sub {
			at := index(at+".sub", j)
			seen(at+".id", sub.ID)
			c.checkCategory(at, sub, sub.under(top))
			if len(sub.Sub) > 0 {
				c.add(at+".sub", "a third level", "there are two: move these up one")
			}
		}
	}
}

// checkCategory checks a category as written, and the whole it makes with its first level. What
// it only takes over from there is not said again.
func (c *checker) checkCategory(at string, own, whole Category) {
	c.name(at+".name", own.Name)
	c.reference(at+".section", own.Section)
	if own.Urgent != "" {
		c.oneOf(at+".urgent", string(own.Urgent), []string{string(Never), string(Always), string(Ongoing)})
	}
	if _, ok := c.Words[ongoingWords]; !ok && own.Urgent == Ongoing {
		c.add(at+".urgent", "there is no word list named ongoing", "add words: ongoing: any: [正在]")
	}
	if own.Section != "" || own.Confidential || own.BySpot || whole.Section == "" {
		c.checkOwner(at, whole, len(own.Sub) > 0)
	}
}

func (c *checker) checkOwner(at string, whole Category, hasSub bool) {
	switch {
	case whole.Confidential && whole.Section != ticket.DisciplineSection:
		c.add(at+".section", "a confidential category belongs to discipline", "write section: discipline")
	case !whole.Confidential && whole.Section == ticket.DisciplineSection:
		c.add(at+".section", "discipline has reports only", "add confidential: true, or name another section")
	case whole.Confidential && whole.BySpot:
		c.add(at+".bySpot", "a confidential category never goes to a spot's section", "leave bySpot out")
	case whole.Section == "" && !hasSub:
		c.add(at+".section", "nobody has this category", "name a section, here or on its first level")
	}
}

func (c *checker) checkSpots() {
	c.atMost("spots", len(c.Spots), maxSpots)
	seen := c.ids(spotPattern, spotRule)
	for i, s := range c.Spots {
		at := index("spots", i)
		seen(at+".id", s.ID)
		c.name(at+".name", s.Name)
		c.translations(at+".area", s.Area)
		c.open(at+".section", s.Section)
	}
}

func (c *checker) checkHolidays() {
	lines := map[int]int{}
	calendar := workday.China()
	for i, h := range c.Holidays {
		at := index("holidays", i)
		if line, twice := lines[h.Year]; twice {
			c.add(at+".year", fmt.Sprintf("%d is listed twice, first in line %d", h.Year, line), "make one of them")
		}
		lines[h.Year] = c.place(at + ".year").line
		var bad *workday.NoticeError
		if _, err := calendar.With(h.Year, h.Off, h.Work); errors.As(err, &bad) {
			where := at + "." + bad.List
			if bad.At >= 0 {
				where = index(where, bad.At)
			}
			c.add(where, bad.Why, "")
		}
	}
}

// name checks a name people read: Chinese is required.
func (c *checker) name(path string, n Name) {
	if strings.TrimSpace(n.ZH) == "" {
		c.add(path+".zh", "is missing or empty", "write the Chinese name")
	}
	c.translations(path, n)
}

func (c *checker) translations(path string, n Name) {
	c.text(path+".zh", n.ZH, maxName)
	c.text(path+".en", n.EN, maxName)
	c.text(path+".ja", n.JA, maxName)
	c.text(path+".ko", n.KO, maxName)
}

// text checks a line that is shown to people or sent to bots.
func (c *checker) text(path, s string, most int) {
	switch {
	case utf8.RuneCountInString(s) > most:
		c.add(path, fmt.Sprintf("has %d characters", utf8.RuneCountInString(s)), fmt.Sprintf("at most %d", most))
	case strings.ContainsFunc(s, isInvisible):
		c.add(path, "has a line break or another invisible character", "write it in one line of plain text")
	case s != strings.TrimSpace(s):
		c.add(path, "begins or ends with a space", "remove it")
	}
}

// isInvisible finds what could break a message's line or turn its text around.
func isInvisible(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp)
}

func (c *checker) matches(path, s string, pattern *regexp.Regexp, rule string) bool {
	switch {
	case s == "":
		c.add(path, "is missing", "write "+rule)
	case !pattern.MatchString(s):
		c.add(path, fmt.Sprintf("%q is not valid", s), "write "+rule)
	default:
		return true
	}
	return false
}

// ids checks that ids are well formed and that none is given twice.
func (c *checker) ids(pattern *regexp.Regexp, rule string) func(path, id string) {
	lines := map[string]int{}
	return func(path, id string) {
		if !c.matches(path, id, pattern, rule) {
			return
		}
		if line, twice := lines[id]; twice {
			c.add(path, fmt.Sprintf("%q is used twice, first in line %d", id, line), "choose another id")
			return
		}
		lines[id] = c.place(path).line
	}
}

func (c *checker) atMost(path string, n, most int) {
	if n > most {
		c.add(path, fmt.Sprintf("has %d entries", n), fmt.Sprintf("the most is %d", most))
	}
}

// reference checks that a section exists; empty is none. When there are no sections at all, that
// is the problem, and not every line that names one.
func (c *checker) reference(path, id string) {
	if id != "" && len(c.Sections) > 0 && !slices.Contains(c.sectionIDs(), id) {
		c.add(path, fmt.Sprintf("there is no section %q", id), didYouMean(id, c.sectionIDs()))
	}
}

// open checks a reference to a section that has open matters, which discipline never has.
func (c *checker) open(path, id string) {
	c.reference(path, id)
	if id == ticket.DisciplineSection {
		c.add(path, "discipline has reports only, by confidential categories", "name another section")
	}
}

func (c *checker) sectionIDs() []string {
	return idsOf(c.Sections, func(s Section) string { return s.ID })
}

func idsOf[T any](list []T, id func(T) string) []string {
	ids := make([]string, len(list))
	for i, item := range list {
		ids[i] = id(item)
	}
	return ids
}
