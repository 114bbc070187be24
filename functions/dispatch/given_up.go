package main

import (
	"github.com/aws/aws-lambda-go/events"
)

// streamRetries is how often the stream brings a record that fails alone again: the template's MaximumRetryAttempts.
// After that Lambda puts its place into the queue of stream failures.
const streamRetries = 10

// lastTries finds out when a record is given up, which Lambda tells nobody but that queue: a record that fails is at
// last brought alone, and then only so often. It knows what this process saw, so a record is missed whose tries were
// spread over several; the queue misses none, and has an alarm of its own.
type lastTries struct {
	sequence string
	failed   int
}

// givenUp reports whether a batch failed for the last time.
func (l *lastTries) givenUp(records []events.DynamoDBEventRecord, failed map[int]error) bool {
	if len(records) != 1 || len(failed) == 0 {
		return false
	}
	if sequence := records[0].Change.SequenceNumber; sequence != l.sequence {
		*l = lastTries{sequence: sequence}
	}
	l.failed++
	return l.failed == streamRetries+1
}
