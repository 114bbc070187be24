package gateway

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
)

// An answer is a function's response, understood.
type answer struct {
	status  int
	headers map[string]string
	cookies []string
	body    []byte
}

// parseAnswer reads a function's payload in format 2.0: a document with a statusCode is the response; any
// other JSON is the body of a 200.
func parseAnswer(payload []byte) (answer, error) {
	if !json.Valid(payload) {
		return answer{}, errors.New("it is not JSON")
	}
	var doc struct {
		StatusCode      json.RawMessage   `json:"statusCode"`
		Headers         map[string]scalar `json:"headers"`
		Cookies         []string          `json:"cookies"`
		Body            *string           `json:"body"`
		IsBase64Encoded bool              `json:"isBase64Encoded"`
	}
	err := json.Unmarshal(payload, &doc)
	if doc.StatusCode == nil {
		return inferred(payload), nil
	}
	if err != nil {
		return answer{}, fmt.Errorf("decode: %w", err)
	}
	status, err := strconv.Atoi(string(bytes.Trim(doc.StatusCode, `"`)))
	if err != nil || status < 200 || status > 599 {
		return answer{}, fmt.Errorf("statusCode %s, want a number from 200 to 599", doc.StatusCode)
	}
	a := answer{status: status, headers: map[string]string{}, cookies: doc.Cookies}
	for name, value := range doc.Headers {
		a.headers[name] = string(value)
	}
	if doc.Body != nil {
		a.body = []byte(*doc.Body)
	}
	if doc.IsBase64Encoded {
		if a.body, err = base64.StdEncoding.DecodeString(string(a.body)); err != nil {
			return answer{}, fmt.Errorf("decode base64 body: %w", err)
		}
	}
	return a, nil
}

// inferred is the answer to a payload without a statusCode.
func inferred(payload []byte) answer {
	a := answer{status: http.StatusOK, headers: map[string]string{"Content-Type": "application/json"}, body: payload}
	var text string
	if json.Unmarshal(payload, &text) == nil && !bytes.Equal(payload, []byte("null")) {
		a.body = []byte(text)
	}
	return a
}

// A scalar is a header's value: AWS takes numbers and booleans too.
type scalar string

func (s *scalar) UnmarshalJSON(b []byte) error {
	switch b[0] {
	case '"':
		return json.Unmarshal(b, (*string)(s))
	case '{', '[':
		return fmt.Errorf("header value %s, want a string", b)
	case 'n': // null
		return nil
	}
	*s = scalar(b)
	return nil
}

// write sends the answer. The framing of the connection is ours, whatever the function's headers say.
func (a answer) write(w http.ResponseWriter) {
	header := w.Header()
	for name, value := range a.headers {
		switch http.CanonicalHeaderKey(name) {
		case "Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive", "Upgrade", "Trailer":
		default:
			header.Set(name, value)
		}
	}
	for _, cookie := range a.cookies {
		header.Add("Set-Cookie", cookie)
	}
	if header.Get("Content-Type") == "" && len(a.body) > 0 {
		header.Set("Content-Type", "text/plain; charset=utf-8")
	}
	if a.status != http.StatusNoContent && a.status != http.StatusNotModified {
		header.Set("Content-Length", strconv.Itoa(len(a.body)))
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // the client may have gone, and HEAD takes no body
}
