package lambda_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"steledesk/infra/local/lambda"
)

func TestProcessIsKilledAtTheTimeout(t *testing.T) {
	h := newHost(t, lambda.Options{})
	add(t, h, lambda.Function{Timeout: 300 * time.Millisecond})
	pid := pidOf(t, invoke(t, h, `{}`).Payload)
	result := invoke(t, h, `{"do":"sleep","ms":60000}`)
	want := `{"errorMessage":"RequestId: ` + result.RequestID + ` Error: Task timed out after 0.30 seconds","errorType":"Sandbox.Timedout"}`
	if string(result.Payload) != want || result.Error == nil {
		t.Errorf("got  %s\nwant %s", result.Payload, want)
	}
	if next := invoke(t, h, `{}`); next.Error != nil || pidOf(t, next.Payload) == pid {
		t.Errorf("next: got %s, %v, want an answer of another process than %d", next.Payload, next.Error, pid)
	}
	if got := h.Stats()[0]; got.Errors != 1 || got.Timeouts != 1 {
		t.Errorf("stats: got %d errors, %d timeouts, want 1, 1", got.Errors, got.Timeouts)
	}
}

// Guards against handing work to a process whose handler has panicked: it has answered and is about to exit.
func TestInvocationAfterPanicIsNotLost(t *testing.T) {
	h := newHost(t, lambda.Options{})
	add(t, h, lambda.Function{})
	for i := range 30 {
		invoke(t, h, `{"do":"panic"}`)
		if result := invoke(t, h, `{}`); result.Error != nil {
			t.Fatalf("round %d: %v", i, result.Error)
		}
	}
}

func TestProcessesGrowWithLoadUpToTheLimit(t *testing.T) {
	h := newHost(t, lambda.Options{MaxProcesses: 4})
	add(t, h, lambda.Function{})
	dir := t.TempDir()
	var all sync.WaitGroup
	for range 4 { // each waits for the other three, so four processes must run at once
		all.Go(func() { invoke(t, h, fmt.Sprintf(`{"do":"meet","text":%q,"size":4}`, dir)) })
	}
	all.Wait()
	for range 20 {
		all.Go(func() { invoke(t, h, `{"do":"sleep","ms":5}`) })
	}
	all.Wait()
	if got := len(h.Stats()[0].Processes); got != 4 {
		t.Errorf("got %d processes, want 4", got)
	}
}

func TestStartThatFailsSaysWhatWasPrinted(t *testing.T) {
	h := newHost(t, lambda.Options{})
	add(t, h, lambda.Function{Env: []string{"START=crash"}})
	var all sync.WaitGroup
	for range 3 { // each of them must hear of it, not only the first
		all.Go(func() {
			result := invoke(t, h, `{}`)
			if result.Error == nil || result.Error.Type != "Runtime.ExitError" ||
				!strings.Contains(result.Error.Message, "function f failed to start") ||
				!strings.Contains(result.Error.Message, "cannot find the secret") {
				t.Errorf("got %v", result.Error)
			}
		})
	}
	all.Wait()
}

func TestStartThatHangsIsEnded(t *testing.T) {
	h := newHost(t, lambda.Options{InitTimeout: 100 * time.Millisecond})
	add(t, h, lambda.Function{Env: []string{"START=hang"}})
	result := invoke(t, h, `{}`)
	if result.Error == nil || !strings.Contains(result.Error.Message, "the start took longer than 100ms") {
		t.Errorf("got %v", result.Error)
	}
	eventually(t, "its process is gone", func() bool { return len(h.Stats()[0].Processes) == 0 })
}

func TestBinaryThatCannotRun(t *testing.T) {
	h := newHost(t, lambda.Options{})
	text := filepath.Join(t.TempDir(), "bootstrap")
	if err := os.WriteFile(text, []byte("not a program"), 0o600); err != nil {
		t.Fatal(err)
	}
	add(t, h, lambda.Function{Binary: text})
	if result := invoke(t, h, `{}`); result.Error == nil || result.Error.Type != "Runtime.InvalidEntrypoint" {
		t.Errorf("got %v, want Runtime.InvalidEntrypoint", result.Error)
	}
}

func TestKillFailsWhatIsInFlightAndTheNextRunsAnew(t *testing.T) {
	h := newHost(t, lambda.Options{})
	add(t, h, lambda.Function{})
	dir := t.TempDir()
	results := make(chan lambda.Result, 1)
	go func() {
		result, err := h.Invoke(context.Background(), "f", fmt.Appendf(nil, `{"do":"meet","text":%q,"size":2}`, dir))
		if err != nil {
			t.Error(err)
		}
		results <- result
	}()
	eventually(t, "the function has begun", func() bool { entries, _ := os.ReadDir(dir); return len(entries) == 1 })
	if got := h.Kill("f"); got != 1 {
		t.Errorf("killed %d processes, want 1", got)
	}
	if result := <-results; result.Error == nil || result.Error.Type != "Runtime.ExitError" {
		t.Errorf("in flight: got %v, want Runtime.ExitError", result.Error)
	}
	if result := invoke(t, h, `{}`); result.Error != nil || !result.Cold {
		t.Errorf("next: got %+v, want a cold success", result)
	}
}

// An idle process that dies unseen must not take the next invocation with it.
func TestIdleProcessThatDiesIsReplaced(t *testing.T) {
	h := newHost(t, lambda.Options{})
	add(t, h, lambda.Function{})
	for i := range 20 {
		pid := pidOf(t, invoke(t, h, `{}`).Payload)
		eventually(t, "it is idle", func() bool { return h.Stats()[0].Busy == 0 })
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		eventually(t, "it is gone", func() bool { return len(h.Stats()[0].Processes) == 0 })
		if result := invoke(t, h, `{}`); result.Error != nil {
			t.Fatalf("round %d: %v", i, result.Error)
		}
	}
}

func TestIdleProcessesAreEnded(t *testing.T) {
	h := newHost(t, lambda.Options{IdleAfter: 20 * time.Millisecond})
	add(t, h, lambda.Function{})
	invoke(t, h, `{}`)
	eventually(t, "the idle process is gone", func() bool { return len(h.Stats()[0].Processes) == 0 })
	if result := invoke(t, h, `{}`); result.Error != nil {
		t.Errorf("after that: %v", result.Error)
	}
	if got := h.Stats()[0].MaxRSS; runtime.GOOS == "linux" && got < 1<<20 {
		t.Errorf("got a peak of %d bytes, want more than a megabyte", got)
	}
}

func TestPrintedLinesAreKept(t *testing.T) {
	at := time.Date(2026, 7, 1, 8, 0, 0, 0, time.UTC)
	h := newHost(t, lambda.Options{Now: func() time.Time { return at }})
	add(t, h, lambda.Function{})
	invoke(t, h, `{"do":"error","text":"no such ticket"}`)
	has := func(text string) bool {
		return slices.ContainsFunc(h.Stats()[0].Lines, func(l lambda.Line) bool {
			return strings.Contains(l.Text, text) && l.Time.Equal(at) && l.PID != 0
		})
	}
	eventually(t, "stdout and stderr are there", func() bool { return has("doing error") && has("no such ticket") })
	if got := h.Stats()[0]; got.LastError != "errorString: no such ticket" || !got.LastErrorAt.Equal(at) {
		t.Errorf("last error: got %q at %s", got.LastError, got.LastErrorAt)
	}
}

// hostForTest is the child process of TestChildrenDieWithTheHost: it runs a function that never ends.
func hostForTest() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	h := lambda.NewHost(l, lambda.Options{})
	if err := h.Add(lambda.Function{Name: "f", Binary: os.Getenv("HOST_FOR_TEST"), Timeout: time.Hour}); err != nil {
		panic(err)
	}
	go func() { _, _ = h.Invoke(context.Background(), "f", []byte(`{"do":"sleep","ms":3600000}`)) }()
	for h.Stats()[0].Busy == 0 {
		time.Sleep(time.Millisecond)
	}
	fmt.Println(h.Stats()[0].Processes[0])
	select {}
}

// Guards against orphans that hold the port and the data after kill -9 of the stack.
func TestChildrenDieWithTheHost(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Fatal("only Linux ends a busy child at once; elsewhere it ends with its invocation")
	}
	host := exec.Command(os.Args[0])
	host.Env = append(os.Environ(), "HOST_FOR_TEST="+binary)
	out, err := host.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := host.Start(); err != nil {
		t.Fatal(err)
	}
	buffer := make([]byte, 20)
	n, err := out.Read(buffer)
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(buffer[:n])))
	if err != nil {
		t.Fatal(err)
	}
	if err := host.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = host.Wait() // it was killed
	eventually(t, "the function's process is gone", func() bool { return !running(pid) })
}

// running tells a process from a zombie that nobody has waited for.
func running(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err == nil && !strings.Contains(string(stat), ") Z ")
}
