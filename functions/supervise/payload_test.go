package main

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"
	"time"

	"steledesk/events/golden"
	"steledesk/shared/account"
	"steledesk/shared/visitor/visitortest"
)

// exampleToken is the token of a login that the payloads of events/supervise carry.
func exampleToken(login string) string { return login + ".exampleexampleexampleexamp" }

func TestPayloads(t *testing.T) {
	for _, name := range []string{"page", "feedback", "personal", "meetings", "decide", "annual"} {
		t.Run(name, func(t *testing.T) {
			f := newFunction(t)
			for _, login := range []string{"office", "supervisor"} {
				f.begin(login, exampleToken(login))
			}
			golden.Check(t, name, golden.Invoke(t, f.Serve, golden.Payload(t, "supervise/"+name)))
		})
	}
}

// begin stores a session of a token that everybody knows.
func (f *function) begin(login, token string) {
	f.t.Helper()
	seen, err := f.table.Credentials(f.t.Context(), login)
	if err != nil {
		f.t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(token))
	err = f.table.PutSession(f.t.Context(), seen, account.Session{
		ID: hex.EncodeToString(sum[:]), Login: login, Epoch: seen.Account.Epoch,
		Created: visitortest.Nine, Expires: visitortest.Nine.Add(time.Hour),
	})
	if err != nil {
		f.t.Fatal(err)
	}
}
