package s3

import (
	"crypto/hmac"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"
)

// policy is a signed list of what an upload by form may be.
// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
type policy struct {
	expires    time.Time
	conditions []condition
	least      int64 // bytes
	most       int64
}

// condition is ["eq" or "starts-with", "$field", value].
type condition struct{ operator, field, value string }

// largestPost is S3's own limit for an upload by form, in bytes.
const largestPost = 5 << 30

// form is what precedes the file in an upload: names in lower case, without the policy's $.
type form map[string]string

// checkPolicy checks signature, time and conditions of a form; the file's size comes later, with the file.
func (s *Server) checkPolicy(f form) (policy, error) {
	if f["policy"] == "" {
		return policy{}, denied("Access Denied")
	}
	if got := f["x-amz-algorithm"]; got != algorithm {
		return policy{}, malformed("InvalidArgument", "X-Amz-Algorithm only supports %q, not %q.", algorithm, got)
	}
	c, err := parseScope(f["x-amz-credential"])
	if err != nil {
		return policy{}, err
	}
	if err := s.checkKey(c); err != nil {
		return policy{}, err
	}
	if !hmac.Equal([]byte(c.sign(s.options.SecretKey, f["policy"])), []byte(f["x-amz-signature"])) {
		return policy{}, wrongSignature()
	}
	p, err := parsePolicy(f["policy"])
	if err != nil {
		return p, err
	}
	if s.options.Now().After(p.expires) {
		return p, denied("Invalid according to Policy: Policy expired.")
	}
	return p, p.admits(f)
}

func badPolicy(format string, args ...any) error {
	return malformed("InvalidPolicyDocument", "Invalid Policy: "+format, args...)
}

func parsePolicy(encoded string) (p policy, err error) {
	document, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return p, badPolicy("not base64: %v", err)
	}
	var read struct {
		Expiration time.Time         `json:"expiration"`
		Conditions []json.RawMessage `json:"conditions"`
	}
	if err := json.Unmarshal(document, &read); err != nil {
		return p, badPolicy("invalid JSON: %v", err)
	}
	if read.Expiration.IsZero() || read.Conditions == nil {
		return p, badPolicy("expiration or conditions are missing")
	}
	p = policy{expires: read.Expiration, most: largestPost}
	for _, raw := range read.Conditions {
		if err := p.add(raw); err != nil {
			return p, err
		}
	}
	return p, nil
}

// add reads {"field": "value"}, ["operator", "$field", "value"] or ["content-length-range", least, most].
func (p *policy) add(raw json.RawMessage) error {
	var exact map[string]string
	if json.Unmarshal(raw, &exact) == nil {
		if len(exact) != 1 {
			return badPolicy("a simple condition must have one field: %s", raw)
		}
		for field, value := range exact {
			p.conditions = append(p.conditions, condition{"eq", strings.ToLower(field), value})
		}
		return nil
	}
	var list []any
	if err := json.Unmarshal(raw, &list); err != nil || len(list) != 3 {
		return badPolicy("not a condition: %s", raw)
	}
	operator, _ := list[0].(string)
	operator = strings.ToLower(operator)
	if operator == "content-length-range" {
		return p.setRange(raw)
	}
	field, isField := list[1].(string)
	value, isText := list[2].(string)
	name, marked := strings.CutPrefix(field, "$")
	if !isField || !isText || !marked || operator != "eq" && operator != "starts-with" {
		return badPolicy("not a condition: %s", raw)
	}
	p.conditions = append(p.conditions, condition{operator, strings.ToLower(name), value})
	return nil
}

func (p *policy) setRange(raw json.RawMessage) error {
	var bounds []json.RawMessage
	if json.Unmarshal(raw, &bounds) != nil || json.Unmarshal(bounds[1], &p.least) != nil || json.Unmarshal(bounds[2], &p.most) != nil ||
		p.least < 0 || p.most < p.least {
		return badPolicy("content-length-range wants two numbers: %s", raw)
	}
	return nil
}

// free reports whether a field needs no condition.
func free(field string) bool {
	return field == "policy" || field == "x-amz-signature" || field == "file" || strings.HasPrefix(field, "x-ignore-")
}

// admits checks that every condition holds and that every field has one.
func (p policy) admits(f form) error {
	for _, c := range p.conditions {
		if !c.holds(f[c.field]) {
			return denied(`Invalid according to Policy: Policy Condition failed: ["%s", "$%s", "%s"]`, c.operator, c.field, c.value)
		}
	}
	var extra []string
	for field := range f {
		if !free(field) && !slices.ContainsFunc(p.conditions, func(c condition) bool { return c.field == field }) {
			extra = append(extra, field)
		}
	}
	if len(extra) > 0 {
		slices.Sort(extra)
		return denied("Invalid according to Policy: Extra input fields: %s", strings.Join(extra, ", "))
	}
	return nil
}

// holds: a content type may be a list of several, each of which must begin as asked.
func (c condition) holds(value string) bool {
	if c.operator == "eq" {
		return value == c.value
	}
	if c.field != "content-type" {
		return strings.HasPrefix(value, c.value)
	}
	for one := range strings.SplitSeq(value, ",") {
		if !strings.HasPrefix(strings.TrimSpace(one), c.value) {
			return false
		}
	}
	return true
}

// checkSize refuses a file outside the policy's range.
func (p policy) checkSize(size int64) error {
	if size > p.most {
		return &failure{Code: "EntityTooLarge", Message: "Your proposed upload exceeds the maximum allowed size",
			ProposedSize: size, MaxSizeAllowed: p.most, status: http.StatusBadRequest}
	}
	if size < p.least {
		return &failure{Code: "EntityTooSmall", Message: "Your proposed upload is smaller than the minimum allowed size",
			ProposedSize: size, MinSizeAllowed: p.least, status: http.StatusBadRequest}
	}
	return nil
}
