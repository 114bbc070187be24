package ticket

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Bounds of a ticket's life that are the same for every office.
const (
	MaxReopenings = 2    // then supervisors and the 12345 hotline are the way
	MaxText       = 2000 // characters of anything a person writes
	MaxPhotos     = 6    // that come with one filing, message or supply
)

// ErrRefused is what every *Refusal is, for errors.Is.
var ErrRefused = errors.New("command refused")

// Is makes errors.Is(err, ErrRefused) true.
func (r *Refusal) Is(target error) bool { return target == ErrRefused }

// Apply does cmd to the ticket whose head is given (the zero Head for File) and gives the new
// head and the events to append, oldest first, already chained. Nothing is changed in place.
// Errors: *Refusal when the ticket's life forbids it; the errors of Terms.
func Apply(head Head, cmd Command, m Moment) (Head, []Event, error) {
	m.Now = Instant(m.Now)
	return (&decision{head: head, cmd: cmd, moment: m}).apply()
}

func (d *decision) apply() (Head, []Event, error) {
	what, err := d.decide()
	if err != nil {
		return d.head, nil, err
	}
	next, events, err := d.append(d.head, nil, what, d.data, d.words())
	if err == nil && d.then != "" {
		next, events, err = d.append(next, events, d.then, Data{Outcome: d.data.Outcome}, nil)
	}
	if err != nil {
		return d.head, nil, err
	}
	return d.alarmed(next, events)
}

// alarmed sets when the clock looks at the ticket next.
func (d *decision) alarmed(next Head, events []Event) (Head, []Event, error) {
	alarm, err := d.moment.Terms.Next(next, d.moment.Now)
	if err != nil {
		return d.head, nil, fmt.Errorf("%s: %w", d.cmd.Name, err)
	}
	next.Alarm = alarm.At
	if d.stays(next) { // a rule that was shortened since holds for what ends from then on
		next.Alarm = d.head.Alarm
	}
	next.ContactUntil = contactUntil(next, d.moment.Terms)
	return next, events, nil
}

// stays reports whether the end of an ended ticket's record is further away than today's rule would have it.
func (d *decision) stays(next Head) bool {
	return d.head.State.Ended() && next.State.Ended() && next.ErasedAt.IsZero() && next.Alarm.Before(d.head.Alarm)
}

func contactUntil(h Head, terms Terms) time.Time {
	if h.Anonymous || !h.State.Ended() {
		return time.Time{}
	}
	return terms.KeepContact(h.ClosedAt)
}

// decision is a command on its way to becoming an event.
type decision struct {
	head   Head
	cmd    Command
	moment Moment
	data   Data
	then   What  // an event that follows at once
	other  *Head // link, unlink: the other ticket
}

func (d *decision) decide() (What, error) {
	if d.cmd.Name == File {
		return Filed, file(d)
	}
	r, known := rules[d.cmd.Name]
	if !known {
		return "", d.refuse(UnknownCommand, "")
	}
	if why := r.permits(d.head, d.cmd.By); why != "" {
		return "", d.refuse(why, "")
	}
	if !d.head.ErasedAt.IsZero() { // what were written now would have no end
		return "", d.refuse(TooLate, "")
	}
	if d.head.led() && slices.Contains(leads, d.cmd.Name) {
		return "", d.refuse(HandledWithLead, "")
	}
	if !slices.Contains(r.from, d.head.State) {
		return "", d.refuse(WrongState, "")
	}
	return r.what, r.fill(d)
}

func (d *decision) append(h Head, events []Event, what What, data Data, words *Words) (Head, []Event, error) {
	e := Event{Ticket: h.Number, Seq: h.Version + 1, What: what, By: d.cmd.By, At: d.moment.Now, Data: data, Words: words}
	if what == Filed {
		e.Ticket = d.cmd.Number
	}
	after := evolve(h, e)
	e.After = After{
		Kind: after.Kind, Category: after.Category, Spot: after.Spot, Urgent: after.Urgent,
		State: after.State, Section: after.Section, Owner: after.Owner(), AnswerBy: after.Due.AnswerBy,
		Canary: after.Canary,
	}
	e, err := e.link(h.Hash)
	if err != nil {
		return d.head, nil, fmt.Errorf("%s: %w", d.cmd.Name, err)
	}
	after.Hash = e.Hash
	return after, append(events, e), nil
}

// words are kept even when nothing was written: their salt tells a command that is sent again.
func (d *decision) words() *Words {
	if d.cmd.Text == "" && d.cmd.Wish == "" && d.cmd.Salt == "" {
		return nil
	}
	return &Words{Text: d.cmd.Text, Wish: d.cmd.Wish, Salt: d.cmd.Salt}
}

func (d *decision) refuse(why Why, field string) error {
	return &Refusal{Command: d.cmd.Name, State: d.head.State, Why: why, Field: field, Lead: d.head.Lead}
}

func (d *decision) due(from time.Time) (Due, error) {
	due, err := d.moment.Terms.Due(d.head.Kind, d.head.Urgent, from)
	if err != nil {
		return Due{}, fmt.Errorf("%s: %w", d.cmd.Name, err)
	}
	return due, nil
}

// ---- what each command checks and says ----------------------------------------------------

func file(d *decision) error {
	c := d.cmd
	if d.head.Version != 0 {
		return d.refuse(WrongState, "")
	}
	if why, field := filable(c); why != "" {
		return d.refuse(why, field)
	}
	d.head.Kind, d.head.Urgent = c.Kind, c.Urgent
	due, err := d.due(d.moment.Now)
	if err != nil {
		return err
	}
	if c.Kind == Resolution {
		due.AnswerBy = Instant(c.AnswerBy)
	}
	d.data = Data{
		Kind: c.Kind, Category: c.Category, Spot: c.Spot, Section: c.Section, Triage: c.Triage, Urgent: c.Urgent,
		Anonymous: c.Anonymous, Publishable: c.Publishable && !c.Kind.Confidential(), Language: c.Language,
		HappenedAt: c.HappenedAt, Photos: c.Photos, Why: c.RoutedBy, Office: c.Office, About: c.About, Due: &due,
		Canary: c.Canary,
	}
	return nil
}

// filable says what is wrong with a filing, or nothing.
func filable(c Command) (Why, string) {
	switch {
	case c.Number == "":
		return Missing, "number"
	case !c.Kind.Known():
		return BadValue, "kind"
	case !mayFile(c.By.Role, c.Kind):
		return NotAllowed, ""
	case c.Text == "":
		return Missing, "text"
	case c.Section == "":
		return Missing, "section"
	case c.Kind.Confidential() && c.Section != DisciplineSection:
		return Confidential, "section"
	case c.Triage && c.Section != OfficeSection:
		return BadValue, "section"
	case len(c.Photos) > MaxPhotos:
		return BadValue, "photos"
	case c.By.Role == Supervisor && c.By.Login == "":
		return Missing, "login"
	case c.About != "" && c.By.Role != Supervisor:
		return BadValue, "about"
	case c.Kind == Resolution && c.AnswerBy.IsZero():
		return Missing, "answerBy"
	}
	return "", ""
}

func mayFile(r Role, k Kind) bool {
	switch k {
	case Feedback:
		return r == Supervisor
	case Resolution:
		return r == OfficeStaff
	}
	return r == Visitor || r == OfficeStaff || r == SectionStaff // staff type in what came by phone or on paper
}

// assign gives a ticket to a section, and perhaps to a person. Given to discipline it becomes a
// 举报, and no 举报 is ever given to anyone else. The answer-by time does not move.
func assign(d *decision) error {
	c := d.cmd
	if c.Section == "" {
		return d.refuse(Missing, "section")
	}
	if d.head.Kind.Confidential() && c.Section != DisciplineSection {
		return d.refuse(Confidential, "section")
	}
	if d.head.barred(c.Handler) {
		return d.refuse(BarredHandler, "handler")
	}
	if c.Name == Transfer && c.Section == d.head.Section && (c.Handler == "" || c.Handler == d.head.Handler) {
		return d.refuse(AlreadyDone, "section")
	}
	return d.give(c.Section)
}

func (d *decision) give(section string) error {
	c := d.cmd
	d.data = Data{Section: section, Handler: c.Handler, Category: c.Category}
	if section != d.head.Section {
		d.data.From = d.head.Section
	}
	if section == DisciplineSection {
		d.data.Kind = Report
	}
	now, err := d.due(d.moment.Now)
	if err != nil {
		return err
	}
	due := d.head.Due
	due.ReturnBy = now.ReturnBy // a right of the new section's, not a deadline
	d.data.Due = &due
	return nil
}

// uphold takes a ticket off a section that sent it back: to another section at once, or to triage.
func uphold(d *decision) error {
	switch d.cmd.Section {
	case "":
		d.data = Data{Section: OfficeSection, From: d.head.Section, Triage: true}
		return nil
	case d.head.Section:
		return d.refuse(BadValue, "section")
	}
	return assign(d)
}

func decline(d *decision) error {
	if d.cmd.Reason == "" {
		return d.refuse(Missing, "reason")
	}
	d.data = Data{Reason: d.cmd.Reason, Outcome: OutcomeDeclined}
	return needText(d)
}

func refer(d *decision) error {
	if strings.TrimSpace(d.cmd.To) == "" {
		return d.refuse(Missing, "to")
	}
	d.data = Data{To: d.cmd.To, Outcome: OutcomeReferred}
	return needText(d)
}

func approve(d *decision) error {
	d.data = Data{Outcome: d.head.Outcome}
	return nil
}

func publish(d *decision) error {
	switch {
	case d.head.Kind.Confidential():
		return d.refuse(Confidential, "")
	case !d.head.Publishable:
		return d.refuse(NoConsent, "")
	case d.head.Published:
		return d.refuse(AlreadyDone, "")
	}
	return nil
}

func unpublish(d *decision) error {
	if !d.head.Published {
		return d.refuse(AlreadyDone, "")
	}
	return nil
}

func sign(d *decision) error {
	if d.head.barred(d.cmd.By.Login) {
		return d.refuse(BarredHandler, "")
	}
	if d.head.Handler == "" {
		d.data.Handler = d.cmd.By.Login
	}
	return nil
}

func claim(d *decision) error {
	switch {
	case d.cmd.By.Login == d.head.Handler:
		return d.refuse(AlreadyDone, "")
	case d.head.barred(d.cmd.By.Login):
		return d.refuse(BarredHandler, "")
	}
	d.data.Handler = d.cmd.By.Login
	return nil
}

func handOver(d *decision) error {
	switch {
	case d.cmd.Handler == "":
		return d.refuse(Missing, "handler")
	case d.cmd.Handler == d.head.Handler:
		return d.refuse(AlreadyDone, "handler")
	case d.head.barred(d.cmd.Handler):
		return d.refuse(BarredHandler, "handler")
	}
	d.data.Handler = d.cmd.Handler
	return nil
}

func answer(d *decision) error {
	if !slices.Contains(AnswerOutcomes(), d.cmd.Outcome) {
		return d.refuse(BadValue, "outcome")
	}
	d.data.Outcome = d.cmd.Outcome
	d.data.Draft = d.moment.Terms.Reviewed(d.head.Kind)
	if d.head.State == Waiting { // the section answers without what it asked for: the pause ends here
		if err := resume(d); err != nil {
			return err
		}
	}
	return needText(d)
}

func giveBack(d *decision) error {
	by := d.head.Due.ReturnBy
	switch {
	case d.head.Kind.Confidential():
		return d.refuse(Confidential, "")
	case slices.Contains(d.head.ReturnDenied, d.head.Section):
		return d.refuse(ReturnWasDeny, "")
	case by.IsZero() || d.moment.Now.After(by):
		return d.refuse(TooLate, "")
	}
	return needText(d)
}

func extend(d *decision) error {
	due := d.head.Due
	switch {
	case d.cmd.Days <= 0:
		return d.refuse(BadValue, "days")
	case d.head.Extensions > 0:
		return d.refuse(TooMany, "")
	case due.AnswerBy.IsZero() || d.moment.Now.After(due.AnswerBy):
		return d.refuse(TooLate, "")
	}
	later, err := d.moment.Terms.Extended(d.head.Kind, d.head.Urgent, due.AnswerBy, d.cmd.Days)
	if err != nil {
		return fmt.Errorf("extend: %w", err)
	}
	due.AnswerBy = later
	d.data = Data{Days: d.cmd.Days, Due: &due}
	return needText(d)
}

func rate(d *decision) error {
	switch {
	case d.cmd.Solved != SolvedYes && d.cmd.Solved != SolvedPartly && d.cmd.Solved != SolvedNo:
		return d.refuse(BadValue, "solved")
	case d.cmd.Level < 1 || d.cmd.Level > 5:
		return d.refuse(BadValue, "level")
	case d.head.Satisfaction != 0:
		return d.refuse(TooMany, "")
	}
	d.data = Data{Solved: d.cmd.Solved, Level: d.cmd.Level}
	if d.head.State == Answered && d.cmd.Solved == SolvedYes && d.cmd.Level >= 3 {
		d.then = ClosedRated
		d.data.Outcome = d.head.Outcome
	}
	return mayText(d)
}

// reopen starts another round: a new deadline, and another handler. Where the section is no more, the office decides.
// A resolution gets the date that the meeting sets, stays with whoever had it, and comes back as often as it must.
func reopen(d *decision) error {
	resolved := d.head.Kind == Resolution
	if !resolved && d.head.Round > MaxReopenings {
		return d.refuse(TooMany, "")
	}
	by, err := d.moment.Terms.ReopenBy(d.head.Kind, d.head.AnsweredAt)
	if err != nil {
		return fmt.Errorf("reopen: %w", err)
	}
	if d.moment.Now.After(by) {
		return d.refuse(TooLate, "")
	}
	due, err := d.due(d.moment.Now)
	if err != nil {
		return err
	}
	d.data = Data{Due: &due, Handler: d.head.Handler, Triage: d.cmd.Triage}
	if resolved {
		if d.cmd.AnswerBy.IsZero() {
			return d.refuse(Missing, "answerBy")
		}
		due.AnswerBy, d.data.Handler = Instant(d.cmd.AnswerBy), ""
	}
	return needText(d)
}

// changeContact is refused once the contact's time is over: nothing that is stored then would stay.
func changeContact(d *decision) error {
	if d.head.State.Ended() && d.moment.Now.After(d.moment.Terms.KeepContact(d.head.ClosedAt)) {
		return d.refuse(TooLate, "")
	}
	return nil
}

func deleteContact(d *decision) error {
	if d.head.Anonymous {
		return d.refuse(AlreadyDone, "")
	}
	return nil
}

func needText(d *decision) error {
	if strings.TrimSpace(d.cmd.Text) == "" {
		return d.refuse(Missing, "text")
	}
	return nil
}

func mayText(*decision) error { return nil }
