// Package start is how the functions that work with tickets begin: settings, keys, table and
// office data, in as little time as a cold start allows.
package start

import (
	"context"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/aws/aws-sdk-go-v2/aws"

	"steledesk/shared/awsconfig"
	"steledesk/shared/bucket"
	"steledesk/shared/desk"
	"steledesk/shared/dynamo"
	"steledesk/shared/httpapi"
	"steledesk/shared/seal"
	"steledesk/shared/secret"
	"steledesk/shared/settings"
	"steledesk/shared/visitor"
)

// officeFresh is how old office data may be that a warm function works with.
const officeFresh = time.Minute

// Base is what such a function works with.
type Base struct {
	Log     *slog.Logger
	AWS     aws.Config
	Keys    *seal.Keys
	Table   *dynamo.Table
	Offices *dynamo.OfficeCache
}

// Open reads TABLE, SECRET_PARAMETER and the function's own settings, and what they lead to. It
// ends the program, with every missing setting in the log, when that cannot be done.
func Open(ctx context.Context, own ...settings.Setting) Base {
	b := Base{Log: slog.New(httpapi.LogHandler(lambdacontext.NewLogHandler()))}
	var table, parameter string
	settings.Must(b.Log, settings.Read(append(own,
		settings.Text("TABLE", &table), settings.Text("SECRET_PARAMETER", &parameter))...))
	var err error
	b.AWS, err = awsconfig.Load(ctx)
	settings.Must(b.Log, err)
	b.Table = dynamo.Open(b.AWS, table)
	b.Offices = b.Table.CacheOffice(officeFresh, time.Now, b.officeKept)

	// The two readings of a cold start side by side. That of office data is only early: whoever
	// needs it reads again when it failed.
	early := make(chan error, 1)
	go func() { _, _, err := b.Offices.Current(ctx); early <- err }()
	b.Keys, err = secret.Living(ctx, b.AWS, parameter, secret.Kept(b.Log))
	settings.Must(b.Log, err)
	if err := <-early; err != nil {
		b.Log.ErrorContext(ctx, "office data not read yet", "error", err.Error())
	}
	return b
}

// Gallery gives photos of a bucket to those who may see their tickets.
func (b Base) Gallery(photos *bucket.Photos) *bucket.Gallery {
	return &bucket.Gallery{Records: b.Table, Photos: photos}
}

// Store is the table, and says in the log what is stored of tickets.
func (b Base) Store() *Store { return &Store{b.Table, b.Log} }

// Desk is where visitors are served.
func (b Base) Desk() *visitor.Desk {
	return &visitor.Desk{Store: b.Store(), Keys: b.Keys, Offices: b.Offices, Undated: b.undated}
}

// Gate is what filings and photo slots pass.
func (b Base) Gate() *visitor.Gate {
	return &visitor.Gate{Keys: b.Keys, Offices: b.Offices, Filings: b.Table, Told: func(ctx context.Context, err error) {
		b.Log.ErrorContext(ctx, "older counts of filings kept", "error", err.Error())
	}}
}

// StaffDesk is where staff work.
func (b Base) StaffDesk() *desk.Desk {
	return &desk.Desk{Store: b.Store(), Keys: b.Keys, Offices: b.Offices, Colleagues: b.Table, Audit: b.Table, Undated: b.undated}
}

// undated tells the operator of a ticket without a deadline.
func (b Base) undated(ctx context.Context, number string, why error) {
	b.Log.ErrorContext(ctx, "ticket has no deadline: add the year's holidays to the office file and apply it",
		"ticket", number, "error", why.Error())
}

func (b Base) officeKept(ctx context.Context, err error) {
	b.Log.ErrorContext(ctx, "older office data kept", "error", err.Error())
}
