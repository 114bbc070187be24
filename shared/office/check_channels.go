package office

import (
	"fmt"
	"net/mail"
	"net/netip"
	"net/url"
	"slices"
)

// bot is what a kind of channel demands of its entry.
type bot struct {
	origins []string // where the real one lives; none: anywhere
	key     string   // query parameter that says which group
	rate    int      // messages per minute it takes
	secret  need
}

type need int

const (
	mayHave need = iota
	mustHave
	mustNotHave
)

// bots lists the limits each service documents: WeCom developer.work.weixin.qq.com path 99110,
// DingTalk and Feishu custom robots. A webhook's is ours, to be kind to small programs.
func bots() map[ChannelKind]bot {
	return map[ChannelKind]bot{
		WeCom:    {[]string{"https://qyapi.weixin.qq.com"}, "key", 20, mustNotHave},
		DingTalk: {[]string{"https://oapi.dingtalk.com"}, "access_token", 20, mayHave},
		Feishu:   {[]string{"https://open.feishu.cn", "https://open.larksuite.com"}, "", 100, mayHave},
		Webhook:  {nil, "", 600, mustHave},
		Mail:     {nil, "", 60, mayHave},
	}
}

func (c *checker) checkChannels() {
	c.atMost("channels", len(c.Channels), maxChannels)
	seen := c.ids(idPattern, idRule)
	for i, channel := range c.Channels {
		at := index("channels", i)
		seen(at+".id", channel.ID)
		if channel.ID == Trials {
			c.add(at+".id", "the id "+Trials+" has a meaning of its own", "choose another")
		}
		if channel.Section != Supervisors {
			c.reference(at+".section", channel.Section)
		}
		if channel.Section == "" {
			c.add(at+".section", "is missing", "name the section that is told here, or "+Supervisors)
		}
		if channel.Language != "" {
			c.oneOf(at+".language", channel.Language, []string{"zh", "en"})
		}
		c.oneOf(at+".kind", string(channel.Kind), []string{
			string(WeCom), string(DingTalk), string(Feishu), string(Webhook), string(Mail)})
		if b, known := bots()[channel.Kind]; known {
			c.checkBot(at, channel, b)
		}
	}
}

func (c *checker) checkBot(at string, channel Channel, b bot) {
	if rate := channel.RatePerMinute; rate < 0 || rate > b.rate {
		c.add(at+".ratePerMinute", fmt.Sprintf("%d is not between 1 and %d", rate, b.rate), "leave it out to use the most")
	}
	switch {
	case b.secret == mustHave && channel.Secret == "":
		c.add(at+".secret", "is missing", "a webhook's messages are signed with it")
	case b.secret == mustNotHave && channel.Secret != "":
		c.add(at+".secret", fmt.Sprintf("%s has none", channel.Kind), "remove it")
	}
	if channel.Kind == Mail {
		c.checkMail(at, channel)
		return
	}
	c.checkURL(at+".url", channel.URL, b)
	if len(channel.To) > 0 || channel.From != "" {
		c.add(at, "to and from are for mail", "remove them")
	}
	for i, who := range channel.Mention {
		if who == "" || len(who) > 64 {
			c.add(index(at+".mention", i), "is empty or too long", "write a member's id or phone number")
		}
		c.text(index(at+".mention", i), who, 64)
	}
}

// checkURL checks a bot's address without repeating it: it holds the key to the group. Plain http
// is for the machine itself, where the local stack's bots are.
func (c *checker) checkURL(path, text string, b bot) {
	u, err := url.Parse(text)
	switch {
	case text == "":
		c.add(path, "is missing", "copy it from the group's bot settings")
	case err != nil || u.Host == "" || u.User != nil || u.Fragment != "":
		c.add(path, "is no web address", "write https://host/path as the bot's settings show it")
	case isLoopback(u):
	case u.Scheme != "https":
		c.add(path, "is not https", "write https://")
	case len(b.origins) > 0 && !slices.Contains(b.origins, u.Scheme+"://"+u.Host):
		c.add(path, fmt.Sprintf("the host %q is not this kind's", u.Host), fmt.Sprintf("known: %v", b.origins))
	case b.key != "" && u.Query().Get(b.key) == "":
		c.add(path, "names no group", fmt.Sprintf("copy the whole address, with ?%s=…", b.key))
	case len(b.origins) > 0 && len(u.Path) <= 1:
		c.add(path, "has no path", "copy the whole address")
	}
}

func isLoopback(u *url.URL) bool {
	ip, err := netip.ParseAddr(u.Hostname())
	return u.Scheme == "http" && err == nil && ip.IsLoopback()
}

func (c *checker) checkMail(at string, channel Channel) {
	if len(channel.Mention) > 0 {
		c.add(at, "mention is for bots", "remove it")
	}
	c.checkMailServer(at, channel)
	if len(channel.To) == 0 {
		c.add(at+".to", "is missing", "list at least one mail address")
	}
	for i, to := range channel.To {
		c.address(index(at+".to", i), to)
	}
	c.address(at+".from", channel.From)
}

// checkMailServer checks where mail is handed in: a server with a login and a password, or none,
// which means the mail server of the deployment.
func (c *checker) checkMailServer(at string, channel Channel) {
	u, err := url.Parse(channel.URL)
	if err != nil {
		u = &url.URL{} // no scheme: no mail server
	}
	_, password := u.User.Password()
	switch {
	case channel.URL == "" && channel.Secret == "":
	case (u.Scheme != "smtp" && u.Scheme != "smtps") || u.Port() == "" || (u.Path != "" && u.Path != "/") || u.RawQuery != "":
		c.add(at+".url", "is no mail server", "write smtps://login@host:465 or smtp://login@host:587, or leave url and secret out for the deployment's own")
	case password:
		c.add(at+".url", "holds a password", "write it as secret")
	case (u.User.Username() != "") != (channel.Secret != ""):
		c.add(at+".secret", "a login needs its password, and a password its login", "write url: smtps://login@host:465 and secret: the password")
	}
}

func (c *checker) address(path, text string) {
	a, err := mail.ParseAddress(text)
	if err != nil || a.Address != text {
		c.add(path, "is no plain mail address", "write name@example.cn")
	}
}
