// Package visitortest gives tests what a visitor's desk needs: keys that never change, an office,
// a store in memory and a contract that every store is held to.
package visitortest

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"sync"
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

// builtIn is parsed once: a fuzz target asks a million times. What hangs below it is everybody's, and nobody changes it.
var builtIn = sync.OnceValue(office.Default)

// Current implements visitor.Offices.
func (o Office) Current(context.Context) (*office.Office, int, error) {
	if o.Data == nil {
		own := *builtIn()
		return &own, 0, nil
	}
	return o.Data, 1, nil
}

// Desk is a desk over a store, with Keys and the built-in office.
func Desk(store visitor.Store) *visitor.Desk {
	return &visitor.Desk{Store: store, Keys: Keys(), Offices: Office{}}
}

// Turned is TurnedAt Nine.
func Turned() (before, after *seal.Keys) { return TurnedAt(Nine) }

// TurnedAt are the keys of two processes, on both sides of the moment at which a new key is used: both know both keys, the
// old one of Keys and a new one.
func TurnedAt(moment time.Time) (before, after *seal.Keys) {
	s, err := seal.ReadSecret(Secret())
	if err != nil {
		panic(err) // Secret is well-formed
	}
	s, id := s.Add(moment)
	next, err := s.Use(id, moment)
	if err != nil {
		panic(err) // it was just added
	}
	return parsed(s), parsed(next)
}

func parsed(s seal.Secret) *seal.Keys {
	b, err := s.Bytes()
	if err != nil {
		panic(err) // it was well-formed
	}
	k, err := seal.ParseKeys(b)
	if err != nil {
		panic(err) // Bytes are checked
	}
	return k
}
