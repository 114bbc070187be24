package template

import (
	"strings"
	"testing"
	"time"
)

// wholeAlarm are the properties that an alarm must have.
const wholeAlarm = `      Namespace: N
      MetricName: M
      Period: 60
      EvaluationPeriods: 3
      Threshold: 0.5
      ComparisonOperator: GreaterThanThreshold
`

// mathAlarm is one that looks at two metrics.
const mathAlarm = `Resources:
  A:
    Type: AWS::CloudWatch::Alarm
    Properties:
      EvaluationPeriods: 30
      DatapointsToAlarm: 27
      Threshold: 1
      ComparisonOperator: GreaterThanOrEqualToThreshold
      Metrics:
        - { Id: sum, Expression: a + b }
        - { Id: a, ReturnData: false, MetricStat: { Metric: { Namespace: N, MetricName: M, Dimensions: [{ Name: D, Value: V }] }, Period: 60, Stat: Minimum } }
        - { Id: b, ReturnData: false, MetricStat: { Metric: { Namespace: N, MetricName: O }, Period: 60, Stat: Minimum } }
`

func TestAlarms(t *testing.T) {
	m := resolve(t, "Resources:\n  A:\n    Type: AWS::CloudWatch::Alarm\n    Properties:\n"+wholeAlarm, here)
	if a := m.Alarms[0]; a.Watched[0].Metric != "M" || a.Period != time.Minute || a.Datapoints != 3 || a.Missing != "missing" || a.Beyond(0.5) || !a.Beyond(0.6) {
		t.Errorf("got %+v", a)
	}
	m = resolve(t, mathAlarm, here)
	if a := m.Alarms[0]; a.Expression != "a + b" || a.Datapoints != 27 || len(a.Watched) != 2 || a.Watched[0].Dimensions["D"] != "V" ||
		!a.Watches("N", "O") || a.Watches("N", "P") || a.Period != time.Minute || !a.Beyond(1) {
		t.Errorf("got %+v", a)
	}
}

// What AWS refuses, or what would never ring, is found before it is deployed.
func TestAlarmProblems(t *testing.T) {
	for _, tt := range []struct{ name, old, new, want string }{
		{"metric's field", "Namespace: N, MetricName: O", "Namespace: N, MetricNam: O", "MetricNam: is not understood"},
		{"another period", "MetricName: O }, Period: 60", "MetricName: O }, Period: 300", "another period"},
		{"nothing to look at", "Expression: a + b", "ReturnData: false, Expression: a + b", "the one expression that the alarm looks at"},
		{"two to look at", "Id: a, ReturnData: false", "Id: a", "the one expression that the alarm looks at"},
		{"both ways", "      Metrics:", "      MetricName: M\n      Metrics:", "stands beside Metrics"},
		{"more than all", "DatapointsToAlarm: 27", "DatapointsToAlarm: 31", "not a whole number from 1 to 30"},
		{"threshold", "Threshold: 1", "Threshold: much", `"much" is not a number`},
		{"comparison", "GreaterThanOrEqualToThreshold", "Greater", `"Greater" is not understood`},
		{"a dimension without a value", ", Value: V", "", "Value is missing"},
	} {
		text := strings.Replace(mathAlarm, tt.old, tt.new, 1)
		if got := problems(text, here); text == mathAlarm || len(got) != 1 || !strings.Contains(got.Error(), tt.want) {
			t.Errorf("%s: got %v, want %q alone", tt.name, got, tt.want)
		}
	}
	long := "Resources:\n  A:\n    Type: AWS::CloudWatch::Alarm\n    Properties:\n" + strings.Replace(wholeAlarm, "Period: 60", "Period: 1800", 1)
	long = strings.Replace(long, "EvaluationPeriods: 3", "EvaluationPeriods: 49", 1)
	if got := problems(long, here); len(got) != 1 || !strings.Contains(got.Error(), "more than a day") {
		t.Errorf("49 half hours: got %v", got)
	}
}
