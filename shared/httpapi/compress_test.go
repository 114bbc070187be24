package httpapi

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"io"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
)

func TestLongTextsArePackedForWhoeverTakesIt(t *testing.T) {
	long := strings.Repeat("碑林 ", 1000)
	for _, tt := range []struct {
		accepts, kind, body string
		packed              bool
	}{
		{"gzip, deflate, br", "text/html; charset=utf-8", long, true}, {"br, gzip;q=0.5", "application/problem+json", long, true},
		{"", "text/html", long, false}, {"gzip;q=0", "text/html", long, false}, {"gzip;q=0.000, br", "text/html", long, false},
		{"xgzip", "text/html", long, false}, {"gzip", "image/png", long, false}, {"gzip", "text/html", "short", false},
	} {
		r := &Request{Event: events.APIGatewayV2HTTPRequest{Headers: map[string]string{"accept-encoding": tt.accepts}}}
		got, err := compressed(r, write(Response{Status: 200, Headers: map[string]string{"content-type": tt.kind}, Body: []byte(tt.body)}))
		if err != nil || got.IsBase64Encoded != tt.packed || (got.Headers["content-encoding"] == "gzip") != tt.packed {
			t.Errorf("%q, %s: packed %v, %v, want %v", tt.accepts, tt.kind, got.IsBase64Encoded, err, tt.packed)
			continue
		}
		if tt.packed && unpack(t, got.Body) != tt.body {
			t.Errorf("%q: another text comes out", tt.accepts)
		}
	}
}

func unpack(t *testing.T, body string) string {
	t.Helper()
	packed, err := base64.StdEncoding.DecodeString(body)
	if err != nil {
		t.Fatal(err)
	}
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
