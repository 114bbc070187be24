package ticket

import (
	"fmt"
	"slices"
)

// step is a reminder or an escalation: each once in a round.
func step(d *decision) error {
	switch {
	case d.cmd.Step == "":
		return d.refuse(Missing, "step")
	case slices.Contains(d.head.Steps, d.cmd.Step):
		return d.refuse(AlreadyDone, "step")
	}
	d.data = Data{Step: d.cmd.Step, Passed: d.cmd.Passed, Told: d.cmd.Told}
	if d.cmd.Name == Escalate {
		d.data.Does = d.cmd.Does
	}
	return nil
}

func silence(d *decision) error {
	by, err := d.moment.Terms.SilentBy(d.head.Kind, d.head.AnsweredAt)
	if err != nil {
		return fmt.Errorf("silence: %w", err)
	}
	if by.IsZero() || d.moment.Now.Before(by) {
		return d.refuse(WrongState, "")
	}
	d.data.Outcome = d.head.Outcome
	return nil
}

// date gives a ticket the deadlines it was filed without, as from when its round began: the calendar did not reach then.
func date(d *decision) error {
	due := d.head.Due
	if !due.AnswerBy.IsZero() {
		return d.refuse(AlreadyDone, "")
	}
	now, err := d.due(d.head.Start())
	if err != nil {
		return err
	}
	if now.AnswerBy.IsZero() { // the level sets none
		return d.refuse(WrongState, "")
	}
	due.AnswerBy = now.AnswerBy
	if due.SignBy.IsZero() {
		due.SignBy = now.SignBy
	}
	d.data.Due = &due
	return nil
}

// erase ends a ticket's record. Whoever stores its event has deleted what people wrote and photographed before.
func erase(d *decision) error {
	if d.cmd.Years <= 0 {
		return d.refuse(Missing, "years")
	}
	if d.moment.Now.Before(d.moment.Terms.KeepRecord(d.head.ClosedAt)) {
		return d.refuse(WrongState, "")
	}
	d.data.Years = d.cmd.Years
	return nil
}
