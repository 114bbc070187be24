package start

import (
	"context"
	"log/slog"

	"steledesk/shared/dynamo"
	"steledesk/shared/meeting"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
)

// Store is a table that says in the log what it stored of tickets: a line for each, whoever wrote it and on whichever
// way, and none for a call that came again and changed nothing. A line has nothing of what anybody wrote.
type Store struct {
	*dynamo.Table
	Log *slog.Logger
}

// File implements visitor.Store.
func (s *Store) File(ctx context.Context, f visitor.Filed) error {
	return s.said(ctx, s.Table.File(ctx, f), f.Head, f.Event)
}

// FileDecision implements meeting.Decisions.
func (s *Store) FileDecision(ctx context.Context, f visitor.Filed, r meeting.Resolved) error {
	return s.said(ctx, s.Table.FileDecision(ctx, f, r), f.Head, f.Event)
}

// Append implements visitor.Store.
func (s *Store) Append(ctx context.Context, version int, after ticket.Head, events []ticket.Event) error {
	return s.said(ctx, s.Table.Append(ctx, version, after, events), after, events...)
}

// AppendContact implements visitor.Store.
func (s *Store) AppendContact(ctx context.Context, version int, after ticket.Head, events []ticket.Event, sealed string) error {
	return s.said(ctx, s.Table.AppendContact(ctx, version, after, events, sealed), after, events...)
}

// AppendAll implements visitor.Tickets.
func (s *Store) AppendAll(ctx context.Context, changes []ticket.Change) error {
	err := s.Table.AppendAll(ctx, changes)
	for _, c := range changes {
		_ = s.said(ctx, err, c.After, c.Events...)
	}
	return err
}

// said logs what became of a ticket, unless storing it failed: that is its caller's to say.
func (s *Store) said(ctx context.Context, err error, after ticket.Head, events ...ticket.Event) error {
	if err != nil || len(events) == 0 {
		return err
	}
	s.Log.InfoContext(ctx, "stored", "ticket", after.Number, "what", events[0].What, "state", after.State, "version", after.Version)
	return nil
}
