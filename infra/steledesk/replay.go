package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"steledesk/shared/dynamo"
	"steledesk/shared/queue"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
)

func replayCommand() command {
	return command{
		name: "replay", what: "send what did not reach a section once more",
		help: `
Two queues hold what failed on its way to a section, and an alarm tells of each:
  NAME-dead-letters     messages that a section's channel refused five times. Each goes back to the queue it came
                        from, and notify tries again. Mend the channel first (steledesk office show).
  NAME-stream-failures  places in the table's stream whose events dispatch could not carry. The events are read
                        from the stream, which keeps them for 24 hours, and sent to their sections.
A message is deleted after what it stands for was sent, so that nothing is lost, however this is stopped, and it
can be run twice: sections know events by their ids. A message that cannot be read or whose records are gone
stays where it is, and the exit code is 1. --ticket sends all events of one ticket again: notify passes over what a
channel was told. When everything that such a message stood for has been sent, --settled takes it away.`,
		examples: `
$ steledesk replay --dry-run
dead letter 0d1f6c3e-…: WX-7K3FQ2MK.1 filed -> gardens: would be sent
$ steledesk replay
dead letter 0d1f6c3e-…: WX-7K3FQ2MK.1 filed -> gardens: sent
stream failure 55b0c1aa-…: left in place: the stream keeps records for 24 hours, and these are gone: ...
1 message sent again, 1 left in place
$ steledesk replay --ticket WX-0Q2M47KR
WX-0Q2M47KR: 4 events sent
$ steledesk replay --settled 55b0c1aa-…`,
		flags: replayFlags,
	}
}

func replayFlags(f *flag.FlagSet) action {
	var r replay
	f.BoolVar(&r.dry, "dry-run", false, "show what would be sent, and send nothing")
	f.IntVar(&r.max, "max", 0, "stop after so many messages; 0 is all of them")
	f.StringVar(&r.to, "to", "", "`SECTION`: where to send dead letters that do not tell which queue they come from")
	one := f.String("ticket", "", "`NUMBER`: send the events of this ticket again, and leave the queues alone")
	f.StringVar(&r.settled, "settled", "", "`ID`: delete this message; what it stands for was sent by other means")
	return func(ctx context.Context, e *env, s settings, args []string) error {
		if err := arguments(args); err != nil {
			return err
		}
		if err := r.check(*one); err != nil {
			return err
		}
		st, err := e.open(ctx, s)
		if err != nil {
			return err
		}
		r.start(e, st)
		if *one == "" {
			return r.queues(ctx)
		}
		number, err := parseNumber(*one)
		if err != nil {
			return err
		}
		return r.ticket(ctx, number)
	}
}

func (r *replay) check(one string) error {
	switch {
	case r.max < 0:
		return usage("--max %d: want 0 or more", r.max)
	case r.settled != "" && (one != "" || r.dry):
		return usage("--settled excludes --ticket and --dry-run")
	}
	return nil
}

// replay sends again what failed.
type replay struct {
	dry         bool
	max         int    // messages to take; 0 is no limit
	to, settled string // --to, --settled

	env      *env
	stack    *stack
	streams  *dynamodbstreams.Client
	sections *queue.Sections

	taken, sent, left int
}

func (r *replay) start(e *env, st *stack) {
	r.env, r.stack = e, st
	r.streams = dynamodbstreams.NewFromConfig(st.config)
	r.sections = queue.NewSections(st.config, st.sectionPrefix(), func(_ context.Context, section string) {
		fmt.Fprintf(e.err, "section %s has no queue; the office's serves it\n", section)
	})
}

// queues goes through both queues and says what became of their messages.
func (r *replay) queues(ctx context.Context) error {
	dead, err := r.stack.queueURL(ctx, r.stack.deadLetters())
	if err != nil {
		return err
	}
	failures, err := r.stack.queueURL(ctx, r.stack.streamFailures())
	if err != nil {
		return err
	}
	err = r.drain(ctx, dead, "dead letter", r.deadLetter)
	if err == nil {
		err = r.drain(ctx, failures, "stream failure", r.streamFailure)
	}
	verb := "sent again"
	switch {
	case r.settled != "":
		return r.settledOr(err)
	case r.dry:
		verb = "would be sent"
	}
	fmt.Fprintf(r.env.out, "%s %s, %d left in place\n", count(r.sent, "message"), verb, r.left)
	if err == nil && r.left > 0 {
		return errProblems
	}
	return err
}

func (r *replay) settledOr(err error) error {
	if err == nil && r.sent == 0 {
		return fmt.Errorf("no message %s is in %s or %s", r.settled, r.stack.deadLetters(), r.stack.streamFailures())
	}
	return err
}

// A stay is why a message is left where it is.
type stay struct{ why string }

func (s *stay) Error() string { return s.why }

func stays(format string, args ...any) error { return &stay{fmt.Sprintf(format, args...)} }

// handle sends what a message stands for and says what that was. *stay when the message is to be left in
// place; any other error ends the run.
type handle func(ctx context.Context, m types.Message) (what string, err error)

// one deals with one message. It reports whether the message may be deleted.
func (r *replay) one(ctx context.Context, kind string, m types.Message, do handle) (bool, error) {
	r.taken++
	id := aws.ToString(m.MessageId)
	if r.settled != "" {
		if id == r.settled {
			r.sent++
			fmt.Fprintf(r.env.out, "%s %s: deleted as settled\n", kind, id)
		}
		return id == r.settled, nil
	}
	what, err := do(ctx, m)
	var stay *stay
	switch {
	case errors.As(err, &stay):
		r.left++
		fmt.Fprintf(r.env.out, "%s %s: left in place: %s\n", kind, id, stay.why)
		return false, nil
	case err != nil:
		return false, fmt.Errorf("%s %s: %w", kind, id, err)
	case r.dry:
		r.sent++
		fmt.Fprintf(r.env.out, "%s %s: %s: would be sent\n", kind, id, what)
		return false, nil
	}
	r.sent++
	fmt.Fprintf(r.env.out, "%s %s: %s: sent\n", kind, id, what)
	return true, nil
}

// ticket sends the events of one ticket again. Events that are older than what notify remembers are
// left out: it would tell them anew.
func (r *replay) ticket(ctx context.Context, number string) error {
	stored, err := r.stack.table.Ticket(ctx, number)
	if errors.Is(err, visitor.ErrNotFound) {
		return fmt.Errorf("there is no ticket %s in stack %s", number, r.stack.name)
	}
	if err != nil {
		return err
	}
	var events []ticket.Event
	remembered := r.env.now().Add(-dynamo.DeliveryKept)
	for _, record := range stored.Records {
		event, err := record.Event()
		if err != nil {
			return fmt.Errorf("%s: %w", number, err)
		}
		if event.At.After(remembered) {
			events = append(events, event)
		}
	}
	if old := len(stored.Records) - len(events); old > 0 {
		fmt.Fprintf(r.env.out, "%s: %s left out: after %d days it is no longer known whether sections were told\n",
			number, count(old, "event"), dynamo.DeliveryKept/(24*time.Hour))
	}
	verb := "would be sent"
	if !r.dry {
		verb = "sent"
		if err := r.send(ctx, events); err != nil {
			return err
		}
	}
	fmt.Fprintf(r.env.out, "%s: %s %s\n", number, count(len(events), "event"), verb)
	return nil
}

// send sends events to the queues of their sections, all of them or with an error.
func (r *replay) send(ctx context.Context, events []ticket.Event) error {
	failed := r.sections.Send(ctx, events)
	for i, e := range events {
		if err := failed[i]; err != nil {
			return fmt.Errorf("%s: %w", e.ID(), err)
		}
	}
	return nil
}
