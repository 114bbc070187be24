package main

import (
	"bytes"
	"fmt"
	"os"

	"go.yaml.in/yaml/v3"
)

// prices are those of one region, in its currency. Units are those of AWS's price lists.
type prices struct {
	Region   string
	Currency string
	AsOf     string `yaml:"asOf"`
	Sure     string // how sure the figures are

	TableWrites float64 `yaml:"tableWrites"` // a million write request units, on demand
	TableReads  float64 `yaml:"tableReads"`  // a million read request units
	TableGB     float64 `yaml:"tableGB"`     // a month
	RecoveryGB  float64 `yaml:"recoveryGB"`  // a month, point-in-time recovery
	Requests    float64 `yaml:"requests"`    // a million of an HTTP API
	Invocations float64 `yaml:"invocations"` // a million
	GBSeconds   float64 `yaml:"gbSeconds"`   // one
	QueueCalls  float64 `yaml:"queueCalls"`  // a million
	LogGB       float64 `yaml:"logGB"`       // taken in
	Metric      float64 `yaml:"metric"`      // a month
	Alarm       float64 `yaml:"alarm"`       // a month
	Dashboard   float64 `yaml:"dashboard"`   // a month
}

const million = 1e6

// pollers is what Lambda asks of a queue on its own, a month: five long polls of twenty seconds at once for each.
const pollsOfAQueue = 5 * 30 * 24 * 3600 / 20

// line is one item of a bill.
type line struct {
	what     string
	amount   float64 // for a million lives
	currency string
}

// price prints what a million lives cost in each region of a price file.
func (u *use) price(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	all, err := readPrices(text)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	for _, p := range all {
		fmt.Printf("### A million tickets in %s (%s, prices as of %s; %s)\n\n| what | %s |\n|---|---|\n", p.Region, p.Currency, p.AsOf, p.Sure, p.Currency)
		total := 0.0
		for _, l := range u.bill(p) {
			fmt.Printf("| %s | %.2f |\n", l.what, l.amount)
			total += l.amount
		}
		fmt.Printf("| **together** | **%.2f** |\n| of it for one ticket | %.6f |\n| standing costs a month, whatever is filed | %.2f |\n\n", total, total/million, u.standing(p))
	}
	return nil
}

// readPrices reads a price file; a field that is none is an error.
func readPrices(text []byte) (all []prices, err error) {
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	return all, decoder.Decode(&all)
}

// bill is what a million lives cost, and a year of keeping them.
func (u *use) bill(p prices) []line {
	each := func(n float64) float64 { return n / livesMeasured * million }
	var invocations, gbSeconds float64
	for name := range u.invocations {
		invocations += u.invocations[name]
		gbSeconds += u.gbSeconds[name]
	}
	gb := each(u.stored) / 1e9
	return []line{
		{"table: writes", each(u.writes) / million * p.TableWrites, p.Currency},
		{"table: reads", each(u.reads) / million * p.TableReads, p.Currency},
		{"table: a year's storage and recovery", gb * (p.TableGB + p.RecoveryGB) * 12, p.Currency},
		{"API: requests", each(float64(u.requests)) / million * p.Requests, p.Currency},
		{"functions: invocations", each(invocations) / million * p.Invocations, p.Currency},
		{"functions: GB-seconds", each(gbSeconds) * p.GBSeconds, p.Currency},
		{"queues: calls", each(u.sqs) / million * p.QueueCalls, p.Currency},
		{"logs", each(u.logged) / 1e9 * p.LogGB, p.Currency},
	}
}

// The template's standing parts: see template.yaml.
const (
	queuesPolled = 14 // eleven sections, phones, photos' failures, digests
	metrics      = 10
	alarms       = 59 // by the metrics they look at, which is what is billed: those for what waits in a queue look at two
)

// standing is what a month costs in which nobody files.
func (u *use) standing(p prices) float64 {
	return queuesPolled*pollsOfAQueue/million*p.QueueCalls + metrics*p.Metric + alarms*p.Alarm + p.Dashboard
}
