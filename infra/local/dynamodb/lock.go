package dynamodb

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// lockPatience bounds how long a lock left by a process that is just dying is waited for.
const lockPatience = 2 * time.Second

// lockFolder makes the folder and takes its lock, or says who holds it. Two engines on one file would each
// believe to be alone.
func lockFolder(ctx context.Context, folder string) (*os.File, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("make data folder: %w", err)
	}
	file, err := os.OpenFile(filepath.Join(folder, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock data folder: %w", err)
	}
	if err := waitLock(ctx, file, folder); err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}

func waitLock(ctx context.Context, file *os.File, folder string) error {
	deadline := time.Now().Add(lockPatience)
	for {
		locked, err := tryLock(file)
		if err != nil {
			return fmt.Errorf("lock data folder %s: %w", folder, err)
		}
		if locked {
			return nil
		}
		if time.Now().After(deadline) {
			owner, _ := io.ReadAll(file)
			return fmt.Errorf("data folder %s is in use by another stack (%s): stop that one, or choose another folder",
				folder, strings.TrimSpace(string(owner)))
		}
		if err := pause(ctx, 20*time.Millisecond); err != nil {
			return err
		}
	}
}

// noteOwner writes into the locked file who holds it, for others to tell.
func noteOwner(file *os.File, engine int) error {
	if err := file.Truncate(0); err != nil {
		return fmt.Errorf("note owner of data folder: %w", err)
	}
	_, err := file.WriteAt(fmt.Appendf(nil, "process %d, its engine %d\n", os.Getpid(), engine), 0)
	return err
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
