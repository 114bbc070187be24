package channel

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"time"
)

type webhookBody struct {
	Version     int           `json:"v"`
	Section     string        `json:"section"`
	SectionName string        `json:"sectionName"`
	Repeat      bool          `json:"repeat"`
	Test        bool          `json:"test,omitempty"` // there is nothing to tell
	URL         string        `json:"url,omitempty"`
	Items       []webhookItem `json:"items"`
}

type webhookItem struct {
	Event        string    `json:"event"`
	Ticket       string    `json:"ticket"`
	Seq          int       `json:"seq,omitempty"`
	What         string    `json:"what"`
	WhatName     string    `json:"whatName"`
	State        string    `json:"state,omitempty"`
	Kind         string    `json:"kind,omitempty"`
	KindName     string    `json:"kindName,omitempty"`
	Category     string    `json:"category,omitempty"`
	CategoryName string    `json:"categoryName,omitempty"`
	Spot         string    `json:"spot,omitempty"`
	SpotName     string    `json:"spotName,omitempty"`
	Urgent       bool      `json:"urgent"`
	Due          time.Time `json:"dueAt,omitzero"`
	At           time.Time `json:"at,omitzero"`
	URL          string    `json:"url,omitempty"`
}

// webhook writes every item: a program has no screen to fill. Names are as the office has them.
func (b *bulletin) webhook() (any, error) {
	_, link := b.open()
	body := webhookBody{Version: 1, Section: b.news.Section, SectionName: b.news.SectionName, Repeat: b.news.Repeat, Test: b.news.test, URL: link, Items: []webhookItem{}}
	for _, i := range b.items {
		body.Items = append(body.Items, webhookItem{
			Event: i.Event, Ticket: i.Ticket, Seq: i.Seq, What: i.What, WhatName: b.words.what[i.What], State: i.State,
			Kind: i.Kind, KindName: i.KindName, Category: i.Category, CategoryName: i.CategoryName,
			Spot: i.Spot, SpotName: i.SpotName, Urgent: i.Urgent,
			Due: inBeijing(i.Due), At: inBeijing(i.At), URL: b.ticketURL(i.Ticket),
		})
	}
	return body, nil
}

// webhookSign sets the headers by which a receiver knows sender, age and repetition.
func (b *bulletin) webhookSign(header http.Header, body []byte) {
	stamp := strconv.FormatInt(b.now.Unix(), 10)
	header.Set("X-Steledesk-Timestamp", stamp)
	header.Set("X-Steledesk-Signature", "v1="+webhookSignature(b.channel.Secret, stamp, body))
	header.Set("Idempotency-Key", b.event())
}

func webhookSignature(secret, stamp string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(stamp + "."))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

// inBeijing shows a time with the offset the whole API uses; no time stays none.
func inBeijing(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.In(beijing)
}
