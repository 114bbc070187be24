package bucket_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"steledesk/infra/local/awsendpoint/awstest"
	"steledesk/infra/local/s3"
	"steledesk/shared/bucket"
)

// desk is a bucket behind a guard that checks forms as AWS does.
type desk struct {
	*bucket.Photos
	t      *testing.T
	server *s3.Server
	now    time.Time // the guard's
}

func start(t *testing.T) *desk {
	t.Helper()
	d := &desk{t: t, now: time.Now()}
	var err error
	d.server, err = s3.Open(t.TempDir(), s3.Options{Now: func() time.Time { return d.now }})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.server.CreateBucket("photos"); err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(d.server)
	t.Cleanup(web.Close)
	d.Photos = bucket.Open(awstest.Config(web.URL), "photos")
	return d
}

func (d *desk) slot(mediaType string) bucket.Slot {
	d.t.Helper()
	slot, err := d.Slot(d.t.Context(), "some-id", mediaType)
	if err != nil {
		d.t.Fatal(err)
	}
	return slot
}

// post sends a file with a slot's form, some of its fields changed, as a phone does.
func (d *desk) post(slot bucket.Slot, change map[string]string, file []byte) int {
	d.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, value := range slot.Fields {
		if other, changed := change[name]; changed {
			value = other
		}
		if err := w.WriteField(name, value); err != nil {
			d.t.Fatal(err)
		}
	}
	part, err := w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {`form-data; name="file"; filename="IMG_1.jpg"`}})
	if err != nil {
		d.t.Fatal(err)
	}
	if _, err := part.Write(file); err != nil {
		d.t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		d.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(d.t.Context(), http.MethodPost, slot.URL, &body)
	if err != nil {
		d.t.Fatal(err)
	}
	r.Header.Set("Content-Type", w.FormDataContentType())
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		d.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		d.t.Fatal(err)
	}
	return answer.StatusCode
}

func (d *desk) stored() []string {
	d.t.Helper()
	objects, err := d.server.Objects("photos", "")
	if err != nil {
		d.t.Fatal(err)
	}
	var keys []string
	for _, o := range objects {
		keys = append(keys, o.Key)
	}
	return keys
}

func TestAPhonePostsAPhoto(t *testing.T) {
	d := start(t)
	for _, mediaType := range bucket.PhotoTypes() {
		if status := d.post(d.slot(mediaType), nil, []byte("photo")); status/100 != 2 {
			t.Errorf("%s: got %d", mediaType, status)
		}
	}
	if got := d.stored(); len(got) != 1 || got[0] != "uploads/some-id" {
		t.Errorf("stored %v, want uploads/some-id", got)
	}
}

// A slot is for one photo: another name, type or size is refused by the bucket itself.
func TestSlotsAreBound(t *testing.T) {
	tests := map[string]struct {
		change map[string]string
		size   int
	}{
		"another key":     {map[string]string{"key": "uploads/other"}, 5},
		"another folder":  {map[string]string{"key": "clean/some-id"}, 5},
		"another type":    {map[string]string{"Content-Type": "text/html"}, 5},
		"nothing":         {nil, 0},
		"a byte too many": {nil, bucket.MaxPhoto + 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			d := start(t)
			status := d.post(d.slot("image/jpeg"), test.change, make([]byte, test.size))
			if status/100 == 2 || len(d.stored()) != 0 {
				t.Errorf("got %d, stored %v", status, d.stored())
			}
		})
	}
	d := start(t)
	if status := d.post(d.slot("image/jpeg"), nil, make([]byte, bucket.MaxPhoto)); status/100 != 2 {
		t.Errorf("the largest photo: got %d", status)
	}
}

func TestSlotsExpire(t *testing.T) {
	d := start(t)
	slot := d.slot("image/jpeg")
	d.now = d.now.Add(slot.ExpiresIn + time.Minute)
	if status := d.post(slot, nil, []byte("photo")); status != 403 || slot.ExpiresIn != bucket.SlotTime {
		t.Errorf("after %s: got %d, want 403", slot.ExpiresIn, status)
	}
}

// A form names who signed it and never the key it was signed with.
func TestFormHoldsNoSecret(t *testing.T) {
	slot := start(t).slot("image/png")
	for name, value := range slot.Fields {
		if strings.EqualFold(name, "secret") || value == "local" {
			t.Errorf("%s is %q", name, value)
		}
	}
	if !strings.Contains(slot.URL, "photos") || slot.Fields["Content-Type"] != "image/png" {
		t.Errorf("got %s, %v", slot.URL, slot.Fields)
	}
}
