package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"steledesk/infra/local/stack"
)

// restore is the part "restore": a desk that people use is exported, and brought into an empty one.
type restore struct {
	seed  uint64
	lives int
}

// restored is what is there when the drill is over.
type restored struct {
	exported, again string   // the digests
	checked, stored string   // what import said
	told            []string // what anybody was told after the import, and what waits to be told
	verified        string
	bad             []string // receipts that do not open and contacts that cannot be read
	receipts        int
	lost            []string // of what the desk has beside words
	waits           []string // why a photo that was exported before it was cleaned is not shown
}

// patienceOfDrill is how long a desk may take to become quiet.
const patienceOfDrill = 2 * time.Minute

func (r restore) run(ctx context.Context, p place, out *report) error {
	old, err := openHouse(ctx, p, plan{seed: r.seed})
	if err != nil {
		return err
	}
	defer old.Close()
	e, err := r.drill(ctx, old, p)
	if err != nil {
		return err
	}
	e.judge(out)
	return nil
}

func (r restore) drill(ctx context.Context, old *house, p place) (*restored, error) {
	people := &rotation{house: old, staff: &staff{house: old, tokens: map[string]string{}}}
	people.file(ctx, 20)
	book := &ledger{filed: map[string]string{}}
	storm{filings: r.lives, crowd: 6}.crowded(ctx, func(n int) { newLife(old, people.staff, book, r.seed, n).live(ctx) })
	own, err := leave(ctx, old)
	if err != nil {
		return nil, err
	}
	if err := old.drain(ctx, patienceOfDrill); err != nil {
		return nil, err
	}
	keys, err := people.ring(ctx)
	if err != nil {
		return nil, err
	}
	before, _ := old.receiver.heard()
	e, folder := &restored{receipts: len(people.filed)}, filepath.Join(p.folder, fmt.Sprintf("export-%d", r.seed))
	said, err := old.operate(ctx, "export", folder)
	if err != nil {
		return nil, err
	}
	e.exported = digestIn(said)

	err = r.within(ctx, p, keys, func(fresh *rotation) error {
		fresh.filed, fresh.odd = people.filed, people.odd
		if err := e.bring(ctx, folder, fresh); err != nil {
			return err
		}
		e.lost, err = own.missing(ctx, fresh.house)
		return err
	})
	if err == nil {
		err = r.within(ctx, p, keys, func(fresh *rotation) error { return e.bringWaiting(ctx, folder, own, fresh.house) })
	}
	if err != nil {
		return nil, err
	}
	told, _ := old.receiver.heard() // channels came with the office data: they are the old desk's
	for _, one := range told[len(before):] {
		e.told = append(e.told, fmt.Sprintf("told %+v", one))
	}
	return e, nil
}

// within does something with a new desk that has the keys of another.
func (r restore) within(ctx context.Context, p place, keys ring, do func(*rotation) error) error {
	fresh, err := openHouse(ctx, p, plan{seed: r.seed, change: func(s *stack.Settings) { s.Seed = nil }})
	if err != nil {
		return err
	}
	defer fresh.Close()
	with := &rotation{house: fresh, staff: &staff{house: fresh, tokens: map[string]string{}}}
	if err := with.put(ctx, keys, readers...); err != nil {
		return err
	}
	return do(with)
}

// bringWaiting imports the folder as it would have been before the photo was cleaned, and waits for it.
func (e *restored) bringWaiting(ctx context.Context, folder string, own *belongings, into *house) error {
	if err := own.waiting(folder, folder+"-waiting"); err != nil {
		return fmt.Errorf("write an export with a photo that waits: %w", err)
	}
	said, err := into.operate(ctx, "import", folder+"-waiting")
	if err != nil {
		return err
	}
	if !strings.Contains(said, "stored and read back") {
		e.waits = append(e.waits, strings.TrimSpace(said))
	}
	if err := into.drain(ctx, patienceOfDrill); err != nil {
		return err
	}
	e.waits = append(e.waits, own.shown(ctx, into)...)
	return nil
}

// bring imports the folder and looks at what came of it.
func (e *restored) bring(ctx context.Context, folder string, into *rotation) (err error) {
	if e.checked, err = into.house.operate(ctx, "import", "--check", folder); err != nil {
		return err
	}
	if e.stored, err = into.house.operate(ctx, "import", folder); err != nil {
		return err
	}
	if err := into.house.drain(ctx, patienceOfDrill); err != nil {
		return err
	}
	waiting, err := into.house.queues(ctx)
	if err != nil {
		return err
	}
	for _, m := range waiting {
		e.told = append(e.told, fmt.Sprintf("in %s: %.100s", m.Queue, m.Body))
	}
	said, err := into.house.operate(ctx, "export", folder+"-again")
	if err != nil {
		return err
	}
	e.again = digestIn(said)
	if e.verified, err = into.house.operate(ctx, "verify", "--all"); err != nil {
		return err
	}
	e.bad, err = into.broken(ctx)
	return err
}

func (e *restored) judge(out *report) {
	var unequal []string
	if e.exported == "" || e.exported != e.again || digestIn(e.checked) != e.exported {
		unequal = append(unequal, fmt.Sprintf("exported %s, checked %s, exported again %s", e.exported, digestIn(e.checked), e.again))
	}
	if !strings.Contains(e.stored, "the same") || !strings.Contains(e.verified, "every chain holds") {
		unequal = append(unequal, strings.TrimSpace(e.stored), strings.TrimSpace(e.verified))
	}
	out.hold("restore: digests", "an export into an empty desk", "equal digests, whole chains", strings.TrimSpace(e.verified), unequal)
	out.hold("restore: no news", "an export into an empty desk", "nobody is told again", fmt.Sprintf("%d told", len(e.told)), e.told)
	out.hold("restore: people", "an export into an empty desk", "codes open, contacts read", fmt.Sprintf("%d receipts", e.receipts), e.bad)
	out.hold("restore: belongings", "an export into an empty desk", "photo, papers and the phone to be told are there", fmt.Sprintf("%d missing", len(e.lost)), e.lost)
	out.hold("restore: photos at work", "an export taken before a photo was cleaned", "it is cleaned and shown", map[bool]string{true: "shown", false: "not shown"}[len(e.waits) == 0], e.waits)
}

// digestIn finds the digest in what export and import say.
func digestIn(said string) string {
	_, digest, _ := strings.Cut(said, "\ndigest ")
	return strings.TrimSpace(digest)
}

// operate runs the operator's command on this desk, and gives what it printed.
func (h *house) operate(ctx context.Context, args ...string) (string, error) {
	command := exec.CommandContext(ctx, filepath.Join(h.place.binaries, filepath.Base(operator), "bootstrap"), args...)
	command.Env = []string{
		"AWS_ENDPOINT_URL=" + h.AWSEndpoint(), "AWS_REGION=us-east-1", "AWS_ACCESS_KEY_ID=local", "AWS_SECRET_ACCESS_KEY=local",
		"AWS_EC2_METADATA_DISABLED=true", "HOME=" + h.data,
	}
	said, err := command.CombinedOutput()
	if err != nil {
		return string(said), &operatorError{args, string(said), err}
	}
	return string(said), nil
}

// operatorError is a command of the operator's that did not end well.
type operatorError struct {
	args []string
	said string
	err  error
}

func (e *operatorError) Error() string {
	return fmt.Sprintf("steledesk %s: %v: %.500s", strings.Join(e.args, " "), e.err, e.said)
}

func (e *operatorError) Unwrap() error { return e.err }

// leftSome reports whether a command found problems, and did what it could.
func leftSome(err error) bool {
	var exit *exec.ExitError
	return errors.As(err, &exit) && exit.ExitCode() == 1
}
