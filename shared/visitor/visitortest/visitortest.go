// Package visitortest gives tests what a visitor's desk needs: keys that never change, an office,
// a store in memory and a contract that every store is held to.
package visitortest

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"time"

	"steledesk/shared/office"
	"steledesk/shared/seal"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
)

// Nine is when everything happens unless a test says otherwise: a Monday, working hours.
var Nine = time.Date(2026, 11, 23, 9, 0, 0, 0, ticket.Zone)

// Secret is the secret parameter of the tests' desk and of the payloads in events/. It is public:
// no desk that people use may have it.
func Secret() []byte {
	b, err := json.Marshal(map[string]any{
		"current": "example",
		"keys":    map[string]string{"example": base64.StdEncoding.EncodeToString([]byte("public example, never a real key"))},
	})
	if err != nil {
		panic(err) // texts only
	}
	return b
}

// Keys are those of Secret: the same numbers and codes in every run.
func Keys() *seal.Keys {
	k, err := seal.ParseKeys(Secret())
	if err != nil {
		panic(err) // Secret is well-formed
	}
	return k
}

// Office is an office that never changes: the built-in one when it is nil.
type Office struct{ Data *office.Office }

// Current implements visitor.Offices.
func (o Office) Current(context.Context) (*office.Office, int, error) {
	if o.Data == nil {
		return office.Default(), 0, nil
	}
	return o.Data, 1, nil
}

// Desk is a desk over a store, with Keys and the built-in office.
func Desk(store visitor.Store) *visitor.Desk {
	return &visitor.Desk{Store: store, Keys: Keys(), Offices: Office{}}
}
