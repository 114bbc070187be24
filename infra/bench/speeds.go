package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"steledesk/shared/desk"
	"steledesk/shared/dynamo"
)

// speed is the outcome of one measurement.
type speed struct {
	p50, p99  time.Duration
	perSecond float64
}

// speeds prints latencies and throughput over HTTP, through gateway and function, beside the bare
// SDK call on the same engine.
func (b *bench) speeds(ctx context.Context) error {
	fmt.Println("## How fast, on this machine")
	fmt.Println()
	fmt.Println("| request | clients | p50 | p99 | requests/s |")
	fmt.Println("|---|---|---|---|---|")
	if err := b.capture(ctx); err != nil {
		return err
	}
	number, code, err := b.fileOne()
	if err != nil {
		return err
	}
	for _, part := range []struct {
		name string
		do   func() error
	}{
		{"bare TransactWriteItems of the same items", func() error { return b.bare(ctx) }},
		{"file, the program's code alone", func() error {
			_, err := b.desk.File(ctx, rand.Text(), matter(), time.Now())
			return err
		}},
		{"file, over HTTP through the function", func() error { _, _, err := b.fileOne(); return err }},
		{"read, over HTTP through the function", func() error { return b.read(number, code) }},
		{"a page of 25 of a section's queue, the program's code", func() error {
			_, err := b.staff.List(ctx, clerk, desk.Filter{}, "", 25, time.Now())
			return err
		}},
	} {
		for _, clients := range []int{1, 16, 64} {
			s, err := measure(b.requests, clients, part.do)
			if err != nil {
				return fmt.Errorf("%s: %w", part.name, err)
			}
			fmt.Printf("| %s | %d | %s | %s | %.0f |\n", part.name, clients, ms(s.p50), ms(s.p99), s.perSecond)
		}
	}
	return b.ratios(ctx)
}

// ratios prints what filing takes against the bare call. The three are timed in turn, so that
// whatever else the machine does meets them alike.
func (b *bench) ratios(ctx context.Context) error {
	n := b.requests / 2
	var times [3][]time.Duration
	for range n {
		for i, do := range []func() error{
			func() error { return b.bare(ctx) },
			func() error { _, err := b.desk.File(ctx, rand.Text(), matter(), time.Now()); return err },
			func() error { _, _, err := b.fileOne(); return err },
		} {
			start := time.Now()
			if err := do(); err != nil {
				return err
			}
			times[i] = append(times[i], time.Since(start))
		}
	}
	for i := range times {
		slices.Sort(times[i])
	}
	fmt.Printf("\nFiling against the bare call, one client, in turn: p50 %s bare, %s the program's code (%.2f), %s over HTTP through the function (%.2f; aim: at most 1.5).\n\n",
		ms(middle(times[0])), ms(middle(times[1])), ratio(times[1], times[0]), ms(middle(times[2])), ratio(times[2], times[0]))
	return nil
}

// measure does n requests by clients at once, after a few that do not count.
func measure(n, clients int, do func() error) (speed, error) {
	for range 20 {
		if err := do(); err != nil {
			return speed{}, err
		}
	}
	times := make([]time.Duration, n)
	var next atomic.Int64
	var failed atomic.Pointer[error]
	var wg sync.WaitGroup
	began := time.Now()
	for range clients {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(n) && failed.Load() == nil; i = next.Add(1) - 1 {
				start := time.Now()
				if err := do(); err != nil {
					failed.Store(&err)
				}
				times[i] = time.Since(start)
			}
		})
	}
	wg.Wait()
	if err := failed.Load(); err != nil {
		return speed{}, *err
	}
	took := time.Since(began)
	slices.Sort(times)
	return speed{p50: times[n/2], p99: times[n*99/100], perSecond: float64(n) / took.Seconds()}, nil
}

// bare writes what a filing writes, in a transaction of the SDK and with nothing of the program
// around it: the same items, attributes, index keys and conditions.
func (b *bench) bare(ctx context.Context) error {
	unique := rand.Text()
	writes := make([]types.TransactWriteItem, len(b.filing))
	for i, item := range b.filing {
		item = maps.Clone(item)
		item["pk"] = &types.AttributeValueMemberS{Value: "X#" + unique}
		writes[i] = types.TransactWriteItem{Put: &types.Put{
			TableName: b.stack.Model().Tables[0].Create.TableName, Item: item,
			ConditionExpression: aws.String("attribute_not_exists(pk)"),
		}}
	}
	_, err := b.bareClient.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: writes})
	return err
}

// capture reads the items of one filing, for bare to write again.
func (b *bench) capture(ctx context.Context) error {
	receipt, err := b.desk.File(ctx, rand.Text(), matter(), time.Now())
	if err != nil {
		return err
	}
	out, err := b.bareClient.Query(ctx, &dynamodb.QueryInput{
		TableName: b.stack.Model().Tables[0].Create.TableName, KeyConditionExpression: aws.String("pk = :pk"),
		ExpressionAttributeValues: dynamo.Item{":pk": &types.AttributeValueMemberS{Value: "T#" + receipt.Number}},
	})
	if err != nil {
		return err
	}
	b.filing = out.Items[:min(3, len(out.Items))] // and not what notify wrote since
	return nil
}

var browser = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}

func (b *bench) fileOne() (number, code string, err error) {
	m, key := matter(), rand.Text()
	body, err := json.Marshal(map[string]any{ // texts that are the same thousands of times are asked for work
		"kind": m.Kind, "category": m.Category, "spot": m.Spot, "text": m.Text + " " + key,
		"contact": map[string]string{"name": m.Contact.Name, "phone": m.Contact.Phone},
	})
	if err != nil {
		return "", "", err
	}
	r, err := http.NewRequest(http.MethodPost, b.stack.URL()+"/v1/tickets", bytes.NewReader(body))
	if err != nil {
		return "", "", err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", key)
	var receipt struct{ Number, Code string }
	err = call(r, http.StatusCreated, &receipt)
	return receipt.Number, receipt.Code, err
}

func (b *bench) read(number, code string) error {
	r, err := http.NewRequest(http.MethodGet, b.stack.URL()+"/v1/tickets/"+number, nil)
	if err != nil {
		return err
	}
	r.Header.Set("X-Ticket-Code", code)
	return call(r, http.StatusOK, &struct{}{})
}

func call(r *http.Request, want int, into any) error {
	response, err := browser.Do(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != want {
		return fmt.Errorf("%s %s: status %d: %.300s", r.Method, r.URL.Path, response.StatusCode, body)
	}
	return json.Unmarshal(body, into)
}

func ms(d time.Duration) string { return fmt.Sprintf("%.2f ms", float64(d.Microseconds())/1000) }
