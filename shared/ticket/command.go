package ticket

import "time"

// Name names a command.
type Name string

// The commands, by who may give them.
const (
	// anyone (feedback: a supervisor; resolution: the office)
	File Name = "file"

	// the office; for a 举报, discipline
	Assign    Name = "assign"
	Transfer  Name = "transfer"
	Uphold    Name = "uphold" // a return
	Deny      Name = "deny"   // a return
	Decline   Name = "decline"
	Refer     Name = "refer"
	Approve   Name = "approve"
	Reject    Name = "reject" // a drafted answer
	Urge      Name = "urge"
	Oversee   Name = "oversee"
	Publish   Name = "publish"
	Unpublish Name = "unpublish"

	// the responsible section
	Sign     Name = "sign"
	Claim    Name = "claim"
	HandOver Name = "hand-over"
	Ask      Name = "ask"
	Answer   Name = "answer"
	Return   Name = "return"
	Extend   Name = "extend"

	// the responsible section, the office or discipline
	Note   Name = "note"
	Link   Name = "link" // 并案
	Unlink Name = "unlink"

	// the visitor
	Supply   Name = "supply"
	Message  Name = "message"
	Rate     Name = "rate"
	Reopen   Name = "reopen"
	Withdraw Name = "withdraw"

	// what the visitor says of how to be reached goes beside the event, sealed, and not into it
	ChangeContact Name = "change-contact"
	DeleteContact Name = "delete-contact"

	// the clock
	Remind   Name = "remind"
	Escalate Name = "escalate"
	Silence  Name = "silence"
	Date     Name = "date"
	Erase    Name = "erase" // what people wrote and photographed, when the record's time is over
)

// Command is somebody's wish to do something to a ticket. The fields it needs depend on Name;
// the others are ignored.
type Command struct {
	Name Name
	By   Actor
	Text string // what they write: the matter, an answer, a question, a reason, a message
	Wish string // file: what should be done
	Salt string // random; makes the words' sum unguessable once the words are erased

	Number      string // file
	Kind        Kind
	Category    string
	Spot        string
	Section     string
	Handler     string
	Triage      bool // file: no rule fits, the office decides; reopen: its section is no more
	Urgent      bool
	Anonymous   bool
	Publishable bool
	Language    string
	HappenedAt  time.Time
	AnswerBy    time.Time // file or reopen a resolution: the date the meeting set
	Photos      []string
	RoutedBy    string // file: the routing rule that decided
	Office      int    // file: the version of the office data in force
	About       string // file feedback: what it is about, as package supervisor writes it
	Canary      bool   // file: the desk tries itself; nobody is to see or count the ticket

	Reason  string // decline: a reason's code
	To      string // refer: the outside body; link, unlink: the other ticket's number
	Days    int    // extend
	Outcome Outcome
	Solved  Solved
	Level   int // rate: 5 … 1

	Step   string   // remind, escalate: which step of the ladder
	Passed []string // remind, escalate: weaker steps that fell due with it, told by it
	Does   Name     // escalate: Urge or Oversee
	Told   []string // remind, escalate: the sections that hear of it
	Years  int      // erase: for how many years the record was kept
}

// Moment is when a command is given, and the rules in force then.
type Moment struct {
	Now   time.Time
	Terms Terms
}

// duty says whose business a command is.
type duty int

const (
	visitorsDuty duty = iota // whoever filed it: a visitor, or of feedback its supervisor
	sectionsDuty             // the responsible section's
	officesDuty              // the office's; discipline's for a 举报
	staffsDuty               // any staff that may read the ticket
	clocksDuty
	objectorsDuty // whoever an answer must content: the visitor; of a resolution, a supervisor, or the office for the meeting
	contactsDuty  // the visitor's alone: supervisors leave no contact
)

// rule is one line of the table of a ticket's life.
type rule struct {
	duty duty
	from []State
	what What
	fill func(*decision) error // checks the command and fills the event's data
}

var (
	open      = []State{Triage, Assigned, Handling, Waiting, Returned, Review}
	withOwner = []State{Assigned, Handling, Waiting, Review}
	ended     = []State{Answered, Closed}
)

// rules is a ticket's life: who may give which command in which state. File is not in it:
// it needs a ticket that does not exist.
var rules = map[Name]rule{
	Assign:    {officesDuty, []State{Triage}, AssignedTo, assign},
	Transfer:  {officesDuty, withOwner, Transferred, assign},
	Uphold:    {officesDuty, []State{Returned}, Upheld, uphold},
	Deny:      {officesDuty, []State{Returned}, Denied, needText},
	Decline:   {officesDuty, []State{Triage, Assigned, Handling, Returned}, DeclinedBy, decline},
	Refer:     {officesDuty, open, ReferredTo, refer},
	Approve:   {officesDuty, []State{Review}, Approved, approve},
	Reject:    {officesDuty, []State{Review}, Rejected, needText},
	Urge:      {officesDuty, open, Urged, mayText},
	Oversee:   {officesDuty, open, Overseen, mayText},
	Publish:   {officesDuty, ended, Published, publish},
	Unpublish: {officesDuty, ended, Unpublished, unpublish},

	Sign:     {sectionsDuty, []State{Assigned}, Signed, sign},
	Claim:    {sectionsDuty, []State{Assigned, Handling, Waiting}, Claimed, claim},
	HandOver: {sectionsDuty, []State{Assigned, Handling, Waiting}, HandedOver, handOver},
	Ask:      {sectionsDuty, []State{Handling}, Asked, needText},
	Answer:   {sectionsDuty, []State{Handling, Waiting}, AnswerGiven, answer},
	Return:   {sectionsDuty, []State{Assigned, Handling}, ReturnAsked, giveBack},
	Extend:   {sectionsDuty, []State{Assigned, Handling}, Extended, extend},

	Note:   {staffsDuty, States(), Noted, needText},
	Link:   {staffsDuty, open, LinkedWith, link},
	Unlink: {staffsDuty, States(), UnlinkedFrom, unlink},

	Supply:   {visitorsDuty, []State{Waiting}, Supplied, supply},
	Message:  {visitorsDuty, append([]State{Answered}, open...), Messaged, message},
	Rate:     {visitorsDuty, ended, Rated, rate},
	Reopen:   {objectorsDuty, []State{Answered, Closed, Declined}, Reopened, reopen},
	Withdraw: {visitorsDuty, open, WithdrawnBy, mayText},

	ChangeContact: {contactsDuty, States(), ContactChanged, changeContact},
	DeleteContact: {contactsDuty, States(), ContactDeleted, deleteContact},

	Remind:   {clocksDuty, open, Reminded, step},
	Escalate: {clocksDuty, open, Escalated, step},
	Silence:  {clocksDuty, []State{Answered}, ClosedSilent, silence},
	Date:     {clocksDuty, open, Dated, date},
	Erase:    {clocksDuty, []State{Closed, Declined, Referred, Withdrawn}, Erased, erase},
}

// Known reports whether n is the name of a command.
func (n Name) Known() bool {
	_, known := rules[n]
	return known
}

// Commands lists the commands a ticket in state s allows to somebody, File not among them.
// Whether the details fit is known only when the command is given.
func Commands(h Head, by Actor) []Name {
	var out []Name
	for _, n := range order {
		r := rules[n]
		if contains(stateNames(r.from), string(h.State)) && r.permits(h, by) == "" && h.allows(n) {
			out = append(out, n)
		}
	}
	return out
}

// order is the order pages offer commands in.
var order = []Name{Sign, Claim, Ask, Answer, Extend, Return, HandOver, Note, Link, Unlink,
	Assign, Transfer, Uphold, Deny, Approve, Reject, Urge, Oversee, Decline, Refer, Publish, Unpublish,
	Supply, Message, Rate, Reopen, Withdraw, ChangeContact, DeleteContact, Remind, Escalate, Silence, Date, Erase}

func stateNames(states []State) []string {
	out := make([]string, len(states))
	for i, s := range states {
		out[i] = string(s)
	}
	return out
}

// permits says why by may not give the command, or nothing.
func (r rule) permits(h Head, by Actor) Why {
	switch r.duty {
	case visitorsDuty:
		return only(isFiler(h, by))
	case contactsDuty:
		return only(by.Role == Visitor && h.By == "")
	case clocksDuty:
		return only(by.Role == Clock)
	case officesDuty:
		return only(isOffice(h, by))
	case objectorsDuty:
		if h.Kind == Resolution {
			return only(by.Role == Supervisor || isOffice(h, by))
		}
		r.duty = visitorsDuty
		return r.permits(h, by)
	case staffsDuty:
		return only(isOffice(h, by) || isSection(h, by))
	}
	if by.Role == SectionStaff && by.Section != h.Section {
		return NotYours
	}
	return only(isSection(h, by))
}

func only(yes bool) Why {
	if yes {
		return ""
	}
	return NotAllowed
}

// isFiler reports whether by is who filed the ticket, as far as the desk knows: feedback is its own supervisor's, and
// everything else a visitor's, who has proved it with the code.
func isFiler(h Head, by Actor) bool {
	if h.By != "" {
		return by.Role == Supervisor && by.Login == h.By
	}
	return by.Role == Visitor
}

// isOffice reports whether by decides as the office does: over a 举报 only discipline does.
func isOffice(h Head, by Actor) bool {
	if h.Kind.Confidential() {
		return by.Role == Discipline
	}
	return by.Role == OfficeStaff || by.Role == Leader
}

// isSection reports whether by acts for the responsible section.
func isSection(h Head, by Actor) bool {
	switch by.Role {
	case SectionStaff, OfficeStaff:
		return !h.Kind.Confidential() && by.Section == h.Section
	case Discipline:
		return h.Section == DisciplineSection
	}
	return false
}
