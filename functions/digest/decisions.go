package main

import (
	"context"

	"steledesk/shared/dynamo"
	"steledesk/shared/meeting"
	data "steledesk/shared/office"
)

// inForce gives the office data as it is now.
type inForce func(context.Context) (*data.Office, int, error)

// Current implements visitor.Offices.
func (f inForce) Current(ctx context.Context) (*data.Office, int, error) { return f(ctx) }

// decided tells of what meetings decided.
func decided(table *dynamo.Table) *meeting.Office {
	return &meeting.Office{Decisions: table, Offices: inForce(table.Office)}
}
