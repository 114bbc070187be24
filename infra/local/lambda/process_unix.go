//go:build linux || darwin

package lambda

import (
	"os"
	"os/exec"
	"syscall"
)

// killGroup ends the child and whatever it started.
func killGroup(cmd *exec.Cmd) {
	_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // an error means that it is gone already
}

// maxRSS returns the most memory that the ended process held, in bytes.
func maxRSS(state *os.ProcessState) int64 {
	if state == nil {
		return 0
	}
	usage, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	return int64(usage.Maxrss) * rssUnit
}
