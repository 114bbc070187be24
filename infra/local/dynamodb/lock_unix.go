//go:build unix

package dynamodb

import (
	"errors"
	"os"
	"syscall"
)

// tryLock takes the file's lock without waiting. The lock belongs to the open file, so a child process that
// inherits the file keeps it locked for as long as it lives.
func tryLock(file *os.File) (bool, error) {
	err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return false, nil
	}
	return err == nil, err
}

// inherited is what a child needs to hold the lock with its parent.
func inherited(file *os.File) []*os.File { return []*os.File{file} }
