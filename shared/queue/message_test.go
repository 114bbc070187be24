package queue_test

import (
	"crypto/md5" //nolint:gosec // SQS's own checksum
	"encoding/hex"
	"encoding/json"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/shared/queue"
	"steledesk/shared/ticket"
)

func md5Of(s string) string {
	sum := md5.Sum([]byte(s)) //nolint:gosec // SQS's own checksum
	return hex.EncodeToString(sum[:])
}

// What nobody could act on is refused by name, so that it fails alone: one bad id used to make a channel refuse the
// whole burst it was told in.
func TestParseMessage(t *testing.T) {
	good := filed(t, 1, "ticketing", ticket.Complaint)
	text, err := json.Marshal(queue.NewMessage(good))
	if err != nil {
		t.Fatal(err)
	}
	if m, err := queue.ParseMessage(string(text)); err != nil || m.Event != good.ID() || !m.DueAt.Equal(good.After.AnswerBy) {
		t.Fatalf("got %+v, %v", m, err)
	}
	change := func(from, to string) string {
		out := strings.Replace(string(text), from, to, 1)
		if out == string(text) {
			t.Fatalf("%s is not in %s", from, text)
		}
		return out
	}
	for body, want := range map[string]string{
		"":                            "unexpected end",
		"[]":                          "cannot unmarshal",
		string(text) + "x":            "after top-level value",
		`{"v":1}`:                     `ticket "" is no number`,
		change(`"v":1`, `"v":2`):      "version 2, want 1",
		change(`"v":1`, `"v":"1"`):    "cannot unmarshal",
		change(`.1"`, `.2"`):          "is not number 1 of",
		change(`"seq":1`, `"seq":2`):  "is not number 2 of",
		change(`"WX-`, `"WX `):        "is not number 1 of",
		change(`complaint`, `rumour`): `kind "rumour"`,
		change(`assigned`, `lost`):    `state "lost"`,
		change(`"section":"ticketing"`, `"section":""`):                      "are required",
		change(`"at":"2026-11-23T09:00:00+08:00"`, `"at":"tomorrow"`):        "parsing time",
		change(`"at":"2026-11-23T09:00:00+08:00"`, `"was":"now"`):            "are required",
		change(`"ticket":"`+good.Ticket+`"`, `"ticket":"`+good.Ticket+` x"`): "is no number",
	} {
		if _, err := queue.ParseMessage(body); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", body, err, want)
		}
	}
	if _, err := queue.ParseMessage(change(`"v":1`, `"v":1,"later":"addition"`)); err != nil {
		t.Errorf("a field added within the version: %v", err)
	}
}

// Nothing a person wrote, and nobody's name, has a field to be in.
func TestMessagesHoldNoWords(t *testing.T) {
	e := filed(t, 1, "ticketing", ticket.Complaint)
	e.By = ticket.Actor{Role: ticket.SectionStaff, Login: "piaowu-zhang"}
	e.Words = &ticket.Words{Text: "排队太久", Wish: "快些", Salt: "salt"}
	e.Data.To, e.Data.Handler, e.Data.Photos = "县文旅局", "piaowu-zhang", []string{"photo-1"}
	text, err := json.Marshal(queue.NewMessage(e))
	if err != nil {
		t.Fatal(err)
	}
	for _, hidden := range []string{"piaowu", "排队", "快些", "salt", "文旅局", "photo"} {
		if strings.Contains(string(text), hidden) {
			t.Errorf("%q is in %s", hidden, text)
		}
	}
}

// A pause grows, and the tries take about twenty minutes. The last pause used to hold a dead letter, and its alarm,
// back for another fifteen.
func TestBackoff(t *testing.T) {
	for n, want := range map[int]time.Duration{
		-1: 15 * time.Second, 0: 15 * time.Second, 1: 15 * time.Second, 2: time.Minute, 3: 4 * time.Minute,
		4: 15 * time.Minute, queue.Tries: 0, 1000: 0,
	} {
		low, high := want, want
		for range 1000 {
			got := queue.Backoff(n)
			low, high = min(low, got), max(high, got)
		}
		if low < want*4/5 || high > want*6/5 || low == high && want != 0 {
			t.Errorf("after %d failures: between %s and %s, want a fifth around %s, and not always the same", n, low, high, want)
		}
	}
}

func TestTriesAreTheTemplates(t *testing.T) {
	template, err := os.ReadFile("../../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for queueOf, tries := range map[string]int{"SectionQueue${Section}": queue.Tries, "Visitors": queue.VisitorTries, "DigestOrders": queue.DigestTries} {
		_, rest, found := strings.Cut(string(template), queueOf+":")
		_, rest, redrives := strings.Cut(rest, "maxReceiveCount: ")
		if line, _, _ := strings.Cut(rest, "\n"); !found || !redrives || line != strconv.Itoa(tries) {
			t.Errorf("the template's maxReceiveCount of %s is %s, want %d", queueOf, line, tries)
		}
	}
	if n := strings.Count(string(template), "maxReceiveCount:"); n != 3 {
		t.Errorf("%d queues of the template make dead letters, want 3", n)
	}
}

func TestReceivedAndName(t *testing.T) {
	for count, want := range map[string]int{"3": 3, "": 1, "many": 1} {
		if got := queue.Received(events.SQSMessage{Attributes: map[string]string{"ApproximateReceiveCount": count}}); got != want {
			t.Errorf("%q: got %d, want %d", count, got, want)
		}
	}
	for arn, want := range map[string]string{"arn:aws:sqs:us-east-1:1:q-section-a": "q-section-a", "": ""} {
		if got := queue.Name(events.SQSMessage{EventSourceARN: arn}); got != want {
			t.Errorf("%q: got %q, want %q", arn, got, want)
		}
	}
}

func TestFailures(t *testing.T) {
	for want, ids := range map[string][]string{
		`{"batchItemFailures":[]}`:                       nil, // null would make Lambda think that everything failed
		`{"batchItemFailures":[{"itemIdentifier":"a"}]}`: {"a"},
	} {
		if got, err := json.Marshal(queue.Failures(ids)); string(got) != want || err != nil {
			t.Errorf("got %s, %v; want %s", got, err, want)
		}
	}
}
