package story

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"steledesk/infra/local/sink"
	"steledesk/infra/local/stack"
	"steledesk/shared/openapi/openapitest"
	"steledesk/shared/ticket"
)

// listener is a browser that may be told of news: all it has is its keys and an address at the push service.
type listener struct {
	*desk
	id   string
	key  *ecdh.PrivateKey
	auth []byte
}

func (d *desk) listener(id string) *listener {
	d.t.Helper()
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		d.t.Fatal(err)
	}
	auth := make([]byte, 16)
	_, _ = rand.Read(auth)
	return &listener{desk: d, id: id, key: key, auth: auth}
}

func (p *listener) endpoint() string { return p.URL() + "/local/bots/push/" + p.id }

// subscribe asks to be told of a ticket's news, in a language.
func (p *listener) subscribe(r receipt, language string) {
	p.t.Helper()
	raw := base64.RawURLEncoding
	body := fmt.Sprintf(`{"endpoint":%q,"keys":{"p256dh":%q,"auth":%q}}`,
		p.endpoint(), raw.EncodeToString(p.key.PublicKey().Bytes()), raw.EncodeToString(p.auth))
	p.ask("PUT", r, body, "Accept-Language", language)
}

func (p *listener) ask(method string, r receipt, body string, header ...string) {
	p.t.Helper()
	path := "/v1/tickets/" + r.Number + "/push"
	status, headers, answer := p.send(method, path, body, append(header, "X-Ticket-Code", r.Code)...)
	openapitest.Check(p.t, method, path, status, headers, answer)
	if status != http.StatusNoContent {
		p.t.Fatalf("%s: %d %s", method, status, answer)
	}
}

// pushed is what a phone shows.
type pushed struct{ Number, Title, Body string }

// told gives what the phone was told, as it reads it.
func (p *listener) told() []pushed {
	p.t.Helper()
	var all []pushed
	for _, m := range p.Sink().Messages() {
		if m.Kind != sink.Push || m.Section != p.id {
			continue
		}
		var one pushed
		plain := p.unseal(m.Raw)
		if err := json.Unmarshal(plain, &one); err != nil {
			p.t.Fatalf("%v in %q", err, plain)
		}
		all = append(all, one)
	}
	return all
}

// unseal reads a message as a browser does (RFC 8291, RFC 8188), with nothing of the library that sealed it.
func (p *listener) unseal(text string) []byte {
	p.t.Helper()
	must := func(err error) {
		if err != nil {
			p.t.Fatal(err)
		}
	}
	body, err := base64.StdEncoding.DecodeString(text)
	must(err)
	salt, sender, sealed := body[:16], body[21:21+int(body[20])], body[21+int(body[20]):]
	public, err := ecdh.P256().NewPublicKey(sender)
	must(err)
	shared, err := p.key.ECDH(public)
	must(err)
	info := "WebPush: info\x00" + string(p.key.PublicKey().Bytes()) + string(sender)
	ikm, err := hkdf.Key(sha256.New, shared, p.auth, info, 32)
	must(err)
	key, err := hkdf.Key(sha256.New, ikm, salt, "Content-Encoding: aes128gcm\x00", 16)
	must(err)
	nonce, err := hkdf.Key(sha256.New, ikm, salt, "Content-Encoding: nonce\x00", 12)
	must(err)
	block, err := aes.NewCipher(key)
	must(err)
	gcm, err := cipher.NewGCM(block)
	must(err)
	plain, err := gcm.Open(nil, nonce, sealed, nil)
	must(err)
	words, _, found := strings.Cut(string(plain), "\x02")
	if !found {
		p.t.Fatalf("%q does not end as a record does", plain)
	}
	return []byte(words)
}

// Two phones hear, each in its language and without a word of what, that somebody did something; the visitor's own doing
// is no news. A phone that said so hears no more, and one that is gone is forgotten.
func TestPhonesAreToldOfNews(t *testing.T) {
	t.Parallel()
	d := open(t, nil)
	r, clerk := d.file(rand.Text(), complaint), d.hire("push-clerk", ticket.SectionStaff, "ticketing")
	one, two := d.listener("one"), d.listener("two")
	one.subscribe(r, "zh-CN")
	two.subscribe(r, "ko")
	d.visit(r, "message", `{"text":"请问进展"}`)
	clerk.give(r.Number, "sign", `{}`, ticket.Handling)
	d.until("both phones are told", func() bool { return len(one.told()) > 0 && len(two.told()) > 0 })
	d.until("all is quiet", d.drained)
	if told := one.told(); len(told) != 1 || told[0].Number != r.Number || told[0].Title != "您反映的事有新进展" || !strings.Contains(told[0].Body, r.Number) {
		t.Errorf("told %+v", told)
	}
	if told := two.told(); len(told) != 1 || !strings.Contains(told[0].Title, "새 소식") {
		t.Errorf("told %+v", told)
	}
	one.ask("DELETE", r, fmt.Sprintf(`{"endpoint":%q}`, one.endpoint()))
	d.Sink().Fail(func(kind, phone string, _ int) sink.Verdict {
		if kind == sink.Push {
			return sink.Verdict{Status: http.StatusGone}
		}
		return sink.Verdict{}
	})
	clerk.give(r.Number, "extend", `{"days":2,"text":"等待回复"}`, ticket.Handling)
	d.until("the phone that is gone is forgotten", func() bool {
		left, err := d.table.Phones(t.Context(), r.Number, time.Now())
		return err == nil && len(left) == 0
	})
	d.until("all is quiet", d.drained)
	if n := d.Sink().Attempts(sink.Push, "one"); n != 1 {
		t.Errorf("the phone that asked to be left alone was told %d times", n)
	}
}

// The visitor of a 举报 is told as any other, and the message names nothing but its number. A push service that is away
// for a while holds up no section, and its phones hear later.
func TestAwayPushServiceHoldsUpNobody(t *testing.T) {
	t.Parallel()
	d := open(t, nil)
	r := d.file(rand.Text(), `{"kind":"report","category":"ticketing","spot":"BL01","text":"售票员倒票"}`)
	other := d.file(rand.Text(), complaint)
	inspector, p := d.hire("push-inspector", ticket.Discipline), d.listener("secret")
	p.subscribe(r, "zh")
	d.Sink().Fail(func(kind, _ string, n int) sink.Verdict {
		if kind == sink.Push && n < 3 {
			return sink.Verdict{Status: http.StatusServiceUnavailable}
		}
		return sink.Verdict{}
	})
	inspector.give(r.Number, "sign", `{}`, ticket.Handling)
	d.until("a section is told", func() bool { return len(d.heard("ticketing", other.Number)) == 1 })
	d.until("the phone is told", func() bool { return len(p.told()) == 1 })
	for _, private := range []string{"举报", "售票", "纪检", "report", "BL01", r.Code} {
		if told := p.told()[0]; strings.Contains(told.Title+told.Body, private) {
			t.Errorf("the phone's screen shows %q: %+v", private, told)
		}
	}
}

// dispatch and push die at each of their calls. The phone is told once, or once more where nobody knows whether it was.
func TestPhonesAreToldOnceThroughCrashes(t *testing.T) {
	t.Parallel()
	f := &fault{}
	d := open(t, func(s *stack.Settings) { s.Middleware = f.middleware })
	f.kill = d.Kill
	clerk := d.hire("push-clerk", ticket.SectionStaff, "ticketing")
	struck := map[string]int{}
	for _, function := range []string{"dispatch", "push"} {
		for _, after := range []bool{false, true} {
			for at := 1; at <= 12; at++ {
				r := d.file(rand.Text(), complaint)
				d.until("all is quiet", d.drained)
				p := d.listener(fmt.Sprintf("%s-%v-%d", function, after, at))
				p.subscribe(r, "zh")
				d.Kill(function)
				f.arm(function, at, after)
				clerk.give(r.Number, "sign", `{}`, ticket.Handling)
				d.until("the phone is told", func() bool { return len(p.told()) > 0 })
				d.until("all is quiet", d.drained)
				told := len(p.told())
				doubt := told == 2 && f.struck() == "before push's dynamodb.TransactWriteItems"
				if told != 1 && !doubt {
					t.Errorf("%s: told %d times", f.struck(), told)
				}
				if f.struck() == "" {
					break
				}
				struck[function]++
				t.Logf("survived: killed %s", f.struck())
			}
		}
	}
	if struck["dispatch"] < 6 || struck["push"] < 6 {
		t.Errorf("struck %v", struck)
	}
}
