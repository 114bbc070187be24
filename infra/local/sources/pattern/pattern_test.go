package pattern_test

import (
	"encoding/json"
	"strings"
	"testing"

	"steledesk/infra/local/sources/pattern"
)

const stored = `{
	"eventName": "INSERT",
	"dynamodb": {
		"Keys": {"pk": {"S": "T#WX-7K3F"}, "sk": {"S": "E#000001"}},
		"NewImage": {"tags": {"SS": ["a", "b"]}, "n": {"N": "5"}, "gone": {"NULL": true}},
		"SizeBytes": 120
	},
	"empty": "",
	"nothing": null,
	"price": 3.50,
	"ok": true,
	"list": [{"id": 1, "state": "open"}, {"id": 2, "state": "closed"}]
}`

func TestMatch(t *testing.T) {
	for _, test := range []struct {
		pattern string
		want    bool
	}{
		{`{"eventName":["INSERT"],"dynamodb":{"Keys":{"sk":{"S":[{"prefix":"E#"}]}}}}`, true},
		{`{"eventName":["MODIFY","REMOVE"]}`, false},
		{`{"eventName":["REMOVE","INSERT"]}`, true},
		{`{"eventName":["insert"]}`, false},
		{`{"eventName":[{"equals-ignore-case":"insert"}]}`, true},
		{`{"dynamodb":{"Keys":{"sk":{"S":[{"prefix":"HEAD"}]}}}}`, false},
		{`{"dynamodb":{"Keys":{"pk":{"S":[{"suffix":"7K3F"}]}}}}`, true},
		{`{"dynamodb":{"NewImage":{"tags":{"SS":["b"]}}}}`, true},
		{`{"dynamodb":{"NewImage":{"tags":{"SS":["c"]}}}}`, false},
		{`{"dynamodb":{"NewImage":{"gone":{"NULL":[true]}}}}`, true},
		{`{"dynamodb":{"SizeBytes":[120]}}`, true},
		{`{"dynamodb":{"SizeBytes":["120"]}}`, false},
		{`{"dynamodb":{"SizeBytes":[{"numeric":[">",100,"<=",120]}]}}`, true},
		{`{"dynamodb":{"SizeBytes":[{"numeric":["<",120]}]}}`, false},
		{`{"dynamodb":{"NewImage":{"n":{"N":[{"numeric":["=",5]}]}}}}`, false}, // DynamoDB's numbers are text
		{`{"price":[3.5]}`, true},
		{`{"price":[{"numeric":["=",3.5]}]}`, true},
		{`{"empty":[""]}`, true},
		{`{"nothing":[null]}`, true},
		{`{"absent":[null]}`, false},
		{`{"ok":[true]}`, true},
		{`{"ok":[false]}`, false},
		{`{"absent":[{"exists":false}]}`, true},
		{`{"eventName":[{"exists":true}]}`, true},
		{`{"eventName":[{"exists":false}]}`, false},
		{`{"dynamodb":[{"exists":true}]}`, false}, // only leaves exist
		{`{"dynamodb":{"OldImage":{"pk":{"S":[{"exists":false}]}}}}`, true},
		{`{"eventName":[{"anything-but":"REMOVE"}]}`, true},
		{`{"eventName":[{"anything-but":["REMOVE","INSERT"]}]}`, false},
		{`{"eventName":[{"anything-but":{"prefix":"INS"}}]}`, false},
		{`{"eventName":[{"anything-but":{"suffix":["X","Y"]}}]}`, true},
		{`{"absent":[{"anything-but":"x"}]}`, false},
		{`{"price":[{"anything-but":[3.5]}]}`, false},
		{`{"$or":[{"eventName":["REMOVE"]},{"ok":[true]}]}`, true},
		{`{"$or":[{"eventName":["REMOVE"]},{"ok":[false]}]}`, false},
		{`{"dynamodb":{"$or":[{"SizeBytes":[1]},{"Keys":{"sk":{"S":[{"prefix":"E#"}]}}}]}}`, true},
		{`{"list":{"id":[2],"state":["closed"]}}`, true},
		{`{"list":{"id":[1],"state":["closed"]}}`, false}, // within one element
		{`{"eventName":{"deeper":["x"]}}`, false},
	} {
		p, err := pattern.Compile(test.pattern)
		if err != nil {
			t.Errorf("%s: %v", test.pattern, err)
			continue
		}
		var document any
		if err := json.Unmarshal([]byte(stored), &document); err != nil {
			t.Fatal(err)
		}
		if got := p.Match(document); got != test.want {
			t.Errorf("%s: got %v, want %v", test.pattern, got, test.want)
		}
	}
}

// A filter that is misread lets everything or nothing through without a word; so it must not start.
func TestCompileNamesThePlace(t *testing.T) {
	for text, want := range map[string]string{
		`{`:               "pattern is not JSON",
		`["INSERT"]`:      "want an object",
		`{}`:              "pattern: empty object",
		`{"a":{}}`:        "a: empty object",
		`{"a":"INSERT"}`:  `a: "INSERT" must stand in a list, as in ["INSERT"]`,
		`{"a":[]}`:        "a: empty list",
		`{"a":[["b"]]}`:   "a[0]: a list inside a list",
		`{"a":["x",{}]}`:  "a[1]: an operator object has exactly one key",
		`{"$or":[]}`:      "$or: want at least two",
		`{"$or":[{},{}]}`: "$or[0]: empty object",
		`{"$or":[1,2]}`:   "$or[0]: want an object",
		`{"dynamodb":{"Keys":{"sk":{"S":[{"prefx":"E#"}]}}}}`:  `dynamodb.Keys.sk.S[0]: unknown operator "prefx"; understood are prefix`,
		`{"a":[{"prefix":1}]}`:                                 "a[0]: prefix takes a string",
		`{"a":[{"prefix":""}]}`:                                "a[0]: prefix takes a string with something in it",
		`{"a":[{"exists":"yes"}]}`:                             "exists takes true or false",
		`{"a":[{"numeric":[">"]}]}`:                            "numeric takes a list",
		`{"a":[{"numeric":["!",1]}]}`:                          `not "!"`,
		`{"a":[{"numeric":["=","1"]}]}`:                        "compares with a number",
		`{"a":[{"anything-but":[]}]}`:                          "at least one value",
		`{"a":[{"anything-but":[true]}]}`:                      "takes strings, numbers or an operator",
		`{"a":[{"anything-but":{"exists":true}}]}`:             `unknown operator "exists" in anything-but`,
		`{"a":[{"anything-but":{"prefix":"a","suffix":"b"}}]}`: "one operator",
		`{"a":[{"anything-but":{"prefix":[""]}}]}`:             "prefix takes a string",
	} {
		if _, err := pattern.Compile(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", text, err, want)
		}
	}
}

func TestAny(t *testing.T) {
	compile := func(text string) pattern.Pattern {
		p, err := pattern.Compile(text)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	document := map[string]any{"a": "1"}
	if !(pattern.Any{}).Match(document) {
		t.Error("no patterns: want everything to pass")
	}
	if !(pattern.Any{compile(`{"b":["1"]}`), compile(`{"a":["1"]}`)}).Match(document) {
		t.Error("second pattern matches: want it to pass")
	}
	if (pattern.Any{compile(`{"b":["1"]}`)}).Match(document) {
		t.Error("no pattern matches: want it refused")
	}
}

// FuzzPattern guards against a pattern or record that brings the whole local stack down.
func FuzzPattern(f *testing.F) {
	f.Add(`{"eventName":["INSERT"],"dynamodb":{"Keys":{"sk":{"S":[{"prefix":"E#"}]}}}}`, stored)
	f.Add(`{"$or":[{"a":[{"anything-but":{"prefix":["x"]}}]},{"b":[{"numeric":[">",1]}]}]}`, `{"a":[[]],"b":{}}`)
	f.Fuzz(func(t *testing.T, text, document string) {
		var decoded any
		if json.Unmarshal([]byte(document), &decoded) != nil {
			return
		}
		if p, err := pattern.Compile(text); err == nil {
			p.Match(decoded)
		}
	})
}
