package main

import (
	"context"
	"io"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"steledesk/shared/digest"
	"steledesk/shared/dynamo"
	"steledesk/shared/meeting"
	"steledesk/shared/office"
	"steledesk/shared/queue"
	"steledesk/shared/ticket"
)

// An order says the month before this one unless another is named, who asks, and why.
func TestDigestIsAskedFor(t *testing.T) {
	d := deploy(t)
	d.want(exitOK, []string{"digest", "--reason", "节假日有误"}, "Asked for the digest of 2026-10. See it in a few minutes with: steledesk digest --month 2026-10 --print")
	out, err := d.queues.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: d.queueURL("digest")})
	if err != nil || len(out.Messages) != 1 {
		t.Fatalf("%v, %d messages", err, len(out.Messages))
	}
	got, err := queue.ParseDigestOrder(aws.ToString(out.Messages[0].Body))
	if want := (queue.DigestOrder{V: 1, Month: "2026-10", By: "operator tester", Reason: "节假日有误"}); err != nil || got != want {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
	d.want(exitUsage, []string{"digest", "--month", "2026-12"}, "2026-12 has not begun")
	d.want(exitUsage, []string{"digest", "--month", "October"}, `--month "October" is not written like 2026-10`)
	d.want(exitUsage, []string{"digest", "--print", "--reason", "x"}, "--print asks for nothing")
	d.want(exitUsage, []string{"digest", "2026-10"}, "one argument too many")
	d.want(exitProblem, []string{"digest", "--print"}, "there is no digest of 2026-10 yet; ask for it with: steledesk digest --month 2026-10")
}

// nowhere keeps no files.
type nowhere struct{ meeting.Files }

func (nowhere) Put(context.Context, string, string, io.ReadSeeker) error { return nil }

func TestDigestIsPrinted(t *testing.T) {
	d := deploy(t)
	d.now = time.Date(2026, 10, 8, 9, 0, 0, 0, ticket.Zone)
	for n := range 6 {
		number := d.file(n, nil)
		if n > 0 {
			d.sign(number)
		}
	}
	d.file(7, func(c *ticket.Command) { c.Kind, c.Section, c.Anonymous = ticket.Report, "discipline", true })
	d.set(numberOf(3), "E#000002", "body", func(body string) string { return body + " " })
	maker := meeting.Maker{
		Editions: d.table, Tickets: d.table, Files: nowhere{}, Shards: dynamo.MonthShards, Width: 2,
		Office:    func(context.Context) (*office.Office, int, error) { return office.Default(), 0, nil },
		Decisions: func(context.Context, digest.Month, time.Time) ([]digest.Decision, error) { return nil, nil },
		Write: func(context.Context, meeting.Draft) ([]meeting.Paper, error) {
			return []meeting.Paper{{Name: "digest.html", Body: []byte("figures")}}, nil
		},
		Broken: func(context.Context, string, error) {},
	}
	order := meeting.Order{Month: "2026-10", Now: time.Date(2026, 11, 1, 8, 0, 0, 0, ticket.Zone), By: "office", Reason: "试\x1b[2J"}
	if _, _, err := maker.Make(t.Context(), order); err != nil {
		t.Fatal(err)
	}
	d.now = monday
	golden(t, "digest.txt", d.want(exitOK, []string{"digest", "--print"}).out)
}
