package main

import (
	"math"
	"os"
	"strings"
	"testing"

	"steledesk/infra/local/template"
)

// A bill is amounts times prices, for a million lives: each line is worked out by hand here.
func TestBill(t *testing.T) {
	u := &use{
		writes: 70 * livesMeasured, reads: 20 * livesMeasured, requests: 11 * livesMeasured, sqs: 2 * livesMeasured, logged: 5000 * livesMeasured, stored: 9000 * livesMeasured,
		invocations: map[string]float64{"a": 10 * livesMeasured, "b": 2 * livesMeasured}, gbSeconds: map[string]float64{"a": 0.06 * livesMeasured},
	}
	p := prices{TableWrites: 0.625, TableReads: 0.125, TableGB: 0.25, RecoveryGB: 0.20, Requests: 1, Invocations: 0.2, GBSeconds: 0.0000166667, QueueCalls: 0.4, LogGB: 0.5}
	want := map[string]float64{
		"table: writes": 43.75, "table: reads": 2.5, "table: a year's storage and recovery": 48.6, "API: requests": 11,
		"functions: invocations": 2.4, "functions: GB-seconds": 1.000002, "queues: calls": 0.8, "logs": 2.5,
	}
	for _, l := range u.bill(p) {
		if math.Abs(l.amount-want[l.what]) > 1e-6 {
			t.Errorf("%s: %v, want %v", l.what, l.amount, want[l.what])
		}
		delete(want, l.what)
	}
	if len(want) > 0 {
		t.Errorf("not on the bill: %v", want)
	}
}

// The price file is one that can be read, and no price in it was forgotten.
func TestPriceFile(t *testing.T) {
	text, err := os.ReadFile("prices.yaml")
	if err != nil {
		t.Fatal(err)
	}
	all, err := readPrices(text)
	if err != nil || len(all) < 2 {
		t.Fatalf("%d regions, %v", len(all), err)
	}
	for _, p := range all {
		for name, price := range map[string]float64{
			"tableWrites": p.TableWrites, "tableReads": p.TableReads, "tableGB": p.TableGB, "recoveryGB": p.RecoveryGB, "requests": p.Requests,
			"invocations": p.Invocations, "gbSeconds": p.GBSeconds, "queueCalls": p.QueueCalls, "logGB": p.LogGB, "metric": p.Metric, "alarm": p.Alarm, "dashboard": p.Dashboard,
		} {
			if price <= 0 {
				t.Errorf("%s: no %s", p.Region, name)
			}
		}
	}
	if _, err := readPrices([]byte(strings.Replace(string(text), "tableWrites", "tableWritse", 1))); err == nil || !strings.Contains(err.Error(), "tableWritse") {
		t.Errorf("a misspelt price: %v", err)
	}
}

// What stands in the template is what is paid for: an alarm on two metrics is billed as two.
func TestStandingPartsAreTheTemplates(t *testing.T) {
	m, err := template.Usual("../../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	looked := 0
	for _, a := range m.Alarms {
		looked += len(a.Watched)
	}
	if looked != alarms || len(m.Consumers) != queuesPolled {
		t.Errorf("the template has alarms on %d metrics and %d queues that are polled, priced are %d and %d", looked, len(m.Consumers), alarms, queuesPolled)
	}
}
