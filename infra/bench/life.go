package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"steledesk/infra/local/demo"
	"steledesk/infra/local/lambda"
	"steledesk/infra/local/template"
	"steledesk/shared/dynamo"
)

// livesMeasured is over how many lives the costs are averaged.
const livesMeasured = 100

// use is what one life takes of what AWS is paid for.
type use struct {
	writes, reads float64            // of the table, in units
	requests      int                // of the API
	sqs, s3       float64            // calls of functions
	invocations   map[string]float64 // by function
	gbSeconds     map[string]float64
	logged        float64 // bytes
	stored        float64 // bytes, indexes with them
}

// lives prints what a ticket's whole life costs, from the first page to the rating, through the gateway and every
// function that has to do with it, and what that comes to at the prices of infra/bench/prices.yaml.
func (b *bench) lives(ctx context.Context) error {
	u, err := b.measureLives(ctx)
	if err != nil {
		return err
	}
	u.print()
	return u.price("infra/bench/prices.yaml")
}

func (b *bench) measureLives(ctx context.Context) (*use, error) {
	p := &person{bench: b}
	if err := p.signIn(ctx); err != nil {
		return nil, err
	}
	if err := p.live(ctx); err != nil { // once for what is read once: keys, office data, queues
		return nil, err
	}
	b.quiet()
	before := b.stack.Functions().Stats()
	size, err := b.size(ctx)
	if err != nil {
		return nil, err
	}
	p.requests = 0
	b.meter.startAll()
	for range livesMeasured {
		if err := p.live(ctx); err != nil {
			return nil, err
		}
	}
	b.quiet()
	u := b.meter.stop().use()
	u.requests = p.requests
	u.worked(before, b.stack.Functions().Stats(), b.stack.Model())
	after, err := b.size(ctx)
	u.stored = after - size
	return u, err
}

// size is that of the table, as DynamoDB counts it: names and values, and 100 bytes an item. A head is counted twice, since
// the index of queues holds all of it.
func (b *bench) size(ctx context.Context) (float64, error) {
	pages := dynamodb.NewScanPaginator(b.bareClient, &dynamodb.ScanInput{TableName: b.stack.Model().Tables[0].Create.TableName})
	total := 0
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return 0, err
		}
		for _, i := range page.Items {
			total += sizeOf(i)
		}
	}
	return float64(total), nil
}

func sizeOf(i dynamo.Item) int {
	size := 100
	for name, value := range i {
		size += len(name)
		switch v := value.(type) {
		case *types.AttributeValueMemberS:
			size += len(v.Value)
		case *types.AttributeValueMemberN:
			size += len(v.Value)/2 + 1
		case *types.AttributeValueMemberB:
			size += len(v.Value)
		}
	}
	if dynamo.IsHead(i) {
		size *= 2
	}
	return size
}

// quiet waits until no function has worked for two seconds.
func (b *bench) quiet() {
	count := func() (n int64) {
		for _, s := range b.stack.Functions().Stats() {
			n += s.Invocations + int64(s.Busy+s.Queued)
		}
		return n
	}
	for last := int64(-1); last != count(); time.Sleep(2 * time.Second) {
		last = count()
	}
}

// person is a visitor, a clerk of the section and one of the office.
type person struct {
	*bench
	tokens   map[string]string
	requests int
}

func (p *person) signIn(ctx context.Context) error {
	p.tokens = map[string]string{}
	for _, login := range []string{"ticketing", "office"} {
		var session struct{ Token string }
		if err := p.call(ctx, request{"POST", "/v1/session", fmt.Sprintf(`{"login":%q,"password":%q}`, login, demo.Password), nobody}, &session); err != nil {
			return err
		}
		p.tokens[login] = session.Token
	}
	return nil
}

// live is an ordinary life: a page, a filing with a contact, three looks, signed and answered by the section from its
// queue, approved by the office, rated by the visitor.
func (p *person) live(ctx context.Context) error {
	if err := p.call(ctx, request{"GET", "/?p=BL01", "", nobody}, nil); err != nil {
		return err
	}
	number, code, err := p.fileOne()
	if err != nil {
		return err
	}
	p.requests++
	at := "/v1/tickets/" + number
	visitor := func(h http.Header) { h.Set("X-Ticket-Code", code) }
	staff := func(login, version string) func(http.Header) {
		return func(h http.Header) {
			h.Set("Authorization", "Bearer "+p.tokens[login])
			if version != "" {
				h.Set("If-Match", `"`+version+`"`)
			}
		}
	}
	desk := "/v1/desk/tickets"
	for _, one := range []request{
		{"GET", at, "", visitor},
		{"GET", desk, "", staff("ticketing", "")}, {"GET", desk + "/" + number, "", staff("ticketing", "")},
		{"POST", desk + "/" + number + "/commands/sign", `{}`, staff("ticketing", "1")},
		{"GET", at, "", visitor},
		{"POST", desk + "/" + number + "/commands/answer", `{"outcome":"explained","text":"已增开窗口，手机刷码可直接入园。"}`, staff("ticketing", "2")},
		{"POST", desk + "/" + number + "/commands/approve", `{}`, staff("office", "3")},
		{"GET", at, "", visitor},
		{"POST", at + "/rating", `{"solved":"yes","level":5}`, visitor},
	} {
		if err := p.call(ctx, one, nil); err != nil {
			return err
		}
	}
	return nil
}

// request is a call of somebody's.
type request struct {
	method, path, body string
	as                 func(http.Header)
}

func nobody(http.Header) {}

func (p *person) call(ctx context.Context, one request, into any) error {
	r, err := http.NewRequestWithContext(ctx, one.method, p.stack.URL()+one.path, strings.NewReader(one.body))
	if err != nil {
		return err
	}
	if one.body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	one.as(r.Header)
	p.requests++
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("%s %s: %s", one.method, one.path, answer.Status)
	}
	if into == nil {
		return nil
	}
	return json.NewDecoder(answer.Body).Decode(into)
}

// use sorts what functions called into what is paid for.
func (r reading) use() *use {
	u := &use{writes: r.writes, reads: r.capacity - r.writes, invocations: map[string]float64{}, gbSeconds: map[string]float64{}}
	for call, n := range r.calls {
		switch service, _, _ := strings.Cut(call, "."); service {
		case "sqs":
			u.sqs += float64(n)
		case "s3":
			u.s3 += float64(n)
		}
	}
	return u
}

// worked adds what functions did between two readings of their counters.
func (u *use) worked(before, after []lambda.Stats, m *template.Model) {
	for i, s := range after {
		memory := 0
		for _, f := range m.Functions {
			if f.Name == s.Name {
				memory = f.MemoryMB
			}
		}
		if n := s.Invocations - before[i].Invocations; n > 0 {
			u.invocations[s.Name] = float64(n)
			u.gbSeconds[s.Name] = (s.Worked - before[i].Worked).Seconds() * float64(memory) / 1024
		}
		u.logged += float64(s.Printed - before[i].Printed)
	}
}

func (u *use) print() {
	fmt.Println("## What a ticket's life costs")
	fmt.Println()
	fmt.Printf("The mean of %d lives of %.4g requests each: the form, a filing with a contact, three looks, the section's queue, its signature, its answer, the office's approval, the visitor's rating; %s.\n\n",
		livesMeasured, float64(u.requests)/livesMeasured, "streams, queues and the section's group are told of everything")
	fmt.Println("| function | invocations a life | GB-seconds a life |")
	fmt.Println("|---|---|---|")
	for _, name := range slices.Sorted(maps.Keys(u.invocations)) {
		fmt.Printf("| %s | %.2f | %.5f |\n", strings.TrimPrefix(name, "steledesk-"), u.invocations[name]/livesMeasured, u.gbSeconds[name]/livesMeasured)
	}
	fmt.Printf("\nA life takes %.1f write units, %.1f read units, %.1f calls of queues by functions, %.0f bytes of logs, and %.0f bytes in the table.\n\n",
		u.writes/livesMeasured, u.reads/livesMeasured, u.sqs/livesMeasured, u.logged/livesMeasured, u.stored/livesMeasured)
}
