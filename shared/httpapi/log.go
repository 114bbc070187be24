package httpapi

import (
	"context"
	"log/slog"
	"net/http"
	"strings"

	"steledesk/shared/ticket"
)

// requestKey is where a context has API Gateway's id of the call that is being answered.
type requestKey struct{}

// LogHandler adds that id as "request" to every line about a call: it is what an answer shows, and what the log of API
// Gateway has. Lambda's own id is "requestId". A handler that does so already is given back.
func LogHandler(next slog.Handler) slog.Handler {
	if h, is := next.(logHandler); is {
		return h
	}
	return logHandler{next}
}

type logHandler struct{ slog.Handler }

func (h logHandler) Handle(ctx context.Context, r slog.Record) error {
	if id, _ := ctx.Value(requestKey{}).(string); id != "" {
		r.AddAttrs(slog.String("request", id))
	}
	return h.Handler.Handle(ctx, r)
}

func (h logHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return logHandler{h.Handler.WithAttrs(attrs)}
}

func (h logHandler) WithGroup(name string) slog.Handler { return logHandler{h.Handler.WithGroup(name)} }

// note logs what was not carried out: the desk's own failures as errors with their reason, refusals as no more than
// their code, since a reason may hold what a caller wrote.
func (m *Mux) note(ctx context.Context, r *Request, p Problem, err error) {
	attrs := []slog.Attr{slog.String("route", r.Event.RouteKey), slog.Int("status", p.Status), slog.String("code", p.Code)}
	if number := r.number(); number != "" {
		attrs = append(attrs, slog.String("ticket", number))
	}
	if command := r.Param("command"); isCommand(command) {
		attrs = append(attrs, slog.String("command", command))
	}
	log := slog.New(LogHandler(m.Log.Handler()))
	if p.Status < http.StatusInternalServerError {
		log.LogAttrs(ctx, slog.LevelInfo, "refused", attrs...)
		return
	}
	log.LogAttrs(ctx, slog.LevelError, "failed", append(attrs, slog.String("error", err.Error()))...)
}

// number is the number of the ticket that a call is about, "" when it names none. Only what is written as numbers are is
// taken for one: a code that was typed into the wrong field must not come into the log, and can pass for a number
// without its dash.
func (r *Request) number() string {
	text := strings.TrimSpace(r.Param("number"))
	if text == "" {
		text = strings.TrimSpace(r.Form.Get("number"))
	}
	if len(text) < 3 || text[2] != '-' {
		return ""
	}
	number, err := ticket.ParseNumber(text)
	if err != nil {
		return ""
	}
	return number
}

// isCommand reports whether a part of a path is a command's name, and no text of a caller's.
func isCommand(text string) bool {
	switch text {
	case "rating", "contact", "contact-delete": // as paths have them
		return true
	}
	return ticket.Name(text).Known()
}
