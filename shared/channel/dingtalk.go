package channel

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// dingtalkLimit is kept by the whole body, in bytes; the product allows about 20 KB.
const dingtalkLimit = 20_000

type dingtalkBody struct {
	MsgType  string           `json:"msgtype"`
	Markdown dingtalkMarkdown `json:"markdown"`
	At       dingtalkAt       `json:"at"`
}

type dingtalkMarkdown struct {
	Title string `json:"title"` // shown in the list of chats
	Text  string `json:"text"`
}

type dingtalkAt struct {
	Mobiles []string `json:"atMobiles"`
	Users   []string `json:"atUserIds"`
	All     bool     `json:"isAtAll"`
}

var dingtalkDialect = dialect{item: "- ", gap: "\n\n", strong: bold, link: markdownLink, alarm: func(text string) string {
	return `<font color="#FF4D4F">` + text + `</font>`
}}

// dingtalk writes markdown. Whom it calls must be named in the text too, or nobody's phone rings.
func (b *bulletin) dingtalk() (any, error) {
	body := dingtalkBody{MsgType: "markdown", At: dingtalkAt{
		Mobiles: append([]string{}, b.mentions.mobiles...), // null is not an empty list to the bot
		Users:   append([]string{}, b.mentions.users...),
		All:     b.mentions.all,
	}}
	body.Markdown.Title = b.heading()
	var calls []string
	for _, name := range slices.Concat(body.At.Mobiles, body.At.Users) {
		calls = append(calls, "@"+name)
	}
	link := markdownLink(b.open())
	var err error
	body.Markdown.Text, err = b.fit(dingtalkLimit, func(n int) (string, int) {
		filled := body
		filled.Markdown.Text = b.text(dingtalkDialect, "#### "+b.heading(), n, link, strings.Join(calls, " "))
		return filled.Markdown.Text, len(encode(filled))
	})
	return body, err
}

// dingtalkSign adds the signature (加签) to a bot's address.
func dingtalkSign(address *url.URL, secret string, now time.Time) {
	if secret == "" {
		return
	}
	stamp := strconv.FormatInt(now.UnixMilli(), 10)
	query := address.Query()
	query.Set("timestamp", stamp)
	query.Set("sign", dingtalkSignature(secret, stamp))
	address.RawQuery = query.Encode()
}

func dingtalkSignature(secret, stamp string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(stamp + "\n" + secret))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
