package demo

import (
	"fmt"
	"slices"
	"time"

	"steledesk/shared/office"
	"steledesk/shared/workday"
)

// Roomy is the built-in office for tests and measurements: they say the same, often, and faster than people, so that no
// limit against floods is in their way. The built-in calendar ends with the last notice that was out when the program
// was written; a desk that files today runs its deadlines past that end one day, and refuses to tell them. So that
// nothing depends on when it runs, Roomy makes up a New Year for each year that is missing, up to two after now's.
func Roomy(now time.Time) *office.Office {
	o := office.Default()
	o.Limits = office.Limits{SpotFilings: 100_000, AllFilings: 1_000_000, SameTexts: 1000, FormSeconds: -1}
	known := workday.China().Years()
	for _, h := range o.Holidays {
		known = append(known, h.Year)
	}
	for year := slices.Min(known); year <= now.In(workday.Zone()).Year()+2; year++ {
		if !slices.Contains(known, year) {
			o.Holidays = append(o.Holidays, office.Holidays{Year: year, Off: []string{fmt.Sprintf("%d-01-01", year)}})
		}
	}
	return o
}
