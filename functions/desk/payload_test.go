package main

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"steledesk/events/golden"
	"steledesk/shared/account"
	"steledesk/shared/visitor/visitortest"
)

// exampleToken is the token that the payloads of events/desk carry.
const exampleToken = "ticketing.exampleexampleexampleexamp"

func TestPayloads(t *testing.T) {
	for _, name := range []string{"wrong-password", "list", "read", "similar", "sign", "return", "contact", "board", "audit", "channel-test"} {
		t.Run(name, func(t *testing.T) {
			f := newFunction(t)
			f.file(visitortest.Complaint())
			f.begin("ticketing", exampleToken)
			f.begin("office", strings.Replace(exampleToken, "ticketing", "office", 1))
			if name == "channel-test" {
				f.withBot(`{"errcode":0,"errmsg":"ok"}`)
			}
			golden.Check(t, name, golden.Invoke(t, f.Serve, golden.Payload(t, "desk/"+name)))
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
