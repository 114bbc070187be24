package template

import (
	"slices"
	"strconv"
	"time"
)

const alarmType = "AWS::CloudWatch::Alarm"

// Alarm is one AWS::CloudWatch::Alarm: Datapoints of the last Periods must lie beyond the threshold for it to ring.
type Alarm struct {
	ID, Name, Description string
	Watched               []Watched
	Expression            string // over the ids of Watched; empty: it looks at the one metric it watches
	Period                time.Duration
	Periods, Datapoints   int
	Threshold             float64
	Comparison            string
	Missing               string   // what periods without data count as
	Actions, OKActions    []string // ARNs that are told when it rings, and when it is over
	Line                  int
}

// Watched is a metric that an alarm looks at.
type Watched struct {
	ID, Namespace, Metric, Statistic string
	Dimensions                       map[string]string
}

// alarm reads one AWS::CloudWatch::Alarm.
func alarm(res *resource, name string, o *object) Alarm {
	o.require("EvaluationPeriods", "Threshold", "ComparisonOperator")
	a := Alarm{ID: res.id, Name: name, Description: o.text("AlarmDescription", ""), Line: res.line}
	a.Periods = o.integer("EvaluationPeriods", 1, 1, 1440)
	a.Datapoints = o.integer("DatapointsToAlarm", a.Periods, 1, a.Periods)
	a.Threshold = o.decimal("Threshold")
	a.Comparison = o.choice("ComparisonOperator", "", "GreaterThanOrEqualToThreshold", "GreaterThanThreshold",
		"LessThanThreshold", "LessThanOrEqualToThreshold")
	a.Missing = o.choice("TreatMissingData", "missing", "breaching", "notBreaching", "ignore", "missing")
	a.Actions, a.OKActions = o.texts("AlarmActions"), o.texts("OKActions")
	if o.has("Metrics") {
		a.math(o)
	} else {
		o.require("MetricName", "Namespace", "Period")
		a.Period = seconds(o.integer("Period", 60, 10, 86_400))
		a.Watched = []Watched{watched(o, "", "Statistic")}
	}
	if day := 24 * time.Hour; a.Period < time.Hour && a.Period*time.Duration(a.Periods) > day {
		o.found.at(o.v, "looks back over more than a day, which AWS refuses of periods under an hour")
	}
	return a
}

// math reads the metrics of an alarm that looks at an expression over them.
func (a *Alarm) math(o *object) {
	for _, key := range []string{"MetricName", "Namespace", "Dimensions", "Statistic", "Period"} {
		if o.has(key) {
			o.found.at(o.v.field(key), "stands beside Metrics; AWS takes one or the other")
		}
	}
	shown := 0
	for _, each := range o.objects("Metrics") {
		each.require("Id")
		each.ignore("Label")
		if each.flag("ReturnData", true) {
			shown++
		}
		if each.has("Expression") {
			a.Expression = each.text("Expression", "")
			each.done()
			continue
		}
		each.require("MetricStat")
		stat := each.object("MetricStat")
		stat.require("Metric", "Period", "Stat")
		period := seconds(stat.integer("Period", 60, 10, 86_400))
		if a.Period != 0 && a.Period != period {
			o.found.at(stat.v, "has another period than the metric before it")
		}
		a.Period = period
		metric := stat.object("Metric")
		w := watched(metric, each.text("Id", ""), "")
		w.Statistic = stat.text("Stat", "")
		a.Watched = append(a.Watched, w)
		metric.done()
		stat.done()
		each.done()
	}
	if shown != 1 || a.Expression == "" {
		o.found.at(o.v.field("Metrics"), "must be metrics with ReturnData false and the one expression that the alarm looks at")
	}
}

// watched reads a metric's name and dimensions; statistic is the field that says what is taken of it, if it stands there too.
func watched(o *object, id, statistic string) Watched {
	w := Watched{ID: id, Namespace: o.text("Namespace", ""), Metric: o.text("MetricName", ""), Dimensions: map[string]string{}}
	if statistic != "" {
		w.Statistic = o.text(statistic, "")
	}
	for _, d := range o.objects("Dimensions") {
		d.require("Name", "Value")
		w.Dimensions[d.text("Name", "")] = d.text("Value", "")
		d.done()
	}
	return w
}

// decimal reads a number that may have a fraction.
func (o *object) decimal(key string) float64 {
	text := o.text(key, "")
	if text == "" {
		return 0
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		o.found.at(o.v.field(key), "%q is not a number", text)
	}
	return n
}

// Beyond reports whether a value lies beyond the threshold.
func (a Alarm) Beyond(value float64) bool {
	switch a.Comparison {
	case "GreaterThanOrEqualToThreshold":
		return value >= a.Threshold
	case "GreaterThanThreshold":
		return value > a.Threshold
	case "LessThanThreshold":
		return value < a.Threshold
	default:
		return value <= a.Threshold
	}
}

// Watches reports whether the alarm looks at a metric of a namespace.
func (a Alarm) Watches(namespace, metric string) bool {
	return slices.ContainsFunc(a.Watched, func(w Watched) bool { return w.Namespace == namespace && w.Metric == metric })
}
