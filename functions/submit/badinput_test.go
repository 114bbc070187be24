package main

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/shared/httpapi"
	"steledesk/shared/visitor/visitortest"
)

// Every bad field is named by its pointer, all at once, and nothing is stored.
func TestBadFields(t *testing.T) {
	long := func(n int) string { return strings.Repeat("碑", n) }
	contact := func(name, phone string) map[string]any {
		return map[string]any{"contact": map[string]string{"name": name, "phone": phone}}
	}
	tests := []struct {
		name   string
		change map[string]any
		want   string
	}{
		{"nothing but a kind", map[string]any{"category": nil, "text": nil}, "/category required, /text required"},
		{"no kind", map[string]any{"kind": nil}, "/kind required"},
		{"a supervisor's kind", map[string]any{"kind": "feedback"}, "/kind visitorkind"},
		{"a meeting's kind", map[string]any{"kind": "resolution"}, "/kind visitorkind"},
		{"a kind in capitals", map[string]any{"kind": "Complaint"}, "/kind visitorkind"},
		{"unknown category", map[string]any{"category": "weather"}, "/category category"},
		{"unknown spot", map[string]any{"spot": "BL99"}, "/spot spot"},
		{"unknown field", map[string]any{"phone": "1"}, "/phone unknown"},
		{"field of another case", map[string]any{"Text": "x"}, "/Text unknown"},
		{"field that needs escaping", map[string]any{"a/b~c": 1}, "/a~1b~0c unknown"},
		{"unknown field of contact", map[string]any{"contact": map[string]string{"email": "a@b.cn"}}, "/contact/email unknown"},
		{"text is a number", map[string]any{"text": 7}, "/text type"},
		{"publishable is a text", map[string]any{"publishable": "yes"}, "/publishable type"},
		{"contact is a text", map[string]any{"contact": "张三"}, "/contact type"},
		{"contact's phone is a number", map[string]any{"contact": map[string]any{"phone": 13800001234}}, "/contact/phone type"},
		{"text too long by one", map[string]any{"text": long(2001)}, "/text max"},
		{"emoji too long by one", map[string]any{"text": strings.Repeat("🪨", 2001)}, "/text max"},
		{"wish too long by one", map[string]any{"wish": long(501)}, "/wish max"},
		{"name too long by one", contact(long(51), ""), "/contact/name max"},
		{"spaces", map[string]any{"text": " \t\r\n"}, "/text notblank"},
		{"Chinese spaces", map[string]any{"text": "　　"}, "/text notblank"},
		{"zero-width characters", map[string]any{"text": "\u200b\u200d\u2060\ufeff\u00ad\u200e"}, "/text notblank"},
		{"fillers that look like nothing", map[string]any{"text": "\u3164\u115f\uffa0\u2800\ufe0f\u034f"}, "/text notblank"},
		{"null character", map[string]any{"text": "a\u0000b"}, "/text plaintext"},
		{"escape sequence", map[string]any{"text": "\u001b[31m红"}, "/text plaintext"},
		{"C1 control", map[string]any{"text": "a\u0085b"}, "/text plaintext"},
		{"right-to-left override", map[string]any{"text": "\u202egnp.exe"}, "/text plaintext"},
		{"isolate", map[string]any{"wish": "\u2066x\u2069"}, "/wish plaintext"},
		{"override in a name", contact("\u202e三张", ""), "/contact/name plaintext"},
		{"what bad decoding leaves", map[string]any{"text": "\ufffd\ufffd"}, "/text plaintext"},
		{"a word for a phone", contact("", "call me"), "/contact/phone phone"},
		{"four digits", contact("", "1234"), "/contact/phone phone"},
		{"21 digits", contact("", strings.Repeat("1", 21)), "/contact/phone phone"},
		{"plus in the middle", contact("", "138+00001234"), "/contact/phone phone"},
		{"digits of another script", contact("", "١٢٣٤٥٦٧٨"), "/contact/phone phone"},
		{"future", map[string]any{"happenedAt": visitortest.Nine.Add(11 * time.Minute)}, "/happenedAt past"},
		{"long before anybody's birth", map[string]any{"happenedAt": "1206-11-23T09:00:00+08:00"}, "/happenedAt past"},
		{"year 0 east of Greenwich", map[string]any{"happenedAt": "0000-01-01T00:00:00+23:59"}, "/happenedAt past"},
		{"year 9999", map[string]any{"happenedAt": "9999-12-31T23:59:59Z"}, "/happenedAt past"},
		{"a date alone", map[string]any{"happenedAt": "2026-11-23"}, "/happenedAt type"},
		{"no zone", map[string]any{"happenedAt": "2026-11-23T09:00:00"}, "/happenedAt type"},
		{"no such day", map[string]any{"happenedAt": "2026-02-30T09:00:00+08:00"}, "/happenedAt type"},
		{"a number for a time", map[string]any{"happenedAt": 1795395600}, "/happenedAt type"},
		{"a language the desk has no words for", map[string]any{"language": "xx"}, "/language oneof"},
		{"a language with its region", map[string]any{"language": "zh-CN"}, "/language oneof"},
		{"several", map[string]any{"kind": "x", "text": " ", "contact": map[string]string{"phone": "x"}},
			"/kind visitorkind, /text notblank, /contact/phone phone"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := newFunction()
			status, body := f.answer(t, request(filing(t, test.change)))
			if status != 422 || body["code"] != "invalid" || faults(body) != test.want {
				t.Errorf("got %d %v: %s; want 422 invalid: %s", status, body["code"], faults(body), test.want)
			}
			if f.store.Writes() != 0 {
				t.Error("something was stored")
			}
			saysWhatIsRight(t, body)
		})
	}
}

// saysWhatIsRight refuses messages that are keys of the catalogue, or were not filled in.
func saysWhatIsRight(t *testing.T, body map[string]any) {
	t.Helper()
	list, _ := body["fields"].([]any)
	for _, f := range list {
		message := f.(map[string]any)["message"].(string)
		if message == "" || strings.Contains(message, "field.") || strings.Contains(message, "%") {
			t.Errorf("message %q", message)
		}
	}
}

func TestMessagesNameTheBound(t *testing.T) {
	for language, want := range map[string]string{"zh-CN": "最多 2000 个字", "en": "At most 2000 characters", "fr": "最多 2000 个字"} {
		r := request(filing(t, map[string]any{"text": strings.Repeat("x", 2001)}))
		r.Headers["accept-language"] = language
		_, body := newFunction().answer(t, r)
		if got := body["fields"].([]any)[0].(map[string]any)["message"]; got != want {
			t.Errorf("%s: got %q, want %q", language, got, want)
		}
	}
}

// A character is a Unicode code point: a Chinese character is one, a family emoji of three people five.
func TestGoodFields(t *testing.T) {
	family := "👨‍👩‍👧" // three people and two joiners
	contact := func(name, phone string) map[string]any {
		return map[string]any{"contact": map[string]string{"name": name, "phone": phone}}
	}
	tests := map[string]map[string]any{
		"2,000 Chinese characters":         {"text": strings.Repeat("碑", 2000)},
		"2,000 characters beyond 16 bits":  {"text": strings.Repeat("𠮷", 2000)},
		"400 families":                     {"text": strings.Repeat(family, 400)},
		"flags, skin and keycaps":          {"text": "🇨🇳👍🏽1️⃣🏴󠁧󠁢󠁥󠁮󠁧󠁿"},
		"lines and tabs":                   {"text": "一\r\n二\n\t三"},
		"Arabic with its marks":            {"text": "شكوى\u200f!"},
		"a name beyond 16 bits":            contact("𠮷野家𬀩", ""),
		"a full-width phone":               contact("张三", "１３８－００００－１２３４"),
		"a phone with its country":         contact("", "+86 (746) 322-1234"),
		"nobody":                           {"contact": map[string]string{}},
		"null for what may be left out":    {"contact": json.RawMessage("null"), "happenedAt": json.RawMessage("null"), "photos": json.RawMessage("null"), "spot": json.RawMessage("null")},
		"a phone whose clock is fast":      {"happenedAt": visitortest.Nine.Add(9 * time.Minute)},
		"a time of another zone":           {"happenedAt": "2026-11-22T19:30:00.123456-05:00"},
		"text with a zero-width character": {"text": "排\u200b队"},
		"a language of ours":               {"language": "ja"},
		"first-level category":             {"category": "ticketing"},
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFunction()
			if status, body := f.answer(t, request(filing(t, change))); status != 201 || f.store.Writes() != 1 {
				t.Errorf("got %d %v: %s", status, body["code"], faults(body))
			}
		})
	}
}

func TestMalformedBodies(t *testing.T) {
	valid := filing(t, nil)
	tests := []struct {
		name, body string
		status     int
		code       string
		detail     string
	}{
		{"cut off", valid[:20], 400, "malformed-json", "line 1, column 21"},
		{"third line", "{\n  \"kind\": \"complaint\",\n  \"text\": \"碑\" \"x\"\n}", 400, "malformed-json", "line 3, column 15"},
		{"trailing data", valid + "{}", 400, "malformed-json", "line 1, column"},
		{"trailing comma", `{"kind":"complaint",}`, 400, "malformed-json", "line 1, column"},
		{"single quotes", `{'kind':'complaint'}`, 400, "malformed-json", "line 1, column 2"},
		{"bytes that are no UTF-8", "{\"text\":\"\xd6\xd0\xce\xc4\"}", 400, "malformed-json", "line 1, column"},
		{"half a surrogate pair", `{"text":"\ud800"}`, 400, "malformed-json", "line 1, column"},
		{"a form", "kind=complaint&text=x", 400, "malformed-json", "line 1, column 1"},
		{"space alone", "   ", 400, "malformed-json", "line 1, column"},
		{"a list", "[]", 422, "invalid", "Must be an object"},
		{"a text", `"complaint"`, 422, "invalid", "Must be an object"},
		{"nothing", "", 422, "invalid", ""},
		{"null", "null", 422, "invalid", ""},
		{"a field twice", `{"kind":"complaint","kind":"report"}`, 422, "invalid", ""},
		{"over 64 KiB", filing(t, map[string]any{"text": strings.Repeat("x", httpapi.MaxBody)}), 413, "too-large", "64 KB"},
		{"deep", strings.Repeat("[", 60000), 422, "invalid", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := newFunction()
			status, body := f.answer(t, request(test.body))
			if status != test.status || body["code"] != test.code || !strings.Contains(body["detail"].(string), test.detail) {
				t.Errorf("got %d %v; want %d %s with %q", status, body, test.status, test.code, test.detail)
			}
			if f.store.Writes() != 0 {
				t.Error("something was stored")
			}
			saysWhatIsRight(t, body)
		})
	}
}

func TestFieldGivenTwice(t *testing.T) {
	_, body := newFunction().answer(t, request(`{"kind":"complaint","contact":{"name":"a","name":"b"}}`))
	if faults(body) != "/contact/name duplicate" {
		t.Errorf("got %s", faults(body))
	}
}

// API Gateway hands over bodies of types it does not know in base64, and some proxies do it to all.
func TestBase64Bodies(t *testing.T) {
	encoded := func(body string) events.APIGatewayV2HTTPRequest {
		r := request(base64.StdEncoding.EncodeToString([]byte(body)))
		r.IsBase64Encoded = true
		return r
	}
	full := filing(t, map[string]any{"text": "x"}) + strings.Repeat(" ", httpapi.MaxBody)
	broken := encoded("x")
	broken.Body = "%%%"
	tests := []struct {
		name   string
		r      events.APIGatewayV2HTTPRequest
		status int
	}{
		{"a filing", encoded(filing(t, nil)), 201},
		{"exactly 64 KiB", encoded(full[:httpapi.MaxBody]), 201},
		{"a byte more", encoded(full[:httpapi.MaxBody+1]), 413},
		{"no base64", broken, 400},
	}
	for _, test := range tests {
		if status, body := newFunction().answer(t, test.r); status != test.status {
			t.Errorf("%s: got %d %v, want %d", test.name, status, body, test.status)
		}
	}
}

func TestMediaTypes(t *testing.T) {
	for header, want := range map[string]int{
		"application/json": 201, "application/json; charset=utf-8": 201, "Application/JSON": 201,
		"": 415, "text/plain": 415, "application/x-www-form-urlencoded": 415, "application/jsonp": 415, "nonsense;;": 415,
	} {
		f := newFunction()
		r := request(filing(t, nil))
		r.Headers["content-type"] = header
		if status, _ := f.answer(t, r); status != want || f.store.Writes() != map[bool]int{true: 1}[want == 201] {
			t.Errorf("%q: got %d, want %d", header, status, want)
		}
	}
}

func TestIdempotencyKeys(t *testing.T) {
	for key, want := range map[string]int{
		"": 400, "0123456789abcde": 400, "0123456789abcdef": 201, strings.Repeat("k", 128): 201, strings.Repeat("k", 129): 400,
		"0123456789 abcdef": 400, "0123456789abcdeé": 400, "0123456789abcd\x00": 400, "0123456789/+=_~!": 201,
	} {
		f := newFunction()
		r := request(filing(t, nil))
		r.Headers["idempotency-key"] = key
		status, body := f.answer(t, r)
		if status != want || (want == 400) != (body["code"] == "key-missing") || (want == 400) != (f.store.Writes() == 0) {
			t.Errorf("%q: got %d %v, want %d", key, status, body, want)
		}
	}
}

// A visitor who leaves no way to be reached is anonymous, and nothing of a contact is stored.
func TestContactsAreSealedOrAbsent(t *testing.T) {
	tests := []struct {
		contact any
		want    string
	}{
		{nil, ""}, {map[string]string{}, ""}, {map[string]string{"name": "  ", "phone": ""}, ""},
		{map[string]string{"name": " 张三 ", "phone": "１３８ 0000 1234"}, `{"name":"张三","phone":"138 0000 1234"}`},
	}
	for _, test := range tests {
		f := newFunction()
		_, body := f.answer(t, request(filing(t, map[string]any{"contact": test.contact})))
		number, _ := body["number"].(string)
		stored, ok := f.store.Filed(number)
		if !ok || stored.Head.Anonymous != (test.want == "") || (stored.Contact == "") != (test.want == "") {
			t.Errorf("%v: got %+v", test.contact, stored)
			continue
		}
		if test.want == "" {
			continue
		}
		if got, err := visitortest.Keys().Open(stored.Contact, number); got != test.want || err != nil {
			t.Errorf("got %s, %v; want %s", got, err, test.want)
		}
	}
}

// What a section reads is what the visitor meant: no space around it, times in the desk's own zone.
func TestWordsAreStoredTidy(t *testing.T) {
	f := newFunction()
	_, body := f.answer(t, request(filing(t, map[string]any{
		"text": " \n排队太久　", "wish": "\t快些 ", "happenedAt": "2026-11-22T19:30:00.123456-05:00",
	})))
	stored, _ := f.store.Filed(body["number"].(string))
	w := stored.Event.Words
	if w.Text != "排队太久" || w.Wish != "快些" || w.Salt == "" {
		t.Errorf("got %+v", w)
	}
	if got := stored.Event.Data.HappenedAt.Format(time.RFC3339Nano); got != "2026-11-23T08:30:00.123+08:00" {
		t.Errorf("happenedAt %s", got)
	}
}
