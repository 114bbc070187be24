package office

import (
	"fmt"
	"net/url"
	"strings"
)

// Stars stand for what is secret. A web address with stars in it is still one, so that an office file with
// stars can be checked and applied again.
const Stars = "********"

// Masked gives the office with the channels' addresses and secrets hidden.
func Masked(o *Office) *Office {
	out := *o
	out.Channels = make([]Channel, len(o.Channels))
	for i, c := range o.Channels {
		c.URL, c.Secret = maskURL(c.URL), maskText(c.Secret)
		out.Channels[i] = c
	}
	return &out
}

// Fingerprinted hides addresses and secrets but lets one see whether they are the same. fingerprint is keyed, so that
// nothing can be guessed from it; it is not called when there is no channel.
func Fingerprinted(o *Office, fingerprint func(string) string) *Office {
	out := Masked(o)
	for i, c := range o.Channels {
		for _, f := range []struct {
			shown *string
			text  string
		}{{&out.Channels[i].URL, c.URL}, {&out.Channels[i].Secret, c.Secret}} {
			if f.text != "" {
				*f.shown += " #" + fingerprint("channel/" + f.text)[:6]
			}
		}
	}
	return out
}

// maskURL keeps where an address leads and the names of its parameters: its path or their values are
// the key to the group. Of a mail server only the password is secret.
func maskURL(text string) string {
	u, err := url.Parse(text)
	switch {
	case text == "" || err != nil || u.Host == "":
		return maskText(text)
	case u.Scheme == "smtp" || u.Scheme == "smtps":
		return u.Redacted()
	}
	out := u.Scheme + "://" + u.Host + "/" + Stars
	var names []string
	for name := range strings.SplitSeq(u.RawQuery, "&") {
		if name, _, has := strings.Cut(name, "="); has {
			names = append(names, name+"="+Stars)
		}
	}
	if len(names) > 0 {
		out += "?" + strings.Join(names, "&")
	}
	return out
}

func maskText(text string) string {
	if text == "" {
		return ""
	}
	return Stars
}

// Unmasked gives the office of a file with the addresses and secrets of inForce where the file has
// Stars. It refuses stars that stand for nothing known.
func Unmasked(o, inForce *Office) (*Office, error) {
	out := *o
	out.Channels = make([]Channel, len(o.Channels))
	for i, c := range o.Channels {
		known, _ := inForce.Channel(c.ID)
		var err error
		if c.URL, err = unmask(c.URL, known.URL, maskURL); err != nil {
			return nil, fmt.Errorf("channel %s: url: %w", c.ID, err)
		}
		if c.Secret, err = unmask(c.Secret, known.Secret, maskText); err != nil {
			return nil, fmt.Errorf("channel %s: secret: %w", c.ID, err)
		}
		out.Channels[i] = c
	}
	return &out, nil
}

func unmask(text, known string, mask func(string) string) (string, error) {
	switch {
	case !strings.Contains(text, Stars):
		return text, nil
	case known != "" && text == mask(known):
		return known, nil
	}
	return "", fmt.Errorf("%s stands for the one in force, and none in force looks like this; write it out", Stars)
}
