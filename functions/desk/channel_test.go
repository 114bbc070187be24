package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"steledesk/shared/channel"
	"steledesk/shared/office"
	"steledesk/shared/visitor/visitortest"
)

// withBot puts a group's bot into the office data that answers as it is told.
func (f *function) withBot(answer string) (heard *[]string) {
	f.t.Helper()
	heard = &[]string{}
	bot := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			f.t.Error(err)
		}
		*heard = append(*heard, string(body))
		_, _ = io.WriteString(w, answer) // a sender that went away
	}))
	f.t.Cleanup(bot.Close)
	o := office.Default()
	o.Channels = []office.Channel{{ID: "group", Section: "ticketing", Kind: office.WeCom, URL: bot.URL + "/cgi-bin/webhook/send?key=0123456789abcdef"}}
	if _, err := f.table.PutOffice(f.t.Context(), o, 0, "test", visitortest.Nine, visitortest.Keys()); err != nil {
		f.t.Fatal(err)
	}
	f.server.prober.sender = &channel.Sender{Hosts: []string{bot.URL}}
	return heard
}

func probe(id string) call {
	return call{who: "office", route: "POST /v1/office/channels/{channel}/test", channel: id}
}

func TestAChannelIsTested(t *testing.T) {
	f := newFunction(t)
	heard := f.withBot(`{"errcode":0,"errmsg":"ok"}`)
	status, body := f.do(probe("group"))
	if status != 200 || body["ok"] != true || !strings.Contains(fmt.Sprint(body["detail"]), "was taken") {
		t.Errorf("got %d %v", status, body)
	}
	if len(*heard) != 1 || !strings.Contains((*heard)[0], "票务科：工单通知测试") {
		t.Errorf("the bot heard %q", *heard)
	}
	if what := f.record("office", 1); !slices.Contains(what, "channel-tested") {
		t.Errorf("recorded: %v", what)
	}
	if status, body := f.do(probe("nowhere")); status != 404 || body["code"] != "no-channel" {
		t.Errorf("no channel: %d %v", status, body)
	}
}

// What a bot refuses is told in words, and without the key that is in its address.
func TestAChannelThatRefusesIsToldInWords(t *testing.T) {
	f := newFunction(t)
	f.withBot(`{"errcode":93000,"errmsg":"invalid webhook url key=0123456789abcdef"}`)
	status, body := f.do(probe("group"))
	if status != 200 || body["ok"] != false || body["code"] != "key" || !strings.Contains(fmt.Sprint(body["detail"]), "Copy its address") {
		t.Errorf("got %d %v", status, body)
	}
	if text := fmt.Sprint(body); strings.Contains(text, "0123456789") || !strings.Contains(text, "code 93000") {
		t.Errorf("said: %s", text)
	}
	f.server.prober.sender = &channel.Sender{Hosts: []string{"https://qyapi.weixin.qq.com"}}
	f.server.prober.now = func() time.Time { return time.Now().Add(time.Minute) } // its next turn
	if _, body := f.do(probe("group")); body["code"] != "host" {
		t.Errorf("a host that is not allowed: %v", body)
	}
}

// A second test waits for the bot's turn; one that has none in time says so, and sends nothing.
func TestATestKeepsTheBotsTurns(t *testing.T) {
	f := newFunction(t)
	heard := f.withBot(`{"errcode":0,"errmsg":"ok"}`)
	now := time.Now()
	f.server.prober.now = func() time.Time { return now }
	var waited time.Duration
	f.server.prober.wait = func(_ context.Context, d time.Duration) error {
		waited += d
		now = now.Add(d)
		return nil
	}
	f.do(probe("group"))
	if _, body := f.do(probe("group")); body["ok"] != true || waited < 3*time.Second {
		t.Errorf("the second: %v after %v", body, waited)
	}
	f.server.prober.wait = func(context.Context, time.Duration) error { return context.DeadlineExceeded }
	if _, body := f.do(probe("group")); body["ok"] != false || body["code"] != "failing" || len(*heard) != 2 {
		t.Errorf("without a turn: %v, heard %d", body, len(*heard))
	}
}
