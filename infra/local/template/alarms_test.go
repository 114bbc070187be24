package template

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"steledesk/shared/queue"
)

const (
	waiting = "ApproximateNumberOfMessagesVisible"
	hidden  = "ApproximateNumberOfMessagesNotVisible"
	age     = "ApproximateAgeOfOldestMessage"
)

// alarmNamed finds one of the project's alarms.
func alarmNamed(t *testing.T, m *Model, name string) Alarm {
	t.Helper()
	i := slices.IndexFunc(m.Alarms, func(a Alarm) bool { return a.Name == m.Stack+"-"+name })
	if i < 0 {
		t.Fatalf("there is no alarm %s", name)
	}
	return m.Alarms[i]
}

// waits are the alarms that count what is in a queue, hidden or not.
func waits(m *Model) []Alarm {
	return slices.DeleteFunc(slices.Clone(m.Alarms), func(a Alarm) bool { return !a.Watches("AWS/SQS", hidden) })
}

// SQS leaves a message that was received three times out of the age of the oldest, so an alarm on the age never rang for what
// failed again and again.
func TestNoAlarmTrustsTheAgeOfWhatIsTriedOften(t *testing.T) {
	m := project(t)
	for _, a := range m.Alarms {
		for _, w := range a.Watched {
			i := slices.IndexFunc(m.Queues, func(q Queue) bool { return q.Name == w.Dimensions["QueueName"] })
			if w.Metric == age && (i < 0 || tries(t, m.Queues[i]) >= 3) {
				t.Errorf("%s: looks at the age in %s, whose messages may be received three times", a.Name, w.Dimensions["QueueName"])
			}
		}
	}
}

// tries is how often a queue hands a message out.
func tries(t *testing.T, q Queue) int {
	t.Helper()
	var policy struct {
		Max int `json:"maxReceiveCount,string"`
	}
	if q.DeadLetters == "" {
		return 1 << 30
	}
	if err := json.Unmarshal([]byte(q.Attributes["RedrivePolicy"]), &policy); err != nil {
		t.Fatal(err)
	}
	return policy.Max
}

// The canary proves the way through the office's queue alone: each queue that a function works off has an alarm of its own for
// when nobody does.
func TestEveryQueueThatIsWorkedOffIsWatched(t *testing.T) {
	m := project(t)
	for _, c := range m.Consumers {
		name := c.QueueARN[strings.LastIndex(c.QueueARN, ":")+1:]
		n := 0
		for _, a := range waits(m) {
			if !slices.ContainsFunc(a.Watched, func(w Watched) bool { return w.Dimensions["QueueName"] != name }) && a.Watches("AWS/SQS", waiting) {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%s: %d alarms for what waits in it, want one", name, n)
		}
	}
}

// What waits rings by the end of its window and no earlier than nine tenths of it, whether it stands in the queue or is tried
// again and again; a queue that is busy and keeps up does not ring.
func TestWhatWaitsRings(t *testing.T) {
	for _, a := range waits(project(t)) {
		window := a.Period * time.Duration(a.Periods)
		for _, tt := range []struct {
			what  string
			of    samples
			rings bool
		}{
			{"nobody takes it, so nothing is ever in flight", func(metric string, _ int) []float64 {
				return map[string][]float64{waiting: {1}}[metric]
			}, true},
			{"it is tried every six minutes and visible between", func(metric string, minute int) []float64 {
				if visible := minute%6 == 5; visible == (metric == waiting) {
					return []float64{1}
				}
				return []float64{0}
			}, true},
			{"the counts are wrong in one minute of twenty", func(metric string, minute int) []float64 {
				if metric == waiting || minute%20 == 0 {
					return []float64{0}
				}
				return []float64{1}
			}, true},
			{"messages come all the time and are taken within the minute", func(metric string, minute int) []float64 {
				if metric == hidden && minute%2 == 0 {
					return []float64{1}
				}
				return []float64{0}
			}, false},
			{"a queue in which nothing happens has no data", func(string, int) []float64 { return nil }, false},
		} {
			at := rings(t, a, tt.of, 2*window)
			if tt.rings && (at < window*9/10 || at > window) || !tt.rings && at >= 0 {
				t.Errorf("%s: %s: rings after %s of %s", a.Name, tt.what, at, window)
			}
		}
	}
}

// A section that cannot be told of one single matter: the alarm rings while there is time to mend its channel, before the
// message is a dead letter. The tries are the real ones, from whatever second of a minute on, and with the pauses that bots
// ask for, of which ten minutes is DingTalk's.
func TestNotToldRingsBeforeTheDeadLetter(t *testing.T) {
	a := alarmNamed(t, project(t), "not-told")
	const notice = 5 * time.Minute
	for n := range 600 {
		for _, pause := range []time.Duration{0, time.Minute, 10 * time.Minute} {
			at := time.Duration(n%60) * time.Second
			failed := map[int]float64{}
			for try := 1; try < queue.Tries; try++ {
				failed[int(at/time.Minute)]++
				at += max(queue.Backoff(try), pause)
			}
			of := func(_ string, minute int) []float64 {
				if v, any := failed[minute]; any {
					return []float64{v}
				}
				return nil
			}
			if rung := rings(t, a, of, at); rung < 0 || rung > at-notice {
				t.Fatalf("with pauses of %s the dead letter comes after %s, the alarm after %s", pause, at, rung)
			}
		}
	}
	once := func(_ string, minute int) []float64 { return map[int][]float64{0: {3}, 1: {1}}[minute] }
	if at := rings(t, a, once, time.Hour); at >= 0 {
		t.Errorf("what succeeds at the third try rings after %s", at)
	}
}
