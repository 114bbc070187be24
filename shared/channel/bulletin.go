package channel

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"sort"
	"strings"
	"time"
)

// bulletin is news ready to be written down: sorted, in its language, with its links.
type bulletin struct {
	channel  Channel
	mentions mentions
	words    *words
	news     News
	items    []Item
	now      time.Time // by the machine's clock, which receivers compare signatures with
	today    time.Time // by the desk's, which deadlines are of
	desk     string    // the public address, empty: no links
}

// dialect is how a product marks up text.
type dialect struct {
	item   string // before each item
	gap    string // between heading, items and foot
	strong func(string) string
	alarm  func(string) string // for what is urgent or overdue
	link   func(text, url string) string
}

func (b *bulletin) heading() string {
	if b.news.test {
		return b.words.test(plain(b.news.SectionName))
	}
	if b.papers() {
		return b.words.papers(plain(b.news.SectionName), len(b.items))
	}
	return b.words.heading(plain(b.news.SectionName), len(b.items))
}

// papers says that the news is of nothing but papers of meetings.
func (b *bulletin) papers() bool {
	return !b.news.test && !slices.ContainsFunc(b.items, func(i Item) bool { return !month.MatchString(i.Ticket) })
}

// pressing says that something is urgent or overdue.
func (b *bulletin) pressing() bool {
	return slices.ContainsFunc(b.items, func(i Item) bool {
		return i.Urgent || !i.Due.IsZero() && i.Due.Before(b.today)
	})
}

// lines are the first n items, and how many more there are.
func (b *bulletin) lines(n int, d dialect) []string {
	var lines []string
	if b.news.test {
		lines = append(lines, d.item+b.words.tested)
	}
	for _, item := range b.items[:n] {
		lines = append(lines, d.item+b.line(item, d))
	}
	if rest := len(b.items) - n; rest > 0 {
		lines = append(lines, d.item+b.words.more(rest))
	}
	return lines
}

func (b *bulletin) line(item Item, d dialect) string {
	parts := []string{d.strong(b.words.what[item.What])}
	if item.Urgent {
		parts[0] += " " + d.alarm(b.words.urgent)
	}
	parts = append(parts, d.link(plain(item.Ticket), b.ticketURL(item.Ticket)))
	for _, name := range []string{item.KindName, item.CategoryName, item.SpotName} {
		if name = plain(name); name != "" {
			parts = append(parts, name)
		}
	}
	if !item.Due.IsZero() {
		text, passed := b.words.deadline(item.Due, b.today)
		if passed {
			text = d.alarm(text)
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, " · ")
}

// month is what news of a meeting's papers goes by; no ticket's number looks like it.
var month = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}$`)

func (b *bulletin) ticketURL(number string) string {
	if b.desk == "" {
		return ""
	}
	if month.MatchString(number) {
		return b.desk + "/supervise#/meetings/" + number
	}
	return b.desk + "/desk#/t/" + url.PathEscape(number)
}

// open is the link of the whole message: the ticket or the papers, or the list when it tells of several. Both
// are empty without a public address. The desk's page reads what follows the #, which outlives its
// asking to sign in first.
func (b *bulletin) open() (text, address string) {
	if b.desk == "" {
		return "", ""
	}
	if b.papers() {
		if number := b.only(); number != "" {
			return b.words.read, b.ticketURL(number)
		}
		return b.words.read, b.desk + "/supervise#/meetings"
	}
	if number := b.only(); number != "" {
		return b.words.openOne, b.ticketURL(number)
	}
	return b.words.openAll, b.desk + "/desk#/"
}

// fit writes the message with as many items as keep it within limit bytes.
func (b *bulletin) fit(limit int, write func(items int) (text string, size int)) (string, error) {
	smallest := sort.Search(len(b.items)+1, func(left int) bool {
		_, size := write(len(b.items) - left)
		return size <= limit
	})
	if smallest > len(b.items) {
		return "", fmt.Errorf("message is over %d bytes without a single item: mention fewer people", limit)
	}
	text, _ := write(len(b.items) - smallest)
	return text, nil
}

// text joins heading, items, the word about repetition and the foot, without what is empty.
func (b *bulletin) text(d dialect, head string, n int, foot ...string) string {
	all := []string{head, strings.Join(b.lines(n, d), "\n")}
	if b.news.Repeat {
		all = append(all, b.words.repeat)
	}
	all = slices.DeleteFunc(append(all, foot...), func(part string) bool { return part == "" })
	return strings.Join(all, d.gap)
}

// same leaves text as it is.
func same(text string) string { return text }

// bold is the one mark that all markdown dialects share.
func bold(text string) string { return "**" + text + "**" }

// markdownLink is the other; without an address it is just the text.
func markdownLink(text, address string) string {
	if address == "" {
		return text
	}
	return "[" + text + "](" + address + ")"
}

// unmarked is plain text.
var unmarked = dialect{item: "- ", gap: "\n\n", strong: same, alarm: same, link: func(text, _ string) string { return text }}
