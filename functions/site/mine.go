package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"steledesk/shared/httpapi"
	"steledesk/shared/seal"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
	"steledesk/shared/web"
)

// The cookie that is the way back of whoever lost number or code: the phone's last tickets, sealed, so that nobody
// but this desk can read it or make one up. It holds numbers and no codes; those follow from the numbers.
const (
	mineCookie = "mine"
	mineMost   = 10
	mineKept   = 400 * 24 * time.Hour // the longest browsers keep a cookie
)

// mine gives the tickets this phone keeps, the newest first. A cookie that does not open, because it was changed,
// cut, made by another desk or sealed with a key that is no longer on the ring, is as good as none.
func (s *site) mine(r *httpapi.Request) []web.Owned {
	list, _ := s.readMine(r)
	return list
}

// readMine is mine, and reports whether the cookie may be written over: not while its key may only be unknown to this
// process, since the tickets of a list that opens a minute later would be lost.
func (s *site) readMine(r *httpapi.Request) (list []web.Owned, settled bool) {
	text, err := s.desk.Keys.OpenToken(r.Cookie(mineCookie), mineCookie)
	if err != nil {
		return nil, !errors.Is(err, seal.ErrUnread)
	}
	if json.Unmarshal([]byte(text), &list) != nil {
		return nil, true
	}
	return list, true
}

// keepMine writes the cookie; an empty list deletes it.
func (s *site) keepMine(list []web.Owned) (string, error) {
	c := http.Cookie{Name: mineCookie, Path: "/", MaxAge: -1, HttpOnly: true, Secure: true, SameSite: http.SameSiteLaxMode}
	if len(list) > 0 {
		text, err := json.Marshal(list)
		if err != nil {
			return "", fmt.Errorf("encode the phone's tickets: %w", err)
		}
		c.Value, c.MaxAge = s.desk.Keys.SealToken(string(text), mineCookie), int(mineKept.Seconds())
	}
	return c.String(), nil
}

// owned is a ticket as the phone keeps it.
func owned(number string, kind ticket.Kind, filedAt time.Time) web.Owned {
	return web.Owned{Number: number, Kind: kind, Filed: filedAt.Unix()}
}

// withOwned puts a ticket first in the list. What was said of it stays said; the oldest beyond ten are forgotten.
func withOwned(list []web.Owned, o web.Owned) []web.Owned {
	for _, old := range list {
		if old.Number == o.Number {
			o.Saved = o.Saved || old.Saved
		}
	}
	list = append([]web.Owned{o}, withoutOwned(list, o.Number)...)
	return list[:min(len(list), mineMost)]
}

func withoutOwned(list []web.Owned, number string) []web.Owned {
	return slices.DeleteFunc(slices.Clone(list), func(o web.Owned) bool { return o.Number == number })
}

// keep answers with a cookie that holds the ticket too. Another site's form changes nothing here: the browser sends
// no cookie with it, and what it would set would take the place of the list. A 举报 is kept only when asked for:
// phones are handed around, and that somebody filed one may be what must not be found there.
func (s *site) keep(r *httpapi.Request, response httpapi.Response, o web.Owned, asked bool) (httpapi.Response, error) {
	list, settled := s.readMine(r)
	if !ours(r) || !settled || o.Kind.Confidential() && !asked && !has(list, o.Number) {
		return response, nil
	}
	return s.withMine(response, withOwned(list, o))
}

func (s *site) withMine(response httpapi.Response, list []web.Owned) (httpapi.Response, error) {
	cookie, err := s.keepMine(list)
	response.Cookies = append(response.Cookies, cookie)
	return response, err
}

func has(list []web.Owned, number string) bool {
	return slices.ContainsFunc(list, func(o web.Owned) bool { return o.Number == number })
}

// ours reports whether a form came from a page of this site, as browsers say.
func ours(r *httpapi.Request) bool {
	request := &http.Request{Method: http.MethodPost, Host: r.Header("host"), Header: http.Header{}}
	for _, name := range []string{"Origin", "Sec-Fetch-Site"} {
		request.Header.Set(name, r.Header(name))
	}
	return http.NewCrossOriginProtection().Check(request) == nil
}

// opened reads what opens a ticket from a form: what was typed, or, for a ticket this phone keeps, its number alone.
// Errors: those of typed; *httpapi.Invalid where number or code can be none.
func (s *site) opened(r *httpapi.Request) (opener, error) {
	typed, err := typed(r)
	if err != nil {
		return opener{}, err
	}
	o := openerOf(typed)
	if found, err := s.desk.CheckReceipt(o.number); err == nil { // the receipt was pasted where the number goes
		o.number = found.Number
	}
	number, err := ticket.ParseNumber(o.number)
	if err == nil && o.code == "" && has(s.mine(r), number) {
		o.code = s.desk.Keys.Code(number)
	}
	return o, o.check()
}

// unsaved is the newest ticket whose number and code the visitor has not said they kept; empty: none.
func unsaved(list []web.Owned) string {
	for _, o := range list {
		if !o.Saved {
			return o.Number
		}
	}
	return ""
}

// here is the address a page of this site has for a phone, from the call itself.
func here(r *httpapi.Request, path string) string {
	return cmp.Or(r.Header("x-forwarded-proto"), "https") + "://" + r.Header("host") + path
}

// hers is a visitor's ticket as the phone keeps it.
func hers(v visitor.View) web.Owned { return owned(v.Head.Number, v.Head.Kind, v.Head.FiledAt) }
