package stack

import (
	"context"
	"path/filepath"
	"slices"

	"steledesk/infra/local/console"
	"steledesk/infra/local/sink"
)

// startSink opens what stands in for chat groups and the mail server. The bots' side
// answers once serve has begun.
func (s *Stack) startSink(ctx context.Context) error {
	var err error
	s.sink, err = sink.Open(sink.Options{
		Clock: s.settings.Clock, File: filepath.Join(s.settings.Data, "outside.jsonl"),
		Logger: s.settings.Logger, Limits: s.settings.BotLimits,
	})
	if err != nil {
		return err
	}
	s.onClose("sink", func(context.Context) error { return s.sink.Close() })
	listener, err := listen(ctx, "SMTP", s.settings.SMTP)
	if err != nil {
		return err
	}
	s.smtp = listener.Addr().String()
	go func() {
		if err := s.sink.ServeSMTP(listener); err != nil {
			s.settings.Logger.Error("mail sink ended", "error", err)
		}
	}()
	return nil
}

// showSink shows the newest messages and mails first.
func (s *Stack) showSink(status *console.Status) {
	messages := s.sink.Messages()
	for _, m := range slices.Backward(messages[max(0, len(messages)-shownMessages):]) {
		text := m.Text
		if m.Title != "" && m.Title != m.Text {
			text = m.Title + "\n" + m.Text
		}
		status.Bots = append(status.Bots, console.Message{At: m.Time, Kind: m.Kind, Section: m.Section, Text: text})
	}
	mails := s.sink.Mails()
	for _, m := range slices.Backward(mails[max(0, len(mails)-shownMessages):]) {
		status.Mails = append(status.Mails, console.Mail{At: m.Time, From: m.From, To: m.To, Subject: m.Subject, Text: m.Text})
	}
}
