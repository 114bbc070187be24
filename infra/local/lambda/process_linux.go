package lambda

import "syscall"

// childAttributes puts a child into a process group of its own, so that Ctrl-C in a terminal reaches the host
// only, and has the kernel kill it when the host dies.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// rssUnit is the unit of Rusage.Maxrss in bytes.
const rssUnit = 1024
