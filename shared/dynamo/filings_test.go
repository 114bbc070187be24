package dynamo

import (
	"maps"
	"testing"
	"time"
)

func TestFilings(t *testing.T) {
	table := newTable(t)
	for _, c := range []struct {
		at     time.Duration
		bySpot map[string]int
	}{
		{-11 * time.Minute, map[string]int{"BL01": 100}},
		{-5 * time.Minute, map[string]int{"BL01": 2, "": 1}},
		{-1 * time.Second, map[string]int{"BL01": 3}},
		{0, map[string]int{"BL01": 4, "RK04": 5, "": 6}},
		{time.Minute, map[string]int{}}, // nothing: no write, and no error
	} {
		if err := table.CountFilings(t.Context(), monday.Add(c.at), c.bySpot); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		since time.Duration
		want  map[string]int
	}{
		{-time.Hour, map[string]int{"BL01": 109, "RK04": 5, "": 7}},
		{-10 * time.Minute, map[string]int{"BL01": 9, "RK04": 5, "": 7}},
		{0, map[string]int{"BL01": 4, "RK04": 5, "": 6}},
		{4 * time.Minute, map[string]int{"BL01": 4, "RK04": 5, "": 6}}, // counts are of five minutes
		{5 * time.Minute, map[string]int{}},
	} {
		got, err := table.Filings(t.Context(), monday.Add(test.since))
		if err != nil || !maps.Equal(got, test.want) {
			t.Errorf("since %v: got %v, %v; want %v", test.since, got, err, test.want)
		}
	}
}
