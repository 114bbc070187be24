package channel

import (
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// reply is the answer of WeCom and DingTalk (errcode) or of Feishu (code; StatusCode in its
// older form). A missing code is not a zero.
type reply struct {
	ErrCode    *int   `json:"errcode"`
	ErrMsg     string `json:"errmsg"`
	Code       *int   `json:"code"`
	Msg        string `json:"msg"`
	StatusCode *int   `json:"StatusCode"`
}

func (r reply) code(kind string) *int {
	switch {
	case kind != Feishu:
		return r.ErrCode
	case r.Code != nil:
		return r.Code
	}
	return r.StatusCode
}

// verdict is what an error code means to the caller and to the operator.
type verdict struct {
	reason error
	wait   time.Duration
	advice string
}

// verdicts holds the codes that are not merely temporary. Sources are in the package comment.
var verdicts = map[string]map[int]verdict{
	WeCom: {
		45009: {reason: ErrRate, wait: time.Minute},
		93000: {ErrRefused, 0, "the key in the url is wrong or the bot was removed from its group: copy the bot's address from the group's settings again"},
		93004: {ErrRefused, 0, "the bot is switched off: switch it on in the group's settings"},
		93008: {ErrRefused, 0, "the bot is no longer in its group: add it again and copy its new address"},
		40008: {ErrRefused, 0, "WeCom does not know this type of message: report it as a bug"},
		40058: {ErrRefused, 0, "WeCom finds the message too long or malformed: report it as a bug"},
		44004: {ErrRefused, 0, "WeCom finds the message empty: report it as a bug"},
		45002: {ErrRefused, 0, "WeCom finds the message too long: report it as a bug"},
	},
	DingTalk: {
		130101: {reason: ErrRate, wait: 10 * time.Minute}, // the bot stays blocked for as long
		410100: {reason: ErrRate, wait: 10 * time.Minute},
		310000: {ErrRefused, 0, "DingTalk's own check failed: compare secret (加签), keyword (关键词; 工单 or ticket is in every message) and allowed addresses (IP) with the bot's security settings"},
		300001: {ErrRefused, 0, "the access_token in the url is wrong: copy the bot's address from the group's settings again"},
		300005: {ErrRefused, 0, "the access_token in the url is wrong: copy the bot's address from the group's settings again"},
		400013: {ErrRefused, 0, "the group was dissolved: make a bot in another group"},
		400101: {ErrRefused, 0, "the access_token in the url is wrong: copy the bot's address from the group's settings again"},
		400102: {ErrRefused, 0, "the bot is switched off: switch it on in the group's settings"},
		400106: {ErrRefused, 0, "the bot no longer exists: make a new one and copy its address"},
		40035:  {ErrRefused, 0, "DingTalk finds the message malformed: report it as a bug"},
		400105: {ErrRefused, 0, "DingTalk does not know this type of message: report it as a bug"},
		430101: {ErrRefused, 0, "DingTalk blocks a link in the message: have the desk's public address allowed"},
		430102: {ErrRefused, 0, "DingTalk blocks a word in the message: look for it in the names of categories, spots and sections"},
		430104: {ErrRefused, 0, "DingTalk blocks the content of the message: look at the names of categories, spots and sections"},
	},
	Feishu: {
		11232: {reason: ErrRate},
		9499:  {ErrRefused, 0, "Feishu finds the message malformed or over 20 KB: report it as a bug"},
		19001: {ErrRefused, 0, "the url's last part is wrong or the bot was removed: copy the bot's address from the group's settings again"},
		19021: {ErrRefused, 0, "the signature is wrong or over an hour old: compare secret with the bot's security settings (签名校验), and the clock"},
		19022: {ErrRefused, 0, "the bot only accepts listed addresses (IP 白名单): use 签名校验 instead, a function's address changes"},
		19024: {ErrRefused, 0, "the bot's keyword (关键词) is not in the message: name 工单 or ticket, one of which is in every message"},
	},
}

// judge tells what an answer means. HTTP 200 alone is no success: the bots put failures into
// the body.
func (s *Sender) judge(c Channel, response *http.Response, said []byte) error {
	failed := &Error{Channel: c, Status: response.StatusCode}
	failed.Reason = ofStatus(failed.Status)
	failed.RetryAfter = s.retryAfter(response.Header.Get("Retry-After"))
	if c.Kind != Webhook {
		return judgeBot(failed, said)
	}
	if failed.Status/100 == 2 {
		return nil
	}
	failed.Cause = fmt.Errorf("HTTP %d%s", failed.Status, hint(failed.Status))
	return failed
}

func judgeBot(failed *Error, said []byte) error {
	c := failed.Channel
	var r reply
	if err := json.Unmarshal(said, &r); err != nil || r.code(c.Kind) == nil {
		failed.Cause = fmt.Errorf("HTTP %d%s, and the answer is not one of %s's", failed.Status, hint(failed.Status), c.Kind)
		return failed
	}
	failed.Code = *r.code(c.Kind)
	if failed.Code == 0 && failed.Status/100 == 2 {
		return nil
	}
	found := verdicts[c.Kind][failed.Code]
	if found.reason != nil {
		failed.Reason = found.reason
		failed.RetryAfter = max(failed.RetryAfter, found.wait)
	}
	failed.Cause = fmt.Errorf("HTTP %d, code %d (%s)%s", failed.Status, failed.Code, mask(c, r.ErrMsg+r.Msg), after(": ", found.advice))
	return failed
}

// ofStatus judges an answer by HTTP status alone. A redirect is refused: whoever can answer
// with one must not choose where the news goes.
func ofStatus(status int) error {
	switch {
	case status == http.StatusTooManyRequests:
		return ErrRate
	case status == http.StatusRequestTimeout || status == http.StatusTooEarly:
		return nil
	case status >= 300 && status < 500:
		return ErrRefused
	}
	return nil
}

// hint says in plain words what a status asks of the operator.
func hint(status int) string {
	switch {
	case status >= 300 && status < 400:
		return ": the address points elsewhere, and redirects are not followed; name the final address in url"
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return ": the receiver does not accept the desk; compare secret and url on both sides"
	case status == http.StatusNotFound || status == http.StatusGone:
		return ": nobody listens at the url; copy it again from where it was made"
	}
	return ""
}

// retryAfter reads the header of that name: seconds or a date, at most an hour.
func (s *Sender) retryAfter(header string) time.Duration {
	wait := time.Duration(0)
	if seconds, err := strconv.Atoi(strings.TrimSpace(header)); err == nil {
		wait = time.Duration(min(seconds, 3600)) * time.Second
	} else if at, err := http.ParseTime(header); err == nil {
		wait = at.Sub(s.now())
	}
	return min(max(wait, 0), time.Hour)
}

// certificate says that a server could not prove who it is.
func certificate(err error) bool {
	_, bad := errors.AsType[*tls.CertificateVerificationError](err)
	return bad
}

// after puts the mark before text that is not empty.
func after(mark, text string) string {
	if text == "" {
		return ""
	}
	return mark + text
}
