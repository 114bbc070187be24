package sink_test

import (
	"net"
	"net/smtp"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"github.com/wneessen/go-mail"

	"steledesk/infra/local/sink"
)

// mailServer starts the sink's mail server and returns its address.
func mailServer(t *testing.T, s *sink.Sink) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- s.ServeSMTP(listener) }()
	t.Cleanup(func() {
		s.Close()
		select {
		case err := <-ended:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(10 * time.Second):
			t.Error("the mail server outlived Close")
		}
	})
	return listener.Addr().String()
}

func TestMailByGoMail(t *testing.T) {
	s, _ := open(t, sink.Options{})
	address := mailServer(t, s)
	host, port, _ := net.SplitHostPort(address)
	number, err := net.LookupPort("tcp", port)
	if err != nil {
		t.Fatal(err)
	}
	client, err := mail.NewClient(host, mail.WithPort(number), mail.WithTLSPolicy(mail.NoTLS), mail.WithUsername("desk"),
		mail.WithPassword("secret"), mail.WithSMTPAuth(mail.SMTPAuthPlain))
	if err != nil {
		t.Fatal(err)
	}
	message := mail.NewMsg()
	message.From("desk@example.cn")
	message.To("relics@example.cn", "second@example.cn")
	message.Subject("新工单两件:文物保护,请尽快签收,以免超期。这是一个很长的标题,会分成几段编码。")
	message.SetBodyString(mail.TypeTextPlain, "您好,\n.点开头的一行\n完")
	message.AddAlternativeString(mail.TypeTextHTML, "<p>您好")
	if err := client.DialAndSendWithContext(t.Context(), message); err != nil {
		t.Fatal(err)
	}
	got := s.Mails()
	if len(got) != 1 {
		t.Fatalf("%d mails, want 1", len(got))
	}
	m := got[0]
	if m.From != "desk@example.cn" || strings.Join(m.To, " ") != "relics@example.cn second@example.cn" {
		t.Errorf("from %s to %v", m.From, m.To)
	}
	if want := "新工单两件:文物保护,请尽快签收,以免超期。这是一个很长的标题,会分成几段编码。"; m.Subject != want {
		t.Errorf("subject %q", m.Subject)
	}
	if m.Text != "您好,\n.点开头的一行\n完" {
		t.Errorf("text %q", m.Text)
	}
}

func TestMailEncodings(t *testing.T) {
	s, _ := open(t, sink.Options{})
	address := mailServer(t, s)
	for _, c := range []struct{ header, body, want string }{
		{"", "plain\r\nlines", "plain\nlines"},
		{"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n", "碑", "碑"},
		{"Content-Transfer-Encoding: quoted-printable\r\n", "=E7=A2=91 =\r\nx", "碑 x"},
		{"Content-Transfer-Encoding: base64\r\n", "56K\r\nR", "碑"},
		{"Content-Type: text/html\r\n", "<p>", ""},
		{"Content-Type: multipart/mixed; boundary=b\r\n", "--b\r\nContent-Type: text/html\r\n\r\n<p>\r\n--b\r\n\r\ntext\r\n--b--\r\n", "text"},
	} {
		raw := "Subject: =?utf-8?B?56KR?=\r\n" + c.header + "\r\n" + c.body
		if err := smtp.SendMail(address, nil, "a@example.cn", []string{"b@example.cn"}, []byte(raw)); err != nil {
			t.Fatal(err)
		}
		mails := s.Mails()
		if got := mails[len(mails)-1]; got.Text != c.want || got.Subject != "碑" {
			t.Errorf("%q: text %q, subject %q; want %q, 碑", c.header, got.Text, got.Subject, c.want)
		}
	}
}

func TestMailSession(t *testing.T) {
	s, _ := open(t, sink.Options{})
	c, err := textproto.Dial("tcp", mailServer(t, s))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, _, err := c.ReadResponse(220); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		say  string
		want int
	}{
		{"MAIL FROM:<a@b.cn>", 503}, {"EHLO me", 250}, {"STARTTLS", 500}, {"RCPT TO:<a@b.cn>", 503}, {"MAIL a@b.cn", 501},
		{"mail from:<> BODY=8BITMIME SMTPUTF8", 250}, {"MAIL FROM:<a@b.cn>", 503}, {"DATA", 503}, {"RCPT TO:<>", 501},
		{"RCPT TO:<碑@b.cn>", 250}, {"RSET", 250}, {"DATA", 503}, {"NOOP", 250}, {"AUTH CRAM-MD5", 504}, {"AUTH LOGIN", 334},
		{"dQ==", 334}, {"cA==", 235}, {"AUTH PLAIN", 334}, {"*", 501}, {"", 500}, {"QUIT", 221},
	} {
		if err := c.PrintfLine("%s", step.say); err != nil {
			t.Fatal(err)
		}
		if _, _, err := c.ReadResponse(step.want); err != nil {
			t.Errorf("%q: %v, want %d", step.say, err, step.want)
		}
	}
}

func TestMailFailures(t *testing.T) {
	s, _ := open(t, sink.Options{})
	address := mailServer(t, s)
	verdicts := []sink.Verdict{{Status: 451}, {Status: 550}, {Drop: true}, {Drop: true, Delivered: true}, {}}
	s.Fail(func(kind, section string, n int) sink.Verdict {
		if kind != sink.Mail || section != "b@example.cn" {
			t.Errorf("judged %s of %s", kind, section)
		}
		return verdicts[n-1]
	})
	for n, want := range []string{"451", "550", "EOF", "EOF", ""} {
		err := smtp.SendMail(address, nil, "a@example.cn", []string{"b@example.cn"}, []byte("Subject: x\r\n\r\nx"))
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("attempt %d: %v, want %s", n+1, err, want)
		}
	}
	if got := len(s.Mails()); got != 2 {
		t.Errorf("%d mails arrived, want 2", got)
	}
}
