package httpapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/shared/visitor"
)

// secret is in everything of a call that a caller, a browser or the gateway fills in.
const secret = "13800001234"

// marked fills every text of a value with the secret, whatever a later version of the event adds, and gives how many.
func marked(v reflect.Value) int {
	switch v.Kind() {
	case reflect.String:
		v.SetString(secret)
		return 1
	case reflect.Struct:
		n := 0
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				n += marked(v.Field(i))
			}
		}
		return n
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return marked(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		return marked(v.Index(0))
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		n := marked(key) + marked(value)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
		return n
	case reflect.Interface:
		v.Set(reflect.ValueOf(secret))
		return 1
	}
	return 0
}

// line answers a call with an error and gives the one line that the log has of it.
func line(t *testing.T, e events.APIGatewayV2HTTPRequest, err error) map[string]any {
	t.Helper()
	var log bytes.Buffer
	m := Mux{Log: slog.New(LogHandler(slog.NewJSONHandler(&log, nil))), Routes: Routes{
		e.RouteKey: func(_ context.Context, r *Request) (Response, error) {
			if typed := e.QueryStringParameters["typed"]; typed != "" {
				r.Form = map[string][]string{"number": {typed}, "code": {secret}, "text": {secret}}
			}
			return Response{}, err
		},
	}}
	if _, err := m.Serve(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(log.Bytes(), &got); err != nil {
		t.Fatalf("%v: want one line, got %s", err, log.String())
	}
	if n := strings.Count(log.String(), `"request":`); n > 1 {
		t.Errorf("the request is there %d times: %s", n, log.String())
	}
	return got
}

// Of all that a call brings, a line has its route and its number at the gateway, and nothing else: no name, phone, code,
// words, address or key, whichever field they are in.
func TestALineHasNothingOfTheCallers(t *testing.T) {
	var e events.APIGatewayV2HTTPRequest
	if n := marked(reflect.ValueOf(&e).Elem()); n < 30 {
		t.Fatalf("%d texts of the event are filled in", n)
	}
	e.IsBase64Encoded, e.RouteKey, e.RequestContext.RequestID = false, "POST /v1/tickets/{number}/message", "JKJaXmPLvHcESHA="
	for _, err := range []error{
		visitor.ErrNotFound, &Invalid{Code: "invalid", Where: secret, Fields: []Field{{Pointer: "/" + secret, Message: secret}}},
		fmt.Errorf("%s: %w", secret, visitor.ErrKeyReused), errors.New("store ticket: table is away"),
	} {
		got := line(t, e, err)
		text := fmt.Sprint(got)
		if strings.Contains(text, secret) {
			t.Errorf("%v: the line has what the caller sent: %s", err, text)
		}
		if got["request"] != e.RequestContext.RequestID || got["route"] != e.RouteKey {
			t.Errorf("%v: %s", err, text)
		}
		known := []string{"code", "error", "level", "msg", "request", "route", "status", "ticket", "command", "time"}
		for name := range maps.Keys(got) {
			if !slices.Contains(known, name) {
				t.Errorf("%v: the line has %q: is nothing of a caller's in it?", err, name)
			}
		}
	}
}

// A refusal and a failure name their ticket, and the command where the route does not. They used to have the route's
// pattern alone, and an operator could not find what became of a ticket.
func TestALineNamesItsTicket(t *testing.T) {
	const number = "WX-K37G0A0H"
	for name, test := range map[string]struct {
		path, typed, command string
		want, verb           any
	}{
		"in the path":                {path: number, want: number},
		"as a phone may write it":    {path: "wx-k37g0a0h", want: number},
		"of a form":                  {typed: " " + number, want: number},
		"and a command":              {path: number, command: "answer", want: number, verb: "answer"},
		"of a page":                  {typed: number, command: "contact-delete", want: number, verb: "contact-delete"},
		"mistyped":                   {path: "WX-K37G0A0J"},
		"a phone":                    {path: secret},
		"a code in the wrong field":  {typed: "K37G0-A0H00"},
		"what may be a bare code":    {typed: "WXK37G0A0H"},
		"a command that is none":     {path: number, command: secret, want: number},
		"a name for a command":       {path: number, command: "wang-fang", want: number},
		"neither number nor command": {},
	} {
		for _, err := range []error{visitor.ErrNotFound, errors.New("table is away")} {
			e := events.APIGatewayV2HTTPRequest{
				RouteKey: "POST /x", PathParameters: map[string]string{"number": test.path, "command": test.command},
				QueryStringParameters: map[string]string{"typed": test.typed},
			}
			got := line(t, e, err)
			if got["ticket"] != test.want || got["command"] != test.verb {
				t.Errorf("%s, %v: %v", name, err, got)
			}
			if _, says := got["error"]; says != (err.Error() == "table is away") {
				t.Errorf("%s, %v: %v", name, err, got)
			}
		}
	}
}

// What is logged in the middle of a call has the gateway's number too, also through a logger with words of its own.
func TestEveryLineOfACallHasItsRequest(t *testing.T) {
	var log bytes.Buffer
	own := slog.New(LogHandler(slog.NewJSONHandler(&log, nil)))
	m := Mux{Log: own, Routes: Routes{"GET /x": func(ctx context.Context, _ *Request) (Response, error) {
		own.With("ticket", "WX-K37G0A0H").InfoContext(ctx, "stored")
		own.Info("between calls")
		return Response{Status: 200}, nil
	}}}
	e := events.APIGatewayV2HTTPRequest{RouteKey: "GET /x"}
	e.RequestContext.RequestID = "JKJaXmPLvHcESHA="
	if _, err := m.Serve(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	lines := slices.Collect(strings.Lines(log.String()))
	if len(lines) != 2 || !strings.Contains(lines[0], `"request":"JKJaXmPLvHcESHA="`) || strings.Contains(lines[1], "request") {
		t.Errorf("got %q", lines)
	}
}
