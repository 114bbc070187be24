package dynamo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"steledesk/shared/account"
	"steledesk/shared/ticket"
)

func sessionKey(id string) Item { return key("S#"+id, "HEAD") }

// PutSession implements account.Store.
func (t *Table) PutSession(ctx context.Context, seen account.Credentials, s account.Session) error {
	check := types.TransactWriteItem{ConditionCheck: &types.ConditionCheck{
		TableName: &t.name, Key: accountKey(seen.Account.Login), ConditionExpression: aws.String("version = :version"),
		ExpressionAttributeValues: Item{":version": num(seen.Account.Version)},
	}}
	i := sessionKey(s.ID)
	i["login"], i["epoch"] = str(s.Login), num(s.Epoch)
	i["created"], i["expires"], i["ttl"] = num(s.Created.UnixMilli()), num(s.Expires.UnixMilli()), num(s.Expires.Unix())
	begin := types.TransactWriteItem{Put: &types.Put{TableName: &t.name, Item: i}}
	return changed("store session", t.transact(ctx, []types.TransactWriteItem{check, t.unlock(seen), begin}))
}

// PutPassword implements account.Store.
func (t *Table) PutPassword(ctx context.Context, seen account.Credentials, keep account.Session) error {
	put, err := t.accountPut(seen.Account)
	if err != nil {
		return err
	}
	move := types.TransactWriteItem{Update: &types.Update{
		TableName: &t.name, Key: sessionKey(keep.ID), UpdateExpression: aws.String("SET epoch = :epoch"),
		ConditionExpression:       aws.String("attribute_exists(pk)"),
		ExpressionAttributeValues: Item{":epoch": num(keep.Epoch)},
	}}
	err = t.transact(ctx, []types.TransactWriteItem{put, t.unlock(seen), move})
	if _, ended := failed(err, 2); ended {
		return account.ErrNoSession
	}
	return changed("store password", err)
}

// unlock takes the lock off a login if it is still the one that was seen.
func (t *Table) unlock(seen account.Credentials) types.TransactWriteItem {
	k := lockKey(seen.Account.Login)
	condition, values := stillAt(seen.Lock.Version)
	if seen.Lock.Version == 0 {
		return types.TransactWriteItem{ConditionCheck: &types.ConditionCheck{TableName: &t.name, Key: k, ConditionExpression: condition}}
	}
	return types.TransactWriteItem{Delete: &types.Delete{
		TableName: &t.name, Key: k, ConditionExpression: condition, ExpressionAttributeValues: values,
	}}
}

// sessionTries is how often a busy table is asked for what it left out of an answer.
const sessionTries = 5

// Session implements account.Store: session and account in one call, each as it is at that moment.
func (t *Table) Session(ctx context.Context, id, login string) (account.Session, account.Account, error) {
	ask := types.KeysAndAttributes{Keys: []Item{sessionKey(id), accountKey(login)}, ConsistentRead: aws.Bool(true)}
	var session account.Session
	var a account.Account
	for try := range sessionTries {
		out, err := t.client.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{RequestItems: map[string]types.KeysAndAttributes{t.name: ask}})
		if err != nil {
			return session, a, fmt.Errorf("read session: %w", err)
		}
		for _, i := range out.Responses[t.name] {
			if text(i, "pk") == "S#"+id {
				session = readSession(id, i)
			} else if a, err = readAccount(i); err != nil {
				return session, a, err
			}
		}
		if ask = out.UnprocessedKeys[t.name]; len(ask.Keys) == 0 {
			return found(session, a)
		}
		if err := pause(ctx, try); err != nil {
			return session, a, err
		}
	}
	return session, a, errors.New("read session: the table is too busy")
}

func found(s account.Session, a account.Account) (account.Session, account.Account, error) {
	if s.ID == "" || a.Login == "" {
		return account.Session{}, account.Account{}, account.ErrNoSession
	}
	return s, a, nil
}

// EndSession implements account.Store. It is a transaction because a plain deletion fails beside one
// on the same session, such as a change of password on another page.
func (t *Table) EndSession(ctx context.Context, id string) error {
	end := types.TransactWriteItem{Delete: &types.Delete{TableName: &t.name, Key: sessionKey(id)}}
	return wrap("end session", t.transact(ctx, []types.TransactWriteItem{end}))
}

func readSession(id string, i Item) account.Session {
	return account.Session{
		ID: id, Login: text(i, "login"), Epoch: int(number(i, "epoch")),
		Created: fromMilli(number(i, "created")), Expires: fromMilli(number(i, "expires")),
	}
}

// fromMilli reads what milli wrote.
func fromMilli(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMilli(n).In(ticket.Zone)
}
