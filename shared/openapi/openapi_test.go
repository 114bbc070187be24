package openapi_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"steledesk/infra/local/template"
	"steledesk/shared/openapi"
	"steledesk/shared/openapi/openapitest"
	"steledesk/shared/ticket"
)

func TestDocumentIsValid(t *testing.T) {
	v, err := openapitest.Validator()
	if err != nil {
		t.Fatal(err)
	}
	_, problems := v.ValidateDocument()
	for _, p := range problems {
		t.Errorf("%s: %s", p.Message, p.Reason)
	}
}

// document is the part of the description the tests look at.
type document struct {
	OpenAPI string                          `json:"openapi"`
	Paths   map[string]map[string]operation `json:"paths"`
	Parts   struct {
		Schemas   map[string]json.RawMessage `json:"schemas"`
		Responses map[string]answer          `json:"responses"`
	} `json:"components"`
}

type operation struct {
	Summary   string            `json:"summary"`
	Responses map[string]answer `json:"responses"`
}

type answer struct {
	Content map[string]struct {
		Example json.RawMessage `json:"example"`
	} `json:"content"`
}

func read(t *testing.T) document {
	t.Helper()
	var d document
	if err := json.Unmarshal(openapi.Document(), &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// TestPathsAreTheTemplates guards against a route that is deployed and not described, or the
// other way round.
func TestPathsAreTheTemplates(t *testing.T) {
	model, err := template.Usual("../../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var want, got []string
	for _, r := range model.Routes {
		if strings.HasPrefix(r.Path, "/v1/") || r.Path == "/healthz" {
			want = append(want, r.Method+" "+r.Path)
		}
	}
	for path, operations := range read(t).Paths {
		for method := range operations {
			got = append(got, strings.ToUpper(method)+" "+path)
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("described: %s\nwant, as in template.yaml: %s", got, want)
	}
}

// TestExamplesAreWhatTheyShow holds each answer's example against its own schema.
func TestExamplesAreWhatTheyShow(t *testing.T) {
	for path, operations := range read(t).Paths {
		for method, o := range operations {
			for status, a := range o.Responses {
				for media, c := range a.Content {
					openapitest.Check(t, strings.ToUpper(method), strings.ReplaceAll(path, "{number}", "WX-7K3FQ2MK"),
						statusOf(t, status), http.Header{"Content-Type": {media}}, c.Example)
				}
			}
		}
	}
}

func TestCheckFindsWhatIsNotDescribed(t *testing.T) {
	asJSON := http.Header{"Content-Type": {"application/json; charset=utf-8"}}
	for name, try := range map[string]func(testing.TB){
		"another field": func(t testing.TB) {
			openapitest.Check(t, "GET", "/healthz", 200, asJSON, []byte(`{"status":"ready","x":1}`))
		},
		"a field less":   func(t testing.TB) { openapitest.Check(t, "GET", "/healthz", 200, asJSON, []byte(`{}`)) },
		"another status": func(t testing.TB) { openapitest.Check(t, "GET", "/healthz", 404, asJSON, []byte(`{"status":"ready"}`)) },
		"another type": func(t testing.TB) {
			openapitest.Check(t, "GET", "/healthz", 200, http.Header{"Content-Type": {"text/html"}}, []byte(`{"status":"ready"}`))
		},
		"another path": func(t testing.TB) { openapitest.Check(t, "GET", "/v1/nothing", 200, asJSON, []byte(`{}`)) },
		"another zone": func(t testing.TB) {
			openapitest.Check(t, "POST", "/v1/photos", 201, asJSON,
				[]byte(`{"id":"x","url":"https://example.com/","fields":{},"maxBytes":1,"expiresAt":"2026-11-23T01:45:00Z"}`))
		},
	} {
		t.Run(name, func(t *testing.T) {
			deaf := &deaf{TB: t}
			if try(deaf); !deaf.failed {
				t.Error("it was let through")
			}
		})
	}
}

// deaf is a test that hears of failures and does not fail.
type deaf struct {
	testing.TB
	failed bool
}

func (d *deaf) Errorf(string, ...any) { d.failed = true }

// TestDomainsNamesAreDescribed guards against a state or kind that programs were never told of.
func TestDomainsNamesAreDescribed(t *testing.T) {
	var schema struct{ Enum []string }
	tell := func(name string, want []string) {
		if err := json.Unmarshal(read(t).Parts.Schemas[name], &schema); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(schema.Enum, want) {
			t.Errorf("%s is described as %s, want %s", name, schema.Enum, want)
		}
	}
	tell("State", texts(ticket.States()))
	tell("Kind", texts(ticket.VisitorKinds()))
}

// TestEveryCallIsSummedUpInBothLanguages: the document is English with Chinese beside it.
func TestEveryCallIsSummedUpInBothLanguages(t *testing.T) {
	for path, operations := range read(t).Paths {
		for method, o := range operations {
			english, chinese := false, false
			for _, c := range o.Summary {
				english = english || c >= 'a' && c <= 'z'
				chinese = chinese || c >= '一' && c <= '龥'
			}
			if !english || !chinese {
				t.Errorf("%s %s: %q", method, path, o.Summary)
			}
		}
	}
	if schemas := slices.Sorted(maps.Keys(read(t).Parts.Schemas)); len(schemas) == 0 {
		t.Error("no schemas were read")
	}
}

func texts[T ~string](list []T) []string {
	var out []string
	for _, x := range list {
		out = append(out, string(x))
	}
	return out
}

func statusOf(t *testing.T, s string) int {
	t.Helper()
	var n int
	if err := json.Unmarshal([]byte(s), &n); err != nil {
		t.Fatal(err)
	}
	return n
}
