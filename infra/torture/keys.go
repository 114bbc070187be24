package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
)

// parameter is where the desk's keys are.
const parameter = "/steledesk/secret"

// ring is the desk's keys as they are stored.
type ring struct {
	Current string            `json:"current"`
	Keys    map[string]string `json:"keys"`
}

// rotation is the part "keys": a new key comes in while people file, in two steps, and every receipt and every contact
// stays good.
type rotation struct {
	people, rounds int // at the desk while the keys change, and about how often each comes in a step; zero: a few, once

	house *house
	staff *staff
	filed []entrusted
	odd   []string
}

// entrusted is a receipt, and the phone that was given for it.
type entrusted struct {
	receipt
	phone string
}

func (k *rotation) ring(ctx context.Context) (r ring, err error) {
	out, err := ssm.NewFromConfig(k.house.checker()).GetParameter(ctx, &ssm.GetParameterInput{Name: aws.String(parameter), WithDecryption: aws.Bool(true)})
	if err == nil {
		err = json.Unmarshal([]byte(*out.Parameter.Value), &r)
	}
	if err != nil {
		return r, fmt.Errorf("read keys: %w", err)
	}
	return r, nil
}

// put stores keys and has some functions start anew, as a deployment does; the others go on with the keys they know.
func (k *rotation) put(ctx context.Context, r ring, anew ...string) error {
	text, err := json.Marshal(r)
	if err == nil {
		_, err = ssm.NewFromConfig(k.house.checker()).PutParameter(ctx, &ssm.PutParameterInput{
			Name: aws.String(parameter), Type: types.ParameterTypeSecureString, Value: aws.String(string(text)), Overwrite: aws.Bool(true),
		})
	}
	if err != nil {
		return fmt.Errorf("store keys: %w", err)
	}
	for _, f := range anew {
		k.house.Kill(f)
	}
	return nil
}

// file has so many people file, with a phone each.
func (k *rotation) file(ctx context.Context, n int) {
	for range n {
		i := len(k.filed)
		e := entrusted{phone: fmt.Sprintf("1390000%04d", i)}
		a := k.house.insist(ctx, "POST", "/v1/tickets", fmt.Sprintf(`{"kind":"enquiry","category":"ticketing","text":"几点开门 %d","contact":{"phone":%q}}`, i, e.phone),
			"Idempotency-Key", fmt.Sprintf("rotation-filing-%04d", i))
		if err := json.Unmarshal(a.body, &e.receipt); err != nil || a.status != http.StatusCreated {
			k.odd = append(k.odd, fmt.Sprintf("filing %d: %d %.100s", i, a.status, a.body))
		}
		k.filed = append(k.filed, e)
	}
}

// readers are the functions that read the desk's keys.
var readers = []string{"submit", "track", "desk", "site", "notify", "deadline", "supervise", "push", "dispatch"}

// broken names every receipt and contact that is no longer good.
func (k *rotation) broken(ctx context.Context) ([]string, error) {
	bad := k.odd
	for _, e := range k.filed {
		if a := k.house.insist(ctx, "GET", "/v1/tickets/"+e.Number, "", "X-Ticket-Code", e.Code); a.status != http.StatusOK {
			bad = append(bad, fmt.Sprintf("%s does not open to its visitor: %d %.100s", e.Number, a.status, a.body))
		}
		a, err := k.staff.as(ctx, e.Section.ID, "POST", "/v1/desk/tickets/"+e.Number+"/contact", `{"reason":"核实"}`)
		if err != nil {
			return nil, err
		}
		if !strings.Contains(string(a.body), e.phone) {
			bad = append(bad, fmt.Sprintf("%s: the section cannot read the phone: %d %.100s", e.Number, a.status, a.body))
		}
	}
	return bad, nil
}

// sealedWith counts stored contacts by the key that sealed them.
func (k *rotation) sealedWith(ctx context.Context) (map[string]int, error) {
	table, err := k.house.table(ctx)
	if err != nil {
		return nil, err
	}
	count := map[string]int{}
	for _, one := range table.Tickets {
		id, _, _ := strings.Cut(one.Contact, ":")
		count[id]++
	}
	return count, nil
}

func runKeys(ctx context.Context, p place, out *report) error {
	h, err := openHouse(ctx, p, plan{seed: 1})
	if err != nil {
		return err
	}
	defer h.Close()
	k := &rotation{people: 8, rounds: 6, house: h, staff: &staff{house: h, tokens: map[string]string{}}}
	return k.run(ctx, out)
}

func (k *rotation) run(ctx context.Context, out *report) error {
	k.file(ctx, 5)
	t := &turn{house: k.house, staff: k.staff}
	if err := t.through(ctx, cmp.Or(k.people, 3), cmp.Or(k.rounds, 1)); err != nil {
		return err
	}
	k.file(ctx, 5)
	bad, err := k.broken(ctx)
	if err != nil {
		return err
	}
	count, err := k.sealedWith(ctx)
	if err != nil {
		return err
	}
	if count["1"] == 0 || count["2"] == 0 {
		bad = append(bad, fmt.Sprintf("contacts by key: %v", count))
	}
	out.hold("privacy: keys", "a second key in two steps, people filing", "every receipt opens, every contact reads",
		fmt.Sprintf("%d receipts, contacts by key %v", len(k.filed), count), bad)
	return t.judge(ctx, len(k.filed), out)
}
