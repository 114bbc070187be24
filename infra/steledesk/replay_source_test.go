package main

import (
	"errors"
	"testing"

	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"steledesk/shared/queue"
	"steledesk/shared/ticket"
)

// A letter of the phones' queue about a 举报 was once taken for a section's, and would have been told to discipline again.
func TestReplayLooksWhereALetterComesFrom(t *testing.T) {
	r := &replay{stack: &stack{name: "steledesk"}}
	for _, tt := range []struct {
		source, want string
		kind         ticket.Kind
		stays        bool
	}{
		{source: "arn:aws:sqs:us-east-1:000000000000:steledesk-visitors", kind: ticket.Report, stays: true},
		{source: "arn:aws:sqs:us-east-1:000000000000:steledesk-visitors", kind: ticket.Complaint, stays: true},
		{source: "arn:aws-cn:sqs:cn-north-1:000000000000:steledesk-section-gardens", kind: ticket.Complaint, want: "gardens"},
		{source: "arn:aws:sqs:us-east-1:000000000000:steledesk-section-gardens", kind: ticket.Report, want: ticket.DisciplineSection},
		{kind: ticket.Report, want: ticket.DisciplineSection},
		{kind: ticket.Complaint, want: "works"},
	} {
		letter := sqstypes.Message{Attributes: map[string]string{"DeadLetterQueueSourceArn": tt.source}}
		got, err := r.origin(letter, queue.Message{Kind: tt.kind, Section: "works"})
		var stay *stay
		if got != tt.want || errors.As(err, &stay) != tt.stays {
			t.Errorf("a %s of %q goes to %q, %v; want %q, left in place: %v", tt.kind, tt.source, got, err, tt.want, tt.stays)
		}
	}
}
