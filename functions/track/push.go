package main

import (
	"context"
	"net/http"

	"steledesk/shared/httpapi"
	"steledesk/shared/phrase"
	"steledesk/shared/push"
	"steledesk/shared/visitor"
)

// PushKeys knows the keys that phones subscribed with: *seal.Keys.
type PushKeys interface {
	PushKey() string
	PushSecret(pushKey string) (string, bool)
}

// pushBody is a browser's PushSubscription, and the desk's key it was made with: the present one when left out.
type pushBody struct {
	Endpoint string        `json:"endpoint" validate:"required"`
	Keys     pushPhoneKeys `json:"keys"`
	Key      string        `json:"key"`
}

type pushPhoneKeys struct {
	P256DH string `json:"p256dh" validate:"required"`
	Auth   string `json:"auth" validate:"required"`
}

type pushAddress struct {
	Endpoint string `json:"endpoint" validate:"required"`
}

// subscribe has a phone told of the ticket's news, in the language of the call.
func (t *track) subscribe(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	var body pushBody
	if err := r.Decode(ctx, &body, nil); err != nil {
		return httpapi.Response{}, err
	}
	if body.Key == "" {
		body.Key = t.pushKeys.PushKey()
	}
	if err := t.checkPush(r, body); err != nil {
		return httpapi.Response{}, err
	}
	err := t.desk.Subscribe(ctx, r.Param("number"), r.Header("x-ticket-code"), visitor.Subscription{
		Endpoint: body.Endpoint, P256DH: body.Keys.P256DH, Auth: body.Keys.Auth, Key: body.Key, Language: r.Language,
	}, r.Now)
	return httpapi.Response{Status: http.StatusNoContent}, err
}

// checkPush refuses what could never be told. The error is an *httpapi.Invalid.
func (t *track) checkPush(r *httpapi.Request, body pushBody) error {
	var bad []httpapi.Field
	wrong := func(pointer, code string) {
		bad = append(bad, httpapi.Field{Pointer: pointer, Code: code, Message: phrase.In(r.Language, "field."+code)})
	}
	if t.pushHosts.Check(body.Endpoint) != nil {
		wrong("/endpoint", "pushservice")
	}
	if push.CheckKeys(body.Keys.P256DH, body.Keys.Auth) != nil {
		wrong("/keys", "pushkeys")
	}
	if _, ours := t.pushKeys.PushSecret(body.Key); !ours {
		wrong("/key", "pushkey")
	}
	if len(bad) == 0 {
		return nil
	}
	return &httpapi.Invalid{Code: "invalid", Fields: bad}
}

// unsubscribe has a phone told no more.
func (t *track) unsubscribe(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	var body pushAddress
	if err := r.Decode(ctx, &body, nil); err != nil {
		return httpapi.Response{}, err
	}
	err := t.desk.Unsubscribe(ctx, r.Param("number"), r.Header("x-ticket-code"), body.Endpoint, r.Now)
	return httpapi.Response{Status: http.StatusNoContent}, err
}
