package main

import (
	"fmt"
	"io"
	"strings"

	"steledesk/shared/office"
)

// printChanges writes changes under the part of the file they belong to.
func printChanges(w io.Writer, changes []office.Change) {
	part := ""
	for _, c := range changes {
		if c.Path[0] != part {
			part = c.Path[0]
			fmt.Fprintln(w, part)
		}
		what := strings.Join(c.Path[1:], ".")
		if what != "" {
			what += ": "
		}
		fmt.Fprintf(w, "  %c %s%s\n", c.Sign, what, c.Text)
	}
}
