package gateway

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"
)

// request is the event as AWS sends it. The fields of the library's type that AWS leaves out on an open route
// are hidden behind ours.
type request struct {
	events.APIGatewayV2HTTPRequest
	RequestContext requestContext `json:"requestContext"`
}

type requestContext struct {
	events.APIGatewayV2HTTPRequestContext
	Authentication *struct{} `json:"authentication,omitempty"`
}

// A call is what the gateway adds to a request.
type call struct {
	id         string
	route      string
	parameters map[string]string
	body       []byte
}

// event builds the payload of the function. rawPath is decoded and rawQueryString is not: that is how HTTP
// APIs send them.
func (g *Gateway) event(r *http.Request, c call) request {
	now := g.opts.Now()
	headers := flatten(r, len(c.body))
	encoded, isEncoded := encodeBody(r.Header.Get("Content-Type"), c.body)
	domain := hostname(r.Host)
	prefix, _, _ := strings.Cut(domain, ".")
	return request{
		APIGatewayV2HTTPRequest: events.APIGatewayV2HTTPRequest{
			Version:               "2.0",
			RouteKey:              c.route,
			RawPath:               r.URL.Path,
			RawQueryString:        r.URL.RawQuery,
			Cookies:               cookies(r.Header),
			Headers:               headers,
			QueryStringParameters: query(r.URL.RawQuery),
			PathParameters:        c.parameters,
			Body:                  encoded,
			IsBase64Encoded:       isEncoded,
		},
		RequestContext: requestContext{APIGatewayV2HTTPRequestContext: events.APIGatewayV2HTTPRequestContext{
			RouteKey:     c.route,
			AccountID:    g.opts.AccountID,
			Stage:        "$default",
			RequestID:    c.id,
			APIID:        g.opts.APIID,
			DomainName:   domain,
			DomainPrefix: prefix,
			Time:         now.UTC().Format("02/Jan/2006:15:04:05 -0700"),
			TimeEpoch:    now.UnixMilli(),
			HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{
				Method:    r.Method,
				Path:      r.URL.Path,
				Protocol:  r.Proto,
				SourceIP:  hostname(r.RemoteAddr),
				UserAgent: r.UserAgent(),
			},
		}},
	}
}

// flatten lower-cases the names of headers, joins what comes several times by commas, leaves cookies to the
// event's own field, and adds what AWS adds.
func flatten(r *http.Request, bodySize int) map[string]string {
	headers := map[string]string{}
	for name, values := range r.Header {
		switch name {
		case "Cookie", "Connection", "Keep-Alive", "Te", "Trailer", "Upgrade", "Expect", "Proxy-Connection":
		default:
			headers[strings.ToLower(name)] = strings.Join(values, ",")
		}
	}
	scheme, port := "http", "80"
	if r.TLS != nil {
		scheme, port = "https", "443"
	}
	if _, p, err := net.SplitHostPort(r.Host); err == nil {
		port = p
	}
	source := hostname(r.RemoteAddr)
	if earlier := headers["x-forwarded-for"]; earlier != "" {
		source = earlier + ", " + source
	}
	headers["host"] = r.Host
	headers["content-length"] = strconv.Itoa(bodySize)
	headers["x-forwarded-for"] = source
	headers["x-forwarded-port"] = port
	headers["x-forwarded-proto"] = scheme
	if headers["x-amzn-trace-id"] == "" {
		headers["x-amzn-trace-id"] = newTraceID()
	}
	return headers
}

func cookies(header http.Header) []string {
	var all []string
	for _, line := range header.Values("Cookie") {
		for cookie := range strings.SplitSeq(line, ";") {
			if cookie = strings.TrimSpace(cookie); cookie != "" {
				all = append(all, cookie)
			}
		}
	}
	return all
}

// query decodes the query string; what comes several times is joined by commas. A pair that cannot be decoded
// is left out here and still in rawQueryString.
func query(raw string) map[string]string {
	values, _ := url.ParseQuery(raw) // an error says that some pairs were left out
	if len(values) == 0 {
		return nil
	}
	flat := make(map[string]string, len(values))
	for name, all := range values {
		flat[name] = strings.Join(all, ",")
	}
	return flat
}

// encodeBody tells text from binary by the content type, as HTTP APIs do: everything they do not know as text
// is base64, forms and bodies without a type included.
func encodeBody(contentType string, body []byte) (string, bool) {
	if len(body) == 0 {
		return "", false
	}
	mediaType, _, err := mime.ParseMediaType(contentType)
	if err != nil { // a malformed parameter does not hide the type
		mediaType, _, _ = strings.Cut(strings.ToLower(contentType), ";")
		mediaType = strings.TrimSpace(mediaType)
	}
	switch {
	case strings.HasPrefix(mediaType, "text/"),
		mediaType == "application/json", mediaType == "application/xml", mediaType == "application/javascript":
		return string(body), false
	}
	return base64.StdEncoding.EncodeToString(body), true
}

// hostname strips the port of an address, if it has one.
func hostname(address string) string {
	if host, _, err := net.SplitHostPort(address); err == nil {
		return host
	}
	return address
}

// newRequestID returns an id in the form of API Gateway's, such as "JKJaXmPLvHcESHA=".
func newRequestID() string {
	var b [11]byte
	_, _ = rand.Read(b[:]) // never fails, see crypto/rand
	return base64.StdEncoding.EncodeToString(b[:])
}

func newTraceID() string {
	var b [12]byte
	_, _ = rand.Read(b[:]) // never fails, see crypto/rand
	return fmt.Sprintf("Root=1-%08x-%s", time.Now().Unix(), hex.EncodeToString(b[:]))
}
