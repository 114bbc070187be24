package channel

import (
	"slices"
	"strings"
)

// Limits of WeCom in bytes of UTF-8 of the content.
const (
	wecomMarkdown = 4096
	wecomText     = 2048
)

type wecomBody struct {
	MsgType  string         `json:"msgtype"`
	Markdown *wecomContent  `json:"markdown,omitempty"`
	Text     *wecomMentions `json:"text,omitempty"`
}

type wecomContent struct {
	Content string `json:"content"`
}

type wecomMentions struct {
	Content string   `json:"content"`
	Users   []string `json:"mentioned_list,omitempty"`
	Mobiles []string `json:"mentioned_mobile_list,omitempty"`
}

var wecomDialect = dialect{item: ">", gap: "\n", strong: bold, link: markdownLink, alarm: func(text string) string {
	return `<font color="warning">` + text + `</font>`
}}

// wecom writes markdown, or text when it must call everybody or a mobile number: markdown
// calls user ids only.
func (b *bulletin) wecom() (any, error) {
	if b.mentions.all || len(b.mentions.mobiles) > 0 {
		return b.wecomText()
	}
	var calls strings.Builder
	for _, user := range b.mentions.users {
		calls.WriteString("<@" + user + ">")
	}
	link := markdownLink(b.open())
	content, err := b.fit(wecomMarkdown, func(n int) (string, int) {
		text := b.text(wecomDialect, bold(b.heading()), n, link, calls.String())
		return text, len(text)
	})
	return wecomBody{MsgType: "markdown", Markdown: &wecomContent{Content: content}}, err
}

func (b *bulletin) wecomText() (any, error) {
	users := b.mentions.users
	if b.mentions.all {
		users = slices.Concat(users, []string{"@all"})
	}
	_, link := b.open()
	content, err := b.fit(wecomText, func(n int) (string, int) {
		text := b.text(unmarked, b.heading(), n, link)
		return text, len(text)
	})
	return wecomBody{MsgType: "text", Text: &wecomMentions{content, users, b.mentions.mobiles}}, err
}
