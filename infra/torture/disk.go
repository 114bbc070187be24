package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"steledesk/infra/local/stack"
	"steledesk/infra/torture/raw"
)

// fullDisk is the part "disk": people file while the disk under the local stack is full. On AWS nothing the desk keeps is
// on a disk of its own; on one machine table, queues and files are.
type fullDisk struct {
	house *house
	free  string // the ballast that fills the disk
	said  map[string]receipt
	odd   []string
	full  int // filings that were refused while the disk was full
}

// diskSize is that of the disk, in MiB: room for a desk, and not for much more.
const diskSize = 96

// mount makes a small disk. It needs root, or sudo that asks nobody.
func mount(ctx context.Context, folder string) (unmount func() error, err error) {
	run := func(ctx context.Context, words ...string) error {
		if os.Getuid() != 0 {
			words = append([]string{"sudo", "-n"}, words...)
		}
		if said, err := exec.CommandContext(ctx, words[0], words[1:]...).CombinedOutput(); err != nil {
			return fmt.Errorf("%v: %w: %s", words, err, said)
		}
		return nil
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	size := fmt.Sprintf("size=%dm,mode=0700,uid=%d,gid=%d", diskSize, os.Getuid(), os.Getgid())
	if err := run(ctx, "mount", "-t", "tmpfs", "-o", size, "tmpfs", folder); err != nil {
		return nil, fmt.Errorf("a small disk needs root, or sudo without a password: %w", err)
	}
	return func() error { return run(context.WithoutCancel(ctx), "umount", "-l", folder) }, nil
}

func runDisk(ctx context.Context, p place, out *report) (err error) {
	folder, err := os.MkdirTemp(p.folder, "disk")
	if err != nil {
		return err
	}
	unmount, err := mount(ctx, folder)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unmount()) }()
	h, err := openHouse(ctx, p, plan{seed: 1, change: func(s *stack.Settings) { s.Data = filepath.Join(folder, "data") }})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	h.data = filepath.Join(folder, "data")
	d := &fullDisk{house: h, free: filepath.Join(folder, "ballast"), said: map[string]receipt{}}
	return d.run(ctx, out)
}

func (d *fullDisk) run(ctx context.Context, out *report) error {
	for n := range 10 {
		d.file(ctx, n, true)
	}
	if err := d.fill(); err != nil {
		return err
	}
	for n := 10; n < 18; n++ {
		d.file(ctx, n, false)
	}
	if err := os.Remove(d.free); err != nil {
		return err
	}
	for n := range 28 { // those that were refused send the same again, and ten more come
		d.file(ctx, n, true)
	}
	return d.settle(ctx, out)
}

// settle waits until all is told: the stream tries again with ever longer pauses, and what it gave up comes back by
// steledesk replay. After three minutes what is missing is missing.
func (d *fullDisk) settle(ctx context.Context, out *report) error {
	for end := time.Now().Add(3 * time.Minute); ; {
		if err := d.house.drain(ctx, patienceOfDrill); err != nil {
			return err
		}
		if err := d.house.replay(ctx); err != nil {
			return err
		}
		table, err := d.house.table(ctx)
		if err != nil {
			return err
		}
		heard, _ := d.house.receiver.heard()
		if len(raw.AuditTellings(table, heard).Missing) == 0 || time.Now().After(end) {
			d.judge(table, heard, out)
			return nil
		}
	}
}

// fill writes until nothing more can be written.
func (d *fullDisk) fill() error {
	f, err := os.Create(d.free)
	if err != nil {
		return err
	}
	block := make([]byte, 64<<10)
	for size := len(block); ; {
		_, err := f.Write(block[:size])
		switch {
		case err == nil:
		case errors.Is(err, syscall.ENOSPC) && size > 1:
			size /= 2 // the last bytes too
		case errors.Is(err, syscall.ENOSPC):
			return f.Close()
		default:
			return errors.Join(err, f.Close())
		}
	}
}

// file files once, or until it is answered. What is acknowledged is kept, and must be acknowledged the same way again.
func (d *fullDisk) file(ctx context.Context, n int, insist bool) {
	key := fmt.Sprintf("disk-filing-%06d", n)
	once := d.house.call
	if insist {
		once = d.house.insist
	}
	ctx, stop := context.WithTimeout(ctx, 30*time.Second)
	defer stop()
	a := once(ctx, "POST", "/v1/tickets", fmt.Sprintf(`{"kind":"complaint","category":"toilets","text":"没有水 %d"}`, n), "Idempotency-Key", key)
	var r receipt
	switch {
	case a.status == http.StatusCreated:
		if err := json.Unmarshal(a.body, &r); err != nil {
			d.odd = append(d.odd, fmt.Sprintf("%s: %v", key, err))
		}
		if before, is := d.said[key]; is && before.Number != r.Number {
			d.odd = append(d.odd, fmt.Sprintf("%s was %s and is %s", key, before.Number, r.Number))
		}
		d.said[key] = r
	case insist:
		d.odd = append(d.odd, fmt.Sprintf("%s: %d %.100s", key, a.status, a.body))
	case a.status == 0 || a.status >= http.StatusInternalServerError || a.status == http.StatusTooManyRequests:
		d.full++
	default:
		d.odd = append(d.odd, fmt.Sprintf("%s on a full disk: %d %.100s", key, a.status, a.body))
	}
}

func (d *fullDisk) judge(table *raw.Table, heard []raw.Told, out *report) {
	const injected = "a full disk, people filing"
	bad := d.odd
	if d.full == 0 {
		bad = append(bad, "nothing was refused: the disk was not full")
	}
	for key, r := range d.said {
		if k := table.Tickets[r.Number]; k == nil || k.Heads != 1 {
			bad = append(bad, fmt.Sprintf("%s was acknowledged as %s, which is not there", key, r.Number))
		} else if wrong := k.Chain(); wrong != "" {
			bad = append(bad, wrong)
		}
	}
	if len(table.Tickets) != len(d.said) {
		bad = append(bad, fmt.Sprintf("%d tickets, %d acknowledged", len(table.Tickets), len(d.said)))
	}
	out.hold("disk: kept", injected, "refused or stored; everything acknowledged is there, once",
		fmt.Sprintf("%d refused, %d acknowledged", d.full, len(d.said)), bad)
	t := raw.AuditTellings(table, heard)
	out.hold("disk: told", injected, "every event is told once there is room again", fmt.Sprintf("%d tellings due", t.Due), t.Missing)
}
