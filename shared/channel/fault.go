package channel

import (
	"errors"
	"strings"
)

// Fault is what is wrong with a channel, for somebody who is to mend it and is no operator.
type Fault string

// The faults. FaultNone is that of no error.
const (
	FaultNone        Fault = ""
	FaultKey         Fault = "key"         // the address is wrong, or its bot is gone
	FaultOff         Fault = "off"         // the bot is switched off
	FaultSecret      Fault = "secret"      // the signature does not fit
	FaultKeyword     Fault = "keyword"     // the bot wants a word that is not in the message
	FaultIP          Fault = "ip"          // the bot takes messages from listed addresses only
	FaultHost        Fault = "host"        // the deployment does not allow to call this host
	FaultRate        Fault = "rate"        // too many messages for now
	FaultCertificate Fault = "certificate" // the server cannot prove who it is
	FaultLogin       Fault = "login"       // the mail server does not take login and password
	FaultBlocked     Fault = "blocked"     // a word or link in the message is blocked
	FaultSilent      Fault = "silent"      // nobody answers
	FaultRefused     Fault = "refused"     // anything else that does not pass by itself
	FaultFailing     Fault = "failing"     // anything else
)

// errHost is beneath the error of a channel whose host the Sender may not call.
var errHost = errors.New("host is not allowed")

// faults holds what the products' codes mean. Sources are in the package comment.
var faults = map[string]map[int]Fault{
	WeCom: {93000: FaultKey, 93004: FaultOff, 93008: FaultKey},
	DingTalk: {300001: FaultKey, 300005: FaultKey, 400013: FaultKey, 400101: FaultKey, 400106: FaultKey, 400102: FaultOff,
		430101: FaultBlocked, 430102: FaultBlocked, 430104: FaultBlocked},
	Feishu: {19001: FaultKey, 19021: FaultSecret, 19022: FaultIP, 19024: FaultKeyword},
}

// FaultOf says what an error of Send, Test or Check is about.
func FaultOf(err error) Fault {
	e, is := errors.AsType[*Error](err)
	switch {
	case err == nil:
		return FaultNone
	case errors.Is(err, errHost):
		return FaultHost
	case certificate(err):
		return FaultCertificate
	case errors.Is(err, ErrRate):
		return FaultRate
	case !is:
		return FaultFailing
	}
	if f, known := faults[e.Channel.Kind][e.Code]; known {
		return f
	}
	if e.Channel.Kind == DingTalk && e.Code == 310000 {
		return checkFailed(e.Cause.Error())
	}
	return ofReply(e)
}

// checkFailed tells DingTalk's security checks apart, which share one code, by what it says.
func checkFailed(said string) Fault {
	said, _, _ = strings.Cut(strings.ToLower(said), ")") // what follows is advice of our own
	switch {
	case strings.Contains(said, "keyword"):
		return FaultKeyword
	case strings.Contains(said, " ip ") || strings.Contains(said, "whitelist"):
		return FaultIP
	}
	return FaultSecret
}

func ofReply(e *Error) Fault {
	switch {
	case e.Status == 530 || e.Status == 534 || e.Status == 535:
		return FaultLogin
	case e.Status == 401 || e.Status == 403:
		return FaultSecret
	case e.Status == 404 || e.Status == 410:
		return FaultKey
	case e.Reason == nil && e.Status == 0:
		return FaultSilent
	case e.Reason == nil:
		return FaultFailing
	}
	return FaultRefused
}
