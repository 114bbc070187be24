package channel

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
)

// feishuLimit is kept by the whole body, in bytes; the product allows 20 KB.
const feishuLimit = 20_000

type feishuBody struct {
	Timestamp string     `json:"timestamp,omitempty"`
	Sign      string     `json:"sign,omitempty"`
	MsgType   string     `json:"msg_type"`
	Card      feishuCard `json:"card"`
}

type feishuCard struct {
	Header   feishuHeader    `json:"header"`
	Elements []feishuElement `json:"elements"`
}

type feishuHeader struct {
	Template string     `json:"template"` // a colour
	Title    feishuText `json:"title"`
}

type feishuElement struct {
	Tag     string         `json:"tag"`
	Text    *feishuText    `json:"text,omitempty"`
	Actions []feishuButton `json:"actions,omitempty"`
}

type feishuText struct {
	Tag     string `json:"tag"`
	Content string `json:"content"`
}

type feishuButton struct {
	Tag  string     `json:"tag"`
	Type string     `json:"type"`
	Text feishuText `json:"text"`
	URL  string     `json:"url"`
}

var feishuDialect = dialect{gap: "\n", strong: bold, link: markdownLink, alarm: func(text string) string {
	return "<font color='red'>" + text + "</font>"
}}

// feishu writes an interactive card: orange when something presses, with a button to the desk.
func (b *bulletin) feishu() (any, error) {
	body := feishuBody{MsgType: "interactive"}
	if b.channel.Secret != "" {
		body.Timestamp = strconv.FormatInt(b.now.Unix(), 10)
		body.Sign = feishuSignature(b.channel.Secret, body.Timestamp)
	}
	body.Card.Header = feishuHeader{Template: "blue", Title: feishuText{"plain_text", b.heading()}}
	if b.pressing() {
		body.Card.Header.Template = "orange"
	}
	content, err := b.fit(feishuLimit, func(n int) (string, int) {
		text := b.text(feishuDialect, "", n, b.feishuCalls())
		filled := body
		filled.Card.Elements = b.feishuElements(text)
		return text, len(encode(filled))
	})
	body.Card.Elements = b.feishuElements(content)
	return body, err
}

func (b *bulletin) feishuElements(text string) []feishuElement {
	elements := []feishuElement{{Tag: "div", Text: &feishuText{"lark_md", text}}}
	label, address := b.open()
	if address == "" {
		return elements
	}
	return append(elements, feishuElement{Tag: "action", Actions: []feishuButton{
		{Tag: "button", Type: "primary", Text: feishuText{"plain_text", label}, URL: address},
	}})
}

func (b *bulletin) feishuCalls() string {
	users := b.mentions.users
	if b.mentions.all {
		users = slices.Concat(users, []string{"all"})
	}
	var calls strings.Builder
	for _, user := range users {
		calls.WriteString("<at id=" + user + "></at>")
	}
	return calls.String()
}

// feishuSignature is the product's own way round: time and secret are the key, nothing is signed.
func feishuSignature(secret, stamp string) string {
	mac := hmac.New(sha256.New, []byte(stamp+"\n"+secret))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
