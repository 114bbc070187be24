package lambda_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"steledesk/infra/local/lambda"
)

// binary is the test function, built once.
var binary string

func TestMain(m *testing.M) {
	if os.Getenv("HOST_FOR_TEST") != "" {
		hostForTest()
	}
	dir, err := os.MkdirTemp("", "lambda-test-")
	if err != nil {
		panic(err)
	}
	binary = filepath.Join(dir, "bootstrap")
	build := exec.Command("go", "build", "-tags", "lambda.norpc", "-o", binary, "./testdata/function")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		panic(fmt.Sprintf("build the test function: %v\n%s", err, out))
	}
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

func listen(t testing.TB) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func newHost(t testing.TB, opts lambda.Options) *lambda.Host {
	t.Helper()
	h := lambda.NewHost(listen(t), opts)
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return h
}

func add(t testing.TB, h *lambda.Host, f lambda.Function) {
	t.Helper()
	if f.Name == "" {
		f.Name = "f"
	}
	if f.Binary == "" {
		f.Binary = binary
	}
	if f.Timeout == 0 {
		f.Timeout = 10 * time.Second
	}
	if err := h.Add(f); err != nil {
		t.Fatal(err)
	}
}

func invoke(t testing.TB, h *lambda.Host, payload string) lambda.Result {
	t.Helper()
	result, err := h.Invoke(t.Context(), "f", []byte(payload))
	if err != nil {
		t.Fatalf("invoke %s: %v", payload, err)
	}
	return result
}

// eventually waits for a condition, which is the only way to see another process end.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain until %s", what)
		}
	}
}

func pidOf(t testing.TB, payload []byte) int {
	t.Helper()
	var answer struct{ PID int }
	if err := json.Unmarshal(payload, &answer); err != nil || answer.PID == 0 {
		t.Fatalf("answer %s has no pid: %v", payload, err)
	}
	return answer.PID
}

func TestOneProcessServesManyInvocations(t *testing.T) {
	h := newHost(t, lambda.Options{})
	add(t, h, lambda.Function{})
	first := invoke(t, h, `{"text":"一"}`)
	second := invoke(t, h, `{"text":"二"}`)
	if !first.Cold || second.Cold {
		t.Errorf("cold: got %v, %v, want true, false", first.Cold, second.Cold)
	}
	if got, want := pidOf(t, second.Payload), pidOf(t, first.Payload); got != want {
		t.Errorf("second invocation ran in process %d, want %d", got, want)
	}
	if !strings.Contains(string(second.Payload), `"text":"二"`) {
		t.Errorf("payload: got %s", second.Payload)
	}
	stats := h.Stats()[0]
	if stats.Invocations != 2 || stats.ColdStarts != 1 || stats.Errors != 0 || len(stats.Processes) != 1 {
		t.Errorf("stats: got %+v", stats)
	}
}

func TestContextTellsRequestAndDeadline(t *testing.T) {
	h := newHost(t, lambda.Options{ARNPrefix: "arn:aws-cn:lambda:cn-north-1:000000000000:function:"})
	add(t, h, lambda.Function{Timeout: 5 * time.Second})
	result := invoke(t, h, `{"do":"context"}`)
	var got struct {
		Request, ARN string
		Left         int
	}
	if err := json.Unmarshal(result.Payload, &got); err != nil {
		t.Fatal(err)
	}
	if got.Request != result.RequestID || got.ARN != "arn:aws-cn:lambda:cn-north-1:000000000000:function:f" {
		t.Errorf("got %+v, want request %s", got, result.RequestID)
	}
	if got.Left < 1000 || got.Left > 5000 {
		t.Errorf("got %d ms left, want a little under 5000", got.Left)
	}
}

// Guards against a function that works here only because of the developer's own AWS profile or proxy.
func TestEnvironmentIsClean(t *testing.T) {
	t.Setenv("AWS_PROFILE", "developer")
	t.Setenv("HTTPS_PROXY", "http://127.0.0.1:1")
	h := newHost(t, lambda.Options{})
	add(t, h, lambda.Function{Env: []string{"TABLE=desk"}, MemoryMB: 256})
	var got []string
	if err := json.Unmarshal(invoke(t, h, `{"do":"environment"}`).Payload, &got); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, pair := range got {
		name, _, _ := strings.Cut(pair, "=")
		if name != "_X_AMZN_TRACE_ID" { // which the runtime client sets itself
			names = append(names, name)
		}
	}
	slices.Sort(names)
	want := []string{"AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_VERSION",
		"AWS_LAMBDA_LOG_FORMAT", "AWS_LAMBDA_RUNTIME_API", "LAMBDA_TASK_ROOT", "PATH", "TABLE", "TZ", "_HANDLER"}
	if !slices.Equal(names, want) {
		t.Errorf("got  %v\nwant %v", names, want)
	}
}

func TestFailuresAreToldAsLambdaTellsThem(t *testing.T) {
	h := newHost(t, lambda.Options{})
	add(t, h, lambda.Function{})
	for _, test := range []struct{ name, payload, kind, message string }{
		{"error", `{"do":"error","text":"no such ticket"}`, "errorString", "no such ticket"},
		{"panic", `{"do":"panic"}`, "string", "broken on purpose"},
		{"exit", `{"do":"exit"}`, "Runtime.ExitError", "Runtime exited with error: exit status 7"},
		{"answer over 6 MB", fmt.Sprintf(`{"do":"big","size":%d}`, lambda.MaxPayload), "Function.ResponseSizeTooLarge", "exceeded maximum allowed payload size (6291556 bytes)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			result := invoke(t, h, test.payload)
			if result.Error == nil {
				t.Fatalf("got payload %.100s, want an error", result.Payload)
			}
			if result.Error.Type != test.kind || !strings.Contains(result.Error.Message, test.message) {
				t.Errorf("got %q %q, want %q %q", result.Error.Type, result.Error.Message, test.kind, test.message)
			}
			var document map[string]any
			if err := json.Unmarshal(result.Payload, &document); err != nil || document["errorType"] != test.kind {
				t.Errorf("error document: got %.200s, want errorType %s", result.Payload, test.kind)
			}
			if after := invoke(t, h, `{"text":"after"}`); after.Error != nil {
				t.Errorf("the next invocation failed: %v", after.Error)
			}
		})
	}
	if got := h.Stats()[0]; got.Errors != 4 || got.Timeouts != 0 {
		t.Errorf("stats: got %d errors, %d timeouts, want 4, 0", got.Errors, got.Timeouts)
	}
}

func TestAddRefusesWhatCannotWork(t *testing.T) {
	h := newHost(t, lambda.Options{})
	add(t, h, lambda.Function{Name: "taken"})
	for _, test := range []struct {
		name string
		fn   lambda.Function
		want string
	}{
		{"no timeout", lambda.Function{Name: "f", Binary: binary}, "timeout 0s, want more than zero"},
		{"no binary", lambda.Function{Name: "f", Binary: "/nowhere/bootstrap", Timeout: time.Second}, "no such file"},
		{"a folder", lambda.Function{Name: "f", Binary: t.TempDir(), Timeout: time.Second}, "is a folder"},
		{"name taken", lambda.Function{Name: "taken", Binary: binary, Timeout: time.Second}, "is there already"},
	} {
		if err := h.Add(test.fn); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %q", test.name, err, test.want)
		}
	}
}

func TestInvokeRefusesWhatLambdaRefuses(t *testing.T) {
	h := newHost(t, lambda.Options{})
	add(t, h, lambda.Function{})
	if _, err := h.Invoke(t.Context(), "g", nil); !errors.Is(err, lambda.ErrUnknownFunction) || !strings.Contains(err.Error(), "known are f") {
		t.Errorf("unknown function: got %v", err)
	}
	if _, err := h.Invoke(t.Context(), "f", make([]byte, lambda.MaxPayload+1)); !errors.Is(err, lambda.ErrPayloadTooLarge) {
		t.Errorf("payload too large: got %v", err)
	}
}

// A caller that goes away, such as an HTTP client with a bad signal, must not stop what has begun.
func TestInvocationOutlivesItsCaller(t *testing.T) {
	h := newHost(t, lambda.Options{})
	add(t, h, lambda.Function{})
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := h.Invoke(ctx, "f", fmt.Appendf(nil, `{"do":"meet","text":%q,"size":2}`, dir))
		done <- err
	}()
	eventually(t, "the function has begun", func() bool { entries, _ := os.ReadDir(dir); return len(entries) == 1 })
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	if got := h.Stats()[0]; got.Busy != 1 || len(got.Processes) != 1 {
		t.Errorf("after the caller went: got %+v, want one busy process", got)
	}
	if err := os.WriteFile(filepath.Join(dir, "second"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the process is free again", func() bool { return h.Stats()[0].Busy == 0 })
	if got := h.Stats()[0].Errors; got != 0 {
		t.Errorf("got %d errors, want none", got)
	}
}

func TestQueuedInvocationIsForgottenWithItsCaller(t *testing.T) {
	h := newHost(t, lambda.Options{MaxProcesses: 1})
	add(t, h, lambda.Function{})
	dir := t.TempDir()
	go func() {
		_, _ = h.Invoke(context.Background(), "f", fmt.Appendf(nil, `{"do":"meet","text":%q,"size":2}`, dir))
	}()
	eventually(t, "the only process is busy", func() bool { entries, _ := os.ReadDir(dir); return len(entries) == 1 })
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := h.Invoke(ctx, "f", []byte(`{"do":"error","text":"must not run"}`))
		done <- err
	}()
	eventually(t, "the second waits", func() bool { return h.Stats()[0].Queued == 1 })
	cancel()
	<-done
	if got := h.Stats()[0].Queued; got != 0 {
		t.Errorf("got %d queued, want 0", got)
	}
}

func TestCloseEndsEverything(t *testing.T) {
	before := runtime.NumGoroutine()
	h := lambda.NewHost(listen(t), lambda.Options{MaxProcesses: 1})
	add(t, h, lambda.Function{})
	dir := t.TempDir()
	errs := make(chan error, 2)
	for range 2 { // one in flight, one waiting
		go func() {
			_, err := h.Invoke(context.Background(), "f", fmt.Appendf(nil, `{"do":"meet","text":%q,"size":9}`, dir))
			errs <- err
		}()
	}
	eventually(t, "one is in flight and one waits", func() bool {
		entries, _ := os.ReadDir(dir)
		return len(entries) == 1 && h.Stats()[0].Queued == 1
	})
	pid := h.Stats()[0].Processes[0]
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := <-errs; !errors.Is(err, lambda.ErrClosed) {
			t.Errorf("got %v, want ErrClosed", err)
		}
	}
	if err := syscall.Kill(pid, 0); !errors.Is(err, syscall.ESRCH) {
		t.Errorf("process %d is still there: %v", pid, err)
	}
	if _, err := h.Invoke(t.Context(), "f", nil); !errors.Is(err, lambda.ErrClosed) {
		t.Errorf("after close: got %v, want ErrClosed", err)
	}
	if err := h.Close(); err != nil {
		t.Errorf("closing again: %v", err)
	}
	eventually(t, "no goroutine is left", func() bool { return runtime.NumGoroutine() <= before })
}

func BenchmarkWarmInvocation(b *testing.B) {
	h := newHost(b, lambda.Options{})
	add(b, h, lambda.Function{})
	invoke(b, h, `{}`)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			invoke(b, h, `{}`)
		}
	})
}
