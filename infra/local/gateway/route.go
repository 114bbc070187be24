package gateway

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// A Route sends the requests of a method and path to a function.
type Route struct {
	Method   string // such as GET, or ANY; empty with the path $default
	Path     string // such as /v1/tickets/{number} or /files/{proxy+}; $default takes what no other route does
	Function string
}

// A route is a Route made ready for matching.
type route struct {
	key      string // as in the event: "GET /v1/tickets/{number}"
	method   string // ANY for every one
	segments []segment
	fallback bool // $default
	function string
}

// A segment of a path is literal text, or a parameter, or a greedy parameter that takes all that is left.
type segment struct {
	kind kind
	text string // the literal or the parameter's name
}

type kind int

const ( // in the order of how specific they are
	literal kind = iota
	parameter
	greedy
)

// compile parses the routes and sorts them, the most specific first, so that the first match is the right one.
func compile(routes []Route) ([]route, error) {
	var compiled []route
	var problems []error
	seen := map[string]bool{}
	for _, r := range routes {
		c, err := parse(r)
		if err == nil && seen[c.shape()] {
			err = fmt.Errorf("route %q: another route matches exactly the same requests", c.key)
		}
		if err != nil {
			problems = append(problems, err)
			continue
		}
		seen[c.shape()] = true
		compiled = append(compiled, c)
	}
	slices.SortStableFunc(compiled, bySpecificity)
	return compiled, errors.Join(problems...)
}

func parse(r Route) (route, error) {
	if r.Path == "$default" {
		return route{key: "$default", method: "ANY", fallback: true, function: r.Function}, nil
	}
	c := route{method: strings.ToUpper(r.Method), function: r.Function}
	c.key = c.method + " " + r.Path
	switch c.method {
	case "ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT":
	default:
		return c, fmt.Errorf("route %q: method %q, want ANY, DELETE, GET, HEAD, OPTIONS, PATCH, POST or PUT", c.key, r.Method)
	}
	rest, rooted := strings.CutPrefix(r.Path, "/")
	if !rooted {
		return c, fmt.Errorf("route %q: the path must start with / or be $default", c.key)
	}
	parts := strings.Split(rest, "/")
	for i, part := range parts {
		s, err := parseSegment(part)
		if err == nil && s.kind == greedy && i != len(parts)-1 {
			err = fmt.Errorf("{%s+} must be the last segment", s.text)
		}
		if err != nil {
			return c, fmt.Errorf("route %q: %w", c.key, err)
		}
		c.segments = append(c.segments, s)
	}
	return c, nil
}

func parseSegment(part string) (segment, error) {
	inner, opened := strings.CutPrefix(part, "{")
	if !opened {
		if strings.ContainsAny(part, "{}") {
			return segment{}, fmt.Errorf("segment %q: a parameter must be the whole segment", part)
		}
		return segment{literal, part}, nil
	}
	name, closed := strings.CutSuffix(inner, "}")
	name, isGreedy := strings.CutSuffix(name, "+")
	if !closed || name == "" || strings.ContainsAny(name, "{}+") {
		return segment{}, fmt.Errorf("segment %q: want {name} or {name+}", part)
	}
	if isGreedy {
		return segment{greedy, name}, nil
	}
	return segment{parameter, name}, nil
}

// shape is equal for routes that match the same requests: the names of parameters do not matter.
func (r route) shape() string {
	shape := r.method
	for _, s := range r.segments {
		text := s.text
		if s.kind != literal {
			text = ""
		}
		shape += fmt.Sprintf("/%d%s", s.kind, text)
	}
	return fmt.Sprint(shape, r.fallback)
}

// bySpecificity sorts as AWS chooses: paths without a greedy parameter, then those with one, then $default;
// among them a literal before a parameter, segment by segment, and a method before ANY.
func bySpecificity(a, b route) int {
	order := cmp.Or(
		cmp.Compare(a.rank(), b.rank()),
		slices.CompareFunc(a.segments, b.segments, func(a, b segment) int { return cmp.Compare(a.kind, b.kind) }),
	)
	switch {
	case order != 0:
		return order
	case a.method == "ANY" && b.method != "ANY":
		return 1
	case b.method == "ANY" && a.method != "ANY":
		return -1
	}
	return 0
}

func (r route) rank() int {
	switch {
	case r.fallback:
		return 2
	case r.segments[len(r.segments)-1].kind == greedy:
		return 1
	}
	return 0
}

// match returns the route for a method and decoded path, with the path's parameters, or nil.
func (g *Gateway) match(method, path string) (*route, map[string]string) {
	parts := strings.Split(strings.TrimPrefix(path, "/"), "/")
	for i := range g.routes {
		r := &g.routes[i]
		if r.method != "ANY" && r.method != method {
			continue
		}
		if parameters, ok := r.take(parts); ok {
			return r, parameters
		}
	}
	return nil, nil
}

// take matches the path's segments and returns the parameters, nil if there are none.
func (r route) take(parts []string) (map[string]string, bool) {
	if r.fallback {
		return nil, true
	}
	var parameters map[string]string
	for i, s := range r.segments {
		if i >= len(parts) {
			return nil, false
		}
		value := parts[i]
		if s.kind == greedy {
			value = strings.Join(parts[i:], "/")
		}
		switch {
		case s.kind == literal && value != s.text, s.kind != literal && value == "":
			return nil, false
		case s.kind == literal:
			continue
		}
		if parameters == nil {
			parameters = map[string]string{}
		}
		parameters[s.text] = value
		if s.kind == greedy {
			return parameters, true
		}
	}
	return parameters, len(parts) == len(r.segments)
}
