package channel

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// FuzzReplies: whatever a bot or a stranger's program answers is judged, waited for an hour at most, and never tells the
// channel's secrets in what the operator reads.
func FuzzReplies(f *testing.F) {
	for i, body := range []string{
		`{"errcode":0,"errmsg":"ok"}`, `{"errcode":45009,"errmsg":"api freq out of limit"}`, `{"errcode":310000,"errmsg":"keywords not in content"}`,
		`{"code":11232,"msg":"frequency limited"}`, `{"StatusCode":0}`, `{"errcode":1e400}`, `{"errcode":"0"}`, `null`, `[]`, "<html>", "\xff",
		`{"errcode":93000,"errmsg":"0123456789abcdef is no key of https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=0123456789abcdef"}`,
		`{"errcode":93000,"errmsg":"no such key: 01234567\u200b89abcdef"}`, // it was told: the line was cleaned after it was masked
	} {
		f.Add(byte(i), 200, "", body)
	}
	f.Add(byte(1), 429, "99999999999", ``)
	f.Add(byte(3), 503, "-9223372036854775808", ``)
	f.Add(byte(3), 503, "Fri, 31 Dec 9999 23:59:59 GMT", ``)
	f.Add(byte(2), 302, "Mon, 01 Jan 0000 00:00:00 GMT", ``)
	kinds := []string{WeCom, DingTalk, Feishu, Webhook}
	s := &Sender{Now: func() time.Time { return noon }}
	f.Fuzz(func(t *testing.T, which byte, status int, wait, body string) {
		const secret = "0123456789abcdef"
		c := Channel{ID: "group", Kind: kinds[int(which)%len(kinds)], URL: "https://bot.example.cn/hook/" + secret + "?key=" + secret, Secret: secret}
		err := s.judge(c, &http.Response{StatusCode: status, Header: http.Header{"Retry-After": {wait}}}, []byte(body))
		if err == nil {
			if status/100 != 2 {
				t.Errorf("HTTP %d is taken for success", status)
			}
			return
		}
		if d := RetryAfter(err); d < 0 || d > time.Hour {
			t.Errorf("waits %v for %q", d, wait)
		}
		if !slices.Contains([]Fault{FaultKey, FaultOff, FaultSecret, FaultKeyword, FaultIP, FaultHost, FaultRate, FaultCertificate, FaultLogin, FaultBlocked, FaultSilent, FaultRefused, FaultFailing}, FaultOf(err)) {
			t.Errorf("%v is of no known fault: %q", err, FaultOf(err))
		}
		if said := err.Error(); strings.Contains(said, secret) || strings.ContainsAny(said, "\r\n") {
			t.Errorf("the operator is told %q", said)
		}
	})
}

// FuzzWebAddress: an address is called only when its origin, as Go's own client would read it, is on the list.
func FuzzWebAddress(f *testing.F) {
	hosts := []string{"https://qyapi.weixin.qq.com", "http://127.0.0.1:8080"}
	for _, seed := range []string{
		"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=x", "http://127.0.0.1:8080/local/bots/x", "https://169.254.169.254/latest/meta-data/", "https://qyapi.weixin.qq.com@evil.example/",
		"https://qyapi.weixin.qq.com\\@evil.example/", "https://qyapi.weixin.qq.com:443/", "https://qyapi.weixin.qq.com#/", "HTTPS://qyapi.weixin.qq.com/", "https://[::ffff:127.0.0.1]/", "//qyapi.weixin.qq.com/", "https://qyapi.weixin.", "\x00",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		address, err := webAddress(raw, hosts)
		if err != nil {
			if allowed := fmt.Sprint(hosts); len(raw) > 20 && strings.Contains(err.Error(), raw) && !strings.Contains(allowed, raw) {
				t.Errorf("the address is told: %v", err)
			}
			return
		}
		again, err := url.Parse(address.String())
		if err != nil || !slices.Contains(hosts, again.Scheme+"://"+again.Host) || address.User != nil {
			t.Errorf("%q leads to %v, %v", raw, again, err)
		}
	})
}
