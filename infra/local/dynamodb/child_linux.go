package dynamodb

import "syscall"

// attributes: the child gets a process group of its own, so that Ctrl-C in the terminal reaches the stack only,
// and is killed with its parent, even when that one is killed with -9.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
