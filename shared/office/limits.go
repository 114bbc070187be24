package office

import "fmt"

// Limits bounds how much may come in how short a time before the desk asks for patience. They are for floods and not
// for people: nobody is ever shut out. A field that is left out is the usual one; InForce fills it in.
type Limits struct {
	WindowMinutes int `json:"windowMinutes,omitempty"` // how far back filings are counted
	SpotFilings   int `json:"spotFilings,omitempty"`   // at one spot within the window: from then on filing takes work
	AllFilings    int `json:"allFilings,omitempty"`    // everywhere within the window
	SameTexts     int `json:"sameTexts,omitempty"`     // the same text that often within the window is suspicious
	FormSeconds   int `json:"formSeconds,omitempty"`   // a form sent sooner after it was opened is suspicious; -1: none is

	// What a filing costs at the first, second and third degree of suspicion: ProofBits leading zero bits of a
	// SHA-256 (each bit doubles the work; 16 are a blink, 20 a second or two of a phone), or, without a script,
	// WaitSeconds of waiting. At most WaitedAMinute filings a minute of one spot come by waiting, per running copy of
	// a function, urgent ones and 举报 not counted.
	ProofBits     []int `json:"proofBits,omitempty"`
	WaitSeconds   []int `json:"waitSeconds,omitempty"`
	WaitedAMinute int   `json:"waitedAMinute,omitempty"`

	MessagesAnHour int `json:"messagesAnHour,omitempty"` // a visitor's, on one ticket
	Photos         int `json:"photos,omitempty"`         // with one filing
	SlotsAKey      int `json:"slotsAKey,omitempty"`      // photo slots one filing may ask for, retries included
	AllSlots       int `json:"allSlots,omitempty"`       // within the window, per running copy; from then on they take work
}

// limit is one number of Limits, with its bounds and what it is when it is left out.
type limit struct {
	name               string
	value              *int
	least, most, usual int
}

func (l *Limits) numbers() []limit {
	return []limit{
		{"windowMinutes", &l.WindowMinutes, 5, 60, 10},
		{"spotFilings", &l.SpotFilings, 1, 100_000, 40},
		{"allFilings", &l.AllFilings, 1, 1_000_000, 500},
		{"sameTexts", &l.SameTexts, 2, 1000, 3},
		{"formSeconds", &l.FormSeconds, -1, 60, 3},
		{"waitedAMinute", &l.WaitedAMinute, 1, 600, 6},
		{"messagesAnHour", &l.MessagesAnHour, 1, 100, 10},
		{"photos", &l.Photos, 1, MaxPhotos, MaxPhotos},
		{"slotsAKey", &l.SlotsAKey, 1, 60, 18},
		{"allSlots", &l.AllSlots, 1, 1_000_000, 600},
	}
}

// Degrees is how many degrees of suspicion there are above none.
const Degrees = 3

// MaxPhotos is the most photos an office may allow with one filing.
const MaxPhotos = 6

// degrees is one list of Limits, an entry for each degree of suspicion.
type degrees struct {
	name        string
	value       *[]int
	least, most int
	usual       [Degrees]int
}

func (l *Limits) lists() []degrees {
	return []degrees{
		{"proofBits", &l.ProofBits, 4, 22, [Degrees]int{16, 18, 20}},
		{"waitSeconds", &l.WaitSeconds, 1, 600, [Degrees]int{30, 60, 120}},
	}
}

// InForce gives the limits with what was left out filled in.
func (l Limits) InForce() Limits {
	for _, n := range l.numbers() {
		if *n.value == 0 {
			*n.value = n.usual
		}
	}
	for _, d := range l.lists() {
		if len(*d.value) != Degrees {
			*d.value = d.usual[:]
		}
	}
	return l
}

func (c *checker) checkLimits() {
	for _, n := range c.Limits.numbers() {
		c.bounded("limits."+n.name, *n.value, n.least, n.most)
	}
	for _, d := range c.Limits.lists() {
		c.checkDegrees("limits."+d.name, d)
	}
	l := c.Limits.InForce()
	if l.AllFilings < l.SpotFilings {
		c.add("limits.allFilings", fmt.Sprintf("%d is less than spotFilings, %d", l.AllFilings, l.SpotFilings), "all spots together have more")
	}
	if l.SlotsAKey < l.Photos {
		c.add("limits.slotsAKey", fmt.Sprintf("%d is less than photos, %d", l.SlotsAKey, l.Photos), "every photo takes a slot, and one more when it is retried")
	}
}

func (c *checker) checkDegrees(at string, d degrees) {
	list := *d.value
	if len(list) != 0 && len(list) != Degrees {
		c.add(at, fmt.Sprintf("has %d entries", len(list)), fmt.Sprintf("write %d, one for each degree of suspicion, such as %v", Degrees, d.usual))
		return
	}
	for i, n := range list {
		c.bounded(index(at, i), n, d.least, d.most)
		if i > 0 && n < list[i-1] {
			c.add(index(at, i), fmt.Sprintf("%d is less than the %d before it", n, list[i-1]), "more suspicion never costs less")
		}
	}
}

// bounded checks a number that may be left out.
func (c *checker) bounded(path string, n, least, most int) {
	_, written := c.places[path]
	if written && (n == 0 || n < least || n > most) { // 0 would be the usual number, and not none
		c.add(path, fmt.Sprintf("is %d", n), fmt.Sprintf("write a number from %d to %d, or leave it out", least, most))
	}
}
