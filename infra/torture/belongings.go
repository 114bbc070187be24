package main

import (
	"bytes"
	"context"
	"crypto/ecdh"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"steledesk/infra/steledesk/archive"
	"steledesk/shared/dynamo"
)

// belongings are what a desk has beside words: a photo of a ticket, a phone that is told of its news, and a month's papers.
type belongings struct {
	receipt
	photo string
}

// leave has a visitor file with a photo and a phone to be told, and the month's papers made.
func leave(ctx context.Context, h *house) (*belongings, error) {
	b := &belongings{}
	var err error
	if b.photo, err = (&privacy{house: h}).photo(ctx); err != nil {
		return nil, err
	}
	a := h.insist(ctx, "POST", "/v1/tickets", fmt.Sprintf(`{"kind":"enquiry","category":"ticketing","text":"几点开门","photos":[%q]}`, b.photo),
		"Idempotency-Key", "restore-with-a-photo")
	if err := json.Unmarshal(a.body, &b.receipt); err != nil || a.status != http.StatusCreated {
		return nil, fmt.Errorf("file with a photo: %d %.200s", a.status, a.body)
	}
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	raw := base64.RawURLEncoding
	a = h.insist(ctx, "PUT", "/v1/tickets/"+b.Number+"/push", fmt.Sprintf(`{"endpoint":%q,"keys":{"p256dh":%q,"auth":%q}}`,
		h.URL()+"/local/bots/push/restore", raw.EncodeToString(key.PublicKey().Bytes()), raw.EncodeToString(make([]byte, 16))), "X-Ticket-Code", b.Code)
	if a.status != http.StatusNoContent {
		return nil, fmt.Errorf("subscribe: %d %.200s", a.status, a.body)
	}
	return b, h.orderDigest(ctx)
}

// missing says which of them a desk does not have.
func (b *belongings) missing(ctx context.Context, h *house) ([]string, error) {
	bad := b.shown(ctx, h)
	table, err := h.table(ctx)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(table.Items, func(i string) bool { return strings.HasPrefix(i, "T#"+b.Number+" PUSH#") }) {
		bad = append(bad, "the phone is told no more")
	}
	if len(table.Editions) == 0 {
		bad = append(bad, "there are no papers")
	}
	return bad, nil
}

// shown is what stands between a visitor and the photo.
func (b *belongings) shown(ctx context.Context, h *house) []string {
	a := h.insist(ctx, "GET", "/v1/tickets/"+b.Number, "", "X-Ticket-Code", b.Code)
	var read struct {
		Events []struct {
			Photos []struct{ ID, State, URL string }
		}
	}
	if err := json.Unmarshal(a.body, &read); err != nil || len(read.Events) == 0 || len(read.Events[0].Photos) != 1 {
		return []string{fmt.Sprintf("the ticket with a photo reads %d %.200s", a.status, a.body)}
	}
	one := read.Events[0].Photos[0]
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, one.URL, nil)
	if one.State != "ready" || err != nil {
		return []string{fmt.Sprintf("the photo is %s", one.State)}
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return []string{fmt.Sprintf("the photo does not come: %v", err)}
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return []string{fmt.Sprintf("the photo answers %d", answer.StatusCode)}
	}
	return nil
}

// waiting writes an export anew, as it would have been while the photo waited to be cleaned.
func (b *belongings) waiting(folder, into string) error {
	from, err := archive.Open(folder)
	if err != nil {
		return err
	}
	to, err := archive.Create(into)
	if err != nil {
		return err
	}
	for i, err := range from.Items() {
		if p, is := dynamo.PhotoOf(i); is && p.ID == b.photo {
			for _, settled := range []string{"state", "reason", "width", "height"} {
				delete(i, settled)
			}
		}
		if err = errors.Join(err, to.Item(i)); err != nil {
			return err
		}
	}
	for o, err := range from.Objects() {
		if err != nil {
			return err
		}
		if err := b.copyOther(from, to, o); err != nil {
			return err
		}
	}
	file, err := photographed("restore")
	if err == nil {
		err = to.Object(archive.Object{Bucket: "photos", Key: "uploads/" + b.photo, Type: "image/jpeg"}, bytes.NewReader(file))
	}
	if err == nil {
		_, err = to.Finish(from.Manifest)
	}
	return err
}

// copyOther copies a file that is not the photo's.
func (b *belongings) copyOther(from *archive.Reader, to *archive.Writer, o archive.Object) error {
	if strings.Contains(o.Key, b.photo) {
		return nil
	}
	body, err := from.Body(o)
	if err != nil {
		return err
	}
	defer func() { _ = body.Close() }()
	return to.Object(o, body)
}
