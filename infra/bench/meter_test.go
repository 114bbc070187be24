package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// The meter must see what AWS would charge, and change nothing of what the program gets.
func TestMeterCountsTheBenchsOwnCalls(t *testing.T) {
	m := newMeter()
	answers := map[string]string{
		"PutItem":            `{"ConsumedCapacity":{"TableName":"t","CapacityUnits":2.5}}`,
		"TransactWriteItems": `{"ConsumedCapacity":[{"CapacityUnits":4},{"CapacityUnits":1}]}`,
		"ListTables":         `{}`,
	}
	call := func(agent, action string) string {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(`{"TableName":"t"}`))
		r.Header.Set("User-Agent", agent)
		w := httptest.NewRecorder()
		m.middleware("dynamodb", action, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = w.Write([]byte(answers[action]))
		})).ServeHTTP(w, r)
		return w.Body.String()
	}
	m.start()
	for action, want := range answers {
		if got := call("aws-sdk app/"+appID, action); got != want {
			t.Errorf("%s: got %s, want %s", action, got, want)
		}
		call("aws-sdk app/steledesk-notify", action) // a function's own
	}
	r := m.stop()
	if r.capacity != 7.5 || r.per(1) != "1 ListTables, 1 PutItem, 1 TransactWriteItems" || r.sent != 3*len(`{"TableName":"t"}`) {
		t.Errorf("got %+v", r)
	}
}
