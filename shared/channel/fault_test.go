package channel

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
)

// A clerk is told what to mend, not a number: what the products answer, as they word it, and what that is about.
func TestFaultsAreTold(t *testing.T) {
	for _, c := range []struct {
		kind, answer string
		status       int
		want         Fault
	}{
		{WeCom, `{"errcode":0,"errmsg":"ok"}`, 200, FaultNone},
		{WeCom, `{"errcode":93000,"errmsg":"invalid webhook url"}`, 200, FaultKey},
		{WeCom, `{"errcode":45009,"errmsg":"api freq out of limit"}`, 200, FaultRate},
		{WeCom, `{"errcode":44004,"errmsg":"empty content"}`, 200, FaultRefused},
		{WeCom, `<html>`, 502, FaultFailing},
		{DingTalk, `{"errcode":310000,"errmsg":"keywords not in content, more: [https://ding-doc.dingtalk.com/doc]"}`, 200, FaultKeyword},
		{DingTalk, `{"errcode":310000,"errmsg":"sign not match, more: [https://ding-doc.dingtalk.com/doc]"}`, 200, FaultSecret},
		{DingTalk, `{"errcode":310000,"errmsg":"ip 203.0.113.9 not in whitelist"}`, 200, FaultIP},
		{DingTalk, `{"errcode":300001,"errmsg":"token is not exist"}`, 200, FaultKey},
		{Feishu, `{"code":19024,"msg":"Key Words Not Found"}`, 200, FaultKeyword},
		{Feishu, `{"code":19021,"msg":"sign match fail or timestamp is not within one hour from current time"}`, 400, FaultSecret},
		{Webhook, `no`, 401, FaultSecret},
		{Webhook, `no`, 404, FaultKey},
	} {
		sender, origin := bot(t, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(c.status)
			_, _ = io.WriteString(w, c.answer) // a sender that went away
		})
		if got := FaultOf(sender.Test(t.Context(), sample(c.kind, origin), "ticketing", "票务科")); got != c.want {
			t.Errorf("%s %s: got %q, want %q", c.kind, c.answer, got, c.want)
		}
	}
	sender, origin := bot(t, nil)
	sender.Hosts = []string{"https://qyapi.weixin.qq.com"}
	if got := FaultOf(sender.Test(t.Context(), sample(WeCom, origin), "ticketing", "票务科")); got != FaultHost {
		t.Errorf("a host that is not allowed: %q", got)
	}
	sender.Hosts = []string{"http://127.0.0.1:1"}
	if got := FaultOf(sender.Test(t.Context(), sample(WeCom, "http://127.0.0.1:1"), "ticketing", "票务科")); got != FaultSilent {
		t.Errorf("nobody listens: %q", got)
	}
	if got := FaultOf(errors.New("x")); got != FaultFailing {
		t.Errorf("an error of another's: %q", got)
	}
}

// A test says that it is one, holds the word that bots are told to look for, and names no ticket.
func TestATestTellsOfNoTicket(t *testing.T) {
	for _, kind := range []string{WeCom, DingTalk, Feishu, Webhook} {
		var got []byte
		var key string
		sender, origin := bot(t, func(w http.ResponseWriter, r *http.Request) {
			got, _ = io.ReadAll(r.Body)
			key = r.Header.Get("Idempotency-Key")
			_, _ = io.WriteString(w, `{"errcode":0,"code":0}`) // a sender that went away
		})
		if err := sender.Test(t.Context(), sample(kind, origin), "ticketing", "票务科"); err != nil {
			t.Fatal(err)
		}
		want := []string{"工单通知测试", "测试消息", "desk.example.cn/desk#/"}
		if kind == Webhook {
			want = []string{`"test":true`, `"items":[]`}
		}
		for _, w := range want {
			if !bytes.Contains(got, []byte(w)) {
				t.Errorf("%s: no %s in %s", kind, w, got)
			}
		}
		if bytes.Contains(got, []byte("#/t/")) || kind == Webhook && !strings.HasPrefix(key, "test.") {
			t.Errorf("%s: key %q, %s", kind, key, got)
		}
	}
}
