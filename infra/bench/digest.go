package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"steledesk/infra/demo"
	"steledesk/infra/local/awsendpoint"
	"steledesk/infra/local/build"
	"steledesk/infra/local/lambda"
	"steledesk/infra/local/s3"
	"steledesk/shared/digest"
	"steledesk/shared/dynamo"
	"steledesk/shared/meeting"
)

// digestMonths are months of ever more tickets, and one without any, whose digest is that of what the last one left.
var digestMonths = []struct {
	month   digest.Month
	tickets int
}{{"2026-06", 1_000}, {"2026-07", 10_000}, {"2026-08", 100_000}, {"2026-09", 0}}

// digestAlone is the function as it is measured: in a process of its own for each month, without the rest of the stack.
const digestAlone = "digest-alone"

// digests prints what the digest of a month takes, papers and all, of the function's real process.
func (b *bench) digests(ctx context.Context) error {
	folder, err := os.MkdirTemp("", "steledesk-bench")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	files, err := s3.Open(folder, s3.Options{})
	if err != nil {
		return err
	}
	if err := files.CreateBucket("papers"); err != nil {
		return err
	}
	e, err := startEngine(ctx, awsendpoint.Options{S3: files, Middleware: b.meter.middleware})
	if err != nil {
		return err
	}
	defer e.close()
	if err := b.addDigest(e); err != nil {
		return err
	}
	fmt.Println("## What the digest of a month takes")
	fmt.Println()
	fmt.Println("| month's tickets | seconds | of processor | peak memory of the process | most in temporary files | AWS calls | read units | papers |")
	fmt.Println("|---|---|---|---|---|---|---|---|")
	for _, m := range digestMonths {
		if err := b.fill(ctx, e.table, m.month, m.tickets); err != nil {
			return err
		}
		if err := b.digest(ctx, e.table, m.month); err != nil {
			return fmt.Errorf("digest of %d tickets: %w", m.tickets, err)
		}
	}
	fmt.Println()
	return nil
}

func (b *bench) addDigest(e *engine) error {
	declared, err := b.declared("functions/digest")
	if err != nil {
		return err
	}
	binary, err := filepath.Abs(build.Binary(b.binaries, declared.Folder))
	if err != nil {
		return err
	}
	b.digestBinary, b.digestDisk = binary, int64(declared.DiskMB)<<20
	return b.stack.Functions().Add(lambda.Function{
		Name: digestAlone, Binary: binary, Timeout: declared.Timeout, MemoryMB: declared.MemoryMB,
		Env: []string{"AWS_REGION=us-east-1", "AWS_ACCESS_KEY_ID=local", "AWS_SECRET_ACCESS_KEY=local", "AWS_EC2_METADATA_DISABLED=true",
			"AWS_SDK_UA_APP_ID=" + appID, "AWS_ENDPOINT_URL=" + e.url, "TABLE=steledesk", "PAPERS_BUCKET=papers",
			"GOMEMLIMIT=" + declared.Environment["GOMEMLIMIT"]},
	})
}

// fill stores a month of made-up tickets, lived to long after it.
func (b *bench) fill(ctx context.Context, table *dynamo.Table, month digest.Month, tickets int) error {
	if tickets == 0 {
		return nil
	}
	fmt.Fprintf(os.Stderr, "Filling %s with %d tickets …\n", month, tickets)
	d, err := demo.New(demo.Spec{Until: month, Months: 1, PerMonth: tickets, Seed: 1, Now: month.End().AddDate(0, 2, 0)})
	if err != nil {
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(loaders)
	var some []dynamo.Whole
	for t, err := range d.Tickets(month) {
		if err != nil {
			return errors.Join(err, g.Wait())
		}
		some = append(some, dynamo.Whole{Head: t.Head, Events: t.Events})
		if len(some) == loaded {
			all := some
			g.Go(func() error { return table.Load(ctx, all) })
			some = nil
		}
	}
	g.Go(func() error { return table.Load(ctx, some) })
	return g.Wait()
}

// digest measures one month.
func (b *bench) digest(ctx context.Context, table *dynamo.Table, month digest.Month) error {
	tick := fmt.Sprintf(`{"time":%q}`, month.End().Add(8*time.Hour).Format(time.RFC3339))
	files := watchDisk(b.digestBinary)
	took, r, err := b.invoke(ctx, tick)
	most := files.end()
	if err != nil {
		return err
	}
	if most > b.digestDisk {
		return fmt.Errorf("%d bytes in temporary files: the template gives it %d", most, b.digestDisk)
	}
	e, err := table.LatestEdition(ctx, month)
	if err != nil {
		return err
	}
	p := b.used(digestAlone)
	fmt.Printf("| %d | %.1f | %s | %s | %.0f MB | %d | %.0f | %s |\n", e.Digest.Tickets, took.Seconds(), p.processor, p.peak, float64(most)/1e6, r.total(), r.capacity, paperSizes(e))
	return nil
}

// invoke gives the event to a new process.
func (b *bench) invoke(ctx context.Context, event string) (time.Duration, reading, error) {
	for {
		b.stack.Functions().Kill(digestAlone)
		b.meter.start()
		began := time.Now()
		result, err := b.stack.Functions().Invoke(ctx, digestAlone, []byte(event))
		took, r := time.Since(began), b.meter.stop()
		switch {
		case err != nil:
			return 0, r, err
		case result.Error == nil && result.Cold:
			return took, r, nil
		case result.Error != nil && result.Error.Type != "Runtime.ExitError": // else a process took it that was not gone yet
			return 0, r, result.Error
		}
	}
}

func (r reading) total() (n int) {
	for _, calls := range r.calls {
		n += calls
	}
	return n
}

func paperSizes(e meeting.Edition) string {
	total := 0
	for _, p := range e.Papers {
		total += p.Size
	}
	return fmt.Sprintf("%d, %.1f MB", len(e.Papers), float64(total)/1e6)
}
