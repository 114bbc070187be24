package sources_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"

	"steledesk/infra/local/lambda"
	"steledesk/infra/local/sources"
)

func mapping() sources.StreamMapping {
	return sources.StreamMapping{
		Function: "dispatch", StreamARN: streamARN, StartingPosition: "TRIM_HORIZON", MaxRetries: -1, PartialFailures: true,
	}
}

func newStream(t *testing.T, f *function, m *memory, s *stream, mapping sources.StreamMapping, sender sources.Sender) *sources.Stream {
	t.Helper()
	made, err := sources.NewStream(setup(f, m), mapping, s, sender)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func want(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s:\n got %q\nwant %q", what, got, want)
	}
}

// carry runs a mapping over a stream for a virtual while and returns what the function saw.
func carry(t *testing.T, f *function, s *stream, mapping sources.StreamMapping, sender sources.Sender) (*sources.Stream, *memory) {
	t.Helper()
	m := &memory{}
	made := newStream(t, f, m, s, mapping, sender)
	stop := start(t, made)
	time.Sleep(5 * time.Minute)
	stop()
	return made, m
}

// The golden file holds the event's shape as AWS sends it, field for field.
func TestStreamEventIsThatOfAWS(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, f := &stream{}, &function{}
		record := streamRecord("100000000000001", "E#000001")
		record.Dynamodb.ApproximateCreationDateTime = aws.Time(time.Date(2026, 7, 1, 0, 0, 0, 7e8, time.UTC))
		record.Dynamodb.NewImage = map[string]types.AttributeValue{
			"s":    &types.AttributeValueMemberS{Value: "碑"},
			"n":    &types.AttributeValueMemberN{Value: "12345678901234567890"},
			"b":    &types.AttributeValueMemberB{Value: []byte{0, 1, 255}},
			"bool": &types.AttributeValueMemberBOOL{Value: true},
			"null": &types.AttributeValueMemberNULL{Value: true},
			"ss":   &types.AttributeValueMemberSS{Value: []string{"a", "b"}},
			"ns":   &types.AttributeValueMemberNS{Value: []string{"1", "2"}},
			"bs":   &types.AttributeValueMemberBS{Value: [][]byte{{1}}},
			"l":    &types.AttributeValueMemberL{Value: []types.AttributeValue{&types.AttributeValueMemberS{Value: "x"}}},
			"m":    &types.AttributeValueMemberM{Value: map[string]types.AttributeValue{"k": &types.AttributeValueMemberN{Value: "1"}}},
		}
		record.UserIdentity = &types.Identity{Type: aws.String("Service"), PrincipalId: aws.String("dynamodb.amazonaws.com")}
		s.shard("shard-1").records = []types.Record{record}
		carry(t, f, s, mapping(), nil)
		var got, golden any
		text, err := os.ReadFile("testdata/stream-event.json")
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(json.Unmarshal(f.events[0], &got), json.Unmarshal(text, &golden)); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, golden) {
			t.Errorf("got %s\nwant that of testdata/stream-event.json", f.events[0])
		}
		var event events.DynamoDBEvent
		if err := json.Unmarshal(f.events[0], &event); err != nil || event.Records[0].Change.NewImage["n"].Number() != "12345678901234567890" {
			t.Errorf("the library reads %+v, %v", event, err)
		}
	})
}

func TestOnlyMatchingRecordsAreCarriedAndAllAreMarked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, f := &stream{}, &function{}
		m := mapping()
		m.Filters = []string{`{"eventName":["INSERT"],"dynamodb":{"Keys":{"sk":{"S":[{"prefix":"E#"}]}}}}`}
		s.put("shard-1", "1", "2", "3")
		s.shard("shard-1").records = append(s.shard("shard-1").records, streamRecord("4", "HEAD"))
		made, marks := carry(t, f, s, m, nil)
		want(t, "calls", f.seen(), []string{"1 2 3"})
		status := made.Status()
		if status.Records != 3 || status.Filtered != 1 || status.Last != nil {
			t.Errorf("status: got %+v", status)
		}
		for _, mark := range marks.marks {
			want(t, "marks", mark, map[string]string{"shard-1": "4"})
		}
	})
}

func TestFailuresOnAStream(t *testing.T) {
	broken := func(poison string) func(int, []string) lambda.Result {
		return func(_ int, ids []string) lambda.Result {
			if slices.Contains(ids, poison) {
				return failure()
			}
			return lambda.Result{Payload: []byte("{}")}
		}
	}
	named := func(poison string) func(int, []string) lambda.Result {
		return func(_ int, ids []string) lambda.Result {
			if slices.Contains(ids, poison) {
				return partial(poison)
			}
			return partial()
		}
	}
	once := func(result lambda.Result) func(int, []string) lambda.Result {
		return func(call int, _ []string) lambda.Result {
			if call == 1 {
				return result
			}
			return lambda.Result{Payload: []byte(`{"batchItemFailures":null}`)}
		}
	}
	for _, test := range []struct {
		name      string
		retries   int
		bisect    bool
		answer    func(int, []string) lambda.Result
		want      []string
		discarded int64
	}{
		{"the function's error repeats the batch", -1, false, once(failure()), []string{"1 2 3 4", "1 2 3 4"}, 0},
		{"the lowest failed record is where it goes on", -1, false, once(partial("4", "3")), []string{"1 2 3 4", "3 4"}, 0},
		{"in whatever order they are named", -1, false, once(partial("2", "4", "3")), []string{"1 2 3 4", "2 3 4"}, 0},
		{"an unknown id fails the batch", -1, false, once(partial("event-3")), []string{"1 2 3 4", "1 2 3 4"}, 0},
		{"an empty id fails the batch", -1, false, once(partial("")), []string{"1 2 3 4", "1 2 3 4"}, 0},
		{"a null id fails the batch", -1, false, once(lambda.Result{Payload: []byte(`{"batchItemFailures":[{"itemIdentifier":null}]}`)}), []string{"1 2 3 4", "1 2 3 4"}, 0},
		{"no JSON fails the batch", -1, false, once(lambda.Result{Payload: []byte(`ok`)}), []string{"1 2 3 4", "1 2 3 4"}, 0},
		{"nothing means success", -1, false, once(lambda.Result{}), []string{"1 2 3 4"}, 0},
		{"retries end", 2, false, broken("2"), []string{"1 2 3 4", "1 2 3 4", "1 2 3 4"}, 4},
		{"no retries", 0, false, broken("2"), []string{"1 2 3 4"}, 4},
		{"retries of a named record end", 1, false, named("2"), []string{"1 2 3 4", "2 3 4"}, 3},
		{"halving finds the record", 1, true, broken("2"), []string{"1 2 3 4", "1 2", "1", "2 3 4", "2", "2", "3 4"}, 1},
		{"halving finds the named record", 1, true, named("3"), []string{"1 2 3 4", "3 4", "3", "3", "4"}, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, f := &stream{}, &function{answer: test.answer}
				m := mapping()
				m.MaxRetries, m.Bisect = test.retries, test.bisect
				s.put("shard-1", "1", "2", "3", "4")
				made, marks := carry(t, f, s, m, nil)
				want(t, "calls", f.seen(), test.want)
				if got := made.Status().Discarded; got != test.discarded {
					t.Errorf("discarded: got %d, want %d", got, test.discarded)
				}
				for _, mark := range marks.marks {
					want(t, "marks", mark, map[string]string{"shard-1": "4"})
				}
			})
		})
	}
}

func TestWhatIsGivenUpIsToldAsAWSTellsIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, q := &stream{}, newQueue()
		f := &function{answer: func(int, []string) lambda.Result { return failure() }}
		m := mapping()
		m.MaxRetries, m.OnFailure = 1, "arn:aws:sqs:us-east-1:000000000000:stream-failures"
		s.put("shard-1", "1", "2")
		q.failSends = 2 // while the queue cannot be told, the records must not be passed over
		carry(t, f, s, m, q)
		if len(q.bodies()) != 1 {
			t.Fatalf("got %d messages, want 1: %q", len(q.bodies()), q.bodies())
		}
		golden, err := os.ReadFile("testdata/on-failure.json")
		if err != nil {
			t.Fatal(err)
		}
		var compact bytes.Buffer
		if err := json.Compact(&compact, golden); err != nil {
			t.Fatal(err)
		}
		if got := q.bodies()[0]; got != compact.String() {
			t.Errorf("got  %s\nwant %s", got, compact.String())
		}
	})
}

func TestOldRecordsAreGivenUpUninvoked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, f, q := &stream{}, &function{}, newQueue()
		m := mapping()
		m.MaxAge, m.OnFailure = time.Hour, "http://127.0.0.1/stream-failures"
		s.put("shard-1", "1", "2")
		time.Sleep(61 * time.Minute)
		s.put("shard-1", "3")
		made, _ := carry(t, f, s, m, q)
		want(t, "calls", f.seen(), []string{"3"})
		if got := made.Status(); got.Discarded != 2 || got.Records != 3 {
			t.Errorf("status: got %+v", got)
		}
		if got := q.bodies(); len(got) != 1 || !strings.Contains(got[0], `"condition":"RecordAgeExceeded","approximateInvokeCount":0},"version"`) ||
			!strings.Contains(got[0], `"startSequenceNumber":"1","endSequenceNumber":"2"`) {
			t.Errorf("message: got %q", got)
		}
	})
}

// While it pauses after a failure no function works, and yet something is left to do: torture took a stream for quiet then.
func TestWhatPausesWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, m := &stream{}, mapping()
		f := &function{answer: func(_ int, ids []string) lambda.Result { return partial(ids[0]) }}
		s.put("shard-1", "1", "2")
		made, _ := carry(t, f, s, m, nil)
		if got := made.Status(); got.Waiting != 2 || got.Records != 0 {
			t.Errorf("nothing was taken: got %+v", got)
		}
		made, _ = carry(t, &function{}, s, m, nil)
		if got := made.Status(); got.Waiting != 0 || got.Records != 2 {
			t.Errorf("all was taken: got %+v", got)
		}
	})
}

// A record that fails until it is too old ends too.
func TestRetriesEndWithTheRecordsAge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &stream{}
		f := &function{answer: func(_ int, ids []string) lambda.Result { return partial(ids[0]) }}
		m := mapping()
		m.MaxAge = time.Minute
		s.put("shard-1", "1")
		made, _ := carry(t, f, s, m, nil)
		if got := made.Status(); got.Discarded != 1 || got.Batches < 5 || got.Batches > 20 {
			t.Errorf("status: got %+v, want one record given up after several tries", got)
		}
	})
}

// A demonstration's clock may be months ahead: the endpoint's records are then too, and none of them is old.
func TestAgeIsByTheStacksClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, f := &stream{}, &function{}
		ahead := 90 * 24 * time.Hour
		s.put("shard-1", "1", "2")
		s.shard("shard-1").records[1].Dynamodb.ApproximateCreationDateTime = aws.Time(time.Now().Add(ahead))
		m := mapping()
		m.MaxAge = time.Hour
		shifted := setup(f, &memory{})
		shifted.Now = func() time.Time { return time.Now().Add(ahead) }
		made, err := sources.NewStream(shifted, m, s, nil)
		if err != nil {
			t.Fatal(err)
		}
		stop := start(t, made)
		time.Sleep(time.Second)
		stop()
		want(t, "calls", f.seen(), []string{"2"})
	})
}

// When functions are no longer run the stream waits; nothing is marked and nothing spins.
func TestClosedHostIsNoFailureOfTheRecords(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, m := &stream{}, &memory{}
		s.put("shard-1", "1")
		set := setup(nil, m)
		closed := &closedHost{}
		set.Invoker = closed
		made, err := sources.NewStream(set, mapping(), s, nil)
		if err != nil {
			t.Fatal(err)
		}
		stop := start(t, made)
		time.Sleep(10 * time.Second)
		stop()
		if closed.calls > 12 || len(m.marks) != 0 {
			t.Errorf("got %d calls and marks %v, want about one call a second and no marks", closed.calls, m.marks)
		}
	})
}

func TestStreamMappingsThatCannotWork(t *testing.T) {
	_, err := sources.NewStream(setup(&function{}, &memory{}), sources.StreamMapping{
		Function: "f", BatchSize: -1, StartingPosition: "AT_TIMESTAMP", MaxRetries: -2, Window: time.Hour,
		Parallelization: 10, OnFailure: "arn:aws:sqs:us-east-1:000000000000:q", Filters: []string{`{"a":1}`},
	}, &stream{}, nil)
	for _, want := range []string{"BatchSize -1", "ParallelizationFactor 10", "MaximumRetryAttempts -2", "MaximumBatchingWindowInSeconds 1h0m0s",
		`StartingPosition "AT_TIMESTAMP"`, "OnFailure queue needs a sender", "filter 1: a: 1 must stand in a list"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v\nwant it to name %s", err, want)
		}
	}
}
