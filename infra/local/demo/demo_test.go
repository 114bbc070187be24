package demo_test

import (
	"context"
	"encoding/json"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"steledesk/infra/local/build"
	"steledesk/infra/local/demo"
	"steledesk/infra/local/sink"
	"steledesk/infra/local/stack"
	"steledesk/infra/local/template"
	"steledesk/shared/dynamo"
)

// project is the folder of the template and the functions.
const project = "../../.."

// start runs the product itself: its template, its functions.
func start(t *testing.T, data, binaries string) *stack.Stack {
	t.Helper()
	s, err := stack.Start(context.Background(), stack.Settings{
		Template: filepath.Join(project, "template.yaml"), Binaries: binaries, Data: data,
		Modules: "../node_modules", Seed: demo.Seed(nil),
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// compile builds the product's functions.
func compile(t *testing.T) string {
	t.Helper()
	folders, err := template.Folders(filepath.Join(project, "template.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	binaries := t.TempDir()
	if err := build.Functions(context.Background(), project, binaries, folders, func(build.Built) {}); err != nil {
		t.Fatal(err)
	}
	return binaries
}

// file files a complaint about tickets and returns its number.
func file(t *testing.T, url, key string) string {
	t.Helper()
	request, err := http.NewRequest(http.MethodPost, url+"/v1/tickets",
		strings.NewReader(`{"kind":"complaint","category":"ticketing","text":"售票处排队太久，没有人维持秩序"}`))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Idempotency-Key", key)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var receipt struct{ Number string }
	if err := json.NewDecoder(response.Body).Decode(&receipt); err != nil || response.StatusCode != http.StatusCreated {
		t.Fatalf("filing is answered %s: %v", response.Status, err)
	}
	return receipt.Number
}

// told waits until a group was told of a ticket.
func told(t *testing.T, s *stack.Stack, section, number string) {
	t.Helper()
	timeout := time.After(30 * time.Second)
	for {
		changed := s.Sink().Changed()
		messages := s.Sink().Messages()
		if slices.ContainsFunc(messages, func(m sink.Message) bool { return m.Section == section && strings.Contains(m.Text, number) }) {
			return
		}
		select {
		case <-changed:
		case <-timeout:
			status, _ := json.MarshalIndent(s.Status(context.Background()), "", " ")
			t.Fatalf("nobody in %s was told of %s:\n%s", section, number, status)
		}
	}
}

// The product from the visitor's phone to the section's group; and again after a
// restart on another port, when the groups' addresses have moved.
func TestSectionIsTold(t *testing.T) {
	data, binaries := t.TempDir(), compile(t)
	for _, key := range []string{"first-filing-0001", "second-filing-0002"} {
		s := start(t, data, binaries)
		told(t, s, "ticketing", file(t, s.URL(), key))
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	}
}

// A restart on the same port must not write a version of the office data each time.
func TestSeedLeavesWhatItFinds(t *testing.T) {
	s := start(t, t.TempDir(), compile(t))
	defer s.Close()
	around := stack.Surroundings{AWS: s.AWS(), Model: s.Model(), URL: s.URL(), SMTP: s.SMTP(), Now: time.Now()}
	if err := demo.Seed(nil)(context.Background(), around); err != nil {
		t.Fatal(err)
	}
	data, version, err := dynamo.Open(s.AWS(), "steledesk").Office(context.Background())
	if err != nil || version != 1 {
		t.Fatalf("office data has version %d, error %v; want 1", version, err)
	}
	if len(data.Channels) != len(data.Sections)+3 {
		t.Errorf("got %d channels for %d sections", len(data.Channels), len(data.Sections))
	}
}
