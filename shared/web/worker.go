package web

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"steledesk/shared/httpapi"
)

//go:embed assets/phone/worker.js
var workerSource []byte

// noWorker takes the place of a worker that turned out to be broken: it deletes what was kept and then itself.
const noWorker = `self.addEventListener('install', () => self.skipWaiting())
self.addEventListener('activate', event => event.waitUntil((async () => {
for (const name of await caches.keys()) await caches.delete(name)
await self.registration.unregister()
})()))
`

// worker is the service worker with what it depends on and what it keeps. Its version changes with any of that.
var worker = sync.OnceValue(func() []byte {
	code := lean.ReplaceAll(join("worker.js", workerSource), nil)
	kept := slices.Sorted(maps.Values(AssetPaths()))
	list, err := json.Marshal(kept)
	if err != nil {
		panic(err) // texts of ours
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s%s", list, code))
	return fmt.Appendf(nil, "const VERSION = %q, ASSETS = %s\n%s", hex.EncodeToString(sum[:6]), list, code)
})

// Worker answers GET /sw.js: what keeps the form on phones for when there is no signal. Browsers ask for it anew on
// each visit. When off, it takes itself away from all phones that have it: for the day it turns out to be broken.
func Worker(bucket string, off bool) httpapi.Response {
	body := worker()
	if off {
		body = []byte(noWorker)
	}
	return httpapi.Response{Status: http.StatusOK, Body: body, Headers: map[string]string{
		"content-type": assetTypes[".js"], "cache-control": "no-cache",
		"content-security-policy": strings.TrimSpace("default-src 'none'; script-src 'self'; connect-src 'self' " + bucket),
	}}
}
