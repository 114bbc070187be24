package sink

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/golang-jwt/jwt/v5"
)

// pushService is a browser's push service (RFC 8030, RFC 8292): it carries what it cannot read, for whoever can show that
// the address was made for them.
type pushService struct{}

// longestPush is what push services take, in bytes.
const longestPush = 4096

func (pushService) read(r *http.Request, body []byte, _ string) (content, refusal) {
	if err := voucher(r); err != nil {
		return content{}, refusal{status: http.StatusForbidden, message: err.Error()}
	}
	ttl, err := strconv.Atoi(r.Header.Get("TTL"))
	switch {
	case len(body) > longestPush:
		return content{}, refusal{status: http.StatusRequestEntityTooLarge, message: "too long"}
	case err != nil || ttl < 0 || len(r.Header.Get("Topic")) > 32:
		return content{}, refusal{status: http.StatusBadRequest, message: "TTL or Topic is none"}
	case r.Header.Get("Content-Encoding") != "aes128gcm" || len(body) < 86:
		return content{}, refusal{status: http.StatusBadRequest, message: "not sealed as RFC 8291 has it"}
	}
	return content{text: fmt.Sprintf("(sealed, %d bytes)", len(body))}, refusal{}
}

// voucher checks the sender's signature, with the key it gives, over where the message goes.
func voucher(r *http.Request) error {
	token, key, found := strings.Cut(strings.TrimPrefix(r.Header.Get("Authorization"), "vapid t="), ", k=")
	if !found {
		return fmt.Errorf("no vapid authorization")
	}
	raw, err := base64.RawURLEncoding.DecodeString(key)
	if err != nil {
		return fmt.Errorf("read key: %w", err)
	}
	public, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), raw)
	if err != nil {
		return fmt.Errorf("read key: %w", err)
	}
	_, err = jwt.Parse(token, func(*jwt.Token) (any, error) { return public, nil },
		jwt.WithValidMethods([]string{"ES256"}), jwt.WithAudience("http://"+r.Host), jwt.WithExpirationRequired())
	if err != nil {
		return fmt.Errorf("check token: %w", err)
	}
	return nil
}

func (pushService) answer(code int, message string) any {
	return struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	}{code, message}
}
