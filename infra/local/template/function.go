package template

import (
	"strconv"
	"strings"
)

// args evaluates a function's arguments and checks how many there are. Not ok means
// that a problem was told already.
func (r *resolver) args(v *value, form string, count int) ([]*value, bool) {
	got := r.eval(v.arg)
	if got == nil || got.kind == broken {
		return nil, false
	}
	if got.kind != list || len(got.items) != count {
		r.fail(v, "%s takes %s", v.text, form)
		return nil, false
	}
	for _, item := range got.items {
		if item.kind == broken {
			return nil, false
		}
	}
	return got.items, true
}

func (r *resolver) join(v *value) *value {
	args, ok := r.args(v, "[separator, [items]]", 2)
	if !ok {
		return v.like(broken)
	}
	if args[0].kind != scalar || args[1].kind != list {
		return r.fail(v, "Fn::Join takes [separator, [items]]")
	}
	texts := make([]string, 0, len(args[1].items))
	for _, item := range args[1].items {
		if item.kind != scalar || item.null {
			return r.fail(v, "Fn::Join joins text; an item is %s", describe(item))
		}
		texts = append(texts, item.text)
	}
	return v.scalar(strings.Join(texts, args[0].text))
}

func (r *resolver) split(v *value) *value {
	args, ok := r.args(v, "[separator, text]", 2)
	if !ok {
		return v.like(broken)
	}
	if args[0].kind != scalar || args[1].kind != scalar || args[0].text == "" {
		return r.fail(v, "Fn::Split takes [separator, text], and the separator may not be empty")
	}
	out := v.like(list)
	for _, part := range strings.Split(args[1].text, args[0].text) {
		out.items = append(out.items, v.scalar(part))
	}
	return out
}

func (r *resolver) choose(v *value) *value {
	args, ok := r.args(v, "[index, [items]]", 2)
	if !ok {
		return v.like(broken)
	}
	i, err := strconv.Atoi(args[0].text)
	if err != nil || args[1].kind != list || i < 0 || i >= len(args[1].items) {
		return r.fail(v, "Fn::Select takes [index, [items]]; index %q is not in a list of %d, counted from 0", args[0].text, len(args[1].items))
	}
	return args[1].items[i]
}

func (r *resolver) findInMap(v *value) *value {
	args, ok := r.args(v, "[mapping, first key, second key]", 3)
	if !ok {
		return v.like(broken)
	}
	at := r.mappings
	for _, arg := range args {
		next := at.field(arg.text)
		if next == nil {
			return r.fail(v, "there is no %q under %s; there are %s", arg.text, at.path, keys(at))
		}
		at = next
	}
	return at
}

// branch evaluates both branches of Fn::If, so that a mistake in either is found,
// and gives the one the condition names.
func (r *resolver) branch(v *value) *value {
	if v.arg.kind != list || len(v.arg.items) != 3 || v.arg.items[0].kind != scalar {
		return r.fail(v, "Fn::If takes [condition's name, value if it holds, value if not]")
	}
	holds := r.holds(v.arg.items[0], v.arg.items[0].text)
	yes, no := v.arg.items[1], v.arg.items[2]
	if !holds {
		yes, no = no, yes
	}
	r.idle++
	r.eval(no)
	r.idle--
	return r.eval(yes)
}

// sub replaces ${Name} and ${Resource.Attribute}; ${!Text} gives ${Text}.
func (r *resolver) sub(v *value) *value {
	text, variables := v.arg, v.like(mapping)
	if v.arg.kind == list {
		if len(v.arg.items) != 2 || v.arg.items[1].kind != mapping {
			return r.fail(v, "Fn::Sub takes text, or [text, {name: value}]")
		}
		text, variables = v.arg.items[0], r.eval(v.arg.items[1])
	}
	if text.kind == broken {
		return text
	}
	if text.kind != scalar {
		return r.fail(v, "Fn::Sub takes text, or [text, {name: value}]; the text is %s", text.kind)
	}
	out, failed := strings.Builder{}, false
	rest := text.text
	for {
		before, after, more := strings.Cut(rest, "${")
		out.WriteString(before)
		if !more {
			break
		}
		name, tail, closed := strings.Cut(after, "}")
		if !closed {
			return r.fail(v, "Fn::Sub: ${%s is not closed by }", after)
		}
		got, ok := r.variable(v, name, variables)
		failed = failed || !ok
		out.WriteString(got)
		rest = tail
	}
	if failed {
		return v.like(broken)
	}
	return v.scalar(out.String())
}

// variable gives the text of one ${name} of a Fn::Sub.
func (r *resolver) variable(v *value, name string, variables *value) (string, bool) {
	if literal, ok := strings.CutPrefix(name, "!"); ok {
		return "${" + literal + "}", true
	}
	got := variables.field(name)
	if got == nil {
		got = r.reference(v, name)
	}
	if got.kind == broken {
		return "", false
	}
	if got.kind != scalar || got.null {
		r.fail(v, "Fn::Sub: ${%s} is %s; only text can be put in", name, describe(got))
		return "", false
	}
	return got.text, true
}
