package channel

import (
	"context"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"net"
	"net/mail"
	"strings"
	"testing"
	"time"
)

// mailTo is a mail channel and a sender that may use the server.
func mailTo(server *smtpServer, scheme string, roots *x509.CertPool) (*Sender, Channel) {
	sender := &Sender{
		MailHosts: []string{server.address()}, PublicURL: "https://desk.example.cn/", roots: roots,
		Now: func() time.Time { return noon },
	}
	return sender, Channel{
		ID: "group", Kind: Mail, URL: scheme + "://" + server.address(),
		From: "投诉台 <desk@example.cn>", To: []string{"ticketing@example.cn", "duty@example.cn"},
	}
}

// sent sends news and returns the mail that arrived.
func sent(t *testing.T, n News, change func(*Channel)) *mail.Message {
	t.Helper()
	server := startSMTP(t, &smtpServer{}, false)
	sender, c := mailTo(server, "smtp", nil)
	if change != nil {
		change(&c)
	}
	if err := sender.Send(t.Context(), c, n); err != nil {
		t.Fatal(err)
	}
	_, raw := server.received()
	message, err := mail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatalf("%v in:\n%s", err, raw)
	}
	return message
}

func text(t *testing.T, message *mail.Message) string {
	t.Helper()
	body, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, message.Body))
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestMailHasTheHeadersOfAnAutomaticLetter(t *testing.T) {
	message := sent(t, burst(), nil)
	subject, err := new(mime.WordDecoder).DecodeHeader(message.Header.Get("Subject"))
	if err != nil || subject != "票务科：3 条工单动态" {
		t.Errorf("subject: got %q, %v", subject, err)
	}
	want := map[string]string{
		"Date":                      "Mon, 23 Nov 2026 12:00:00 +0800",
		"To":                        "<ticketing@example.cn>, <duty@example.cn>",
		"Auto-Submitted":            "auto-generated",
		"Importance":                "high",
		"Mime-Version":              "1.0",
		"Content-Type":              "text/plain; charset=UTF-8",
		"Content-Transfer-Encoding": "base64",
		"User-Agent":                "",
		"X-Mailer":                  "",
	}
	for name, value := range want {
		if got := message.Header.Get(name); got != value {
			t.Errorf("%s: got %q, want %q", name, got, value)
		}
	}
	from, err := message.Header.AddressList("From")
	if err != nil || from[0].Name != "投诉台" || from[0].Address != "desk@example.cn" {
		t.Errorf("from: got %v, %v", from, err)
	}
	golden(t, "mail.txt", []byte(text(t, message)))
}

// The same events told again are the same mail; other events are another; events of one ticket
// are one thread.
func TestMailIdsFollowEventsAndTickets(t *testing.T) {
	all := burst()
	one := News{Section: all.Section, SectionName: all.SectionName, Items: all.Items[1:2]}
	next := News{Section: all.Section, SectionName: all.SectionName, Items: all.Items[2:3]}
	again := one
	again.Repeat = true
	first, repeated, second, merged := sent(t, one, nil), sent(t, again, nil), sent(t, next, nil), sent(t, all, nil)
	id := func(m *mail.Message) string { return m.Header.Get("Message-Id") }
	thread := func(m *mail.Message) string { return m.Header.Get("References") }
	if id(first) != id(repeated) || id(first) == id(second) || id(first) == id(merged) {
		t.Errorf("ids: %s, repeated %s, second %s, merged %s", id(first), id(repeated), id(second), id(merged))
	}
	if thread(first) != thread(second) || thread(first) == thread(merged) {
		t.Errorf("threads: %s, second %s, merged %s", thread(first), thread(second), thread(merged))
	}
	if !strings.HasSuffix(id(first), "@example.cn>") {
		t.Errorf("id %s is not of the sender's domain", id(first))
	}
	if other := sent(t, one, func(c *Channel) { c.ID = "other" }); id(other) == id(first) {
		t.Error("two channels of one mailbox would swallow one another's mail")
	}
}

// A name out of the office file must not become a header, an end of the mail, or a second mail.
func TestNamesCanNotInjectHeaders(t *testing.T) {
	news := single()
	news.SectionName = "科\r\nBcc: x@evil.cn\r\n\r\nbody"
	news.Items[0].SpotName = "门\r\n.\r\nMAIL FROM:<x@evil.cn>"
	message := sent(t, news, nil)
	if message.Header.Get("Bcc") != "" || len(message.Header) != 10 {
		t.Errorf("got headers %v", message.Header)
	}
	if got := text(t, message); !strings.Contains(got, "门 ．MAIL FROM") && !strings.Contains(got, "门 . MAIL FROM：＜x＠evil．cn＞") {
		t.Errorf("got %s", got)
	}
}

func TestMailWithoutAddressUsesTheFirstServer(t *testing.T) {
	sent(t, single(), func(c *Channel) { c.URL = "" })
}

func TestMailAddressIsTakenApart(t *testing.T) {
	allowed := []string{"mail.example.cn:465", "mail.example.cn:587", "[::1]:25"}
	cases := []struct {
		url  string
		want envelope
	}{
		{"", envelope{host: "mail.example.cn", port: 465, implicit: true}},
		{"smtp://mail.example.cn:587", envelope{host: "mail.example.cn", port: 587}},
		{"smtps://AKIA123@mail.example.cn:465/", envelope{host: "mail.example.cn", port: 465, login: "AKIA123", implicit: true}},
		{"smtp://[::1]:25", envelope{host: "::1", port: 25}},
	}
	for _, c := range cases {
		got, err := mailAddress(c.url, allowed)
		if err != nil {
			t.Errorf("%q: %v", c.url, err)
		} else if got.host != c.want.host || got.port != c.want.port || got.login != c.want.login || got.implicit != c.want.implicit {
			t.Errorf("%q: got %+v, want %+v", c.url, *got, c.want)
		}
	}
}

func TestMailServersAnswersAreJudged(t *testing.T) {
	cases := []struct {
		name    string
		answers map[string]string
		want    error
		status  int
		says    string // "": success
	}{
		{"taken, then hangs up", map[string]string{"QUIT": ""}, nil, 0, ""},
		{"taken, then will not reset", map[string]string{"RSET": "500 what?"}, nil, 0, ""},
		{"busy", map[string]string{"banner": "421 try later"}, nil, 421, "421"},
		{"sender refused", map[string]string{"MAIL": "550 no such sender desk@example.cn"}, ErrRefused, 550, "look at from and to"},
		{"receiver unknown", map[string]string{"RCPT": "550 5.1.1 ticketing@example.cn unknown"}, ErrRefused, 550, "(to 1) unknown"},
		{"greylisted", map[string]string{"RCPT": "451 4.7.1 come back"}, nil, 451, "451"},
		{"content refused", map[string]string{".": "554 spam"}, ErrRefused, 554, "554"},
		{"full disk", map[string]string{".": "452 no room"}, nil, 452, "452"},
		{"hangs up before data is taken", map[string]string{".": ""}, nil, 0, "EOF"},
		{"hangs up at once", map[string]string{"banner": ""}, nil, 0, "EOF"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			server := startSMTP(t, &smtpServer{offers: []string{"ENHANCEDSTATUSCODES", "8BITMIME"}, answers: c.answers}, false)
			sender, channel := mailTo(server, "smtp", nil)
			err := sender.Send(t.Context(), channel, burst())
			if c.says == "" {
				if err != nil {
					t.Errorf("got %v, want success", err)
				}
				return
			}
			failed, ok := errors.AsType[*Error](err)
			if !ok || !errors.Is(failed.Reason, c.want) || failed.Status != c.status || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v (%+v), want reason %v, status %d, %q", err, failed, c.want, c.status, c.says)
			}
			if err != nil && (strings.Contains(err.Error(), "ticketing@") || strings.Contains(err.Error(), "desk@")) {
				t.Errorf("%v names people", err)
			}
		})
	}
}

func TestPasswordTravelsOverTLSOnly(t *testing.T) {
	secure, roots := certificateFor(t)
	offers := []string{"AUTH PLAIN LOGIN"}
	withSecret := func(s *Sender, c Channel) error {
		c.Secret = secret
		return s.Send(t.Context(), c, single())
	}
	login := "AUTH PLAIN " + base64.StdEncoding.EncodeToString([]byte("\x00desk@example.cn\x00"+secret))

	t.Run("from the start", func(t *testing.T) {
		server := startSMTP(t, &smtpServer{offers: offers, secure: secure}, true)
		if err := withSecret(mailTo(server, "smtps", roots)); err != nil {
			t.Fatal(err)
		}
		if commands, mail := server.received(); !strings.Contains(commands, login) || mail == "" {
			t.Errorf("got %s", commands)
		}
	})
	t.Run("by STARTTLS", func(t *testing.T) {
		server := startSMTP(t, &smtpServer{offers: append([]string{"STARTTLS"}, offers...), secure: secure}, false)
		if err := withSecret(mailTo(server, "smtp", roots)); err != nil {
			t.Fatal(err)
		}
		commands, _ := server.received()
		if tls, auth := strings.Index(commands, "STARTTLS"), strings.Index(commands, login); tls < 0 || auth < tls {
			t.Errorf("got %s", commands)
		}
	})
	t.Run("not at all without TLS", func(t *testing.T) {
		server := startSMTP(t, &smtpServer{offers: offers}, false)
		err := withSecret(mailTo(server, "smtp", nil))
		if commands, mail := server.received(); strings.Contains(commands, "AUTH") || mail != "" {
			t.Errorf("got %s", commands)
		}
		if !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), "offers no TLS") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("not to a stranger", func(t *testing.T) {
		for _, scheme := range []string{"smtp", "smtps"} {
			server := startSMTP(t, &smtpServer{offers: append([]string{"STARTTLS"}, offers...), secure: secure}, scheme == "smtps")
			err := withSecret(mailTo(server, scheme, x509.NewCertPool()))
			if commands, _ := server.received(); strings.Contains(commands, "AUTH") {
				t.Errorf("%s: got %s", scheme, commands)
			}
			if !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), "can not prove who it is") {
				t.Errorf("%s: got %v", scheme, err)
			}
		}
	})
	t.Run("wrong password", func(t *testing.T) {
		server := startSMTP(t, &smtpServer{offers: offers, secure: secure, answers: map[string]string{"AUTH": "535 5.7.8 no"}}, true)
		err := withSecret(mailTo(server, "smtps", roots))
		if !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), "does not accept the login") {
			t.Errorf("got %v", err)
		}
		server.listen.Close()
		server.open.Wait() // returns only when the client has closed its connection: nothing leaks
	})
}

func TestSilentMailServerIsGivenUp(t *testing.T) {
	listen, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	hungUp := make(chan struct{})
	go func() {
		defer close(hungUp)
		conn, err := listen.Accept()
		if err != nil {
			return
		}
		cancel() // the client waits for a banner that never comes
		io.Copy(io.Discard, conn)
		conn.Close()
	}()
	sender, c := mailTo(&smtpServer{listen: listen}, "smtp", nil)
	if err := sender.Send(ctx, c, single()); err == nil || errors.Is(err, ErrRefused) {
		t.Errorf("got %v, want temporary", err)
	}
	listen.Close()
	<-hungUp
}
