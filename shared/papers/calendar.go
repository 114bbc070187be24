package papers

import (
	"net/url"

	ics "github.com/arran4/golang-ical"
)

// calendarEntry renders the meeting's entry (RFC 5545), with a reminder the day before. It says nothing of what the
// papers hold: calendars are shared.
func calendarEntry(in Input) []byte {
	w := &writer{Input: in, lang: Languages()[0]}
	english := &writer{Input: in, lang: "en"}
	host := "steledesk"
	if u, err := url.Parse(in.PublicURL); err == nil && u.Host != "" {
		host = u.Host
	}
	c := ics.NewCalendarFor("Steledesk")
	c.SetMethod(ics.MethodPublish)
	e := c.AddEvent("meeting-" + string(in.Digest.Month) + "@" + host) // the same when it is moved: it takes the old one's place
	e.SetDtStampTime(in.Digest.CutOff)
	e.SetSequence(in.Meeting.Version)
	e.SetStartAt(in.Meeting.Start)
	e.SetEndAt(in.Meeting.End)
	title := w.t("calendar", w.month(in.Digest.Month))
	e.SetSummary(title)
	e.SetDescription(english.t("calendar", english.month(in.Digest.Month)))
	if in.Meeting.Place != "" {
		e.SetLocation(in.Meeting.Place)
	}
	if in.PublicURL != "" {
		e.SetURL(in.PublicURL + "/supervise")
	}
	alarm := e.AddAlarm()
	alarm.SetAction(ics.ActionDisplay)
	alarm.SetTrigger("-P1D")
	alarm.SetDescription(title)
	return []byte(c.Serialize(ics.WithNewLineWindows))
}
