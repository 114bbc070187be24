package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"golang.org/x/sync/errgroup"

	"steledesk/infra/local/awsendpoint"
	"steledesk/infra/local/awsendpoint/awstest"
	"steledesk/infra/local/dynamodb"
	"steledesk/infra/local/template"
	"steledesk/shared/account"
	"steledesk/shared/desk"
	"steledesk/shared/dynamo"
	"steledesk/shared/office"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
)

const (
	backlog = 500 // tickets that are due at once, as after an outage
	loaders = 4
	loaded  = 200 // tickets a loader makes before it stores them
)

// sizes are the numbers of open tickets among which the desk is measured.
var openTickets = []int{1_000, 10_000, 100_000}

// scale prints what the desk's work costs among ever more open tickets. The engine is alone here, without functions:
// what the stream would carry for a hundred thousand filings is not measured.
func (b *bench) scale(ctx context.Context) error {
	e, err := startEngine(ctx, b.meter)
	if err != nil {
		return err
	}
	defer e.close()
	w := &world{bench: b, table: e.table, filer: b.filer(e.table), staff: &desk.Desk{
		Store: e.table, Offices: b.desk.Offices, Keys: b.staff.Keys, Audit: e.table,
	}}
	fmt.Println("## What the desk costs among many open tickets")
	fmt.Println()
	fmt.Println("| work | open tickets | AWS calls | capacity units | bytes back | time |")
	fmt.Println("|---|---|---|---|---|---|")
	for _, size := range openTickets {
		if err := w.grow(ctx, size); err != nil {
			return err
		}
		if err := w.measure(ctx); err != nil {
			return err
		}
	}
	fmt.Println()
	return nil
}

// engine is a table of the template's in an engine of its own.
type engine struct {
	table *dynamo.Table
	url   string
	close func()
}

func startEngine(ctx context.Context, m *meter) (*engine, error) {
	return startEngineWith(ctx, awsendpoint.Options{Middleware: m.middleware})
}

// startEngineWith starts an engine beside other services at one address.
func startEngineWith(ctx context.Context, services awsendpoint.Options) (*engine, error) {
	folder, err := os.MkdirTemp("", "steledesk-bench")
	if err != nil {
		return nil, err
	}
	s, err := dynamodb.Start(ctx, dynamodb.Options{Folder: folder, Modules: filepath.Join("infra", "local", "node_modules")})
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	services.DynamoDB = s.Proxy()
	server := httptest.NewServer(awsendpoint.New(services))
	e := &engine{url: server.URL, close: func() {
		server.Close()
		_ = s.Close()
		_ = os.RemoveAll(folder)
	}}
	cfg := awstest.Config(server.URL)
	cfg.AppID = appID
	declared, err := template.Tables("template.yaml")
	if err == nil {
		declared[0].Create.StreamSpecification = nil // nobody reads it here, and a load fills it
		_, err = sdk.NewFromConfig(cfg).CreateTable(ctx, &declared[0].Create)
	}
	if err != nil {
		e.close()
		return nil, err
	}
	e.table = dynamo.Open(cfg, *declared[0].Create.TableName)
	return e, nil
}

// world is a table that fills up.
type world struct {
	bench  *bench
	table  *dynamo.Table
	filer  func(at time.Time) (dynamo.Whole, error)
	staff  *desk.Desk
	number string // of one of the tickets
	size   int
}

// filer makes tickets as visitors file them, without storing them.
func (b *bench) filer(table *dynamo.Table) func(time.Time) (dynamo.Whole, error) {
	return func(at time.Time) (dynamo.Whole, error) {
		var c catcher
		d := visitor.Desk{Store: &c, Keys: b.desk.Keys, Offices: b.desk.Offices}
		_, err := d.File(context.Background(), rand.Text(), matter(), at)
		return c.whole, err
	}
}

// catcher is a store that keeps the ticket it was given last.
type catcher struct {
	visitor.Store
	whole dynamo.Whole
}

func (c *catcher) File(_ context.Context, f visitor.Filed) error {
	c.whole = dynamo.Whole{Head: f.Head, Events: []ticket.Event{f.Event}, Contact: f.Contact}
	return nil
}

// grow files tickets now until there are size.
func (w *world) grow(ctx context.Context, size int) error {
	return w.load(ctx, size-w.size, time.Now())
}

func (w *world) load(ctx context.Context, n int, at time.Time) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(loaders)
	for done := 0; done < n; done += loaded {
		all := make([]dynamo.Whole, min(loaded, n-done))
		for i := range all {
			var err error
			if all[i], err = w.filer(at); err != nil {
				return err
			}
		}
		w.number = all[0].Head.Number
		g.Go(func() error { return w.table.Load(ctx, all) })
	}
	w.size += n
	return g.Wait()
}

// measure prints the lines of one size. The backlog comes last and is answered for afterwards: it does not stay due.
func (w *world) measure(ctx context.Context) error {
	for _, part := range []struct {
		name string
		do   func() error
	}{
		{"the first page of 25 of a section's queue", func() error {
			_, err := w.staff.List(ctx, clerk, desk.Filter{}, "", 25, time.Now())
			return err
		}},
		{"the same, for the office over all sections", func() error {
			_, err := w.staff.List(ctx, officer, desk.Filter{}, "", 25, time.Now())
			return err
		}},
		{"a ticket", func() error { _, err := w.staff.Read(ctx, clerk, w.number, time.Now()); return err }},
		{"a section's counts", func() error {
			_, err := w.staff.Count(ctx, clerk, "", time.Now())
			return err
		}},
		{"a sweep with nothing due", func() error { return w.sweep(ctx, 0) }},
	} {
		if err := w.line(part.name, part.do); err != nil {
			return fmt.Errorf("%s among %d: %w", part.name, w.size, err)
		}
	}
	if err := w.load(ctx, backlog, time.Now().AddDate(0, 0, -10)); err != nil {
		return err
	}
	return w.once(fmt.Sprintf("a sweep with %d due", backlog), func() error { return w.sweep(ctx, backlog) })
}

var officer = account.Principal{Login: "office", Roles: []ticket.Role{ticket.OfficeStaff}, Sections: []string{ticket.OfficeSection}}

// line measures what can be done again, averaged over several.
func (w *world) line(name string, do func() error) error {
	const n = 20
	if err := do(); err != nil {
		return err
	}
	return w.print(name, n, do)
}

func (w *world) once(name string, do func() error) error { return w.print(name, 1, do) }

func (w *world) print(name string, n int, do func() error) error {
	w.bench.meter.start()
	began := time.Now()
	for range n {
		if err := do(); err != nil {
			return err
		}
	}
	took, r := time.Since(began)/time.Duration(n), w.bench.meter.stop()
	fmt.Printf("| %s | %d | %s | %.4g | %d | %s |\n", name, w.size, r.per(n), r.capacity/float64(n), r.received/n, ms(took))
	return nil
}

// sweep does what a tick of functions/deadline does; want is how many tickets are due.
func (w *world) sweep(ctx context.Context, want int) error {
	now, done := time.Now(), 0
	o, _, err := w.bench.desk.Offices.Current(ctx)
	if err != nil {
		return err
	}
	for shard := range dynamo.AlarmShards {
		for number, err := range w.table.Due(ctx, shard, now) {
			if err != nil {
				return err
			}
			if err := w.ring(ctx, o, number, now); err != nil {
				return fmt.Errorf("ring %s: %w", number, err)
			}
			done++
		}
	}
	if done != want {
		return fmt.Errorf("the clock did %d things, want %d", done, want)
	}
	return nil
}

func (w *world) ring(ctx context.Context, o *office.Office, number string, now time.Time) error {
	head, err := w.table.Head(ctx, number)
	if err != nil {
		return err
	}
	alarm, err := o.Next(head, now)
	if err != nil {
		return err
	}
	after, events, err := ticket.Apply(head, alarm.Command, ticket.Moment{Now: now, Terms: o})
	if err != nil {
		return err
	}
	return w.table.Append(ctx, head.Version, after, events)
}
