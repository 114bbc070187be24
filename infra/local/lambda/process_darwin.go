package lambda

import "syscall"

// childAttributes puts a child into a process group of its own, so that Ctrl-C in a terminal reaches the host
// only. Should the host be killed, a child ends by itself: its request for work fails, and the runtime client
// exits.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}

// rssUnit is the unit of Rusage.Maxrss in bytes.
const rssUnit = 1
