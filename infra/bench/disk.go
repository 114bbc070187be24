package main

import (
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"
)

// disk is how much a function's process keeps in temporary files, as Linux says of the files it has open: those whose
// names are gone already, too. Elsewhere nothing is known.
type disk struct {
	most atomic.Int64 // bytes at once
	stop chan struct{}
	done chan struct{}
}

// looks is how often the files are looked at: a workbook's take seconds to fill.
const looks = 100 * time.Millisecond

// watchDisk looks at the processes of a binary until most is called.
func watchDisk(binary string) *disk {
	d := &disk{stop: make(chan struct{}), done: make(chan struct{})}
	go func() {
		defer close(d.done)
		tick := time.NewTicker(looks)
		defer tick.Stop()
		for {
			select {
			case <-d.stop:
				return
			case <-tick.C:
				d.most.Store(max(d.most.Load(), temporary(binary)))
			}
		}
	}()
	return d
}

// end gives the most that there was at once, in bytes.
func (d *disk) end() int64 {
	close(d.stop)
	<-d.done
	return d.most.Load()
}

// temporary is what the processes of a binary have in temporary files now.
func temporary(binary string) (bytes int64) {
	programs, _ := filepath.Glob("/proc/[0-9]*/exe") // the pattern is good
	for _, program := range programs {
		if is, err := os.Readlink(program); err != nil || is != binary {
			continue
		}
		files, _ := filepath.Glob(filepath.Dir(program) + "/fd/*")
		for _, file := range files {
			name, err := os.Readlink(file)
			if err != nil || !strings.HasPrefix(name, os.TempDir()) {
				continue
			}
			if info, err := os.Stat(file); err == nil && info.Mode().IsRegular() {
				bytes += info.Size()
			}
		}
	}
	return bytes
}
