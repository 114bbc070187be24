package raw

import "fmt"

// Steps says which reminders and escalations of a ticket the clock made more than once: each is made once from a filing
// to its end, and once more after each reopening.
func (k *Ticket) Steps() (twice []string) {
	made := map[string]bool{}
	for _, e := range k.Events {
		if e.What == "reopened" {
			clear(made)
		}
		if e.Data.Step == "" {
			continue
		}
		for _, step := range append([]string{e.Data.Step}, e.Data.Passed...) {
			if made[step] {
				twice = append(twice, fmt.Sprintf("%s: %s", k.Number, step))
			}
			made[step] = true
		}
	}
	return twice
}

// Clocked counts the steps that the clock made on all tickets.
func (t *Table) Clocked() (n int) {
	for _, k := range t.Tickets {
		for _, e := range k.Events {
			if e.Data.Step != "" {
				n++
			}
		}
	}
	return n
}
