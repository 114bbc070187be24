package channel

import (
	"context"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestAnswersAreJudged(t *testing.T) {
	later := noon.Add(90 * time.Second).UTC().Format(http.TimeFormat)
	cases := []struct {
		name   string
		kind   string
		status int
		header string // Retry-After
		body   string
		want   error // nil with says == "": success
		wait   time.Duration
		says   string
	}{
		{"WeCom ok", WeCom, 200, "", `{"errcode":0,"errmsg":"ok"}`, nil, 0, ""},
		{"WeCom too often", WeCom, 200, "", `{"errcode":45009,"errmsg":"api freq out of limit"}`, ErrRate, time.Minute, "45009"},
		{"WeCom wrong key", WeCom, 200, "", `{"errcode":93000,"errmsg":"invalid webhook url"}`, ErrRefused, 0, "the key in the url is wrong"},
		{"WeCom too long", WeCom, 200, "", `{"errcode":40058,"errmsg":"markdown.content exceed max length 4096"}`, ErrRefused, 0, "too long"},
		{"WeCom busy", WeCom, 200, "", `{"errcode":-1,"errmsg":"system busy"}`, nil, 0, "code -1"},
		{"WeCom no code", WeCom, 200, "", `{}`, nil, 0, "not one of wecom's"},
		{"WeCom null", WeCom, 200, "", `null`, nil, 0, "not one of wecom's"},
		{"WeCom a portal's page", WeCom, 200, "", `<html>login</html>`, nil, 0, "not one of wecom's"},
		{"WeCom says Feishu's ok", WeCom, 200, "", `{"code":0}`, nil, 0, "not one of wecom's"},
		{"WeCom ok under 500", WeCom, 500, "", `{"errcode":0}`, nil, 0, "HTTP 500"},
		{"WeCom down", WeCom, 502, "", `bad gateway`, nil, 0, "HTTP 502"},
		{"WeCom 429", WeCom, 429, "7", ``, ErrRate, 7 * time.Second, "HTTP 429"},
		{"DingTalk ok", DingTalk, 200, "", `{"errcode":0,"errmsg":"ok"}`, nil, 0, ""},
		{"DingTalk too often", DingTalk, 200, "", `{"errcode":130101,"errmsg":"send too fast"}`, ErrRate, 10 * time.Minute, "130101"},
		{"DingTalk signature", DingTalk, 200, "", `{"errcode":310000,"errmsg":"sign not match"}`, ErrRefused, 0, "加签"},
		{"DingTalk token", DingTalk, 200, "", `{"errcode":300001,"errmsg":"token is not exist"}`, ErrRefused, 0, "access_token"},
		{"Feishu ok", Feishu, 200, "", `{"code":0,"data":{},"msg":"success"}`, nil, 0, ""},
		{"Feishu ok, older", Feishu, 200, "", `{"Extra":null,"StatusCode":0,"StatusMessage":"success"}`, nil, 0, ""},
		{"Feishu too often", Feishu, 200, "", `{"code":11232,"msg":"frequency limited"}`, ErrRate, 0, "11232"},
		{"Feishu too often with 400", Feishu, 400, "3", `{"code":11232,"msg":"frequency limited"}`, ErrRate, 3 * time.Second, "11232"},
		{"Feishu bad body", Feishu, 400, "", `{"code":9499,"msg":"Bad Request"}`, ErrRefused, 0, "malformed"},
		{"Feishu signature", Feishu, 200, "", `{"code":19021,"msg":"sign match fail or timestamp is not within one hour from current time"}`, ErrRefused, 0, "签名校验"},
		{"Feishu address", Feishu, 200, "", `{"code":19022,"msg":"Ip Not Allowed"}`, ErrRefused, 0, "IP"},
		{"Feishu keyword", Feishu, 200, "", `{"code":19024,"msg":"Key Words Not Found"}`, ErrRefused, 0, "关键词"},
		{"Feishu unknown", Feishu, 200, "", `{"code":77777,"msg":"?"}`, nil, 0, "77777"},
		{"webhook ok", Webhook, 204, "", ``, nil, 0, ""},
		{"webhook takes anything as ok", Webhook, 202, "", `{"errcode":1}`, nil, 0, ""},
		{"webhook too often", Webhook, 429, later, ``, ErrRate, 90 * time.Second, "HTTP 429"},
		{"webhook for ever", Webhook, 429, "99999999", ``, ErrRate, time.Hour, "HTTP 429"},
		{"webhook yesterday", Webhook, 429, "-5", ``, ErrRate, 0, "HTTP 429"},
		{"webhook gone", Webhook, 410, "", ``, ErrRefused, 0, "nobody listens"},
		{"webhook forbidden", Webhook, 403, "", ``, ErrRefused, 0, "does not accept"},
		{"webhook slow", Webhook, 408, "", ``, nil, 0, "HTTP 408"},
		{"webhook down", Webhook, 503, "2", ``, nil, 2 * time.Second, "HTTP 503"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			sender, origin := bot(t, func(w http.ResponseWriter, _ *http.Request) {
				if c.header != "" {
					w.Header().Set("Retry-After", c.header)
				}
				w.WriteHeader(c.status)
				io.WriteString(w, c.body)
			})
			err := sender.Send(t.Context(), sample(c.kind, origin), burst())
			if c.says == "" {
				if err != nil {
					t.Errorf("got %v, want success", err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Fatalf("got %v, want it to say %q", err, c.says)
			}
			for _, reason := range []error{ErrRate, ErrRefused} {
				if got, want := errors.Is(err, reason), c.want == reason; got != want {
					t.Errorf("%v: is %q %v, want %v", err, reason, got, want)
				}
			}
			if got := RetryAfter(err); got != c.wait {
				t.Errorf("retry after: got %v, want %v", got, c.wait)
			}
		})
	}
}

// A product that quotes the request back, in whatever form, must not put keys into our logs.
func TestErrorsNeverHoldKeys(t *testing.T) {
	for _, kind := range []string{WeCom, DingTalk, Feishu, Webhook} {
		sender, origin := bot(t, func(w http.ResponseWriter, r *http.Request) {
			key := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
			said := strings.Join([]string{r.URL.String(), r.URL.RawQuery, r.URL.Query().Get("key"), key, secret}, " ")
			io.WriteString(w, `{"errcode":93000,"code":19001,"errmsg":"`+said+`","msg":"`+said+`"}`)
		})
		c := sample(kind, origin)
		if kind == Webhook {
			c.URL = origin + "/hooks/b6d1f1c0-9a52"
		}
		holdsNoKey(t, sender.Send(t.Context(), c, burst()))
		holdsNoKey(t, (&Sender{}).Send(t.Context(), c, burst()))
		holdsNoKey(t, sender.Send(t.Context(), sample(kind, strings.Replace(origin, "http", "http ", 1)), burst()))

		gone, dead := bot(t, func(w http.ResponseWriter, _ *http.Request) {
			conn, _, _ := http.NewResponseController(w).Hijack()
			conn.Close()
		})
		err := gone.Send(t.Context(), sample(kind, dead), burst())
		if err == nil || errors.Is(err, ErrRefused) || errors.Is(err, ErrRate) {
			t.Errorf("%s: dropped connection: got %v, want temporary", kind, err)
		}
		holdsNoKey(t, err)
		if _, ok := errors.AsType[*url.Error](err); ok {
			t.Errorf("%s: %v unwraps to an error that quotes the address", kind, err)
		}
	}
}

func holdsNoKey(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		return
	}
	for _, key := range []string{"73febdcb", "7f3a9c21", "b6d1f1c0", secret} {
		if strings.Contains(err.Error(), key) {
			t.Errorf("%q holds %q", err, key)
		}
	}
}

// A host on the list with a stranger's certificate is not the host on the list.
func TestServersMustProveWhoTheyAre(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("told a stranger") }))
	defer server.Close()
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	err := (&Sender{Hosts: []string{server.URL}}).Send(t.Context(), sample(WeCom, server.URL), burst())
	if !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), "can not prove who it is") {
		t.Errorf("got %v", err)
	}
	holdsNoKey(t, err)
}

// HTTP_PROXY in a function's environment must not see the addresses.
func TestNoProxyIsUsed(t *testing.T) {
	if HTTPClient().Transport.(*http.Transport).Proxy != nil {
		t.Error("a proxy of the environment would be used")
	}
	sender := &Sender{HTTP: &http.Client{}}
	sender.prepare()
	if sender.client.Transport.(*http.Transport).Proxy != nil || sender.client.Timeout != patience {
		t.Errorf("a bare client is used as it is: %+v", sender.client)
	}
}

func TestSilentBotIsGivenUp(t *testing.T) {
	called := make(chan struct{})
	sender, origin := bot(t, func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body) // or the server never sees that the caller hung up
		close(called)
		<-r.Context().Done()
	})
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-called; cancel() }()
	err := sender.Send(ctx, sample(WeCom, origin), burst())
	if !errors.Is(err, context.Canceled) || errors.Is(err, ErrRefused) {
		t.Errorf("got %v, want cancelled and temporary", err)
	}
}

func TestSlowBotRunsIntoTheTimeout(t *testing.T) {
	sender, origin := bot(t, func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	})
	sender.HTTP = &http.Client{Timeout: 50 * time.Millisecond}
	err := sender.Send(t.Context(), sample(WeCom, origin), burst())
	if err == nil || errors.Is(err, ErrRefused) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want a temporary timeout", err)
	}
}

// A server that never stops answering must not fill the function's memory.
func TestEndlessAnswerIsCutOff(t *testing.T) {
	sender, origin := bot(t, func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			if _, err := io.WriteString(w, strings.Repeat("x", 1<<16)); err != nil {
				return
			}
		}
	})
	err := sender.Send(t.Context(), sample(WeCom, origin), burst())
	if err == nil || !strings.Contains(err.Error(), "not one of wecom's") {
		t.Errorf("got %v", err)
	}
}

// What the desk sends by mistake must not be retried for ever: it is refused at once.
func TestNewsThatNobodyCouldReadIsRefused(t *testing.T) {
	sender, origin := bot(t, func(http.ResponseWriter, *http.Request) { t.Error("sent") })
	cases := map[string]func(*News){
		"without items":   func(n *News) { n.Items = nil },
		"id and name":     func(n *News) { n.SectionName = "" },
		"can tell":        func(n *News) { n.Items[0].What = "exploded" },
		"is not a number": func(n *News) { n.Items[0].Ticket = "" },
		"is not an id":    func(n *News) { n.Items[0].Event = "e\r\nX-Evil: 1" },
	}
	for want, spoil := range cases {
		news := burst()
		spoil(&news)
		err := sender.Send(t.Context(), sample(WeCom, origin), news)
		if !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want it to say %q", err, want)
		}
	}
}

func TestWebhookIsSignedAndNamed(t *testing.T) {
	sender, origin := bot(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		stamp := r.Header.Get("X-Steledesk-Timestamp")
		want := map[string]string{
			"Content-Type":          "application/json; charset=utf-8",
			"X-Steledesk-Timestamp": "1795406400",
			"X-Steledesk-Signature": "v1=" + webhookSignature(secret, stamp, body),
			"Idempotency-Key":       "WX-7K3FQ2MK/2",
		}
		for name, value := range want {
			if got := r.Header.Get(name); got != value {
				t.Errorf("%s: got %q, want %q", name, got, value)
			}
		}
	})
	if err := sender.Send(t.Context(), sample(Webhook, origin), burst()); err != nil {
		t.Error(err)
	}
}
