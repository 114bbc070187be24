// Package settings reads a function's settings from its environment, all at once, so that an
// operator who forgot three learns of three.
package settings

import (
	"fmt"
	"log/slog"
	"os"
	"strings"
)

// Setting is one environment variable and where it goes.
type Setting struct {
	name     string
	required bool
	put      func(string)
}

// Text is a setting that must be there.
func Text(name string, to *string) Setting {
	return Setting{name: name, required: true, put: func(s string) { *to = s }}
}

// Optional is a setting that may be empty.
func Optional(name string, to *string) Setting {
	return Setting{name: name, put: func(s string) { *to = s }}
}

// List is a setting of comma-separated values, which may be empty.
func List(name string, to *[]string) Setting {
	return Setting{name: name, put: func(s string) {
		for part := range strings.SplitSeq(s, ",") {
			if part = strings.TrimSpace(part); part != "" {
				*to = append(*to, part)
			}
		}
	}}
}

// Read fills the settings. The error names every one that is missing.
func Read(all ...Setting) error {
	var missing []string
	for _, s := range all {
		value := os.Getenv(s.name)
		if value == "" && s.required {
			missing = append(missing, s.name)
		}
		s.put(value)
	}
	if len(missing) > 0 {
		return fmt.Errorf("settings are missing from the environment: %s", strings.Join(missing, ", "))
	}
	return nil
}

// Must ends the program when it cannot start. It is for main alone; nothing is fatal once the
// function runs.
func Must(log *slog.Logger, err error) {
	if err != nil {
		log.Error("cannot start", "error", err.Error())
		os.Exit(1)
	}
}
