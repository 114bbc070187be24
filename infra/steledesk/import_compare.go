package main

import (
	"context"
	"strconv"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"golang.org/x/sync/errgroup"

	"steledesk/infra/steledesk/archive"
	"steledesk/shared/dynamo"
)

// comparison is how a desk's table differs from an archive.
type comparison struct {
	mu         sync.Mutex
	want       map[string]archive.Sum // what was not found yet
	ownTickets []string               // items of tickets that the archive does not have, or has otherwise
	changed    []string               // other items that are otherwise
	extra      []dynamo.Item          // other items that the archive does not have
	missing    []string
}

// compare reads the whole table. What the table may delete by itself by now is not missed.
func (x *importing) compare(ctx context.Context) (*comparison, error) {
	c := &comparison{want: map[string]archive.Sum{}}
	gone := map[string]bool{}
	for i, err := range x.from.Items() {
		if err != nil {
			return nil, err
		}
		sum, err := archive.SumOf(i)
		if err != nil {
			return nil, err
		}
		c.want[archive.Key(i)] = sum
		if ttl, is := i["ttl"].(*types.AttributeValueMemberN); is {
			if until, err := strconv.ParseInt(ttl.Value, 10, 64); err == nil && until <= x.env.now().Unix() {
				gone[archive.Key(i)] = true
			}
		}
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
	err := group.Wait()
	for key := range c.want {
		if !gone[key] {
			c.missing = append(c.missing, key)
		}
	}
	return c, err
}

func (c *comparison) take(together []dynamo.Item) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, i := range together {
		sum, err := archive.SumOf(dynamo.Portable(i))
		if err != nil {
			return err
		}
		key := archive.Key(i)
		want, known := c.want[key]
		delete(c.want, key)
		_, ofTicket := dynamo.TicketOf(i)
		switch {
		case known && want == sum:
		case ofTicket:
			c.ownTickets = append(c.ownTickets, key)
		case known:
			c.changed = append(c.changed, key)
		default:
			c.extra = append(c.extra, i)
		}
	}
	return nil
}
