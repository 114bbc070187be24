package archive

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"reflect"
	"strings"
	"testing"
)

// The item line {"x":{"BS":[1]}} ended the import with a panic; a set of binaries became NULL without a word.
func TestDecodeRefusesWhatIsNeverStored(t *testing.T) {
	for value, want := range map[string]string{
		`{"BS":[1]}`: `attribute x: type "BS" is nothing the desk stores`, `{"BS":["AA=="]}`: `type "BS"`, `{"X":1}`: `type "X"`,
		`null`: "null is no value", `{}`: "0 types", `{"S":"a","N":"1"}`: "2 types", `1`: "cannot unmarshal number", `{"S":null}`: "null is no value",
		`{"S":1}`: "cannot unmarshal", `{"N":"one"}`: `"one" is no number`, `{"NS":["1","x"]}`: `"x" is no number`, `{"SS":[]}`: "an empty set",
		`{"SS":["a",null]}`: "null in one", `{"NULL":false}`: "NULL is false", `{"B":"!"}`: "illegal base64", `{"L":null}`: "null is no value",
		`{"L":[{"M":{"y":{"BS":[]}}}]}`:                         `attribute x: element 0: attribute y: type "BS"`,
		strings.Repeat(`{"L":[`, 33) + strings.Repeat(`]}`, 33): "more than 32 levels",
	} {
		i, err := Decode([]byte(`{"pk":{"S":"T#1"},"sk":{"S":"HEAD"},"x":` + value + `}`))
		if err == nil || !strings.Contains(err.Error(), want) || i != nil {
			t.Errorf("%.60s: got %v, %v; want %s", value, i, err, want)
		}
	}
}

// FuzzDecode: no line and no manifest brings the reader down, and what is read is written as the same again.
func FuzzDecode(f *testing.F) {
	line, err := Encode(item("T#1", every...))
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{
		string(line), `{"pk":{"S":"T#1"},"sk":{"S":"HEAD"},"x":{"BS":[1]}}`, `{"pk":{"S":"T#1"},"sk":{"S":"HEAD"},"x":{"NS":["1","-2.5e9"]}}`,
		`{"pk":{"S":"T#1"},"sk":{"S":"E#000001"},"x":{"L":[{"M":{"y":{"NULL":true}}},null]}}`, `{"x":null}`, `{"x":{}}`, `null`, `[]`, `{`, ``,
		`{"bucket":"photos","key":"photos/1.jpg","type":"image/jpeg","size":9,"sum":"ab"}`, `{"bucket":"photos","key":"../../etc/passwd"}`,
		`{"format":1,"stack":"steledesk","began":"2026-11-24T03:00:00+08:00","items":2,"digest":"ab"}`, `{"format":2}`, `{"format":1,"items":-1}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if m, err := decodeManifest(text); err == nil && m.Format != Format {
			t.Errorf("a manifest of format %d is read", m.Format)
		}
		if o, err := decodeObject(text); err == nil && strings.Contains("/"+o.path()+"/", "/../") {
			t.Errorf("%q leads out of the folder", o.path())
		}
		i, err := Decode(text)
		if err != nil {
			return
		}
		line, err := Encode(i)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		again, err := Decode(line)
		if err != nil || !reflect.DeepEqual(i, again) {
			t.Errorf("%q: read %v, and %v again (%v)", text, i, again, err)
		}
	})
}

// rewrite puts other lines into a compressed file of an archive.
func rewrite(t *testing.T, name string, change func(lines []string) []string) {
	t.Helper()
	packed, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	zip, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(zip)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	to := gzip.NewWriter(&out)
	_, err = to.Write([]byte(strings.Join(change(strings.SplitAfter(string(text), "\n")), "")))
	if err != nil || to.Close() != nil || os.WriteFile(name, out.Bytes(), 0o600) != nil {
		t.Fatal(err)
	}
}

// Lines that were cut, taken away, put in twice or spoilt are refused by file and line; those in another order are the
// same archive.
func TestLinesThatWereSpoilt(t *testing.T) {
	const table, objects = "/table.ndjson.gz", "/objects.ndjson.gz"
	for name, tt := range map[string]struct {
		file   string
		change func(lines []string) []string
		want   string
	}{
		"as it was":       {table, func(l []string) []string { return l }, ""},
		"another order":   {table, func(l []string) []string { return []string{l[2], l[0], l[1]} }, ""},
		"a line cut":      {table, func(l []string) []string { return []string{l[0], l[1], l[2][:20]} }, "table.ndjson.gz line 3: no item in DynamoDB's JSON: unexpected end of JSON input"},
		"a line away":     {table, func(l []string) []string { return l[:2] }, "2 items and 2 files, and the manifest says 3 and 2"},
		"a line twice":    {table, func(l []string) []string { return append(l[:3], l[0]) }, "table.ndjson.gz line 4: item T#1 HEAD is there twice"},
		"twice for other": {table, func(l []string) []string { return []string{l[0], l[1], l[1]} }, "table.ndjson.gz line 3: item T#2 HEAD is there twice"},
		"an empty line":   {table, func(l []string) []string { return []string{l[0], "\n", l[1], l[2]} }, "table.ndjson.gz line 2: no item"},
		"two on a line":   {table, func(l []string) []string { return []string{strings.TrimSpace(l[0]) + l[1], l[2]} }, "table.ndjson.gz line 1: no item"},
		"another value":   {table, func(l []string) []string { l[1] = strings.Replace(l[1], "T#2", "T#9", 1); return l }, "the digest is"},
		"what no desk has": {table, func(l []string) []string {
			l[1] = strings.Replace(l[1], "{", `{"x":{"BS":[1]},`, 1)
			return l
		}, `table.ndjson.gz line 2: no item in DynamoDB's JSON: attribute x: type "BS" is nothing the desk stores`},
		"files in another order": {objects, func(l []string) []string { return []string{l[1], l[0]} }, ""},
		"a file twice":           {objects, func(l []string) []string { return append(l[:2], l[0]) }, "file photos/photos/1.jpg is there twice"},
		"a file's line cut":      {objects, func(l []string) []string { return []string{l[0], l[1][:9]} }, "objects.ndjson.gz line 2: no file's line"},
		"another bucket":         {objects, func(l []string) []string { return []string{strings.Replace(l[0], "photos", "secrets", 1), l[1]} }, `bucket "secrets" is none of a desk's`},
		"a key that leads out":   {objects, func(l []string) []string { return []string{strings.Replace(l[0], "photos/1", "../../1", 1), l[1]} }, "is no path within a folder"},
	} {
		folder := write(t, []Item{item("T#1"), item("T#2"), item("OFFICE")}, "1.jpg", "2.jpg")
		rewrite(t, folder+tt.file, tt.change)
		r, err := Open(folder)
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Check(); (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", name, err, tt.want)
		}
	}
}

// A manifest that was cut or joined to another is refused.
func TestManifestsThatWereSpoilt(t *testing.T) {
	for name, spoil := range map[string]func([]byte) []byte{
		"cut": func(b []byte) []byte { return b[:len(b)/2] }, "twice": func(b []byte) []byte { return append(b, b...) }, "empty": func([]byte) []byte { return nil },
		"a list": func([]byte) []byte { return []byte("[]") },
	} {
		folder := write(t, nil)
		text, err := os.ReadFile(folder + "/manifest.json")
		if err == nil {
			err = os.WriteFile(folder+"/manifest.json", spoil(text), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Open(folder); err == nil || !strings.HasPrefix(err.Error(), "manifest.json: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
