package sources_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"
)

func TestChildShardsWaitForTheirParents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, f := &stream{}, &function{}
		s.put("child", "3", "4")
		s.put("parent", "1", "2")
		s.shard("child").parent = "parent"
		s.shard("parent").parent = "trimmed-long-ago"
		made := newStream(t, f, &memory{}, s, mapping(), nil)
		stop := start(t, made)
		time.Sleep(time.Minute)
		want(t, "before the parent ends", f.seen(), []string{"1 2"})
		s.mu.Lock()
		s.shard("parent").closed = true
		s.mu.Unlock()
		time.Sleep(time.Minute)
		want(t, "after", f.seen(), []string{"1 2", "3 4"})
		if got := made.Status().Shards; got != 1 {
			t.Errorf("got %d shards being read, want 1", got)
		}
		stop()
	})
}

func TestRestartGoesOnAfterTheLastSuccess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, m := &stream{}, &memory{}
		f := &function{}
		s.put("shard-1", "1", "2")
		stop := start(t, newStream(t, f, m, s, mapping(), nil))
		time.Sleep(time.Second)
		stop()
		s.put("shard-1", "3", "4")
		stop = start(t, newStream(t, f, m, s, mapping(), nil))
		time.Sleep(time.Second)
		stop()
		want(t, "calls", f.seen(), []string{"1 2", "3 4"})
	})
}

// The stack stops while the function works: what has not succeeded comes again, what has does not.
func TestStopDuringAnInvocation(t *testing.T) {
	for name, test := range map[string]struct {
		finishes time.Duration
		want     []string
	}{
		"finishes within its grace": {4 * time.Second, []string{"1 2"}},
		"does not":                  {6 * time.Second, []string{"1 2", "1 2"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, m := &stream{}, &memory{}
				f := &function{block: make(chan struct{}), running: make(chan struct{}, 1)}
				s.put("shard-1", "1", "2")
				stop := start(t, newStream(t, f, m, s, mapping(), nil))
				<-f.running
				block := f.block
				time.AfterFunc(test.finishes, func() { close(block) })
				stop()
				time.Sleep(time.Minute)
				f.block = nil
				stop = start(t, newStream(t, f, m, s, mapping(), nil))
				time.Sleep(time.Second)
				stop()
				want(t, "calls", f.seen(), test.want)
			})
		})
	}
}

func TestTrimmedStreamStartsAtTheOldestAndSaysSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, m, f := &stream{}, &memory{}, &function{}
		s.put("shard-1", "1", "2")
		stop := start(t, newStream(t, f, m, s, mapping(), nil))
		time.Sleep(time.Second)
		stop()
		s.put("shard-1", "3", "4", "5")
		s.trimmed = 3
		made := newStream(t, f, m, s, mapping(), nil)
		stop = start(t, made)
		time.Sleep(time.Second)
		stop()
		want(t, "calls", f.seen(), []string{"1 2", "4 5"})
		if got := made.Status(); got.Trimmed != 1 || got.Last == nil || !strings.Contains(got.Last.Text, "records after 2 are gone") {
			t.Errorf("status: got %+v", got)
		}
	})
}

func TestReadsThatFailAreRepeatedWithoutLossOrRepetition(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, f := &stream{}, &function{}
		made := newStream(t, f, &memory{}, s, mapping(), nil)
		s.put("shard-1", "1")
		stop := start(t, made)
		time.Sleep(time.Second)
		s.mu.Lock()
		s.expire, s.fail = true, 5
		s.mu.Unlock()
		s.put("shard-1", "2")
		time.Sleep(time.Minute)
		s.put("shard-1", "3")
		time.Sleep(time.Minute)
		stop()
		want(t, "calls", f.seen(), []string{"1", "2", "3"})
	})
}

// Guards against LATEST losing what is written while the stack is down before anything was carried.
func TestLatestMeansSinceTheMappingWasMade(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, m, f := &stream{}, &memory{}, &function{}
		latest := mapping()
		latest.StartingPosition = "LATEST"
		s.put("shard-1", "1", "2")
		time.Sleep(time.Minute)
		stop := start(t, newStream(t, f, m, s, latest, nil))
		time.Sleep(time.Second)
		stop()
		s.put("shard-1", "3")
		time.Sleep(time.Hour)
		stop = start(t, newStream(t, f, m, s, latest, nil))
		time.Sleep(time.Second)
		s.put("shard-1", "4")
		time.Sleep(time.Second)
		stop()
		want(t, "calls", f.seen(), []string{"3", "4"})
	})
}

func TestRecordsAreGatheredForTheWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, f := &stream{}, &function{}
		m := mapping()
		m.Window, m.BatchSize = 10*time.Second, 3
		s.put("shard-1", "1")
		stop := start(t, newStream(t, f, &memory{}, s, m, nil))
		time.Sleep(5 * time.Second)
		s.put("shard-1", "2")
		time.Sleep(4 * time.Second)
		want(t, "before the window ends", f.seen(), []string(nil))
		time.Sleep(2 * time.Second)
		want(t, "after", f.seen(), []string{"1 2"})
		s.put("shard-1", "3", "4", "5", "6")
		time.Sleep(time.Second)
		want(t, "a full batch does not wait", f.seen(), []string{"1 2", "3 4 5"})
		stop()
	})
}

func TestBatchesStayUnderLambdasLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, f := &stream{}, &function{}
		for i := range 20 {
			r := streamRecord(fmt.Sprint(i), "E#")
			r.Dynamodb.NewImage = map[string]types.AttributeValue{"text": &types.AttributeValueMemberS{Value: strings.Repeat("x", 400<<10)}}
			r.Dynamodb.OldImage = r.Dynamodb.NewImage
			s.shard("shard-1").records = append(s.shard("shard-1").records, r)
		}
		made, _ := carry(t, f, s, mapping(), nil)
		if got := made.Status(); got.Records != 20 || got.Batches != 3 || got.Failures != 0 {
			t.Errorf("status: got %+v, want 20 records in 3 batches", got)
		}
	})
}
