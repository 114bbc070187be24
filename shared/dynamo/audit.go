package dynamo

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"iter"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"steledesk/shared/audit"
	"steledesk/shared/desk"
	"steledesk/shared/ticket"
)

// auditYears is how long the record is kept; the law asks for three years of some of it.
const auditYears = 3

// auditDay is the partition of a day's entries, in China; those about 举报 have one of their own.
func auditDay(day time.Time, confidential bool) string {
	pk := "A#" + day.In(ticket.Zone).Format(time.DateOnly)
	if confidential {
		pk += "#" + string(ticket.Report)
	}
	return pk
}

// auditDays are the partitions of a day's books.
func auditDays(day time.Time, b audit.Books) []string {
	var all []string
	if b.Matters {
		all = append(all, auditDay(day, false))
	}
	if b.Reports {
		all = append(all, auditDay(day, true))
	}
	return all
}

// Record appends an entry to the record. No entry is ever written over.
func (t *Table) Record(ctx context.Context, e audit.Entry) error {
	i, err := auditItem(e, strings.ToLower(rand.Text()))
	if err != nil {
		return err
	}
	_, err = t.client.PutItem(ctx, &dynamodb.PutItemInput{TableName: &t.name, Item: i, ConditionExpression: aws.String(absent)})
	return wrap("append to the audit record", err)
}

// auditItem writes an entry; id tells it from others of its instant.
func auditItem(e audit.Entry, id string) (Item, error) {
	body, err := json.Marshal(e)
	if err != nil {
		return nil, fmt.Errorf("encode audit entry: %w", err)
	}
	i := key(auditDay(e.At, e.Confidential), instant(e.At)+"#"+id)
	i["entry"], i["ttl"] = str(string(body)), num(e.At.AddDate(auditYears, 1, 0).Unix())
	return i, nil
}

// acts are the writes that record what staff did to a ticket, for the transaction that stores it.
func (t *Table) acts(events []ticket.Event) ([]types.TransactWriteItem, error) {
	var writes []types.TransactWriteItem
	for _, e := range events {
		entry, is := audit.Acted(e)
		if !is {
			continue
		}
		item, err := auditItem(entry, fmt.Sprintf("%s.%d", e.Ticket, e.Seq))
		if err != nil {
			return nil, err
		}
		writes = append(writes, t.create(item))
	}
	return writes, nil
}

// AuditPage is a part of a day's record, newest first.
type AuditPage struct {
	Entries []audit.Entry
	Next    string // the cursor of the next page; empty at the end
}

// AuditPage gives limit entries of the day of day in China, of the books b, from cursor on (empty: the newest).
// Errors: desk.ErrCursor.
func (t *Table) AuditPage(ctx context.Context, day time.Time, b audit.Books, limit int, cursor string) (AuditPage, error) {
	before, err := decodeAuditCursor(cursor)
	if err != nil {
		return AuditPage{}, err
	}
	var items []Item
	last := "" // behind it there is more that was not read
	for _, pk := range auditDays(day, b) {
		in := t.auditQuery(pk)
		in.KeyConditionExpression = aws.String("pk = :pk AND sk < :before")
		in.ExpressionAttributeValues[":before"] = str(before)
		in.Limit, in.ScanIndexForward = aws.Int32(int32(limit)), aws.Bool(false)
		out, err := t.client.Query(ctx, in)
		if err != nil {
			return AuditPage{}, fmt.Errorf("read audit record: %w", err)
		}
		items, last = append(items, out.Items...), max(last, text(out.LastEvaluatedKey, "sk"))
	}
	return auditPage(items, limit, last)
}

// auditPage gives the newest limit of what was read of one or two books, and nothing older than last, behind which one
// of them has more.
func auditPage(items []Item, limit int, last string) (AuditPage, error) {
	slices.SortFunc(items, func(a, b Item) int { return strings.Compare(text(b, "sk"), text(a, "sk")) })
	items = slices.DeleteFunc(items, func(i Item) bool { return text(i, "sk") < last })
	if len(items) > limit {
		items = items[:limit]
		last = text(items[limit-1], "sk")
	}
	page := AuditPage{Entries: make([]audit.Entry, len(items)), Next: base64.RawURLEncoding.EncodeToString([]byte(last))}
	for i, item := range items {
		var err error
		if page.Entries[i], err = auditEntry(item); err != nil {
			return AuditPage{}, err
		}
	}
	return page, nil
}

// auditPlace is the form of an entry's sk, which a cursor is: an instant and what tells the entry from others.
var auditPlace = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{12}Z#[0-9A-Za-z.-]{1,40}$`)

// decodeAuditCursor gives the sk before which a page begins, in whichever book.
func decodeAuditCursor(cursor string) (string, error) {
	if cursor == "" {
		return "~", nil // behind every instant
	}
	sk, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || !auditPlace.Match(sk) {
		return "", desk.ErrCursor
	}
	return string(sk), nil
}

// AuditDay gives all entries of a day that AuditPage gives, one book after the other, each oldest first. It ends at the
// first error.
func (t *Table) AuditDay(ctx context.Context, day time.Time, b audit.Books) iter.Seq2[audit.Entry, error] {
	return func(yield func(audit.Entry, error) bool) {
		for _, pk := range auditDays(day, b) {
			pages := dynamodb.NewQueryPaginator(t.client, t.auditQuery(pk))
			for pages.HasMorePages() {
				page, err := pages.NextPage(ctx)
				if err != nil {
					yield(audit.Entry{}, fmt.Errorf("read audit record: %w", err))
					return
				}
				if !eachEntry(page.Items, yield) {
					return
				}
			}
		}
	}
}

func eachEntry(items []Item, yield func(audit.Entry, error) bool) bool {
	for _, item := range items {
		e, err := auditEntry(item)
		if !yield(e, err) || err != nil {
			return false
		}
	}
	return true
}

func (t *Table) auditQuery(pk string) *dynamodb.QueryInput {
	return &dynamodb.QueryInput{
		TableName: &t.name, KeyConditionExpression: aws.String("pk = :pk"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":pk": str(pk)}, ConsistentRead: aws.Bool(true),
	}
}

func auditEntry(i Item) (audit.Entry, error) {
	var e audit.Entry
	if err := json.Unmarshal([]byte(text(i, "entry")), &e); err != nil {
		return e, fmt.Errorf("decode audit entry %s %s: %w", text(i, "pk"), text(i, "sk"), err)
	}
	return e, nil
}
