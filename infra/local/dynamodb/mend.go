package dynamodb

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// A mend makes one call look as on AWS: it returns the request as the engine wants it, and what turns the engine's
// answer into the one clients want.
type mend func(ctx context.Context, request []byte) ([]byte, mendResponse, error)

type mendResponse func([]byte) ([]byte, error)

// errInput: the request's body is none that the call could take.
var errInput = errors.New("the request body is not what this call takes")

// mends are the calls where dynoxide differs:
//   - ARNs name a region "dynoxide";
//   - shard ids and sequence numbers are shorter than the least boto3 and the AWS CLI let pass (28 and 21 characters);
//   - an open shard tells an end, which pollers take for a closed one, and a shard is listed again after itself;
//   - the first number of a shard is the lowest as text, and records that were trimmed are passed over in silence;
//   - records carry the machine's time, which is not the stack's when its clock is set.
func (s *Server) mends() map[string]mend {
	arns := arnMend{[]byte(`"arn:` + partition(s.options.Region) + `:dynamodb:` + s.options.Region + `:`)}
	streams := streamMend{arns: arns, oldest: s.file.oldest, region: s.options.Region, clock: s.options.Clock}
	all := map[string]mend{
		"DescribeStream":   streams.describe,
		"GetShardIterator": streams.iterator,
		"GetRecords":       streams.records,
	}
	for _, name := range []string{"ListStreams", "CreateTable", "DescribeTable", "UpdateTable", "DeleteTable",
		"TagResource", "UntagResource", "ListTagsOfResource"} {
		all[name] = arns.mend
	}
	return all
}

// partition is the part of AWS a region lies in.
func partition(region string) string {
	if strings.HasPrefix(region, "cn-") {
		return "aws-cn"
	}
	return "aws"
}

// arnMend puts the stack's region and partition into ARNs. None of the calls it serves carries items.
type arnMend struct {
	ours []byte // how our ARNs begin, with the quotation mark before them
}

func engineARN() []byte { return []byte(`"arn:aws:dynamodb:dynoxide:`) }

func (m arnMend) mend(_ context.Context, body []byte) ([]byte, mendResponse, error) {
	return m.request(body), m.response, nil
}

func (m arnMend) request(body []byte) []byte { return bytes.ReplaceAll(body, m.ours, engineARN()) }

func (m arnMend) response(body []byte) ([]byte, error) {
	return bytes.ReplaceAll(body, engineARN(), m.ours), nil
}

// trimmedError: the records asked for are gone.
type trimmedError struct{ number, oldest int64 }

func (e trimmedError) Error() string {
	return fmt.Sprintf("The records from sequence number %d on were asked for, but the oldest kept is %d.", e.number, e.oldest)
}

// decode reads a JSON object with members this package need not know.
func decode(body []byte, into any) error {
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("%w: %w", errInput, err)
	}
	return nil
}
