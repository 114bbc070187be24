package ticket

import (
	"fmt"
	"strings"
)

// ---- what a visitor says to the section -----------------------------------------------------

// supply is the visitor's answer to a question.
func supply(d *decision) error {
	if err := attach(d); err != nil {
		return err
	}
	if err := resume(d); err != nil {
		return err
	}
	return needSomething(d)
}

// needSomething wants words or a photo: where a picture was asked for, it says enough.
func needSomething(d *decision) error {
	if len(d.cmd.Photos) > 0 && strings.TrimSpace(d.cmd.Text) == "" {
		return nil
	}
	return needText(d)
}

// attach puts the photos that came with a command into its event.
func attach(d *decision) error {
	if len(d.cmd.Photos) > MaxPhotos {
		return d.refuse(BadValue, "photos")
	}
	d.data.Photos = d.cmd.Photos
	return nil
}

// resume ends the wait for the visitor: the deadlines move by as long as it was.
func resume(d *decision) error {
	due := d.head.Due
	later, err := d.moment.Terms.Resumed(d.head.Kind, d.head.Urgent, due.AnswerBy, d.head.AskedAt, d.moment.Now)
	if err != nil {
		return fmt.Errorf("%s: %w", d.cmd.Name, err)
	}
	due.AnswerBy = later
	d.data.Due = &due
	return nil
}

// message is the visitor's word or photo to the section; it moves nothing.
func message(d *decision) error {
	if err := attach(d); err != nil {
		return err
	}
	return needSomething(d)
}
