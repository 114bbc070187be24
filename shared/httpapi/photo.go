package httpapi

import (
	"steledesk/shared/photo"
	"steledesk/shared/phrase"
)

// Photo is a photo of a ticket as the API writes it. URL and Thumbnail work for a quarter of an hour.
type Photo struct {
	ID        string       `json:"id"`
	State     photo.State  `json:"state"`
	Reason    photo.Reason `json:"reason,omitempty"` // of a refused one
	Says      string       `json:"says,omitempty"`   // why there is nothing to be seen, in the caller's language
	URL       string       `json:"url,omitempty"`
	Thumbnail string       `json:"thumbnail,omitempty"`
	Width     int          `json:"width,omitempty"` // pixels
	Height    int          `json:"height,omitempty"`
}

// PhotosOf writes the photos that an event names.
func PhotosOf(ids []string, known map[string]photo.Photo, language string) []Photo {
	var all []Photo
	for _, id := range ids {
		p, there := known[id]
		if !there {
			continue
		}
		all = append(all, Photo{
			ID: p.ID, State: p.State, Reason: p.Reason, Says: PhotoSays(p, language),
			URL: p.URL, Thumbnail: p.Thumbnail, Width: p.Width, Height: p.Height,
		})
	}
	return all
}

// PhotoSays tells why a photo cannot be seen, or nothing.
func PhotoSays(p photo.Photo, language string) string {
	switch p.State {
	case photo.Ready:
		return ""
	case photo.Refused:
		return phrase.In(language, "photo."+string(p.Reason))
	}
	return phrase.In(language, "photo.waiting")
}
