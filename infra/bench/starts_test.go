package main

import (
	"path/filepath"
	"testing"

	"steledesk/infra/local/template"
)

// Every function of the template can be started: one that was added without its first event ended the whole bench.
func TestEveryFunctionHasAFirstEvent(t *testing.T) {
	model, err := template.Usual("../../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range model.Functions {
		name := filepath.Base(f.Folder)
		if firstEvents[name] == "" || firstNames[name] == "" {
			t.Errorf("no first event for %s, or no name for it", name)
		}
	}
}
