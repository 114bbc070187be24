package workday

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func at(t testing.TB, text string) time.Time {
	t.Helper()
	for _, layout := range []string{time.DateOnly, "2006-01-02 15:04"} {
		if v, err := time.ParseInLocation(layout, text, zone); err == nil {
			return v
		}
	}
	v, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// The notices' days were held against the npm package chinese-days 1.5.7, all 1,096 of them
// agreeing; these totals keep the table from being changed by accident.
func TestWorkdaysOfEachYear(t *testing.T) {
	for year, want := range map[int]int{2024: 251, 2025: 248, 2026: 248} {
		got := 0
		for day := time.Date(year, 1, 1, 12, 0, 0, 0, zone); day.Year() == year; day = day.AddDate(0, 0, 1) {
			works, err := China().IsWorkday(day)
			if err != nil {
				t.Fatal(err)
			}
			if works {
				got++
			}
		}
		if got != want {
			t.Errorf("workdays of %d: got %d, want %d", year, got, want)
		}
	}
}

func TestAddWorkdays(t *testing.T) {
	for _, tt := range []struct {
		name, from string
		n          int
		want       string
	}{
		{"a make-up Sunday counts", "2026-09-18", 1, "2026-09-20"},
		{"into the week before the Mid-Autumn Festival", "2026-09-18", 5, "2026-09-24"},
		{"over National Day and its make-up Saturday", "2026-09-30", 5, "2026-10-13"},
		{"over the Spring Festival and both make-up Saturdays", "2026-02-13", 5, "2026-02-27"},
		{"a make-up Saturday after the holiday", "2026-10-09", 1, "2026-10-10"},
		{"filed on a holiday: counting starts at its end", "2026-10-03", 1, "2026-10-08"},
		{"over the turn of a year both sides know", "2025-12-31", 1, "2026-01-04"},
		{"the last known workday", "2026-12-30", 1, "2026-12-31"},
		{"time of day does not matter", "2026-03-02 23:59", 1, "2026-03-03"},
		{"the day is Beijing's: 16:30Z is tomorrow there", "2026-03-02T16:30:00Z", 1, "2026-03-04"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := China().AddWorkdays(at(t, tt.from), tt.n)
			if want := EndOfDay(at(t, tt.want)); err != nil || !got.Equal(want) {
				t.Errorf("got %v, %v; want %v", got, err, want)
			}
		})
	}
}

func TestAddDays(t *testing.T) {
	for _, tt := range []struct {
		name, from string
		n          int
		want       string
	}{
		{"ends on a workday", "2026-03-02", 15, "2026-03-17"},
		{"ends on a Sunday: rolls to Monday", "2026-03-07", 15, "2026-03-23"},
		{"ends on a make-up Sunday: stays", "2026-09-05", 15, "2026-09-20"},
		{"ends in National Day: rolls to its end", "2026-09-18", 15, "2026-10-08"},
		{"60 days of a petition", "2026-03-02", 60, "2026-05-06"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := China().AddDays(at(t, tt.from), tt.n)
			if want := EndOfDay(at(t, tt.want)); err != nil || !got.Equal(want) {
				t.Errorf("got %v, %v; want %v", got, err, want)
			}
		})
	}
}

// A deadline is written for people: it must carry +08:00 and name the day itself.
func TestDeadlineIsTheLastSecondInBeijing(t *testing.T) {
	got, err := China().AddWorkdays(at(t, "2026-03-02T01:00:00Z"), 1)
	if err != nil || got.Format(time.RFC3339Nano) != "2026-03-03T23:59:59+08:00" {
		t.Errorf("got %s, %v", got.Format(time.RFC3339Nano), err)
	}
	if got := AddHours(at(t, "2026-10-01T10:00:00Z"), 24*time.Hour).Format(time.RFC3339); got != "2026-10-02T18:00:00+08:00" {
		t.Errorf("24h over a holiday: got %s", got)
	}
}

func TestUnknownYear(t *testing.T) {
	c := China()
	newYearsEve, err := c.With(2026, []string{"2026-12-31"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		err  func() error
		want int // year; 0: no error
	}{
		{"a count that stays in December", func() error { _, err := c.AddWorkdays(at(t, "2026-12-28"), 3); return err }, 0},
		{"a count that reaches January", func() error { _, err := c.AddWorkdays(at(t, "2026-12-28"), 4); return err }, 2027},
		{"days that end in January", func() error { _, err := c.AddDays(at(t, "2026-12-28"), 15); return err }, 2027},
		{"days that would roll into January", func() error { _, err := newYearsEve.AddDays(at(t, "2026-12-30"), 1); return err }, 2027},
		{"between, over the new year", func() error { _, err := c.WorkdaysBetween(at(t, "2026-12-30"), at(t, "2027-01-01")); return err }, 2027},
		{"before the first year", func() error { _, err := c.IsWorkday(at(t, "2023-12-31")); return err }, 2023},
		{"from a day before the first year", func() error { _, err := c.AddWorkdays(at(t, "2023-12-31"), 1); return err }, 0},
		{"the zero calendar", func() error { _, err := Calendar{}.AddWorkdays(at(t, "2026-03-02"), 1); return err }, 2026},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := tt.err()
			var missing *NoDataError
			switch {
			case tt.want == 0 && err != nil:
				t.Errorf("got %v, want no error", err)
			case tt.want != 0 && (!errors.Is(err, ErrNoData) || !errors.As(err, &missing) || missing.Year != tt.want):
				t.Errorf("got %v, want no data for %d", err, tt.want)
			}
		})
	}
}

func TestAtLeastOneDay(t *testing.T) {
	for _, n := range []int{0, -1} {
		if _, err := China().AddWorkdays(at(t, "2026-03-02"), n); err == nil {
			t.Errorf("AddWorkdays(%d): got no error", n)
		}
		if _, err := China().AddDays(at(t, "2026-03-02"), n); err == nil {
			t.Errorf("AddDays(%d): got no error", n)
		}
	}
}

func TestWith(t *testing.T) {
	base := China()
	c, err := base.With(2027, []string{"2026-12-31..2027-01-02", "2027-02-05..2027-02-11"}, []string{"2027-01-03"})
	if err != nil {
		t.Fatal(err)
	}
	for date, want := range map[string]bool{
		"2026-12-31": false, // the next year's notice reaches back
		"2027-01-02": false,
		"2027-01-03": true, // a Sunday
		"2027-01-04": true,
		"2027-02-06": false,
		"2026-10-10": true, // other years stay
	} {
		if got, err := c.IsWorkday(at(t, date)); err != nil || got != want {
			t.Errorf("%s: got %v, %v; want %v", date, got, err, want)
		}
	}
	if got := base.Years(); len(got) != 3 {
		t.Errorf("With changed the calendar it came from: %v", got)
	}
	// A notice given again replaces the whole year: a corrected one must leave nothing behind.
	c, err = c.With(2026, []string{"2026-01-01"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if works, err := c.IsWorkday(at(t, "2026-10-01")); err != nil || !works {
		t.Errorf("2026-10-01 after replacing: got %v, %v", works, err)
	}
}

func TestWithRefuses(t *testing.T) {
	ok := []string{"2027-01-01"}
	for _, tt := range []struct {
		name      string
		year      int
		off, work []string
		list      string
		at        int
		why       string
	}{
		{"short year", 27, ok, nil, "off", -1, "in full"},
		{"nothing off", 2027, nil, nil, "off", -1, "must list"},
		{"no date", 2027, []string{"2027-01-01", "1 January"}, nil, "off", 1, "is no date"},
		{"no such day", 2027, []string{"2027-02-29"}, nil, "off", 0, "is no date"},
		{"another year", 2027, []string{"2028-01-01"}, nil, "off", 0, "outside 2027"},
		{"November before", 2027, []string{"2026-11-30"}, nil, "off", 0, "outside 2027"},
		{"backwards", 2027, []string{"2027-01-03..2027-01-01"}, nil, "off", 0, "ends before"},
		{"month mistyped", 2027, []string{"2027-02-05..2027-03-11"}, nil, "off", 0, "longer than"},
		{"on both lists", 2027, []string{"2027-01-01..2027-01-03"}, []string{"2027-01-03"}, "work", 0, "also listed under off"},
		{"a weekday worked", 2027, ok, []string{"2027-01-03", "2027-01-05"}, "work", 1, "is a Tuesday"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := China().With(tt.year, tt.off, tt.work)
			var bad *NoticeError
			if !errors.As(err, &bad) || bad.List != tt.list || bad.At != tt.at || !strings.Contains(bad.Why, tt.why) {
				t.Errorf("got %v, want %s[%d]: …%s…", err, tt.list, tt.at, tt.why)
			}
		})
	}
}

// A moment far enough from the calendar's end that 60 working days stay inside it.
func someTime() *rapid.Generator[time.Time] {
	first := time.Date(2024, 1, 1, 0, 0, 0, 0, zone)
	return rapid.Custom(func(t *rapid.T) time.Time {
		return first.Add(time.Duration(rapid.Int64Range(0, 960*24*3600).Draw(t, "seconds")) * time.Second)
	})
}

func TestCountingProperties(t *testing.T) {
	c := China()
	rapid.Check(t, func(t *rapid.T) {
		from, n := someTime().Draw(t, "from"), rapid.IntRange(1, 60).Draw(t, "n")
		by, err := c.AddWorkdays(from, n)
		if err != nil {
			t.Fatal(err)
		}
		if works, err := c.IsWorkday(by); err != nil || !works {
			t.Fatalf("%v is a day of rest", by)
		}
		if back, err := c.WorkdaysBetween(from, by); err != nil || back != n {
			t.Fatalf("between %v and %v: %d, %v; want %d", from, by, back, err, n)
		}
		days, err := c.AddDays(from, n)
		if err != nil {
			t.Fatal(err)
		}
		if works, err := c.IsWorkday(days); err != nil || !works {
			t.Fatalf("%v is a day of rest", days)
		}
		// office.Parse relies on both when it judges whether one service level is faster than another.
		if days.After(by) {
			t.Fatalf("%d days end %v, after %d working days: %v", n, days, n, by)
		}
		if days.Before(from.Add(time.Duration(n) * 24 * time.Hour).Truncate(time.Second)) {
			t.Fatalf("%d days end %v, less than %d times 24 hours after %v", n, days, n, from)
		}
	})
}

func TestCountingIsMonotone(t *testing.T) {
	c := China()
	rapid.Check(t, func(t *rapid.T) {
		a, b := someTime().Draw(t, "a"), someTime().Draw(t, "b")
		if b.Before(a) {
			a, b = b, a
		}
		n, more := rapid.IntRange(1, 40).Draw(t, "n"), rapid.IntRange(0, 20).Draw(t, "more")
		for name, add := range map[string]func(time.Time, int) (time.Time, error){"wd": c.AddWorkdays, "d": c.AddDays} {
			early, err1 := add(a, n)
			late, err2 := add(b, n+more)
			if err1 != nil || err2 != nil || late.Before(early) {
				t.Fatalf("%s: %v+%d = %v (%v), %v+%d = %v (%v)", name, a, n, early, err1, b, n+more, late, err2)
			}
		}
	})
}

func TestBetween(t *testing.T) {
	for _, tt := range []struct {
		a, b           string
		workdays, days int
	}{
		{"2026-03-02 09:00", "2026-03-02 18:00", 0, 0},
		{"2026-03-02 23:59", "2026-03-03 00:01", 1, 1},
		{"2026-03-06", "2026-03-08", 0, 2}, // Friday to Sunday
		{"2026-09-30", "2026-10-10", 3, 10},
		{"2026-03-05", "2026-03-02", 0, 0},
	} {
		got, err := China().WorkdaysBetween(at(t, tt.a), at(t, tt.b))
		if err != nil || got != tt.workdays {
			t.Errorf("WorkdaysBetween(%s, %s): got %d, %v; want %d", tt.a, tt.b, got, err, tt.workdays)
		}
		if got := DaysBetween(at(t, tt.a), at(t, tt.b)); got != tt.days {
			t.Errorf("DaysBetween(%s, %s): got %d, want %d", tt.a, tt.b, got, tt.days)
		}
	}
}

func BenchmarkAddWorkdays(b *testing.B) {
	c, from := China(), at(b, "2026-09-18")
	for b.Loop() {
		if _, err := c.AddWorkdays(from, 15); err != nil {
			b.Fatal(err)
		}
	}
}
