package stack

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

// childData in the environment makes the test binary a stack on that folder, for a
// test to kill; childBinaries is where its functions are.
const (
	childData     = "STELEDESK_TEST_STACK"
	childBinaries = "STELEDESK_TEST_BINARIES"
)

// runChild runs a stack until it is killed.
func runChild(data string) {
	s, err := Start(context.Background(), probeSettings(data, os.Getenv(childBinaries)))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(s.URL())
	select {}
}

// startChild starts a stack in a process of its own and returns its URL.
func startChild(t *testing.T, data string) (*exec.Cmd, string) {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), childData+"="+data, childBinaries+"="+binaries)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err == nil {
		err = child.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the child stack did not start: %v", err)
	}
	return child, strings.TrimSpace(line)
}

// writeUntilRefused posts items from several writers and returns those that were
// acknowledged; killing the stack ends it.
func writeUntilRefused(url, round string) []string {
	var (
		mu    sync.Mutex
		acked []string
		all   sync.WaitGroup
	)
	for w := range 4 {
		all.Go(func() {
			for i := 0; ; i++ {
				id := fmt.Sprintf("r%s-w%d-%d", round, w, i)
				response, err := http.Post(url+"/items/"+id, "", nil)
				if err != nil {
					return
				}
				response.Body.Close()
				if response.StatusCode == http.StatusCreated {
					mu.Lock()
					acked = append(acked, id)
					mu.Unlock()
				}
			}
		})
	}
	all.Wait()
	return acked
}

// What a visitor was told is stored must be there after the machine dies, and must
// reach its section.
func TestKilledStackLosesNothing(t *testing.T) {
	data := t.TempDir()
	var acked []string
	for round := range 3 {
		child, url := startChild(t, data)
		killed := time.AfterFunc(time.Duration(300+200*round)*time.Millisecond, func() { _ = child.Process.Kill() })
		acked = append(acked, writeUntilRefused(url, fmt.Sprint(round))...)
		killed.Stop()
		_ = child.Wait() // it was killed
	}
	if len(acked) < 10 {
		t.Fatalf("only %d items were acknowledged; the test says nothing", len(acked))
	}
	c := &clock{}
	set := settings(data)
	set.Clock = c.now
	s := start(t, set)
	for _, id := range acked {
		if _, there := item(t, s, "item-"+id); !there {
			t.Fatalf("acknowledged item %s of %d is lost", id, len(acked))
		}
	}
	workedOn(t, s, c, acked)
	t.Logf("%d acknowledged items over three kills, all stored and worked on", len(acked))
}
