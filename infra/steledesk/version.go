package main

import (
	"context"
	"flag"
	"fmt"
	"runtime"
	"runtime/debug"

	"steledesk/shared/office"
	"steledesk/shared/queue"
)

func versionCommand() command {
	return command{
		name: "version", what: "say which build this is", offline: true,
		help: `
Prints the build, the commit it was made from when it is known, and the versions of the formats it reads. Name
it when you report a fault.`,
		examples: `
$ steledesk version
steledesk (devel) 5a7e1f3c linux/amd64 go1.26.8
office file version 1, section message version 1`,
		flags: func(*flag.FlagSet) action {
			return func(_ context.Context, e *env, _ settings, args []string) error {
				if err := arguments(args); err != nil {
					return err
				}
				fmt.Fprintf(e.out, "steledesk %s %s/%s %s\n", build(), runtime.GOOS, runtime.GOARCH, runtime.Version())
				fmt.Fprintf(e.out, "office file version %d, section message version %d\n", office.Format, queue.MessageVersion)
				return nil
			}
		},
	}
}

// build names the module's version and the commit, as far as the build recorded them.
func build() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	name := info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			name += " " + s.Value[:min(len(s.Value), 8)]
		}
	}
	return name
}
