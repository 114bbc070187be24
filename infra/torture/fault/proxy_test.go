package fault

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// strikes sends a call through a proxy that strikes every call with one kind, and gives the proxy.
func strikes(t *testing.T, kind Kind, caller, action string, status int) *Proxy {
	t.Helper()
	p := New(Options{Seed: 1, Rates: Rates{kind: 10_000}, Prefix: "steledesk-", Kill: func(string, string) bool { return true }})
	p.Storm()
	next := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader("{}"))
	r.Header.Set("User-Agent", "aws-sdk-go-v2/1 app/steledesk-"+caller+".p7")
	func() {
		defer func() { _ = recover() }() // a proxy hangs up by http.ErrAbortHandler
		p.Middleware("dynamodb", action, next).ServeHTTP(httptest.NewRecorder(), r)
	}()
	return p
}

// A note that the table refused was not made, though its writer was killed after the call: its telling is in doubt.
func TestACallThatWasRefusedIsNotDone(t *testing.T) {
	for status, done := range map[int]bool{http.StatusOK: true, http.StatusBadRequest: false, http.StatusInternalServerError: false} {
		deaths := strikes(t, KillLate, "notify", "UpdateItem", status).Deaths()
		if len(deaths) != 1 || deaths[0].Done != done {
			t.Errorf("answered %d: %+v, want one that is done: %v", status, deaths, done)
		}
	}
}

// Notify reads the office data beside a telling: a death in that call left a doubt that nobody knew of.
func TestNotifyIsNotKilledWhereItsDoubtIsUnknown(t *testing.T) {
	for _, kind := range []Kind{Kill, KillLate} {
		if p := strikes(t, kind, "notify", "GetItem", http.StatusOK); len(p.Deaths()) != 0 || p.Due()[kind] != 0 {
			t.Errorf("%s: %+v, %d due", kind, p.Deaths(), p.Due()[kind])
		}
		for _, other := range [][2]string{{"notify", "UpdateItem"}, {"desk", "GetItem"}} {
			if p := strikes(t, kind, other[0], other[1], http.StatusOK); len(p.Deaths()) != 1 || p.Due()[kind] != 1 {
				t.Errorf("%s in %v: %+v, %d due", kind, other, p.Deaths(), p.Due()[kind])
			}
		}
	}
}
