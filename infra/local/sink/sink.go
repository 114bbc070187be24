// Package sink stands in for what is outside: the groups of WeCom, DingTalk and Feishu, a section's own program, and a
// mail server. It takes what the products take, refuses what they refuse, in their words, and remembers what would have
// been seen, so that people can look at it and tests can compare.
package sink

import (
	"cmp"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Kinds of receivers.
const (
	WeCom    = "wecom"
	DingTalk = "dingtalk"
	Feishu   = "feishu"
	Webhook  = "webhook"
	Mail     = "mail"
	Push     = "push" // a browser's push service
)

// Secret signs messages to every bot of the sink, unless Options say otherwise.
const Secret = "SEClocal0000000000"

// Options of Open; every field may be left empty.
type Options struct {
	Clock  func() time.Time // when messages came; empty: time.Now
	File   string           // JSON lines that outlive a restart; empty: memory only
	Keep   int              // messages remembered per bot, and mails; 0: 100
	Logger *slog.Logger

	// Secret is a bot's secret; empty means that the bot takes unsigned messages. nil: every bot has Secret.
	Secret func(kind, section string) string

	// Limits has bots refuse messages that come faster than the products allow.
	Limits bool
}

func (o Options) withDefaults() Options {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.Secret == nil {
		o.Secret = func(string, string) string { return Secret }
	}
	o.Keep = cmp.Or(o.Keep, 100)
	return o
}

// Message is what a group or a section's program got.
type Message struct {
	Time    time.Time
	Kind    string // WeCom, DingTalk, Feishu, Webhook or Push; a push's section is its phone, its body is in base64
	Section string
	Title   string // as the list of chats shows it; often empty
	Text    string // what people read
	Raw     string // the body as it came
}

// Letter is a mail.
type Letter struct {
	Time    time.Time
	From    string   // envelope
	To      []string // envelope
	Subject string
	Text    string
	Raw     string
}

// Verdict is what a test has a receiver do to one attempt. The zero Verdict lets it pass.
type Verdict struct {
	Status int  // HTTP status, or SMTP reply to the mail; an answer of that status
	Code   int  // a bot's own error code under HTTP 200
	Hang   bool // no answer until the sender gives up
	Drop   bool // the connection ends without an answer

	// Delivered has the message arrive although its sender is told otherwise, as when the answer is lost.
	Delivered bool
}

func (v Verdict) passes() bool { return v == Verdict{} || v == Verdict{Delivered: true} }

// Sink is an http.Handler of /local/bots/{kind}/{section}/… and, through ServeSMTP, a mail server.
type Sink struct {
	options Options
	journal *journal
	bots    http.Handler
	servers mailServers

	mu       sync.Mutex
	messages []Message // oldest first
	letters  []Letter
	attempts map[bot]int
	recent   map[bot][]time.Time // accepted messages of the last minute
	verdict  func(kind, section string, n int) Verdict
	changed  chan struct{}
}

// bot is one receiver.
type bot struct{ kind, section string }

// Open reads what the file still has.
func Open(options Options) (*Sink, error) {
	s := &Sink{options: options.withDefaults(), attempts: map[bot]int{}, recent: map[bot][]time.Time{}, changed: make(chan struct{})}
	s.bots = s.routes()
	var err error
	if s.journal, err = openJournal(options.File, s.remember); err != nil {
		return nil, fmt.Errorf("open sink: %w", err)
	}
	return s, nil
}

// Close ends the mail servers and closes the file.
func (s *Sink) Close() error {
	s.servers.close()
	return s.journal.close()
}

// Messages returns what was remembered, oldest first.
func (s *Sink) Messages() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.messages)
}

// Mails returns the mails remembered, oldest first.
func (s *Sink) Mails() []Letter {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.letters)
}

// Changed returns a channel that is closed when the next message, mail or attempt has come: take it, look, and wait on it.
func (s *Sink) Changed() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.changed
}

// Attempts tells how often a bot was called since Open, refused calls and all. For mails the section is the first
// recipient's address.
func (s *Sink) Attempts(kind, section string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.attempts[bot{kind, section}]
}

// Fail has f judge every attempt from now on, n being the attempt's number at its receiver, from 1; nil lets all pass.
func (s *Sink) Fail(f func(kind, section string, n int) Verdict) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.verdict = f
}

// attempt counts a call and asks for its verdict.
func (s *Sink) attempt(b bot) Verdict {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.attempts[b]++
	s.signal()
	if s.verdict == nil {
		return Verdict{}
	}
	return s.verdict(b.kind, b.section, s.attempts[b])
}

// signal wants the lock.
func (s *Sink) signal() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// take remembers what came and writes it down. The file is for people: what cannot be written is logged, not refused.
func (s *Sink) take(e entry) {
	s.remember(e)
	if err := s.journal.add(e); err != nil {
		s.options.Logger.Warn("message is not written down", "error", err)
	}
}

func (s *Sink) remember(e entry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e.Message != nil {
		same := func(m Message) bool { return m.Kind == e.Message.Kind && m.Section == e.Message.Section }
		s.messages = keep(append(s.messages, *e.Message), s.options.Keep, same)
	}
	if e.Mail != nil {
		s.letters = keep(append(s.letters, *e.Mail), s.options.Keep, func(Letter) bool { return true })
	}
	s.signal()
}

// keep drops the oldest of those that are of one kind when there are more than most.
func keep[T any](all []T, most int, same func(T) bool) []T {
	count := 0
	for _, one := range all {
		if same(one) {
			count++
		}
	}
	if count <= most {
		return all
	}
	oldest := slices.IndexFunc(all, same)
	return slices.Delete(all, oldest, oldest+1)
}

// limit is how many messages a bot takes in a time, and the code of its refusal.
type limit struct {
	most int
	in   time.Duration
	code int
}

func limits(kind string) []limit {
	switch kind {
	case WeCom:
		return []limit{{20, time.Minute, 45009}}
	case DingTalk:
		return []limit{{20, time.Minute, 130101}}
	case Feishu:
		return []limit{{5, time.Second, 11232}, {100, time.Minute, 11232}}
	}
	return nil
}

// tooOften counts an accepted message, or returns the code that refuses it. It goes by the machine's time, as senders do.
func (s *Sink) tooOften(b bot) (code int, often bool) {
	if !s.options.Limits {
		return 0, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	s.recent[b] = slices.DeleteFunc(s.recent[b], func(at time.Time) bool { return now.Sub(at) > time.Minute })
	for _, l := range limits(b.kind) {
		within := 0
		for _, at := range s.recent[b] {
			if now.Sub(at) < l.in {
				within++
			}
		}
		if within >= l.most {
			return l.code, true
		}
	}
	s.recent[b] = append(s.recent[b], now)
	return 0, false
}
