package main

import (
	"context"

	"steledesk/shared/meeting"
	"steledesk/shared/papers"
)

// writer makes the papers of a digest.
type writer struct {
	url string // where the desk is; empty: papers have no links
}

func (w writer) write(_ context.Context, d meeting.Draft) ([]meeting.Paper, error) {
	made, err := papers.Make(papers.Input{Digest: d.Digest, Office: d.Office, Lines: d.Lines, PublicURL: w.url})
	if err != nil {
		return nil, err
	}
	all := make([]meeting.Paper, len(made))
	for i, p := range made {
		all[i] = meeting.Paper(p)
	}
	return all, nil
}
