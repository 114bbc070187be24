package events

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pb33f/jsonschema/v6"

	"steledesk/shared/queue"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor/visitortest"
)

const (
	schemaFile       = "section-message.v1.schema.json"
	papersSchemaFile = "papers-message.v1.schema.json"
)

func document(t *testing.T, text string) any {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func schema(t *testing.T, file string) (*jsonschema.Schema, map[string]any) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	doc := document(t, string(text))
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	if err := c.AddResource(file, doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(file)
	if err != nil {
		t.Fatal(err)
	}
	return s, doc.(map[string]any)
}

// whats are the events a ticket can have.
var whats = []ticket.What{
	ticket.Filed, ticket.AssignedTo, ticket.Transferred, ticket.Signed, ticket.Claimed, ticket.HandedOver, ticket.Asked,
	ticket.Supplied, ticket.ReturnAsked, ticket.Upheld, ticket.Denied, ticket.Extended, ticket.AnswerGiven, ticket.Approved,
	ticket.Rejected, ticket.Noted, ticket.Messaged, ticket.DeclinedBy, ticket.ReferredTo, ticket.WithdrawnBy, ticket.Urged,
	ticket.Overseen, ticket.Published, ticket.Unpublished, ticket.Rated, ticket.Reopened, ticket.Reminded, ticket.Escalated,
	ticket.ClosedSilent, ticket.ClosedRated,
}

// Every message of every event, kind and state is what the schema promises a section's consumer.
func TestMessagesFitTheirSchema(t *testing.T) {
	s, doc := schema(t, schemaFile)
	described := doc["properties"].(map[string]any)
	e := filed(t, visitortest.Complaint()).Event
	for _, what := range whats {
		for _, kind := range ticket.Kinds() {
			for i, state := range ticket.States() {
				e.What, e.After.Kind, e.After.State, e.After.Urgent = what, kind, state, i%2 == 0
				e.After.AnswerBy = time.Time{}
				if i%3 == 0 {
					e.After.AnswerBy = e.At.AddDate(0, 0, 7)
				}
				holds(t, s, described, e)
			}
		}
	}
	list := described["what"].(map[string]any)["description"].(string)
	for _, what := range whats {
		if !strings.Contains(list+",", " "+string(what)+",") && !strings.Contains(list, " "+string(what)+".") {
			t.Errorf("the schema does not name %s", what)
		}
	}
}

func holds(t *testing.T, s *jsonschema.Schema, described map[string]any, e ticket.Event) {
	t.Helper()
	text := body(t, e)
	v := document(t, text)
	if err := s.Validate(v); err != nil {
		t.Errorf("%s: %v", text, err)
	}
	for field := range v.(map[string]any) {
		if described[field] == nil {
			t.Errorf("the schema does not describe %s", field)
		}
	}
	if _, err := queue.ParseMessage(text); err != nil {
		t.Errorf("%s is not read back: %v", text, err)
	}
}

// The schema would not find a mistake if it took anything.
func TestSchemaRefuses(t *testing.T) {
	s, _ := schema(t, schemaFile)
	good := body(t, filed(t, visitortest.Complaint()).Event)
	report := body(t, filed(t, visitortest.Report()).Event)
	change := func(text, field string, value any) string {
		var m map[string]any
		if err := json.Unmarshal([]byte(text), &m); err != nil {
			t.Fatal(err)
		}
		m[field] = value
		out, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	for name, text := range map[string]string{
		"another version":                change(good, "v", 2),
		"an event of no ticket":          change(good, "event", "1"),
		"a letter numbers do not have":   change(good, "ticket", "WX-UUUUUUUU"),
		"a kind there is not":            change(good, "kind", "rumour"),
		"a time that is none":            change(good, "dueAt", "soon"),
		"a report that says where it is": change(report, "spot", "RK02"),
		"a report that says what it is":  change(report, "category", "corruption"),
	} {
		if s.Validate(document(t, text)) == nil {
			t.Errorf("%s was taken: %s", name, text)
		}
	}
	if err := s.Validate(document(t, change(good, "added", "within the version"))); err != nil {
		t.Errorf("a field added within the version: %v", err)
	}
}

// The batches in notify/ are the messages the schema describes, but for the poison.
func TestNotifyPayloadsFitTheSchema(t *testing.T) {
	s, _ := schema(t, schemaFile)
	for name, payload := range notifyPayloads(t) {
		for i, r := range payload.(batch).Records {
			_, err := queue.ParseMessage(r.Body)
			if poison := name == "notify/poison" && slices.Contains([]int{0, 2}, i); poison != (err != nil) {
				t.Errorf("%s: message %d: %v", name, i+1, err)
			} else if !poison && s.Validate(document(t, r.Body)) != nil {
				t.Errorf("%s: message %d: %v", name, i+1, s.Validate(document(t, r.Body)))
			}
		}
	}
}

// What tells the office of papers is what its schema promises, every field described, and nothing else is taken.
func TestPapersMessagesFitTheirSchema(t *testing.T) {
	s, doc := schema(t, papersSchemaFile)
	described := doc["properties"].(map[string]any)
	change := func(field string, value any) map[string]any {
		p := queue.NewPapers("2026-10", 12, time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC))
		text, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		m := document(t, string(text)).(map[string]any)
		if field != "" {
			m[field] = value
		}
		return m
	}
	good := change("", nil)
	if err := s.Validate(good); err != nil {
		t.Error(err)
	}
	for field := range good {
		if described[field] == nil {
			t.Errorf("the schema does not describe %s", field)
		}
	}
	for field, value := range map[string]any{
		"v": 2, "event": "papers-2026-10", "what": "filed", "month": "2026-13", "edition": 0, "at": "soon",
	} {
		if s.Validate(change(field, value)) == nil {
			t.Errorf("%s %v was taken", field, value)
		}
	}
}
