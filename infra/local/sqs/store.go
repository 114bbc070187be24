package sqs

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

// A message is visible when visible_at has passed. One that is not is in flight when it was received before, else it
// is delayed. Times are milliseconds since 1970.
const schema = `
CREATE TABLE IF NOT EXISTS queue (
	id         INTEGER PRIMARY KEY AUTOINCREMENT,
	name       TEXT NOT NULL UNIQUE,
	attributes TEXT NOT NULL, -- JSON: those that were set
	created    INTEGER NOT NULL,
	modified   INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS message (
	id             INTEGER PRIMARY KEY AUTOINCREMENT,
	queue          INTEGER NOT NULL REFERENCES queue(id) ON DELETE CASCADE,
	message_id     TEXT NOT NULL,
	body           TEXT NOT NULL,
	attributes     TEXT NOT NULL, -- JSON: message attributes
	trace          TEXT NOT NULL, -- system attribute AWSTraceHeader, or empty
	sent           INTEGER NOT NULL,
	visible_at     INTEGER NOT NULL,
	receives       INTEGER NOT NULL DEFAULT 0,
	first_received INTEGER NOT NULL DEFAULT 0,
	receipt        TEXT NOT NULL DEFAULT '', -- of the last receive: older ones are stale
	source         TEXT NOT NULL DEFAULT ''  -- queue it was moved from when it failed too often
) STRICT;
CREATE INDEX IF NOT EXISTS message_visible ON message (queue, visible_at, id, receives);
CREATE INDEX IF NOT EXISTS message_sent ON message (queue, sent);`

// maxVisibility is the longest a message can stay invisible.
const maxVisibility = 12 * time.Hour

var errNoQueue = errors.New("no such queue")

// store is the SQLite file. All writes go through one connection: SQLite has one writer at a time anyway, and waiting
// for a connection is fair where waiting for its lock is not. Reads have their own and never wait for writes.
type store struct{ write, read *sql.DB }

// openStore opens the file with synchronous=FULL: a send is acknowledged when it is on disk. The stream's poller
// syncs its checkpoint after the send, so a queue that lost its last second in a power failure would leave a gap.
func openStore(path string, now time.Time) (*store, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	file := "file:" + (&url.URL{Path: absolute}).EscapedPath() +
		"?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)"
	write, err := sql.Open("sqlite", file+"&_txlock=immediate")
	if err != nil {
		return nil, err
	}
	write.SetMaxOpenConns(1)
	read, err := sql.Open("sqlite", file+"&_pragma=query_only(1)")
	if err != nil {
		return nil, errors.Join(err, write.Close())
	}
	read.SetMaxOpenConns(4)
	read.SetMaxIdleConns(4)
	s := &store{write: write, read: read}
	if err := s.prepare(now); err != nil {
		return nil, errors.Join(fmt.Errorf("prepare %s: %w", path, err), s.Close())
	}
	return s, nil
}

func (s *store) prepare(now time.Time) error {
	if _, err := s.write.Exec(schema); err != nil {
		return err
	}
	// A stack whose clock was set ahead and now is not would hide its messages until that time comes again.
	_, err := s.write.Exec(`UPDATE message SET visible_at = ? WHERE visible_at > ?`,
		now.UnixMilli(), now.Add(maxVisibility).UnixMilli())
	return err
}

func (s *store) Close() error { return errors.Join(s.read.Close(), s.write.Close()) }

// transaction runs do and commits, or rolls back when do fails.
func (s *store) transaction(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // after a commit it does nothing
	if err := do(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// queryer is a database or a transaction.
type queryer interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

func (s *store) queue(ctx context.Context, name string) (*queue, error) {
	return findQueue(ctx, s.read, name)
}

// findQueue returns errNoQueue when there is none of the name.
func findQueue(ctx context.Context, db queryer, name string) (*queue, error) {
	q := &queue{name: name}
	var attributes string
	err := db.QueryRowContext(ctx, `SELECT id, attributes, created, modified FROM queue WHERE name = ?`, name).
		Scan(&q.id, &attributes, &q.created, &q.modified)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, errNoQueue
	}
	if err != nil {
		return nil, fmt.Errorf("find queue %s: %w", name, err)
	}
	if err := json.Unmarshal([]byte(attributes), &q.attributes); err != nil {
		return nil, fmt.Errorf("read attributes of queue %s: %w", name, err)
	}
	return q, nil
}
