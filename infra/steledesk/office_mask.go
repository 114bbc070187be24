package main

import (
	"fmt"
	"net/url"
	"strings"

	"steledesk/shared/office"
)

// stars stand for what is secret. A web address with stars in it is still one, so that an office file with
// stars can be checked and applied again.
const stars = "********"

// masked gives the office with the channels' addresses and secrets hidden.
func masked(o *office.Office) *office.Office {
	out := *o
	out.Channels = make([]office.Channel, len(o.Channels))
	for i, c := range o.Channels {
		c.URL, c.Secret = maskURL(c.URL), maskText(c.Secret)
		out.Channels[i] = c
	}
	return &out
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
	out := u.Scheme + "://" + u.Host + "/" + stars
	var names []string
	for name := range strings.SplitSeq(u.RawQuery, "&") {
		if name, _, has := strings.Cut(name, "="); has {
			names = append(names, name+"="+stars)
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
	return stars
}

// unmasked gives the office of a file with the addresses and secrets of inForce where the file has
// stars. It refuses stars that stand for nothing known.
func unmasked(o, inForce *office.Office) (*office.Office, error) {
	out := *o
	out.Channels = make([]office.Channel, len(o.Channels))
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
	case !strings.Contains(text, stars):
		return text, nil
	case known != "" && text == mask(known):
		return known, nil
	}
	return "", fmt.Errorf("%s stands for the one in force, and none in force looks like this; write it out", stars)
}
