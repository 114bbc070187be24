package raw

import (
	"bytes"
	"compress/gzip"
	"io"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Field is one attribute of an item, as text.
type Field struct{ Key, Name, Text string } // Key is "pk sk"

// Fields lists the attributes of an item but its keys.
func Fields(i map[string]types.AttributeValue) []Field {
	var all []Field
	for name, value := range i {
		if name != "pk" && name != "sk" {
			all = append(all, Field{text(i, "pk") + " " + text(i, "sk"), name, plain(value)})
		}
	}
	return all
}

// unpacked gives what is in bytes that are compressed, as editions of a digest are: a search must not pass over them.
func unpacked(b []byte) string {
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return string(b)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		return string(b)
	}
	return string(text)
}
