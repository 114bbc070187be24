package s3

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

var fuzzNow = time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)

func fuzzed() *Server {
	return &Server{options: Options{Now: func() time.Time { return fuzzNow }}.withDefaults()}
}

// refused reports whether an error is one of S3's, which the caller is told.
func refused(err error) bool {
	var f *failure
	return errors.As(err, &f) && f.status >= 400 && f.status < 500
}

// FuzzPolicies: no policy brings the endpoint down, signed by the desk's key or not; one that is not signed lets nothing
// in, and one that is lets in only what it says.
func FuzzPolicies(f *testing.F) {
	const credential = "local/20261123/us-east-1/s3/aws4_request"
	f.Add(`{"expiration":"2026-11-23T01:10:00Z","conditions":[{"bucket":"b"},["eq","$key","uploads/1"],["content-length-range",1,10],["starts-with","$Content-Type","image/"]]}`, credential, "uploads/1", "image/jpeg", "")
	f.Add(`{"expiration":"2026-11-23T01:10:00Z","conditions":[["content-length-range",-1,1e30],[],[1,2,3],null,{"a":"b","c":"d"}]}`, credential, "../../x", "", "x")
	f.Add(`{"expiration":"0000-01-01T00:00:00+14:00","conditions":[]}`, "local/x", "", "", "")
	f.Add(`null`, "////", "\x00", "\xff", credential)
	f.Fuzz(func(t *testing.T, document, credential, key, kind, signature string) {
		s := fuzzed()
		text := base64.StdEncoding.EncodeToString([]byte(document))
		fields := form{"bucket": "b", "key": key, "content-type": kind, "policy": text, "x-amz-algorithm": algorithm, "x-amz-credential": credential, "x-amz-signature": signature}
		if _, err := s.checkPolicy(fields); !refused(err) {
			t.Errorf("a signature %q of nobody's: %v", signature, err)
		}
		c, err := parseScope(credential)
		if err != nil {
			return
		}
		fields["x-amz-signature"] = c.sign(s.options.SecretKey, text)
		p, err := s.checkPolicy(fields)
		if err != nil {
			if !refused(err) {
				t.Errorf("%s: %v", document, err)
			}
			return
		}
		if fuzzNow.After(p.expires) || p.least < 0 || p.most < p.least {
			t.Errorf("%s lets in until %v, %d to %d bytes", document, p.expires, p.least, p.most)
		}
		for _, condition := range p.conditions {
			if !condition.holds(fields[condition.field]) {
				t.Errorf("%s lets in a form without %+v", document, condition)
			}
		}
	})
}

// FuzzPresigned: no address brings the endpoint down, and none opens but the one that was signed.
func FuzzPresigned(f *testing.F) {
	s := fuzzed()
	query := url.Values{"X-Amz-Algorithm": {algorithm}, "X-Amz-Credential": {"local/20261123/us-east-1/s3/aws4_request"}, "X-Amz-Date": {"20261123T005900Z"}, "X-Amz-Expires": {"300"}, "X-Amz-SignedHeaders": {"host"}}
	request := func(path, raw string) *http.Request {
		return &http.Request{Method: http.MethodGet, Host: "photos.example.cn", URL: &url.URL{Path: path, RawQuery: raw}, Header: http.Header{}}
	}
	const path = "/photos/clean/0123"
	good := signedQuery(s, request(path, query.Encode()), query)
	if err := s.checkPresigned(request(path, good)); err != nil {
		f.Fatal(err)
	}
	f.Add(path, good)
	f.Add("/photos/clean/../uploads/0123", good)
	f.Add(path, strings.Replace(good, "Expires=300", "Expires=9223372037", 1))
	f.Add(path, strings.Replace(good, "20261123T005900Z", "99991231T235959Z", 1))
	f.Add(path, "X-Amz-Algorithm="+algorithm+"&X-Amz-Credential=////&X-Amz-SignedHeaders=;;;")
	f.Add("", "%zz")
	f.Fuzz(func(t *testing.T, at, raw string) {
		err := s.checkPresigned(request(at, raw))
		if err != nil && !refused(err) {
			t.Errorf("%s?%s: %v", at, raw, err)
		}
		if err == nil && (at != path || unsigned(raw) != unsigned(good)) {
			t.Errorf("%s?%s opens", at, raw)
		}
	})
}

// signedQuery adds the signature of a request to its query.
func signedQuery(s *Server, r *http.Request, query url.Values) string {
	c, err := parseScope(query.Get("X-Amz-Credential"))
	if err != nil {
		return ""
	}
	sum := sha256.Sum256([]byte(canonical(r)))
	text := strings.Join([]string{algorithm, query.Get("X-Amz-Date"), c.String(), hex.EncodeToString(sum[:])}, "\n")
	query.Set("X-Amz-Signature", c.sign(s.options.SecretKey, text))
	return query.Encode()
}

// unsigned is a query in one order, without what signs it.
func unsigned(raw string) string {
	query, _ := url.ParseQuery(raw) // what cannot be read is no part of it
	query.Del("X-Amz-Signature")
	return query.Encode()
}
