package stack

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"steledesk/infra/local/template"
)

// sweepEvery is how often what has expired is deleted. AWS takes up to two days
// over items and a day over objects; sooner is allowed.
const sweepEvery = time.Minute

// startSweeping deletes what has expired from the stack's own engines, as AWS does
// by itself.
func (s *Stack) startSweeping(context.Context) error {
	if s.engines == nil {
		return nil
	}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() {
		ticker := time.NewTicker(sweepEvery)
		defer ticker.Stop()
		for {
			if err := s.Sweep(ctx); err != nil && ctx.Err() == nil {
				s.settings.Logger.Error("sweep", "error", err)
			}
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
			}
		}
	})
	s.onClose("sweeping", func(context.Context) error {
		cancel()
		running.Wait()
		return nil
	})
	return nil
}

// Sweep deletes the items and objects that have expired by the stack's clock. It
// runs by itself every minute; tests need not wait. Against a foreign endpoint it
// does nothing.
func (s *Stack) Sweep(ctx context.Context) error {
	if s.engines == nil {
		return nil
	}
	now := s.settings.Clock()
	for _, t := range s.model.Tables {
		if t.TTL == "" {
			continue
		}
		name := aws.ToString(t.Create.TableName)
		if _, err := s.engines.tables.SweepExpired(ctx, s.clients.tables, name, t.TTL, now); err != nil {
			return fmt.Errorf("sweep table %s: %w", name, err)
		}
	}
	for _, b := range s.model.Buckets {
		for _, e := range b.Expiry {
			if err := s.sweepObjects(ctx, b.Name, e, now); err != nil {
				return fmt.Errorf("sweep bucket %s: %w", b.Name, err)
			}
		}
	}
	return nil
}

func (s *Stack) sweepObjects(ctx context.Context, bucket string, e template.Expiry, now time.Time) error {
	pages := s3.NewListObjectsV2Paginator(s.clients.objects, &s3.ListObjectsV2Input{Bucket: &bucket, Prefix: &e.Prefix})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, o := range page.Contents {
			if now.Before(aws.ToTime(o.LastModified).AddDate(0, 0, e.Days)) {
				continue
			}
			if _, err := s.clients.objects.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &bucket, Key: o.Key}); err != nil {
				return err
			}
		}
	}
	return nil
}
