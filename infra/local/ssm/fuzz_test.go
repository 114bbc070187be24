package ssm_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"steledesk/infra/local/ssm"
)

// FuzzCalls: a hostile or odd call is answered in JSON, and never as the server's own failure.
func FuzzCalls(f *testing.F) {
	server, err := ssm.Open(filepath.Join(f.TempDir(), "parameters.json"), ssm.Options{})
	if err != nil {
		f.Fatal(err)
	}
	call := func(name, body string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		r.Header.Set("X-Amz-Target", "AmazonSSM."+name)
		w := httptest.NewRecorder()
		server.ServeHTTP(w, r)
		return w
	}
	if w := call("PutParameter", `{"Name":"/steledesk/secret","Type":"SecureString","Value":"hidden"}`); w.Code != http.StatusOK {
		f.Fatal(w.Body)
	}
	for name, body := range map[string]string{
		"GetParameter":       `{"Name":"arn:aws:ssm:us-east-1:000000000000:parameter/steledesk/secret","WithDecryption":false}`,
		"GetParameters":      `{"Names":["/steledesk/secret","../x",null,""],"WithDecryption":1}`,
		"PutParameter":       `{"Name":"/../x","Type":"SecureString","Value":"","Overwrite":true}`,
		"DeleteParameter":    `{"Name":"arn::parameter/"}`,
		"DescribeParameters": `{"MaxResults":-1,"NextToken":"\u0000"}`,
		"":                   `[`,
		"Nothing":            `null`,
	} {
		f.Add(name, body)
	}
	f.Fuzz(func(t *testing.T, name, body string) {
		w := call(name, body)
		if w.Code >= 500 || w.Body.Len() > 0 && !json.Valid(w.Body.Bytes()) {
			t.Errorf("%s %s: %d %s", name, body, w.Code, w.Body)
		}
	})
}
