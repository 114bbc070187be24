package dynamo

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"steledesk/shared/account"
)

var _ account.Store = (*Table)(nil)

// accountsQueue is the partition of the queue index that lists the accounts. No section's queue has
// this name: theirs end in #open or #done.
const accountsQueue = "ACCOUNTS"

func accountKey(login string) Item { return key("U#"+login, "HEAD") }

func lockKey(login string) Item { return key("U#"+login, "LOCK") }

// Credentials implements account.Store: one query over account and lock, which lie side by side.
func (t *Table) Credentials(ctx context.Context, login string) (account.Credentials, error) {
	var c account.Credentials
	out, err := t.client.Query(ctx, &dynamodb.QueryInput{
		TableName: &t.name, KeyConditionExpression: aws.String("pk = :pk"),
		ExpressionAttributeValues: Item{":pk": str("U#" + login)}, ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		return c, fmt.Errorf("read account: %w", err)
	}
	for _, i := range out.Items {
		if text(i, "sk") == "LOCK" {
			c.Lock = loginLock(i)
		} else if c.Account, err = readAccount(i); err != nil {
			return c, err
		}
	}
	return c, nil
}

// PutLock implements account.Store. The table deletes a lock that is forgotten.
func (t *Table) PutLock(ctx context.Context, login string, l account.Lock) error {
	i := lockKey(login)
	i["failures"], i["version"] = num(l.Failures), num(l.Version+1)
	i["until"], i["forget"], i["ttl"] = num(milli(l.Until)), num(milli(l.Forget)), num(l.Forget.Unix())
	put := &types.Put{TableName: &t.name, Item: i}
	put.ConditionExpression, put.ExpressionAttributeValues = stillAt(l.Version)
	return changed("count wrong password", t.transact(ctx, []types.TransactWriteItem{{Put: put}}))
}

// PutAccount implements account.Store.
func (t *Table) PutAccount(ctx context.Context, a account.Account) error {
	put, err := t.accountPut(a)
	if err != nil {
		return err
	}
	unlock := types.TransactWriteItem{Delete: &types.Delete{TableName: &t.name, Key: lockKey(a.Login)}}
	return changed("store account", t.transact(ctx, []types.TransactWriteItem{put, unlock}))
}

// Accounts implements account.Store.
func (t *Table) Accounts(ctx context.Context) ([]account.Account, error) {
	var all []account.Account
	pages := dynamodb.NewQueryPaginator(t.client, &dynamodb.QueryInput{
		TableName: &t.name, IndexName: aws.String("queue"),
		KeyConditionExpression:    aws.String("#queue = :queue"),
		ExpressionAttributeNames:  map[string]string{"#queue": "queue"},
		ExpressionAttributeValues: Item{":queue": str(accountsQueue)},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("list accounts: %w", err)
		}
		for _, i := range page.Items {
			a, err := readAccount(i)
			if err != nil {
				return nil, err
			}
			all = append(all, a)
		}
	}
	return all, nil
}

// accountPut stores a as its next version, if it is still at the one it has.
func (t *Table) accountPut(a account.Account) (types.TransactWriteItem, error) {
	body, err := json.Marshal(a)
	if err != nil {
		return types.TransactWriteItem{}, fmt.Errorf("encode account %s: %w", a.Login, err)
	}
	i := accountKey(a.Login)
	i["account"], i["version"] = str(string(body)), num(a.Version+1)
	i["queue"], i["due"] = str(accountsQueue), str(a.Login)
	put := &types.Put{TableName: &t.name, Item: i}
	put.ConditionExpression, put.ExpressionAttributeValues = stillAt(a.Version)
	return types.TransactWriteItem{Put: put}, nil
}

// stillAt is the condition that an item has a version; 0: that there is none.
func stillAt(version int) (*string, Item) {
	if version == 0 {
		return aws.String(absent), nil
	}
	return aws.String("version = :version"), Item{":version": num(version)}
}

// changed makes a transaction's failed condition account.ErrChanged.
func changed(verb string, err error) error {
	for i := range 3 { // the most writes that a transaction about an account has
		if _, is := failed(err, i); is {
			return account.ErrChanged
		}
	}
	return wrap(verb, err)
}

func readAccount(i Item) (account.Account, error) {
	var a account.Account
	if err := json.Unmarshal([]byte(text(i, "account")), &a); err != nil {
		return a, fmt.Errorf("decode account %s: %w", text(i, "pk"), err)
	}
	a.Version = int(number(i, "version"))
	return a, nil
}

func loginLock(i Item) account.Lock {
	return account.Lock{
		Failures: int(number(i, "failures")), Until: fromMilli(number(i, "until")), Forget: fromMilli(number(i, "forget")),
		Version: int(number(i, "version")),
	}
}

// milli writes a time as milliseconds since 1970; 0 for one that is not set.
func milli(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}
