package visitortest

import (
	"context"
	"maps"
	"sync"
	"time"

	"steledesk/shared/visitor"
)

// Counts are the counts of filings a gate reads: as a test sets them, whatever the time.
type Counts struct {
	mu     sync.Mutex
	bySpot map[string]int
	err    error
	reads  int
}

// Set makes the next readings give bySpot, or fail with err.
func (c *Counts) Set(bySpot map[string]int, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.bySpot, c.err = maps.Clone(bySpot), err
}

// Reads counts the readings.
func (c *Counts) Reads() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.reads
}

// Filings implements visitor.Filings.
func (c *Counts) Filings(context.Context, time.Time) (map[string]int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.reads++
	return maps.Clone(c.bySpot), c.err
}

// Gate is a gate over counts, with Keys and the built-in office, but that tests fill in forms faster than people. It does
// not tell of counts that cannot be read.
func Gate(counts *Counts) *visitor.Gate {
	o := *builtIn()
	o.Limits.FormSeconds = -1
	return &visitor.Gate{Keys: Keys(), Offices: Office{&o}, Filings: counts, Told: func(context.Context, error) {}}
}
