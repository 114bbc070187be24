package sources_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"steledesk/infra/local/lambda"
	"steledesk/infra/local/sources"
)

// trial is a function that fails as chance has it, and a book of what it acknowledged.
type trial struct {
	function
	random       *rand.Rand
	wellFrom     time.Time // from then on it never fails
	acknowledged []string
	problem      string
}

// decide answers a call and checks the order: nothing may come before what stands in front of it is done.
func (r *trial) decide(_ int, ids []string) lambda.Result {
	done := len(ids)
	result := partial()
	if time.Now().Before(r.wellFrom) {
		switch r.random.IntN(5) {
		case 0:
			done, result = 0, failure()
		case 1:
			done, result = 0, partial("no such record")
		case 2:
			done = r.random.IntN(len(ids))
			failed := slices.Clone(ids[done:])
			r.random.Shuffle(len(failed), func(i, j int) { failed[i], failed[j] = failed[j], failed[i] })
			result = partial(failed...)
		}
	}
	for i, id := range ids {
		before := fmt.Sprintf("%03d", number(id)-1)
		if number(id) > 1 && !slices.Contains(r.acknowledged, before) && (i == 0 || ids[i-1] != before) {
			r.problem = fmt.Sprintf("%s came before %s was done, with %v", id, before, ids)
		}
		if i < done {
			r.acknowledged = append(r.acknowledged, id)
		}
	}
	return result
}

func number(id string) int {
	n := 0
	_, _ = fmt.Sscan(strings.TrimLeft(id, "0"), &n) // ids are ours
	return n
}

// Whatever fails and whenever the stack stops: every record is carried, and in order.
func TestStreamCarriesEverythingInOrder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		records := rapid.IntRange(1, 40).Draw(rt, "records")
		perShard := rapid.IntRange(5, 40).Draw(rt, "per shard")
		batch := rapid.IntRange(1, 12).Draw(rt, "batch")
		bisect := rapid.Bool().Draw(rt, "bisect")
		restarts := rapid.SliceOfN(rapid.IntRange(0, 3000), 0, 6).Draw(rt, "restarts in ms")
		seed := rapid.Uint64().Draw(rt, "seed")
		var problem string
		synctest.Test(t, func(t *testing.T) {
			problem = carryAll(t, seed, records, perShard, restarts, func(m *sources.StreamMapping) { m.BatchSize, m.Bisect = batch, bisect })
		})
		if problem != "" {
			rt.Fatal(problem)
		}
	})
}

func carryAll(t *testing.T, seed uint64, records, perShard int, restarts []int, change func(*sources.StreamMapping)) string {
	s, marks := &stream{}, &memory{}
	for i := range records {
		shard := i / perShard
		s.put(fmt.Sprint("shard-", shard), fmt.Sprintf("%03d", i+1))
		if shard > 0 {
			s.shard(fmt.Sprint("shard-", shard)).parent = fmt.Sprint("shard-", shard-1)
			s.shard(fmt.Sprint("shard-", shard-1)).closed = true
		}
	}
	r := &trial{random: rand.New(rand.NewPCG(seed, 0)), wellFrom: time.Now().Add(20 * time.Second)}
	r.answer = r.decide
	m := mapping()
	change(&m)
	for _, ms := range restarts {
		runFor(t, newStream(t, &r.function, marks, s, m, nil), time.Duration(ms)*time.Millisecond)
	}
	runFor(t, newStream(t, &r.function, marks, s, m, nil), 20*time.Minute)
	for i := range records {
		if id := fmt.Sprintf("%03d", i+1); !slices.Contains(r.acknowledged, id) {
			return "never carried: " + id
		}
	}
	return r.problem
}

func runFor(t *testing.T, s source, d time.Duration) {
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	if err := s.Run(ctx); err != nil {
		t.Error(err)
	}
}
