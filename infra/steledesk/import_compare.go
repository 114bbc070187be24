package main

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"golang.org/x/sync/errgroup"

	"steledesk/infra/steledesk/archive"
	"steledesk/shared/dynamo"
	"steledesk/shared/ticket"
)

// comparison is how a desk's table differs from an archive.
type comparison struct {
	mu         sync.Mutex
	want       map[string]archive.Sum // what was not found yet
	over       map[string]bool        // what the table may delete by itself by now
	pending    map[string]bool        // photos that were not settled
	lasting    map[string]archive.Sum // of events and contacts, without what the clock takes away or notes
	ownTickets []string               // items of tickets that the archive does not have, or has otherwise
	tampered   []string               // those of them that the desk never changes so
	settled    []string               // photos that the desk settled since
	changed    []string               // other items that are otherwise
	extra      []dynamo.Item          // other items that the archive does not have
	missing    []string
}

// wanted reads what a table is to be compared with.
func (x *importing) wanted() (*comparison, error) {
	c := &comparison{want: map[string]archive.Sum{}, over: map[string]bool{}, pending: map[string]bool{}, lasting: map[string]archive.Sum{}}
	for i, err := range x.from.Items() {
		if err != nil {
			return nil, err
		}
		sum, err := archive.SumOf(i)
		if err != nil {
			return nil, err
		}
		key := archive.Key(i)
		c.want[key] = sum
		if part, is := lasting(i); is {
			if c.lasting[key], err = archive.SumOf(part); err != nil {
				return nil, err
			}
		}
		if p, is := dynamo.PhotoOf(i); is && !p.Settled {
			c.pending[key] = true
		}
		if ttl, is := i["ttl"].(*types.AttributeValueMemberN); is {
			if until, err := strconv.ParseInt(ttl.Value, 10, 64); err == nil && until <= x.env.now().Unix() {
				c.over[key] = true
			}
		}
	}
	return c, nil
}

// compare reads the whole table. What the table may delete by itself by now is not missed.
func (x *importing) compare(ctx context.Context) (*comparison, error) {
	c, err := x.wanted()
	if err != nil {
		return nil, err
	}
	group, ctx := errgroup.WithContext(ctx)
	for part := range parts {
		group.Go(func() error {
			for together, err := range x.stack.table.Partitions(ctx, part, parts) {
				if err != nil {
					return err
				}
				if err := c.take(together); err != nil {
					return err
				}
			}
			return nil
		})
	}
	err = group.Wait()
	for key := range c.want {
		if !c.over[key] {
			c.missing = append(c.missing, key)
		}
	}
	return c, err
}

func (c *comparison) take(together []dynamo.Item) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	trial := dynamo.IsTrial(together) // the desk's own goings-on, which the table forgets by itself
	ofTicket := dynamo.IsTicket(together)
	corrected := c.corrected(together)
	for _, i := range together {
		there := dynamo.Portable(i)
		sum, err := archive.SumOf(there)
		if err != nil {
			return err
		}
		key := archive.Key(i)
		want, known := c.want[key]
		delete(c.want, key)
		switch {
		case known && want == sum, trial:
		case c.pending[key] && isSettled(i):
			c.settled = append(c.settled, key)
		case ofTicket:
			c.ownTickets = append(c.ownTickets, key)
			if corrected && isContact(i) {
				continue
			}
			if err := c.hold(key, there); err != nil {
				return err
			}
		case known:
			c.changed = append(c.changed, key)
		default:
			c.extra = append(c.extra, i)
		}
	}
	if corrected && len(together) > 0 {
		delete(c.want, contactOf(together[0])) // it may have been taken away
	}
	return nil
}

// corrected reports whether a visitor changed or deleted their contact since the archive was made: the ticket says so in an
// event that the archive does not have.
func (c *comparison) corrected(together []dynamo.Item) bool {
	return slices.ContainsFunc(together, func(i dynamo.Item) bool {
		e, is := dynamo.EventOf(i)
		_, known := c.want[archive.Key(i)]
		return is && !known && (e.What == ticket.ContactChanged || e.What == ticket.ContactDeleted)
	})
}

func isContact(i dynamo.Item) bool { return archive.Key(i) == contactOf(i) }

// contactOf is the key of the contact in an item's partition.
func contactOf(i dynamo.Item) string {
	pk, _, _ := strings.Cut(archive.Key(i), " ")
	return pk + " CONTACT"
}

// hold notes an item of a ticket that is otherwise in a way that the desk never makes it.
func (c *comparison) hold(key string, there dynamo.Item) error {
	want, known := c.lasting[key]
	if !known {
		return nil
	}
	_, worded := there["words"] // an event keeps its words as they were, or has none
	part, _ := lasting(there)
	sum, err := archive.SumOf(part)
	if worded || sum != want {
		c.tampered = append(c.tampered, key)
	}
	return err
}

// lasting gives what stays of an event or a contact while the clock works: an event loses its words when a record's time is
// over, and a contact is given its end when its ticket ends.
func lasting(i dynamo.Item) (part dynamo.Item, is bool) {
	_, ofTicket := dynamo.TicketOf(i)
	_, sk, _ := strings.Cut(archive.Key(i), " ")
	part = maps.Clone(i)
	switch {
	case ofTicket && strings.HasPrefix(sk, "E#"):
		delete(part, "words")
	case ofTicket && sk == "CONTACT":
		delete(part, "ttl")
	default:
		return nil, false
	}
	return part, true
}

func isSettled(i dynamo.Item) bool {
	p, is := dynamo.PhotoOf(i)
	return is && p.Settled
}
