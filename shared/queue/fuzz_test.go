package queue_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"steledesk/shared/queue"
)

// FuzzMessages: no message of a queue brings a consumer down, and what is read is read the same when it is sent again.
func FuzzMessages(f *testing.F) {
	for _, seed := range []string{
		`{"v":1,"event":"WX-K37G0A0H.1","ticket":"WX-K37G0A0H","seq":1,"what":"filed","kind":"complaint","urgent":false,"section":"ticketing","state":"assigned","dueAt":null,"at":"2026-11-23T09:00:00+08:00"}`,
		`{"v":1,"event":"M#2026-10.1","month":"2026-10","edition":1,"what":"papers-made","at":"2026-11-01T08:00:00+08:00"}`,
		`{"v":1,"month":"2026-10","by":"office"}`, `{"v":1e400}`, `null`, `[]`, `{"what":7}`, `{"seq":-9223372036854775808}`, "\xff",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		if m, err := queue.ParseMessage(body); err == nil {
			again(t, m, func(s string) (any, error) { return queue.ParseMessage(s) })
		}
		if p, is, err := queue.ParsePapers(body); is && err == nil {
			again(t, p, func(s string) (any, error) { p, _, err := queue.ParsePapers(s); return p, err })
		}
		if o, err := queue.ParseDigestOrder(body); err == nil {
			again(t, o, func(s string) (any, error) { return queue.ParseDigestOrder(s) })
		}
	})
}

func again(t *testing.T, v any, parse func(string) (any, error)) {
	t.Helper()
	body, err := json.Marshal(v)
	if err != nil {
		t.Fatalf("%+v was read and cannot be written: %v", v, err)
	}
	got, err := parse(string(body))
	first, _ := json.Marshal(v)
	second, _ := json.Marshal(got)
	if err != nil || !reflect.DeepEqual(first, second) {
		t.Errorf("read %s, and again %s, %v", first, second, err)
	}
}
