package channel

import (
	"context"
	"strconv"
)

// Test sends a message that tells of no ticket, to see that the channel works. It fails as Send does.
func (s *Sender) Test(ctx context.Context, c Channel, section, sectionName string) error {
	return s.Send(ctx, c, News{Section: section, SectionName: sectionName, test: true})
}

// event is what the message is known by: its first event, or for a test the moment.
func (b *bulletin) event() string {
	if b.news.test {
		return "test." + strconv.FormatInt(b.now.UnixNano(), 10)
	}
	return b.items[0].Event
}

// only is the ticket of all items, "" when there are several or none.
func (b *bulletin) only() string {
	number := ""
	for i, item := range b.items {
		if i > 0 && item.Ticket != number {
			return ""
		}
		number = item.Ticket
	}
	return number
}
