package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// row is one line of the table: what was done to the desk, what had to come of it, what was found.
type row struct {
	part, injected, expected, found string
	bad                             bool
}

// report is what a run found.
type report struct{ rows []row }

// hold adds a row that is good when nothing is in broken. At most three of what is broken are named.
func (r *report) hold(part, injected, expected, found string, broken []string) {
	one := row{part, injected, expected, found, len(broken) > 0}
	if one.bad {
		one.found += fmt.Sprintf("; %d broken: %s", len(broken), strings.Join(broken[:min(3, len(broken))], " | "))
	}
	r.rows = append(r.rows, one)
}

// tell adds a row that nothing is expected of.
func (r *report) tell(part, injected, found string) {
	r.rows = append(r.rows, row{part: part, injected: injected, found: found})
}

// broken are the rows that do not hold.
func (r *report) broken() []row {
	var bad []row
	for _, one := range r.rows {
		if one.bad {
			bad = append(bad, one)
		}
	}
	return bad
}

func (r *report) print(out io.Writer) error {
	w := tabwriter.NewWriter(out, 2, 8, 2, ' ', 0)
	fmt.Fprintln(w, "PART\tINJECTED\tEXPECTED\tFOUND\t")
	for _, one := range r.rows {
		verdict := "ok"
		switch {
		case one.bad:
			verdict = "BROKEN"
		case one.expected == "":
			verdict = ""
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", one.part, one.injected, one.expected, one.found, verdict)
	}
	return w.Flush()
}
