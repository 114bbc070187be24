package demo_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"steledesk/infra/local/demo"
	"steledesk/infra/local/stack"
	"steledesk/shared/account"
	"steledesk/shared/dynamo"
	"steledesk/shared/office"
	"steledesk/shared/ticket"
)

// Each role and each section can be tried out at once, and a restart gives nobody back
// what was taken from them.
func TestDemonstrationAccounts(t *testing.T) {
	s := start(t, t.TempDir(), compile(t))
	defer s.Close()
	ctx, table := context.Background(), dynamo.Open(s.AWS(), "steledesk")
	service := account.Service{Store: table}
	now := time.Now()
	logins, err := demo.Logins(ctx, table)
	if err != nil {
		t.Fatal(err)
	}
	all, err := table.Accounts(ctx)
	if err != nil || len(all) != len(logins) {
		t.Fatalf("%d accounts, %v; want %v", len(all), err, logins)
	}
	for _, a := range all {
		if err := a.Check(func(id string) bool { _, known := office.Default().Section(id); return known }); err != nil {
			t.Errorf("%s: %v", a.Login, err)
		}
	}
	for login, role := range map[string]ticket.Role{"office": ticket.OfficeStaff, "discipline": ticket.Discipline,
		"leader": ticket.Leader, "supervisor": ticket.Supervisor, "ticketing": ticket.SectionStaff} {
		_, _, who, err := service.SignIn(ctx, login, demo.Password, now)
		if err != nil || !slices.Equal(who.Roles, []ticket.Role{role}) || who.MustChange {
			t.Errorf("%s: %+v, %v", login, who, err)
		}
	}

	if err := service.Disable(ctx, "leader"); err != nil {
		t.Fatal(err)
	}
	around := stack.Surroundings{AWS: s.AWS(), Model: s.Model(), URL: s.URL(), SMTP: s.SMTP(), Now: now}
	if err := demo.Accounts(ctx, around); err != nil {
		t.Fatal(err)
	}
	if c, err := table.Credentials(ctx, "leader"); err != nil || !c.Account.Disabled {
		t.Errorf("after a restart: %+v, %v; want it disabled still", c.Account, err)
	}
}
