package main

import (
	"strconv"
	"strings"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/shared/ticket"
)

// about reads from a record's keys which ticket and which of its events it is about, also when the event itself cannot
// be read; nothing when its keys are no event's.
func about(r events.DynamoDBEventRecord) (number string, seq int) {
	pk, sk := r.Change.Keys["pk"], r.Change.Keys["sk"]
	if pk.DataType() != events.DataTypeString || sk.DataType() != events.DataTypeString {
		return "", 0
	}
	text, isTicket := strings.CutPrefix(pk.String(), "T#")
	place, isEvent := strings.CutPrefix(sk.String(), "E#")
	seq, err := strconv.Atoi(place)
	if !isTicket || !isEvent || err != nil {
		return "", 0
	}
	if number, err = ticket.ParseNumber(text); err != nil || number != text {
		return "", 0
	}
	return number, seq
}

// arrived lists the tickets of the events that did not fail, one for each.
func arrived(stored []ticket.Event, places []int, failed map[int]error) []string {
	var numbers []string
	for i, e := range stored {
		if failed[places[i]] == nil {
			numbers = append(numbers, e.Ticket)
		}
	}
	return numbers
}
