package main

import (
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"steledesk/shared/account"
	"steledesk/shared/audit"
	"steledesk/shared/ticket"
)

var printed = regexp.MustCompile(`sign-in: (\S+)\n`)

// signIn says whether a login's password, as the command printed it, lets somebody in.
func (d *desk) signIn(login string, from answer) error {
	d.t.Helper()
	found := printed.FindStringSubmatch(from.out)
	if found == nil {
		d.t.Fatalf("no password in %v", from)
	}
	_, _, who, err := account.Service{Store: d.table}.SignIn(d.t.Context(), login, found[1], d.now)
	if err == nil && !who.MustChange {
		d.t.Errorf("%s may keep the password that was printed", login)
	}
	return err
}

// An account from its first day to its last, and what the record has of it.
func TestAccounts(t *testing.T) {
	d := deploy(t)
	d.want(exitOK, []string{"account", "list"}, "There is no account yet")
	first := d.want(exitOK, strings.Fields("account add head-1 --name 园林环卫科科长 --role section --role leader --section gardens,relics"),
		"Made the account head-1 (园林环卫科科长): section of gardens and relics, leader.")
	if err := d.signIn("head-1", first); err != nil {
		t.Error(err)
	}
	d.want(exitProblem, strings.Fields("account add head-1 --name 另一人 --role office"), "there is an account head-1 already, and it was left as it is")
	d.want(exitOK, []string{"account", "list"}, "head-1  园林环卫科科长  section of gardens and relics, leader  first password not changed yet")

	d.want(exitOK, []string{"account", "disable", "head-1"}, "Disabled head-1: its sessions are over.")
	if err := d.signIn("head-1", first); !errors.Is(err, account.ErrWrong) {
		t.Errorf("disabled: got %v", err)
	}
	d.want(exitOK, []string{"account", "list"}, "disabled")
	second := d.want(exitOK, []string{"account", "reset", "head-1"}, "Reset head-1")
	if err := d.signIn("head-1", second); err != nil {
		t.Error(err)
	}
	if err := d.signIn("head-1", first); !errors.Is(err, account.ErrWrong) {
		t.Errorf("the first password after a reset: got %v", err)
	}

	out := d.want(exitOK, []string{"account", "list", "--json"}).out
	var all []map[string]any
	if err := json.Unmarshal([]byte(out), &all); err != nil || len(all) != 1 || all[0]["mustChange"] != true || strings.Contains(out, "argon2") {
		t.Errorf("got %s, %v", out, err)
	}

	var kept []audit.What
	for e, err := range d.table.AuditDay(t.Context(), d.now, audit.Books{Matters: true}) {
		if err != nil || e.Who != "operator:tester" || !strings.HasPrefix(e.Detail, "head-1") {
			t.Errorf("got %+v, %v", e, err)
		}
		kept = append(kept, e.What)
	}
	slices.Sort(kept)
	if want := []audit.What{audit.AccountAdded, audit.AccountDisabled, audit.AccountReset}; !slices.Equal(kept, want) {
		t.Errorf("the record has %v, want %v", kept, want)
	}
}

func TestAccountsThatAreWrong(t *testing.T) {
	d := deploy(t)
	for _, tt := range []struct {
		args string
		code int
		want string
	}{
		{"account add", exitUsage, "LOGIN is missing"},
		{"account add Head --name x --role office", exitUsage, "the first a letter"},
		{"account add head-1 --role office", exitUsage, "want 1 to 40 characters"},
		{"account add head-1 --name x", exitUsage, "no role: want some of section, office, discipline, leader, supervisor"},
		{"account add head-1 --name x --role boss", exitUsage, `there is no role "boss"`},
		{"account add head-1 --name x --role section", exitUsage, "name one at least"},
		{"account add head-1 --name x --role section --section cafe", exitProblem, `the office has no section "cafe"; steledesk office show lists the sections`},
		{"account disable head-9", exitProblem, "there is no account head-9; steledesk account list"},
		{"account reset head-9", exitProblem, "there is no account head-9"},
		{"account reset HEAD", exitUsage, "the first a letter"},
		{"account reset", exitUsage, "LOGIN is missing"},
	} {
		d.want(tt.code, strings.Fields(tt.args), tt.want)
	}
	d.want(exitOK, []string{"account", "list"}, "There is no account yet")
}

// What the list says of a supervisor's term, by the day it is in China.
func TestListSaysWhoseTermEnds(t *testing.T) {
	now := time.Date(2026, 12, 1, 0, 0, 0, 0, ticket.Zone)
	for until, want := range map[string]string{"2026-11-30": "the term is over", "2026-12-01": "the term ends soon", "2026-12-31": "the term ends soon", "2027-01-01": "active"} {
		a := account.Account{Roles: []ticket.Role{ticket.Supervisor}, Term: account.Term{From: "2026-01-01", Until: until}, Epoch: 2}
		if got := standing(a, now); got != want {
			t.Errorf("until %s: %q, want %q", until, got, want)
		}
	}
}
