package channel

import "steledesk/shared/office"

// Of is an office's channel, opened, as the Sender takes it.
func Of(c office.Channel) Channel {
	return Channel{
		ID: c.ID, Kind: string(c.Kind), URL: c.URL, Secret: c.Secret, Mention: c.Mention, To: c.To, From: c.From,
		Language: c.Language, RatePerMinute: c.RatePerMinute,
	}
}
