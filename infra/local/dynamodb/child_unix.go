//go:build unix && !linux

package dynamodb

import "syscall"

// attributes: the child gets a process group of its own, so that Ctrl-C in the terminal reaches the stack only.
// Here it may outlive a parent that is killed with -9; the folder's lock, which it holds too, then says so.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}
