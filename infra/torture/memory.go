package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// usage is the most memory that any process of one kind ever held, in bytes.
type usage struct {
	name        string
	peak, limit int64
	note        string // what the peak is of, when it is not of this part alone
}

func (u usage) over() []string {
	if u.peak > 0 && u.peak <= u.limit {
		return nil
	}
	return []string{fmt.Sprintf("%s held %d bytes", u.name, u.peak)}
}

// The bounds of what is no function: the host with its queues, bucket and gateway, and the table's engine. Functions have
// the memory that the template gives them.
const (
	hostMemory   = 1 << 30
	engineMemory = 1 << 30
)

// meter reads the peaks of every process twice a second.
type meter struct {
	house *house
	note  string // see usage; the host's
	done  chan struct{}
	wait  sync.WaitGroup
	peaks map[string]int64
}

// watchMemory begins to read. The host is this very process, which has done other things before: its peak begins anew,
// or its row says that it did not.
func watchMemory(h *house) *meter {
	m := &meter{house: h, done: make(chan struct{}), peaks: map[string]int64{}}
	debug.FreeOSMemory()
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil { // 5: the peak, see proc_pid_clear_refs(5)
		m.note = fmt.Sprintf(" since the process began (%v)", err)
	}
	m.wait.Go(func() {
		tick := time.NewTicker(500 * time.Millisecond)
		defer tick.Stop()
		for {
			m.read()
			select {
			case <-m.done:
				return
			case <-tick.C:
			}
		}
	})
	return m
}

func (m *meter) read() {
	functions := map[int]bool{}
	for _, f := range m.house.Functions().Stats() {
		for _, pid := range f.Processes {
			functions[pid] = true
			m.see(f.Name, pid)
		}
	}
	m.see("host", os.Getpid())
	for _, pid := range children(os.Getpid()) {
		if !functions[pid] {
			m.see("table's engine", pid)
		}
	}
}

func (m *meter) see(name string, pid int) { m.peaks[name] = max(m.peaks[name], peak(pid)) }

// stop ends the reading and gives the peaks with their bounds.
func (m *meter) stop() []usage {
	close(m.done)
	m.wait.Wait()
	limits := map[string]int64{"host": hostMemory, "table's engine": engineMemory}
	for _, f := range m.house.Model().Functions {
		limits[f.Name] = int64(f.MemoryMB) << 20
	}
	var all []usage
	for name, peak := range m.peaks {
		one := usage{name: name, peak: peak, limit: limits[name]}
		if name == "host" {
			one.note = m.note
		}
		all = append(all, one)
	}
	slices.SortFunc(all, func(a, b usage) int { return strings.Compare(a.name, b.name) })
	return all
}

// peak is the most memory a process ever had resident, as Linux says; 0 when it is gone.
func peak(pid int) int64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if rest, is := strings.CutPrefix(line, "VmHWM:"); is {
			kb, _ := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 10, 64)
			return kb << 10
		}
	}
	return 0
}

// children are the processes that a process started.
func children(of int) []int {
	files, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", of)) // the pattern is well formed
	var all []int
	for _, f := range files {
		text, _ := os.ReadFile(f) // a thread that has ended has none
		for _, field := range strings.Fields(string(text)) {
			if pid, err := strconv.Atoi(field); err == nil {
				all = append(all, pid)
			}
		}
	}
	return all
}
