package start

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"os"
	"strings"
	"testing"

	"steledesk/shared/dynamo"
	"steledesk/shared/dynamo/dynamotest"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
	"steledesk/shared/visitor/visitortest"
)

func TestMain(m *testing.M) { os.Exit(dynamotest.Main(m)) }

// What is stored of a ticket is one line of the log, however it is written, and a call that comes again is none: a
// successful filing or command used to leave nothing that an operator could follow.
func TestWhatIsStoredIsInTheLogOnce(t *testing.T) {
	var log bytes.Buffer
	d := visitortest.Desk(&Store{dynamo.Open(dynamotest.Table(t)), slog.New(slog.NewJSONHandler(&log, nil))})
	f, now := visitortest.Complaint(), visitortest.Nine
	r := visitortest.File(t, d, f)
	visitortest.File(t, d, f)
	for range 2 {
		message := ticket.Command{Name: ticket.Message, Text: "请问进展"}
		if _, err := d.Do(t.Context(), r.Number, r.Code, "a-key-of-a-message", message, now); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := d.Do(t.Context(), r.Number, r.Code, "", ticket.Command{Name: ticket.Rate, Solved: "yes", Level: 5}, now); err == nil {
		t.Fatal("a matter that is not answered was rated")
	}
	if _, err := d.SetContact(t.Context(), r.Number, r.Code, visitor.Contact{Name: "李四", Phone: "13900001234"}, now); err != nil {
		t.Fatal(err)
	}
	var got []string
	for line := range strings.Lines(log.String()) {
		var l struct {
			Msg, Ticket, What, State string
			Version                  int
		}
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatal(err)
		}
		if l.Msg != "stored" || l.Ticket != r.Number || l.State != "assigned" || l.Version != len(got)+1 {
			t.Errorf("line %d: %s", len(got)+1, line)
		}
		got = append(got, l.What)
	}
	if want := "filed messaged contact-changed"; strings.Join(got, " ") != want {
		t.Errorf("stored %q, want %q", got, want)
	}
	for _, private := range []string{"张三", "李四", "13800001234", "13900001234", "窗口", "请问进展", f.Key, "a-key-of-a-message", r.Code} {
		if strings.Contains(log.String(), private) {
			t.Errorf("%q is in the log: %s", private, log.String())
		}
	}
}
