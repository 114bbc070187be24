// Package openapitest holds what the desk answers against the description of its API. It is for
// tests alone and is linked into no function.
package openapitest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	"github.com/pb33f/libopenapi-validator/config"

	"steledesk/shared/openapi"
)

// Validator reads the document once and gives what checks against it. Each caller has its own:
// it is not said to be safe for many at once.
func Validator() (validator.Validator, error) {
	document, err := libopenapi.NewDocument(openapi.Document())
	if err != nil {
		return nil, fmt.Errorf("read openapi.json: %w", err)
	}
	v, problems := validator.NewValidator(document, config.WithFormatAssertions(), config.WithoutSecurityValidation())
	for _, p := range problems {
		return nil, fmt.Errorf("read openapi.json: %w", p)
	}
	return v, nil
}

var checker = sync.OnceValues(Validator)

// checking lets one test at a time use the checker.
var checking sync.Mutex

// Check fails the test unless the document has the answer: its status under the method and path,
// its media type, the headers it requires, and a body of the right shape with nothing beside it.
// path is that of the call, such as /v1/tickets/WX-7K3FQ2MK.
func Check(t testing.TB, method, path string, status int, header http.Header, body []byte) {
	t.Helper()
	v, err := checker()
	if err != nil {
		t.Fatal(err)
	}
	request := httptest.NewRequest(method, path, nil)
	response := &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(bytes.NewReader(body)), Request: request}
	checking.Lock()
	_, problems := v.ValidateHttpResponse(request, response)
	checking.Unlock()
	for _, p := range problems {
		var why []string
		for _, s := range p.SchemaValidationErrors {
			why = append(why, s.FieldPath+": "+s.Reason)
		}
		t.Errorf("%s %s answered %d, which openapi.json does not describe: %s %s\n%s", method, path, status, p.Message, strings.Join(why, "; "), body)
	}
	if strings.HasSuffix(mediaType(header), "json") && !json.Valid(body) {
		t.Errorf("%s %s answered %d with a body that is not JSON: %q", method, path, status, body)
	}
}

func mediaType(h http.Header) string {
	kind, _, _ := strings.Cut(h.Get("Content-Type"), ";")
	return strings.TrimSpace(kind)
}
