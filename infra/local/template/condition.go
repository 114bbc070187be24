package template

import (
	"maps"
	"slices"
	"strings"
)

// holds tells whether a named condition holds; at is where it is asked for.
func (r *resolver) holds(at *value, name string) bool {
	c := r.conditions[name]
	switch {
	case c == nil:
		r.fail(at, "condition %q is not declared; declared are %s", name, r.conditionNames())
		return false
	case c.known:
		return c.holds
	case c.visiting:
		r.fail(at, "condition %q refers to itself", name)
		return false
	}
	c.visiting = true
	c.holds = r.decide(c.v)
	c.visiting, c.known = false, true
	return c.holds
}

func (r *resolver) conditionNames() string {
	if len(r.conditions) == 0 {
		return "none"
	}
	return strings.Join(slices.Sorted(maps.Keys(r.conditions)), ", ")
}

// decide evaluates one condition's function.
func (r *resolver) decide(v *value) bool {
	if v.kind == broken {
		return false
	}
	if v.kind != call {
		r.fail(v, "a condition is one of Fn::Equals, Fn::Not, Fn::And, Fn::Or, Condition")
		return false
	}
	switch v.text {
	case "Condition":
		if v.arg.kind == scalar {
			return r.holds(v, v.arg.text)
		}
		r.fail(v, "Condition takes a condition's name")
	case "Fn::Equals":
		return r.equals(v)
	case "Fn::Not":
		if held := r.operands(v, 1, 1); len(held) == 1 {
			return !held[0]
		}
	case "Fn::And":
		held := r.operands(v, 2, 10)
		return len(held) > 0 && !slices.Contains(held, false)
	case "Fn::Or":
		return slices.Contains(r.operands(v, 2, 10), true)
	default:
		r.fail(v, "%s does not say yes or no; a condition is one of Fn::Equals, Fn::Not, Fn::And, Fn::Or, Condition", v.text)
	}
	return false
}

func (r *resolver) operands(v *value, low, high int) []bool {
	if v.arg.kind != list || len(v.arg.items) < low || len(v.arg.items) > high {
		r.fail(v, "%s takes a list of %d to %d conditions", v.text, low, high)
		return nil
	}
	held := make([]bool, len(v.arg.items))
	for i, item := range v.arg.items {
		held[i] = r.decide(item)
	}
	return held
}

func (r *resolver) equals(v *value) bool {
	args, ok := r.args(v, "[value, value]", 2)
	if !ok {
		return false
	}
	if args[0].kind != scalar || args[1].kind != scalar {
		r.fail(v, "Fn::Equals compares text; join a list first")
		return false
	}
	return args[0].text == args[1].text
}
