package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"steledesk/infra/steledesk/archive"
	"steledesk/shared/dynamo"
)

// errOver is the error of a trial of the desk's own that was removed or ran out: it is no ticket, and nothing is wrong.
var errOver = errors.New("a trial that is over")

// again reports whether a number was verified, and remembers it. Only the whole table gives a number twice.
func (v *verification) again(number string) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.seen == nil {
		return false
	}
	again := v.seen[number]
	v.seen[number] = true
	return again
}

// lookAgain reads all there is of a ticket that the whole table showed and whose chain does not hold. Trials are removed
// and run out while the table is read; whoever takes a ticket away leaves what the program never leaves. errOver.
func (v *verification) lookAgain(ctx context.Context, one dynamo.Trace, fault error) (events int, explained, err error) {
	var left []dynamo.Item
	for range rereads { // a reading shows a removal half done
		if left, err = v.table.TicketItems(ctx, one.Number); err != nil {
			return 0, nil, err
		}
		switch {
		case len(left) == 0 && one.Trial:
			return 0, nil, errOver
		case !dynamo.IsTrial(left):
			return v.taken(ctx, one, left)
		case !dynamo.HasRecord(left):
			return 0, nil, errOver
		case dynamo.TrialEnded(left, v.env.now()):
			fmt.Fprintf(v.env.err, "%s: a trial of the desk's own that has expired; the table is deleting it\n", one.Number)
			return 0, nil, errOver
		}
	}
	return len(left), fault, nil
}

// taken says what is wrong with a real ticket of which left is all there is.
func (v *verification) taken(ctx context.Context, one dynamo.Trace, left []dynamo.Item) (events int, explained, err error) {
	switch {
	case dynamo.HasRecord(left):
		return check(ctx, v.table, one.Number)
	case len(left) > 0:
		return 0, fmt.Errorf("%s: there is no head and no event, but %s: it was taken away", one.Number, kindsOf(left)), nil
	case one.Named != "":
		return 0, fmt.Errorf("%s: there is nothing of it, but %s names it: it was taken away", one.Number, one.Named), nil
	}
	return 0, fmt.Errorf("%s: it was there when the table was listed, and nothing is left: it was taken away", one.Number), nil
}

// kindsOf names the items that are left, without what tells who a phone is.
func kindsOf(left []dynamo.Item) string {
	var kinds []string
	for _, i := range left {
		_, sk, _ := strings.Cut(archive.Key(i), " ")
		kind, _, _ := strings.Cut(sk, "#")
		switch kind {
		case "CONTACT":
			kind = "a contact"
		case "D":
			kind = "notes of what was told"
		case "PUSH":
			kind = "phones to be told"
		}
		kinds = append(kinds, kind)
	}
	slices.Sort(kinds)
	return strings.Join(slices.Compact(kinds), ", ")
}
