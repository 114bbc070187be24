package seal

import (
	"bytes"
	"encoding/base64"
)

// SealToken is Seal in characters that an address or a cookie can carry.
func (k *Keys) SealToken(text, place string) string {
	r := k.inForce()
	raw := append([]byte(r.current+":"), r.now().seal(text, place)...)
	return base64.RawURLEncoding.EncodeToString(raw)
}

// OpenToken decrypts what SealToken gave, or gives ErrSealed, or ErrUnread.
func (k *Keys) OpenToken(token, place string) (string, error) {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return "", ErrSealed
	}
	id, sealed, found := bytes.Cut(raw, []byte(":"))
	if !found {
		return "", ErrSealed
	}
	return k.unseal(string(id), sealed, place)
}
