// Package archive is a desk in a folder, as steledesk export writes it and steledesk import reads it:
//
//	manifest.json      what is in the folder, and its digest; written last, so a folder without it is not whole
//	table.ndjson.gz    every item of the table, a line each, in DynamoDB's JSON
//	objects.ndjson.gz  every file of the buckets, a line each: bucket, key, media type, size, SHA-256
//	photos/, papers/   the files, by their keys
//
// The digest is the SHA-256 over the sorted sums of all items and files: two desks that hold the same have the same,
// whatever order they were read in.
package archive

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"time"
)

// Format is the version of the layout.
const Format = 1

const (
	manifestFile = "manifest.json"
	tableFile    = "table.ndjson.gz"
	objectsFile  = "objects.ndjson.gz"
)

// Manifest says what is in an archive.
type Manifest struct {
	Format  int       `json:"format"`
	Stack   string    `json:"stack"`
	Region  string    `json:"region"`
	Began   time.Time `json:"began"`
	Ended   time.Time `json:"ended"`
	Keys    string    `json:"keys"` // a known word sealed with the desk's keys: whoever can open it has them
	Items   int       `json:"items"`
	Tickets int       `json:"tickets"`
	Objects int       `json:"objects"`
	Bytes   int64     `json:"bytes"` // of the objects
	Digest  string    `json:"digest"`
}

// Object is a file of a bucket.
type Object struct {
	Bucket string `json:"bucket"` // photos or papers
	Key    string `json:"key"`
	Type   string `json:"type"`
	Size   int64  `json:"size"`
	Sum    string `json:"sum"` // hex SHA-256
}

func (o Object) path() string { return o.Bucket + "/" + o.Key }

// checkPath refuses a key that leads out of the folder, or that two keys could share a place with.
func (o Object) checkPath() error {
	if !filepath.IsLocal(o.path()) || path.Clean(o.path()) != o.path() {
		return fmt.Errorf("the key %q of bucket %s is no path within a folder", o.Key, o.Bucket)
	}
	return nil
}

// digest is that of an archive whose things have these sums. It sorts them.
func digest(sums []Sum) string {
	slices.SortFunc(sums, func(a, b Sum) int { return bytes.Compare(a[:], b[:]) })
	h := sha256.New()
	for _, s := range sums {
		h.Write(s[:])
	}
	return hex.EncodeToString(h.Sum(nil))
}
