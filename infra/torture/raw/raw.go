// Package raw reads what a desk really holds, byte by byte: the items of its table, the rows of its queues. It shares
// no code with the program it checks, and judges it by its own reading of DESIGN: see audit.go.
package raw

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

// Event is an item E#… of a ticket, with the parts of its body that are checked.
type Event struct {
	Key   string `json:"-"` // sk
	Body  string `json:"-"`
	Hash  string `json:"-"`
	Words string `json:"-"`

	Ticket   string `json:"ticket"`
	Seq      int    `json:"seq"`
	What     string `json:"what"`
	Prev     string `json:"prev"`
	WordsSum string `json:"words"`
	Data     struct {
		Told   []string `json:"told"`
		From   string   `json:"from"`
		Step   string   `json:"step"`   // of the ladder
		Passed []string `json:"passed"` // weaker ones that count as made with it
	} `json:"data"`
	After struct {
		Kind    string `json:"kind"`
		State   string `json:"state"`
		Section string `json:"section"`
	} `json:"after"`
}

// ID names an event as its messages do.
func (e Event) ID() string { return fmt.Sprintf("%s.%d", e.Ticket, e.Seq) }

// Ticket is what lies in one partition T#….
type Ticket struct {
	Number string
	Heads  int
	Head   struct {
		Number  string `json:"number"`
		State   string `json:"state"`
		Section string `json:"section"`
		Version int    `json:"version"`
		Hash    string `json:"hash"`
	}
	Events  []Event // by their keys
	Contact string  // sealed; empty: none
}

// Table is a whole table: tickets by number, and every item as text, for searches.
type Table struct {
	Tickets  map[string]*Ticket
	Editions []string // of months' papers, as their news is named
	Items    []string // "pk sk name=value …" of every item there is
	Fields   []Field  // every attribute that is no key
}

// ReadTable scans the whole table.
func ReadTable(ctx context.Context, cfg aws.Config, name string) (*Table, error) {
	t := &Table{Tickets: map[string]*Ticket{}}
	pages := dynamodb.NewScanPaginator(dynamodb.NewFromConfig(cfg), &dynamodb.ScanInput{TableName: &name, ConsistentRead: aws.Bool(true)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("scan table: %w", err)
		}
		for _, item := range page.Items {
			if err := t.take(item); err != nil {
				return nil, err
			}
		}
	}
	return t, nil
}

type item = map[string]types.AttributeValue

func (t *Table) take(i item) error {
	t.Items = append(t.Items, flat(i))
	t.Fields = append(t.Fields, Fields(i)...)
	if month, number := edition(i); number > 0 {
		t.Editions = append(t.Editions, fmt.Sprintf("papers-%s.%d", month, number))
	}
	number, ours := strings.CutPrefix(text(i, "pk"), "T#")
	if !ours || strings.HasPrefix(text(i, "sk"), "D#") { // a note that somebody was told, of papers too
		return nil
	}
	k := t.Tickets[number]
	if k == nil {
		k = &Ticket{Number: number}
		t.Tickets[number] = k
	}
	switch sk := text(i, "sk"); {
	case sk == "HEAD":
		k.Heads++
		return decode(text(i, "head"), &k.Head)
	case sk == "CONTACT":
		k.Contact = text(i, "sealed")
	case strings.HasPrefix(sk, "E#"):
		e := Event{Key: sk, Body: text(i, "body"), Hash: text(i, "hash"), Words: text(i, "words")}
		if err := decode(e.Body, &e); err != nil {
			return fmt.Errorf("%s %s: %w", number, sk, err)
		}
		k.Events = append(k.Events, e) // a scan gives a partition in the order of its keys
	}
	return nil
}

// edition reads from an item's keys which edition of which month's papers it is; the number is 0 of every other item.
func edition(i item) (month string, number int) {
	digits, is := strings.CutPrefix(text(i, "sk"), "ED#")
	if !is {
		return "", 0
	}
	number, err := strconv.Atoi(digits)
	if err != nil {
		return "", 0
	}
	return strings.TrimPrefix(text(i, "pk"), "M#"), number
}

func decode(document string, v any) error {
	if err := json.Unmarshal([]byte(document), v); err != nil {
		return fmt.Errorf("decode %.80q: %w", document, err)
	}
	return nil
}

func text(i item, name string) string {
	s, is := i[name].(*types.AttributeValueMemberS)
	if !is {
		return ""
	}
	return s.Value
}

// flat writes an item out, its keys first.
func flat(i item) string {
	var b strings.Builder
	b.WriteString(text(i, "pk") + " " + text(i, "sk"))
	for name, value := range i {
		if name != "pk" && name != "sk" {
			fmt.Fprintf(&b, " %s=%s", name, plain(value))
		}
	}
	return b.String()
}

func plain(value types.AttributeValue) string {
	switch v := value.(type) {
	case *types.AttributeValueMemberS:
		return v.Value
	case *types.AttributeValueMemberN:
		return v.Value
	case *types.AttributeValueMemberB:
		return unpacked(v.Value)
	case *types.AttributeValueMemberM:
		return flat(v.Value)
	case *types.AttributeValueMemberL:
		var all []string
		for _, one := range v.Value {
			all = append(all, plain(one))
		}
		return strings.Join(all, " ")
	}
	return fmt.Sprint(value)
}

// Message is a row of a queue.
type Message struct {
	Queue     string
	Body      string
	Receives  int
	VisibleAt time.Time // in the future: it is being dealt with, or waits
}

// ReadQueues reads every message of every queue from their SQLite file, hidden ones too.
func ReadQueues(ctx context.Context, file string) (all []Message, err error) {
	db, err := sql.Open("sqlite", "file:"+file+"?mode=ro&_pragma=busy_timeout(5000)")
	if err != nil {
		return nil, fmt.Errorf("open queues: %w", err)
	}
	defer db.Close()
	rows, err := db.QueryContext(ctx, `SELECT q.name, m.body, m.receives, m.visible_at FROM message m JOIN queue q ON q.id = m.queue ORDER BY m.id`)
	if err != nil {
		return nil, fmt.Errorf("read queues: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var m Message
		var visible int64
		if err := rows.Scan(&m.Queue, &m.Body, &m.Receives, &visible); err != nil {
			return nil, fmt.Errorf("read queues: %w", err)
		}
		m.VisibleAt = time.UnixMilli(visible)
		all = append(all, m)
	}
	return all, rows.Err()
}
