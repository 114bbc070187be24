package meeting

import (
	"context"
	"errors"
	"io"
	"time"

	"steledesk/shared/digest"
)

// Edition is a month's digest as it was given out. It stays as it is: a correction is another edition.
type Edition struct {
	Month  digest.Month  `json:"month"`
	Number int           `json:"number"` // from 1
	Hash   string        `json:"hash"`   // hex SHA-256 of the digest's JSON: the folder of its papers
	By     string        `json:"by"`     // the account that asked for it; empty: the schedule
	Reason string        `json:"reason,omitempty"`
	At     time.Time     `json:"at"`
	Digest digest.Digest `json:"digest"`
	Papers []PaperRef    `json:"papers"`
}

// Paper is one of the documents of an edition.
type Paper struct {
	Name string // such as digest.html
	Type string // its media type
	Body []byte
}

// PaperRef names a stored paper.
type PaperRef struct {
	Name string `json:"name"`
	Type string `json:"type"`
	Size int    `json:"size"` // bytes
}

// Paper finds a paper of the edition by its name.
func (e Edition) Paper(name string) (PaperRef, bool) {
	for _, p := range e.Papers {
		if p.Name == name {
			return p, true
		}
	}
	return PaperRef{}, false
}

// Key is where a file of the edition is kept.
func (e Edition) Key(name string) string {
	return "digests/" + string(e.Month) + "/" + e.Hash + "/" + name
}

// Errors of the stores.
var (
	ErrNoEdition = errors.New("there is no such edition")
	ErrTaken     = errors.New("there is an edition of that number")
	ErrNoFile    = errors.New("there is no such file")
)

// Editions keeps editions: *dynamo.Table.
type Editions interface {
	// LatestEdition reads the newest edition of a month. ErrNoEdition.
	LatestEdition(ctx context.Context, month digest.Month) (Edition, error)
	// PutEdition stores an edition unless there is one of its number. ErrTaken.
	PutEdition(ctx context.Context, e Edition) error
}

// Files keeps what belongs to editions: *bucket.Papers.
type Files interface {
	// Put stores a file, over what was stored under its key before.
	Put(ctx context.Context, key, mediaType string, body io.ReadSeeker) error
	// Get reads a file; whoever asks closes it. ErrNoFile.
	Get(ctx context.Context, key string) (io.ReadCloser, error)
}
