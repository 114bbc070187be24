// Package ticket is a ticket's whole life: what can be done to it, by whom, in which state, and
// the chain of events that proves what was done. It is pure: no clock, no storage, no network.
//
//	          assign            sign              answer
//	triage ──────────▶ assigned ─────▶ handling ──────────▶ answered ──▶ closed
//	   ▲                 │    ▲           │ ▲ │ ▲  (review)    │   ▲ rate, silence
//	   │ uphold   return │    │ deny  ask │ │ │ └── reject      │
//	   └──────── returned ◀───┘           ▼ │ └───── reopen ◀───┘
//	                                  waiting┘ supply
//
// declined, referred and withdrawn end a ticket from any open state.
package ticket

import (
	"slices"
	"time"
)

// State is where a ticket stands. Values are the names of the table and the API.
type State string

// The states (工单状态).
const (
	Triage    State = "triage"    // 待派单: owned by the office, no section yet
	Assigned  State = "assigned"  // 待签收
	Handling  State = "handling"  // 办理中
	Waiting   State = "waiting"   // 待补充: the clock is stopped until the visitor supplies
	Returned  State = "returned"  // 退单待裁: the office decides
	Review    State = "review"    // 待审核: the answer waits for approval
	Answered  State = "answered"  // 已答复
	Closed    State = "closed"    // 办结
	Declined  State = "declined"  // 不予受理
	Referred  State = "referred"  // 转外部
	Withdrawn State = "withdrawn" // 撤回
)

// States lists every state in the order of a ticket's life.
func States() []State {
	return []State{Triage, Assigned, Handling, Waiting, Returned, Review, Answered, Closed, Declined, Referred, Withdrawn}
}

// Open reports whether somebody of the scenic area still owes the visitor an answer.
func (s State) Open() bool {
	switch s {
	case Triage, Assigned, Handling, Waiting, Returned, Review:
		return true
	}
	return false
}

// Ended reports whether nothing more is owed to the visitor and nothing awaited of them.
func (s State) Ended() bool { return s != Answered && !s.Open() }

// Head is what is true of a ticket now: the fold of its events, and nothing else.
// Times are in the office's zone, +08:00.
type Head struct {
	Number   string `json:"number"`
	Kind     Kind   `json:"kind"`
	Category string `json:"category,omitempty"`
	Spot     string `json:"spot,omitempty"`
	State    State  `json:"state"`
	Section  string `json:"section"`           // the section responsible
	Handler  string `json:"handler,omitempty"` // login of the person handling it
	Language string `json:"language,omitempty"`
	By       string `json:"by,omitempty"`     // login of the supervisor whose feedback it is
	About    string `json:"about,omitempty"`  // what feedback is about
	Canary   bool   `json:"canary,omitempty"` // the desk filed it to try itself: in no list, no figure and no message

	Urgent      bool `json:"urgent,omitempty"`
	Anonymous   bool `json:"anonymous,omitempty"`   // there is no contact
	Publishable bool `json:"publishable,omitempty"` // the visitor's separate consent
	Published   bool `json:"published,omitempty"`

	FiledAt    time.Time `json:"filedAt"`
	RoundAt    time.Time `json:"roundAt,omitzero"` // when it was reopened last
	Due        Due       `json:"due,omitzero"`
	AskedAt    time.Time `json:"askedAt,omitzero"` // since when the ticket waits for its visitor
	AnsweredAt time.Time `json:"answeredAt,omitzero"`
	ClosedAt   time.Time `json:"closedAt,omitzero"`
	ErasedAt   time.Time `json:"erasedAt,omitzero"` // since when the words and photos are gone: nothing can be done to it any more

	Round        int      `json:"round"`                  // 1, and one more for each reopening
	Barred       []string `json:"barred,omitempty"`       // handlers of earlier rounds
	ReturnedFrom State    `json:"returnedFrom,omitempty"` // the state a denied return goes back to
	ReturnDenied []string `json:"returnDenied,omitempty"` // sections whose return was denied: once is all
	Extensions   int      `json:"extensions,omitempty"`   // in this round
	Urged        int      `json:"urged,omitempty"`
	Overseen     int      `json:"overseen,omitempty"`
	Steps        []string `json:"steps,omitempty"` // reminders and escalations already made in this round

	Lead   string   `json:"lead,omitempty"`   // 主件: the ticket this one is handled with
	Linked []string `json:"linked,omitempty"` // 并案件: the tickets handled with this one
	Before *Before  `json:"before,omitempty"` // how it stood when it ended through its lead

	Outcome      Outcome `json:"outcome,omitempty"`
	Solved       Solved  `json:"solved,omitempty"`
	Satisfaction int     `json:"satisfaction,omitempty"` // 5 very satisfied … 1 very dissatisfied, 0 not rated

	Version int    `json:"version"` // the number of the last event
	Hash    string `json:"hash"`    // the hash of the last event

	// Alarm is when the clock looks at the ticket next; zero: never. It follows from the head and the
	// office's rules at the time of the last event, and is no part of what the events say.
	Alarm time.Time `json:"-"`

	// ContactUntil is until when an ended ticket's contact is kept; zero: for as long as the ticket is open, or there
	// is none. Apply gives it, after the office's rules; like Alarm it is no part of what the events say.
	ContactUntil time.Time `json:"-"`
}

// Start is when the present round began: deadlines and reminders count from there.
func (h Head) Start() time.Time {
	if h.RoundAt.IsZero() {
		return h.FiledAt
	}
	return h.RoundAt
}

// Filer is who the desk takes for the one that filed the ticket: a supervisor by their login, or a visitor.
func (h Head) Filer() Actor {
	if h.By != "" {
		return Actor{Role: Supervisor, Login: h.By}
	}
	return Actor{Role: Visitor}
}

// Owner is the section that must act next: the office while nobody is responsible or
// the office has to decide, discipline for every 举报, the responsible section otherwise.
func (h Head) Owner() string {
	if h.Kind.Confidential() {
		return DisciplineSection
	}
	switch h.State {
	case Triage, Returned, Review:
		return OfficeSection
	}
	return h.Section
}

func (h Head) barred(login string) bool {
	return login != "" && slices.Contains(h.Barred, login)
}

// Outcome is how a matter ended (办结结论, after 信访工作条例 art. 29 and 32).
type Outcome string

// The outcomes.
const (
	OutcomeSolved   Outcome = "solved"         // 支持, 已解决
	PartlySolved    Outcome = "partly-solved"  // 部分解决
	Explained       Outcome = "explained"      // 解释说明
	NotSupported    Outcome = "not-supported"  // 不予支持
	Adopted         Outcome = "adopted"        // 采纳
	PartlyAdopted   Outcome = "partly-adopted" // 部分采纳
	NotAdopted      Outcome = "not-adopted"    // 不采纳
	OutcomeReferred Outcome = "referred"       // 转其他单位
	OutcomeWithdraw Outcome = "withdrawn"      // 撤回
	OutcomeDeclined Outcome = "declined"       // 不予受理
	Thanked         Outcome = "thanked"        // 表扬已转达
	Invalid         Outcome = "invalid"        // 无效
)

// AnswerOutcomes lists what a section may answer with.
func AnswerOutcomes() []Outcome {
	return []Outcome{OutcomeSolved, PartlySolved, Explained, NotSupported, Adopted, PartlyAdopted, NotAdopted, Thanked, Invalid}
}

// Solved is the visitor's answer to "was it solved?".
type Solved string

// The answers (是否解决).
const (
	SolvedYes    Solved = "yes"
	SolvedPartly Solved = "partly"
	SolvedNo     Solved = "no"
)

// Zone is the one zone of every time the desk keeps: China has no other and no summer time.
var Zone = time.FixedZone("CST", 8*60*60)

// Instant is now as the desk keeps it: in Zone, to the millisecond.
func Instant(now time.Time) time.Time { return now.In(Zone).Truncate(time.Millisecond) }
