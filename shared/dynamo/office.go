package dynamo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"steledesk/shared/office"
)

// ErrStale is the error of office data that somebody else replaced first.
var ErrStale = errors.New("office data was changed by another")

// ErrTooLarge is the error of office data that does not fit an item.
var ErrTooLarge = errors.New("office data is over 400 KB as it is stored")

// MaxItem is the most bytes an item may have, its attributes' names included (Amazon DynamoDB, quotas).
const MaxItem = 400 << 10

// Sealer keeps the channels' addresses secret in the table: *seal.Keys.
type Sealer interface {
	Seal(text, place string) string
	Open(sealed, place string) (string, error)
}

// Office reads the office data in force and its version; 0 is the built-in data of a table that
// was never given any. The channels' addresses and secrets are sealed: OpenChannels opens them.
func (t *Table) Office(ctx context.Context) (*office.Office, int, error) {
	out, err := t.client.GetItem(ctx, &dynamodb.GetItemInput{TableName: &t.name, Key: key("OFFICE", "CURRENT")})
	if err != nil {
		return nil, 0, fmt.Errorf("read office data: %w", err)
	}
	if out.Item == nil {
		return office.Default(), 0, nil
	}
	o := new(office.Office)
	if err := json.Unmarshal([]byte(text(out.Item, "office")), o); err != nil {
		return nil, 0, fmt.Errorf("decode office data: %w", err)
	}
	return o, int(number(out.Item, "version")), nil
}

// PutOffice makes o the office data in force after version before, and keeps it as a version of
// its own. It gives the new version. ErrStale when before is not in force any more; ErrTooLarge.
func (t *Table) PutOffice(ctx context.Context, o *office.Office, before int, by string, now time.Time, s Sealer) (int, error) {
	body, err := json.Marshal(sealed(o, s))
	if err != nil {
		return 0, fmt.Errorf("encode office data: %w", err)
	}
	item := func(sk string) Item {
		i := key("OFFICE", sk)
		i["office"], i["version"], i["by"], i["at"] = str(string(body)), num(before+1), str(by), str(instant(now))
		return i
	}
	if size(item("V#000000")) > MaxItem {
		return 0, ErrTooLarge
	}
	current := &types.Put{TableName: &t.name, Item: item("CURRENT"), ConditionExpression: aws.String(absent)}
	if before > 0 {
		current.ConditionExpression = aws.String("version = :before")
		current.ExpressionAttributeValues = Item{":before": num(before)}
	}
	err = t.transact(ctx, []types.TransactWriteItem{{Put: current}, t.create(item(fmt.Sprintf("V#%06d", before+1)))})
	if _, stale := failed(err, 0); stale {
		return 0, ErrStale
	}
	return before + 1, wrap("store office data", err)
}

// size counts an item's bytes as DynamoDB does.
func size(i Item) int {
	n := 0
	for name, value := range i {
		n += len(name)
		switch v := value.(type) {
		case *types.AttributeValueMemberS:
			n += len(v.Value)
		case *types.AttributeValueMemberN:
			n += len(v.Value) // at most: digits are packed
		}
	}
	return n
}

// sealedMark begins every sealed address, so that nothing is sealed twice.
const sealedMark = "sealed:"

func sealed(o *office.Office, s Sealer) *office.Office {
	out := *o
	out.Channels = make([]office.Channel, len(o.Channels))
	for i, c := range o.Channels {
		c.URL, c.Secret = sealOne(c.URL, c.ID, s), sealOne(c.Secret, c.ID, s)
		out.Channels[i] = c
	}
	return &out
}

func sealOne(text, id string, s Sealer) string {
	if text == "" || strings.HasPrefix(text, sealedMark) {
		return text
	}
	return sealedMark + s.Seal(text, "channel/"+id)
}

// OpenChannels gives the office's channels with their addresses and secrets readable.
func OpenChannels(o *office.Office, s Sealer) ([]office.Channel, error) {
	out := make([]office.Channel, len(o.Channels))
	for i, c := range o.Channels {
		var err error
		if c.URL, err = openOne(c.URL, c.ID, s); err == nil {
			c.Secret, err = openOne(c.Secret, c.ID, s)
		}
		if err != nil {
			return nil, fmt.Errorf("channel %s: %w", c.ID, err)
		}
		out[i] = c
	}
	return out, nil
}

func openOne(text, id string, s Sealer) (string, error) {
	secret, is := strings.CutPrefix(text, sealedMark)
	if !is {
		return text, nil
	}
	return s.Open(secret, "channel/"+id)
}

// OfficeCache keeps the office data of a warm function. The first call reads it; later ones give
// what is there at once, and when that is older than fresh the table is read beside the work at
// hand, so that no filing waits for it.
type OfficeCache struct {
	table *Table
	fresh time.Duration
	clock func() time.Time
	told  func(context.Context, error)

	mu      sync.Mutex
	office  *office.Office
	version int
	read    time.Time
	reading sync.WaitGroup
	busy    bool
}

// CacheOffice makes the cache. told hears of readings that failed while older data served.
func (t *Table) CacheOffice(fresh time.Duration, clock func() time.Time, told func(context.Context, error)) *OfficeCache {
	return &OfficeCache{table: t, fresh: fresh, clock: clock, told: told}
}

// Current implements visitor.Offices.
func (c *OfficeCache) Current(ctx context.Context) (*office.Office, int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.office == nil {
		o, v, err := c.table.Office(ctx)
		if err != nil {
			return nil, 0, err
		}
		c.office, c.version, c.read = o, v, c.clock()
	}
	if c.clock().Sub(c.read) > c.fresh && !c.busy {
		c.busy = true
		c.reading.Go(func() { c.refresh(context.WithoutCancel(ctx)) })
	}
	return c.office, c.version, nil
}

// Settle waits for a reading under way. A function calls it before it ends: what runs after that
// is frozen with it.
func (c *OfficeCache) Settle() { c.reading.Wait() }

func (c *OfficeCache) refresh(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	o, v, err := c.table.Office(ctx)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.busy = false
	if err != nil {
		c.told(ctx, err)
		return
	}
	c.office, c.version, c.read = o, v, c.clock()
}
