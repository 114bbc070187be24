package channel

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

const (
	patience     = 10 * time.Second // for one message, from dialling to the last byte of the answer
	longestReply = 64 << 10         // bytes of an answer that are read
)

// Sender sends news to the channels of sections. It may be used by several goroutines at once.
type Sender struct {
	// Hosts are the origins it may call, such as https://qyapi.weixin.qq.com: scheme, host and
	// port must match exactly. An empty list allows none.
	Hosts []string

	// MailHosts are the mail servers it may use, as host:port.
	MailHosts []string

	// PublicURL is where people reach the desk, without a trailing slash. Empty: no links.
	PublicURL string

	// HTTP makes the calls; nil means HTTPClient(). Whatever it says, redirects are not followed
	// and no cookies are kept.
	HTTP *http.Client

	// Now is the time that signatures carry; nil means time.Now.
	Now func() time.Time

	once   sync.Once
	client *http.Client
	roots  *x509.CertPool // of mail servers; nil means the system's
}

// HTTPClient gives up after ten seconds and goes to the host it is told, through no proxy. It
// keeps no connection: one that died while the function was frozen would look like a message
// that may have arrived.
func HTTPClient() *http.Client {
	return &http.Client{Timeout: patience, Transport: &http.Transport{
		DialContext:         (&net.Dialer{Timeout: 5 * time.Second}).DialContext,
		TLSHandshakeTimeout: 5 * time.Second,
		DisableKeepAlives:   true,
	}}
}

// Check says whether the channel can be used at all, without sending anything: an error wraps
// ErrRefused and says what to mend.
func (s *Sender) Check(c Channel) error {
	if err := s.check(c); err != nil {
		return refused(c, err)
	}
	return nil
}

func (s *Sender) check(c Channel) (err error) {
	switch c.Kind {
	case WeCom, DingTalk, Feishu:
		_, err = webAddress(c.URL, s.Hosts)
	case Webhook:
		if _, err = webAddress(c.URL, s.Hosts); err == nil && c.Secret == "" {
			err = errors.New("secret is missing: a webhook's receiver knows the desk by its signature")
		}
	case Mail:
		_, err = s.envelope(c)
	default:
		err = fmt.Errorf("kind %q is not known: wecom, dingtalk, feishu, webhook or mail", c.Kind)
	}
	if err != nil {
		return err
	}
	if _, err = c.mentions(); err != nil {
		return err
	}
	_, err = c.words()
	return err
}

// Send tells the channel the news in one message. A nil error means that the product took it.
// An error wraps ErrRate (wait; see RetryAfter), ErrRefused (the operator must mend something)
// or neither (try again; a message that timed out may have arrived, so set News.Repeat).
func (s *Sender) Send(ctx context.Context, c Channel, n News) error {
	if err := s.Check(c); err != nil {
		return err
	}
	if err := n.check(); err != nil {
		return refused(c, err)
	}
	b := s.bulletin(c, n)
	if c.Kind == Mail {
		return s.mail(ctx, b)
	}
	request, err := s.request(ctx, b)
	if err != nil {
		return refused(c, err)
	}
	return s.call(c, request)
}

// bulletin needs a channel and news that were checked.
func (s *Sender) bulletin(c Channel, n News) *bulletin {
	b := &bulletin{channel: c, news: n, items: n.inOrder(), now: s.now(), desk: strings.TrimSuffix(s.PublicURL, "/")}
	b.today = n.Now
	if n.Now.IsZero() {
		b.today = b.now
	}
	b.mentions, _ = c.mentions()
	b.words, _ = c.words()
	return b
}

func (s *Sender) now() time.Time {
	if s.Now == nil {
		return time.Now()
	}
	return s.Now()
}

// request is the HTTP request by which the channel is told.
func (s *Sender) request(ctx context.Context, b *bulletin) (*http.Request, error) {
	address, err := webAddress(b.channel.URL, s.Hosts)
	if err != nil {
		return nil, err
	}
	content, err := b.body()
	if err != nil {
		return nil, err
	}
	if b.channel.Kind == DingTalk {
		dingtalkSign(address, b.channel.Secret, b.now)
	}
	return b.post(ctx, address, encode(content))
}

func (b *bulletin) body() (any, error) {
	switch b.channel.Kind {
	case WeCom:
		return b.wecom()
	case DingTalk:
		return b.dingtalk()
	case Feishu:
		return b.feishu()
	}
	return b.webhook()
}

func (b *bulletin) post(ctx context.Context, address *url.URL, body []byte) (*http.Request, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address.String(), bytes.NewReader(body))
	if err != nil {
		return nil, errors.New("url can not be called")
	}
	request.Header.Set("Content-Type", "application/json; charset=utf-8")
	request.Header.Set("User-Agent", "steledesk")
	if b.channel.Kind == Webhook {
		b.webhookSign(request.Header, body)
	}
	return request, nil
}

// call sends the request and judges the answer.
func (s *Sender) call(c Channel, request *http.Request) error {
	s.once.Do(s.prepare)
	response, err := s.client.Do(request)
	if err != nil {
		return lost(c, err)
	}
	defer response.Body.Close()
	said, err := io.ReadAll(io.LimitReader(response.Body, longestReply))
	if err != nil {
		return lost(c, err)
	}
	return s.judge(c, response, said)
}

// prepare makes the client safe to call a stranger's address with.
func (s *Sender) prepare() {
	client := s.HTTP
	safe := HTTPClient()
	if client != nil {
		safe.Timeout = client.Timeout
		if client.Transport != nil {
			safe.Transport = client.Transport
		}
	}
	if safe.Timeout == 0 {
		safe.Timeout = patience
	}
	safe.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	s.client = safe
}

// lost is the error of a call without an answer. net/http quotes the address in its own; only
// what lies beneath is told.
func lost(c Channel, err error) error {
	if outer, ok := errors.AsType[*url.Error](err); ok {
		err = outer.Err
	}
	text := mask(c, err.Error())
	if certificate(err) {
		return refused(c, told{"the server can not prove who it is: " + text, err})
	}
	return &Error{Channel: c, Cause: told{text, err}}
}

// told is an error whose text is masked, and which still is what it was to errors.Is.
type told struct {
	text string
	err  error
}

func (t told) Error() string { return t.text }
func (t told) Unwrap() error { return t.err }

// encode writes JSON as the products' own examples have it, with < and > as they are.
func encode(body any) []byte {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(body); err != nil {
		panic(fmt.Sprintf("encode %T: %v", body, err)) // own structs of texts, numbers and times always encode
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
