package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"steledesk/shared/account"
	"steledesk/shared/digest"
	"steledesk/shared/httpapi"
	"steledesk/shared/meeting"
	"steledesk/shared/queue"
	"steledesk/shared/ticket"
)

// meetings answers the calls about meetings, their papers and their decisions.
type meetings struct {
	*meeting.Office
	store  meetingStore
	papers papers
	orders orders
}

// meetingStore keeps meetings and digests: *dynamo.Table.
type meetingStore interface {
	meeting.Meetings
	// MeetingMonth says what there is of a month.
	MeetingMonth(ctx context.Context, month digest.Month) (meeting.MonthLine, error)
	// Editions reads all editions of a month, the oldest first.
	Editions(ctx context.Context, month digest.Month) ([]meeting.Edition, error)
	// LatestEdition reads the newest edition of a month. meeting.ErrNoEdition.
	LatestEdition(ctx context.Context, month digest.Month) (meeting.Edition, error)
	// Edition reads one. meeting.ErrNoEdition.
	Edition(ctx context.Context, month digest.Month, number int) (meeting.Edition, error)
	// Accounts lists all accounts by login: supervisors' are appointed for a term.
	Accounts(ctx context.Context) ([]account.Account, error)
}

// papers gives addresses of stored papers: *bucket.Papers.
type papers interface {
	Link(ctx context.Context, key, name string) (string, error)
}

// orders asks for digests: *queue.Digests.
type orders interface {
	Order(ctx context.Context, o queue.DigestOrder) error
}

func (m *meetings) routes() httpapi.Routes {
	return httpapi.Routes{
		"GET /v1/meetings":                                         m.list,
		"GET /v1/meetings/{month}":                                 m.read,
		"PUT /v1/meetings/{month}":                                 m.put,
		"POST /v1/meetings/{month}/digest":                         m.order,
		"GET /v1/meetings/{month}/papers/{file}":                   m.paper,
		"GET /v1/meetings/{month}/minutes.docx":                    m.minutes,
		"GET /v1/annual/{year}/{file}":                             m.annual,
		"POST /v1/meetings/{month}/decisions":                      m.decide,
		"POST /v1/meetings/{month}/decisions/{decision}/unsettled": m.unsettle,
	}
}

// months is how many a page of the list has.
const months = 12

type monthsBody struct {
	Months []monthBody  `json:"months"` // the newest first
	Before digest.Month `json:"before"` // ?until= of the next page
	Terms  []termBody   `json:"terms"`  // that end within 30 days or are over; for the office, on the first page
}

type termBody struct {
	Login string `json:"login"`
	Name  string `json:"name"`
	From  string `json:"from"` // the first day in China: 2026-01-01
	Until string `json:"until"`
	Over  bool   `json:"over"` // what they file is refused
}

type monthBody struct {
	Month     digest.Month   `json:"month"`
	Status    meeting.Status `json:"status"`
	When      httpapi.Time   `json:"when"`
	Place     string         `json:"place"`
	Editions  int            `json:"editions"`
	Decisions int            `json:"decisions"`
}

// notPlanned is the status of a meeting that nobody planned yet.
const notPlanned meeting.Status = "none"

func (m *meetings) list(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	until := digest.MonthOf(r.Now)
	if asked := r.Query("until"); asked != "" {
		var err error
		if until, err = monthOf(r, "/until", asked); err != nil {
			return httpapi.Response{}, err
		}
	}
	body := monthsBody{Months: make([]monthBody, months), Before: until.Before(months), Terms: []termBody{}}
	g, ctx := errgroup.WithContext(ctx)
	if r.Principal.Is(ticket.OfficeStaff) && r.Query("until") == "" {
		g.Go(func() (err error) { body.Terms, err = m.ending(ctx, r.Now); return })
	}
	for i := range months {
		g.Go(func() error {
			line, err := m.store.MeetingMonth(ctx, until.Before(i))
			body.Months[i] = monthBody{Month: line.Month, Status: notPlanned, Editions: line.Editions, Decisions: line.Decisions}
			if planned := line.Meeting; planned != nil {
				body.Months[i].Status, body.Months[i].When, body.Months[i].Place = planned.Status, httpapi.Time{Time: planned.When}, planned.Place
			}
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return httpapi.Response{}, err
	}
	return httpapi.JSON(http.StatusOK, body)
}

// ending lists the terms of office that the office has to renew or let go.
func (m *meetings) ending(ctx context.Context, now time.Time) ([]termBody, error) {
	all, err := m.store.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	found := []termBody{}
	for _, a := range all {
		if !a.Disabled && a.Term.EndsSoon(now) {
			found = append(found, termBody{a.Login, a.Name, a.Term.From, a.Term.Until, a.Term.At(now) == account.AfterTerm})
		}
	}
	return found, nil
}

// month reads the month in the path.
func month(r *httpapi.Request) (digest.Month, error) {
	m, err := digest.ParseMonth(r.Param("month"))
	if err != nil {
		return "", httpapi.ErrNoRoute
	}
	return m, nil
}

// monthOf reads a month that a field names.
func monthOf(r *httpapi.Request, pointer, text string) (digest.Month, error) {
	m, err := digest.ParseMonth(text)
	if err != nil {
		return "", r.Bad(pointer, "month")
	}
	return m, nil
}

type meetingBody struct {
	Month      digest.Month       `json:"month"`
	Version    int                `json:"version"`
	Status     meeting.Status     `json:"status"`
	When       httpapi.Time       `json:"when"`
	Place      string             `json:"place"`
	Chair      string             `json:"chair"`
	Agenda     []string           `json:"agenda"`
	Attendance []meeting.Attendee `json:"attendance"`
	Proposed   []string           `json:"proposed"` // for the agenda, from the newest digest
	Editions   []editionBody      `json:"editions"` // the newest first
	Decisions  []decisionBody     `json:"decisions"`
	Earlier    []decisionBody     `json:"earlier"`  // of earlier meetings, which the newest digest told of
	Editable   bool               `json:"editable"` // by who asks
}

type editionBody struct {
	Number  int                `json:"number"`
	At      httpapi.Time       `json:"at"`
	By      string             `json:"by"` // empty: the schedule
	Reason  string             `json:"reason"`
	Whole   bool               `json:"whole"` // the month was over
	Changes []digest.Change    `json:"changes"`
	More    int                `json:"moreChanges"`
	Papers  []meeting.PaperRef `json:"papers"`
}

func (m *meetings) read(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	of, err := month(r)
	if err != nil {
		return httpapi.Response{}, err
	}
	planned, err := m.planned(ctx, of)
	if err != nil {
		return httpapi.Response{}, err
	}
	return m.show(ctx, r, planned)
}

// planned gives the meeting of a month, and one to be planned when there is none.
func (m *meetings) planned(ctx context.Context, of digest.Month) (meeting.Meeting, error) {
	planned, err := m.store.Meeting(ctx, of)
	if errors.Is(err, meeting.ErrNoMeeting) {
		return meeting.Meeting{Month: of, Status: notPlanned}, nil
	}
	return planned, err
}

func (m *meetings) show(ctx context.Context, r *httpapi.Request, planned meeting.Meeting) (httpapi.Response, error) {
	body := meetingBody{
		Month: planned.Month, Version: planned.Version, Status: planned.Status, When: httpapi.Time{Time: planned.When}, Place: planned.Place,
		Chair: planned.Chair, Agenda: orEmpty(planned.Agenda), Attendance: orEmpty(planned.Attendance), Proposed: []string{}, Editions: []editionBody{},
		Editable: r.Principal.Is(ticket.OfficeStaff),
	}
	editions, err := m.store.Editions(ctx, planned.Month)
	if err != nil {
		return httpapi.Response{}, err
	}
	for _, e := range slices.Backward(editions) {
		body.Editions = append(body.Editions, editionBody{
			Number: e.Number, At: httpapi.Time{Time: e.At}, By: e.By, Reason: e.Reason, Whole: e.Digest.Whole,
			Changes: orEmpty(e.Digest.Changes), More: e.Digest.More, Papers: orEmpty(e.Papers),
		})
	}
	o, _, err := m.Offices.Current(ctx)
	if err != nil {
		return httpapi.Response{}, err
	}
	var told []digest.Decision
	if len(editions) > 0 {
		newest := editions[len(editions)-1].Digest
		told = newest.Decisions
		for _, p := range meeting.Proposed(newest) {
			body.Proposed = append(body.Proposed, says(p, o, r.Language))
		}
	}
	if body.Decisions, body.Earlier, err = m.decisions(ctx, r, planned.Month, told); err != nil {
		return httpapi.Response{}, err
	}
	answer, err := httpapi.JSON(http.StatusOK, body)
	if err == nil {
		answer.Headers["etag"] = fmt.Sprintf(`"%d"`, planned.Version)
	}
	return answer, err
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// planBody is a meeting as the office writes it.
type planBody struct {
	Status     meeting.Status `json:"status" validate:"required,oneof=planned held"`
	When       time.Time      `json:"when" validate:"required,plannable"`
	Place      string         `json:"place" validate:"max=60,plaintext"`
	Chair      string         `json:"chair" validate:"max=40,plaintext"`
	Agenda     []string       `json:"agenda" validate:"max=30,dive,max=200,notblank,plaintext"`
	Attendance []attendeeBody `json:"attendance" validate:"max=60,dive"`
}

type attendeeBody struct {
	Who      string           `json:"who" validate:"required,max=40,notblank,plaintext"`
	Presence meeting.Presence `json:"presence" validate:"required,oneof=present excused absent observer"`
}

func (m *meetings) put(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	of, err := month(r)
	if err != nil {
		return httpapi.Response{}, err
	}
	version, err := r.IfMatch()
	if err != nil {
		return httpapi.Response{}, err
	}
	var body planBody
	if err := r.Decode(ctx, &body, nil); err != nil {
		return httpapi.Response{}, err
	}
	plan := meeting.Meeting{
		Month: of, Status: body.Status, When: ticket.Instant(body.When), Place: strings.TrimSpace(body.Place), Chair: strings.TrimSpace(body.Chair),
		Agenda: body.Agenda, By: r.Principal.Login, At: r.Now, Version: version,
	}
	for _, a := range body.Attendance {
		plan.Attendance = append(plan.Attendance, meeting.Attendee{Who: strings.TrimSpace(a.Who), Presence: a.Presence})
	}
	if err := m.store.PutMeeting(ctx, plan); err != nil {
		return httpapi.Response{}, err
	}
	plan.Version++
	return m.show(ctx, r, plan)
}

type orderBody struct {
	Reason string `json:"reason" validate:"max=200,plaintext"`
}

// order asks for the digest: it is made in minutes, by a function of its own.
func (m *meetings) order(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	of, err := month(r)
	if err != nil {
		return httpapi.Response{}, err
	}
	var body orderBody
	if err := r.Decode(ctx, &body, nil); err != nil {
		return httpapi.Response{}, err
	}
	if of.Start().After(r.Now) {
		return httpapi.Response{}, meeting.ErrFuture
	}
	err = m.orders.Order(ctx, queue.DigestOrder{Month: of, By: r.Principal.Login, Reason: strings.TrimSpace(body.Reason)})
	return httpapi.Response{Status: http.StatusAccepted}, err
}

// paper leads to a paper of the newest edition, or of the one that is asked for.
func (m *meetings) paper(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	e, err := m.edition(ctx, r)
	if err != nil {
		return httpapi.Response{}, err
	}
	p, known := e.Paper(r.Param("file"))
	if !known {
		return httpapi.Response{}, meeting.ErrNoFile
	}
	address, err := m.papers.Link(ctx, e.Key(p.Name), fmt.Sprintf("%s-%d-%s", e.Month, e.Number, p.Name))
	return httpapi.Response{Status: http.StatusFound, Headers: map[string]string{"location": address}}, err
}

func (m *meetings) edition(ctx context.Context, r *httpapi.Request) (meeting.Edition, error) {
	of, err := month(r)
	if err != nil {
		return meeting.Edition{}, err
	}
	asked := r.Query("edition")
	if asked == "" {
		return m.store.LatestEdition(ctx, of)
	}
	number, err := strconv.Atoi(asked)
	if err != nil || number < 1 || number > 999 {
		return meeting.Edition{}, meeting.ErrNoEdition
	}
	return m.store.Edition(ctx, of, number)
}
