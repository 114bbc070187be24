package httpapi

import (
	"context"
	"errors"
	"fmt"
	"mime"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"steledesk/shared/office"
	"steledesk/shared/phrase"
)

// Decode reads the request's JSON into v, which is a pointer to a struct with json and validate
// tags. Unknown and repeated fields are refused; every bad field is named at once. o gives the
// categories and spots that exist; nil where the struct names none. The error is an *Invalid.
func (r *Request) Decode(ctx context.Context, v any, o *office.Office) error {
	body := r.Body
	if len(body) == 0 { // nothing was sent, of whatever type: all fields are left out
		body = []byte("{}")
	} else if kind, _, err := mime.ParseMediaType(r.Header("content-type")); err != nil || kind != "application/json" {
		return &Invalid{Code: "media-type"}
	}
	if err := json.Unmarshal(body, v, json.RejectUnknownMembers(true)); err != nil {
		return r.undecodable(body, err)
	}
	return r.Validate(ctx, v, o)
}

func (r *Request) undecodable(body []byte, err error) error {
	var syntax *jsontext.SyntacticError
	var meaning *json.SemanticError
	switch {
	case errors.As(err, &meaning):
		f, ok := r.wrongType(meaning)
		switch {
		case ok && f.Pointer == "": // the whole body is a list, a text or a number
			return &Invalid{Code: "invalid", Where: f.Message}
		case ok:
			return &Invalid{Code: "invalid", Fields: []Field{f}}
		}
	case errors.Is(err, jsontext.ErrDuplicateName) && errors.As(err, &syntax):
		return &Invalid{Code: "invalid", Fields: []Field{r.field(string(syntax.JSONPointer), "duplicate")}}
	case errors.As(err, &syntax):
		return &Invalid{Code: "malformed-json", Where: position(body, syntax)}
	}
	return &Invalid{Code: "malformed-json"}
}

func (r *Request) wrongType(e *json.SemanticError) (Field, bool) {
	pointer := string(e.JSONPointer)
	if errors.Is(e.Err, json.ErrUnknownName) {
		return r.field(pointer, "unknown"), true
	}
	if e.GoType == nil {
		return Field{}, false
	}
	want := "object"
	switch kind := e.GoType.Kind().String(); {
	case e.GoType.String() == "time.Time":
		want = "time"
	case kind == "string":
		want = "string"
	case strings.HasPrefix(kind, "int"):
		want = "number"
	case kind == "bool":
		want = "boolean"
	case kind == "slice":
		want = "array"
	}
	f := r.field(pointer, "type")
	f.Message = phrase.In(r.Language, "field.type", phrase.In(r.Language, "type."+want))
	return f, true
}

func (r *Request) field(pointer, code string) Field {
	return Field{Pointer: pointer, Code: code, Message: phrase.In(r.Language, "field."+code)}
}

// Bad is the error of a field that only a look at what is stored can find bad: an *Invalid.
func (r *Request) Bad(pointer, code string) error {
	return &Invalid{Code: "invalid", Fields: []Field{r.field(pointer, code)}}
}

// position says where a malformed body goes wrong, as an editor would.
func position(body []byte, e *jsontext.SyntacticError) string {
	before := string(body[:min(int(e.ByteOffset), len(body))])
	line := strings.Count(before, "\n") + 1
	column := len([]rune(before[strings.LastIndex(before, "\n")+1:])) + 1
	return fmt.Sprintf("line %d, column %d: %v", line, column, e.Err)
}
