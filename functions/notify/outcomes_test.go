package main

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"steledesk/shared/channel"
	"steledesk/shared/office"
)

// counted adds up one outcome in the log.
func (b *bench) counted(name string) float64 {
	b.t.Helper()
	sum := 0.0
	for line := range strings.Lines(b.log.String()) {
		var values map[string]any
		if err := json.Unmarshal([]byte(line), &values); err != nil {
			b.t.Fatal(err)
		}
		if n, is := values[name].(float64); is {
			sum += n
		}
	}
	return sum
}

// Whatever kept a channel from being told, each event that it was not told of is counted once in a try. Only what was
// tried and failed used to be: a channel whose address could not be opened made no alarm.
func TestNotToldIsCountedWhateverFailed(t *testing.T) {
	for name, test := range map[string]struct {
		channels []office.Channel
		spoil    func(*bench)
		want     float64
	}{
		"the sending":             {[]office.Channel{bot("group", "ticketing")}, func(b *bench) { b.fail = func(channel.Channel) error { return errors.New("away") } }, 3},
		"the claim":               {[]office.Channel{bot("group", "ticketing")}, func(b *bench) { b.deliveries = claimless{b.table} }, 3},
		"the office data":         {nil, func(b *bench) { b.offices = offices{nil, errors.New("the table is away")} }, 3},
		"a channel's seal":        {[]office.Channel{bot("group", "ticketing")}, func(b *bench) { b.open = unopened }, 3},
		"one channel of two":      {[]office.Channel{bot("broken", "ticketing"), bot("group", "ticketing")}, func(b *bench) { b.open = unopenedOnly("broken", b.open) }, 3},
		"two channels of two":     {[]office.Channel{bot("one", "ticketing"), bot("two", "ticketing")}, func(b *bench) { b.open = unopened }, 6},
		"nothing":                 {[]office.Channel{bot("group", "ticketing")}, func(*bench) {}, 0},
		"a section without group": {nil, func(*bench) {}, 0},
	} {
		b := newBench(t, test.channels...)
		test.spoil(b)
		b.again(t.Context(), batch(t, "burst"))
		if got := b.counted("NotTold"); got != test.want {
			t.Errorf("%s: %v not told, want %v; log %s", name, got, test.want, b.log.String())
		}
	}
}

func unopened(c office.Channel) (office.Channel, error) { return c, errors.New("no such key") }

func unopenedOnly(id string, open func(office.Channel) (office.Channel, error)) func(office.Channel) (office.Channel, error) {
	return func(c office.Channel) (office.Channel, error) {
		if c.ID == id {
			return unopened(c)
		}
		return open(c)
	}
}

// Every line about messages says of which tickets; what cannot be read is no ticket's, whatever it says of itself.
func TestLinesNameTheirTickets(t *testing.T) {
	for name, fail := range map[string]error{"told": nil, "not told": errors.New("away")} {
		b := newBench(t, bot("group", "ticketing"))
		b.fail = func(channel.Channel) error { return fail }
		b.delayed = errors.New("SQS is away")
		b.again(t.Context(), batch(t, "one"))
		for line := range strings.Lines(b.log.String()) {
			if !strings.Contains(line, `"outcomes"`) && !strings.Contains(line, "WX-K37G0A0H") {
				t.Errorf("%s: no ticket in %s", name, line)
			}
		}
	}
	b := newBench(t, bot("group", "ticketing"))
	e := batch(t, "one", "unreadable")
	e.Records[0].Body = `{"v":2,"ticket":"13800001234","event":"刘游客"}`
	b.again(t.Context(), e)
	if log := b.log.String(); strings.Contains(log, "13800001234") || strings.Contains(log, "刘游客") {
		t.Errorf("an unreadable message's words are in the log: %s", log)
	}
}
