package httpapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"steledesk/shared/account"
	"steledesk/shared/desk"
	"steledesk/shared/meeting"
	"steledesk/shared/office"
	"steledesk/shared/phrase"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
	"steledesk/shared/workday"
)

// Problem is the answer to a call that was not carried out (RFC 9457). Code is stable; Detail and
// the fields' messages are in the caller's language.
type Problem struct {
	Status  int     `json:"status"`
	Code    string  `json:"code"`
	Title   string  `json:"title"`
	Detail  string  `json:"detail"`
	Fields  []Field `json:"fields,omitempty"`
	Request string  `json:"request,omitempty"` // to quote when asking for help

	Challenge *Challenge `json:"challenge,omitempty"` // what lets a slowed filing through

	retryAfter int // seconds; 0: none
}

// Field names what is wrong with one field of a request, by its JSON pointer (RFC 6901).
type Field struct {
	Pointer string `json:"pointer"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// Invalid is the error of a request that cannot be understood or has bad fields.
type Invalid struct {
	Code   string // malformed-json, invalid, key-missing, media-type, section-in-use
	Where  string // what is wrong with the body as a whole, and where
	Fields []Field
}

func (i *Invalid) Error() string { return i.Code }

// TooLarge is the error of a body that is longer than can be taken.
type TooLarge struct{ Most int } // bytes

func (t *TooLarge) Error() string { return fmt.Sprintf("request is over %d bytes", t.Most) }

func (t *TooLarge) problem(r *Request) Problem {
	return Problem{Status: http.StatusRequestEntityTooLarge, Code: "too-large", Detail: phrase.In(r.Language, "problem.too-large", t.Most>>10)}
}

// ErrNoRoute: there is nothing at this address.
var ErrNoRoute = errors.New("no such route")

// statuses is the one translation of the errors a caller may see. Everything else is internal.
var statuses = []struct {
	err    error
	status int
	code   string
}{
	{ErrNoRoute, http.StatusNotFound, "not-found"},
	{visitor.ErrNotFound, http.StatusNotFound, "unknown-ticket"},
	{visitor.ErrKeyReused, http.StatusConflict, "key-reused"},
	{visitor.ErrBusy, http.StatusServiceUnavailable, "busy"},
	{visitor.ErrChanged, http.StatusPreconditionFailed, "changed"},
	{account.ErrNoSession, http.StatusUnauthorized, "unauthenticated"},
	{account.ErrWrong, http.StatusUnauthorized, "wrong-password"},
	{account.ErrBusy, http.StatusServiceUnavailable, "busy"},
	{visitor.ErrSlotKey, http.StatusBadRequest, "key-missing"},
	{desk.ErrNotFound, http.StatusNotFound, "no-ticket"},
	{visitor.ErrNoSpot, http.StatusNotFound, "no-spot"},
	{desk.ErrNoContact, http.StatusNotFound, "no-contact"},
	{desk.ErrChanged, http.StatusPreconditionFailed, "changed"},
	{desk.ErrOfficeChanged, http.StatusPreconditionFailed, "office-changed"},
	{desk.ErrNoVersion, http.StatusNotFound, "no-version"},
	{desk.ErrNoChannel, http.StatusNotFound, "no-channel"},
	{desk.ErrCursor, http.StatusBadRequest, "bad-cursor"},
	{meeting.ErrMeetingChanged, http.StatusPreconditionFailed, "meeting-changed"},
	{meeting.ErrNotMet, http.StatusConflict, "not-planned"},
	{meeting.ErrTooMany, http.StatusConflict, "too-many-decisions"},
	{meeting.ErrFuture, http.StatusConflict, "month-to-come"},
	{meeting.ErrNoDecision, http.StatusNotFound, "no-decision"},
	{meeting.ErrNoEdition, http.StatusNotFound, "no-paper"},
	{meeting.ErrNoFile, http.StatusNotFound, "no-paper"},
	{meeting.ErrNoYear, http.StatusNotFound, "no-annual"},
	{errNoVersion, http.StatusPreconditionRequired, "if-match-missing"},
	{workday.ErrNoData, http.StatusConflict, "no-calendar"},
	{errForbidden, http.StatusForbidden, "forbidden"},
	{errCSRF, http.StatusForbidden, "csrf"},
	{errMustChange, http.StatusForbidden, "must-change"},
}

func problemOf(r *Request, err error) Problem {
	p := translate(r, err)
	p.Title = http.StatusText(p.Status)
	p.Request = r.Event.RequestContext.RequestID
	if p.Detail == "" {
		p.Detail = phrase.In(r.Language, "problem."+p.Code)
	}
	return p
}

func translate(r *Request, err error) Problem {
	var (
		invalid *Invalid
		refusal *ticket.Refusal
		locked  *visitor.Locked
		shut    *account.Locked
		weak    *account.Weak
		much    *office.ExtensionError
		large   *TooLarge
		term    *account.OutOfTerm
	)
	switch {
	case errors.As(err, &large):
		return large.problem(r)
	case errors.As(err, &term):
		return Problem{Status: http.StatusForbidden, Code: "out-of-term", Detail: phrase.In(r.Language, "problem.out-of-term", term.Term.From, term.Term.Until)}
	case errors.As(err, &invalid):
		return invalid.problem(r)
	case errors.As(err, &refusal):
		return refused(r, refusal)
	case errors.As(err, &locked):
		return lockedUntil(r, locked.Until, "problem.locked")
	case errors.As(err, &shut):
		return lockedUntil(r, shut.Until, "problem.login-locked")
	case errors.As(err, &weak):
		return weakPassword(r, weak)
	case errors.As(err, &much):
		return tooManyDays(r, much)
	}
	if p, is := slowed(r, err); is {
		return p
	}
	for _, s := range statuses {
		if errors.Is(err, s.err) {
			return known(r, s.status, s.code)
		}
	}
	return Problem{Status: http.StatusInternalServerError, Code: "internal", retryAfter: 5}
}

func lockedUntil(r *Request, until time.Time, key string) Problem {
	return Problem{Status: http.StatusTooManyRequests, Code: "locked", retryAfter: int(until.Sub(r.Now).Seconds()) + 1,
		Detail: phrase.In(r.Language, key, until.In(ticket.Zone).Format("15:04"))}
}

func weakPassword(r *Request, w *account.Weak) Problem {
	code := "password-" + string(w.Why)
	return Problem{Status: http.StatusUnprocessableEntity, Code: "invalid",
		Fields: []Field{{Pointer: "/new", Code: code, Message: phrase.In(r.Language, "field."+code)}}}
}

func tooManyDays(r *Request, e *office.ExtensionError) Problem {
	f := Field{Pointer: "/days", Code: "no-extension", Message: phrase.In(r.Language, "field.no-extension")}
	if !e.Max.IsZero() {
		f.Code, f.Message = "extension", phrase.In(r.Language, "field.extension", e.Max.N)
	}
	return Problem{Status: http.StatusUnprocessableEntity, Code: "invalid", Fields: []Field{f}}
}

func known(r *Request, status int, code string) Problem {
	p := Problem{Status: status, Code: code}
	switch code {
	case "busy":
		p.retryAfter = 1
	}
	return p
}

func (i *Invalid) problem(r *Request) Problem {
	p := Problem{Code: i.Code, Fields: i.Fields}
	switch i.Code {
	case "invalid":
		p.Status = http.StatusUnprocessableEntity
	case "section-in-use":
		p.Status = http.StatusConflict
	case "media-type":
		p.Status = http.StatusUnsupportedMediaType
	default:
		p.Status = http.StatusBadRequest
	}
	if i.Where != "" {
		p.Detail = phrase.In(r.Language, "problem."+i.Code) + ": " + i.Where
	}
	return p
}

func refused(r *Request, f *ticket.Refusal) Problem {
	p := Problem{Status: http.StatusConflict, Code: string(f.Why)}
	switch f.Why {
	case ticket.Missing, ticket.BadValue:
		code := map[ticket.Why]string{ticket.Missing: "required", ticket.BadValue: "invalid"}[f.Why]
		message := phrase.In(r.Language, "field."+code)
		if f.Why == ticket.BadValue && (f.Command == ticket.Link || f.Command == ticket.Unlink) {
			message = phrase.In(r.Language, "problem.no-ticket")
		}
		return Problem{Status: http.StatusUnprocessableEntity, Code: "invalid",
			Fields: []Field{{Pointer: "/" + f.Field, Code: code, Message: message}}}
	case ticket.NotAllowed, ticket.NotYours, ticket.Confidential:
		p.Status = http.StatusForbidden
	case ticket.HandledWithLead:
		p.Detail = phrase.In(r.Language, "problem.handled-with-lead", f.Lead)
	case ticket.WrongState:
		p.Detail = phrase.In(r.Language, "problem.wrong-state", phrase.In(r.Language, "state."+string(f.State)))
	}
	return p
}

func (p Problem) response() Response {
	body, err := json.Marshal(p)
	if err != nil { // a Problem is strings and numbers
		body = fmt.Appendf(nil, `{"status":%d,"code":%q}`, p.Status, p.Code)
	}
	return Response{Status: p.Status, Headers: p.Headers("application/problem+json; charset=utf-8"), Body: body}
}

// Headers gives the headers of a problem written as contentType.
func (p Problem) Headers(contentType string) map[string]string {
	h := map[string]string{"content-type": contentType}
	if p.retryAfter > 0 {
		h["retry-after"] = strconv.Itoa(p.retryAfter)
	}
	return h
}
