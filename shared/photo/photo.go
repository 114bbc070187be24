// Package photo is what a visitor's photo may be and what becomes of it: an upload is made anew, or refused for a reason
// that its visitor is told. Package darkroom does that; this one is pure and knows no picture from another.
package photo

import (
	"strings"
	"time"
)

// Bounds of a photo.
const (
	MaxBytes  = 10 << 20   // of an upload
	MaxPixels = 40_000_000 // of an upload; DECISIONS.md has the arithmetic
	MaxSide   = 1600       // pixels of a clean photo's longer side
	ThumbSide = 320        // pixels of its thumbnail's
)

// State is how far a photo has come. Values are the names of the table and the API.
type State string

// The states.
const (
	Waiting State = "waiting" // not uploaded yet, or not cleaned
	Ready   State = "ready"
	Refused State = "refused" // never shown to anybody
)

// Reason says why a photo was refused. It is a stable code; package phrase has its words.
type Reason string

// The reasons.
const (
	NotAPhoto     Reason = "not-a-photo" // no picture, or in no format that is read here
	HEIC          Reason = "heic"        // HEIC, HEIF or AVIF
	Animated      Reason = "animated"
	TooManyPixels Reason = "too-many-pixels"
	TooBig        Reason = "too-big" // in bytes
	Damaged       Reason = "damaged"
	Failed        Reason = "failed"  // cleaning took too long or broke down
	Missing       Reason = "missing" // it never arrived
)

// Reasons lists every reason.
func Reasons() []Reason {
	return []Reason{NotAPhoto, HEIC, Animated, TooManyPixels, TooBig, Damaged, Failed, Missing}
}

// Refusal is the error of an upload that cannot be cleaned, for ever.
type Refusal struct {
	Reason Reason
	Err    error // what the decoder said; may be nil
}

func (r *Refusal) Error() string {
	if r.Err == nil {
		return "photo refused: " + string(r.Reason)
	}
	return "photo refused: " + string(r.Reason) + ": " + r.Err.Error()
}

func (r *Refusal) Unwrap() error { return r.Err }

// Clean is a photo made anew: upright, of bounded size, with nothing of the upload but its picture.
type Clean struct {
	JPEG, Thumbnail []byte // baseline JPEGs without any application data or comment
	Width, Height   int    // pixels of JPEG
}

// Photo is what became of an upload.
type Photo struct {
	ID            string
	State         State
	Reason        Reason // of a refused one
	Width, Height int    // pixels of the clean photo

	URL, Thumbnail string // of a ready one: where it can be had for a while
}

// arrives is how long after it was named in a ticket a photo may still become ready: as long as uploads are kept.
const arrives = 24 * time.Hour

// Seen gives a photo as it is at now, when it was named at named: what has not arrived by then never will.
func (p Photo) Seen(named, now time.Time) Photo {
	if p.State == "" {
		p.State = Waiting
	}
	if p.State == Waiting && now.Sub(named) > arrives {
		p.State, p.Reason = Refused, Missing
	}
	return p
}

// IsID reports whether text has the form of a photo's id: 26 base32 characters, a hyphen, 16 hexadecimal digits. So it
// is part of a key and never leads anywhere else.
func IsID(text string) bool {
	name, sum, _ := strings.Cut(text, "-")
	return len(name) == 26 && len(sum) == 16 &&
		strings.Trim(name, "abcdefghijklmnopqrstuvwxyz234567") == "" && strings.Trim(sum, "0123456789abcdef") == ""
}
