// Package openapi holds the description of the API (OpenAPI 3.1), which the desk serves and its
// tests hold every response against.
package openapi

import _ "embed"

//go:embed openapi.json
var document []byte

// Document gives the description as JSON. It is the same bytes every time; nobody writes to them.
func Document() []byte { return document }
