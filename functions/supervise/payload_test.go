package main

import (
	"testing"

	"steledesk/events/golden"
)

func TestPayloads(t *testing.T) {
	for _, name := range []string{"page"} {
		t.Run(name, func(t *testing.T) {
			f := newFunction(t)
			golden.Check(t, name, golden.Invoke(t, f.Serve, golden.Payload(t, "supervise/"+name)))
		})
	}
}
