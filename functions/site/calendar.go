package main

import (
	"context"
	"net/http"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"steledesk/shared/httpapi"
	"steledesk/shared/ticket"
)

const calendarDay = "20060102"

// calendarPath is where the calendar entry of an answer-by date is; empty when there is no date. The address holds
// number and date, sealed, and nothing that opens a ticket: calendars are shared.
func (s *site) calendarPath(number string, answerBy time.Time) string {
	if answerBy.IsZero() {
		return ""
	}
	return "/calendar/" + s.desk.Keys.SealToken(number+" "+answerBy.In(ticket.Zone).Format(calendarDay), "calendar") + ".ics"
}

// calendar gives the entry: a whole day, that of the answer in Beijing, with a reminder at nine (RFC 5545).
func (s *site) calendar(_ context.Context, r *httpapi.Request) (httpapi.Response, error) {
	token, named := strings.CutSuffix(r.Param("file"), ".ics")
	text, err := s.desk.Keys.OpenToken(token, "calendar")
	written, date, _ := strings.Cut(text, " ")
	number, none := ticket.ParseNumber(written)
	day, bad := time.ParseInLocation(calendarDay, date, ticket.Zone)
	if !named || err != nil || none != nil || bad != nil {
		return httpapi.Response{}, httpapi.ErrNoRoute
	}
	return httpapi.Response{Status: http.StatusOK, Body: []byte(entry(r, number, day)), Headers: map[string]string{
		"content-type": "text/calendar; charset=utf-8", "content-disposition": `attachment; filename="` + number + `.ics"`,
	}}, nil
}

func entry(r *httpapi.Request, number string, day time.Time) string {
	frame := bareFrame(r, "")
	c := ics.NewCalendarFor("Steledesk")
	c.SetMethod(ics.MethodPublish)
	e := c.AddEvent(number + "@" + r.Header("host")) // the same for a date that moved: it takes the old one's place
	e.SetDtStampTime(r.Now)
	e.SetSequence(int(r.Now.Unix() / 60))
	e.SetAllDayStartAt(day)
	e.SetAllDayEndAt(day.AddDate(0, 0, 1))
	e.SetSummary(frame.T("page.calendar.title", number))
	e.SetDescription(frame.T("page.calendar.text"))
	e.SetURL(here(r, "/follow?n="+number))
	alarm := e.AddAlarm()
	alarm.SetAction(ics.ActionDisplay)
	alarm.SetTrigger("PT9H")
	alarm.SetDescription(frame.T("page.calendar.title", number))
	return c.Serialize(ics.WithNewLineWindows)
}
