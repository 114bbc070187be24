package sink

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"strings"
	"sync"
	"time"
)

// largestMail is what the mail server takes, in bytes.
const largestMail = 10 << 20

// mailPatience is how long a client may be silent.
const mailPatience = 5 * time.Minute

// mailServers are what close has to end.
type mailServers struct {
	mu      sync.Mutex
	closed  bool
	open    map[io.Closer]bool // listeners and connections
	running sync.WaitGroup
}

// enter reports whether c may be served; leave must follow.
func (m *mailServers) enter(c io.Closer) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return false
	}
	if m.open == nil {
		m.open = map[io.Closer]bool{}
	}
	m.open[c] = true
	m.running.Add(1)
	return true
}

func (m *mailServers) leave(c io.Closer) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.open, c)
	c.Close() // it may be closed already
	m.running.Done()
}

func (m *mailServers) close() {
	m.mu.Lock()
	m.closed = true
	for c := range m.open {
		c.Close()
	}
	m.mu.Unlock()
	m.running.Wait()
}

// ServeSMTP takes mails from listener until Close, which closes it, and then returns nil.
func (s *Sink) ServeSMTP(listener net.Listener) error {
	if !s.servers.enter(listener) {
		return listener.Close()
	}
	defer s.servers.leave(listener)
	for {
		connection, err := listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("accept mail: %w", err)
		}
		if !s.servers.enter(connection) {
			connection.Close()
			return nil
		}
		go func() {
			defer s.servers.leave(connection)
			(&mailSession{sink: s, connection: connection, text: textproto.NewConn(connection)}).serve()
		}()
	}
}

// mailSession is one connection of a mail client (RFC 5321).
type mailSession struct {
	sink       *Sink
	connection net.Conn
	text       *textproto.Conn

	greeted, begun bool // EHLO or HELO; MAIL
	from           string
	to             []string
}

// errQuit ends a session.
var errQuit = errors.New("session ends")

func (m *mailSession) serve() {
	if m.reply(220, "steledesk local mail sink ESMTP") != nil {
		return
	}
	for {
		m.connection.SetDeadline(time.Now().Add(mailPatience))
		line, err := m.text.ReadLine()
		if err != nil || m.command(line) != nil {
			return // the client left, or was told why
		}
	}
}

func (m *mailSession) reply(code int, text string) error {
	return m.text.PrintfLine("%d %s", code, text)
}

func (m *mailSession) command(line string) error {
	verb, rest, _ := strings.Cut(line, " ")
	switch strings.ToUpper(verb) {
	case "EHLO":
		m.greeted = true
		m.forget()
		return m.text.PrintfLine("250-steledesk\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-PIPELINING\r\n250-SIZE %d\r\n250 AUTH PLAIN LOGIN", largestMail)
	case "HELO":
		m.greeted = true
		m.forget()
		return m.reply(250, "steledesk")
	case "AUTH":
		return m.auth(rest)
	case "MAIL":
		return m.mail(rest)
	case "RCPT":
		return m.recipient(rest)
	case "DATA":
		return m.data()
	case "RSET":
		m.forget()
		return m.reply(250, "OK")
	case "NOOP":
		return m.reply(250, "OK")
	case "QUIT":
		return errors.Join(m.reply(221, "Bye"), errQuit)
	}
	return m.reply(500, "Command not known here: EHLO, HELO, AUTH, MAIL, RCPT, DATA, RSET, NOOP and QUIT are")
}

func (m *mailSession) forget() { m.begun, m.from, m.to = false, "", nil }

// auth takes any login: nothing is guarded here.
func (m *mailSession) auth(rest string) error {
	mechanism, initial, _ := strings.Cut(rest, " ")
	prompts := []string{""}
	switch strings.ToUpper(mechanism) {
	case "PLAIN":
	case "LOGIN":
		prompts = []string{"Username:", "Password:"}
	default:
		return m.reply(504, "AUTH PLAIN and AUTH LOGIN only")
	}
	if initial != "" {
		prompts = prompts[1:]
	}
	for _, prompt := range prompts {
		if err := m.reply(334, base64.StdEncoding.EncodeToString([]byte(prompt))); err != nil {
			return err
		}
		answer, err := m.text.ReadLine()
		if err != nil {
			return err
		}
		if answer == "*" {
			return m.reply(501, "Cancelled")
		}
	}
	return m.reply(235, "Welcome")
}

func (m *mailSession) mail(rest string) error {
	address, ok := path(rest, "FROM:")
	switch {
	case !m.greeted:
		return m.reply(503, "Say EHLO first")
	case m.begun:
		return m.reply(503, "A mail is begun already")
	case !ok:
		return m.reply(501, "Wanted: MAIL FROM:<address>")
	}
	m.begun, m.from = true, address
	return m.reply(250, "OK")
}

func (m *mailSession) recipient(rest string) error {
	address, ok := path(rest, "TO:")
	switch {
	case !m.begun:
		return m.reply(503, "Say MAIL first")
	case !ok || address == "":
		return m.reply(501, "Wanted: RCPT TO:<address>")
	case len(m.to) == 100:
		return m.reply(452, "Too many recipients")
	}
	m.to = append(m.to, address)
	return m.reply(250, "OK")
}

// path reads FROM:<address> with what parameters may follow.
func path(text, keyword string) (string, bool) {
	if len(text) < len(keyword) || !strings.EqualFold(text[:len(keyword)], keyword) {
		return "", false
	}
	inside, ok := strings.CutPrefix(strings.TrimSpace(text[len(keyword):]), "<")
	address, _, closed := strings.Cut(inside, ">")
	return address, ok && closed
}

func (m *mailSession) data() error {
	if len(m.to) == 0 {
		return m.reply(503, "Say RCPT first")
	}
	if err := m.reply(354, "End with a line of one dot"); err != nil {
		return err
	}
	dots := m.text.DotReader()
	raw, err := io.ReadAll(io.LimitReader(dots, largestMail+1))
	if err != nil {
		return err
	}
	if len(raw) > largestMail {
		if _, err := io.Copy(io.Discard, dots); err != nil {
			return err
		}
		return m.reply(552, "The mail is too large")
	}
	defer m.forget()
	return m.deliver(raw)
}

// deliver judges a mail, remembers it and answers.
func (m *mailSession) deliver(raw []byte) error {
	verdict := m.sink.attempt(bot{Mail, m.to[0]})
	if verdict.passes() || verdict.Delivered {
		letter, err := parseLetter(raw)
		if err != nil {
			return m.reply(554, "The mail cannot be read: "+strings.ReplaceAll(err.Error(), "\n", " "))
		}
		letter.Time, letter.From, letter.To = m.sink.options.Clock(), m.from, m.to
		m.sink.take(entry{Mail: &letter})
	}
	switch {
	case verdict.passes():
		return m.reply(250, "OK")
	case verdict.Hang:
		m.connection.Read(make([]byte, 1)) // until the client gives up, or Close does
		return errQuit
	case verdict.Drop:
		return errQuit
	}
	return m.reply(max(verdict.Status, verdict.Code), "As the test wants")
}
