package ticket

import "fmt"

// Why a command is refused. The values are the stable codes of the API.
type Why string

// The reasons of refusal.
const (
	WrongState     Why = "wrong-state"     // the state forbids it
	NotAllowed     Why = "not-allowed"     // this role never may
	NotYours       Why = "not-yours"       // another section's ticket
	UnknownCommand Why = "unknown-command" //
	Missing        Why = "missing"         // Field is required
	BadValue       Why = "bad-value"       // Field has a value the desk does not know
	TooLate        Why = "too-late"        // the time for it is over
	TooMany        Why = "too-many"        // it was done as often as it may be
	ReturnWasDeny  Why = "return-denied"   // a denied return cannot be repeated
	BarredHandler  Why = "barred-handler"  // a reopened ticket goes to another handler
	Confidential   Why = "confidential"    // a 举报 stays with discipline
	NoConsent      Why = "no-consent"      // the visitor did not agree to publication
	AlreadyDone    Why = "already-done"    // nothing would change

	// of links between tickets
	HandledWithLead Why = "handled-with-lead" // Lead is answered for both; or it is unlinked first
	AlreadyLinked   Why = "already-linked"    // one of the two is linked elsewhere, or both lead others
	LeadFull        Why = "lead-full"         // MaxLinked are linked to it
	OtherSection    Why = "other-section"     // the two have different sections
	AnsweredAlone   Why = "answered-alone"    // a reopened ticket is answered by itself
	NotReady        Why = "not-ready"         // the office has to decide on the other one first
)

// Refusal is the error of a command that the ticket's life does not allow.
type Refusal struct {
	Command Name
	State   State
	Why     Why
	Field   string // for Missing and BadValue
	Lead    string // for HandledWithLead: the number of the lead
}

func (r *Refusal) Error() string {
	switch r.Why {
	case WrongState:
		return fmt.Sprintf("%s: a ticket in state %s does not allow it", r.Command, r.State)
	case HandledWithLead:
		return fmt.Sprintf("%s: it is handled with %s", r.Command, r.Lead)
	case Missing, BadValue:
		return fmt.Sprintf("%s: %s: %s", r.Command, r.Why, r.Field)
	}
	return fmt.Sprintf("%s: %s", r.Command, r.Why)
}
