package s3_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"

	"steledesk/infra/local/awsendpoint/awstest"
	"steledesk/infra/local/s3"
)

const bucketName = "steledesk-photos-000000000000"

// desk is a server under test with an SDK client and the events it told.
type desk struct {
	*sdk.Client
	t      *testing.T
	server *s3.Server
	url    string

	mu     sync.Mutex
	events []string
}

func open(t *testing.T, folder string, options s3.Options) *desk {
	t.Helper()
	server, err := s3.Open(folder, options)
	if err != nil {
		t.Fatal(err)
	}
	if err := server.CreateBucket(bucketName); err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(server)
	t.Cleanup(web.Close)
	d := &desk{t: t, server: server, url: web.URL,
		Client: sdk.NewFromConfig(awstest.Config(web.URL), func(o *sdk.Options) { o.UsePathStyle = true })}
	server.OnObject(func(e s3.Event) {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.events = append(d.events, fmt.Sprintf("%s %s %d", e.Name, e.Object.Key, e.Object.Size))
	})
	return d
}

func start(t *testing.T) *desk { return open(t, t.TempDir(), s3.Options{}) }

func (d *desk) told() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return strings.Join(d.events, ", ")
}

func (d *desk) put(key, content string) {
	d.t.Helper()
	_, err := d.PutObject(d.t.Context(), &sdk.PutObjectInput{Bucket: aws.String(bucketName), Key: &key,
		Body: strings.NewReader(content), ContentType: aws.String("text/plain"), Metadata: map[string]string{"made": "by test"}})
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) get(key, part string) (string, *sdk.GetObjectOutput) {
	d.t.Helper()
	in := &sdk.GetObjectInput{Bucket: aws.String(bucketName), Key: &key}
	if part != "" {
		in.Range = &part
	}
	out, err := d.GetObject(d.t.Context(), in)
	if err != nil {
		d.t.Fatal(err)
	}
	defer out.Body.Close()
	body, err := io.ReadAll(out.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	return string(body), out
}

func code(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	return fmt.Sprint(err)
}

func TestObjects(t *testing.T) {
	d := start(t)
	key := "uploads/碑 林+1%.txt"
	d.put(key, "0123456789")
	body, out := d.get(key, "")
	if body != "0123456789" || *out.ContentType != "text/plain" || out.Metadata["made"] != "by test" || *out.ContentLength != 10 {
		t.Errorf("got %q, %q, %v, %d bytes", body, *out.ContentType, out.Metadata, *out.ContentLength)
	}
	if part, _ := d.get(key, "bytes=2-4"); part != "234" {
		t.Errorf("range: got %q, want 234", part)
	}
	if part, _ := d.get(key, "bytes=-3"); part != "789" {
		t.Errorf("end: got %q, want 789", part)
	}
	_, err := d.CopyObject(t.Context(), &sdk.CopyObjectInput{Bucket: aws.String(bucketName), Key: aws.String("clean/1"),
		CopySource: aws.String(bucketName + "/uploads/%E7%A2%91%20%E6%9E%97%2B1%25.txt")})
	if err != nil {
		t.Fatal(err)
	}
	if body, out := d.get("clean/1", ""); body != "0123456789" || *out.ContentType != "text/plain" {
		t.Errorf("copy: got %q of type %q", body, *out.ContentType)
	}
	if _, err := d.DeleteObject(t.Context(), &sdk.DeleteObjectInput{Bucket: aws.String(bucketName), Key: &key}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.GetObject(t.Context(), &sdk.GetObjectInput{Bucket: aws.String(bucketName), Key: &key}); code(err) != "NoSuchKey" {
		t.Errorf("after deletion: %v", err)
	}
	want := "ObjectCreated:Put " + key + " 10, ObjectCreated:Copy clean/1 10, ObjectRemoved:Delete " + key + " 10"
	if got := d.told(); got != want {
		t.Errorf("told %s\nwant %s", got, want)
	}
}

func TestListPagesAndFolders(t *testing.T) {
	d := start(t)
	for _, key := range []string{"a/1", "a/2", "b", "c/1", "d"} {
		d.put(key, "x")
	}
	var got []string
	pages := sdk.NewListObjectsV2Paginator(d.Client, &sdk.ListObjectsV2Input{Bucket: aws.String(bucketName),
		Delimiter: aws.String("/"), MaxKeys: aws.Int32(1)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range page.Contents {
			got = append(got, *o.Key)
		}
		for _, p := range page.CommonPrefixes {
			got = append(got, *p.Prefix)
		}
	}
	if text := strings.Join(got, " "); text != "a/ b c/ d" {
		t.Errorf("listed %s", text)
	}
	out, err := d.ListObjectsV2(t.Context(), &sdk.ListObjectsV2Input{Bucket: aws.String(bucketName), Prefix: aws.String("a/")})
	if err != nil || len(out.Contents) != 2 || *out.Contents[0].Size != 1 {
		t.Errorf("by prefix: %v, %v", out, err)
	}
}

func TestMultipartUpload(t *testing.T) {
	d := start(t)
	key := aws.String("big")
	upload, err := d.CreateMultipartUpload(t.Context(), &sdk.CreateMultipartUploadInput{Bucket: aws.String(bucketName), Key: key})
	if err != nil {
		t.Fatal(err)
	}
	var parts []types.CompletedPart
	for n := range int32(2) {
		part, err := d.UploadPart(t.Context(), &sdk.UploadPartInput{Bucket: aws.String(bucketName), Key: key, UploadId: upload.UploadId,
			PartNumber: aws.Int32(n + 1), Body: bytes.NewReader(bytes.Repeat([]byte{'a' + byte(n)}, 5<<20))})
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, types.CompletedPart{ETag: part.ETag, PartNumber: aws.Int32(n + 1)})
	}
	if _, err := d.CompleteMultipartUpload(t.Context(), &sdk.CompleteMultipartUploadInput{Bucket: aws.String(bucketName), Key: key,
		UploadId: upload.UploadId, MultipartUpload: &types.CompletedMultipartUpload{Parts: parts}}); err != nil {
		t.Fatal(err)
	}
	if body, _ := d.get("big", ""); len(body) != 10<<20 || body[5<<20-1:5<<20+1] != "ab" {
		t.Errorf("got %d bytes", len(body))
	}
	if got, want := d.told(), "ObjectCreated:CompleteMultipartUpload big 10485760"; got != want {
		t.Errorf("told %s, want %s", got, want)
	}
}

// SDKs that send a checksum after the body wrap the body in chunks of their own, which must not be stored.
func TestChunkedBodyIsUnwrapped(t *testing.T) {
	d := start(t)
	body := "5;chunk-signature=00\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n"
	r, _ := http.NewRequest(http.MethodPut, d.url+"/"+bucketName+"/chunked", strings.NewReader(body))
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=00")
	r.Header.Set("X-Amz-Content-Sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
	r.Header.Set("X-Amz-Decoded-Content-Length", "5")
	r.Header.Set("Content-Encoding", "aws-chunked")
	if status, answer := do(t, r); status != http.StatusOK {
		t.Fatalf("%d: %s", status, answer)
	}
	if got, out := d.get("chunked", ""); got != "hello" || aws.ToString(out.ContentEncoding) != "" {
		t.Errorf("stored %q with encoding %q", got, aws.ToString(out.ContentEncoding))
	}
}

func TestReopenKeepsObjectsAndClearsCutUploads(t *testing.T) {
	folder := t.TempDir()
	d := open(t, folder, s3.Options{})
	d.put("kept", "content")
	stored, err := filepath.Glob(filepath.Join(folder, bucketName, "*", "*"))
	if err != nil || len(stored) != 1 {
		t.Fatal(stored, err)
	}
	cut := filepath.Join(filepath.Dir(stored[0]), "incoming-1")
	if err := os.WriteFile(cut, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, litter := range []string{filepath.Join(folder, ".DS_Store"), filepath.Join(folder, bucketName, ".DS_Store")} {
		if err := os.WriteFile(litter, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	again := open(t, folder, s3.Options{})
	if body, out := again.get("kept", ""); body != "content" || out.Metadata["made"] != "by test" {
		t.Errorf("got %q with %v", body, out.Metadata)
	}
	if _, err := os.Stat(cut); !errors.Is(err, os.ErrNotExist) {
		t.Error("the upload that was cut off is still there")
	}
	objects, err := again.server.Objects(bucketName, "")
	if err != nil || len(objects) != 1 || objects[0].Key != "kept" {
		t.Errorf("objects %v, %v", objects, err)
	}
}

func TestBucketsArePrivate(t *testing.T) {
	d := start(t)
	d.put("secret", "x")
	r, _ := http.NewRequest(http.MethodGet, d.url+"/"+bucketName+"/secret", nil)
	if status, body := do(t, r); status != http.StatusForbidden || !strings.Contains(body, "<Code>AccessDenied</Code>") {
		t.Errorf("%d: %s", status, body)
	}
}

// gofakes3 would take the tags for the object's new content.
func TestUnservedSubresourceIsRefused(t *testing.T) {
	d := start(t)
	d.put("a", "content")
	_, err := d.PutObjectTagging(t.Context(), &sdk.PutObjectTaggingInput{Bucket: aws.String(bucketName), Key: aws.String("a"),
		Tagging: &types.Tagging{TagSet: []types.Tag{{Key: aws.String("a"), Value: aws.String("b")}}}})
	if code(err) != "NotImplemented" {
		t.Errorf("got %v", err)
	}
	if body, _ := d.get("a", ""); body != "content" {
		t.Errorf("object is now %q", body)
	}
}

func TestPresigned(t *testing.T) {
	now := time.Now()
	d := open(t, t.TempDir(), s3.Options{Now: func() time.Time { return now }})
	d.put("a b/碑", "content")
	presign := sdk.NewPresignClient(d.Client, sdk.WithPresignExpires(time.Minute))
	get, err := presign.PresignGetObject(t.Context(), &sdk.GetObjectInput{Bucket: aws.String(bucketName), Key: aws.String("a b/碑"),
		ResponseContentDisposition: aws.String(`attachment; filename="a b.txt"`)})
	if err != nil {
		t.Fatal(err)
	}
	put, err := presign.PresignPutObject(t.Context(), &sdk.PutObjectInput{Bucket: aws.String(bucketName), Key: aws.String("new"),
		ContentType: aws.String("image/jpeg"), ContentLength: aws.Int64(4)})
	if err != nil {
		t.Fatal(err)
	}
	request := func(method, url, body string, header http.Header) *http.Request {
		r, err := http.NewRequest(method, url, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		for name, values := range header {
			r.Header[name] = values
		}
		return r
	}
	for _, c := range []struct {
		name   string
		after  time.Duration
		r      *http.Request
		status int
		want   string
	}{
		{"get", 0, request("GET", get.URL, "", get.SignedHeader), 200, "content"},
		{"put", 0, request("PUT", put.URL, "jpeg", put.SignedHeader), 200, ""},
		{"put of another type", 0, request("PUT", put.URL, "jpeg", http.Header{"Content-Type": {"text/html"}}), 403, "SignatureDoesNotMatch"},
		{"put of another size", 0, request("PUT", put.URL, "larger", put.SignedHeader), 403, "SignatureDoesNotMatch"},
		{"get with a URL for put", 0, request("GET", put.URL, "", nil), 403, "SignatureDoesNotMatch"},
		{"other key", 0, request("GET", strings.Replace(get.URL, "a%20b", "a%20c", 1), "", nil), 403, "SignatureDoesNotMatch"},
		{"longer life", 0, request("GET", strings.Replace(get.URL, "X-Amz-Expires=60", "X-Amz-Expires=600", 1), "", nil), 403, "SignatureDoesNotMatch"},
		{"other account", 0, request("GET", strings.Replace(get.URL, "Credential=local", "Credential=other", 1), "", nil), 403, "InvalidAccessKeyId"},
		{"expired", 62 * time.Second, request("GET", get.URL, "", nil), 403, "Request has expired"},
		{"too early", -16 * time.Minute, request("GET", get.URL, "", nil), 403, "Request is not valid yet"},
		{"signature version 2", 0, request("GET", d.url+"/"+bucketName+"/a?AWSAccessKeyId=local&Signature=1&Expires=1", "", nil), 400, "Please use AWS4-HMAC-SHA256"},
		{"nonsense", 0, request("GET", d.url+"/"+bucketName+"/a?X-Amz-Signature=1", "", nil), 400, "AuthorizationQueryParametersError"},
	} {
		now = time.Now().Add(c.after)
		if status, body := do(t, c.r); status != c.status || !strings.Contains(body, c.want) {
			t.Errorf("%s: %d %s, want %d with %s", c.name, status, body, c.status, c.want)
		}
	}
}

func do(t *testing.T, r *http.Request) (int, string) {
	t.Helper()
	response, err := http.DefaultClient.Do(r.WithContext(context.WithoutCancel(t.Context())))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

func TestCORS(t *testing.T) {
	d := start(t)
	d.server.SetCORS(bucketName, []s3.CORSRule{{Methods: []string{"POST"}, Origins: []string{"https://*.example.cn"}, Headers: []string{"*"}, MaxAge: 3600}})
	for _, c := range []struct {
		origin, method string
		status         int
		allowed        string
	}{
		{"https://desk.example.cn", "POST", 200, "https://desk.example.cn"},
		{"https://desk.example.cn", "PUT", 403, ""},
		{"https://elsewhere.cn", "POST", 403, ""},
	} {
		r, _ := http.NewRequest(http.MethodOptions, d.url+"/"+bucketName, nil)
		r.Header.Set("Origin", c.origin)
		r.Header.Set("Access-Control-Request-Method", c.method)
		r.Header.Set("Access-Control-Request-Headers", "X-Custom")
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if got := response.Header.Get("Access-Control-Allow-Origin"); response.StatusCode != c.status || got != c.allowed {
			t.Errorf("%s from %s: %d, allowed %q; want %d, %q", c.method, c.origin, response.StatusCode, got, c.status, c.allowed)
		}
	}
	// What gofakes3 would allow to every origin is not.
	r, _ := http.NewRequest(http.MethodGet, d.url+"/"+bucketName, nil)
	r.Header.Set("Origin", "https://elsewhere.cn")
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=00")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if got := response.Header.Get("Access-Control-Allow-Origin"); response.StatusCode != 200 || got != "" {
		t.Errorf("%d, allowed %q", response.StatusCode, got)
	}
}
