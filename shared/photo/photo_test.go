package photo_test

import (
	"strings"
	"testing"
	"time"

	"steledesk/shared/photo"
)

func TestIDs(t *testing.T) {
	good := strings.Repeat("a2", 13) + "-0123456789abcdef"
	for id, want := range map[string]bool{
		good: true, "": false, "../" + good: false, good + "/..": false, good + ".jpg": false, strings.ToUpper(good): false,
		good[:42] + "/": false, strings.Replace(good, "-", "/", 1): false, good[:27]: false, strings.Repeat("a", 43): false,
	} {
		if got := photo.IsID(id); got != want {
			t.Errorf("%q: got %t", id, got)
		}
	}
}

// A photo that has not come after a day will not come: nobody is to wait for it.
func TestAPhotoThatNeverCame(t *testing.T) {
	named := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		before photo.Photo
		after  time.Duration
		state  photo.State
		reason photo.Reason
	}{
		{photo.Photo{}, time.Hour, photo.Waiting, ""},
		{photo.Photo{}, 25 * time.Hour, photo.Refused, photo.Missing},
		{photo.Photo{State: photo.Ready}, 1000 * time.Hour, photo.Ready, ""},
		{photo.Photo{State: photo.Refused, Reason: photo.HEIC}, 1000 * time.Hour, photo.Refused, photo.HEIC},
	} {
		if got := test.before.Seen(named, named.Add(test.after)); got.State != test.state || got.Reason != test.reason {
			t.Errorf("%+v after %s: got %+v", test.before, test.after, got)
		}
	}
}
