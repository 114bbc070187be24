package main

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"steledesk/shared/channel"
	"steledesk/shared/httpapi"
	"steledesk/shared/office"
	"steledesk/shared/phrase"
)

// inUse is the code of a section that goes while tickets are open in it: the one warning that stops a change.
const inUse = "section-in-use"

func warning(r *httpapi.Request, pointer, code string, args ...any) httpapi.Field {
	return httpapi.Field{Pointer: pointer, Code: code, Message: phrase.In(r.Language, "warning."+code, args...)}
}

// standing warns of what office data cannot do yet, whatever it replaces: sections the deployment gave no queue, channels
// it does not let the desk call, and years whose holidays nobody entered.
func (s *server) standing(r *httpapi.Request, o *office.Office) ([]httpapi.Field, error) {
	warnings := []httpapi.Field{}
	ids := make([]string, len(o.Sections))
	for i, section := range o.Sections {
		ids[i] = section.ID
	}
	for i, section := range o.Sections {
		if !slices.Contains(s.queues, section.ID) {
			warnings = append(warnings, warning(r, "/sections/"+strconv.Itoa(i), "section-without-queue",
				section.Name.In(r.Language), strings.Join(ids, ",")))
		}
	}
	warnings = append(warnings, s.unusable(r, o.Channels, func(office.Channel) bool { return true })...)
	years, err := o.MissingYears(r.Now)
	for _, year := range years {
		warnings = append(warnings, warning(r, "/holidays", "holidays-missing", year))
	}
	return warnings, err
}

// strange lists the channels of next whose address the deployment does not let the desk call, and which before has not:
// an address that leads inside is refused where it is written. One that is in force stays, with a warning, or nothing
// else could be saved any more once the deployment's lists are shortened.
func (s *server) strange(r *httpapi.Request, before, next *office.Office) []httpapi.Field {
	return s.unusable(r, next.Channels, func(c office.Channel) bool {
		return !slices.ContainsFunc(before.Channels, func(old office.Channel) bool { return old.Kind == c.Kind && old.URL == c.URL })
	})
}

// unusable holds those channels that which picks to the sender's own check.
func (s *server) unusable(r *httpapi.Request, channels []office.Channel, which func(office.Channel) bool) []httpapi.Field {
	var fields []httpapi.Field
	for i, c := range channels {
		if !which(c) {
			continue
		}
		if err := s.prober.sender.Check(channel.Of(c)); err != nil {
			why := phrase.In(r.Language, "channel."+string(channel.FaultOf(err)))
			fields = append(fields, warning(r, "/channels/"+strconv.Itoa(i)+"/url", "channel-unusable", why))
		}
	}
	return fields
}

// leaving warns of what goes from before to next while it is in use. Matters of discipline are not counted: the office
// does not learn of them this way either.
func (s *server) leaving(ctx context.Context, r *httpapi.Request, before, next *office.Office) ([]httpapi.Field, error) {
	warnings := silenced(r, before, next)
	sections, categories, spots := before.Gone(next)
	if len(sections)+len(categories)+len(spots) == 0 {
		return warnings, nil
	}
	open, err := s.desk.OpenBy(ctx, before)
	if err != nil {
		return nil, err
	}
	for _, part := range []struct {
		pointer, code string
		gone          []string
		count         map[string]int
		name          func(id, language string) string
	}{
		{"/sections", inUse, sections, open.Section, before.SectionName},
		{"/categories", "category-in-use", categories, open.Category, before.CategoryName},
		{"/spots", "spot-in-use", spots, open.Spot, before.SpotName},
	} {
		for _, id := range part.gone {
			if n := part.count[id]; n > 0 {
				warnings = append(warnings, warning(r, part.pointer, part.code, part.name(id, r.Language), n))
			}
		}
	}
	return warnings, nil
}

// silenced warns of sections whose last channel goes.
func silenced(r *httpapi.Request, before, next *office.Office) []httpapi.Field {
	var warnings []httpapi.Field
	for _, section := range next.Sections {
		if len(before.ChannelsOf(section.ID)) > 0 && len(next.ChannelsOf(section.ID)) == 0 {
			warnings = append(warnings, warning(r, "/channels", "section-untold", section.Name.In(r.Language)))
		}
	}
	return warnings
}

// warnings gives all there is to say about putting next in the place of before.
func (s *server) warnings(ctx context.Context, r *httpapi.Request, before, next *office.Office) ([]httpapi.Field, error) {
	standing, err := s.standing(r, next)
	if err != nil {
		return nil, err
	}
	leaving, err := s.leaving(ctx, r, before, next)
	return append(standing, leaving...), err
}

// refusal gives the error of a change that would take a section from under its open tickets: nobody would have them in
// a list any more.
func refusal(warnings []httpapi.Field) error {
	stops := slices.DeleteFunc(slices.Clone(warnings), func(w httpapi.Field) bool { return w.Code != inUse })
	if len(stops) == 0 {
		return nil
	}
	return &httpapi.Invalid{Code: inUse, Fields: stops}
}
