package sink

import (
	"bytes"
	"io"
	"net"
	"net/textproto"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// FuzzLetters: no mail brings the reader down; what is read of one is text.
func FuzzLetters(f *testing.F) {
	for _, seed := range []string{
		"Subject: =?utf-8?q?=E5=B7=A5=E5=8D=95?=\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=E5=B7=A5\r\n",
		"Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>\r\n--b\r\nContent-Transfer-Encoding: base64\r\n\r\n5bel5Y2V\r\n--b--\r\n",
		strings.Repeat("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n", 12), "Subject: =?gb2312?b?AAAA?=\r\n\r\n", "Content-Type: multipart/mixed\r\n\r\n--", "\r\n", "", "\xff\x00",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		letter, err := parseLetter(raw)
		if err == nil && !utf8.ValidString(letter.Text) {
			t.Errorf("%q is no text", letter.Text)
		}
	})
}

// wire is a connection whose client has said all it will.
type wire struct {
	net.Conn // nil: what is not below, nothing here calls
	said     io.Reader
	answers  bytes.Buffer
}

func (w *wire) Read(b []byte) (int, error)  { return w.said.Read(b) }
func (w *wire) Write(b []byte) (int, error) { return w.answers.Write(b) }
func (w *wire) Close() error                { return nil }
func (w *wire) SetDeadline(time.Time) error { return nil }

// FuzzMail: whatever a client of the mail server says is answered line by line, and ends when the client leaves.
func FuzzMail(f *testing.F) {
	for _, seed := range []string{
		"EHLO x\r\nAUTH PLAIN AGEAYg==\r\nMAIL FROM:<a@example.cn>\r\nRCPT TO:<b@example.cn>\r\nDATA\r\nSubject: x\r\n\r\n..x\r\n.\r\nQUIT\r\n",
		"HELO\r\nAUTH LOGIN\r\n*\r\nMAIL FROM:\r\nRCPT TO:<>\r\nDATA\r\nRSET\r\nNOOP\r\n", "MAIL FROM:<\r\nmail from:<>\r\n", "\x00\r\n\xff", strings.Repeat("X", 5000), "DATA\r\n", "AUTH\r\nAUTH PLAIN\r\n\r\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, said string) {
		s, err := Open(Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		w := &wire{said: strings.NewReader(said)}
		(&mailSession{sink: s, connection: w, text: textproto.NewConn(w)}).serve()
		for line := range strings.SplitSeq(strings.TrimSuffix(w.answers.String(), "\r\n"), "\r\n") {
			if len(line) < 4 || strings.Trim(line[:3], "0123456789") != "" {
				t.Errorf("answered %q", line)
			}
		}
	})
}
