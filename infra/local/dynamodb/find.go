package dynamodb

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// Version is the one dynoxide this package works with: it leans on that version's private table of stream
// records (see upkeep.go), so neither an older nor a newer one will do.
const Version = "1.2.1"

// find returns the dynoxide binary: DYNOXIDE_BIN, else the npm package of this platform under modules, else PATH.
func find(ctx context.Context, modules string) (string, error) {
	path, err := locate(modules)
	if err != nil {
		return "", err
	}
	if path, err = filepath.Abs(path); err != nil { // the engine is started in another folder
		return "", fmt.Errorf("find dynoxide: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, path, "--version").Output()
	if err != nil {
		return "", fmt.Errorf("ask %s for its version: %w", path, err)
	}
	if got := strings.TrimSpace(string(out)); got != "dynoxide "+Version {
		return "", fmt.Errorf("%s is %q, but the local stack needs dynoxide %s exactly: %s", path, got, Version, install(modules))
	}
	return path, nil
}

func locate(modules string) (string, error) {
	if path := os.Getenv("DYNOXIDE_BIN"); path != "" {
		if _, err := os.Stat(path); err != nil {
			return "", fmt.Errorf("DYNOXIDE_BIN names no file: %w", err)
		}
		return path, nil
	}
	packaged := filepath.Join(modules, "@dynoxide", platform(), "dynoxide"+executableSuffix())
	if _, err := os.Stat(packaged); modules != "" && err == nil {
		return packaged, nil
	}
	path, err := exec.LookPath("dynoxide")
	if errors.Is(err, exec.ErrNotFound) {
		return "", fmt.Errorf("the DynamoDB engine dynoxide %s is not installed (looked at DYNOXIDE_BIN, %s and PATH): %s",
			Version, packaged, install(modules))
	}
	return path, err
}

// install is the command that installs the engine, for error messages.
func install(modules string) string {
	folder := filepath.Dir(modules)
	if modules == "" {
		folder = "infra/local"
	}
	return fmt.Sprintf("run `npm install --prefix %s`, or set DYNOXIDE_BIN to a dynoxide %s", folder, Version)
}

// platform is this machine in the words of npm, such as linux-x64.
func platform() string {
	system, processor := runtime.GOOS, runtime.GOARCH
	if system == "windows" {
		system = "win32"
	}
	if processor == "amd64" {
		processor = "x64"
	}
	return system + "-" + processor
}

func executableSuffix() string {
	if runtime.GOOS == "windows" {
		return ".exe"
	}
	return ""
}
