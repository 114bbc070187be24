package channel

import (
	"fmt"
	"log/slog"
	"regexp"
	"strings"
)

// The kinds of channels.
const (
	WeCom    = "wecom"    // 企业微信 group bot
	DingTalk = "dingtalk" // 钉钉 group bot
	Feishu   = "feishu"   // 飞书 group bot
	Webhook  = "webhook"  // signed JSON to a program of the section's own
	Mail     = "mail"     // plain text over SMTP
)

// Channel is one way to reach a section. Its URL and its Secret are both secrets: it prints
// and logs as its kind and id only.
type Channel struct {
	ID   string // names the channel in errors and logs
	Kind string // one of the constants above

	// URL is the bot's address as its group shows it, a webhook's address, or for mail
	// smtp://[login@]host:port (STARTTLS) or smtps://[login@]host:port (TLS from the start).
	// Without a login the address of From is the login. A mail channel without a URL uses the
	// first of Sender.MailHosts.
	URL string

	// Secret signs DingTalk and Feishu messages when set (加签, 签名校验) and webhook requests
	// always; for mail it is the login's password. WeCom has none: its secret is the URL's key.
	Secret string

	// Mention names whom a bot calls by name: user ids of the product, mobile numbers (not for
	// Feishu), or "all".
	Mention []string

	To   []string // mail: whom to write to
	From string   // mail: the sender's address

	Language      string // zh (also when empty) or en
	RatePerMinute int    // messages a minute; 0, or more than the product takes, means the product's own limit
}

// String names the channel without its secrets.
func (c Channel) String() string { return fmt.Sprintf("%s channel %q", c.Kind, c.ID) }

// GoString names the channel without its secrets, for %#v.
func (c Channel) GoString() string { return c.String() }

// LogValue names the channel without its secrets.
func (c Channel) LogValue() slog.Value { return slog.StringValue(c.String()) }

// mobile is a mobile number of the mainland.
var mobile = regexp.MustCompile(`^1[0-9]{10}$`)

// userID is what WeCom, DingTalk and Feishu allow in user ids; nothing in it can end a tag.
var userID = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z_.@-]{0,63}$`)

// mentions is Channel.Mention, sorted by what a bot must do with each.
type mentions struct {
	all     bool
	mobiles []string
	users   []string
}

func (c Channel) mentions() (m mentions, err error) {
	for i, name := range c.Mention {
		switch {
		case name == "all" || name == "@all":
			m.all = true
		case mobile.MatchString(name):
			m.mobiles = append(m.mobiles, name)
		case userID.MatchString(name):
			m.users = append(m.users, name)
		default:
			return m, fmt.Errorf("mention %d is neither a user id, a mobile number nor \"all\"", i+1)
		}
	}
	if c.Kind == Feishu && len(m.mobiles) > 0 {
		return m, fmt.Errorf("mention holds a mobile number: Feishu wants open ids (ou_…) or user ids")
	}
	return m, nil
}

// words says in which language to write.
func (c Channel) words() (*words, error) {
	switch strings.ToLower(c.Language) {
	case "", "zh", "zh-cn":
		return &chinese, nil
	case "en":
		return &english, nil
	}
	return nil, fmt.Errorf("language %q is not known: zh or en", c.Language)
}
