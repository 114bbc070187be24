package main

import (
	"context"
	"errors"
	"net/http"
	"time"

	"steledesk/shared/account"
	"steledesk/shared/audit"
	"steledesk/shared/httpapi"
	"steledesk/shared/ticket"
)

type signInBody struct {
	Login    string `json:"login" validate:"required,max=64"`
	Password string `json:"password" validate:"required,max=1000"`
}

type sessionBody struct {
	Token     string       `json:"token"` // for programs; browsers have the cookie
	ExpiresAt httpapi.Time `json:"expiresAt"`
	Me        meBody       `json:"me"`
}

type meBody struct {
	Login      string          `json:"login"`
	Name       string          `json:"name"`
	Roles      []ticket.Role   `json:"roles"`
	Sections   []httpapi.Named `json:"sections"`
	Term       *termBody       `json:"term"` // of the role supervisor; null: none
	MustChange bool            `json:"mustChange"`
	CSRF       string          `json:"csrf"`
}

type termBody struct {
	From  string `json:"from"`
	Until string `json:"until"`
	Now   string `json:"now"` // before, in, after
}

func (s *server) signIn(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	var body signInBody
	if err := r.Decode(ctx, &body, nil); err != nil {
		return httpapi.Response{}, err
	}
	token, session, who, err := s.accounts.SignIn(ctx, body.Login, body.Password, r.Now)
	if err != nil {
		return httpapi.Response{}, s.refused(ctx, body.Login, err, r.Now)
	}
	if err := s.note(ctx, who, audit.SignedIn, r.Now); err != nil {
		return httpapi.Response{}, err
	}
	me, err := s.meOf(ctx, r, who, token)
	if err != nil {
		return httpapi.Response{}, err
	}
	answer, err := httpapi.JSON(http.StatusCreated, sessionBody{Token: token, ExpiresAt: httpapi.Time{Time: session.Expires}, Me: me})
	answer.Cookies = []string{httpapi.SetSession(token, session.Expires, r.Now)}
	return answer, err
}

// refused writes down a wrong password, and gives what the caller is told. What is tried while a login is locked is not: the lock was earned by those
// that are, and nobody can fill the record.
func (s *server) refused(ctx context.Context, login string, why error, now time.Time) error {
	if !errors.Is(why, account.ErrWrong) {
		return why
	}
	if account.CheckLogin(login) != nil {
		login = "-" // perhaps a password typed into the wrong field
	}
	if err := s.record.Record(ctx, audit.Entry{At: now, Who: login, What: audit.SignInRefused}); err != nil {
		return err
	}
	return why
}

func (s *server) note(ctx context.Context, who account.Principal, what audit.What, now time.Time) error {
	return s.record.Record(ctx, audit.Entry{At: now, Who: who.Login, Role: who.Roles[0], What: what})
}

func (s *server) signOut(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	token, _ := r.Token()
	if err := s.accounts.SignOut(ctx, token); err != nil {
		return httpapi.Response{}, err
	}
	answer := httpapi.Response{Status: http.StatusNoContent, Cookies: []string{httpapi.EndSession()}}
	return answer, s.note(ctx, r.Principal, audit.SignedOut, r.Now)
}

type passwordBody struct {
	Old string `json:"old" validate:"required,max=1000"`
	New string `json:"new" validate:"required,max=1000"`
}

func (s *server) changePassword(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	var body passwordBody
	if err := r.Decode(ctx, &body, nil); err != nil {
		return httpapi.Response{}, err
	}
	token, _ := r.Token()
	if err := s.accounts.ChangePassword(ctx, token, body.Old, body.New, r.Now); err != nil {
		return httpapi.Response{}, err
	}
	return httpapi.Response{Status: http.StatusNoContent}, s.note(ctx, r.Principal, audit.PasswordChanged, r.Now)
}

func (s *server) me(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	token, _ := r.Token()
	me, err := s.meOf(ctx, r, r.Principal, token)
	if err != nil {
		return httpapi.Response{}, err
	}
	return httpapi.JSON(http.StatusOK, me)
}

func (s *server) meOf(ctx context.Context, r *httpapi.Request, who account.Principal, token string) (meBody, error) {
	o, _, err := s.desk.Offices.Current(ctx)
	if err != nil {
		return meBody{}, err
	}
	me := meBody{Login: who.Login, Name: who.Name, Roles: who.Roles, Sections: []httpapi.Named{}, MustChange: who.MustChange, CSRF: account.CSRF(token)}
	if t := who.Term; !t.IsZero() {
		me.Term = &termBody{From: t.From, Until: t.Until, Now: t.At(r.Now)}
	}
	for _, id := range who.Sections {
		me.Sections = append(me.Sections, httpapi.Named{ID: id, Name: o.SectionName(id, r.Language)})
	}
	return me, nil
}
