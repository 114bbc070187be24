package desk

import (
	"time"
	"unicode"

	"steledesk/shared/office"
	"steledesk/shared/visitor"
)

// Reason is a sense in which two tickets are alike.
type Reason string

// The reasons of likeness.
const (
	SameSpot     Reason = "spot"
	SameCategory Reason = "category"
	DaysApart    Reason = "days"
	AlikeWords   Reason = "words"
)

// What likeness is made of: points, of 100 together. Words weigh most; without any in common, which is how the same
// matter looks in two languages, place, category and day together are just enough.
const (
	wordPoints     = 50
	spotPoints     = 20
	categoryPoints = 15
	timePoints     = 15
	alikeFrom      = 50
	halfAlike      = 0.5 // the share of common pairs of characters that is worth all points
)

// nearby is how far apart in time tickets may have been filed that are about one matter.
const nearby = 14 * 24 * time.Hour

// Likeness says how much two tickets look like one matter, and in what.
type Likeness struct {
	Points int // 0 … 100
	Why    []Reason
	Days   int // between their filing
}

// likeness compares two tickets by the office's categories. It is pure and symmetric, and knows no more of their words
// than the gist.
func likeness(a, b visitor.Brief, o *office.Office) Likeness {
	apart := a.Head.FiledAt.Sub(b.Head.FiledAt).Abs()
	l := Likeness{Days: int(apart.Hours()+12) / 24}
	if a.Head.Spot != "" && a.Head.Spot == b.Head.Spot {
		l.add(SameSpot, spotPoints)
	}
	if points := sameCategory(a.Head.Category, b.Head.Category, o); points > 0 {
		l.add(SameCategory, points)
	}
	if apart <= nearby {
		l.add(DaysApart, timePoints-int(timePoints*apart/nearby))
	}
	common := min(1, dice(pairs(a.Gist), pairs(b.Gist))/halfAlike)
	if points := int(common * wordPoints); points >= wordPoints/5 {
		l.add(AlikeWords, points)
	}
	return l
}

func (l *Likeness) add(why Reason, points int) {
	l.Points += points
	l.Why = append(l.Why, why)
}

// sameCategory gives points for the same category, and half of them for the same category above.
func sameCategory(a, b string, o *office.Office) int {
	if a == b {
		return categoryPoints
	}
	top, known := o.TopCategory(a)
	other, also := o.TopCategory(b)
	if known && also && top.ID == other.ID {
		return categoryPoints / 2
	}
	return 0
}

// pairs counts the pairs of neighbouring letters and digits in a text, which serves Chinese and English alike.
func pairs(text string) map[[2]rune]int {
	found := map[[2]rune]int{}
	var last rune
	for _, r := range fold(text) {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			continue
		case last != 0:
			found[[2]rune{last, r}]++
		}
		last = r
	}
	return found
}

// dice is the share of pairs two texts have in common: 0 … 1.
func dice(a, b map[[2]rune]int) float64 {
	common, all := 0, 0
	for pair, n := range a {
		common += min(n, b[pair])
		all += n
	}
	for _, n := range b {
		all += n
	}
	if all == 0 {
		return 0
	}
	return 2 * float64(common) / float64(all)
}
