package demo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"steledesk/infra/local/stack"
	"steledesk/shared/account"
	"steledesk/shared/dynamo"
	"steledesk/shared/office"
	"steledesk/shared/ticket"
)

// Password opens every demonstration account. It is no secret: the accounts are made in
// the tables of this machine alone.
const Password = "wuxi-stele-forest"

// Accounts makes the demonstration accounts that the table does not have: one for each
// role, and one for each section of the office data. Those that are there stay as they
// are, with whatever password they have by now.
func Accounts(ctx context.Context, s stack.Surroundings) error {
	table := dynamo.Open(s.AWS, *s.Model.Tables[0].Create.TableName)
	data, _, err := table.Office(ctx)
	if err != nil {
		return fmt.Errorf("seed accounts: %w", err)
	}
	there, err := table.Accounts(ctx)
	if err != nil {
		return fmt.Errorf("seed accounts: %w", err)
	}
	service := account.Service{Store: table}
	for _, a := range staff(data, s.Now) {
		if slices.ContainsFunc(there, func(b account.Account) bool { return b.Login == a.Login }) {
			continue
		}
		if err := service.Add(ctx, a, Password, s.Now); err != nil && !errors.Is(err, account.ErrExists) {
			return fmt.Errorf("seed account %s: %w", a.Login, err)
		}
	}
	return nil
}

// Logins lists the demonstration accounts of the office data in a table.
func Logins(ctx context.Context, table *dynamo.Table) ([]string, error) {
	data, _, err := table.Office(ctx)
	if err != nil {
		return nil, fmt.Errorf("list demonstration accounts: %w", err)
	}
	var logins []string
	for _, a := range staff(data, time.Time{}) {
		logins = append(logins, a.Login)
	}
	return logins, nil
}

// staff is who works at a demonstration desk. Logins are roles, and the ids of sections;
// a section whose id is a role's has none.
func staff(o *office.Office, now time.Time) []account.Account {
	name := func(section string) string { return o.SectionName(section, "zh") }
	all := []account.Account{
		{Login: "office", Name: name(ticket.OfficeSection), Roles: []ticket.Role{ticket.OfficeStaff}},
		{Login: "discipline", Name: name(ticket.DisciplineSection), Roles: []ticket.Role{ticket.Discipline}},
		{Login: "leader", Name: "分管领导", Roles: []ticket.Role{ticket.Leader}},
		{Login: "supervisor", Name: "政务公开监督员", Roles: []ticket.Role{ticket.Supervisor}, Term: termOf(now)},
	}
	for _, s := range o.Sections {
		taken := slices.ContainsFunc(all, func(a account.Account) bool { return a.Login == s.ID })
		if !taken {
			all = append(all, account.Account{Login: s.ID, Name: name(s.ID), Roles: []ticket.Role{ticket.SectionStaff}, Sections: []string{s.ID}})
		}
	}
	return all
}

// termOf is a term of two years that now is in the first of.
func termOf(now time.Time) account.Term {
	year := now.In(ticket.Zone).Year()
	return account.Term{From: fmt.Sprintf("%04d-01-01", year), Until: fmt.Sprintf("%04d-12-31", year+1)}
}
