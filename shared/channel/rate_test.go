package channel

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// A sender that keeps Gap keeps the product's rate in every minute, even when the first message
// of the minute arrives late, and in every second.
func TestGapKeepsTheRate(t *testing.T) {
	for _, kind := range []string{WeCom, DingTalk, Feishu, Webhook, Mail} {
		perMinute, perSecond := Rate(kind)
		gap := Channel{Kind: kind}.Gap()
		if most := int((time.Minute+late-1)/gap) + 1; most > perMinute {
			t.Errorf("%s: %d a minute, want at most %d", kind, most, perMinute)
		}
		if most := int((time.Second-1)/gap) + 1; most > perSecond {
			t.Errorf("%s: %d a second, want at most %d", kind, most, perSecond)
		}
	}
}

func TestGapOfAChannelsOwnRate(t *testing.T) {
	cases := []struct {
		channel Channel
		want    time.Duration
	}{
		{Channel{Kind: WeCom, RatePerMinute: 2}, 31500 * time.Millisecond},
		{Channel{Kind: WeCom, RatePerMinute: 1}, 63 * time.Second},
		{Channel{Kind: WeCom, RatePerMinute: 5000}, Channel{Kind: WeCom}.Gap()},
		{Channel{Kind: "fax"}, 0},
	}
	for _, c := range cases {
		if got := c.channel.Gap(); got != c.want {
			t.Errorf("%s at %d: got %v, want %v", c.channel.Kind, c.channel.RatePerMinute, got, c.want)
		}
	}
}

func TestAvoidSpreadsTheCrowd(t *testing.T) {
	at := func(clock string) time.Time {
		parsed, _ := time.Parse(time.RFC3339Nano, "2026-11-23T"+clock+"+08:00")
		return parsed
	}
	cases := []struct {
		now  string
		want time.Duration
	}{
		{"10:15:00", 0}, {"10:29:44.9", 0}, {"10:29:45", 30 * time.Second}, {"10:30:00", 15 * time.Second},
		{"10:30:00.5", 24500 * time.Millisecond}, {"10:30:14", time.Second}, {"10:30:15", 0}, {"23:59:50", 25 * time.Second}, {"00:00:00", 15 * time.Second},
	}
	for _, c := range cases {
		if got := Avoid(at(c.now)); got != c.want {
			t.Errorf("%s: got %v, want %v", c.now, got, c.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		now := noon.Add(time.Duration(rapid.Int64Range(0, int64(time.Hour)).Draw(t, "into")))
		wait := Avoid(now)
		if wait < 0 || wait > 2*rush+spread || Avoid(now.Add(wait)) != 0 {
			t.Fatalf("at %v: wait %v, then %v", now, wait, Avoid(now.Add(wait)))
		}
	})
}
