package meeting

import (
	"context"
	"errors"
	"time"

	"steledesk/shared/digest"
)

// Status is how far a meeting is.
type Status string

// The statuses.
const (
	Planned Status = "planned"
	Held    Status = "held"
)

// Presence is how somebody took part.
type Presence string

// The ways to take part, in the order of the minutes.
const (
	Present  Presence = "present"  // 出席
	Excused  Presence = "excused"  // 请假
	Absent   Presence = "absent"   // 缺席
	Observer Presence = "observer" // 列席
)

// Presences lists them.
func Presences() []Presence { return []Presence{Present, Excused, Absent, Observer} }

// Bounds of a meeting.
const (
	MaxAgenda    = 30
	MaxAttendees = 60
	MaxDecisions = 99
)

// Attendee is somebody by post or by the name of their account.
type Attendee struct {
	Who      string   `json:"who"`
	Presence Presence `json:"presence"`
}

// Meeting is what the office plans with the supervisors, over the digest of a month.
type Meeting struct {
	Month      digest.Month `json:"month"` // whose digest it has before it
	Status     Status       `json:"status"`
	When       time.Time    `json:"when,omitzero"`
	Place      string       `json:"place,omitempty"`
	Chair      string       `json:"chair,omitempty"` // by post
	Agenda     []string     `json:"agenda"`
	Attendance []Attendee   `json:"attendance"`
	By         string       `json:"by,omitempty"` // the account that stored it last
	At         time.Time    `json:"at,omitzero"`

	Version int `json:"-"` // as the store has it; 0: not stored yet
}

// Errors of meetings.
var (
	// ErrNoMeeting: the month's meeting was not planned yet.
	ErrNoMeeting = errors.New("there is no such meeting")
	// ErrMeetingChanged: somebody else stored the meeting first.
	ErrMeetingChanged = errors.New("meeting was changed by another")
)

// Meetings keeps meetings: *dynamo.Table.
type Meetings interface {
	// Meeting reads the meeting of a month. ErrNoMeeting.
	Meeting(ctx context.Context, month digest.Month) (Meeting, error)
	// PutMeeting stores m over version m.Version. ErrMeetingChanged.
	PutMeeting(ctx context.Context, m Meeting) error
}

// MonthLine is what a list of months says of one.
type MonthLine struct {
	Month     digest.Month
	Meeting   *Meeting // nil: not planned
	Editions  int
	Decisions int
}
