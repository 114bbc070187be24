package template

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"steledesk/shared/outcome"
)

// source is what metrics of a namespace there are: their dimension, and of what.
type source struct {
	dimension string
	of        []string
	metrics   []string
}

// sources are the metrics that alarms and dashboard may name: AWS's own, of resources of the template, and the outcomes that
// functions write.
func sources(t *testing.T, m *Model) map[string]source {
	t.Helper()
	var queues, functions, tables []string
	for _, q := range m.Queues {
		queues = append(queues, q.Name)
	}
	for _, f := range m.Functions {
		functions = append(functions, f.Name)
	}
	for _, one := range m.Tables {
		tables = append(tables, *one.Create.TableName)
	}
	return map[string]source{
		"AWS/SQS":         {"QueueName", queues, []string{waiting, hidden, age}},
		"AWS/Lambda":      {"FunctionName", functions, []string{"Invocations", "Errors", "Throttles", "Duration", "IteratorAge"}},
		"AWS/ApiGateway":  {"ApiId", []string{"local"}, []string{"Count", "4xx", "5xx", "Latency"}}, // what !Ref gives of the API here
		"AWS/DynamoDB":    {"TableName", tables, []string{"ReadThrottleEvents", "WriteThrottleEvents", "ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits"}},
		outcome.Namespace: outcomesOf(t, m),
	}
}

// outcomesOf is what package outcome writes for a stack, of the outcomes that some function counts.
func outcomesOf(t *testing.T, m *Model) source {
	t.Helper()
	counts := outcome.Counts{}
	for _, n := range outcomes {
		if written(t, "*", "outcome."+string(n)) {
			counts[n] = 1
		}
	}
	var out bytes.Buffer
	outcome.Write(t.Context(), slog.New(slog.NewJSONHandler(&out, nil)), m.Stack, time.Now(), counts)
	var line struct {
		Stack string
		AWS   struct {
			CloudWatchMetrics []struct {
				Dimensions [][]string
				Metrics    []struct{ Name string }
			}
		} `json:"_aws"`
	}
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		t.Fatal(err)
	}
	set := line.AWS.CloudWatchMetrics[0]
	s := source{dimension: strings.Join(set.Dimensions[0], ","), of: []string{line.Stack}}
	for _, one := range set.Metrics {
		s.metrics = append(s.metrics, one.Name)
	}
	return s
}

// streamed reports whether a function reads a stream: only such a one has an IteratorAge.
func streamed(m *Model, function string) bool {
	return slices.ContainsFunc(m.Functions, func(f Function) bool {
		return f.Name == function && slices.ContainsFunc(m.Streams, func(s StreamMapping) bool { return s.Function == f.ID })
	})
}

// An alarm on a metric that nobody writes is for ever silent: each names one that there is, of something that there is.
func TestAlarmsAndDashboardShowWhatThereIs(t *testing.T) {
	m := project(t)
	all := sources(t, m)
	check := func(who, namespace, metric string, dimensions map[string]string) {
		t.Helper()
		s := all[namespace]
		value, has := dimensions[s.dimension]
		if !slices.Contains(s.metrics, metric) || !has || len(dimensions) != 1 || !slices.Contains(s.of, value) || metric == "IteratorAge" && !streamed(m, value) {
			t.Errorf("%s: there is no %s %s of %v", who, namespace, metric, dimensions)
		}
	}
	for _, a := range m.Alarms {
		for _, w := range a.Watched {
			check(a.Name, w.Namespace, w.Metric, w.Dimensions)
		}
		if !slices.Equal(a.Actions, a.OKActions) || len(a.Actions) != 1 || !strings.HasSuffix(a.Actions[0], ":steledesk-alarms") {
			t.Errorf("%s tells %v and %v, not the topic", a.Name, a.Actions, a.OKActions)
		}
	}
	for _, w := range dashboardOf(t, m).Widgets {
		for _, metric := range w.Properties.Metrics {
			if len(metric) < 4 {
				continue // an expression
			}
			check("dashboard", fmt.Sprint(metric[0]), fmt.Sprint(metric[1]), map[string]string{fmt.Sprint(metric[2]): fmt.Sprint(metric[3])})
		}
	}
}
