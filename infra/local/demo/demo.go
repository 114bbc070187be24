// Package demo gives a local stack what a deployed one has: office data in force, and a channel for
// each section. The channels lead to the stack's own sinks, where a person can read what a
// group would have read.
package demo

import (
	"context"
	"fmt"
	"reflect"
	"strings"

	"steledesk/infra/local/stack"
	"steledesk/shared/dynamo"
	"steledesk/shared/office"
	"steledesk/shared/seal"
	"steledesk/shared/secret"
)

// Secret is what the sinks' bots sign with. It guards nothing.
const Secret = "SEClocal0000000000"

// prefix begins the ids of the channels that are the demonstration's.
const prefix = "demo-"

// Seed gives the hook that puts given in force, or the built-in data in a new table when given is
// nil, and leads every section that has no channel of its own to the sinks.
func Seed(given *office.Office) func(context.Context, stack.Surroundings) error {
	return func(ctx context.Context, s stack.Surroundings) error {
		keys, err := secret.Keys(ctx, s.AWS, s.Parameters["SecretParameter"])
		if err != nil {
			return fmt.Errorf("seed the demonstration: %w", err)
		}
		return seed(ctx, s, given, keys)
	}
}

func seed(ctx context.Context, s stack.Surroundings, given *office.Office, keys *seal.Keys) error {
	table := dynamo.Open(s.AWS, s.Model.Tables[0].Name)
	current, version, err := table.Office(ctx)
	if err != nil {
		return fmt.Errorf("seed the demonstration: %w", err)
	}
	opened := *current
	if opened.Channels, err = dynamo.OpenChannels(current, keys); err != nil {
		return fmt.Errorf("seed the demonstration: %w", err)
	}
	wanted := opened
	if given != nil {
		wanted = *given
	}
	wanted.Channels = withDemo(wanted, s)
	if version > 0 && reflect.DeepEqual(wanted, opened) {
		return nil
	}
	if _, err := table.PutOffice(ctx, &wanted, version, "local stack", s.Now, keys); err != nil {
		return fmt.Errorf("seed the demonstration: %w", err)
	}
	return nil
}

// withDemo gives o's own channels and, for sections without one, a channel to the sinks.
func withDemo(o office.Office, s stack.Surroundings) []office.Channel {
	var out []office.Channel
	served := map[string]bool{}
	for _, c := range o.Channels {
		if !strings.HasPrefix(c.ID, prefix) {
			out, served[c.Section] = append(out, c), true
		}
	}
	kinds := []office.ChannelKind{office.WeCom, office.DingTalk, office.Feishu, office.Webhook, office.Mail}
	for i, section := range o.Sections {
		if !served[section.ID] {
			out = append(out, channel(section.ID, kindOf(section.ID, kinds[i%len(kinds)]), s))
		}
	}
	return out
}

// kindOf gives the ticketing section the bot most scenic areas have.
func kindOf(section string, other office.ChannelKind) office.ChannelKind {
	if section == "ticketing" {
		return office.WeCom
	}
	return other
}

func channel(section string, kind office.ChannelKind, s stack.Surroundings) office.Channel {
	c := office.Channel{ID: prefix + section, Section: section, Kind: kind, Language: "zh"}
	bot := s.URL + "/local/bots/" + string(kind) + "/" + section
	switch kind {
	case office.WeCom:
		c.URL = bot + "/cgi-bin/webhook/send?key=demo-" + section
	case office.DingTalk:
		c.URL, c.Secret = bot+"/robot/send?access_token=demo-"+section, Secret
	case office.Feishu:
		c.URL, c.Secret = bot+"/open-apis/bot/v2/hook/demo-"+section, Secret
	case office.Webhook:
		c.URL, c.Secret = bot, Secret
	case office.Mail:
		c.From, c.To = "steledesk@example.cn", []string{section + "@example.cn"}
	}
	return c
}
