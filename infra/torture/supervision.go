package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
)

// ask makes a call in somebody's name that must be taken.
func (v *privacy) ask(ctx context.Context, login, method, path, body string, header ...string) (answer, error) {
	a, err := v.staff.as(ctx, login, method, path, body, header...)
	if err == nil && a.status/100 != 2 {
		err = fmt.Errorf("%s %s as %s: %d %.300s", method, path, login, a.status, a.body)
	}
	return a, err
}

// orders gives a ticket staff's commands, each "login command", answers with marked texts.
func (v *privacy) orders(ctx context.Context, number string, all ...string) error {
	for _, one := range all {
		login, command, _ := strings.Cut(one, " ")
		body := `{}`
		switch command {
		case "answer":
			body = fmt.Sprintf(`{"outcome":"solved","text":%q}`, v.write(command, number))
		case "transfer":
			body = `{"section":"security"}`
		}
		done, err := v.staff.command(ctx, login, number, command, body)
		if err == nil && !done {
			err = fmt.Errorf("%s of %s by %s was not taken", command, number, login)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// feedback is a supervisor's: filed, answered, commented, found wanting, and answered again by somebody else.
func (v *privacy) feedback(ctx context.Context) error {
	said := v.write("监督意见", "")
	a, err := v.ask(ctx, "supervisor", "POST", "/v1/feedback",
		fmt.Sprintf(`{"about":{"what":"section","id":"ticketing"},"text":%q}`, said), "Idempotency-Key", "privacy-feedback-0001")
	if err != nil {
		return err
	}
	var filed struct{ Number string }
	if err := json.Unmarshal(a.body, &filed); err != nil || filed.Number == "" {
		return fmt.Errorf("file: %.300s", a.body)
	}
	v.marks[len(v.marks)-1].ticket = filed.Number
	v.numbers = append(v.numbers, filed.Number)
	say := func(what string) error {
		_, err := v.ask(ctx, "supervisor", "POST", "/v1/feedback/"+filed.Number+"/"+what,
			fmt.Sprintf(`{"text":%q}`, v.write(what, filed.Number)), "Idempotency-Key", "privacy-feedback-"+what)
		return err
	}
	if err := say("comment"); err != nil {
		return err
	}
	if err := v.orders(ctx, filed.Number, "ticketing sign", "ticketing answer", "office approve"); err != nil {
		return err
	}
	if err := say("unsettled"); err != nil {
		return err
	}
	return v.orders(ctx, filed.Number, "office transfer", "security sign", "security answer", "office approve")
}

// meeting is planned and held; its decision is answered, objected to, and answered again. What a meeting decides is the
// desk's own word, and stays in the meeting's papers; what is written to its ticket ends with the ticket.
func (v *privacy) meeting(ctx context.Context) error {
	path := "/v1/meetings/" + privacyMonth
	a, err := v.ask(ctx, "office", "GET", path, "")
	if err != nil {
		return err
	}
	_, err = v.ask(ctx, "office", "PUT", path, `{"status":"held","when":"2026-11-26T09:00:00+08:00","place":"二楼会议室","agenda":["排队"],"attendance":[]}`,
		"If-Match", a.header.Get("ETag"))
	if err != nil {
		return err
	}
	decided := v.write("决定", "")
	v.marks[len(v.marks)-1].kind = "decision"
	a, err = v.ask(ctx, "office", "POST", path+"/decisions",
		fmt.Sprintf(`{"text":%q,"section":"ticketing","answerBy":"2026-12-20T23:59:59+08:00"}`, decided), "Idempotency-Key", "privacy-decision-0001")
	if err != nil {
		return err
	}
	var meeting struct{ Decisions []struct{ Ticket string } }
	if err := json.Unmarshal(a.body, &meeting); err != nil || len(meeting.Decisions) != 1 {
		return fmt.Errorf("decide: %.300s", a.body)
	}
	number := meeting.Decisions[0].Ticket
	v.marks[len(v.marks)-1].ticket = number
	v.numbers = append(v.numbers, number)
	again := []string{"ticketing sign", "ticketing answer", "office approve"}
	if err := v.orders(ctx, number, again...); err != nil {
		return err
	}
	_, err = v.ask(ctx, "supervisor", "POST", path+"/decisions/1/unsettled",
		fmt.Sprintf(`{"text":%q,"answerBy":"2027-01-20T23:59:59+08:00"}`, v.write("未落实", number)), "Idempotency-Key", "privacy-objection-0001")
	if err != nil {
		return err
	}
	return v.orders(ctx, number, again...)
}
