package dynamo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"steledesk/shared/digest"
	"steledesk/shared/meeting"
	"steledesk/shared/visitor"
)

func decisionKey(number int) string { return fmt.Sprintf("R#%03d", number) }

// Meeting implements meeting.Meetings.
func (t *Table) Meeting(ctx context.Context, month digest.Month) (meeting.Meeting, error) {
	out, err := t.client.GetItem(ctx, &dynamodb.GetItemInput{
		TableName: &t.name, Key: key(meetingPartition(month), "HEAD"), ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		return meeting.Meeting{}, fmt.Errorf("read meeting: %w", err)
	}
	if out.Item == nil {
		return meeting.Meeting{}, meeting.ErrNoMeeting
	}
	return meetingOf(out.Item)
}

func meetingOf(i Item) (m meeting.Meeting, err error) {
	if err := json.Unmarshal([]byte(text(i, "meeting")), &m); err != nil {
		return m, fmt.Errorf("decode meeting %s: %w", text(i, "pk"), err)
	}
	m.Version = int(number(i, "version"))
	return m, nil
}

// PutMeeting implements meeting.Meetings: one conditional write.
func (t *Table) PutMeeting(ctx context.Context, m meeting.Meeting) error {
	body, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("encode meeting of %s: %w", m.Month, err)
	}
	put := &dynamodb.PutItemInput{TableName: &t.name, Item: key(meetingPartition(m.Month), "HEAD"), ConditionExpression: aws.String(absent)}
	put.Item["meeting"], put.Item["version"] = str(string(body)), num(m.Version+1)
	if m.Version > 0 {
		put.ConditionExpression = aws.String("version = :before")
		put.ExpressionAttributeValues = Item{":before": num(m.Version)}
	}
	_, err = t.client.PutItem(ctx, put)
	var changed *types.ConditionalCheckFailedException
	if errors.As(err, &changed) {
		return meeting.ErrMeetingChanged
	}
	return wrap("store meeting", err)
}

// FileDecision implements meeting.Decisions.
func (t *Table) FileDecision(ctx context.Context, f visitor.Filed, r meeting.Resolved) error {
	writes, err := t.filing(f)
	if err != nil {
		return err
	}
	i := key(meetingPartition(r.Month), decisionKey(r.Number))
	i["place"], i["ticket"] = num(r.Number), str(r.Ticket)
	err = t.transact(ctx, append(writes, t.create(i)))
	if taken := takenBy(err, f); taken != nil {
		return taken
	}
	if _, is := failed(err, len(writes)); is {
		return meeting.ErrNumberTaken
	}
	return wrap("store decision", err)
}

// DecisionsOf implements meeting.Decisions.
func (t *Table) DecisionsOf(ctx context.Context, month digest.Month) ([]meeting.Resolved, error) {
	items, err := t.ofMonth(ctx, month, "R#", nil)
	if err != nil {
		return nil, fmt.Errorf("read decisions: %w", err)
	}
	var all []meeting.Resolved
	for _, i := range items {
		all = append(all, meeting.Resolved{Month: month, Number: int(number(i, "place")), Ticket: text(i, "ticket")})
	}
	return all, nil
}

// ofMonth reads the items of a month's partition whose sort keys begin with prefix: only attributes, when some are named.
func (t *Table) ofMonth(ctx context.Context, month digest.Month, prefix string, attributes []string) ([]Item, error) {
	query := &dynamodb.QueryInput{
		TableName: &t.name, ConsistentRead: aws.Bool(true),
		KeyConditionExpression:    aws.String("pk = :pk"),
		ExpressionAttributeValues: Item{":pk": str(meetingPartition(month))},
	}
	if prefix != "" {
		query.KeyConditionExpression = aws.String("pk = :pk AND begins_with(sk, :prefix)")
		query.ExpressionAttributeValues[":prefix"] = str(prefix)
	}
	if len(attributes) > 0 {
		names := map[string]string{}
		projection := ""
		for n, a := range attributes {
			name := fmt.Sprintf("#a%d", n)
			names[name] = a
			projection += ", " + name
		}
		query.ProjectionExpression, query.ExpressionAttributeNames = aws.String(projection[2:]), names
	}
	var items []Item
	pages := dynamodb.NewQueryPaginator(t.client, query)
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		items = slices.Concat(items, page.Items)
	}
	return items, nil
}

// MeetingMonth implements meeting.Calendar: one query over what is kept of a month, without the digests themselves.
func (t *Table) MeetingMonth(ctx context.Context, month digest.Month) (meeting.MonthLine, error) {
	items, err := t.ofMonth(ctx, month, "", []string{"pk", "sk", "meeting", "version"})
	if err != nil {
		return meeting.MonthLine{}, fmt.Errorf("read meeting's month: %w", err)
	}
	line := meeting.MonthLine{Month: month}
	for _, i := range items {
		switch sk := text(i, "sk"); {
		case sk == "HEAD":
			m, err := meetingOf(i)
			if err != nil {
				return line, err
			}
			line.Meeting = &m
		case sk[:2] == "R#":
			line.Decisions++
		default:
			line.Editions++
		}
	}
	return line, nil
}
