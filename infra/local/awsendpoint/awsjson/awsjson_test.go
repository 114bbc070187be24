package awsjson_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"steledesk/infra/local/awsendpoint/awsjson"
)

type greeting struct{ Name string }

func TestService(t *testing.T) {
	var log bytes.Buffer
	service := &awsjson.Service{Name: "Greeter", Target: "Greeter_1", Namespace: "com.example", Version: "1.0", MaxBody: 64,
		Logger: slog.New(slog.NewTextHandler(&log, nil)), Calls: map[string]awsjson.Call{
			"Greet": awsjson.Operation(func(_ context.Context, r awsjson.Request, in greeting) (greeting, error) {
				switch in.Name {
				case "":
					return in, &awsjson.Error{Code: "NoName", Query: "Old.NoName", Message: "Who?"}
				case "nobody":
					return in, errors.New("disk on fire")
				}
				return greeting{in.Name + "@" + r.Host}, nil
			}),
			"Forget": awsjson.Operation(func(context.Context, awsjson.Request, greeting) (any, error) { return nil, nil }),
		}}
	for _, c := range []struct {
		call, body string
		status     int
		want, old  string
	}{
		{"Greet", `{"Name":"a"}`, 200, `{"Name":"a@example.com"}`, ""},
		{"Forget", ``, 200, ``, ""},
		{"Greet", `{}`, 400, `{"__type":"com.example#NoName","message":"Who?"}`, "Old.NoName;Sender"},
		{"Greet", `{"Nmae":"a"}`, 400, `Nmae`, "ValidationException;Sender"},
		{"Greet", `[`, 400, `SerializationException`, "SerializationException;Sender"},
		{"Greet", `{"Name":7}`, 400, `SerializationException`, "SerializationException;Sender"},
		{"Greet", `{"Name":"` + strings.Repeat("x", 64) + `"}`, 413, `longer than 64 bytes`, "RequestEntityTooLarge;Sender"},
		{"Shout", `{}`, 400, `does not serve \"Shout\". It serves: Forget, Greet.`, "UnknownOperationException;Sender"},
		{"Greet", `{"Name":"nobody"}`, 500, `InternalFailure`, "InternalFailure;Receiver"},
	} {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(c.body))
		r.Header.Set("X-Amz-Target", "Greeter_1."+c.call)
		w := httptest.NewRecorder()
		service.ServeHTTP(w, r)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.want) || w.Header().Get("x-amzn-query-error") != c.old {
			t.Errorf("%s %s: %d %s (%s), want %d with %s (%s)", c.call, c.body, w.Code, w.Body, w.Header().Get("x-amzn-query-error"), c.status, c.want, c.old)
		}
		if strings.Contains(w.Body.String(), "fire") {
			t.Error("a caller was told what is for the log only")
		}
	}
	if !strings.Contains(log.String(), "disk on fire") {
		t.Error("the log does not tell of the failure")
	}
}
