package visitor

import "strings"

// gistLength is how many characters of a matter a list shows.
const gistLength = 80

// Gist is the beginning of what a visitor wrote, on one line.
func Gist(text string) string {
	r := []rune(strings.Join(strings.Fields(text), " "))
	return string(r[:min(len(r), gistLength)])
}
