package dynamo

import (
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"steledesk/infra/local/awsendpoint/awstest"
	"steledesk/shared/audit"
	"steledesk/shared/desk"
)

// emptyTable is a table in which there is never anything. It counts what it is asked.
type emptyTable struct{ asked int }

func (e *emptyTable) Do(*http.Request) (*http.Response, error) {
	e.asked++
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}},
		Body: io.NopCloser(strings.NewReader(`{"Items":[],"Count":0}`))}, nil
}

// FuzzCursors: a cursor of the record, or of a supervisor's feedback, is one that a page gave, or is refused by name
// before anything is asked.
func FuzzCursors(f *testing.F) {
	cfg, table := awstest.Config("http://nowhere.invalid"), &emptyTable{}
	cfg.HTTPClient = table
	open := Open(cfg, "steledesk")
	for _, place := range []string{"2026-11-23T01:00:00.000Z#WX-7K3FQ2MK", "2026-11-23T01:00:00.000Z#abc.1", "~", "HEAD", "\x00"} {
		f.Add(base64.RawURLEncoding.EncodeToString([]byte(place)), "2026-11-23", "supervisor")
	}
	f.Add("====", "0000-01-01", "x#y")
	f.Add(strings.Repeat("A", 3000), "9999-12-31", "")
	f.Fuzz(func(t *testing.T, cursor, day, login string) {
		at, err := time.Parse(time.DateOnly, day)
		if err != nil {
			at = nine
		}
		for name, call := range map[string]func() error{
			"record": func() error {
				_, err := open.AuditPage(t.Context(), at, audit.Books{Matters: true}, 10, cursor)
				return err
			},
			"feedback": func() error { _, _, err := open.FiledBy(t.Context(), login, cursor, 10); return err },
		} {
			before := table.asked
			err := call()
			if asked := table.asked - before; err != nil && (!errors.Is(err, desk.ErrCursor) || asked > 0) {
				t.Errorf("%s: cursor %q: %v after %d calls", name, cursor, err, asked)
			}
		}
	})
}
