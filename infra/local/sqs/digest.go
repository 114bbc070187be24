package sqs

import (
	"crypto/md5"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"maps"
	"slices"
	"strings"
)

// attribute is a message attribute, or a system attribute, as the API writes it.
type attribute struct {
	DataType    string
	StringValue *string `json:",omitempty"`
	BinaryValue []byte  `json:",omitempty"`
}

func md5OfBody(body string) string {
	sum := md5.Sum([]byte(body))
	return hex.EncodeToString(sum[:])
}

// md5OfAttributes is the checksum SDKs compare; empty for no attributes. Names in order; each name, type and value with
// its length before it, and a byte that tells text from bytes.
// Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
func md5OfAttributes(attributes map[string]attribute) string {
	if len(attributes) == 0 {
		return ""
	}
	sum := md5.New()
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		a := attributes[name]
		writeSized(sum, []byte(name))
		writeSized(sum, []byte(a.DataType))
		if strings.HasPrefix(a.DataType, "Binary") {
			sum.Write([]byte{2})
			writeSized(sum, a.BinaryValue)
			continue
		}
		sum.Write([]byte{1})
		writeSized(sum, []byte(*a.StringValue))
	}
	return hex.EncodeToString(sum.Sum(nil))
}

func writeSized(sum hash.Hash, value []byte) {
	sum.Write(binary.BigEndian.AppendUint32(nil, uint32(len(value))))
	sum.Write(value)
}
