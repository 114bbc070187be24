package cron_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"steledesk/infra/local/sources/cron"
)

func load(t testing.TB, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func TestNext(t *testing.T) {
	const form = "2006-01-02T15:04:05"
	for _, test := range []struct {
		expression, zone, after string
		want                    []string
	}{
		{"rate(1 minute)", "UTC", "2026-07-01T00:00:00", []string{"2026-07-01T00:01:00", "2026-07-01T00:02:00"}},
		{"rate(5 minutes)", "UTC", "2026-07-01T00:00:30", []string{"2026-07-01T00:05:30"}},
		{"rate(1 day)", "UTC", "2026-07-01T00:00:00", []string{"2026-07-02T00:00:00"}},
		{"cron(0 10 * * ? *)", "UTC", "2026-07-01T10:00:00", []string{"2026-07-02T10:00:00"}},
		{"cron(15 12 * * ? *)", "UTC", "2026-12-31T12:15:00", []string{"2027-01-01T12:15:00"}},
		{"cron(0 18 ? * MON-FRI *)", "UTC", "2026-07-03T17:59:59", []string{"2026-07-03T18:00:00", "2026-07-06T18:00:00"}},
		{"cron(0 8 1 * ? *)", "UTC", "2026-01-31T00:00:00", []string{"2026-02-01T08:00:00", "2026-03-01T08:00:00"}},
		{"cron(0/15 * * * ? *)", "UTC", "2026-07-01T00:14:00", []string{"2026-07-01T00:15:00", "2026-07-01T00:30:00", "2026-07-01T00:45:00", "2026-07-01T01:00:00"}},
		{"cron(*/20 8,20 * * ? *)", "UTC", "2026-07-01T08:21:00", []string{"2026-07-01T08:40:00", "2026-07-01T20:00:00"}},
		{"cron(0/30 20-23 ? * MON,fri *)", "UTC", "2026-07-03T23:30:00", []string{"2026-07-06T20:00:00"}},
		{"cron(0 9 L * ? *)", "UTC", "2027-01-31T09:00:00", []string{"2027-02-28T09:00:00", "2027-03-31T09:00:00"}},
		{"cron(0 9 L 2 ? *)", "UTC", "2027-01-01T00:00:00", []string{"2027-02-28T09:00:00", "2028-02-29T09:00:00"}},
		{"cron(0 9 29 2 ? *)", "UTC", "2026-01-01T00:00:00", []string{"2028-02-29T09:00:00", "2032-02-29T09:00:00"}},
		{"cron(0 9 1W * ? *)", "UTC", "2026-07-31T00:00:00", []string{"2026-08-03T09:00:00", "2026-09-01T09:00:00"}}, // 1 August is a Saturday
		{"cron(0 9 15W 8 ? *)", "UTC", "2026-08-01T00:00:00", []string{"2026-08-14T09:00:00"}},                       // a Saturday
		{"cron(0 9 16W 8 ? *)", "UTC", "2026-08-01T00:00:00", []string{"2026-08-17T09:00:00"}},                       // a Sunday
		{"cron(0 9 31W 5 ? *)", "UTC", "2026-05-01T00:00:00", []string{"2026-05-29T09:00:00"}},                       // a Sunday, the month's last
		{"cron(0 9 31W * ? *)", "UTC", "2026-06-01T00:00:00", []string{"2026-07-31T09:00:00"}},                       // June has none
		{"cron(0 9 ? * 2#1 *)", "UTC", "2026-07-01T00:00:00", []string{"2026-07-06T09:00:00", "2026-08-03T09:00:00"}},
		{"cron(0 9 ? * FRI#5 *)", "UTC", "2026-08-01T00:00:00", []string{"2026-10-30T09:00:00"}},
		{"cron(0 9 ? * 5L *)", "UTC", "2026-07-01T00:00:00", []string{"2026-07-30T09:00:00"}}, // the last Thursday
		{"cron(0 9 ? * L *)", "UTC", "2026-07-01T00:00:00", []string{"2026-07-04T09:00:00"}},  // Saturday
		{"cron(0 9 1 JAN ? 2030-2031)", "UTC", "2026-07-01T00:00:00", []string{"2030-01-01T09:00:00", "2031-01-01T09:00:00", ""}},
		{"cron(0 9 31 2 ? *)", "UTC", "2026-07-01T00:00:00", []string{""}},
		{"cron(0 9 1 * ? 1980)", "UTC", "2026-07-01T00:00:00", []string{""}},
		{"cron(0 8 1 * ? *)", "Asia/Shanghai", "2026-07-01T08:00:00", []string{"2026-08-01T08:00:00"}},
		{"cron(30 2 * * ? *)", "America/New_York", "2026-03-07T12:00:00", []string{"2026-03-09T02:30:00"}}, // 8 March has no 2:30
		{"cron(30 1 * * ? *)", "America/New_York", "2026-10-31T12:00:00", []string{"2026-11-01T01:30:00", "2026-11-02T01:30:00"}},
		{"at(2026-07-01T08:00:00)", "Asia/Shanghai", "2026-06-30T00:00:00", []string{"2026-07-01T08:00:00", ""}},
	} {
		zone := load(t, test.zone)
		e, err := cron.Parse(test.expression, zone)
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		after, err := time.ParseInLocation(form, test.after, zone)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range test.want {
			next := e.Next(after)
			got := ""
			if !next.IsZero() {
				got = next.In(zone).Format(form)
			}
			if got != want {
				t.Errorf("%s after %s: got %q, want %q", test.expression, after.Format(form), got, want)
			}
			after = next
		}
	}
}

func TestParseRefusesWhatAWSRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                            "want rate(...), cron(...) or at(...)",
		"5 minutes":                   "want rate(...), cron(...) or at(...)",
		"every(5 minutes)":            `"every" is unknown`,
		"rate(5 minute)":              "write rate(5 minutes)",
		"rate(1 minutes)":             "write rate(1 minute)",
		"rate(0 minutes)":             "want a whole number",
		"rate(5 seconds)":             "want a whole number and minute(s)",
		"rate(5  minutes)":            "want a whole number",
		"rate(-1 day)":                "want a whole number",
		"rate(999999999 days)":        "longer than this program can count",
		"cron(0 10 * * *)":            "5 fields, want 6",
		"cron(0 10 * * * *)":          "AWS wants ? in one of",
		"cron(0 10 ? * ? *)":          "both ?",
		"cron(60 10 * * ? *)":         `minutes "60": "60", want 0-59`,
		"cron(0 24 * * ? *)":          `hours "24"`,
		"cron(0 1 0 * ? *)":           `day-of-month "0"`,
		"cron(0 1 32 * ? *)":          `day-of-month "32"`,
		"cron(0 1 * 13 ? *)":          "want 1-12 or JAN-DEC",
		"cron(0 1 ? * 8 *)":           "want 1-7 or SUN-SAT",
		"cron(0 1 ? * MON#6 *)":       "its place in the month",
		"cron(0 1 ? * 2/2 *)":         "takes no steps",
		"cron(0 1 LW * ? *)":          `day-of-month "LW"`,
		"cron(0 1 L-3 * ? *)":         `day-of-month "L-3"`,
		"cron(0 1 ? * XL *)":          `day-of-week "XL"`,
		"cron(0 1 * * ? 1969)":        "want 1970-2199",
		"cron(30-10 1 * * ? *)":       "runs backwards",
		"cron(0-30/5 1 * * ? *)":      "range with a step",
		"cron(0/0 1 * * ? *)":         `step "0"`,
		"cron(a 1 * * ? *)":           `"a", want 0-59`,
		"cron(, 1 * * ? *)":           `want 0-59`,
		"at(2026-07-01)":              "want at(yyyy-mm-ddThh:mm:ss)",
		"at(2026-07-01T08:00:00Z)":    "want at(yyyy-mm-ddThh:mm:ss)",
		"cron(0 1 99999999999 * ? *)": "want 1-31",
	} {
		if _, err := cron.Parse(text, time.UTC); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
	}
}

// Latest must agree with walking from tick to tick.
func TestLatestIsTheLastOfAWalk(t *testing.T) {
	expressions := []string{"rate(7 minutes)", "cron(0/15 * * * ? *)", "cron(0 9 ? * MON#1 *)", "cron(0 9 29 2 ? *)", "cron(0 9 1 1 ? 2027)", "at(2026-08-01T00:00:00)"}
	start := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SampledFrom(expressions).Draw(t, "expression")
		e, err := cron.Parse(text, time.UTC)
		if err != nil {
			t.Fatal(err)
		}
		after := start.Add(time.Duration(rapid.IntRange(0, 3600*24).Draw(t, "after")) * time.Second)
		spans := []time.Duration{time.Hour, 24 * time.Hour, 40 * 24 * time.Hour}
		until := after.Add(time.Duration(rapid.Int64Range(-1e9, int64(rapid.SampledFrom(spans).Draw(t, "span"))).Draw(t, "until")))
		var want time.Time
		for due := e.Next(after); !due.IsZero() && !due.After(until); due = e.Next(due) {
			want = due
		}
		if got := e.Latest(after, until); !got.Equal(want) {
			t.Fatalf("%s from %s to %s: got %s, want %s", text, after, until, got, want)
		}
	})
}

// Next must be the first minute that a look at the calendar alone would choose.
func TestNextIsTheFirstThatFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		minute, hour := rapid.IntRange(0, 59).Draw(t, "minute"), rapid.IntRange(0, 23).Draw(t, "hour")
		weekday := rapid.IntRange(1, 7).Draw(t, "weekday")
		e, err := cron.Parse(fmt.Sprintf("cron(%d %d ? * %d *)", minute, hour, weekday), time.UTC)
		if err != nil {
			t.Fatal(err)
		}
		after := time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "after"), 0).UTC()
		want := after.Truncate(time.Minute).Add(time.Minute)
		for want.Minute() != minute || want.Hour() != hour || int(want.Weekday())+1 != weekday {
			want = want.Add(time.Minute)
		}
		if got := e.Next(after); !got.Equal(want) {
			t.Fatalf("after %s: got %s, want %s", after, got, want)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add("cron(0 9 31W * ? *)")
	f.Add("rate(5 minutes)")
	f.Fuzz(func(t *testing.T, text string) {
		e, err := cron.Parse(text, time.UTC)
		if err != nil {
			return
		}
		after := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
		if next := e.Next(after); !next.IsZero() && !next.After(after) {
			t.Errorf("%q: next is %s, not after %s", text, next, after)
		}
	})
}
