package main

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"steledesk/events/golden"
	"steledesk/shared/push"
	"steledesk/shared/visitor"
	"steledesk/shared/visitor/visitortest"
)

// kept is what was subscribed, by ticket and place.
type kept map[string]string

func (k kept) Subscribe(_ context.Context, number, place, sealed string, _ time.Time) error {
	k[number+" "+place] = sealed
	return nil
}

func (k kept) Unsubscribe(_ context.Context, number, place string) error {
	if _, is := k[number+" "+place]; !is {
		return errors.New("nothing there")
	}
	delete(k, number+" "+place)
	return nil
}

// A phone is told only with the ticket's code, at an address that the desk may call; and no more once it says so.
func TestSubscribe(t *testing.T) {
	f := newFunction(t, visitortest.NewMemory(), visitortest.Complaint())
	phones := kept{}
	f.desk.Phones, f.track.pushKeys, f.track.pushHosts = phones, visitortest.Keys(), push.Hosts{"fcm.googleapis.com"}
	var body map[string]any
	var payload struct{ Body string }
	if err := json.Unmarshal(golden.Payload(t, "track/subscribe"), &payload); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(payload.Body), &body); err != nil {
		t.Fatal(err)
	}
	call := func(method string, body map[string]any, code string) (int, string) {
		t.Helper()
		text, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		r := f.request("push", string(text))
		r.RouteKey, r.Headers["x-ticket-code"] = method+" /v1/tickets/{number}/push", code
		out, err := f.Serve(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		described(t, r, out)
		var problem struct{ Fields []struct{ Pointer string } }
		if out.Body != "" && json.Unmarshal([]byte(out.Body), &problem) == nil && len(problem.Fields) > 0 {
			return out.StatusCode, problem.Fields[0].Pointer
		}
		return out.StatusCode, ""
	}
	with := func(name string, value any) map[string]any {
		changed := map[string]any{}
		for k, v := range body {
			changed[k] = v
		}
		changed[name] = value
		return changed
	}
	for _, bad := range []struct {
		body map[string]any
		code string
		want int
		at   string
	}{
		{body, "00000-00000", 404, ""},
		{with("endpoint", "https://169.254.169.254/latest"), f.receipt.Code, 422, "/endpoint"},
		{with("keys", map[string]string{"p256dh": "AAAA", "auth": "AAAA"}), f.receipt.Code, 422, "/keys"},
		{with("keys", map[string]string{"p256dh": "AAAA"}), f.receipt.Code, 422, "/keys/auth"},
		{with("key", "of another desk"), f.receipt.Code, 422, "/key"},
		{with("expirationTime", nil), f.receipt.Code, 422, "/expirationTime"},
	} {
		if status, at := call("PUT", bad.body, bad.code); status != bad.want || at != bad.at || len(phones) != 0 {
			t.Errorf("%v: got %d at %s, want %d at %s; kept %v", bad.body, status, at, bad.want, bad.at, phones)
		}
	}
	for range 2 {
		if status, _ := call("PUT", body, f.receipt.Code); status != 204 || len(phones) != 1 {
			t.Fatalf("got %d, kept %v", status, phones)
		}
	}
	for _, sealed := range phones {
		s, err := visitor.OpenSubscription(visitortest.Keys(), sealed, f.receipt.Number)
		if err != nil || s.Endpoint != body["endpoint"] || s.Language != "en" || s.Key != visitortest.Keys().PushKey() {
			t.Errorf("kept %+v, %v", s, err)
		}
		if _, err := visitor.OpenSubscription(visitortest.Keys(), sealed, "WX-00000000"); err == nil {
			t.Error("it opens at another ticket")
		}
	}
	address := map[string]any{"endpoint": body["endpoint"]}
	if status, _ := call("DELETE", address, "00000-00000"); status != 404 || len(phones) != 1 {
		t.Errorf("a stranger: got %d, kept %v", status, phones)
	}
	if status, _ := call("DELETE", address, f.receipt.Code); status != 204 || len(phones) != 0 {
		t.Errorf("got %d, kept %v", status, phones)
	}
}
