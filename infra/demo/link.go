package demo

import (
	"errors"
	"time"

	"steledesk/shared/ticket"
)

// planLinks plans that a section sees that its tickets are about one matter.
func (g *group) planLinks(at time.Time) {
	first := g.lives[0].head
	if first.Kind.Confidential() || g.r.IntN(4) == 0 { // nobody noticed
		return
	}
	by := g.worker(g.lives[0])
	at = g.soon(at, 3)
	for _, other := range g.lives[1:] {
		at = at.Add(time.Duration(20+g.r.IntN(90)) * time.Second)
		g.links = append(g.links, act{at, ticket.Command{Name: ticket.Link, By: by, To: other.number}})
	}
	if g.r.IntN(12) == 0 { // and it was another matter after all
		last := g.links[len(g.links)-1]
		last.cmd.Name, last.at = ticket.Unlink, g.soon(last.at, 5)
		g.links = append(g.links, last)
	}
}

// join links two tickets, or undoes that; when things changed meanwhile so that it cannot be, they stay as they are.
func (g *group) join(l *life, at time.Time) error {
	cmd := g.links[0].cmd
	g.links = g.links[1:]
	err := g.do(l, cmd, at)
	if errors.Is(err, ticket.ErrRefused) {
		return nil
	}
	return err
}
