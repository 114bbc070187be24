package channel

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// forbidden fails the test when anything is dialled.
type forbidden struct{ t *testing.T }

func (f forbidden) RoundTrip(r *http.Request) (*http.Response, error) {
	f.t.Errorf("dialled %s", r.URL.Host)
	return nil, errors.New("forbidden")
}

// Each of these is a known way to make a checker and a dialler see two hosts.
func TestAddressesOutsideTheListAreNeverDialled(t *testing.T) {
	sender := &Sender{
		Hosts: []string{"https://qyapi.weixin.qq.com", "http://127.0.0.1:8080", ""},
		HTTP:  &http.Client{Transport: forbidden{t}},
	}
	addresses := []string{
		"", "/cgi-bin/webhook/send?key=K", "//qyapi.weixin.qq.com/send", "https:///send", "https:qyapi.weixin.qq.com/send",
		"http://qyapi.weixin.qq.com/send?key=K", "https://qyapi.weixin.qq.com:444/send", "https://qyapi.weixin.qq.com:443/send",
		"https://qyapi.weixin.qq.com", "https://qyapi.weixin.qq.com?key=K", "https://QYAPI.weixin.qq.com/send", "HTTPS://qyapi.weixin.qq.com/send",
		"https://qyapi.weixin.qq.com./send", "https://qyapi.weixin.qq.com.evil.cn/send", "https://evil.cn/qyapi.weixin.qq.com/",
		"https://qyapi.weixin.qq.com@evil.cn/send", "https://user:pw@qyapi.weixin.qq.com/send", "https://evil.cn#https://qyapi.weixin.qq.com/",
		"https://qyapi.weixin.qq.com/send#x", `https://qyapi.weixin.qq.com\@evil.cn/send`, `https://evil.cn\.qyapi.weixin.qq.com/send`,
		"https://qyapi%2Eweixin.qq.com/send", "https://qyapi。weixin.qq.com/send", "https://ｑyapi.weixin.qq.com/send",
		"https://qyapi.weixin.qq.com%00.evil.cn/", "https://qyapi.weixin.qq.com\t/send", " https://qyapi.weixin.qq.com/send",
		"https://qyapi.weixin.qq.com/send?key=%zz", "https://qyapi.weixin.qq.com/send?a;b", "https://qyapi.weixin.qq.com/\r\nHost: evil.cn",
		"http://127.0.0.1/send", "http://127.0.0.1:8081/send", "http://127.1:8080/send", "http://0x7f000001:8080/send",
		"http://2130706433:8080/send", "http://[::1]:8080/send", "http://[::ffff:127.0.0.1]:8080/send", "http://localhost:8080/send",
		"http://169.254.169.254/latest/meta-data/", "file:///etc/passwd", "gopher://127.0.0.1:8080/x", "javascript://qyapi.weixin.qq.com/%0a",
	}
	for _, address := range addresses {
		err := sender.Send(t.Context(), Channel{ID: "g", Kind: WeCom, URL: address}, burst())
		if !errors.Is(err, ErrRefused) {
			t.Errorf("%q: got %v, want refused", address, err)
		}
	}
	for _, address := range []string{"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=K", "http://127.0.0.1:8080/local/bots/wecom/x/send?key=K"} {
		if err := sender.Check(Channel{ID: "g", Kind: WeCom, URL: address}); err != nil {
			t.Errorf("%q: got %v, want allowed", address, err)
		}
	}
}

func TestAnEmptyListAllowsNothing(t *testing.T) {
	sender := &Sender{HTTP: &http.Client{Transport: forbidden{t}}}
	if err := sender.Send(t.Context(), sample(Feishu, "https://open.feishu.cn"), burst()); !errors.Is(err, ErrRefused) {
		t.Errorf("got %v, want refused", err)
	}
}

// A listed host that answers with a redirect must not choose where the news goes.
func TestRedirectsAreNotFollowed(t *testing.T) {
	followed := false
	_, elsewhere := bot(t, func(http.ResponseWriter, *http.Request) { followed = true })
	for _, status := range []int{301, 302, 303, 307, 308} {
		sender, origin := bot(t, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere+"/internal", status)
		})
		err := sender.Send(t.Context(), sample(WeCom, origin), burst())
		if !errors.Is(err, ErrRefused) || followed {
			t.Errorf("%d: got %v, followed %v", status, err, followed)
		}
	}
}

func TestChannelsThatCanNotWorkAreNamedPlainly(t *testing.T) {
	const origin = "https://bots.example.cn"
	sender := &Sender{Hosts: []string{origin}, MailHosts: []string{"mail.example.cn:25"}}
	mail := Channel{ID: "group", Kind: Mail, URL: "smtp://mail.example.cn:25", From: "desk@example.cn", To: []string{"ticketing@example.cn"}}
	cases := []struct {
		name    string
		channel Channel
		change  func(*Channel)
		want    string
	}{
		{"kind", sample("slack", origin), nil, `kind "slack" is not known`},
		{"language", sample(WeCom, origin), func(c *Channel) { c.Language = "fr" }, `language "fr" is not known: zh or en`},
		{"mention", sample(WeCom, origin), func(c *Channel) { c.Mention = []string{"ok", "a><@all"} }, "mention 2 is neither"},
		{"mobile for Feishu", sample(Feishu, origin), func(c *Channel) { c.Mention = []string{"13800138000"} }, "Feishu wants open ids"},
		{"webhook without secret", sample(Webhook, origin), func(c *Channel) { c.Secret = "" }, "secret is missing"},
		{"mail from", mail, func(c *Channel) { c.From = "desk@example.cn\r\nBcc: x@evil.cn" }, "from is not a mail address"},
		{"mail to", mail, func(c *Channel) { c.To = []string{"a@b.cn", "a@b.cn, c@d.cn"} }, "to 2 is not a mail address"},
		{"mail to nobody", mail, func(c *Channel) { c.To = nil }, "to is empty"},
		{"mail host", mail, func(c *Channel) { c.URL = "smtp://mail.example.cn:26" }, "MailHosts"},
		{"mail without port", mail, func(c *Channel) { c.URL = "smtp://mail.example.cn" }, "MailHosts"},
		{"mail host in login", mail, func(c *Channel) { c.URL = "smtp://mail.example.cn:25@evil.cn:25" }, "password"},
		{"mail password in url", mail, func(c *Channel) { c.URL = "smtp://u:p@mail.example.cn:25" }, "put it into secret"},
		{"mail scheme", mail, func(c *Channel) { c.URL = "http://mail.example.cn:25" }, "url must be smtp://"},
		{"mail path", mail, func(c *Channel) { c.URL = "smtp://mail.example.cn:25/x" }, "url must be smtp://"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if c.change != nil {
				c.channel.Mention, c.channel.To = slices.Clone(c.channel.Mention), slices.Clone(c.channel.To)
				c.change(&c.channel)
			}
			err := sender.Check(c.channel)
			if !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want it to say %q", err, c.want)
			}
		})
	}
	if err := sender.Check(mail); err != nil {
		t.Errorf("good mail channel: %v", err)
	}
}

func TestChannelsPrintWithoutSecrets(t *testing.T) {
	c := sample(WeCom, "https://qyapi.weixin.qq.com")
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("sent", "channel", c)
	for _, said := range []string{fmt.Sprint(c), fmt.Sprintf("%+v", c), fmt.Sprintf("%#v", c), fmt.Sprintf("%v", &c), log.String()} {
		if strings.Contains(said, "73febdcb") || strings.Contains(said, secret) || !strings.Contains(said, "group") {
			t.Errorf("got %s", said)
		}
	}
}
