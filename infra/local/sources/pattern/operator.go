package pattern

import (
	"fmt"
	"slices"
	"strings"
)

// compileOperator makes the rule of an operator object such as {"prefix": "E#"}.
func compileOperator(operator string, operand any) (rule, error) {
	switch operator {
	case "prefix":
		return textRule(operator, operand, strings.HasPrefix)
	case "suffix":
		return textRule(operator, operand, strings.HasSuffix)
	case "equals-ignore-case":
		return textRule(operator, operand, strings.EqualFold)
	case "exists":
		return existsRule(operand)
	case "numeric":
		return numericRule(operand)
	case "anything-but":
		return anythingButRule(operand)
	}
	return nil, fmt.Errorf("unknown operator %q; understood are prefix, suffix, equals-ignore-case, exists, numeric and anything-but", operator)
}

// whenPresent makes a rule that absent members never satisfy.
func whenPresent(accept func(any) bool) rule {
	return func(value any, present bool) bool { return present && accept(value) }
}

func textRule(operator string, operand any, accept func(value, operand string) bool) (rule, error) {
	want, ok := operand.(string)
	if !ok || want == "" && operator != "equals-ignore-case" {
		return nil, fmt.Errorf("%s takes a string with something in it, not %s", operator, show(operand))
	}
	return whenPresent(func(value any) bool {
		text, isText := value.(string)
		return isText && accept(text, want)
	}), nil
}

// existsRule looks at leaves only, as AWS does: an object under the name is not a value that exists.
func existsRule(operand any) (rule, error) {
	want, ok := operand.(bool)
	if !ok {
		return nil, fmt.Errorf("exists takes true or false, not %s", show(operand))
	}
	return func(value any, present bool) bool {
		_, isObject := value.(map[string]any)
		return (present && !isObject) == want
	}, nil
}

// A bound is one comparison of a numeric rule.
type bound func(value float64) bool

// numericRule takes ["=", 5] or a range such as [">", 0, "<=", 5].
func numericRule(operand any) (rule, error) {
	list, ok := operand.([]any)
	if !ok || len(list) != 2 && len(list) != 4 {
		return nil, fmt.Errorf(`numeric takes a list such as ["=", 5] or [">", 0, "<=", 5], not %s`, show(operand))
	}
	var bounds []bound
	for pair := range slices.Chunk(list, 2) {
		b, err := compare(pair[0], pair[1])
		if err != nil {
			return nil, err
		}
		bounds = append(bounds, b)
	}
	return whenPresent(func(value any) bool {
		number, isNumber := value.(float64)
		return isNumber && !slices.ContainsFunc(bounds, func(b bound) bool { return !b(number) })
	}), nil
}

func compare(operator, operand any) (bound, error) {
	limit, ok := operand.(float64)
	if !ok {
		return nil, fmt.Errorf("numeric compares with a number, not %s", show(operand))
	}
	switch operator {
	case "=":
		return func(v float64) bool { return v == limit }, nil
	case "<":
		return func(v float64) bool { return v < limit }, nil
	case "<=":
		return func(v float64) bool { return v <= limit }, nil
	case ">":
		return func(v float64) bool { return v > limit }, nil
	case ">=":
		return func(v float64) bool { return v >= limit }, nil
	}
	return nil, fmt.Errorf("numeric compares by =, <, <=, > or >=, not %s", show(operator))
}

// anythingButRule takes a value, a list of values, or a text operator with one string or a list of them.
func anythingButRule(operand any) (rule, error) {
	var refused []rule
	switch v := operand.(type) {
	case map[string]any:
		rules, err := refusedByOperator(v)
		if err != nil {
			return nil, err
		}
		refused = rules
	default:
		for _, value := range listOf(v) {
			switch value.(type) {
			case string, float64:
			default:
				return nil, fmt.Errorf("anything-but takes strings, numbers or an operator, not %s", show(value))
			}
			refused = append(refused, whenPresent(func(got any) bool { return got == value }))
		}
	}
	if len(refused) == 0 {
		return nil, fmt.Errorf("anything-but takes at least one value")
	}
	return whenPresent(func(value any) bool {
		return !slices.ContainsFunc(refused, func(r rule) bool { return r(value, true) })
	}), nil
}

func refusedByOperator(object map[string]any) ([]rule, error) {
	if len(object) != 1 {
		return nil, fmt.Errorf("anything-but takes one operator, not %s", show(object))
	}
	var refused []rule
	for operator, operand := range object {
		switch operator {
		case "prefix", "suffix", "equals-ignore-case":
		default:
			return nil, fmt.Errorf("unknown operator %q in anything-but; understood are prefix, suffix and equals-ignore-case", operator)
		}
		for _, value := range listOf(operand) {
			r, err := compileOperator(operator, value)
			if err != nil {
				return nil, err
			}
			refused = append(refused, r)
		}
	}
	return refused, nil
}

// listOf returns the elements of a list, or the value itself as the only one.
func listOf(value any) []any {
	if list, isList := value.([]any); isList {
		return list
	}
	return []any{value}
}
