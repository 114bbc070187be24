// Package build compiles the functions of a template for this machine, with the
// flags they are deployed with.
package build

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// Built says how one function was built.
type Built struct {
	Folder  string        // as the template's CodeUri names it
	Changed bool          // false when the binary was up to date
	Took    time.Duration // of the compiler, waiting not counted
}

// parallel is how many functions compile at once; the compiler itself uses every
// processor for what they share.
const parallel = 2

// Functions compiles each folder of the module at root into
// out/<last part of the folder>/bootstrap and tells progress of each that is done,
// one call at a time. The error holds the compiler's words for every function that
// failed.
func Functions(ctx context.Context, root, out string, folders []string, progress func(Built)) error {
	compiler, err := exec.LookPath("go")
	if err != nil {
		return fmt.Errorf("build functions: the Go compiler is not in PATH; install it from https://go.dev/dl: %w", err)
	}
	var (
		group  errgroup.Group
		mu     sync.Mutex
		failed []error
	)
	group.SetLimit(parallel)
	for _, folder := range folders {
		group.Go(func() error {
			b, err := function(ctx, compiler, root, out, folder)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				failed = append(failed, err)
				return nil
			}
			progress(b)
			return nil
		})
	}
	_ = group.Wait() // failures are in failed, all of them
	if ctx.Err() != nil {
		return fmt.Errorf("build functions: %w", context.Cause(ctx))
	}
	return errors.Join(failed...)
}

// function compiles one function. Go itself leaves an up-to-date binary alone.
func function(ctx context.Context, compiler, root, out, folder string) (Built, error) {
	target, err := filepath.Abs(Binary(out, folder))
	if err != nil {
		return Built{}, fmt.Errorf("build %s: %w", folder, err)
	}
	if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
		return Built{}, fmt.Errorf("build %s: %w", folder, err)
	}
	before := fingerprint(target)
	start := time.Now()
	cmd := exec.CommandContext(ctx, compiler, "build", "-tags", "lambda.norpc", "-trimpath", "-buildvcs=false",
		"-ldflags=-s -w", "-o", target, "./"+folder)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=", "GOARCH=", "GOFLAGS=")
	var words bytes.Buffer
	cmd.Stdout, cmd.Stderr = &words, &words
	if err := cmd.Run(); err != nil {
		return Built{}, fmt.Errorf("build %s: %w\n%s", folder, err, strings.TrimSpace(words.String()))
	}
	return Built{Folder: folder, Changed: fingerprint(target) != before, Took: time.Since(start)}, nil
}

// Binary is where Functions puts the binary of a folder.
func Binary(out, folder string) string {
	return filepath.Join(out, path.Base(filepath.ToSlash(folder)), "bootstrap")
}

// fingerprint tells one binary from another; that of a missing file is zero. The
// time of writing would not do: Go touches what it finds up to date.
func fingerprint(file string) [sha256.Size]byte {
	content, err := os.ReadFile(file)
	if err != nil {
		return [sha256.Size]byte{}
	}
	return sha256.Sum256(content)
}
