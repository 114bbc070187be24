// Package minutes writes down a meeting (会议纪要) as a document for a word processor: who was there, what it was about,
// what it decided, in the layout of official documents. It is pure.
package minutes

import (
	"fmt"
	"strings"
	"time"

	"steledesk/shared/meeting"
	"steledesk/shared/office"
	"steledesk/shared/papers/word"
	"steledesk/shared/phrase"
	"steledesk/shared/ticket"
)

// Input is what minutes are made of.
type Input struct {
	Meeting   meeting.Meeting
	Decisions []meeting.Listed
	Office    *office.Office
	Language  string // "zh", "en"
}

// Write gives the file. What the office has to add is marked in it.
func Write(in Input) ([]byte, error) {
	unit, date := in.Office.Desk.Name.In(in.Language), day(in.Meeting.When, in.Language)
	title := in.says("minutes.title")
	doc := word.New(word.Properties{Title: title, Author: unit, Language: in.Language, Created: in.Meeting.When})
	doc.Title(in.says("minutes.of", month(in)), unit, title)
	doc.Body(in.says("minutes.opening", date, in.Meeting.When.In(ticket.Zone).Format("15:04"), orBlank(in.Meeting.Place), orBlank(in.Meeting.Chair), month(in)))
	in.agenda(doc)
	in.decisions(doc)
	in.people(doc)
	doc.Sign(unit, date)
	return doc.Bytes()
}

func (in Input) says(key string, args ...any) string { return phrase.In(in.Language, key, args...) }

func (in Input) agenda(doc *word.Document) {
	doc.Heading(1, in.says("minutes.agenda"))
	for i, item := range in.Meeting.Agenda {
		doc.Body(fmt.Sprintf("%d. %s", i+1, item))
	}
	doc.Blank(in.says("minutes.add"))
}

func (in Input) decisions(doc *word.Document) {
	doc.Heading(1, in.says("minutes.decided"))
	if len(in.Decisions) == 0 {
		doc.Body(in.says("minutes.nothing"))
	}
	for _, d := range in.Decisions {
		doc.Heading(2, in.says("minutes.number", d.Resolved.Number))
		doc.Body(d.Text)
		doc.Body(in.says("minutes.duty", in.Office.SectionName(d.Section, in.Language), day(d.AnswerBy, in.Language), d.Ticket))
	}
}

func (in Input) people(doc *word.Document) {
	doc.Heading(1, in.says("minutes.people"))
	for _, p := range meeting.Presences() {
		var who []string
		for _, a := range in.Meeting.Attendance {
			if a.Presence == p {
				who = append(who, a.Who)
			}
		}
		if len(who) > 0 {
			doc.Body(in.says("presence."+string(p)) + in.says("minutes.colon") + strings.Join(who, in.says("minutes.comma")))
		}
	}
}

func orBlank(text string) string {
	if text == "" {
		return "____"
	}
	return text
}

func month(in Input) string {
	if in.Language == "en" {
		return in.Meeting.Month.Start().Format("January 2006")
	}
	return in.Meeting.Month.Start().Format("2006年1月")
}

func day(t time.Time, language string) string {
	if language == "en" {
		return t.In(ticket.Zone).Format("2 January 2006")
	}
	return t.In(ticket.Zone).Format("2006年1月2日")
}
