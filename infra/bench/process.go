package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// process is what a function's process has used up to now, as Linux says; elsewhere nothing is known.
type process struct{ peak, processor string }

// ticks is how many parts of a second Linux counts a process's time in (sysconf(_SC_CLK_TCK), 100 on every platform of Go's).
const ticks = 100

// used reads what the process that printed last for a function has used.
func (b *bench) used(function string) process {
	p := process{"—", "—"}
	for _, s := range b.stack.Functions().Stats() {
		if s.Name == function && len(s.Lines) > 0 {
			pid := s.Lines[len(s.Lines)-1].PID
			p.peak, p.processor = peak(pid), processor(pid)
		}
	}
	return p
}

// peak is the most memory the process ever had resident.
func peak(pid int) string {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return "—"
	}
	for line := range strings.Lines(string(status)) {
		if rest, is := strings.CutPrefix(line, "VmHWM:"); is {
			kb, err := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")))
			if err == nil {
				return fmt.Sprintf("%d MB", (kb+1023)/1024)
			}
		}
	}
	return "—"
}

// processor is how long the process had a processor, its own time and the system's for it.
func processor(pid int) string {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return "—"
	}
	_, rest, _ := strings.Cut(string(stat), ") ") // the name may hold blanks
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return "—"
	}
	total := 0
	for _, f := range fields[11:13] {
		n, err := strconv.Atoi(f)
		if err != nil {
			return "—"
		}
		total += n
	}
	return fmt.Sprintf("%.1f s", float64(total)/ticks)
}
