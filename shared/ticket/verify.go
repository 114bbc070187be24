package ticket

import (
	"encoding/json"
	"errors"
	"fmt"
)

// ErrBroken is the error of every chain that was changed after it was written.
var ErrBroken = errors.New("chain is broken")

// Broken says where a chain was changed.
type Broken struct {
	Ticket string
	Seq    int // the first event that does not fit; 0 for the head
	What   string
}

func (b *Broken) Error() string {
	if b.Seq == 0 {
		return fmt.Sprintf("%s: head: %s", b.Ticket, b.What)
	}
	return fmt.Sprintf("%s: event %d: %s", b.Ticket, b.Seq, b.What)
}

// Is makes errors.Is(err, ErrBroken) true.
func (b *Broken) Is(target error) bool { return target == ErrBroken }

// Verify checks the records of one ticket, in order, against each other and against the head:
// every byte, the words that are still kept, the numbering, and that the head is what the events
// say. The error is a *Broken.
func Verify(head Head, records []Record) error {
	events, err := Chain(head.Number, records)
	if err != nil {
		return err
	}
	fold := Fold(events)
	if head.Version != fold.Version || head.Hash != fold.Hash {
		return &Broken{Ticket: head.Number, What: fmt.Sprintf("says version %d, the events end at %d", head.Version, fold.Version)}
	}
	if !same(head, fold) {
		return &Broken{Ticket: head.Number, What: "differs from what its events say"}
	}
	return nil
}

// Chain reads the records of the ticket called number, in order, and checks them against each other as Verify does.
// The error is a *Broken; with it come the events before the one that is named.
func Chain(number string, records []Record) ([]Event, error) {
	if len(records) == 0 {
		return nil, &Broken{Ticket: number, What: "there are no events"}
	}
	events := make([]Event, 0, len(records))
	prev := ""
	for i, r := range records {
		e, err := verifyRecord(number, i+1, prev, r)
		if err != nil {
			return events, err
		}
		events, prev = append(events, e), e.Hash
	}
	return events, nil
}

func verifyRecord(number string, seq int, prev string, r Record) (Event, error) {
	broken := func(what string) (Event, error) {
		return Event{}, &Broken{Ticket: number, Seq: seq, What: what}
	}
	if got := sum([]byte(r.Body)); got != r.Hash {
		return broken("its bytes do not give the hash stored with it")
	}
	e, err := r.Event()
	switch {
	case err != nil:
		return broken(err.Error())
	case e.Ticket != number:
		return broken("it belongs to " + e.Ticket)
	case e.Seq != seq:
		return broken(fmt.Sprintf("it calls itself event %d", e.Seq))
	case e.Prev != prev:
		return broken("it does not continue the event before it")
	case r.Words != "" && sum([]byte(r.Words)) != e.WordsSum:
		return broken("its words were changed")
	}
	return e, nil
}

// Fold gives the head that events add up to. It does not check the chain.
func Fold(events []Event) Head {
	var h Head
	for _, e := range events {
		h = evolve(h, e)
	}
	return h
}

// same compares heads as they are stored: times by their instant, empty lists equal to none.
func same(a, b Head) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && string(x) == string(y)
}
