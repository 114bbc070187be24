package main

import (
	"strings"
	"testing"
	"time"

	"steledesk/shared/seal"
)

// There was no command that rotates: an operator had to write the parameter by hand, and lost a key with a slip.
func TestSecretIsRotatedInSteps(t *testing.T) {
	d := deploy(t)
	d.want(exitProblem, []string{"secret", "add"}, "There is no parameter", "steledesk secret init")
	d.want(exitOK, []string{"secret", "init"})
	before := keysOf(t, d)
	d.want(exitOK, []string{"office", "apply", write(t, "o.yaml", officeFile(t, "channels: []", channels)), "--yes"})
	old := d.file(1, nil)
	d.want(exitOK, []string{"secret", "add"}, "Added key 2.", "then: steledesk secret use 2")
	if between := keysOf(t, d); between.Code(old) != before.Code(old) || len(between.ReceiptKeys()) != 2 {
		t.Error("a key that was added is used already, or not known")
	}
	d.want(exitProblem, []string{"secret", "use", "2"}, "key 2 is not used yet: every function knows it from")
	d.want(exitProblem, []string{"secret", "use", "3"}, `key "3": there is no such key`)
	d.want(exitProblem, []string{"secret", "use", "1"}, "the key is the current one")
	d.want(exitUsage, []string{"secret", "use"}, "ID is missing")
	d.now = d.now.Add(seal.Known)
	d.want(exitOK, []string{"secret", "use", "2"}, "Key 2 is current; key 1 stays on the ring.")
	after := keysOf(t, d)
	if after.Code(old) == before.Code(old) || !after.Opens(old, before.Code(old)) {
		t.Error("the new key is not used, or the old one's codes are void")
	}
	list := d.want(exitOK, []string{"secret", "list"}, "current", "retired", "added", "receipts")
	if strings.Count(list.out, "\n") != 2 {
		t.Errorf("got %v", list)
	}
	d.want(exitOK, []string{"secret", "use", "1"}, "Key 1 is current") // back, at once: everybody knows it
}

func TestSecretUseNow(t *testing.T) {
	d := deploy(t)
	d.want(exitOK, []string{"secret", "init"})
	d.want(exitOK, []string{"secret", "add"})
	d.want(exitOK, []string{"secret", "use", "2", "--now"}, "Key 2 is current")
}

// A key that leaked can go, and whoever removes it has read how many visitors lose their way back.
func TestSecretRemoveSaysWhatIsLost(t *testing.T) {
	d := deploy(t)
	d.want(exitOK, []string{"secret", "init"})
	d.want(exitOK, []string{"office", "apply", write(t, "o.yaml", officeFile(t, "channels: []", channels)), "--yes"})
	d.want(exitOK, []string{"secret", "add"})
	d.want(exitProblem, []string{"secret", "remove", "1"}, "the key is the current one")
	d.want(exitOK, []string{"secret", "remove", "2"}, "Removed key 2.") // it made nothing
	d.want(exitOK, []string{"secret", "add"}, "Added key 2.")
	d.file(1, nil)
	d.file(2, nil)
	d.now = d.now.Add(seal.Known)
	d.want(exitOK, []string{"secret", "use", "2"})
	d.want(exitProblem, []string{"secret", "remove", "1", "--lose", "2"}, "functions may still work with key 1 until")
	d.now = d.now.Add(time.Hour)
	d.want(exitProblem, []string{"secret", "remove", "1"}, "2 open tickets may have been filed with key 1", "--lose 2")
	d.want(exitProblem, []string{"secret", "remove", "1", "--lose", "1"}, "2 open tickets")
	d.want(exitOK, []string{"secret", "remove", "1", "--lose", "2"}, "Removed key 1.")
	d.want(exitOK, []string{"office", "show"}, "example.cn") // what it had sealed was sealed anew
}
