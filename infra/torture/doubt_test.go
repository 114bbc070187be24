package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"steledesk/infra/torture/raw"
	"steledesk/shared/dynamo"
)

// The desk's own note of a telling is read as one: a death before it would leave a doubt that nobody knew of.
func TestTheDesksNoteIsRead(t *testing.T) {
	var bodies []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		bodies = append(bodies, string(body))
		_, _ = io.WriteString(w, "{}")
	}))
	defer server.Close()
	table := dynamo.Open(aws.Config{
		Region: "us-east-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""),
	}, "steledesk")
	all := []dynamo.Delivery{{Event: "WX-K37G0A0H.1", At: time.Now(), Holder: "m1"}, {Event: "WX-K37G0A0H.12", At: time.Now(), Holder: "m2"}}
	if err := table.Told(t.Context(), programPrefix+"visitors", all, time.Now()); err != nil {
		t.Fatal(err)
	}
	section := func(channel string) string { return strings.TrimPrefix(channel, programPrefix) }
	found := raw.Notes([]byte(bodies[0]), section)
	if len(bodies) != 1 || len(found) != 2 || found[0] != (raw.Told{Section: "visitors", Event: "WX-K37G0A0H.1"}) || found[1].Event != "WX-K37G0A0H.12" {
		t.Errorf("%d calls; of %.300s these were read: %+v", len(bodies), bodies[0], found)
	}
}
