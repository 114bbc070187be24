package dynamodb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

// What dynoxide leaves undone is done here from outside, in its SQLite file while it runs. Its table of stream
// records has no index and is never trimmed: without the index every write reads all records of its table to find
// the next sequence number (206 ms a write at a million records, 0.8 ms with it). That leans on a private schema,
// so the version is pinned and the schema checked.
const (
	schemaVersion = "9"

	// streamIndex serves the three queries dynoxide makes: the next number, the records after a number, and the
	// first and last number, which it answers from the index alone.
	streamIndex = `CREATE INDEX IF NOT EXISTS steledesk_stream ON _stream_records
		(table_name, CAST(sequence_number AS INTEGER), shard_id, sequence_number)`

	trimEvery = 10 * time.Minute
	trimBatch = 500 // records deleted at once; the engine gives up on a lock after 5 s, this holds it some ms
)

func streamColumns() []string {
	return []string{"id", "table_name", "event_name", "keys_json", "new_image", "old_image",
		"sequence_number", "shard_id", "created_at", "user_identity"}
}

// file is the engine's database, opened beside the engine.
type file struct{ *sql.DB }

func openFile(ctx context.Context, path string) (*file, error) {
	dsn := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(),
		RawQuery: "mode=rw&_pragma=busy_timeout(4000)&_txlock=immediate"}
	db, err := sql.Open("sqlite", dsn.String())
	if err != nil {
		return nil, fmt.Errorf("open engine's file: %w", err)
	}
	db.SetMaxOpenConns(1)
	f := &file{db}
	if err := f.prepare(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("prepare engine's file %s: %w", path, err), db.Close())
	}
	return f, nil
}

func (f *file) prepare(ctx context.Context) error {
	var version string
	if err := f.QueryRowContext(ctx, `SELECT value FROM _config WHERE key = 'schema_version'`).Scan(&version); err != nil {
		return fmt.Errorf("read schema version: %w", err)
	}
	columns, err := f.strings(ctx, `SELECT name FROM pragma_table_info('_stream_records') ORDER BY cid`)
	if err != nil {
		return fmt.Errorf("read schema: %w", err)
	}
	if version != schemaVersion || !slices.Equal(columns, streamColumns()) {
		return fmt.Errorf("schema %s with stream columns %s is not the one of dynoxide %s (schema %s, %s)", version,
			strings.Join(columns, ","), Version, schemaVersion, strings.Join(streamColumns(), ","))
	}
	if _, err := f.ExecContext(ctx, streamIndex); err != nil {
		return fmt.Errorf("make stream index: %w", err)
	}
	return nil
}

// strings runs a query of one text column.
func (f *file) strings(ctx context.Context, query string, args ...any) ([]string, error) {
	rows, err := f.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var one string
		if err := rows.Scan(&one); err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

// oldest is the lowest sequence number still kept of a table's stream; ok is false when there is none.
func (f *file) oldest(ctx context.Context, table string) (number int64, ok bool, err error) {
	var lowest sql.NullInt64
	err = f.QueryRowContext(ctx,
		`SELECT MIN(CAST(sequence_number AS INTEGER)) FROM _stream_records WHERE table_name = ?`, table).Scan(&lowest)
	return lowest.Int64, lowest.Valid, err
}

// trim deletes up to a batch of the records stored before the given time, oldest first, and returns how many.
// Each table's last record stays: its number is where the engine counts on from.
func (f *file) trim(ctx context.Context, before time.Time) (int64, error) {
	result, err := f.ExecContext(ctx, `
		DELETE FROM _stream_records WHERE id IN (
			SELECT id FROM (SELECT id, created_at FROM _stream_records ORDER BY id
			                LIMIT ? + (SELECT COUNT(*) FROM _tables))
			WHERE created_at < ? AND id NOT IN (
				SELECT last FROM (SELECT (SELECT id FROM _stream_records r WHERE r.table_name = t.table_name
					ORDER BY CAST(sequence_number AS INTEGER) DESC LIMIT 1) AS last FROM _tables t)
				WHERE last IS NOT NULL))`, trimBatch, before.Unix())
	if err != nil {
		return 0, fmt.Errorf("trim stream records: %w", err)
	}
	return result.RowsAffected()
}

// keepTrimmed trims now and then until ctx ends. Stream records carry the machine's time, not the stack's.
func (s *Server) keepTrimmed(ctx context.Context) {
	ticker := time.NewTicker(trimEvery)
	defer ticker.Stop()
	for {
		if err := s.trimAll(ctx, time.Now().Add(-s.options.KeepStream)); err != nil && ctx.Err() == nil {
			s.options.Logger.Warn("stream records stay for now", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

func (s *Server) trimAll(ctx context.Context, before time.Time) error {
	for {
		deleted, err := s.file.trim(ctx, before)
		if err != nil || deleted == 0 {
			return err
		}
		if err := pause(ctx, 10*time.Millisecond); err != nil { // let the engine's writers in between
			return err
		}
	}
}
