package dynamodb

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	startPatience = 15 * time.Second // until a started engine must answer
	stopPatience  = 5 * time.Second  // between SIGTERM and SIGKILL
	portTries     = 3                // a free port may be taken between choosing and using it
	restartMost   = 5 * time.Second  // longest wait before another start
)

// child is one life of the engine.
type child struct {
	command *exec.Cmd
	url     *url.URL
	output  *lines
	exited  chan struct{} // closed when the process is gone
	err     error         // why; valid after exited
}

// supervise runs the engine until ctx ends, starting it again whenever it dies. The outcome of the first start
// goes to first; when that failed, supervise ends.
func (s *Server) supervise(ctx context.Context, first chan<- error) {
	// Linux kills the child when the thread that started it ends, so that thread must live as long as we do.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	c, err := s.launch(ctx)
	first <- err
	if err != nil {
		return
	}
	wait := 50 * time.Millisecond
	for {
		if c != nil {
			wait = 50 * time.Millisecond
			s.current.Store(c)
			if !s.attend(ctx, c) {
				return
			}
		}
		if pause(ctx, wait) != nil {
			return
		}
		wait = min(2*wait, restartMost)
		if c, err = s.launch(ctx); err != nil {
			c = nil
			s.options.Logger.Error("DynamoDB engine does not start again", "error", err)
		}
	}
}

// attend waits for the child's end and reports whether it died on its own.
func (s *Server) attend(ctx context.Context, c *child) bool {
	defer s.current.Store(nil)
	select {
	case <-ctx.Done():
		c.end()
		return false
	case <-c.exited:
		err := fmt.Errorf("DynamoDB engine ended unexpectedly: %w%s", c.err, c.output)
		s.options.Logger.Error("DynamoDB engine is started again", "error", err)
		s.options.OnExit(err)
		return true
	}
}

// launch starts a child and waits until it answers.
func (s *Server) launch(ctx context.Context) (*child, error) {
	var failures error
	for range portTries {
		c, err := s.spawn()
		if err != nil {
			return nil, err
		}
		if err = c.ready(ctx); err == nil {
			if err := noteOwner(s.lock, c.command.Process.Pid); err != nil { // only others' error messages suffer
				s.options.Logger.Warn("data folder does not tell its owner", "error", err)
			}
			return c, nil
		}
		c.end()
		failures = fmt.Errorf("%w%s", err, c.output)
		if ctx.Err() != nil {
			break
		}
	}
	return nil, failures
}

func (s *Server) spawn() (*child, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	output := &lines{}
	command := exec.Command(s.binary, "--host", "127.0.0.1", "--port", port, "--db-path", s.database())
	command.Env = []string{} // nothing of ours: no credentials, no proxy, no settings of the engine
	command.Dir = s.options.Folder
	command.Stdout, command.Stderr = output, output
	command.ExtraFiles = inherited(s.lock)
	command.SysProcAttr = attributes()
	if err := command.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", s.binary, err)
	}
	c := &child{command: command, output: output, exited: make(chan struct{}),
		url: &url.URL{Scheme: "http", Host: net.JoinHostPort("127.0.0.1", port)}}
	go func() {
		defer close(c.exited)
		c.err = errors.Join(errors.New("process ended"), command.Wait())
	}()
	return c, nil
}

func freePort() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("choose port: %w", err)
	}
	defer listener.Close()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	return port, err
}

// ready waits until the child answers as dynoxide does, or is gone, or takes too long.
func (c *child) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	for {
		select {
		case <-c.exited:
			return c.err
		default:
		}
		if c.answers(ctx) {
			return nil
		}
		if err := pause(ctx, 5*time.Millisecond); err != nil {
			return fmt.Errorf("wait for engine at %s: %w", c.url, err)
		}
	}
}

func (c *child) answers(ctx context.Context) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.url.String(), nil)
	if err != nil {
		return false
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	response.Body.Close()
	return response.StatusCode == http.StatusOK && response.Header.Get("Server") == "Dynoxide/"+Version
}

// end stops the process and waits until it is gone.
func (c *child) end() {
	if c.command.Process.Signal(syscall.SIGTERM) != nil { // already gone, or a system without SIGTERM
		c.command.Process.Kill()
	}
	select {
	case <-c.exited:
	case <-time.After(stopPatience):
		c.command.Process.Kill()
		<-c.exited
	}
}

// lines keeps the last lines a child wrote, for error messages.
type lines struct {
	mu   sync.Mutex
	text string
}

const keptOutput = 4 << 10

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text += string(p)
	if cut := len(l.text) - keptOutput; cut > 0 {
		l.text = l.text[cut:]
	}
	return len(p), nil
}

// String is the output as the end of an error message.
func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if text := strings.TrimSpace(l.text); text != "" {
		return "; its last output:\n" + text
	}
	return ""
}
