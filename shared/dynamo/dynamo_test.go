package dynamo

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http/httptest"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"steledesk/infra/local/awsendpoint/awstest"
	engine "steledesk/infra/local/dynamodb"
	"steledesk/shared/office"
	"steledesk/shared/seal"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
)

var endpoint string

// One engine for all tests of the package, one table for each.
func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	folder, err := os.MkdirTemp("", "steledesk")
	if err != nil {
		log.Print(err)
		return 1
	}
	defer func() { _ = os.RemoveAll(folder) }()
	s, err := engine.Start(context.Background(), engine.Options{Folder: folder, Modules: "../../infra/local/node_modules"})
	if err != nil {
		log.Print(err)
		return 1
	}
	defer func() { _ = s.Close() }()
	server := httptest.NewServer(s.Proxy())
	defer server.Close()
	endpoint = server.URL
	return m.Run()
}

func newTable(t *testing.T) *Table {
	t.Helper()
	cfg := awstest.Config(endpoint)
	table := Open(cfg, "t"+fmt.Sprint(time.Now().UnixNano()))
	_, err := table.client.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: &table.name, BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{
			{AttributeName: aws.String("pk"), AttributeType: "S"}, {AttributeName: aws.String("sk"), AttributeType: "S"},
			{AttributeName: aws.String("queue"), AttributeType: "S"}, {AttributeName: aws.String("due"), AttributeType: "S"},
			{AttributeName: aws.String("alarm"), AttributeType: "S"}, {AttributeName: aws.String("alarmAt"), AttributeType: "S"},
		},
		GlobalSecondaryIndexes: []types.GlobalSecondaryIndex{{
			IndexName: aws.String("queue"), Projection: &types.Projection{ProjectionType: types.ProjectionTypeAll},
			KeySchema: []types.KeySchemaElement{
				{AttributeName: aws.String("queue"), KeyType: "HASH"}, {AttributeName: aws.String("due"), KeyType: "RANGE"},
			},
		}, {
			IndexName: aws.String("alarm"), Projection: &types.Projection{ProjectionType: types.ProjectionTypeKeysOnly},
			KeySchema: []types.KeySchemaElement{
				{AttributeName: aws.String("alarm"), KeyType: "HASH"}, {AttributeName: aws.String("alarmAt"), KeyType: "RANGE"},
			},
		}},
		KeySchema: []types.KeySchemaElement{
			{AttributeName: aws.String("pk"), KeyType: "HASH"}, {AttributeName: aws.String("sk"), KeyType: "RANGE"},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return table
}

var nine = time.Date(2026, 11, 23, 9, 0, 0, 0, ticket.Zone)

func filed(t *testing.T, number, key string) visitor.Filed {
	t.Helper()
	head, events, err := ticket.Apply(ticket.Head{}, ticket.Command{
		Name: ticket.File, By: ticket.Actor{Role: ticket.Visitor}, Number: number, Kind: ticket.Complaint,
		Category: "ticketing", Section: "ticketing", Text: "排队太久", Salt: "salt",
	}, ticket.Moment{Now: nine, Terms: office.Default()})
	if err != nil {
		t.Fatal(err)
	}
	return visitor.Filed{Head: head, Event: events[0], KeySum: key, MatterID: "matter-" + key, Contact: "sealed"}
}

func TestFileOnceAmongMany(t *testing.T) {
	table := newTable(t)
	var stored, refused atomic.Int32
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			err := table.File(t.Context(), filed(t, "WX-00000000", "key"))
			var taken *visitor.Taken
			switch {
			case err == nil:
				stored.Add(1)
			case errors.As(err, &taken) && taken.KeySum == "key" && taken.MatterID == "matter-key" && taken.First.Body != "":
				refused.Add(1)
			default:
				t.Errorf("got %v", err)
			}
		})
	}
	wg.Wait()
	if stored.Load() != 1 || refused.Load() != 49 {
		t.Errorf("%d stored and %d refused, want 1 and 49", stored.Load(), refused.Load())
	}
}

func TestTicketComesBackWhole(t *testing.T) {
	table := newTable(t)
	f := filed(t, "WX-00000000", "key")
	if err := table.File(t.Context(), f); err != nil {
		t.Fatal(err)
	}
	got, err := table.Ticket(t.Context(), "WX-00000000")
	if err != nil {
		t.Fatal(err)
	}
	if err := ticket.Verify(got.Head, got.Records); err != nil || len(got.Records) != 1 {
		t.Fatalf("%d records, %v", len(got.Records), err)
	}
	if _, err := table.Ticket(t.Context(), "WX-11111111"); !errors.Is(err, visitor.ErrNotFound) {
		t.Errorf("got %v, want ErrNotFound", err)
	}
}

func TestAppendLosesNoUpdate(t *testing.T) {
	table := newTable(t)
	f := filed(t, "WX-00000000", "key")
	if err := table.File(t.Context(), f); err != nil {
		t.Fatal(err)
	}
	const writers = 12
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for {
				s, err := table.Ticket(t.Context(), "WX-00000000")
				if err != nil {
					t.Error(err)
					return
				}
				head, events, err := ticket.Apply(s.Head, ticket.Command{
					Name: ticket.Message, By: ticket.Actor{Role: ticket.Visitor}, Text: fmt.Sprint("message ", w),
				}, ticket.Moment{Now: nine, Terms: office.Default()})
				if err != nil {
					t.Error(err)
					return
				}
				err = table.Append(t.Context(), s.Head.Version, head, events)
				if errors.Is(err, visitor.ErrChanged) {
					continue
				}
				if err != nil {
					t.Error(err)
				}
				return
			}
		})
	}
	wg.Wait()
	s, err := table.Ticket(t.Context(), "WX-00000000")
	if err != nil || s.Head.Version != 1+writers {
		t.Fatalf("version %d, %v; want %d", s.Head.Version, err, 1+writers)
	}
	if err := ticket.Verify(s.Head, s.Records); err != nil {
		t.Error(err)
	}
}

func TestWrongCodesAreCountedInAWindow(t *testing.T) {
	table := newTable(t)
	if n, _, err := table.CountWrong(t.Context(), "WX-11111111", nine, time.Minute); n != 0 || err != nil {
		t.Errorf("a number that does not exist: got %d, %v", n, err)
	}
	if s, err := table.client.Scan(t.Context(), &dynamodb.ScanInput{TableName: &table.name}); err != nil || s.Count != 0 {
		t.Errorf("a guess left %d items, %v", s.Count, err)
	}
	if err := table.File(t.Context(), filed(t, "WX-00000000", "key")); err != nil {
		t.Fatal(err)
	}
	for want := 1; want <= 3; want++ {
		if n, until, err := table.CountWrong(t.Context(), "WX-00000000", nine, time.Minute); n != want || !until.Equal(nine.Add(time.Minute)) || err != nil {
			t.Errorf("got %d until %s, %v; want %d", n, until, err, want)
		}
	}
	if n, _, err := table.CountWrong(t.Context(), "WX-00000000", nine.Add(2*time.Minute), time.Minute); n != 1 || err != nil {
		t.Errorf("after the window: got %d, %v", n, err)
	}
}

func deliveries(holder string, ids ...string) []Delivery {
	out := make([]Delivery, len(ids))
	for i, id := range ids {
		out[i] = Delivery{Event: id, At: nine, Holder: holder}
	}
	return out
}

func TestClaimsAreExclusiveUntilTheyEnd(t *testing.T) {
	table, ctx := newTable(t), t.Context()
	claim := func(holder string, now time.Time, ids ...string) Claimed {
		c, err := table.Claim(ctx, "bot", deliveries(holder, ids...), now, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	sizes := func(c Claimed) [4]int { return [4]int{len(c.Fresh), len(c.Repeat), len(c.Busy), len(c.Told)} }
	check := func(what string, c Claimed, want [4]int) {
		t.Helper()
		if got := sizes(c); got != want {
			t.Errorf("%s: got %v fresh, repeat, busy, told; want %v", what, got, want)
		}
	}
	check("two new events", claim("m1", nine, "WX-1.1", "WX-1.2"), [4]int{2, 0, 0, 0})
	check("by another message", claim("m2", nine, "WX-1.1", "WX-1.3"), [4]int{1, 0, 1, 0})
	check("the same message handed out again", claim("m1", nine, "WX-1.2"), [4]int{0, 1, 0, 0})
	check("after the lease", claim("m2", nine.Add(2*time.Minute), "WX-1.1"), [4]int{0, 1, 0, 0})
	if err := table.Told(ctx, "bot", deliveries("m2", "WX-1.1"), nine); err != nil {
		t.Fatal(err)
	}
	check("told", claim("m3", nine.Add(time.Hour), "WX-1.1", "WX-1.4"), [4]int{1, 0, 0, 1})
	if err := table.Release(ctx, "bot", deliveries("m1", "WX-1.2"), nine); err != nil {
		t.Fatal(err)
	}
	check("given back", claim("m4", nine, "WX-1.2"), [4]int{1, 0, 0, 0})
	if err := table.Doubt(ctx, "bot", deliveries("m4", "WX-1.2"), nine); err != nil {
		t.Fatal(err)
	}
	check("in doubt", claim("m5", nine, "WX-1.2"), [4]int{0, 1, 0, 0})
	other, err := table.Claim(ctx, "mail", deliveries("m1", "WX-1.1"), nine, time.Minute)
	check("another channel", other, [4]int{1, 0, 0, 0})
	if err != nil {
		t.Error(err)
	}
}

func TestOneOfManyClaimersWins(t *testing.T) {
	table := newTable(t)
	var fresh atomic.Int32
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			c, err := table.Claim(t.Context(), "bot", deliveries(fmt.Sprint(i), "WX-1.1", "WX-1.2"), nine, time.Minute)
			if err != nil {
				t.Error(err)
			}
			fresh.Add(int32(len(c.Fresh)))
		})
	}
	wg.Wait()
	if fresh.Load() != 2 {
		t.Errorf("%d events were given out as fresh, want 2", fresh.Load())
	}
}

func TestTurnsKeepTheirGap(t *testing.T) {
	table := newTable(t)
	steps := []struct {
		at, want time.Duration
	}{{0, 0}, {time.Second, 2 * time.Second}, {3 * time.Second, 0}, {4 * time.Second, 2 * time.Second}}
	for _, s := range steps {
		got, err := table.TakeTurn(t.Context(), "bot", nine.Add(s.at), 3*time.Second)
		if got != s.want || err != nil {
			t.Errorf("at %s: wait %s, %v; want %s", s.at, got, err, s.want)
		}
	}
}

func TestOfficeIsVersionedAndItsChannelsSealed(t *testing.T) {
	table, ctx := newTable(t), t.Context()
	keys, err := seal.ParseKeys(seal.New())
	if err != nil {
		t.Fatal(err)
	}
	if o, v, err := table.Office(ctx); o == nil || v != 0 || err != nil {
		t.Fatalf("a new table: got version %d, %v", v, err)
	}
	mine := *office.Default()
	mine.Channels = []office.Channel{{ID: "a", Section: "ticketing", Kind: office.WeCom, URL: "https://bot/?key=K", Secret: "S"}}
	if v, err := table.PutOffice(ctx, &mine, 0, "operator", nine, keys); v != 1 || err != nil {
		t.Fatalf("got %d, %v", v, err)
	}
	if _, err := table.PutOffice(ctx, &mine, 0, "operator", nine, keys); !errors.Is(err, ErrStale) {
		t.Errorf("a stale version: got %v", err)
	}
	o, v, err := table.Office(ctx)
	if err != nil || v != 1 || o.Channels[0].URL == mine.Channels[0].URL || o.Channels[0].Secret == "S" {
		t.Fatalf("stored %q, version %d, %v", o.Channels[0].URL, v, err)
	}
	if v, err := table.PutOffice(ctx, o, 1, "operator", nine, keys); v != 2 || err != nil {
		t.Fatalf("putting back what was read: %d, %v", v, err)
	}
	o, _, err = table.Office(ctx)
	if err != nil {
		t.Fatal(err)
	}
	open, err := OpenChannels(o, keys)
	if err != nil || open[0].URL != "https://bot/?key=K" || open[0].Secret != "S" {
		t.Errorf("opened %+v, %v", open, err)
	}
}

// A filing never waits for office data that is merely old.
func TestOfficeCacheServesWhileItReads(t *testing.T) {
	table := newTable(t)
	keys, err := seal.ParseKeys(seal.New())
	if err != nil {
		t.Fatal(err)
	}
	now := nine
	cache := table.CacheOffice(time.Minute, func() time.Time { return now }, func(_ context.Context, err error) { t.Error(err) })
	version := func() int {
		_, v, err := cache.Current(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		cache.Settle()
		return v
	}
	if v := version(); v != 0 {
		t.Fatalf("got %d", v)
	}
	if _, err := table.PutOffice(t.Context(), office.Default(), 0, "operator", nine, keys); err != nil {
		t.Fatal(err)
	}
	if v := version(); v != 0 {
		t.Errorf("read again within the minute: %d", v)
	}
	now = now.Add(2 * time.Minute)
	if v := version(); v != 0 {
		t.Errorf("the filing waited for the reading: %d", v)
	}
	if v := version(); v != 1 {
		t.Errorf("the reading beside it was lost: %d", v)
	}
}
