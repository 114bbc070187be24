package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"steledesk/infra/local/demo"
	"steledesk/infra/local/sink"
	"steledesk/infra/local/stack"
	"steledesk/shared/office"
	"steledesk/shared/ticket"
)

// privacy is the part "privacy": marked people, words and pictures go through everything the desk does, and are looked
// for in everything that is left of it; and once more when all of it is over.
type privacy struct {
	house *house
	staff *staff
	log   *journal
	post  *post

	marks    []mark
	said     int       // texts so far: each is another one
	receipts []receipt // of what visitors filed
	numbers  []string  // of all tickets
	cookies  []trace   // that phones were given
}

// privacyBegins is when the play begins: a Monday of a year whose holidays the desk knows.
var privacyBegins = time.Date(2026, 11, 23, 9, 0, 0, 0, ticket.Zone)

// privacyMonth is that of the play's meeting.
const privacyMonth = "2026-11"

// journal keeps what the host and the functions' processes print.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(b []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(b)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

func openPrivacy(ctx context.Context, p place) (*privacy, error) {
	v := &privacy{log: &journal{}, post: &post{}}
	h, err := openHouse(ctx, p, plan{seed: 1, begin: privacyBegins, change: func(s *stack.Settings) {
		s.Parameters, s.Seed = map[string]string{"Canary": "off"}, demo.Seed(roomy()) // groups and mailboxes of the sink, as the demonstration has them
		s.Middleware = v.post.read(s.Middleware)
		s.Logger = slog.New(slog.NewTextHandler(v.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	}})
	if err != nil {
		return nil, err
	}
	h.Sink().Fail(func(_, section string, _ int) sink.Verdict { // one section's letters die, and stay where dead letters do
		if section == "gardens" {
			return sink.Verdict{Status: 403}
		}
		return sink.Verdict{}
	})
	v.house, v.staff = h, &staff{house: h, tokens: map[string]string{}}
	return v, nil
}

func runPrivacy(ctx context.Context, p place, out *report) error {
	v, err := openPrivacy(ctx, p)
	if err != nil {
		return err
	}
	defer v.house.Close()
	if err := v.play(ctx); err != nil {
		return err
	}
	left, err := v.gather(ctx)
	if err != nil {
		return err
	}
	left.judge(out)
	return v.afterwards(ctx, out)
}

// mark notes a text that is looked for.
func (v *privacy) mark(kind, text, number string) string {
	v.marks = append(v.marks, mark{kind, text, number})
	return text
}

// write gives a text that nobody wrote yet, and notes it as written to a ticket; none: it belongs nowhere.
func (v *privacy) write(what, number string) string {
	v.said++
	return v.mark("text", fmt.Sprintf("%s暗语%03d", what, v.said), number)
}

// play has people live through all that the desk does with words and people.
func (v *privacy) play(ctx context.Context) error {
	for n, c := range courses {
		m := &matter{privacy: v, n: n, course: c}
		if err := m.live(ctx); err != nil {
			return fmt.Errorf("play %s: %w", c.name, err)
		}
	}
	if err := v.feedback(ctx); err != nil {
		return fmt.Errorf("play a supervisor's feedback: %w", err)
	}
	if err := v.meeting(ctx); err != nil {
		return fmt.Errorf("play a meeting: %w", err)
	}
	if err := v.house.orderDigest(ctx); err != nil {
		return err
	}
	return v.house.drain(ctx, 2*time.Minute)
}

// orderDigest asks for the digest of the month that runs, as the office may.
func (h *house) orderDigest(ctx context.Context) error {
	client := sqs.NewFromConfig(h.checker())
	found, err := client.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: aws.String("steledesk-digest")})
	if err == nil {
		month := h.now().In(ticket.Zone).Format("2006-01")
		_, err = client.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: found.QueueUrl, MessageBody: aws.String(`{"v":1,"month":"` + month + `","by":"office"}`)})
	}
	if err != nil {
		return fmt.Errorf("order a digest: %w", err)
	}
	return nil
}

// keeps are how long the play's office keeps people, and what they wrote.
func keeps() (months, years int) {
	return office.Default().ContactMonths(), office.Default().RecordYears()
}
