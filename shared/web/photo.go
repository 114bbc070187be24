package web

import (
	"steledesk/shared/httpapi"
	"steledesk/shared/phrase"
	"steledesk/shared/ticket"
)

// ShownPhotos are the photos of one event of a ticket.
type ShownPhotos struct {
	Frame
	Photos []httpapi.Photo
}

// Photos gives what the page shows of an event's photos.
func (p TicketPage) Photos(e ticket.Event) ShownPhotos {
	return ShownPhotos{p.Frame, httpapi.PhotosOf(e.Data.Photos, p.View.Photos, p.Language)}
}

// Name is what the i-th photo is called, from 0.
func (s ShownPhotos) Name(i int) string { return s.T("page.photo.name", i+1) }

// Open says what the i-th thumbnail is for.
func (s ShownPhotos) Open(i int) string { return s.T("page.photo.open", i+1) }

// plainPlaces is how many photos a form takes at once without a script.
const plainPlaces = 3

// Kept lists the ids of photos that came with the form before.
func (f Form) Kept() []string { return f.Typed["photos"] }

// KeptSays tells of the photos that are kept, or nothing.
func (f Form) KeptSays() string {
	if len(f.Kept()) == 0 {
		return ""
	}
	return phrase.In(f.Language, "page.photo.kept", len(f.Kept()))
}

// PhotoHint says which photos a form takes.
func (f Form) PhotoHint() string { return phrase.In(f.Language, "page.photo.hint") }

// Optional marks what may be left out.
func (f Form) Optional() string { return phrase.In(f.Language, "page.optional") }

// PhotoPlaces numbers the places for photos that a form has left, from 1.
func (f Form) PhotoPlaces() []int {
	var places []int
	for n := range min(plainPlaces, ticket.MaxPhotos-len(f.Kept())) {
		places = append(places, len(f.Kept())+n+1)
	}
	return places
}

// PhotoName is what the n-th place is called.
func (f Form) PhotoName(n int) string { return phrase.In(f.Language, "page.photo.name", n) }

// TakesPhotos reports whether photos may come with a command.
func (c CommandForm) TakesPhotos() bool {
	return c.Form.Name == string(ticket.Message) || c.Form.Name == string(ticket.Supply)
}
