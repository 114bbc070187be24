package template

import (
	"fmt"
	"slices"
	"strings"
)

// Problem is one thing a template says that is wrong or not understood.
type Problem struct {
	File string
	Line int    // from 1
	Path string // from the top, such as Resources.Table.Properties.TableName
	Text string // what is wrong; what would be right
}

// Error writes the problem as editors and terminals link it: file:line: path: text.
func (p Problem) Error() string {
	if p.Path == "" {
		return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Text)
	}
	return fmt.Sprintf("%s:%d: %s: %s", p.File, p.Line, p.Path, p.Text)
}

// Problems is everything that is wrong with a template, in order of lines.
type Problems []Problem

// Error writes one problem per line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// finder collects problems. One mistake seen along several ways (a loop's body, a
// global setting) is kept once.
type finder struct {
	name     string
	problems Problems
}

func (f *finder) add(line int, path, format string, args ...any) {
	p := Problem{File: f.name, Line: line, Path: path, Text: fmt.Sprintf(format, args...)}
	same := func(q Problem) bool { return q.Line == p.Line && q.Text == p.Text }
	if !slices.ContainsFunc(f.problems, same) {
		f.problems = append(f.problems, p)
	}
}

// at is add for the place of a value.
func (f *finder) at(v *value, format string, args ...any) {
	f.add(v.line, v.path, format, args...)
}

// text takes over the YAML library's own words, which name lines themselves.
func (f *finder) text(what string, err error) {
	line := 1
	message := strings.TrimPrefix(err.Error(), "yaml: ")
	if _, scanErr := fmt.Sscanf(message, "line %d:", &line); scanErr == nil {
		_, message, _ = strings.Cut(message, ": ")
	}
	f.add(line, "", "%s: %s", what, message)
}

func (f *finder) err() error {
	if len(f.problems) == 0 {
		return nil
	}
	slices.SortStableFunc(f.problems, func(a, b Problem) int { return a.Line - b.Line })
	return f.problems
}
