package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"net/http"
	"path"
	"regexp"
	"strings"
	"sync"

	"steledesk/shared/httpapi"
)

//go:embed assets
var embedded embed.FS

// The pages' scripts lie in assets, one module a file, and in assets/phone what those are joined with. Each is served under a name that holds the
// sum of its bytes, for ever: a changed file is another address.

// asset is one file as it is served.
type asset struct {
	name string // steps.3f9a0c1d2b4e.js
	body []byte
}

var assetTypes = map[string]string{".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml", ".json": "application/json"}

// imported finds what one asset calls another by: './steps.js', in an import or a URL.
var imported = regexp.MustCompile(`(['"])\./([a-z0-9-]+\.[a-z]+)(['"])`)

// lean is what a script's reader needs and a phone does not: indentation, and lines of comment.
var lean = regexp.MustCompile(`(?m)^(?: *//.*\n| +)`)

// assets are all files, by the names they have in the folder and by those they are served under.
var assets = sync.OnceValue(func() map[string]asset {
	entries, err := embedded.ReadDir("assets")
	if err != nil {
		panic(err) // embedded: it is there or the program was not built
	}
	all := map[string]asset{}
	for _, e := range entries {
		if !e.IsDir() && path.Ext(e.Name()) != ".md" {
			hash(all, e.Name(), nil)
		}
	}
	return all
})

// hash adds an asset and those it imports; within are those that led to it. It panics for what no
// build should have: a file that is not there, or two that import each other.
func hash(all map[string]asset, name string, within []string) asset {
	if done, ok := all[name]; ok {
		return done
	}
	if strings.Contains(strings.Join(within, " ")+" ", name+" ") {
		panic(fmt.Sprintf("assets import each other: %v, %s", within, name))
	}
	body, err := embedded.ReadFile("assets/" + name)
	if err != nil {
		panic(err)
	}
	if path.Ext(name) == ".js" {
		body = lean.ReplaceAll(join(name, body), nil)
		body = imported.ReplaceAllFunc(body, func(found []byte) []byte {
			part := imported.FindSubmatch(found)
			other := hash(all, string(part[2]), append(within, name))
			return []byte(string(part[1]) + "./" + other.name + string(part[3]))
		})
	}
	sum := sha256.Sum256(body)
	stem, extension, _ := strings.Cut(name, ".")
	a := asset{name: stem + "." + hex.EncodeToString(sum[:6]) + "." + extension, body: body}
	all[name], all[a.name] = a, a
	return a
}

// AssetPath is the address of a file of the folder assets, such as steps.js. It panics for one that
// is not there; a test walks all that pages name.
func AssetPath(name string) string {
	a, ok := assets()[name]
	if !ok {
		panic("no asset " + name)
	}
	return "/assets/" + a.name
}

// AssetPaths are the addresses of all files, for a service worker that keeps them.
func AssetPaths() map[string]string {
	paths := map[string]string{}
	for name, a := range assets() {
		if name != a.name {
			paths[name] = "/assets/" + a.name
		}
	}
	return paths
}

// Asset answers GET /assets/{file}: for ever the same bytes under the same name. ok is false when
// there is no such file.
func Asset(r *httpapi.Request) (response httpapi.Response, ok bool) {
	name := r.Param("file")
	a, ok := assets()[name]
	if !ok || a.name != name {
		return httpapi.Response{}, false
	}
	headers := map[string]string{
		"content-type": assetTypes[path.Ext(name)], "cache-control": "public, max-age=31536000, immutable", "etag": `"` + name + `"`,
		"content-security-policy": "default-src 'none'; connect-src 'self'; script-src 'self'", // in force for workers
	}
	if strings.Contains(r.Header("if-none-match"), headers["etag"]) {
		return httpapi.Response{Status: http.StatusNotModified, Headers: headers}, true
	}
	return httpapi.Response{Status: http.StatusOK, Headers: headers, Body: a.body}, true
}
