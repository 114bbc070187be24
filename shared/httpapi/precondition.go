package httpapi

import (
	"errors"
	"strconv"
	"strings"

	"steledesk/shared/desk"
)

var errNoVersion = errors.New("If-Match is missing")

// IfMatch gives the version that a call says it has read, from If-Match: a number, quoted as an entity tag is or not.
// What can be no version of ours is one that is not there any more: desk.ErrChanged.
func (r *Request) IfMatch() (int, error) {
	tag := strings.TrimSpace(r.Header("if-match"))
	if tag == "" {
		return 0, errNoVersion
	}
	version, err := strconv.Atoi(strings.Trim(strings.TrimPrefix(tag, "W/"), `"`))
	if err != nil || version < 0 {
		return 0, desk.ErrChanged
	}
	return version, nil
}
