package channel

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"net/textproto"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/wneessen/go-mail"
)

// envelope is a mail channel, checked and taken apart.
type envelope struct {
	host     string
	port     int
	login    string
	implicit bool // TLS from the start
	from     *netmail.Address
	to       []*netmail.Address
}

// domain is the sender's, ASCII by check.
func (e *envelope) domain() string {
	return e.from.Address[strings.LastIndex(e.from.Address, "@")+1:]
}

func (s *Sender) envelope(c Channel) (*envelope, error) {
	e, err := mailAddress(c.URL, s.MailHosts)
	if err != nil {
		return nil, err
	}
	if e.from, err = mailbox(c.From); err != nil {
		return nil, fmt.Errorf("from %w", err)
	}
	if len(c.To) == 0 {
		return nil, errors.New("to is empty: name at least one address")
	}
	for i, address := range c.To {
		to, err := mailbox(address)
		if err != nil {
			return nil, fmt.Errorf("to %d %w", i+1, err)
		}
		e.to = append(e.to, to)
	}
	if e.login == "" {
		e.login = e.from.Address
	}
	return e, nil
}

// mailAddress parses smtp://[login@]host:port or smtps://… and holds host:port against those
// allowed. Without a URL it is the first of these, with TLS from the start on port 465.
func mailAddress(raw string, allowed []string) (*envelope, error) {
	if raw == "" && len(allowed) > 0 {
		raw = "smtp://" + allowed[0]
		if strings.HasSuffix(raw, ":465") {
			raw = "smtps://" + allowed[0]
		}
	}
	address, err := url.Parse(raw)
	if err != nil || address.Scheme != "smtp" && address.Scheme != "smtps" ||
		strings.Trim(address.Path, "/")+address.Opaque+address.RawQuery+address.Fragment != "" {
		return nil, errors.New("url must be smtp://host:port (STARTTLS) or smtps://host:port (TLS)")
	}
	if _, has := address.User.Password(); has {
		return nil, errors.New("url holds a password: put it into secret")
	}
	port, err := strconv.ParseUint(address.Port(), 10, 16)
	if err != nil || port == 0 || !slices.Contains(allowed, address.Host) {
		return nil, told{fmt.Sprintf("url's host and port are not one of those notify may use (%s): add host:port to the parameter MailHosts or mend the url",
			strings.Join(allowed, ", ")), errHost}
	}
	return &envelope{host: address.Hostname(), port: int(port), login: address.User.Username(), implicit: address.Scheme == "smtps"}, nil
}

// mailbox parses one mail address, in ASCII so that every server takes it.
func mailbox(text string) (*netmail.Address, error) {
	address, err := netmail.ParseAddress(text)
	if err != nil || strings.ContainsFunc(address.Address, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return nil, errors.New("is not a mail address such as desk@example.cn")
	}
	return address, nil
}

// mail sends the news as plain text.
func (s *Sender) mail(ctx context.Context, b *bulletin) error {
	e, err := s.envelope(b.channel)
	if err != nil {
		return refused(b.channel, err)
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel() // also closes the connection, whatever the library left of it
	client, err := s.mailClient(ctx, b.channel, e)
	if err != nil {
		return refused(b.channel, err)
	}
	message := b.message(e)
	if err = client.DialAndSendWithContext(ctx, message); err == nil || message.IsDelivered() {
		return nil // what fails after the server took the mail is no failure
	}
	return unsent(b.channel, err)
}

// message is the mail itself. Its id is made of the events it tells, so the same news sent again
// is the same mail to a client; mails about one ticket refer to one thread.
func (b *bulletin) message(e *envelope) *mail.Msg {
	message := mail.NewMsg(mail.WithCharset(mail.CharsetUTF8), mail.WithEncoding(mail.EncodingB64), mail.WithNoDefaultUserAgent())
	message.FromMailAddress(e.from)
	message.ToMailAddress(e.to...)
	message.Subject(b.heading())
	message.SetDateWithValue(b.now)
	message.SetMessageIDWithValue(b.messageID(e))
	message.SetGenHeader(mail.HeaderReferences, b.thread(e))
	message.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: out-of-office replies stay silent
	if b.pressing() {
		message.SetImportance(mail.ImportanceHigh)
	}
	label, link := b.open()
	foot := strings.TrimSpace(label + "\n" + link)
	message.SetBodyString(mail.TypeTextPlain, b.text(unmarked, b.heading(), len(b.items), foot)+"\n")
	return message
}

func (b *bulletin) messageID(e *envelope) string {
	events := []string{b.event()}
	for _, item := range b.items[min(1, len(b.items)):] {
		events = append(events, item.Event)
	}
	slices.Sort(events)
	return hashID(e, b.channel.ID, strings.Join(events, " "))
}

// thread is the ticket's, or the section's when the mail tells of several tickets.
func (b *bulletin) thread(e *envelope) string {
	if number := b.only(); number != "" {
		return "<" + hashID(e, "ticket", number) + ">"
	}
	return "<" + hashID(e, "section", b.news.Section) + ">"
}

func hashID(e *envelope, parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\n")))
	return hex.EncodeToString(sum[:16]) + "@" + e.domain()
}

// mailClient never sends a password in the clear: with a secret, the server must speak TLS.
func (s *Sender) mailClient(ctx context.Context, c Channel, e *envelope) (*mail.Client, error) {
	secure := &tls.Config{ServerName: e.host, MinVersion: tls.VersionTLS12, RootCAs: s.roots}
	options := []mail.Option{
		mail.WithPort(e.port), mail.WithHELO(e.domain()), mail.WithTimeout(patience), mail.WithTLSConfig(secure),
		mail.WithDialContextFunc(dialer(ctx, e, secure)), mail.WithTLSPolicy(policy(c, e)),
	}
	if c.Secret != "" {
		options = append(options, mail.WithUsername(e.login), mail.WithPassword(c.Secret),
			mail.WithOpportunisticSMTPAuth(mail.SMTPAuthPlain, mail.SMTPAuthLogin))
	}
	return mail.NewClient(e.host, options...)
}

func policy(c Channel, e *envelope) mail.TLSPolicy {
	switch {
	case e.implicit:
		return mail.NoTLS // it is there already
	case c.Secret != "":
		return mail.TLSMandatory
	}
	return mail.TLSOpportunistic
}

// dialer connects, with TLS from the start where the channel says so, and closes the connection
// when ctx ends: the library leaves it open when a server refuses the login.
func dialer(ctx context.Context, e *envelope, secure *tls.Config) mail.DialContextFunc {
	return func(dialling context.Context, network, address string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(dialling, network, address)
		if err != nil {
			return nil, err
		}
		context.AfterFunc(ctx, func() { conn.Close() })
		if !e.implicit {
			return conn, nil
		}
		over := tls.Client(conn, secure)
		return over, over.HandshakeContext(dialling)
	}
}

// unsent judges a mail that its server did not take: replies from 500 on are final.
func unsent(c Channel, err error) error {
	failed := &Error{Channel: c, Status: replyCode(err)}
	text := mask(c, err.Error())
	switch {
	case certificate(err):
		failed.Reason, text = ErrRefused, "the mail server can not prove who it is: "+text
	case strings.Contains(text, "STARTTLS") && failed.Status == 0:
		failed.Reason, text = ErrRefused, "the mail server offers no TLS, and a password is not sent without: use smtps:// or another port: "+text
	case failed.Status == 530 || failed.Status == 534 || failed.Status == 535:
		failed.Reason, text = ErrRefused, "the mail server does not accept the login: compare from (or the login in url) and secret with the mailbox: "+text
	case failed.Status >= 500:
		failed.Reason, text = ErrRefused, "the mail server refuses the mail for good: look at from and to: "+text
	}
	failed.Cause = told{text, err}
	return failed
}

// replyCode is the SMTP reply that ended the sending, 0 when it was something else.
func replyCode(err error) int {
	if reply, ok := errors.AsType[*textproto.Error](err); ok {
		return reply.Code
	}
	if failed, ok := errors.AsType[*mail.SendError](err); ok {
		return failed.ErrorCode()
	}
	return 0
}
