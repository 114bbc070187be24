package office

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A Problem is one thing that is wrong in an office file.
type Problem struct {
	Line   int    // from 1
	Column int    // from 1
	Path   string // such as sections[2].name.zh, counted from 0; empty for the file as a whole
	Wrong  string // what is wrong
	Right  string // what would be right; may be empty
}

func (p Problem) String() string {
	text := p.Wrong
	if p.Right != "" {
		text += "; " + p.Right
	}
	if p.Path == "" {
		return fmt.Sprintf("%d:%d: %s", p.Line, p.Column, text)
	}
	return fmt.Sprintf("%d:%d: %s: %s", p.Line, p.Column, p.Path, text)
}

// An InvalidError lists everything that is wrong in an office file, from top to bottom.
type InvalidError struct {
	File     string
	Problems []Problem
}

// Error gives one line per problem: file:line:column: path: what is wrong; what would be right.
func (e *InvalidError) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = e.File + ":" + p.String()
	}
	return strings.Join(lines, "\n")
}

type place struct{ line, column int }

// problems gathers what is wrong while a file is read and checked, and knows where in the file
// each path stands.
type problems struct {
	list   []Problem
	places map[string]place
	marked map[string]bool // paths that have a problem
}

func newProblems() *problems {
	return &problems{places: map[string]place{"": {1, 1}}, marked: map[string]bool{}}
}

// add notes a problem at a path, unless that path has one already: the first is the cause.
func (p *problems) add(path, wrong, right string) {
	if !p.marked[path] {
		p.addAt(p.place(path), path, wrong, right)
	}
}

// addAt notes a problem at a place of its own, such as an unknown field's.
func (p *problems) addAt(at place, path, wrong, right string) {
	p.marked[path] = true
	p.list = append(p.list, Problem{at.line, at.column, path, wrong, right})
}

// place finds a path, or what it would be in when it is missing.
func (p *problems) place(path string) place {
	for {
		if at, ok := p.places[path]; ok {
			return at
		}
		cut := strings.LastIndexAny(path, ".[")
		if cut < 0 {
			return p.places[""]
		}
		path = path[:cut]
	}
}

// err gives the problems in the file's order, nil when there are none.
func (p *problems) err(file string) error {
	if len(p.list) == 0 {
		return nil
	}
	slices.SortStableFunc(p.list, func(a, b Problem) int {
		return cmp.Or(a.Line-b.Line, a.Column-b.Column)
	})
	return &InvalidError{File: file, Problems: p.list}
}

// didYouMean suggests the name nearest to a wrong one, or lists all when none is near and they
// are few.
func didYouMean(wrong string, names []string) string {
	best, at := len([]rune(wrong))/3+2, ""
	for _, name := range names {
		if d := distance(wrong, name); d < best {
			best, at = d, name
		}
	}
	if at != "" {
		return fmt.Sprintf("did you mean %q?", at)
	}
	if len(names) == 0 || len(names) > 20 {
		return ""
	}
	return "known: " + strings.Join(names, ", ")
}

// distance counts the letters to insert, delete or replace to get from a to b (Levenshtein).
func distance(a, b string) int {
	from, to := []rune(strings.ToLower(a)), []rune(strings.ToLower(b))
	row := make([]int, len(to)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range from {
		diagonal := row[0]
		row[0] = i + 1
		for j, y := range to {
			replace := diagonal
			if x != y {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = min(replace, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(to)]
}
