package dynamodb

import "syscall"

// attributes: the child gets a process group of its own, so that Ctrl-C in the terminal reaches the stack only.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}
