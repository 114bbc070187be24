package s3_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
)

// field is one field of a form, in order.
type field struct{ name, value string }

// upload builds the request a browser makes of a form.
func upload(t *testing.T, url string, fields []field, file string) *http.Request {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for _, f := range fields {
		if err := form.WriteField(f.name, f.value); err != nil {
			t.Fatal(err)
		}
	}
	part, err := form.CreateFormFile("file", "photo.jpg")
	if err != nil {
		t.Fatal(err)
	}
	part.Write([]byte(file))
	form.Close()
	r, err := http.NewRequest(http.MethodPost, url, &body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	return r
}

func TestPostAsTheSDKSigns(t *testing.T) {
	d := start(t)
	post, err := sdk.NewPresignClient(d.Client).PresignPostObject(t.Context(),
		&sdk.PutObjectInput{Bucket: aws.String(bucketName), Key: aws.String("uploads/1")},
		func(o *sdk.PresignPostOptions) {
			o.Expires = time.Minute
			o.Conditions = []any{[]any{"content-length-range", 1, 10}, map[string]string{"Content-Type": "image/jpeg"}}
		})
	if err != nil {
		t.Fatal(err)
	}
	fields := []field{{"Content-Type", "image/jpeg"}}
	for name, value := range post.Values {
		fields = append(fields, field{name, value})
	}
	if status, body := do(t, upload(t, post.URL, fields, "jpeg")); status != http.StatusNoContent {
		t.Fatalf("%d: %s", status, body)
	}
	if got, out := d.get("uploads/1", ""); got != "jpeg" || *out.ContentType != "image/jpeg" {
		t.Errorf("stored %q of type %q", got, *out.ContentType)
	}
	if got, want := d.told(), "ObjectCreated:Post uploads/1 4"; got != want {
		t.Errorf("told %s, want %s", got, want)
	}
}

// signed makes the fields that sign a policy with a secret.
func signed(policy, secret string) []field {
	encoded := base64.StdEncoding.EncodeToString([]byte(policy))
	key := []byte("AWS4" + secret)
	for _, part := range []string{"20261123", "us-east-1", "s3", "aws4_request", encoded} {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(part))
		key = mac.Sum(nil)
	}
	return []field{{"policy", encoded}, {"x-amz-algorithm", "AWS4-HMAC-SHA256"}, {"x-amz-date", "20261123T000000Z"},
		{"x-amz-credential", "local/20261123/us-east-1/s3/aws4_request"}, {"x-amz-signature", hex.EncodeToString(key)}}
}

func TestPostPolicy(t *testing.T) {
	d := start(t)
	const conditions = `{"bucket":"` + bucketName + `"},["starts-with","$key","uploads/"],["eq","$Content-Type","image/jpeg"],
		["content-length-range",2,6],["starts-with","$x-amz-date",""],{"x-amz-algorithm":"AWS4-HMAC-SHA256"},["starts-with","$x-amz-credential","local/"]`
	policy := func(expires time.Time, conditions string) string {
		return fmt.Sprintf(`{"expiration":%q,"conditions":[%s]}`, expires.UTC().Format("2006-01-02T15:04:05.000Z"), conditions)
	}
	good := policy(time.Now().Add(time.Minute), conditions)
	key, jpeg := field{"key", "uploads/a"}, field{"Content-Type", "image/jpeg"}
	for _, c := range []struct {
		name, policy, secret string
		fields               []field
		file                 string
		status               int
		want                 string
	}{
		{"good", good, "local", []field{key, jpeg}, "1234", 204, ""},
		{"least", good, "local", []field{key, jpeg}, "12", 204, ""},
		{"most", good, "local", []field{key, jpeg}, "123456", 204, ""},
		{"file name in the key", good, "local", []field{{"key", "uploads/${filename}"}, jpeg}, "1234", 204, ""},
		{"field to be ignored", good, "local", []field{key, jpeg, {"x-ignore-this", "1"}}, "1234", 204, ""},
		{"too small", good, "local", []field{key, jpeg}, "1", 400, "EntityTooSmall"},
		{"too large", good, "local", []field{key, jpeg}, "1234567", 400, "EntityTooLarge"},
		{"much too large", good, "local", []field{key, jpeg}, strings.Repeat("x", 4<<20), 400, "<MaxSizeAllowed>6</MaxSizeAllowed>"},
		{"other key", good, "local", []field{{"key", "clean/a"}, jpeg}, "1234", 403, "Policy Condition failed: [&#34;starts-with&#34;, &#34;$key&#34;, &#34;uploads/&#34;]"},
		{"other type", good, "local", []field{key, {"Content-Type", "text/html"}}, "1234", 403, "AccessDenied"},
		{"no type", good, "local", []field{key}, "1234", 403, "AccessDenied"},
		{"extra field", good, "local", []field{key, jpeg, {"acl", "public-read"}}, "1234", 403, "Extra input fields: acl"},
		{"wrong secret", good, "guess", []field{key, jpeg}, "1234", 403, "SignatureDoesNotMatch"},
		{"expired", policy(time.Now().Add(-time.Second), conditions), "local", []field{key, jpeg}, "1234", 403, "Policy expired"},
		{"other bucket", policy(time.Now().Add(time.Minute), strings.ReplaceAll(conditions, bucketName, "other")), "local", []field{key, jpeg}, "1234", 403, "AccessDenied"},
		{"bucket left open", policy(time.Now().Add(time.Minute), strings.ReplaceAll(conditions, `{"bucket":"`+bucketName+`"},`, "")), "local", []field{key, jpeg}, "1234", 403, "Extra input fields: bucket"},
		{"not JSON", "{", "local", []field{key, jpeg}, "1234", 400, "InvalidPolicyDocument"},
		{"unknown operator", policy(time.Now().Add(time.Minute), `["ends-with","$key","a"]`), "local", []field{key, jpeg}, "1234", 400, "InvalidPolicyDocument"},
		{"odd range", policy(time.Now().Add(time.Minute), `["content-length-range",5,2]`), "local", []field{key, jpeg}, "1234", 400, "InvalidPolicyDocument"},
		{"no key", good, "local", []field{jpeg}, "1234", 400, "InvalidArgument"},
		{"long fields", good, "local", []field{key, jpeg, {"x-ignore-this", strings.Repeat("x", 20<<10)}}, "1234", 400, "MaxPostPreDataLengthExceeded"},
	} {
		r := upload(t, d.url+"/"+bucketName, append(c.fields, signed(c.policy, c.secret)...), c.file)
		if status, body := do(t, r); status != c.status || !strings.Contains(body, c.want) {
			t.Errorf("%s: %d %s, want %d with %s", c.name, status, body, c.status, c.want)
		}
	}
	if objects, err := d.server.Objects(bucketName, ""); err != nil || len(objects) != 2 {
		t.Errorf("stored %d objects, want uploads/a and uploads/photo.jpg; %v", len(objects), err)
	}
}

func TestPostAnswers(t *testing.T) {
	d := start(t)
	policy := `{"expiration":"2099-01-01T00:00:00Z","conditions":[{"bucket":"` + bucketName + `"},["starts-with","$key",""],
		["starts-with","$success_action_status",""],["starts-with","$x-amz-date",""],["starts-with","$x-amz-algorithm",""],["starts-with","$x-amz-credential",""]]}`
	for wanted, want := range map[string]int{"200": 200, "201": 201, "204": 204, "418": 204} {
		r := upload(t, d.url+"/"+bucketName, append(signed(policy, "local"), field{"key", "k"}, field{"success_action_status", wanted}), "x")
		if status, body := do(t, r); status != want || (want == 201) != strings.Contains(body, "<Key>k</Key>") {
			t.Errorf("%s: %d %s, want %d", wanted, status, body, want)
		}
	}
	r := upload(t, d.url+"/"+bucketName, []field{{"key", "k"}}, "x")
	if status, body := do(t, r); status != 403 || !strings.Contains(body, "AccessDenied") {
		t.Errorf("without a policy: %d %s", status, body)
	}
	r, _ = http.NewRequest(http.MethodPost, d.url+"/"+bucketName, strings.NewReader("key=k"))
	if status, body := do(t, r); status != 400 || !strings.Contains(body, "MalformedPOSTRequest") {
		t.Errorf("not a form: %d %s", status, body)
	}
	r = upload(t, d.url+"/none-such", append(signed(strings.ReplaceAll(policy, bucketName, "none-such"), "local"), field{"key", "k"}, field{"success_action_status", ""}), "x")
	if status, body := do(t, r); status != 404 || !strings.Contains(body, "NoSuchBucket") {
		t.Errorf("no bucket: %d %s", status, body)
	}
}
