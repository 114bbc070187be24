package dynamodb

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// streamMend mends the calls of DynamoDB Streams.
type streamMend struct {
	arns   arnMend
	oldest func(ctx context.Context, table string) (int64, bool, error)
	region string
	clock  func() time.Time
}

type object = map[string]json.RawMessage

type shard struct {
	ShardID       string `json:"ShardId"`
	ParentShardID string `json:"ParentShardId,omitempty"`
	Range         struct {
		First string `json:"StartingSequenceNumber,omitempty"`
		Last  string `json:"EndingSequenceNumber,omitempty"`
	} `json:"SequenceNumberRange"`
}

// describe closes no shard of a stream that is still written, and leaves out the shards the caller knows.
func (m streamMend) describe(ctx context.Context, body []byte) ([]byte, mendResponse, error) {
	var request struct{ ExclusiveStartShardId string }
	if err := decode(body, &request); err != nil {
		return nil, nil, err
	}
	return m.arns.request(body), func(answer []byte) ([]byte, error) {
		return m.described(ctx, answer, request.ExclusiveStartShardId)
	}, nil
}

func (m streamMend) described(ctx context.Context, answer []byte, after string) ([]byte, error) {
	answer, _ = m.arns.response(answer)
	var whole struct{ StreamDescription object }
	var stream struct {
		StreamStatus, TableName string
		Shards                  []shard
	}
	if err := json.Unmarshal(answer, &whole); err != nil {
		return nil, fmt.Errorf("read stream description: %w", err)
	}
	description, err := json.Marshal(whole.StreamDescription)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(description, &stream); err != nil {
		return nil, fmt.Errorf("read stream description: %w", err)
	}
	oldest, kept, err := m.oldest(ctx, stream.TableName)
	if err != nil {
		return nil, fmt.Errorf("read oldest stream record: %w", err)
	}
	shards := []shard{}
	for _, s := range stream.Shards {
		s.ShardID = longShard(s.ShardID)
		if s.ShardID == after {
			continue
		}
		if kept {
			s.Range.First = strconv.FormatInt(oldest, 10)
		}
		s.Range.First, s.Range.Last = longSequence(s.Range.First), ""
		shards = append(shards, s)
	}
	if whole.StreamDescription["Shards"], err = json.Marshal(shards); err != nil {
		return nil, err
	}
	return json.Marshal(whole)
}

// iterator translates the ids and refuses to start where records are gone, as AWS does.
func (m streamMend) iterator(ctx context.Context, body []byte) ([]byte, mendResponse, error) {
	var request struct {
		StreamArn         string
		ShardId           string
		ShardIteratorType string
		SequenceNumber    string `json:",omitempty"`
	}
	if err := decode(m.arns.request(body), &request); err != nil {
		return nil, nil, err
	}
	request.ShardId = shortShard(request.ShardId)
	if request.SequenceNumber != "" {
		number, err := strconv.ParseInt(request.SequenceNumber, 10, 64)
		if err != nil {
			return nil, nil, fmt.Errorf("%w: SequenceNumber %q is no number", errInput, request.SequenceNumber)
		}
		request.SequenceNumber = strconv.FormatInt(number, 10)
		if request.ShardIteratorType == "AFTER_SEQUENCE_NUMBER" {
			number++
		}
		if err := m.stillKept(ctx, request.StreamArn, number); err != nil {
			return nil, nil, err
		}
	}
	mended, err := json.Marshal(request)
	return mended, m.arns.response, err
}

// stillKept reports a trimmedError when the stream's records no longer go back to the number.
func (m streamMend) stillKept(ctx context.Context, arn string, number int64) error {
	_, resource, _ := strings.Cut(arn, ":table/")
	table, _, _ := strings.Cut(resource, "/")
	oldest, kept, err := m.oldest(ctx, table)
	if err != nil {
		return fmt.Errorf("read oldest stream record: %w", err)
	}
	if kept && number < oldest {
		return trimmedError{number, oldest}
	}
	return nil
}

// records gives records the stack's time, AWS's length of numbers and the stack's region.
func (m streamMend) records(_ context.Context, body []byte) ([]byte, mendResponse, error) {
	return body, m.gotten, nil
}

func (m streamMend) gotten(answer []byte) ([]byte, error) {
	var got struct {
		Records           []object
		NextShardIterator *string `json:",omitempty"`
	}
	if err := json.Unmarshal(answer, &got); err != nil {
		return nil, fmt.Errorf("read stream records: %w", err)
	}
	shift := time.Until(m.clock()).Round(time.Second).Seconds()
	for _, record := range got.Records {
		if err := m.record(record, shift); err != nil {
			return nil, fmt.Errorf("read stream record: %w", err)
		}
	}
	return json.Marshal(got)
}

func (m streamMend) record(record object, shift float64) error {
	var change object
	if err := json.Unmarshal(record["dynamodb"], &change); err != nil {
		return err
	}
	var seen struct {
		SequenceNumber              string
		ApproximateCreationDateTime float64 // seconds since 1970
	}
	if err := json.Unmarshal(record["dynamodb"], &seen); err != nil {
		return err
	}
	change["SequenceNumber"] = strconv.AppendQuote(nil, longSequence(seen.SequenceNumber))
	change["ApproximateCreationDateTime"] = strconv.AppendFloat(nil, seen.ApproximateCreationDateTime+shift, 'f', -1, 64)
	record["awsRegion"] = strconv.AppendQuote(nil, m.region)
	var err error
	record["dynamodb"], err = json.Marshal(change)
	return err
}

// The least and most characters of a shard id, and the least of a sequence number, in the API's model. dynoxide
// counts shards with 8 digits, AWS with 20.
const (
	shardMost     = 65
	sequenceLeast = 21
	shardPrefix   = "shardId-"
	shardPadding  = "000000000000"
)

// longShard makes shardId-00000001-table the id shardId-00000000000000000001-table; a long one stays.
func longShard(id string) string {
	rest, ok := strings.CutPrefix(id, shardPrefix)
	if !ok || len(id)+len(shardPadding) > shardMost {
		return id
	}
	return shardPrefix + shardPadding + rest
}

// shortShard undoes longShard.
func shortShard(id string) string {
	if rest, ok := strings.CutPrefix(id, shardPrefix+shardPadding); ok {
		return shardPrefix + rest
	}
	return id
}

// longSequence pads a number with zeros, so that numbers compare as text too.
func longSequence(number string) string {
	if missing := sequenceLeast - len(number); missing > 0 {
		return strings.Repeat("0", missing) + number
	}
	return number
}
