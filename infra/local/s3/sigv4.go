package s3

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Signature Version 4, as far as a presigned URL and a POST policy need it.
// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html

const (
	algorithm  = "AWS4-HMAC-SHA256"
	stampForm  = "20060102T150405Z"
	longestURL = 7 * 24 * time.Hour
	skew       = 15 * time.Minute // by how much a signer's clock may be ahead
)

// scope is what a credential names: <key>/<date>/<region>/<service>/aws4_request.
type scope struct{ key, date, region, service string }

func parseScope(credential string) (scope, error) {
	parts := strings.Split(credential, "/")
	if len(parts) != 5 || parts[3] != "s3" || parts[4] != "aws4_request" {
		return scope{}, malformed("AuthorizationQueryParametersError",
			`Error parsing the X-Amz-Credential parameter; it must read <access key>/<date>/<region>/s3/aws4_request, not %q.`, credential)
	}
	return scope{parts[0], parts[1], parts[2], parts[3]}, nil
}

func (c scope) String() string { return c.date + "/" + c.region + "/" + c.service + "/aws4_request" }

// sign is the hexadecimal signature of a text.
func (c scope) sign(secret, text string) string {
	key := []byte("AWS4" + secret)
	for _, part := range []string{c.date, c.region, c.service, "aws4_request"} {
		key = mac(key, part)
	}
	return hex.EncodeToString(mac(key, text))
}

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

// checkKey refuses a credential of another account.
func (s *Server) checkKey(c scope) error {
	if c.key != s.options.AccessKey {
		return &failure{Code: "InvalidAccessKeyId", status: http.StatusForbidden,
			Message: "The AWS Access Key Id you provided does not exist in our records."}
	}
	return nil
}

func wrongSignature() error {
	return &failure{Code: "SignatureDoesNotMatch", status: http.StatusForbidden,
		Message: "The request signature we calculated does not match the signature you provided. Check your key and signing method."}
}

// checkPresigned checks a presigned URL: its time, then its signature.
func (s *Server) checkPresigned(r *http.Request) error {
	query := r.URL.Query()
	if got := query.Get("X-Amz-Algorithm"); got != algorithm {
		return malformed("AuthorizationQueryParametersError", `X-Amz-Algorithm only supports "%s", not %q.`, algorithm, got)
	}
	c, err := parseScope(query.Get("X-Amz-Credential"))
	if err != nil {
		return err
	}
	if err := s.checkTime(query, c); err != nil {
		return err
	}
	if err := s.checkKey(c); err != nil {
		return err
	}
	sum := sha256.Sum256([]byte(canonical(r)))
	text := strings.Join([]string{algorithm, query.Get("X-Amz-Date"), c.String(), hex.EncodeToString(sum[:])}, "\n")
	if !hmac.Equal([]byte(c.sign(s.options.SecretKey, text)), []byte(query.Get("X-Amz-Signature"))) {
		return wrongSignature()
	}
	return nil
}

func (s *Server) checkTime(query url.Values, c scope) error {
	signed, err := time.Parse(stampForm, query.Get("X-Amz-Date"))
	if err != nil || signed.Format("20060102") != c.date {
		return malformed("AuthorizationQueryParametersError", `X-Amz-Date must be in the ISO8601 form "yyyyMMdd'T'HHmmss'Z'" and of the credential's date.`)
	}
	seconds, err := strconv.Atoi(query.Get("X-Amz-Expires"))
	lasts := time.Duration(seconds) * time.Second
	if err != nil || seconds < 0 || lasts > longestURL {
		return malformed("AuthorizationQueryParametersError", "X-Amz-Expires must be a number of seconds from 0 to 604800.")
	}
	now := s.options.Now()
	if now.Add(skew).Before(signed) {
		return denied("Request is not valid yet")
	}
	if now.After(signed.Add(lasts)) {
		return denied("Request has expired")
	}
	return nil
}

// canonical is the canonical request of a presigned URL.
func canonical(r *http.Request) string {
	names := strings.Split(r.URL.Query().Get("X-Amz-SignedHeaders"), ";")
	payload := "UNSIGNED-PAYLOAD"
	if slices.Contains(names, "x-amz-content-sha256") {
		payload = r.Header.Get("X-Amz-Content-Sha256")
	}
	return strings.Join([]string{r.Method, escapePath(r.URL.Path), canonicalQuery(r.URL.Query()),
		canonicalHeaders(r, names), strings.Join(names, ";"), payload}, "\n")
}

func canonicalQuery(query url.Values) string {
	var pairs []string
	for name, values := range query {
		if name == "X-Amz-Signature" {
			continue
		}
		for _, value := range values {
			pairs = append(pairs, escape(name)+"="+escape(value))
		}
	}
	slices.Sort(pairs)
	return strings.Join(pairs, "&")
}

// canonicalHeaders ends each header's line, the last too.
func canonicalHeaders(r *http.Request, names []string) string {
	var all strings.Builder
	for _, name := range names {
		values := slices.Clone(r.Header.Values(name))
		switch name {
		case "host":
			values = []string{r.Host}
		case "content-length":
			values = []string{strconv.FormatInt(r.ContentLength, 10)}
		}
		for i, value := range values {
			values[i] = strings.Join(strings.Fields(value), " ")
		}
		all.WriteString(name + ":" + strings.Join(values, ",") + "\n")
	}
	return all.String()
}

// escape writes all but letters, digits and -._~ as %XX.
func escape(text string) string {
	return strings.ReplaceAll(url.QueryEscape(text), "+", "%20")
}

func escapePath(path string) string {
	return strings.ReplaceAll(escape(path), "%2F", "/")
}
