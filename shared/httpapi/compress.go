package httpapi

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"strings"

	"github.com/aws/aws-lambda-go/events"
)

// worthwhile is the size in bytes from which packing an answer saves a packet.
const worthwhile = 1400

// compressed packs a text where its reader takes that: API Gateway packs nothing itself, and a visitor
// may have one bar of signal. What one call answers holds no secret beside words of somebody else's.
func compressed(r *Request, a events.APIGatewayV2HTTPResponse) (events.APIGatewayV2HTTPResponse, error) {
	if len(a.Body) < worthwhile || !packable(a.Headers["content-type"]) {
		return a, nil
	}
	a.Headers["vary"] = strings.TrimPrefix(a.Headers["vary"]+", accept-encoding", ", ")
	if !takesGzip(r.Header("accept-encoding")) {
		return a, nil
	}
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := w.Write([]byte(a.Body))
	if err == nil {
		err = w.Close()
	}
	if err != nil { // a buffer takes everything
		return a, err
	}
	a.Headers["content-encoding"] = "gzip"
	a.Body, a.IsBase64Encoded = base64.StdEncoding.EncodeToString(out.Bytes()), true
	return a, nil
}

func packable(contentType string) bool {
	kind, _, _ := strings.Cut(contentType, ";")
	return strings.HasPrefix(kind, "text/") || strings.HasSuffix(kind, "json") || kind == "image/svg+xml"
}

// takesGzip reads an Accept-Encoding header (RFC 9110, 12.5.3) as far as gzip is concerned.
func takesGzip(header string) bool {
	for part := range strings.SplitSeq(strings.ToLower(header), ",") {
		name, weight, _ := strings.Cut(strings.ReplaceAll(part, " ", ""), ";")
		if name == "gzip" {
			return strings.Trim(strings.TrimPrefix(weight, "q="), "0.") != "" || weight == ""
		}
	}
	return false
}
