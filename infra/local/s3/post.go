package s3

import (
	"encoding/xml"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"

	"github.com/johannesboyne/gofakes3"
)

// mostFields bounds what a form may hold before its file, in bytes, as S3 does.
const mostFields = 20 << 10

// post stores a file uploaded by a form whose policy allows it. gofakes3's own handler takes any form.
func (s *Server) post(w http.ResponseWriter, r *http.Request, bucket string) {
	reader, err := r.MultipartReader()
	if err != nil {
		fail(w, r, malformed("MalformedPOSTRequest", "The body of your POST request is not well-formed multipart/form-data: %v", err))
		return
	}
	f, file, err := readForm(reader)
	if err != nil {
		fail(w, r, err)
		return
	}
	stored, err := s.accept(bucket, f, file)
	if err != nil {
		fail(w, r, told(err))
		return
	}
	s.tell("ObjectCreated:Post", bucket, stored)
	posted(w, r, f, bucket, stored)
}

// readForm reads the fields up to the file; what follows the file does not count.
func readForm(reader *multipart.Reader) (form, *multipart.Part, error) {
	f, left := form{}, int64(mostFields)
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return nil, nil, malformed("IncorrectNumberOfFilesInPostRequest", "POST requires exactly one file upload per request.")
		}
		if err != nil {
			return nil, nil, malformed("MalformedPOSTRequest", "The body of your POST request is not well-formed multipart/form-data: %v", err)
		}
		name := strings.ToLower(part.FormName())
		if name == "file" {
			return f, part, nil
		}
		value, err := io.ReadAll(io.LimitReader(part, left+1))
		if err != nil {
			return nil, nil, malformed("MalformedPOSTRequest", "Field %s could not be read: %v", name, err)
		}
		if left -= int64(len(value)); left < 0 {
			return nil, nil, malformed("MaxPostPreDataLengthExceededError", "Your POST request fields preceding the upload file were too large.")
		}
		f[name] = string(value)
	}
}

func (s *Server) accept(bucket string, f form, file *multipart.Part) (Object, error) {
	if f["key"] == "" {
		return Object{}, malformed("InvalidArgument", "Bucket POST must contain a field named 'key'. If it is specified, please check the order of the fields.")
	}
	f["key"] = strings.ReplaceAll(f["key"], "${filename}", file.FileName())
	f["bucket"] = bucket
	p, err := s.checkPolicy(f)
	if err != nil {
		return Object{}, err
	}
	if len(f["key"]) > gofakes3.KeySizeLimit {
		return Object{}, malformed("KeyTooLongError", "Your key is too long.")
	}
	headers := map[string]string{"Last-Modified": s.options.Clock().UTC().Format(http.TimeFormat)}
	for name, value := range f {
		if strings.HasPrefix(name, "content-") || strings.HasPrefix(name, "x-amz-meta-") {
			headers[textproto.CanonicalMIMEHeaderKey(name)] = value
		}
	}
	return s.store.put(bucket, newObject(f["key"], headers), &bounded{file: file, policy: p}, nil)
}

// bounded reads a file within a policy's range; it fails before anything is stored.
type bounded struct {
	file   io.Reader
	policy policy
	size   int64
}

func (b *bounded) Read(buffer []byte) (int, error) {
	n, err := b.file.Read(buffer)
	b.size += int64(n)
	if b.size > b.policy.most || err == io.EOF {
		if wrong := b.policy.checkSize(b.size); wrong != nil {
			return n, wrong
		}
	}
	return n, err
}

// told is an error of the store in S3's words.
func told(err error) error {
	var known gofakes3.Error
	var ours *failure
	switch {
	case errors.As(err, &ours):
		return ours
	case errors.As(err, &known):
		code := known.ErrorCode()
		return &failure{Code: string(code), Message: code.Message(), status: code.Status()}
	case errors.Is(err, io.ErrUnexpectedEOF):
		return malformed("MalformedPOSTRequest", "The upload ended before its form did.")
	}
	return err
}

type postResponse struct {
	XMLName                     xml.Name `xml:"PostResponse"`
	Location, Bucket, Key, ETag string
}

// posted answers as the form asked.
func posted(w http.ResponseWriter, r *http.Request, f form, bucket string, stored Object) {
	location := "http://" + r.Host + "/" + bucket + escapePath("/"+stored.Key)
	w.Header().Set("ETag", `"`+stored.ETag()+`"`)
	w.Header().Set("Location", location)
	if to, err := url.Parse(f["success_action_redirect"]); err == nil && to.IsAbs() {
		query := to.Query()
		query.Set("bucket", bucket)
		query.Set("key", stored.Key)
		query.Set("etag", `"`+stored.ETag()+`"`)
		to.RawQuery = query.Encode()
		w.Header().Set("Location", to.String())
		w.WriteHeader(http.StatusSeeOther)
		return
	}
	switch f["success_action_status"] {
	case "200":
		w.WriteHeader(http.StatusOK)
	case "201":
		body, _ := xml.Marshal(postResponse{Location: location, Bucket: bucket, Key: stored.Key, ETag: `"` + stored.ETag() + `"`}) // strings always encode
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(http.StatusCreated)
		w.Write(append([]byte(xml.Header), body...))
	default:
		w.WriteHeader(http.StatusNoContent)
	}
}
