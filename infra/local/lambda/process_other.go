//go:build !linux && !darwin

package lambda

import (
	"os"
	"os/exec"
	"syscall"
)

// childAttributes asks for nothing special. Should the host be killed, a child ends by itself: its request for
// work fails, and the runtime client exits.
func childAttributes() *syscall.SysProcAttr { return nil }

func killGroup(cmd *exec.Cmd) {
	_ = cmd.Process.Kill() // an error means that it is gone already
}

func maxRSS(*os.ProcessState) int64 { return 0 }
