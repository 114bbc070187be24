package httpapi_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/shared/httpapi"
	"steledesk/shared/visitor/visitortest"
)

// Whoever had a slot for a photo before the desk's keys changed was refused with 422 after it, and the canary with 403.
func TestWhatEitherKeySignedIsTaken(t *testing.T) {
	before, after := visitortest.Turned()
	stranger := visitortest.Keys()
	for name, keys := range map[string][2]httpapi.PhotoIDs{"forth": {before, after}, "back": {after, before}} {
		slot, shot := httpapi.NewPhotoID(keys[0]), httpapi.PhotoIDOf(keys[0], "seed")
		r := &httpapi.Request{}
		if err := r.CheckPhotos([]string{slot, shot}, keys[1]); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, made := range []string{"", "-", slot[:len(slot)-1], slot + "0", "x" + slot, strings.Replace(slot, "-", "-0", 1)} {
			if r.CheckPhotos([]string{made}, keys[1]) == nil {
				t.Errorf("%s: %q is taken for an id of the desk", name, made)
			}
		}
		first, _, _ := strings.Cut(shot, "-")
		if again, _, _ := strings.Cut(httpapi.PhotoIDOf(keys[1], "seed"), "-"); again != first {
			t.Errorf("%s: a form's photo is %s, and %s when it is sent again", name, first, again)
		}
		h := http.Header{}
		httpapi.MarkCanary(h, keys[0], "a key of the canary's")
		marked := &httpapi.Request{Event: events.APIGatewayV2HTTPRequest{Headers: map[string]string{"x-canary": h.Get("X-Canary")}}}
		if is, err := marked.IsCanary(keys[1], "a key of the canary's"); !is || err != nil {
			t.Errorf("%s: the canary: %v, %v", name, is, err)
		}
		if is, err := marked.IsCanary(keys[1], "another key"); is || err == nil {
			t.Errorf("%s: a proof for another filing is taken", name)
		}
	}
	if (&httpapi.Request{}).CheckPhotos([]string{httpapi.NewPhotoID(after)}, stranger) == nil {
		t.Error("an id by a key that is not on the ring is taken")
	}
}
