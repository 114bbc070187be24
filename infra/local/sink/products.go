package sink

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// near reports whether a signature's time is within an hour of now, by the machine's clock or by the stack's, which
// may have been set: senders sign with either.
func (s *Sink) near(at time.Time) bool {
	return time.Since(at).Abs() <= time.Hour || s.options.Clock().Sub(at).Abs() <= time.Hour
}

func signature(key, message string) []byte {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(message))
	return mac.Sum(nil)
}

// wecom is the group bot of WeCom (企业微信消息推送).
// Source: https://developer.work.weixin.qq.com/document/path/99110
type wecom struct{}

// The most a WeCom message holds, in bytes of UTF-8.
const (
	wecomText     = 2048
	wecomMarkdown = 4096
)

func (wecom) read(r *http.Request, body []byte, _ string) (content, refusal) {
	if r.URL.Query().Get("key") == "" {
		return content{}, refusal{code: 93000, message: "invalid webhook url, the key is missing"}
	}
	type holder struct{ Content string }
	var m struct {
		MsgType    string
		Text       holder
		Markdown   holder
		MarkdownV2 holder `json:"markdown_v2"`
	}
	if err := json.Unmarshal(body, &m); err != nil {
		return content{}, refusal{code: 47001, message: "data format error: " + err.Error()}
	}
	text, most := m.Markdown.Content, wecomMarkdown
	switch m.MsgType {
	case "text":
		text, most = m.Text.Content, wecomText
	case "markdown":
	case "markdown_v2":
		text = m.MarkdownV2.Content
	default:
		return content{}, refusal{code: 40008, message: fmt.Sprintf("invalid message type %q", m.MsgType)}
	}
	if text == "" {
		return content{}, refusal{code: 44004, message: "empty content"}
	}
	if len(text) > most {
		return content{}, refusal{code: 40058, message: fmt.Sprintf("%s.content exceed max length %d. invalid Request Parameter", m.MsgType, most)}
	}
	return content{text: text}, refusal{}
}

type wecomAnswer struct {
	ErrCode int    `json:"errcode"`
	ErrMsg  string `json:"errmsg"`
}

func (wecom) answer(code int, message string) any { return wecomAnswer{code, message} }

// dingtalk is the custom robot of DingTalk (钉钉自定义机器人).
// Source: https://open.dingtalk.com/document/orgapp/custom-robots-send-group-messages
type dingtalk struct{ near func(time.Time) bool }

// longestRobotBody is what DingTalk and Feishu take of a message, in bytes.
const longestRobotBody = 20 << 10

func (d dingtalk) read(r *http.Request, body []byte, secret string) (content, refusal) {
	query := r.URL.Query()
	if query.Get("access_token") == "" {
		return content{}, refusal{code: 300001, message: "token is not exist"}
	}
	if !d.signed(query.Get("timestamp"), query.Get("sign"), secret) {
		return content{}, refusal{code: 310000, message: "sign not match, more: [https://ding-doc.dingtalk.com/doc#/serverapi2/qf2nxq]"}
	}
	var m struct {
		MsgType    string
		Text       struct{ Content string }
		Markdown   struct{ Title, Text string }
		ActionCard struct{ Title, Text string }
	}
	if err := json.Unmarshal(body, &m); err != nil || len(body) > longestRobotBody {
		return content{}, refusal{code: 40035, message: "invalid parameter: json"}
	}
	var seen content
	switch m.MsgType {
	case "text":
		seen = content{text: m.Text.Content}
	case "markdown":
		seen = content{m.Markdown.Title, m.Markdown.Text}
	case "actionCard":
		seen = content{m.ActionCard.Title, m.ActionCard.Text}
	default:
		return seen, refusal{code: 400105, message: fmt.Sprintf("unsupported msgtype %q", m.MsgType)}
	}
	if seen.text == "" || m.MsgType != "text" && seen.title == "" {
		return seen, refusal{code: 40035, message: "invalid parameter: title or text is empty"}
	}
	return seen, refusal{}
}

// signed checks 加签: the HMAC of "<milliseconds>\n<secret>" under the secret, in base64.
func (d dingtalk) signed(stamp, sign, secret string) bool {
	if secret == "" {
		return true
	}
	ms, err := strconv.ParseInt(stamp, 10, 64)
	want := base64.StdEncoding.EncodeToString(signature(secret, stamp+"\n"+secret))
	return err == nil && d.near(time.UnixMilli(ms)) && hmac.Equal([]byte(sign), []byte(want))
}

func (dingtalk) answer(code int, message string) any { return wecomAnswer{code, message} }

// feishu is the custom bot of Feishu (飞书自定义机器人).
// Source: https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot
type feishu struct{ near func(time.Time) bool }

func (f feishu) read(_ *http.Request, body []byte, secret string) (content, refusal) {
	var m struct {
		Timestamp, Sign string
		MsgType         string `json:"msg_type"`
		Content         struct{ Text string }
		Card            card
	}
	if err := json.Unmarshal(body, &m); err != nil || len(body) > longestRobotBody {
		return content{}, refusal{code: 9499, message: "Bad Request"}
	}
	if !f.signed(m.Timestamp, m.Sign, secret) {
		return content{}, refusal{code: 19021, message: "sign match fail or timestamp is not within one hour from current time"}
	}
	var seen content
	switch m.MsgType {
	case "text":
		seen = content{text: m.Content.Text}
	case "interactive":
		seen = content{m.Card.Header.Title.Content, m.Card.text()}
	}
	if seen.text == "" {
		return seen, refusal{code: 9499, message: "Bad Request"}
	}
	return seen, refusal{}
}

// card is as much of an interactive card as people read.
type card struct {
	Header struct {
		Title struct{ Content string }
	}
	Elements []struct {
		Text    struct{ Content string }
		Actions []struct {
			Text struct{ Content string }
			URL  string
		}
	}
}

func (c card) text() string {
	var lines []string
	for _, element := range c.Elements {
		if element.Text.Content != "" {
			lines = append(lines, element.Text.Content)
		}
		for _, button := range element.Actions {
			lines = append(lines, "["+button.Text.Content+"]("+button.URL+")")
		}
	}
	return strings.Join(lines, "\n")
}

// signed checks 签名校验: the HMAC of nothing under "<seconds>\n<secret>", in base64.
func (f feishu) signed(stamp, sign, secret string) bool {
	if secret == "" {
		return true
	}
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	want := base64.StdEncoding.EncodeToString(signature(stamp+"\n"+secret, ""))
	return err == nil && f.near(time.Unix(seconds, 0)) && hmac.Equal([]byte(sign), []byte(want))
}

type feishuAnswer struct {
	Code          int      `json:"code"`
	Msg           string   `json:"msg"`
	Data          struct{} `json:"data"`
	StatusCode    *int     `json:"StatusCode,omitempty"`
	StatusMessage string   `json:"StatusMessage,omitempty"`
}

func (feishu) answer(code int, message string) any {
	if code != 0 {
		return feishuAnswer{Code: code, Msg: message}
	}
	return feishuAnswer{Msg: "success", StatusCode: &code, StatusMessage: "success"}
}

// webhook is a section's own program.
type webhook struct{ near func(time.Time) bool }

func (h webhook) read(r *http.Request, body []byte, secret string) (content, refusal) {
	if why := h.unsigned(r.Header, body, secret); why != "" {
		return content{}, refusal{status: http.StatusUnauthorized, code: http.StatusUnauthorized, message: why}
	}
	if r.Header.Get("Idempotency-Key") == "" {
		return content{}, refusal{status: http.StatusBadRequest, code: http.StatusBadRequest, message: "header Idempotency-Key is missing"}
	}
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, body, "", "  "); err != nil {
		return content{}, refusal{status: http.StatusBadRequest, code: http.StatusBadRequest, message: "the body is not JSON: " + err.Error()}
	}
	return content{text: pretty.String()}, refusal{}
}

// unsigned says what is wrong with the signature, v1=<hex HMAC of timestamp, dot and body>, or nothing.
func (h webhook) unsigned(header http.Header, body []byte, secret string) string {
	if secret == "" {
		return ""
	}
	stamp := header.Get("X-Steledesk-Timestamp")
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || !h.near(time.Unix(seconds, 0)) {
		return fmt.Sprintf("header X-Steledesk-Timestamp is %q, not the seconds since 1970 within an hour of now", stamp)
	}
	want := "v1=" + hex.EncodeToString(signature(secret, stamp+"."+string(body)))
	if !hmac.Equal([]byte(header.Get("X-Steledesk-Signature")), []byte(want)) {
		return "header X-Steledesk-Signature does not match timestamp, body and secret"
	}
	return ""
}

type webhookAnswer struct {
	OK    bool   `json:"ok"`
	Error string `json:"error,omitempty"`
}

func (webhook) answer(code int, message string) any {
	if code != 0 {
		return webhookAnswer{Error: message}
	}
	return webhookAnswer{OK: true}
}
