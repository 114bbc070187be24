package channel

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// The vectors of PRACTICE.md: whoever changes a signature changes what the products accept.
func TestSignaturesMatchKnownVectors(t *testing.T) {
	cases := []struct{ name, got, want string }{
		{"dingtalk", dingtalkSignature(secret, "1700000000000"), "wHj5KT1EtSg+0kEuKBYWXYtXzsOjk/37eUEl1j5jOQA="},
		{"feishu", feishuSignature(secret, "1700000000"), "SN27CR89k8RgoHjkubVEbzoPlqtU/6bPRH2oWtBG4UY="},
		{"webhook", webhookSignature(secret, "1700000000", []byte(`{"v":1}`)), "e593ce4d2ef7520f4421258590a8c160352dc552577ab4e6a26137eeaf7652ad"},
	}
	for _, c := range cases {
		if c.got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, c.got, c.want)
		}
	}
}

// A plus sign of base64 that is not escaped arrives as a space, and one signature in three fails.
func TestDingTalkSignatureIsEscapedInTheQuery(t *testing.T) {
	address, _ := url.Parse("https://oapi.dingtalk.com/robot/send?access_token=T")
	dingtalkSign(address, secret, time.UnixMilli(1700000000000))
	want := "access_token=T&sign=wHj5KT1EtSg%2B0kEuKBYWXYtXzsOjk%2F37eUEl1j5jOQA%3D&timestamp=1700000000000"
	if address.RawQuery != want {
		t.Errorf("got %s, want %s", address.RawQuery, want)
	}
}

func TestBodiesAreExact(t *testing.T) {
	cases := []struct {
		file   string
		kind   string
		news   News
		change func(*Channel, *News)
	}{
		{"wecom.json", WeCom, burst(), nil},
		{"wecom-one-en.json", WeCom, single(), func(c *Channel, _ *News) { c.Language = "en" }},
		{"wecom-text.json", WeCom, burst(), func(c *Channel, _ *News) { c.Mention = []string{"all", "13800138000", "chen.wei"} }},
		{"dingtalk.json", DingTalk, burst(), nil},
		{"dingtalk-all-repeat-en.json", DingTalk, burst(), func(c *Channel, n *News) {
			c.Language, c.Mention, n.Repeat = "en", []string{"@all"}, true
		}},
		{"feishu.json", Feishu, burst(), nil},
		{"wecom-papers.json", WeCom, papers("2026-09"), nil},
		{"wecom-papers-en.json", WeCom, papers("2026-09", "2026-10"), func(c *Channel, _ *News) { c.Language = "en" }},
		{"feishu-unsigned-calm.json", Feishu, single(), func(c *Channel, _ *News) { c.Secret, c.Mention = "", []string{"all"} }},
		{"webhook.json", Webhook, burst(), nil},
	}
	for _, c := range cases {
		t.Run(c.file, func(t *testing.T) {
			var got []byte
			sender, origin := bot(t, func(w http.ResponseWriter, r *http.Request) {
				got, _ = io.ReadAll(r.Body)
				io.WriteString(w, `{"errcode":0,"code":0}`)
			})
			channel := sample(c.kind, origin)
			if c.change != nil {
				c.change(&channel, &c.news)
			}
			if err := sender.Send(t.Context(), channel, c.news); err != nil {
				t.Fatal(err)
			}
			golden(t, c.file, indent(t, got))
		})
	}
}

// indent makes a body readable without changing any of its texts.
func indent(t *testing.T, body []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := json.Indent(&b, body, "", "  "); err != nil {
		t.Fatal(err)
	}
	return append(b.Bytes(), '\n')
}

// drawNews is news with names of every script, emoji and rare characters, of any length.
func drawNews(t *rapid.T) News {
	name := rapid.OneOf(
		rapid.String(),
		rapid.StringMatching(`[\x{20000}-\x{2A6DF}𠮷㐀東门]{0,120}`),
		rapid.StringMatching(`(👨‍👩‍👧‍👦|🇨🇳|é|<font>|\[x\]\(http://e\.cn\)|@all|\*\*|"|\\){0,60}`),
	)
	item := rapid.Custom(func(t *rapid.T) Item {
		return Item{
			Event:    rapid.StringMatching(`[A-Z0-9]{1,12}/[0-9]{1,3}`).Draw(t, "event"),
			Ticket:   rapid.StringMatching(`[!-~]{1,40}`).Draw(t, "ticket"),
			What:     rapid.SampledFrom([]string{"filed", "urged", "closed-silent"}).Draw(t, "what"),
			KindName: name.Draw(t, "kind"), CategoryName: name.Draw(t, "category"), SpotName: name.Draw(t, "spot"),
			Urgent: rapid.Bool().Draw(t, "urgent"),
			Due:    noon.Add(time.Duration(rapid.IntRange(-400, 400).Draw(t, "due")) * 24 * time.Hour),
		}
	})
	return News{
		Section: "ticketing", SectionName: "科" + name.Draw(t, "section"),
		Items:  rapid.SliceOfN(item, 1, 200).Draw(t, "items"),
		Repeat: rapid.Bool().Draw(t, "repeat"),
	}
}

// Nothing an office file can hold makes a message longer than its product takes, cuts a
// character in two, or is dropped without being counted.
func TestMessagesFitTheirLimits(t *testing.T) {
	limits := []struct {
		kind  string
		call  []string
		limit int
		size  func(body any) (text string, size int)
	}{
		{WeCom, []string{"chen.wei"}, 4096, func(b any) (string, int) { c := b.(wecomBody).Markdown.Content; return c, len(c) }},
		{WeCom, []string{"all"}, 2048, func(b any) (string, int) { c := b.(wecomBody).Text.Content; return c, len(c) }},
		{DingTalk, []string{"13800138000"}, 20_000, func(b any) (string, int) { return b.(dingtalkBody).Markdown.Text, len(encode(b)) }},
		{Feishu, []string{"ou_1"}, 20_000, func(b any) (string, int) { return b.(feishuBody).Card.Elements[0].Text.Content, len(encode(b)) }},
	}
	sender := &Sender{PublicURL: "https://desk.example.cn", Now: func() time.Time { return noon }}
	rapid.Check(t, func(t *rapid.T) {
		news := drawNews(t)
		for _, l := range limits {
			b := sender.bulletin(Channel{Kind: l.kind, Mention: l.call, Secret: secret}, news)
			body, err := b.body()
			if err != nil {
				t.Fatal(err)
			}
			text, size := l.size(body)
			if size > l.limit || !utf8.ValidString(text) {
				t.Fatalf("%s: %d bytes of %d allowed, valid %v", l.kind, size, l.limit, utf8.ValidString(text))
			}
			shown, rest := strings.Count(text, " · ") > 0, 0
			if i := strings.Index(text, "另有 "); i >= 0 {
				fmt.Sscanf(text[i:], "另有 %d 件", &rest)
			}
			if !shown || linesOfItems(text) != len(b.items)-rest {
				t.Fatalf("%s: %d lines and %d more for %d items:\n%s", l.kind, linesOfItems(text), rest, len(b.items), text)
			}
		}
	})
}

// linesOfItems counts the lines that tell an event.
func linesOfItems(text string) (n int) {
	for line := range strings.Lines(text) {
		for _, what := range []string{"新工单", "催办", "逾期未评，办结"} {
			if strings.Contains(line, what) {
				n++
			}
		}
	}
	return n
}

// Two hundred people to call leave no room: the operator hears of it, no one gets half a message.
func TestTooManyMentionsAreRefused(t *testing.T) {
	sender, origin := bot(t, func(http.ResponseWriter, *http.Request) { t.Error("sent") })
	channel := sample(WeCom, origin)
	for i := range 400 {
		channel.Mention = append(channel.Mention, fmt.Sprintf("colleague-%d", i))
	}
	err := sender.Send(t.Context(), channel, burst())
	if !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), "mention fewer people") {
		t.Errorf("got %v", err)
	}
}

// A stack whose clock is shifted told of new tickets as overdue: the machine's clock was held against their deadlines.
func TestDeadlinesAreHeldAgainstTheDesksTime(t *testing.T) {
	for _, c := range []struct {
		now  time.Time
		want string
	}{
		{time.Time{}, "已逾期 11月23日 11:00"},
		{noon.AddDate(0, -2, 0), "期限 11月23日 11:00"},
		{noon.AddDate(1, 0, 0), "已逾期 2026年11月23日 11:00"},
	} {
		n := single()
		n.Now, n.Items[0].Due = c.now, noon.Add(-time.Hour)
		sender := &Sender{Now: func() time.Time { return noon }}
		b := sender.bulletin(sample(WeCom, "https://qyapi.weixin.qq.com"), n)
		if got := b.line(b.items[0], unmarked); !strings.HasSuffix(got, " · "+c.want) {
			t.Errorf("at %v: got %q, want its end %q", c.now, got, c.want)
		}
		if !b.now.Equal(noon) {
			t.Errorf("signatures carry %v, want the machine's %v", b.now, noon)
		}
	}
}

func TestMostUrgentComesFirst(t *testing.T) {
	items := []Item{
		{Event: "e1", Ticket: "no-deadline"}, {Event: "e2", Ticket: "later", Due: noon.Add(2 * time.Hour)},
		{Event: "e3", Ticket: "sooner", Due: noon.Add(time.Hour)}, {Event: "e4", Ticket: "urgent", Urgent: true, Due: noon.Add(9 * time.Hour)},
		{Event: "e3", Ticket: "sooner", Due: noon.Add(time.Hour)},
	}
	var got []string
	for _, item := range (News{Items: items}).inOrder() {
		got = append(got, item.Ticket)
	}
	if want := []string{"urgent", "sooner", "later", "no-deadline"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
