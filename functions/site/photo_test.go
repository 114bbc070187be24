package main

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"steledesk/shared/ticket"
)

// postPhotos sends a form as a browser does that has places for photos: some of them are left empty.
func (d *desk) postPhotos(t *testing.T, path string, form url.Values, photos ...[]byte) answer {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, all := range form {
		for _, value := range all {
			if err := w.WriteField(name, value); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, photo := range append(photos, nil) {
		part, err := w.CreateFormFile("photo", "IMG_1.jpg")
		if err == nil {
			_, err = part.Write(photo)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	response, err := d.Client().Post(d.URL+path, w.FormDataContentType(), &body)
	return readAnswer(t, response, err)
}

const formKey = "a key of a form with photos"

func complaintForm() url.Values {
	return url.Values{"key": {formKey}, "kind": {"complaint"}, "category": {"ticketing"}, "spot": {"BL01"}, "text": {"排队"}}
}

var (
	numberOf  = regexp.MustCompile(`WX-[0-9A-Z]{8}`)
	keptPhoto = regexp.MustCompile(`name="photos" value="([^"]+)"`)
)

// The form that is sent twice, with its photos, files once.
func TestPhotosComeWithTheForm(t *testing.T) {
	d := open(t)
	photos := [][]byte{[]byte("one"), []byte("two"), []byte("one")} // one chosen twice is one
	first := d.postPhotos(t, "/file", complaintForm(), photos...)
	again := d.postPhotos(t, "/file", complaintForm(), photos...)
	if first.status != http.StatusOK || numberOf.FindString(first.body) == "" || numberOf.FindString(again.body) != numberOf.FindString(first.body) {
		t.Fatalf("%d %s; again %d %s", first.status, numberOf.FindString(first.body), again.status, numberOf.FindString(again.body))
	}
	stored, err := d.store.Ticket(t.Context(), numberOf.FindString(first.body))
	if err != nil {
		t.Fatal(err)
	}
	e, err := stored.Records[0].Event()
	if err != nil || len(e.Data.Photos) != 2 || d.uploads[e.Data.Photos[0]] != 3 || len(d.uploads) != 2 {
		t.Errorf("the ticket names %v, %v; uploaded %v", e.Data.Photos, err, d.uploads)
	}
}

// A form that comes back keeps the photos that came with it: nobody chooses them again.
func TestAFormThatComesBackKeepsItsPhotos(t *testing.T) {
	d := open(t)
	form := complaintForm()
	form.Set("text", "")
	page := d.postPhotos(t, "/file?lang=zh", form, []byte("one"), []byte("two"))
	found := keptPhoto.FindAllStringSubmatch(page.body, -1)
	if page.status != http.StatusUnprocessableEntity || len(found) != 2 || !strings.Contains(page.body, "已收到照片 2 张") {
		t.Fatalf("%d, kept %v", page.status, found)
	}
	form = complaintForm()
	form["photos"] = []string{found[0][1], found[1][1]}
	if got := d.postPhotos(t, "/file", form, []byte("three")); got.status != http.StatusOK || len(d.uploads) != 3 {
		t.Errorf("%d, uploaded %v", got.status, d.uploads)
	}
}

func TestPhotosOfFormsAreBound(t *testing.T) {
	big := bytes.Repeat([]byte("x"), maxPhotos/2+1)
	for name, test := range map[string]struct {
		photos [][]byte
		ids    []string
		want   string
	}{
		"too large":     {photos: [][]byte{big, append([]byte("y"), big...)}, want: "4 MB"},
		"too many":      {photos: [][]byte{{1}, {2}, {3}, {4}, {5}, {6}, {7}}, want: "最多 6 张"},
		"a stranger's":  {ids: []string{"abcdefghijklmnopqrstuvwxyz-0123456789abcdef"}, want: "照片编号"},
		"a way out":     {ids: []string{"../photos/x"}, want: "照片编号"},
		"too many kept": {ids: []string{"a", "b", "c", "d", "e", "f", "g"}, want: "最多 6 张"},
	} {
		d := open(t)
		form := complaintForm()
		form["photos"] = test.ids
		page := d.postPhotos(t, "/file?lang=zh", form, test.photos...)
		if page.status != http.StatusUnprocessableEntity || !strings.Contains(page.body, test.want) || !strings.Contains(page.body, "排队") {
			t.Errorf("%s: %d, the page lacks %q or the text", name, page.status, test.want)
		}
		if len(d.store.tickets) != 0 {
			t.Errorf("%s: filed", name)
		}
	}
}

// What is larger than a call may be is the gateway's to refuse; it never reaches the form.
func TestWhatIsTooLargeForACall(t *testing.T) {
	d := open(t)
	long := complaintForm()
	long.Set("text", strings.Repeat("长", 30_000))
	if got := d.postPhotos(t, "/file", long, []byte("one")); got.status != http.StatusRequestEntityTooLarge {
		t.Errorf("a long text: %d", got.status)
	}
	for _, size := range []int{5 << 20, 11 << 20} {
		if got := d.postPhotos(t, "/file", complaintForm(), make([]byte, size)); got.status != http.StatusRequestEntityTooLarge {
			t.Errorf("%d bytes: %d", size, got.status)
		}
	}
}

// Photos come with a message of whoever has the code, and are taken from nobody else.
func TestPhotosComeWithAMessage(t *testing.T) {
	d := open(t)
	receipt := d.postPhotos(t, "/file", complaintForm())
	n := numberOf.FindString(receipt.body)
	code := d.site.desk.Keys.Code(n)
	form := url.Values{"key": {formKey}, "number": {n}, "code": {"00000-00000"}, "text": {"再补一张"}}
	d.postPhotos(t, "/follow/message", form, []byte("photo"))
	if len(d.uploads) != 0 {
		t.Errorf("taken from a stranger: %v", d.uploads)
	}
	form.Set("code", code)
	if got := d.postPhotos(t, "/follow/message", form, []byte("photo")); got.status != http.StatusOK {
		t.Fatal(got.status)
	}
	stored, err := d.store.Ticket(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	e, err := stored.Records[1].Event()
	if err != nil || e.What != ticket.Messaged || !slices.Equal(e.Data.Photos, slices.Collect(maps.Keys(d.uploads))) {
		t.Errorf("the message names %v, %v; uploaded %v", e.Data.Photos, err, d.uploads)
	}
}

type away struct{}

func (away) Post(context.Context, string, []byte) error { return errors.New("S3 is away") }

// A bucket that is away costs nobody what they wrote.
func TestABucketThatIsAwayKeepsTheForm(t *testing.T) {
	d := open(t)
	d.site.photos = away{}
	page := d.postPhotos(t, "/file?lang=zh", complaintForm(), []byte("one"))
	if page.status != http.StatusInternalServerError || !strings.Contains(page.body, "排队") || keptPhoto.MatchString(page.body) {
		t.Errorf("%d\n%s", page.status, page.body)
	}
}
