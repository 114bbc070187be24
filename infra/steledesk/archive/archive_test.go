package archive

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

func item(pk string, more ...types.AttributeValue) Item {
	i := Item{"pk": &types.AttributeValueMemberS{Value: pk}, "sk": &types.AttributeValueMemberS{Value: "HEAD"}}
	for n, v := range more {
		i[string(rune('a'+n))] = v
	}
	return i
}

var every = []types.AttributeValue{
	&types.AttributeValueMemberS{Value: "浯溪 \" \n"}, &types.AttributeValueMemberN{Value: "1795395600.5"}, &types.AttributeValueMemberB{Value: []byte{0, 255}},
	&types.AttributeValueMemberBOOL{Value: true}, &types.AttributeValueMemberNULL{Value: true}, &types.AttributeValueMemberSS{Value: []string{"x", "y"}},
	&types.AttributeValueMemberL{Value: []types.AttributeValue{&types.AttributeValueMemberN{Value: "1"}, &types.AttributeValueMemberM{Value: Item{"k": &types.AttributeValueMemberS{Value: "v"}}}}},
}

// write makes an archive of items and files in the order given.
func write(t *testing.T, items []Item, files ...string) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "archive")
	w, err := Create(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range items {
		if err := w.Item(i); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range files {
		if err := w.Object(Object{Bucket: "photos", Key: "photos/" + f, Type: "image/jpeg"}, strings.NewReader("body of "+f)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Finish(Manifest{Stack: "steledesk"}); err != nil {
		t.Fatal(err)
	}
	return folder
}

// What was written comes back as it was, and the digest does not know of the order.
func TestRoundTrip(t *testing.T) {
	a, b := item("T#1", every...), item("OFFICE")
	r, err := Open(write(t, []Item{a, b}, "1.jpg", "2.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Check(); err != nil {
		t.Error(err)
	}
	var lines [][]byte
	for i, err := range r.Items() {
		line, errLine := Encode(i)
		if err != nil || errLine != nil {
			t.Fatal(err, errLine)
		}
		lines = append(lines, line)
	}
	want, _ := Encode(a)
	if len(lines) != 2 || !bytes.Equal(lines[0], want) || r.Manifest.Items != 2 || r.Manifest.Objects != 2 || r.Manifest.Bytes != 26 {
		t.Errorf("got %s, manifest %+v", lines, r.Manifest)
	}
	other, err := Open(write(t, []Item{b, a}, "2.jpg", "1.jpg"))
	if err != nil || other.Manifest.Digest != r.Manifest.Digest {
		t.Errorf("another order has another digest: %v", err)
	}
	fewer, err := Open(write(t, []Item{b, a}, "2.jpg"))
	if err != nil || fewer.Manifest.Digest == r.Manifest.Digest {
		t.Errorf("a file less has the same digest: %v", err)
	}
}

// Whatever is done to an archive is found.
func TestWhatWasChangedIsFound(t *testing.T) {
	for name, tt := range map[string]struct {
		spoil func(folder string) error
		want  string
	}{
		"photo":       {func(f string) error { return os.WriteFile(f+"/photos/photos/1.jpg", []byte("another"), 0o600) }, "was changed"},
		"photo gone":  {func(f string) error { return os.Remove(f + "/photos/photos/1.jpg") }, "no such file"},
		"table cut":   {func(f string) error { return os.Truncate(f+"/table.ndjson.gz", 40) }, "table.ndjson.gz"},
		"table gone":  {func(f string) error { return os.Remove(f + "/table.ndjson.gz") }, "no such file"},
		"no manifest": {func(f string) error { return os.Remove(f + "/manifest.json") }, "did not come to its end"},
		"manifest":    {func(f string) error { return os.WriteFile(f+"/manifest.json", []byte(`{"format":2}`), 0o600) }, "format 2"},
		"another table": {func(f string) error {
			return os.Rename(write(t, []Item{item("T#2")})+"/table.ndjson.gz", f+"/table.ndjson.gz")
		}, "something was changed"},
		"a line less": {func(f string) error { return os.Rename(write(t, nil)+"/table.ndjson.gz", f+"/table.ndjson.gz") }, "lines were taken away"},
	} {
		folder := write(t, []Item{item("T#1")}, "1.jpg")
		if err := tt.spoil(folder); err != nil {
			t.Fatal(err)
		}
		r, err := Open(folder)
		if err == nil {
			err = r.Check()
		}
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", name, err, tt.want)
		}
	}
}

// A key that leads out of the folder is refused when it is written and when it is read.
func TestKeysStayInTheFolder(t *testing.T) {
	w, err := Create(filepath.Join(t.TempDir(), "a"))
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"../../etc/passwd", "/etc/passwd", "a/../../../b", "a//b", ""} {
		if err := w.Object(Object{Bucket: "photos", Key: key}, strings.NewReader("x")); err == nil {
			t.Errorf("%q was written", key)
		}
	}
	r, err := Open(write(t, nil))
	if err != nil {
		t.Fatal(err)
	}
	if f, err := r.Body(Object{Bucket: "..", Key: "../../../etc/hostname"}); err == nil {
		t.Errorf("read %s", f.Name())
	}
}

func TestAFullFolderIsLeftAlone(t *testing.T) {
	folder := write(t, nil)
	if _, err := Create(folder); err == nil || !strings.Contains(err.Error(), "is not empty") {
		t.Errorf("got %v", err)
	}
}
