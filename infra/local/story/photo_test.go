package story

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"steledesk/infra/local/stack"
	"steledesk/shared/openapi/openapitest"
	"steledesk/shared/photo/phototest"
	"steledesk/shared/ticket"
)

type slot struct {
	ID, URL string
	Fields  map[string]string
}

// slot asks for a place to upload a photo.
func (d *desk) slot() slot {
	d.t.Helper()
	status, _, body := d.send("POST", "/v1/photos", `{"type":"image/jpeg"}`)
	var s slot
	if err := json.Unmarshal(body, &s); status != http.StatusCreated || err != nil {
		d.t.Fatalf("%d %s %v", status, body, err)
	}
	return s
}

// upload posts a file to a slot as a phone does.
func (d *desk) upload(s slot, file []byte) {
	d.t.Helper()
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	for name, value := range s.Fields {
		_ = w.WriteField(name, value) // into memory
	}
	part, err := w.CreateFormFile("file", "IMG_0001.jpg")
	if err == nil {
		_, err = part.Write(file)
	}
	if err != nil || w.Close() != nil {
		d.t.Fatal(err)
	}
	response, err := http.Post(s.URL, w.FormDataContentType(), &form)
	if err != nil {
		d.t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode/100 != 2 {
		d.t.Fatalf("upload: %s", response.Status)
	}
}

// photo is one as readers get it.
type photo struct {
	ID, State, Reason, Says, URL, Thumbnail string
	Width, Height                           int
}

// photosOf reads a ticket's photos as its visitor does.
func (d *desk) photosOf(r receipt) []photo {
	d.t.Helper()
	status, header, body := d.send("GET", "/v1/tickets/"+r.Number, "", "X-Ticket-Code", r.Code)
	openapitest.Check(d.t, "GET", "/v1/tickets/{number}", status, header, body)
	var read struct{ Events []struct{ Photos []photo } }
	if err := json.Unmarshal(body, &read); err != nil {
		d.t.Fatal(err)
	}
	var all []photo
	for _, e := range read.Events {
		all = append(all, e.Photos...)
	}
	return all
}

// settled waits until none of the ticket's photos waits, and gives them.
func (d *desk) settled(r receipt, count int) []photo {
	d.t.Helper()
	var all []photo
	d.until("the photos are settled", func() bool {
		all = d.photosOf(r)
		for _, p := range all {
			if p.State == "waiting" {
				return false
			}
		}
		return len(all) == count
	})
	return all
}

// get fetches an address as anybody may.
func get(t *testing.T, address string) (int, []byte) {
	t.Helper()
	response, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, body
}

func filing(ids ...string) string {
	list, _ := json.Marshal(ids)
	return `{"kind":"complaint","category":"ticketing","spot":"BL01","text":"窗口排队近一小时","photos":` + string(list) + `}`
}

// A photo with its place in the world, taken with the camera on its side, comes back upright and says nothing but its
// picture; and no address gives anything else.
func TestAPhotoComesBackClean(t *testing.T) {
	t.Parallel()
	d := open(t, nil)
	file := phototest.JPEG(t, phototest.Picture(400, 200), phototest.Exif(6))
	first, second := d.slot(), d.slot()
	d.upload(first, file)
	r := d.file(rand.Text(), filing(first.ID))
	got := d.settled(r, 1)[0]
	if got.State != "ready" || got.Width != 200 || got.Height != 400 {
		t.Fatalf("%+v", got)
	}
	for address, side := range map[string]int{got.URL: 400, got.Thumbnail: 320} {
		status, body := get(t, address)
		m, err := jpeg.Decode(bytes.NewReader(body))
		if status != http.StatusOK || err != nil {
			t.Fatalf("%d %v", status, err)
		}
		if b := m.Bounds(); b.Dy() != side || b.Dx() != side/2 {
			t.Errorf("%v is not upright", b)
		}
		checkColours(t, m)
		if bytes.Contains(body, []byte{0xff, 0xe1}) || bytes.Contains(body, []byte("Exif")) || bytes.Contains(body, []byte(phototest.Secret)) {
			t.Error("it still says who took it, and where")
		}
	}
	d.checkNothingElse(got)
	d.checkUpload(first)
	d.upload(second, file) // also with a message
	body := fmt.Sprintf(`{"text":"再补一张","photos":[%q]}`, second.ID)
	status, header, answer := d.send("POST", "/v1/tickets/"+r.Number+"/message", body, "X-Ticket-Code", r.Code)
	openapitest.Check(t, "POST", "/v1/tickets/{number}/message", status, header, answer)
	if all := d.settled(r, 2); all[1].ID != second.ID || all[1].State != "ready" {
		t.Errorf("%+v", all)
	}
	d.verify(r.Number)
	for _, address := range []string{got.URL, got.Thumbnail} { // expiry itself is the guard's test: here, that nobody puts it off
		later := strings.Replace(address, "X-Amz-Expires=900", "X-Amz-Expires=90000", 1)
		if status, _ := get(t, later); later == address || status == http.StatusOK {
			t.Errorf("%s: %d, want an address that is good for 900 s and no longer", address, status)
		}
	}
	other := d.file(rand.Text(), complaint)
	if status, _, body := d.send("GET", "/v1/tickets/"+r.Number, "", "X-Ticket-Code", other.Code); status != http.StatusNotFound || bytes.Contains(body, []byte(got.ID)) {
		t.Errorf("another ticket's code: %d %s", status, body)
	}
}

// checkUpload tries to fetch what was uploaded, as it was, from where it was sent.
func (d *desk) checkUpload(s slot) {
	d.t.Helper()
	for _, address := range []string{s.URL + "/" + s.Fields["key"], s.URL + s.Fields["key"], s.URL + "/./" + s.Fields["key"], s.URL + "?prefix=" + s.Fields["key"], s.URL} {
		if status, body := get(d.t, address); status == http.StatusOK {
			d.t.Errorf("%s gives %.60s", address, body)
		}
	}
}

// checkColours finds the corners of a picture that was taken as phototest.Picture and turned by a quarter.
func checkColours(t *testing.T, m image.Image) {
	t.Helper()
	b := m.Bounds()
	r, g, _, _ := m.At(b.Dx()*3/4, b.Dy()/4).RGBA() // red stands upper right now
	_, g2, _, _ := m.At(b.Dx()*3/4, b.Dy()*3/4).RGBA()
	if r>>8 < 150 || g>>8 > 80 || g2>>8 < 150 {
		t.Errorf("turned the wrong way: %v, %v", m.At(b.Dx()*3/4, b.Dy()/4), m.At(b.Dx()*3/4, b.Dy()*3/4))
	}
}

// checkNothingElse tries what a stranger would who has an address, and what is in the bucket.
func (d *desk) checkNothingElse(p photo) {
	d.t.Helper()
	u, err := url.Parse(p.URL)
	if err != nil {
		d.t.Fatal(err)
	}
	own := u.Path
	for _, path := range []string{
		strings.Replace(own, "/photos/", "/uploads/", 1), strings.TrimSuffix(strings.Replace(own, "/photos/", "/uploads/", 1), ".jpg"),
		strings.Replace(own, p.ID, strings.Repeat("a", len(p.ID)), 1), strings.Replace(own, "photos/"+p.ID, "photos/../uploads/"+p.ID, 1),
		own[:strings.LastIndex(own, "/")+1], own[:strings.Index(own[1:], "/")+1],
	} {
		for _, query := range []string{"", u.RawQuery} {
			if status, body := get(d.t, u.Scheme+"://"+u.Host+path+"?"+query); status == http.StatusOK {
				d.t.Errorf("%s?%.10s gives %.60s", path, query, body)
			}
		}
	}
	objects, err := s3.NewFromConfig(d.AWS()).ListObjectsV2(d.t.Context(), &s3.ListObjectsV2Input{Bucket: &strings.Split(own, "/")[1]})
	if err != nil {
		d.t.Fatal(err)
	}
	for _, o := range objects.Contents {
		if !strings.HasPrefix(*o.Key, "photos/") {
			d.t.Errorf("%s is still there", *o.Key)
		}
	}
}

// What is no photo is met with its reason, by the API, on the visitor's page and at the desk; the ticket is as good as any.
func TestWhatIsNoPhotoSaysWhy(t *testing.T) {
	t.Parallel()
	d := open(t, nil)
	clerk := d.hire("photo-clerk", ticket.SectionStaff, "ticketing")
	files := [][]byte{phototest.HEIC(), phototest.Large(t), phototest.Zip(t), phototest.Bomb(t)}
	want := []string{"heic", "too-many-pixels", "not-a-photo", "too-many-pixels"}
	var ids []string
	for _, file := range files {
		s := d.slot()
		d.upload(s, file)
		ids = append(ids, s.ID)
	}
	r := d.file(rand.Text(), filing(ids...))
	all := d.settled(r, len(files))
	status, header, desk := d.send("GET", "/v1/desk/tickets/"+r.Number, "", "Authorization", "Bearer "+clerk.token)
	openapitest.Check(t, "GET", "/v1/desk/tickets/{number}", status, header, desk)
	page := d.page(r)
	for i, p := range all {
		if p.State != "refused" || p.Reason != want[i] || p.Says == "" || p.URL != "" {
			t.Errorf("%s: %+v", want[i], p)
		}
		if !strings.Contains(page, p.Says) || !bytes.Contains(desk, []byte(p.Says)) {
			t.Errorf("%s: the page or the desk does not say %q", want[i], p.Says)
		}
	}
	d.verify(r.Number)
}

// page is the ticket's page as its visitor reads it.
func (d *desk) page(r receipt) string {
	d.t.Helper()
	response, err := http.PostForm(d.URL()+"/follow?lang=zh", url.Values{"number": {r.Number}, "code": {r.Code}})
	if err != nil {
		d.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	return string(body)
}

// Photo dies at each of its calls, before the call is carried out and after: the photo is ready all the same.
func TestPhotosSurviveCrashes(t *testing.T) {
	t.Parallel()
	f := &fault{}
	d := open(t, func(s *stack.Settings) { s.Middleware = f.middleware })
	f.kill = d.Kill
	file := phototest.JPEG(t, phototest.Picture(400, 200), phototest.Exif(6))
	struck := 0
	for _, after := range []bool{false, true} {
		for at := 1; at <= 10; at++ {
			f.arm("photo", at, after)
			s := d.slot()
			d.upload(s, file)
			r := d.file(rand.Text(), filing(s.ID))
			if got := d.settled(r, 1)[0]; got.State != "ready" {
				t.Fatalf("killed %s: %+v", f.struck(), got)
			}
			if f.struck() == "" {
				break
			}
			struck++
			t.Logf("survived: killed %s", f.struck())
		}
	}
	if struck < 8 {
		t.Errorf("photo was struck %d times only", struck)
	}
}
