package channel

import "time"

// Rate is how many messages a kind of channel takes. WeCom, DingTalk and Feishu publish theirs
// (per bot); those of webhook and mail are our own, and modest. An unknown kind takes none.
func Rate(kind string) (perMinute, perSecond int) {
	switch kind {
	case WeCom, DingTalk:
		return 20, 1 // DingTalk stays silent for ten minutes after the 21st
	case Feishu:
		return 100, 5
	case Webhook:
		return 600, 10
	case Mail:
		return 60, 1
	}
	return 0, 0
}

// late is by how much two messages may differ on their way and still keep the rate on arrival.
const late = 3 * time.Second

// Gap is the least time between two messages to the channel. A sender that keeps it (by one
// conditional write of "not before" per channel) keeps the rate in every minute and second that
// the product may count, without counting itself. An unknown kind gives 0.
func (c Channel) Gap() time.Duration {
	perMinute, perSecond := Rate(c.Kind)
	if perMinute == 0 {
		return 0
	}
	if c.RatePerMinute > 0 {
		perMinute = min(perMinute, c.RatePerMinute)
	}
	return max((time.Minute+late)/time.Duration(perMinute), time.Second/time.Duration(perSecond))
}

const (
	rush   = 15 * time.Second // how long the crowd of a full or half hour lasts, and how early it comes
	spread = 20 * time.Second // over which those who waited come back
)

// Avoid is how long a message to Feishu should wait so as not to meet the crowd of every full
// and half hour, when the whole product answers 11232: 0 outside of it. Those who wait spread
// by the fraction of their own second.
func Avoid(now time.Time) time.Duration {
	into := now.Sub(now.Truncate(30 * time.Minute)) // offsets of zones are whole half hours here
	if into >= rush && into < 30*time.Minute-rush {
		return 0
	}
	if into >= rush {
		into -= 30 * time.Minute
	}
	jitter := time.Duration(float64(spread) * float64(now.Nanosecond()) / 1e9)
	return rush - into + jitter
}
