package main

import (
	"context"
	"errors"
	"time"

	"steledesk/shared/digest"
	"steledesk/shared/meeting"
	"steledesk/shared/papers"
)

// lasts is how long a meeting is taken to last in calendars.
const lasts = 2 * time.Hour

// writer makes the papers of a digest.
type writer struct {
	meetings meeting.Meetings
	url      string // where the desk is; empty: papers have no links
}

func (w writer) write(ctx context.Context, d meeting.Draft) ([]meeting.Paper, error) {
	when, err := w.when(ctx, d.Digest.Month)
	if err != nil {
		return nil, err
	}
	made, err := papers.Make(papers.Input{Digest: d.Digest, Office: d.Office, Lines: d.Lines, Meeting: when, PublicURL: w.url})
	if err != nil {
		return nil, err
	}
	all := make([]meeting.Paper, len(made))
	for i, p := range made {
		all[i] = meeting.Paper(p)
	}
	return all, nil
}

// when is the meeting over the month as far as it is planned by now, nil when no time is set.
func (w writer) when(ctx context.Context, month digest.Month) (*papers.Meeting, error) {
	m, err := w.meetings.Meeting(ctx, month)
	switch {
	case errors.Is(err, meeting.ErrNoMeeting):
		return nil, nil
	case err != nil:
		return nil, err
	case m.When.IsZero():
		return nil, nil
	}
	return &papers.Meeting{Start: m.When, End: m.When.Add(lasts), Place: m.Place, Version: m.Version}, nil
}
