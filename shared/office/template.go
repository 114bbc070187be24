package office

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"steledesk/shared/ticket"
)

// A Template is a reply to begin with, which whoever writes it completes.
type Template struct {
	ID      string         `json:"id"`
	Name    Name           `json:"name"`
	For     []ticket.Name  `json:"for,omitempty"`     // commands it is offered with, of TemplateCommands; none: answer
	Kinds   []ticket.Kind  `json:"kinds,omitempty"`   // of tickets it is offered for; none: all
	Outcome ticket.Outcome `json:"outcome,omitempty"` // what an answer made of it usually is
	Text    Name           `json:"text"`              // may have several lines
}

// TemplateCommands lists the commands whose words go to the visitor and may begin with a template.
func TemplateCommands() []ticket.Name {
	return []ticket.Name{ticket.Answer, ticket.Ask, ticket.Decline}
}

// Commands lists the commands the template is offered with.
func (t Template) Commands() []ticket.Name {
	if len(t.For) == 0 {
		return []ticket.Name{ticket.Answer}
	}
	return t.For
}

const (
	maxTemplates = 50
	maxTemplate  = 1000 // characters: what is written into it must fit an answer's 2,000
)

func (c *checker) checkTemplates() {
	c.atMost("templates", len(c.Templates), maxTemplates)
	seen := c.ids(idPattern, idRule)
	for i, t := range c.Templates {
		at := index("templates", i)
		seen(at+".id", t.ID)
		c.name(at+".name", t.Name)
		for j, command := range t.For {
			c.oneOf(index(at+".for", j), string(command), idsOf(TemplateCommands(), func(n ticket.Name) string { return string(n) }))
		}
		for j, kind := range t.Kinds {
			c.oneOf(index(at+".kinds", j), string(kind), kindNames())
		}
		c.checkOutcome(at, t)
		if strings.TrimSpace(t.Text.ZH) == "" {
			c.add(at+".text.zh", "is missing or empty", "write the Chinese text")
		}
		c.lines(at+".text.zh", t.Text.ZH)
		c.lines(at+".text.en", t.Text.EN)
	}
}

func (c *checker) checkOutcome(at string, t Template) {
	if t.Outcome == "" {
		return
	}
	c.oneOf(at+".outcome", string(t.Outcome), idsOf(ticket.AnswerOutcomes(), func(o ticket.Outcome) string { return string(o) }))
	if !slices.Contains(t.Commands(), ticket.Answer) {
		c.add(at+".outcome", "only answers have an outcome", "remove it, or add answer to for")
	}
}

// lines checks a text of several lines.
func (c *checker) lines(path, s string) {
	switch {
	case utf8.RuneCountInString(s) > maxTemplate:
		c.add(path, fmt.Sprintf("has %d characters", utf8.RuneCountInString(s)), fmt.Sprintf("at most %d", maxTemplate))
	case strings.ContainsFunc(s, func(r rune) bool { return r != '\n' && isInvisible(r) }):
		c.add(path, "has an invisible character that is no line break", "write plain text")
	}
}
