package recount_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"steledesk/infra/demo/recount"
	"steledesk/shared/digest"
)

// year holds the sum of the months' digests to the months' recounts, which are added up as the plain numbers of their
// JSON, and what is printed of it to what is worked out of those.
func year(t *testing.T, of int, digests []digest.Digest, counted []recount.Month) {
	t.Helper()
	y := digest.YearOf(of, digests)
	var sum any
	for _, m := range counted {
		sum = added(sum, numbers(t, m.Tally))
	}
	same(t, fmt.Sprint(of), numbers(t, y.Tally), sum)
	body, err := json.Marshal(sum)
	if err != nil {
		t.Fatal(err)
	}
	var want struct {
		All      recount.Figures            `json:"all"`
		Sections map[string]recount.Figures `json:"sections"`
	}
	if err := json.Unmarshal(body, &want); err != nil {
		t.Fatal(err)
	}
	prints(t, fmt.Sprint(of), "all", y.Tally.All, want.All)
	for section, f := range y.Tally.Sections {
		prints(t, fmt.Sprint(of), section, f, want.Sections[section])
	}
	last, answered := counted[len(counted)-1], 0
	for _, m := range counted {
		answered += m.Earlier.Answered
	}
	left := last.Tally.All.Overdue + last.Tally.All.Pending + last.Tally.All.Undated + last.Earlier.Still
	if c := y.Carried; c.Answered != answered || c.Left != left {
		t.Errorf("%d: answered later %d and left %d, counted again %d and %d", of, c.Answered, c.Left, answered, left)
	}
	if len(y.Standing(digest.Final)) != len(counted) || y.Tally.All.Received < 200 {
		t.Errorf("%d: %d months with %d cases, want %d and more than few", of, len(y.Standing(digest.Final)), y.Tally.All.Received, len(counted))
	}
}

// numbers is a tally's JSON without its lists of cases, its places by their names.
func numbers(t *testing.T, tally any) any {
	t.Helper()
	all := plain(t, tally).(map[string]any)
	places := map[string]any{}
	list, _ := all["places"].([]any)
	for _, p := range list {
		place := p.(map[string]any)
		places[fmt.Sprint(place["spot"], " ", place["category"])] = place["n"]
	}
	all["places"] = places
	delete(all, "waits")
	delete(all, "feedback")
	return all
}

// added adds two JSON values up: numbers, lists by their places, objects by their names.
func added(a, b any) any {
	switch b := b.(type) {
	case float64:
		n, _ := a.(float64)
		return n + b
	case []any:
		list, _ := a.([]any)
		var sum []any
		for i := range max(len(list), len(b)) {
			sum = append(sum, added(at(list, i), at(b, i)))
		}
		return sum
	case map[string]any:
		object, _ := a.(map[string]any)
		sum := map[string]any{}
		for name, v := range object {
			sum[name] = v
		}
		for name, v := range b {
			sum[name] = added(sum[name], v)
		}
		return sum
	}
	return a
}

func at(list []any, i int) any {
	if i < len(list) {
		return list[i]
	}
	return nil
}
