package channel

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// smtpServer is a mail server for one test. It answers as answers says, and else as RFC 5321
// has it.
type smtpServer struct {
	offers  []string          // extensions of EHLO
	answers map[string]string // by verb; "." is the end of DATA; "" hangs up
	secure  *tls.Config       // for STARTTLS
	listen  net.Listener

	mu       sync.Mutex
	commands []string // as received, without the mail
	mail     string   // the last mail, as received
	open     sync.WaitGroup
}

// startSMTP listens; with implicit, TLS starts at once.
func startSMTP(t *testing.T, s *smtpServer, implicit bool) *smtpServer {
	t.Helper()
	listen, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.listen = listen
	if implicit {
		s.listen = tls.NewListener(listen, s.secure)
	}
	s.open.Go(func() {
		for {
			conn, err := s.listen.Accept()
			if err != nil {
				return
			}
			s.open.Go(func() { s.serve(conn) })
		}
	})
	t.Cleanup(func() { listen.Close(); s.open.Wait() })
	return s
}

func (s *smtpServer) address() string { return s.listen.Addr().String() }

// received is what a client said so far.
func (s *smtpServer) received() (commands, mail string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.commands, "\n"), s.mail
}

func (s *smtpServer) serve(conn net.Conn) {
	defer func() { conn.Close() }()
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	read := bufio.NewReader(conn)
	if !s.say(conn, "banner", "220 mail.test") {
		return
	}
	for {
		line, err := read.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		s.mu.Lock()
		s.commands = append(s.commands, line)
		s.mu.Unlock()
		verb, _, _ := strings.Cut(strings.ToUpper(line), " ")
		if !s.say(conn, verb, s.usual(verb)) {
			return
		}
		switch {
		case verb == "STARTTLS":
			conn = tls.Server(conn, s.secure)
			read = bufio.NewReader(conn)
		case verb == "DATA" && s.answers["DATA"] == "":
			if !s.take(conn, read) {
				return
			}
		case verb == "QUIT":
			return
		}
	}
}

func (s *smtpServer) usual(verb string) string {
	switch verb {
	case "EHLO":
		lines := append([]string{"mail.test"}, s.offers...)
		return "250-" + strings.Join(lines[:len(lines)-1], "\r\n250-") + "\r\n250 " + lines[len(lines)-1]
	case "DATA":
		return "354 go on"
	case "STARTTLS":
		return "220 go on"
	case "AUTH":
		return "235 welcome"
	case "QUIT":
		return "221 bye"
	}
	return "250 ok"
}

// say answers a verb; false hangs up.
func (s *smtpServer) say(conn net.Conn, verb, usual string) bool {
	if answer, set := s.answers[verb]; set {
		usual = answer
	}
	if usual == "" {
		return false
	}
	_, err := conn.Write([]byte(usual + "\r\n"))
	return err == nil
}

func (s *smtpServer) take(conn net.Conn, read *bufio.Reader) bool {
	var mail strings.Builder
	for {
		line, err := read.ReadString('\n')
		if err != nil {
			return false
		}
		if line == ".\r\n" {
			break
		}
		mail.WriteString(strings.TrimPrefix(line, "."))
	}
	s.mu.Lock()
	s.mail = mail.String()
	s.mu.Unlock()
	return s.say(conn, ".", "250 queued")
}

// certificateFor makes a server's certificate and the pool that trusts it.
func certificateFor(t *testing.T) (*tls.Config, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, _ := x509.ParseCertificate(der)
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, pool
}
