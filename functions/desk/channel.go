package main

import (
	"context"
	"net/http"
	"time"

	"steledesk/shared/audit"
	"steledesk/shared/channel"
	"steledesk/shared/desk"
	"steledesk/shared/httpapi"
	"steledesk/shared/office"
	"steledesk/shared/phrase"
)

// patience is how long a test may take, waiting for the bot's turn included: whoever pressed the button waits for it.
const patience = 8 * time.Second

// prober sends test messages to channels, in the turns that notify keeps.
type prober struct {
	sender interface {
		Test(ctx context.Context, c channel.Channel, section, sectionName string) error
		// Check says what keeps a channel from being used at all, without calling it.
		Check(c channel.Channel) error
	}
	turns interface {
		TakeTurn(ctx context.Context, bot string, now time.Time, gap time.Duration) (time.Duration, error)
	}
	now  func() time.Time // the machine's, as turns are kept by
	wait func(context.Context, time.Duration) error
}

// probe sends one test message when it is the channel's turn. An error is the channel's, or ctx's when there was no
// turn in its time.
func (p prober) probe(ctx context.Context, c office.Channel, sectionName string) error {
	to := channel.Of(c)
	for {
		wait, err := p.turns.TakeTurn(ctx, c.ID, p.now(), to.Gap())
		if err != nil {
			return err
		}
		if wait == 0 {
			return p.sender.Test(ctx, to, c.Section, sectionName)
		}
		if err := p.wait(ctx, wait); err != nil {
			return err
		}
	}
}

func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

type testBody struct {
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`         // what came of it and what to mend, for whoever looks after the channel
	Code   string `json:"code,omitempty"` // of what went wrong
	Said   string `json:"said,omitempty"` // what exactly, for the operator; no address, key or secret
}

// testChannel sends a test message to a channel that is in force, after it was written down that it is sent.
func (s *server) testChannel(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	o, _, err := s.inForce(ctx)
	if err != nil {
		return httpapi.Response{}, err
	}
	c, known := o.Channel(r.Param("channel"))
	if !known {
		return httpapi.Response{}, desk.ErrNoChannel
	}
	entry := audit.Entry{At: r.Now, Who: r.Principal.Login, Role: r.Principal.Roles[0], What: audit.ChannelTested, Detail: c.ID}
	if err := s.record.Record(ctx, entry); err != nil {
		return httpapi.Response{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err = s.prober.probe(ctx, c, o.SectionName(c.Section, c.Language))
	return httpapi.JSON(http.StatusOK, outcome(r, err))
}

func outcome(r *httpapi.Request, err error) testBody {
	if err == nil {
		return testBody{OK: true, Detail: phrase.In(r.Language, "channel.sent")}
	}
	fault := string(channel.FaultOf(err))
	return testBody{Code: fault, Detail: phrase.In(r.Language, "channel."+fault), Said: err.Error()}
}
