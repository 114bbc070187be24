package web

import (
	"steledesk/shared/httpapi"
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
