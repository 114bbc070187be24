package main

import (
	"bufio"
	"bytes"
	"errors"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"steledesk/infra/local/stack"
)

func lookup(values map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) { value, ok := values[name]; return value, ok }
}

func TestSettings(t *testing.T) {
	start := time.Now()
	got, err := readSettings(lookup(map[string]string{
		"STELEDESK_PORT": "0", "STELEDESK_CLOCK": "2026-05-01T09:00:00+08:00", "STELEDESK_AWS_ENDPOINT": "http://127.0.0.1:4566/", "AWS_REGION": "cn-north-1",
	}), []string{"HOME=/h", "PATH=/bin", "AWS_PROFILE=p", "AWS_LAMBDA_RUNTIME_API=x"}, start)
	if err != nil {
		t.Fatal(err)
	}
	if got.port != 0 || got.awsPort != 4566 || got.data != ".local" || got.endpoint != "http://127.0.0.1:4566" || got.region != "cn-north-1" {
		t.Errorf("got %+v", got)
	}
	if now := got.clock().UTC(); now.Format("2006-01-02T15:04") != "2026-05-01T01:00" {
		t.Errorf("clock shows %s, want a moment after the start it was given", now)
	}
	if want := "HOME=/h AWS_PROFILE=p"; strings.Join(got.awsEnvironment, " ") != want {
		t.Errorf("functions would get %v, want %s", got.awsEnvironment, want)
	}
}

// A person who set five things wrong must not start five times to hear of them.
func TestSettingsAllProblemsAtOnce(t *testing.T) {
	office := filepath.Join(t.TempDir(), "office.yaml")
	if err := os.WriteFile(office, []byte("version: 1\ncolour: red\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := readSettings(lookup(map[string]string{
		"STELEDESK_PORT": "http", "STELEDESK_AWS_PORT": "70000", "STELEDESK_CLOCK": "yesterday",
		"STELEDESK_AWS_ENDPOINT": "localhost:4566", "STELEDESK_OFFICE": office,
	}), nil, time.Now())
	if err == nil {
		t.Fatal("got no error")
	}
	for _, want := range []string{
		`STELEDESK_PORT is "http"; want a port from 0 to 65535`, `STELEDESK_AWS_PORT is "70000"`,
		`STELEDESK_CLOCK is "yesterday"; want an RFC 3339 instant`, `STELEDESK_AWS_ENDPOINT is "localhost:4566"; want a URL`,
		office + ":2",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error lacks %q:\n%v", want, err)
		}
	}
}

func TestAdvice(t *testing.T) {
	err := advise(&stack.AddressError{Setting: "AWSAddress", Address: "127.0.0.1:4566", Err: errors.New("in use")})
	if !strings.Contains(err.Error(), "set STELEDESK_AWS_PORT to another port") {
		t.Errorf("got %v", err)
	}
}

// command builds the command itself, to be run as a person would.
func command(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "local")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return binary
}

func TestCommand(t *testing.T) {
	binary := command(t)
	t.Run("arguments", func(t *testing.T) { testArguments(t, binary) })
	t.Run("run and interrupt", func(t *testing.T) { testRunAndInterrupt(t, binary) })
	t.Run("port taken", func(t *testing.T) { testPortTaken(t, binary) })
}

func testArguments(t *testing.T, binary string) {
	out, err := exec.Command(binary, "--help").CombinedOutput()
	if err != nil || !strings.Contains(string(out), "STELEDESK_CLOCK") {
		t.Errorf("--help says %s, error %v", out, err)
	}
	out, err = exec.Command(binary, "--port=1").CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 2 || !strings.Contains(string(out), `"--port=1" is not understood`) {
		t.Errorf("a wrong argument is answered %s, error %v", out, err)
	}
	elsewhere := exec.Command(binary)
	elsewhere.Dir = t.TempDir()
	out, err = elsewhere.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "start this in the project's folder") {
		t.Errorf("started elsewhere it says %s, error %v", out, err)
	}
}

// environment has the system choose ports and keeps data apart.
func environment(data string, more ...string) []string {
	return append(append(os.Environ(), "STELEDESK_DATA="+data, "STELEDESK_PORT=0", "STELEDESK_AWS_PORT=0", "STELEDESK_SMTP_PORT=0"), more...)
}

// The whole of `make run`: it builds, says where it is, answers, and Ctrl-C ends it
// well.
func testRunAndInterrupt(t *testing.T, binary string) {
	run := exec.Command(binary)
	run.Dir, run.Env = "../..", environment(t.TempDir())
	var complaints bytes.Buffer
	run.Stderr = &complaints
	out, err := run.StdoutPipe()
	if err == nil {
		err = run.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = run.Process.Kill() }()
	lines := bufio.NewScanner(out)
	url := ""
	for url == "" && lines.Scan() {
		if strings.Contains(lines.Text(), "Console") {
			url = lines.Text()[strings.Index(lines.Text(), "http"):]
		}
	}
	response, err := http.Get(url)
	if err != nil {
		t.Fatalf("open %q: %v\n%s", url, err, &complaints)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Errorf("console answers %s", response.Status)
	}
	if err := run.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	last := ""
	for lines.Scan() {
		last = lines.Text()
	}
	if err := run.Wait(); err != nil || !strings.Contains(last, "everything is kept") {
		t.Errorf("stopped with %v, last words %q\n%s", err, last, &complaints)
	}
}

func testPortTaken(t *testing.T, binary string) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	port := strconv.Itoa(taken.Addr().(*net.TCPAddr).Port)
	run := exec.Command(binary)
	run.Dir, run.Env = "../..", environment(t.TempDir(), "STELEDESK_PORT="+port)
	out, err := run.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 1 || !strings.Contains(string(out), "set STELEDESK_PORT to another port") {
		t.Errorf("got %v\n%s", err, out)
	}
}
