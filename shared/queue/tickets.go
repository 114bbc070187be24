package queue

import "slices"

// maxTickets is how many tickets a line of a log names.
const maxTickets = 50

// Tickets gives what a line of a log says of a batch: the numbers of its tickets in order, each once, as many as a line
// has room for.
func Tickets(numbers []string) []string {
	all := slices.Compact(slices.Sorted(slices.Values(numbers)))
	return all[:min(len(all), maxTickets)]
}
