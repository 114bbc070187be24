package dynamo

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"steledesk/infra/local/awsendpoint/awstest"
	"steledesk/shared/office"
	"steledesk/shared/ticket"
)

func wholes(t *testing.T, n int) []Whole {
	t.Helper()
	all := make([]Whole, n)
	for i := range all {
		head, events, err := ticket.Apply(ticket.Head{}, ticket.Command{
			Name: ticket.File, By: ticket.Actor{Role: ticket.Visitor}, Number: fmt.Sprintf("WX-%08d", i), Kind: ticket.Complaint,
			Text: "路灯不亮", Section: "works",
		}, ticket.Moment{Now: nine, Terms: office.Default()})
		if err != nil {
			t.Fatal(err)
		}
		all[i] = Whole{Head: head, Events: events}
		if i%2 == 0 {
			all[i].Contact = "sealed"
		}
	}
	return all
}

// What is loaded is read back as if it had been filed, more of it than one call takes.
func TestLoad(t *testing.T) {
	table := newTable(t)
	all := wholes(t, 30)
	if err := table.Load(t.Context(), all); err != nil {
		t.Fatal(err)
	}
	if err := table.Load(t.Context(), all[:3]); err != nil {
		t.Fatalf("loaded again: %v", err)
	}
	for i, w := range all {
		s, err := table.Ticket(t.Context(), w.Head.Number)
		if err != nil {
			t.Fatal(err)
		}
		if s.Head.Hash != w.Head.Hash || !s.Head.Alarm.Equal(w.Head.Alarm) || len(s.Records) != 1 || s.Records[0].Hash != w.Head.Hash {
			t.Fatalf("ticket %d: got %+v, want %+v", i, s, w)
		}
		if sealed, err := table.Contact(t.Context(), w.Head.Number, nine); err != nil || sealed != w.Contact {
			t.Fatalf("contact %d: got %q, %v, want %q", i, sealed, err, w.Contact)
		}
	}
}

// A table under load takes a part of a batch and gives the rest back without an error.
func TestLoadInParts(t *testing.T) {
	table := newTable(t)
	target, err := url.Parse(endpoint)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(target)
	var refused atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		var asked struct{ RequestItems json.RawMessage }
		if err := json.Unmarshal(body, &asked); err != nil {
			t.Error(err)
		}
		if strings.HasSuffix(r.Header.Get("X-Amz-Target"), "BatchWriteItem") && refused.Add(1) <= 3 {
			w.Header().Set("Content-Type", "application/x-amz-json-1.0")
			_, _ = fmt.Fprintf(w, `{"UnprocessedItems":%s}`, asked.RequestItems)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		proxy.ServeHTTP(w, r)
	}))
	defer server.Close()
	slow := Open(awstest.Config(server.URL), table.name)
	all := wholes(t, 2)
	if err := slow.Load(t.Context(), all); err != nil {
		t.Fatal(err)
	}
	if got := refused.Load(); got != 4 {
		t.Errorf("got %d calls, want 3 that took nothing and one more", got)
	}
	for _, w := range all {
		if _, err := table.Ticket(t.Context(), w.Head.Number); err != nil {
			t.Errorf("%s: %v", w.Head.Number, err)
		}
	}
}
