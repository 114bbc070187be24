package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"steledesk/events/golden"
	"steledesk/infra/local/awsendpoint/awstest"
	"steledesk/infra/local/s3"
	"steledesk/shared/bucket"
	"steledesk/shared/dynamo"
	"steledesk/shared/dynamo/dynamotest"
	"steledesk/shared/photo"
	"steledesk/shared/photo/phototest"
	"steledesk/shared/visitor/visitortest"
)

func TestMain(m *testing.M) { os.Exit(dynamotest.Main(m)) }

const id = "abcdefghijklmnopqrstuvwxyz-0123456789abcdef"

// lab is the function with a real table and a real bucket.
type lab struct {
	*cleaner
	t      *testing.T
	server *s3.Server
	photos *bucket.Photos
	table  *dynamo.Table
	broken *faulty
}

func open(t *testing.T) *lab {
	t.Helper()
	server, err := s3.Open(t.TempDir(), s3.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := server.CreateBucket("photos"); err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(server)
	t.Cleanup(web.Close)
	cfg, name := dynamotest.Table(t)
	d := &lab{t: t, server: server, photos: bucket.Open(awstest.Config(web.URL), "photos"), table: dynamo.Open(cfg, name)}
	d.broken = &faulty{Bucket: d.photos, Records: d.table}
	d.cleaner = &cleaner{bucket: d.broken, records: d.broken, log: slog.New(slog.DiscardHandler)}
	return d
}

// faulty fails at the call that is named, as if AWS did.
type faulty struct {
	Bucket
	Records
	at string
}

var errAWS = errors.New("AWS is away")

func (f *faulty) fails(call string) error {
	if f.at == call {
		return errAWS
	}
	return nil
}

func (f *faulty) Upload(ctx context.Context, id string) ([]byte, error) {
	if err := f.fails("Upload"); err != nil {
		return nil, err
	}
	return f.Bucket.Upload(ctx, id)
}

func (f *faulty) Keep(ctx context.Context, id string, c photo.Clean) error {
	return errors.Join(f.fails("Keep"), f.Bucket.Keep(ctx, id, c))
}

func (f *faulty) DropUpload(ctx context.Context, id string) error {
	if err := f.fails("DropUpload"); err != nil {
		return err
	}
	return f.Bucket.DropUpload(ctx, id)
}

func (f *faulty) SettlePhoto(ctx context.Context, p photo.Photo) error {
	if err := f.fails("SettlePhoto"); err != nil {
		return err
	}
	return f.Records.SettlePhoto(ctx, p)
}

func (d *lab) upload(file []byte) {
	d.t.Helper()
	if err := d.photos.Post(d.t.Context(), id, file); err != nil {
		d.t.Fatal(err)
	}
}

func uploaded(key string) json.RawMessage {
	return json.RawMessage(fmt.Sprintf(`{"Records":[{"eventSource":"aws:s3","eventName":"ObjectCreated:Post","eventTime":"2026-11-23T01:00:00.000Z",
		"s3":{"bucket":{"name":"photos"},"object":{"key":%q,"size":1}}}]}`, key))
}

func (d *lab) wake(payload json.RawMessage) error {
	_, err := d.handle(d.t.Context(), payload)
	return err
}

func (d *lab) state() photo.Photo {
	d.t.Helper()
	found, err := d.table.Photos(d.t.Context(), []string{id})
	if err != nil {
		d.t.Fatal(err)
	}
	return found[id]
}

func (d *lab) keys() []string {
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

var cleaned = []string{"photos/" + id + ".jpg", "photos/" + id + ".thumb.jpg"}

func (d *lab) checkReady() {
	d.t.Helper()
	if p := d.state(); p.State != photo.Ready || p.Width != 200 || p.Height != 400 {
		d.t.Errorf("settled as %+v", p)
	}
	if got := d.keys(); !slices.Equal(got, cleaned) {
		d.t.Errorf("the bucket holds %v", got)
	}
}

func upload(t *testing.T) []byte {
	return phototest.JPEG(t, phototest.Picture(400, 200), phototest.Exif(6))
}

func TestAnUploadIsCleaned(t *testing.T) {
	d := open(t)
	d.upload(upload(t))
	for range 3 { // S3 may tell of it more than once
		if err := d.wake(uploaded("uploads/" + id)); err != nil {
			t.Fatal(err)
		}
		d.checkReady()
	}
	d.upload(phototest.Zip(t)) // the slot is used again, for something else
	if err := d.wake(uploaded("uploads/" + id)); err != nil {
		t.Fatal(err)
	}
	d.checkReady()
}

func TestWhatIsNoPhotoIsRefusedAndDeleted(t *testing.T) {
	for name, test := range map[string]struct {
		file []byte
		want photo.Reason
	}{
		"HEIC": {phototest.HEIC(), photo.HEIC}, "50 megapixels": {phototest.Large(t), photo.TooManyPixels},
		"a zip": {phototest.Zip(t), photo.NotAPhoto}, "a bomb": {phototest.Bomb(t), photo.TooManyPixels},
		"too many bytes": {make([]byte, photo.MaxBytes+1), photo.TooBig},
	} {
		d := open(t)
		d.upload(test.file)
		if err := d.wake(uploaded("uploads/" + id)); err != nil {
			t.Fatal(err)
		}
		if p := d.state(); p.State != photo.Refused || p.Reason != test.want || len(d.keys()) != 0 {
			t.Errorf("%s: settled as %+v, the bucket holds %v", name, p, d.keys())
		}
	}
}

// AWS fails at each step, more often than a photo may bring the function down: the photo is cleaned all the same, and an
// upload that is gone meanwhile is no error.
func TestAWSFailuresAreNotThePhotos(t *testing.T) {
	for _, call := range []string{"Upload", "Keep", "SettlePhoto", "DropUpload"} {
		t.Run(call, func(t *testing.T) {
			d := open(t)
			d.upload(upload(t))
			d.broken.at = call
			for range maxTries + 2 {
				if err := d.wake(uploaded("uploads/" + id)); !errors.Is(err, errAWS) {
					t.Fatalf("got %v", err)
				}
			}
			d.broken.at = ""
			if err := d.wake(uploaded("uploads/" + id)); err != nil {
				t.Fatal(err)
			}
			d.checkReady()
		})
	}
	d := open(t)
	if err := d.wake(uploaded("uploads/" + id)); err != nil || d.state().State != "" {
		t.Errorf("an upload that is not there: %v, %+v", err, d.state())
	}
}

// A photo that kills the function at each try is refused at the fourth, which comes from the queue of failed events.
func TestAPhotoThatKillsIsRefused(t *testing.T) {
	d := open(t)
	d.upload(upload(t))
	for range maxTries { // tries that never ended
		if _, err := d.table.BeginPhoto(t.Context(), id, visitortest.Nine); err != nil {
			t.Fatal(err)
		}
	}
	body, err := json.Marshal(map[string]any{"version": "1.0", "requestPayload": uploaded("uploads/" + id)})
	if err != nil {
		t.Fatal(err)
	}
	message, err := json.Marshal(map[string]any{"Records": []any{map[string]any{"eventSource": "aws:sqs", "body": string(body)}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.wake(message); err != nil {
		t.Fatal(err)
	}
	if p := d.state(); p.State != photo.Refused || p.Reason != photo.Failed || len(d.keys()) != 0 {
		t.Errorf("settled as %+v, the bucket holds %v", p, d.keys())
	}
}

func TestAForgottenPhotoIsDeleted(t *testing.T) {
	d := open(t)
	d.upload(upload(t))
	if err := d.wake(uploaded("uploads/" + id)); err != nil {
		t.Fatal(err)
	}
	record := func(name, pk string) json.RawMessage {
		return json.RawMessage(fmt.Sprintf(`{"Records":[{"eventSource":"aws:dynamodb","eventName":%q,"dynamodb":{"Keys":{"pk":{"S":%q},"sk":{"S":"HEAD"}}}}]}`, name, pk))
	}
	for _, payload := range []json.RawMessage{record("MODIFY", "P#"+id), record("REMOVE", "T#WX-7K3FQ2MK"), record("REMOVE", "P#../"+id)} {
		if err := d.wake(payload); err != nil || len(d.keys()) != 2 {
			t.Errorf("%s: %v, the bucket holds %v", payload, err, d.keys())
		}
	}
	if err := d.wake(record("REMOVE", "P#"+id)); err != nil || len(d.keys()) != 0 {
		t.Errorf("%v, the bucket holds %v", err, d.keys())
	}
}

// Keys that no slot gives lead nowhere, and an event that is none of ours is an error that is seen.
func TestOddEvents(t *testing.T) {
	d := open(t)
	for _, key := range []string{"uploads/", "uploads/../photos/" + id, "photos/" + id + ".jpg", "uploads/" + id + ".jpg", "uploads/" + strings.ToUpper(id)} {
		if err := d.wake(uploaded(key)); err != nil {
			t.Errorf("%s: %v", key, err)
		}
	}
	for _, payload := range []string{`[]`, `{"Records":[{"eventSource":"aws:kinesis"}]}`, `{"Records":[{"eventSource":"aws:sqs","body":"?"}]}`} {
		if err := d.wake(json.RawMessage(payload)); err == nil {
			t.Errorf("%s passed", payload)
		}
	}
}

// The payloads of events/ are understood: the upload, the upload again, and the photo to forget.
func TestPayloads(t *testing.T) {
	const sample = "2emvfnxgxmbi4hcxd5oyvu7mqa-0123456789abcdef"
	for name, forget := range map[string]bool{"photo/uploaded": false, "photo/again": false, "photo/forgotten": true} {
		got, err := jobs(golden.Payload(t, name))
		if err != nil || len(got) != 1 || got[0].id != sample || got[0].forget != forget || !forget && !got[0].at.Equal(visitortest.Nine) {
			t.Errorf("%s: got %+v, %v", name, got, err)
		}
	}
}
