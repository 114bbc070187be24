// Package cron reads the schedule expressions of EventBridge rules and of EventBridge Scheduler and says when
// they are due.
//
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
package cron

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// An Expression says when a schedule is due.
type Expression interface {
	// Next returns the first due time after the given one, to the second; the zero time if there is none.
	Next(after time.Time) time.Time
	// Latest returns the last due time after the one and not after the other; the zero time if there is none.
	Latest(after, until time.Time) time.Time
}

// Parse reads rate(...), cron(...) or at(...). Times of cron and at are those of the zone; rules of EventBridge
// always use UTC, and have no at.
func Parse(text string, zone *time.Location) (Expression, error) {
	name, rest, opened := strings.Cut(text, "(")
	inner, closed := strings.CutSuffix(rest, ")")
	if !opened || !closed {
		return nil, fmt.Errorf("schedule %q: want rate(...), cron(...) or at(...)", text)
	}
	var expression Expression
	var err error
	switch name {
	case "rate":
		expression, err = parseRate(inner)
	case "cron":
		expression, err = parseCron(inner, zone)
	case "at":
		expression, err = parseAt(inner, zone)
	default:
		err = fmt.Errorf("%q is unknown, want rate, cron or at", name)
	}
	if err != nil {
		return nil, fmt.Errorf("schedule %q: %w", text, err)
	}
	return expression, nil
}

type rate time.Duration

var rateForm = regexp.MustCompile(`^([1-9][0-9]{0,8}) (minute|hour|day)(s?)$`)

func parseRate(text string) (Expression, error) {
	form := rateForm.FindStringSubmatch(text)
	if form == nil {
		return nil, fmt.Errorf("want a whole number and minute(s), hour(s) or day(s), as in rate(5 minutes)")
	}
	number, err := strconv.Atoi(form[1])
	if err != nil {
		return nil, err
	}
	if plural := form[3] == "s"; plural != (number != 1) {
		right := form[2]
		if number != 1 {
			right += "s"
		}
		return nil, fmt.Errorf("AWS refuses %q; write rate(%d %s)", text, number, right)
	}
	unit := map[string]time.Duration{"minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour}[form[2]]
	if time.Duration(number) > (1<<63-1)/unit {
		return nil, fmt.Errorf("%s is longer than this program can count", text)
	}
	return rate(time.Duration(number) * unit), nil
}

func (r rate) Next(after time.Time) time.Time {
	return after.Truncate(time.Second).Add(time.Duration(r))
}

func (r rate) Latest(after, until time.Time) time.Time {
	after = after.Truncate(time.Second)
	ticks := until.Sub(after) / time.Duration(r)
	if ticks < 1 {
		return time.Time{}
	}
	return after.Add(ticks * time.Duration(r))
}

type at time.Time

func parseAt(text string, zone *time.Location) (Expression, error) {
	t, err := time.ParseInLocation("2006-01-02T15:04:05", text, zone)
	if err != nil {
		return nil, fmt.Errorf("want at(yyyy-mm-ddThh:mm:ss): %w", err)
	}
	return at(t), nil
}

func (a at) Next(after time.Time) time.Time {
	if t := time.Time(a); t.After(after) {
		return t
	}
	return time.Time{}
}

func (a at) Latest(after, until time.Time) time.Time {
	if t := time.Time(a); t.After(after) && !t.After(until) {
		return t
	}
	return time.Time{}
}
