package archive

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// deepest is how many levels of lists and maps an item may have, as DynamoDB says.
const deepest = 32

// Decode reads what Encode wrote, and refuses what the desk never stores. It is its own reader, since the one of
// aws-lambda-go, made for what AWS itself sends, panics at a set of binaries that holds something else.
func Decode(line []byte) (Item, error) {
	i, err := decodeAll(line, deepest)
	if err != nil {
		return nil, fmt.Errorf("no item in DynamoDB's JSON: %w", err)
	}
	for _, name := range []string{"pk", "sk"} {
		if key, is := i[name].(*types.AttributeValueMemberS); !is || key.Value == "" {
			return nil, fmt.Errorf("an item without its %s", name)
		}
	}
	return i, nil
}

// decodeAll reads named values. The first by name that cannot be read gives the error.
func decodeAll(text json.RawMessage, depth int) (Item, error) {
	named, err := decodeJSON[map[string]json.RawMessage](text)
	if err != nil {
		return nil, err
	}
	i := make(Item, len(named))
	for _, name := range slices.Sorted(maps.Keys(named)) {
		if i[name], err = decodeValue(named[name], depth); err != nil {
			return nil, fmt.Errorf("attribute %s: %w", name, err)
		}
	}
	return i, nil
}

// number is the form of a DynamoDB number.
var number = regexp.MustCompile(`^[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$`)

// decodeValue reads a value: an object of one member, that is called as its type.
func decodeValue(text json.RawMessage, depth int) (types.AttributeValue, error) {
	typed, err := decodeJSON[map[string]json.RawMessage](text)
	if err != nil {
		return nil, err
	}
	if len(typed) != 1 || depth == 0 {
		return nil, fmt.Errorf("%d types, or more than %d levels", len(typed), deepest)
	}
	for name, v := range typed {
		text = v
		switch name {
		case "S":
			s, err := decodeJSON[string](text)
			return &types.AttributeValueMemberS{Value: s}, err
		case "N":
			n, err := decodeJSON[string](text)
			return &types.AttributeValueMemberN{Value: n}, errors.Join(err, checkNumbers(n))
		case "B":
			b, err := decodeJSON[[]byte](text)
			return &types.AttributeValueMemberB{Value: b}, err
		case "BOOL":
			b, err := decodeJSON[bool](text)
			return &types.AttributeValueMemberBOOL{Value: b}, err
		case "SS":
			all, err := decodeSet(text)
			return &types.AttributeValueMemberSS{Value: all}, err
		case "NS":
			all, err := decodeSet(text)
			return &types.AttributeValueMemberNS{Value: all}, errors.Join(err, checkNumbers(all...))
		case "M":
			all, err := decodeAll(text, depth-1)
			return &types.AttributeValueMemberM{Value: all}, err
		case "L":
			return decodeList(text, depth-1)
		case "NULL":
			null, err := decodeJSON[bool](text)
			if err == nil && !null {
				err = errors.New("NULL is false")
			}
			return &types.AttributeValueMemberNULL{Value: true}, err
		}
		return nil, fmt.Errorf("type %q is nothing the desk stores", name)
	}
	return nil, nil
}

func decodeList(text json.RawMessage, depth int) (types.AttributeValue, error) {
	all, err := decodeJSON[[]json.RawMessage](text)
	if err != nil {
		return nil, err
	}
	out := &types.AttributeValueMemberL{Value: make([]types.AttributeValue, len(all))}
	for n, one := range all {
		if out.Value[n], err = decodeValue(one, depth); err != nil {
			return nil, fmt.Errorf("element %d: %w", n, err)
		}
	}
	return out, nil
}

// decodeSet reads a set of strings, which DynamoDB never stores empty.
func decodeSet(text json.RawMessage) ([]string, error) {
	each, err := decodeJSON[[]*string](text)
	if err != nil {
		return nil, err
	}
	if len(each) == 0 || slices.Contains(each, nil) {
		return nil, errors.New("an empty set, or null in one")
	}
	all := make([]string, len(each))
	for n, one := range each {
		all[n] = *one
	}
	return all, nil
}

func checkNumbers(all ...string) error {
	for _, one := range all {
		if !number.MatchString(one) {
			return fmt.Errorf("%q is no number", one)
		}
	}
	return nil
}

// decodeJSON reads a value that may not be null.
func decodeJSON[T any](text json.RawMessage) (value T, err error) {
	var read *T
	if err := json.Unmarshal(text, &read); err != nil {
		return value, err
	}
	if read == nil {
		return value, errors.New("null is no value")
	}
	return *read, nil
}
