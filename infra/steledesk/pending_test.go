package main

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"steledesk/infra/local/awsendpoint"
	"steledesk/infra/steledesk/archive"
	"steledesk/shared/dynamo"
	"steledesk/shared/photo"
	"steledesk/shared/ticket"
)

func photoID(n int) string {
	return strings.Repeat("a", 22) + fmt.Sprintf("%c%c22", 'a'+n/26, 'a'+n%26) + "-0123456789abcdef"
}

// upload is a photo that was posted and waits for the photo function.
func (d *desk) upload(id string) {
	d.t.Helper()
	d.store("photos", "uploads/"+id, "as it was posted")
	if _, err := d.table.BeginPhoto(d.t.Context(), id, d.now); err != nil {
		d.t.Fatal(err)
	}
}

// settle does what the photo function does with an upload, if there is one.
func (d *desk) settle(ctx context.Context, id string) error {
	bucket := aws.String(d.name + "-photos-000000000000")
	if _, err := d.files.HeadObject(ctx, &s3.HeadObjectInput{Bucket: bucket, Key: aws.String("uploads/" + id)}); err != nil {
		return err
	}
	tries, err := d.table.BeginPhoto(ctx, id, d.now)
	if err != nil {
		return err
	}
	if tries > 0 {
		d.store("photos", "photos/"+id+".thumb.jpg", "small")
		d.store("photos", "photos/"+id+".jpg", "clean")
		if err := d.table.SettlePhoto(ctx, photo.Photo{ID: id, State: photo.Ready, Width: 4, Height: 3}); err != nil {
			return err
		}
	}
	_, err = d.files.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: bucket, Key: aws.String("uploads/" + id)})
	return err
}

// withPhotoFunction wakes the photo function, faster than S3 ever does, by each upload that is stored.
func (d *desk) withPhotoFunction() {
	d.fail(func(service, action string, next http.Handler) http.Handler {
		if service != "s3" || action != "PutObject" {
			return next
		}
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, id, upload := strings.Cut(r.URL.Path, "/uploads/")
			next.ServeHTTP(w, r)
			if upload {
				if err := d.settle(r.Context(), id); err != nil {
					d.t.Error(err)
				}
			}
		})
	})
}

func (d *desk) stateOf(id string) photo.State {
	d.t.Helper()
	found, err := d.table.Photos(d.t.Context(), []string{id})
	if err != nil {
		d.t.Fatal(err)
	}
	return found[id].State
}

// The photo function settled an imported upload, and then the import wrote the item of before over what it had noted:
// the ticket showed a photo at work for ever.
func TestImportLeavesSettledPhotosAlone(t *testing.T) {
	first := busy(t)
	first.upload(photoID(1))
	first.file(7, func(c *ticket.Command) { c.Photos = []string{photoID(1)} })
	folder, _ := first.export(exitOK)
	second := empty(t, first)
	second.withPhotoFunction()
	for range 2 { // again, as after a stop
		second.want(exitOK, []string{"import", folder}, "3 files stored and read back: all there; new, or gone on meanwhile", photoID(1))
		if got := second.stateOf(photoID(1)); got != photo.Ready {
			t.Fatalf("the photo is %q", got)
		}
	}
	second.want(exitOK, []string{"verify", "--all"}, "7 tickets", "every chain holds")
}

// atCall does something once, before the n-th call.
func atCall(n int, do func()) awsendpoint.Middleware {
	var calls atomic.Int32
	return func(_, _ string, next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if int(calls.Add(1)) == n {
				do()
			}
			next.ServeHTTP(w, r)
		})
	}
}

// At whichever call of an export a photo is settled, or named by a ticket: the archive has what can be settled again or
// what was made of it, and a photo that a ticket of the archive names is kept as long as the ticket.
func TestExportOfPhotosThatGoOn(t *testing.T) {
	pending, unused := photoID(1), photoID(2)
	reached := true
	for n := 1; reached; n++ {
		d := deploy(t)
		d.want(exitOK, []string{"secret", "init"})
		d.upload(pending)
		d.upload(unused)
		if err := d.settle(t.Context(), unused); err != nil {
			t.Fatal(err)
		}
		reached = false
		d.fail(atCall(n, func() {
			reached = true
			if err := d.settle(t.Context(), pending); err != nil {
				t.Error(err)
			}
			d.file(n, func(c *ticket.Command) { c.Photos = []string{pending, unused} })
		}))
		folder := filepath.Join(t.TempDir(), "export")
		d.want(exitOK, []string{"export", folder})
		d.fail(nil)
		for _, wrong := range torn(t, folder) {
			t.Errorf("settled and named at call %d: %s", n, wrong)
		}
		if n == 1 && !reached {
			t.Fatal("nothing was called")
		}
	}
}

// torn says which photos of an archive can never be shown where it is imported.
func torn(t *testing.T, folder string) (wrong []string) {
	t.Helper()
	r, err := archive.Open(folder)
	if err == nil {
		err = r.Check()
	}
	if err != nil {
		t.Fatal(err)
	}
	files, photos, named := map[string]bool{}, map[string]dynamo.StoredPhoto{}, []string{}
	for o, err := range r.Objects() {
		if err != nil {
			t.Fatal(err)
		}
		files[o.Key] = true
	}
	for i, err := range r.Items() {
		if err != nil {
			t.Fatal(err)
		}
		if p, is := dynamo.PhotoOf(i); is {
			photos[p.ID] = p
		}
		named = append(named, dynamo.PhotosNamed([]dynamo.Item{i})...)
	}
	for id, p := range photos {
		if clean := files["photos/"+id+".jpg"] && files["photos/"+id+".thumb.jpg"]; p.Settled && !clean || !p.Settled && !files["uploads/"+id] {
			wrong = append(wrong, fmt.Sprintf("%+v without its file", p))
		}
	}
	for _, id := range named {
		if !photos[id].Kept {
			wrong = append(wrong, fmt.Sprintf("a ticket names %s, and it is %+v", id, photos[id]))
		}
	}
	return wrong
}
