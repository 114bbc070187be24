package channel

import (
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"slices"
	"strings"
)

// webAddress parses a channel's URL and holds it against the allowed origins. Both the bytes as
// written and the host as parsed must be the same origin: an address that a parser could read
// in two ways is refused before anything is dialled. Errors never quote the URL: it is a secret.
func webAddress(raw string, allowed []string) (*url.URL, error) {
	address, err := url.Parse(raw)
	switch {
	case err != nil || raw == "":
		return nil, errors.New("url can not be read as an address: copy it again from the group's settings")
	case address.Scheme != "https" && address.Scheme != "http":
		return nil, errors.New("url must start with https://")
	case address.User != nil:
		return nil, errors.New("url holds a login before the host: remove it")
	case strings.Contains(raw, "#"):
		return nil, errors.New("url holds a fragment (#…): remove it")
	}
	if _, err := url.ParseQuery(address.RawQuery); err != nil {
		return nil, errors.New("url's query can not be read: copy it again from the group's settings")
	}
	origin := address.Scheme + "://" + address.Host
	after, written := strings.CutPrefix(raw, origin)
	if address.Host == "" || !written || !slices.Contains(allowed, origin) || !strings.HasPrefix(after, "/") {
		return nil, told{fmt.Sprintf("url's host is not one of those notify may call (%s): add it to the parameter ChannelHosts or mend the url",
			strings.Join(allowed, ", ")), errHost}
	}
	return address, nil
}

// secrets are the texts of a channel that must not be seen: its secret, the values of its
// address's query, and for Feishu and webhooks the path's
// last step, which is their key.
func secrets(c Channel) []string {
	found := []string{c.Secret, url.QueryEscape(c.Secret), c.URL}
	path, query, _ := strings.Cut(c.URL, "?")
	for _, pair := range strings.Split(query, "&") {
		_, value, _ := strings.Cut(pair, "=")
		found = append(found, value)
		if decoded, err := url.QueryUnescape(value); err == nil {
			found = append(found, decoded)
		}
	}
	if c.Kind == Feishu || c.Kind == Webhook {
		found = append(found, path[strings.LastIndex(path, "/")+1:])
	}
	return slices.DeleteFunc(found, func(text string) bool { return len(text) < 4 }) // no secret is as short
}

// mask hides the channel's secrets and people in what a server or a library said, and keeps it
// to one short line. It looks once more when the line is made: characters that nobody sees may
// have parted a secret until then.
func mask(c Channel, said string) string {
	return cut(hide(c, oneLine(hide(c, said))), 300)
}

func hide(c Channel, said string) string {
	hidden := secrets(c)
	slices.SortFunc(hidden, func(a, b string) int { return len(b) - len(a) }) // the longer may hold the shorter
	for _, secret := range hidden {
		said = strings.ReplaceAll(said, secret, "***")
	}
	if c.Kind == Mail {
		said = strings.ReplaceAll(said, bare(c.From), "(from)")
		for i, to := range c.To {
			said = strings.ReplaceAll(said, bare(to), fmt.Sprintf("(to %d)", i+1))
		}
	}
	return said
}

// bare is the address of a mailbox that was checked.
func bare(mailbox string) string {
	address, err := mail.ParseAddress(mailbox)
	if err != nil {
		return mailbox
	}
	return address.Address
}
