package template

import (
	"strings"
	"testing"
	"time"
)

// samples gives the values that a metric has in a minute; none: there is no data.
type samples func(metric string, minute int) []float64

// rings plays CloudWatch: it gives the end of the period in which an alarm rings first, or -1 if it never does.
func rings(t *testing.T, a Alarm, of samples, long time.Duration) time.Duration {
	t.Helper()
	var beyond []bool
	for from := time.Duration(0); from < long; from += a.Period {
		value, known := a.look(t, of, from)
		beyond = append(beyond, known && a.Beyond(value) || !known && a.Missing == "breaching")
		n := 0
		for _, b := range beyond[max(0, len(beyond)-a.Periods):] {
			if b {
				n++
			}
		}
		if n >= a.Datapoints {
			return from + a.Period
		}
	}
	return -1
}

// look gives what an alarm looks at in the period that begins at from. Of expressions it knows sums.
func (a Alarm) look(t *testing.T, of samples, from time.Duration) (float64, bool) {
	t.Helper()
	values := map[string]float64{}
	for _, w := range a.Watched {
		var all []float64
		for at := from; at < from+a.Period; at += time.Minute {
			all = append(all, of(w.Metric, int(at/time.Minute))...)
		}
		if len(all) > 0 {
			values[w.ID] = statistic(t, w.Statistic, all)
		}
	}
	if a.Expression == "" {
		value, known := values[""]
		return value, known
	}
	sum := 0.0
	for term := range strings.SplitSeq(a.Expression, " + ") {
		id, filled := strings.CutPrefix(term, "FILL(")
		id = strings.TrimSuffix(id, ", 0)")
		value, known := values[id]
		if !known && !filled {
			return 0, false // a sum with a part missing is missing
		}
		sum += value
	}
	return sum, len(values) > 0
}

func statistic(t *testing.T, name string, all []float64) float64 {
	t.Helper()
	value := all[0]
	for _, v := range all[1:] {
		switch name {
		case "Sum":
			value += v
		case "Minimum":
			value = min(value, v)
		case "Maximum":
			value = max(value, v)
		default:
			t.Fatalf("statistic %s is not played here", name)
		}
	}
	return value
}
