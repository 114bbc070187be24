package web

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"steledesk/shared/httpapi"

	"github.com/aws/aws-lambda-go/events"
)

// A module is joined with what it imports: each once, before those that need it, and nothing is left to be fetched
// but what is asked for later.
func TestModulesAreJoined(t *testing.T) {
	for _, name := range []string{"phone.js", "receipt.js"} {
		code := string(assets()[name].body)
		if left := regexp.MustCompile(`(?m)^(?:import|export)\b.*`).FindString(code); left != "" {
			t.Errorf("%s still has %q", name, left)
		}
		defined := map[string]int{}
		for _, m := range regexp.MustCompile(`(?m)(?:^const (\$[a-z]+) = \(\(\) => \{$)|= (\$[a-z]+)$`).FindAllStringSubmatch(code, -1) {
			if m[1] != "" {
				defined[m[1]]++
				if defined[m[1]] > 1 {
					t.Errorf("%s has %s twice", name, m[1])
				}
			} else if defined[m[2]] == 0 {
				t.Errorf("%s uses %s before it is there", name, m[2])
			}
		}
		if defined["$store"] == 0 {
			t.Errorf("%s lacks what it keeps with: %v", name, defined)
		}
	}
	if code := string(assets()["phone.js"].body); !strings.Contains(code, AssetPath("proof.js")[len("/assets/"):]) {
		t.Error("what is fetched later has not the name it is served by")
	}
}

// The service worker keeps the scripts by the names they are served under, is never kept itself, may send photos to the
// bucket, and goes away when the desk says so.
func TestWorker(t *testing.T) {
	r := Worker("https://bucket.example", false)
	if got := r.Headers["cache-control"]; got != "no-cache" {
		t.Errorf("cache-control: %s", got)
	}
	if got := r.Headers["content-security-policy"]; !strings.Contains(got, "connect-src 'self' https://bucket.example") {
		t.Errorf("policy: %s", got)
	}
	for _, path := range AssetPaths() {
		if !bytes.Contains(r.Body, []byte(path)) {
			t.Errorf("it does not keep %s", path)
		}
	}
	for _, never := range []string{"'/receipt", "'/follow'", "import "} {
		if bytes.Contains(r.Body, []byte(never)) {
			t.Errorf("it has %q", never)
		}
	}
	if off := string(Worker("", true).Body); !strings.Contains(off, "unregister") || strings.Contains(off, "'fetch'") {
		t.Errorf("switched off it is\n%s", off)
	}
}

// A phone's part that changes gives its module another address: a phone never runs old and new together.
func TestAssetsOfPartsAreNotServedAlone(t *testing.T) {
	for path := range AssetPaths() {
		if path == "store.js" || path == "worker.js" {
			t.Errorf("%s is served by itself", path)
		}
	}
	r := &httpapi.Request{Event: events.APIGatewayV2HTTPRequest{PathParameters: map[string]string{"file": "phone/store.js"}}}
	if _, ok := Asset(r); ok {
		t.Error("a part is served by its path")
	}
}
