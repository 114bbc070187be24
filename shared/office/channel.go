package office

// ChannelKind says what stands at the other end of a channel.
type ChannelKind string

// The kinds of channel.
const (
	WeCom    ChannelKind = "wecom"    // 企业微信 group bot
	DingTalk ChannelKind = "dingtalk" // 钉钉 group bot
	Feishu   ChannelKind = "feishu"   // 飞书 group bot
	Webhook  ChannelKind = "webhook"  // a program of the section's own
	Mail     ChannelKind = "mail"
)

// Supervisors stands for a section in a channel that is told to the supervisors: of a month's papers, and of nothing
// else. No section can have it as its id.
const Supervisors = "supervisors"

// Trials is the channel of the desk's own trials, of which nobody is told. No channel can have it as its id.
const Trials = "canary"

// A Channel is where a section, or the Supervisors, are told. URL and Secret are secrets: they are never logged, and
// no problem of Parse repeats them.
type Channel struct {
	ID            string      `json:"id"`
	Section       string      `json:"section"`
	Kind          ChannelKind `json:"kind"`
	URL           string      `json:"url,omitempty"`
	Secret        string      `json:"secret,omitempty"`
	Mention       []string    `json:"mention,omitempty"` // staff's ids or phone numbers
	To            []string    `json:"to,omitempty"`      // mail addresses
	From          string      `json:"from,omitempty"`    // mail address
	Language      string      `json:"language,omitempty"`
	RatePerMinute int         `json:"ratePerMinute,omitempty"` // 0: the bot's own limit
}
