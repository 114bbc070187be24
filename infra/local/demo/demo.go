// Package demo gives a local stack what a deployed desk has: office data in the
// table, a group for each section to be told in, and people who work at it.
package demo

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"steledesk/infra/local/sink"
	"steledesk/infra/local/stack"
	"steledesk/shared/dynamo"
	"steledesk/shared/office"
	"steledesk/shared/secret"
)

// mark begins the id of every channel made here; others are left alone.
const mark = "demo-"

// by is who changed the office data, in its history.
const by = "local stack"

// Seed puts office data and demonstration accounts into the table of a stack on this
// machine, as Office and Accounts do.
func Seed(file *office.Office) func(context.Context, stack.Surroundings) error {
	return func(ctx context.Context, s stack.Surroundings) error {
		if err := Office(file)(ctx, s); err != nil {
			return err
		}
		return Accounts(ctx, s)
	}
}

// Office puts office data into a table that has none: file's, or the built-in data if
// file is nil. Sections without a channel are given one of the stack's own sink.
// Office data that is there stays as it is, but for the addresses of such channels,
// which move with the stack's port.
func Office(file *office.Office) func(context.Context, stack.Surroundings) error {
	return func(ctx context.Context, s stack.Surroundings) error {
		if err := seed(ctx, s, file); err != nil {
			return fmt.Errorf("seed office data: %w", err)
		}
		return nil
	}
}

func seed(ctx context.Context, s stack.Surroundings, file *office.Office) error {
	keys, err := secret.Keys(ctx, s.AWS, s.Model.Parameter("SecretParameter"))
	if err != nil {
		return err
	}
	table := dynamo.Open(s.AWS, *s.Model.Tables[0].Create.TableName)
	data, version, err := table.Office(ctx)
	if err != nil {
		return err
	}
	before := []office.Channel{}
	switch {
	case version != 0:
		if before, err = dynamo.OpenChannels(data, keys); err != nil {
			return err
		}
	case file != nil:
		data, before = file, file.Channels
	}
	data.Channels = channels(data, before, s)
	if version != 0 && slices.EqualFunc(before, data.Channels, same) {
		return nil
	}
	_, err = table.PutOffice(ctx, data, version, by, s.Now, keys)
	return err
}

func same(a, b office.Channel) bool { return a.ID == b.ID && a.URL == b.URL }

// channels are those of before, with the demonstration's at their present addresses;
// office data that names no channel at all gets the demonstration's.
func channels(o *office.Office, before []office.Channel, s stack.Surroundings) []office.Channel {
	demonstration := demonstrate(o, s)
	if len(before) == 0 {
		return demonstration
	}
	all := slices.Clone(before)
	for i, c := range all {
		j := slices.IndexFunc(demonstration, func(d office.Channel) bool { return d.ID == c.ID })
		if strings.HasPrefix(c.ID, mark) && j >= 0 {
			all[i].URL = demonstration[j].URL
		}
	}
	return all
}

// demonstrate gives each section a group, product after product, and the office a
// mailbox and a program of its own besides.
func demonstrate(o *office.Office, s stack.Surroundings) []office.Channel {
	kinds := []office.ChannelKind{office.WeCom, office.DingTalk, office.Feishu}
	var all []office.Channel
	for i, section := range o.Sections {
		all = append(all, group(kinds[i%len(kinds)], section.ID, s.URL))
	}
	return append(all,
		group(office.WeCom, office.Supervisors, s.URL),
		group(office.Webhook, o.Sections[0].ID, s.URL),
		office.Channel{
			ID: mark + o.Sections[0].ID + "-mail", Section: o.Sections[0].ID, Kind: office.Mail, URL: "smtp://" + s.SMTP,
			To: []string{o.Sections[0].ID + "@example.cn"}, From: "desk@example.cn",
		})
}

// group is a channel to the sink, at the paths the products have.
func group(kind office.ChannelKind, section, url string) office.Channel {
	c := office.Channel{ID: mark + section, Section: section, Kind: kind, URL: url + "/local/bots/" + string(kind) + "/" + section}
	switch kind {
	case office.WeCom:
		c.URL += "/cgi-bin/webhook/send?key=" + section
	case office.DingTalk:
		c.URL += "/robot/send?access_token=" + section
		c.Secret = sink.Secret
	case office.Feishu:
		c.URL += "/open-apis/bot/v2/hook/" + section
		c.Secret = sink.Secret
	case office.Webhook:
		c.ID += "-program"
		c.Secret = sink.Secret
	}
	return c
}
