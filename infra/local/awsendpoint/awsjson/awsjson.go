// Package awsjson serves the AWS JSON protocol (versions 1.0 and 1.1): a POST whose X-Amz-Target header names
// the call, a JSON object in, a JSON object or a typed error out.
// Source: https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
package awsjson

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// Error is what a caller of an AWS service is told.
type Error struct {
	Code    string // shape name, such as QueueDoesNotExist
	Query   string // the code older SDKs know, such as AWS.SimpleQueueService.NonExistentQueue; empty: same as Code
	Message string
	Status  int // HTTP status; 0 means 400
}

func (e *Error) Error() string { return e.Code + ": " + e.Message }

// Errorf returns a caller's error (HTTP 400) with a formatted message.
func Errorf(code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// Request carries what a call may need of the HTTP request besides its input.
type Request struct {
	Host string // host and port the caller addressed
}

// Call answers one operation: JSON in, a value to be encoded out (nil means no body, as some calls do).
type Call func(ctx context.Context, request Request, body []byte) (any, error)

// Operation turns a typed function into a Call. An input member that In does not declare is refused by name:
// what this endpoint cannot honour it must not swallow.
func Operation[In, Out any](do func(context.Context, Request, In) (Out, error)) Call {
	return func(ctx context.Context, request Request, body []byte) (any, error) {
		var in In
		decoder := json.NewDecoder(bytes.NewReader(body))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&in); err != nil && !errors.Is(err, io.EOF) {
			return nil, inputError(err)
		}
		return do(ctx, request, in)
	}
}

func inputError(err error) *Error {
	if field, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return Errorf("ValidationException", "Member %s is not served by the local endpoint.", field)
	}
	return Errorf("SerializationException", "The request body is not the JSON this operation takes: %v", err)
}

// Service is an http.Handler of one service's calls.
type Service struct {
	Name      string // what messages call it, such as SQS
	Target    string // prefix of X-Amz-Target without the dot, such as AmazonSQS
	Namespace string // prefix of __type without the hash, such as com.amazonaws.sqs; may be empty
	Version   string // 1.0 or 1.1
	MaxBody   int64  // bytes; a longer body is refused
	Calls     map[string]Call
	Logger    *slog.Logger // told of errors that are not the caller's
}

// ServeHTTP answers one call. Errors that are not of type *Error are logged and told as InternalFailure (500).
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	action, _ := strings.CutPrefix(r.Header.Get("X-Amz-Target"), s.Target+".")
	call, ok := s.Calls[action]
	if !ok {
		s.fail(w, Errorf("UnknownOperationException", "The local %s does not serve %q. It serves: %s.",
			s.Name, action, strings.Join(slices.Sorted(maps.Keys(s.Calls)), ", ")))
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, s.MaxBody))
	if err != nil {
		s.fail(w, bodyError(err))
		return
	}
	out, err := call(r.Context(), Request{Host: r.Host}, body)
	if err != nil {
		s.fail(w, s.told(action, err))
		return
	}
	s.answer(w, http.StatusOK, out)
}

func bodyError(err error) *Error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return &Error{Code: "RequestEntityTooLarge", Status: http.StatusRequestEntityTooLarge,
			Message: fmt.Sprintf("The request is longer than %d bytes.", tooLarge.Limit)}
	}
	return Errorf("SerializationException", "The request body could not be read: %v", err)
}

// told is the error a caller sees; what is not meant for callers goes to the log.
func (s *Service) told(action string, err error) *Error {
	var known *Error
	if errors.As(err, &known) {
		return known
	}
	if !errors.Is(err, context.Canceled) { // the caller hung up: nobody is left to tell
		s.Logger.Error("local AWS call failed", "service", s.Name, "call", action, "error", err)
	}
	return &Error{Code: "InternalFailure", Status: http.StatusInternalServerError,
		Message: "The local endpoint failed; its log says why."}
}

func (s *Service) fail(w http.ResponseWriter, e *Error) {
	name := e.Code
	if s.Namespace != "" {
		name = s.Namespace + "#" + e.Code
	}
	status, fault := e.Status, "Sender"
	if status == 0 {
		status = http.StatusBadRequest
	}
	if status >= http.StatusInternalServerError {
		fault = "Receiver"
	}
	query := e.Query
	if query == "" {
		query = e.Code
	}
	w.Header().Set("x-amzn-query-error", query+";"+fault)
	s.answer(w, status, map[string]string{"__type": name, "message": e.Message})
}

func (s *Service) answer(w http.ResponseWriter, status int, body any) {
	encoded := []byte{}
	if body != nil {
		var err error
		if encoded, err = json.Marshal(body); err != nil {
			s.Logger.Error("encode answer of a local AWS call", "service", s.Name, "error", err)
			status, encoded = http.StatusInternalServerError, []byte(`{"__type":"InternalFailure"}`)
		}
	}
	w.Header().Set("Content-Type", "application/x-amz-json-"+s.Version)
	w.WriteHeader(status)
	w.Write(encoded) // a caller that hung up is nobody's error
}
