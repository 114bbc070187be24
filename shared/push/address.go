package push

import (
	"crypto/ecdh"
	"encoding/base64"
	"errors"
	"net/url"
	"strings"
)

// The errors of a subscription that is not kept.
var (
	// ErrAddress: its address is none of a push service that the desk knows.
	ErrAddress = errors.New("address is of no push service the desk knows: see the parameter PushHosts")
	// ErrKeys: its keys are none.
	ErrKeys = errors.New("keys are no P-256 point and 16 bytes, in base64url")
)

// longestAddress is far more than any push service's, in bytes.
const longestAddress = 1000

// Hosts are the push services that may be called: a host, "*." and the end of one, or a whole origin (scheme, host and
// port) where one is wanted that is not https on its own port. Phones give the addresses: without this list anybody
// could have the desk call whatever they like.
type Hosts []string

// Check gives ErrAddress unless an address is of one of the hosts. The bytes as written and the host as parsed must be
// the same: what two readers could read in two ways is refused.
func (h Hosts) Check(endpoint string) error {
	address, err := url.Parse(endpoint)
	if err != nil || len(endpoint) > longestAddress || address.User != nil || strings.Contains(endpoint, "#") {
		return ErrAddress
	}
	origin := address.Scheme + "://" + address.Host
	if !strings.HasPrefix(endpoint, origin+"/") {
		return ErrAddress
	}
	for _, allowed := range h {
		end, below := strings.CutPrefix(allowed, "*")
		switch {
		case strings.Contains(allowed, "://") && origin == allowed, !below && origin == "https://"+allowed,
			below && strings.HasPrefix(end, ".") && address.Scheme == "https" && strings.HasSuffix(address.Host, end) && name(address.Host):
			return nil
		}
	}
	return ErrAddress
}

// name reports whether a host is a name in small letters, without a port.
func name(host string) bool {
	return strings.Trim(host, "abcdefghijklmnopqrstuvwxyz0123456789.-") == "" && !strings.HasPrefix(host, ".")
}

// CheckKeys gives ErrKeys unless a phone's keys are such as messages can be sealed for.
func CheckKeys(p256dh, auth string) error {
	point, err := decode(p256dh)
	if err != nil {
		return ErrKeys
	}
	if _, err := ecdh.P256().NewPublicKey(point); err != nil {
		return ErrKeys
	}
	if secret, err := decode(auth); err != nil || len(secret) != 16 {
		return ErrKeys
	}
	return nil
}

func decode(text string) ([]byte, error) {
	return base64.RawURLEncoding.DecodeString(strings.TrimRight(text, "="))
}
