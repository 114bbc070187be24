package lambda

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A process is one running copy of a function. The host's mutex guards its fields, except cmd and work.
//
//	starting --first next--> idle --dispatch--> busy --next--> idle ...
//	any of them --exit or kill--> gone
type process struct {
	id        string // in its Runtime API path, which is how the host knows who calls
	pool      *pool
	cmd       *exec.Cmd
	work      chan *invocation // holds the one invocation handed out and not yet taken
	tail      ring             // what it printed last, for the error of a failed start
	pid       int              // 0 until it runs
	born      chan struct{}    // closed once pid is known: its first calls may be faster than that
	up        bool             // it has asked for work at least once
	inflight  *invocation      // handed out and not yet answered
	current   *invocation      // begun, and answered or not: the process has not asked for more
	returning bool             // it has answered and not yet asked for more
	served    int
	idleSince time.Time
	deadline  *time.Timer // of its start or of the invocation it has begun
	doomed    bool        // to be killed, or killed
	late      bool        // killed because its start took too long
}

// startProcess registers a process and starts it in the background. h.mu is held.
func (h *Host) startProcess(p *pool) {
	h.started++
	proc := &process{id: "p" + strconv.Itoa(h.started), pool: p, work: make(chan *invocation, 1), born: make(chan struct{})}
	h.processes[proc.id] = proc
	p.live++
	p.starting++
	p.stats.ColdStarts++
	proc.deadline = time.AfterFunc(h.opts.InitTimeout, func() { h.initTimedOut(proc) })
	h.running.Go(func() { h.runProcess(proc) })
}

// runProcess lives as long as the process does.
func (h *Host) runProcess(proc *process) {
	proc.cmd = h.command(proc)
	err := h.forks.start(proc.cmd)
	if err != nil {
		h.gone(proc, "Runtime.InvalidEntrypoint", err.Error())
		return
	}
	h.mu.Lock()
	proc.pid = proc.cmd.Process.Pid
	close(proc.born)
	if proc.doomed {
		killGroup(proc.cmd)
	}
	h.mu.Unlock()
	message := "Runtime exited without providing a reason"
	if err := proc.cmd.Wait(); err != nil {
		message = "Runtime exited with error: " + err.Error()
	}
	h.gone(proc, "Runtime.ExitError", message)
}

// command prepares the child with exactly the environment of a Lambda function: nothing is inherited.
func (h *Host) command(proc *process) *exec.Cmd {
	fn := proc.pool.fn
	cmd := exec.Command(fn.Binary)
	cmd.Dir = filepath.Dir(fn.Binary)
	cmd.Env = append(proc.own(fn.Env),
		"AWS_LAMBDA_FUNCTION_NAME="+fn.Name,
		"AWS_LAMBDA_FUNCTION_VERSION=$LATEST",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE="+strconv.Itoa(fn.MemoryMB),
		"AWS_LAMBDA_LOG_FORMAT=JSON",
		"AWS_LAMBDA_RUNTIME_API="+h.listener.Addr().String()+"/"+proc.id,
		"_HANDLER="+filepath.Base(fn.Binary),
		"LAMBDA_TASK_ROOT="+cmd.Dir,
		"PATH=/usr/local/bin:/usr/bin:/bin",
		"TZ=:UTC",
	)
	sink := func(text string) { h.print(proc, text) }
	cmd.Stdout, cmd.Stderr = &lineWriter{emit: sink}, &lineWriter{emit: sink}
	cmd.WaitDelay = time.Second // a grandchild that keeps the pipes open must not keep us
	cmd.SysProcAttr = childAttributes()
	return cmd
}

// Process in the value of a function's variable stands for the process that is given it.
const Process = "{process}"

// own gives variables with the process's id where they ask for it.
func (proc *process) own(env []string) []string {
	own := slices.Clone(env)
	for i := range own {
		own[i] = strings.ReplaceAll(own[i], Process, proc.id)
	}
	return own
}

// print takes one line of a process's output.
func (h *Host) print(proc *process, text string) {
	h.mu.Lock()
	line := Line{Time: h.opts.Now(), PID: proc.pid, Text: text}
	proc.tail.add(line)
	proc.pool.lines.add(line)
	proc.pool.stats.Printed += int64(len(text)) + 1
	h.mu.Unlock()
	h.opts.Logger.Info(text, "function", proc.pool.fn.Name, "pid", line.PID)
}

// gone takes a process that has ended off the books and settles what it was working on.
func (h *Host) gone(proc *process, kind, message string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	p := proc.pool
	delete(h.processes, proc.id)
	proc.deadline.Stop()
	proc.back()
	p.live--
	p.idle = slices.DeleteFunc(p.idle, func(i *process) bool { return i == proc })
	p.stats.MaxRSS = max(p.stats.MaxRSS, maxRSS(proc.cmd.ProcessState))
	if !proc.up {
		p.starting--
		if !h.closed {
			p.failOldest(proc.startFailure(kind, message))
		}
	}
	if inv := proc.inflight; inv != nil {
		proc.inflight = nil
		proc.settleExit(inv, kind, message)
	}
	p.dispatch()
}

// startFailure words the error of a process that ended before it asked for work.
func (proc *process) startFailure(kind, message string) (string, string) {
	if proc.late {
		kind, message = "Sandbox.Timedout", fmt.Sprintf("the start took longer than %s", proc.pool.host.opts.InitTimeout)
	}
	message = fmt.Sprintf("function %s failed to start: %s", proc.pool.fn.Name, message)
	if lines := proc.tail.texts(); len(lines) > 0 {
		message += "; it printed: " + strings.Join(lines, "\n")
	}
	return kind, message
}

// settleExit ends the invocation of a process that is gone, unless the process never saw it.
func (proc *process) settleExit(inv *invocation, kind, message string) {
	select {
	case <-proc.work:
		proc.pool.queue = slices.Insert(proc.pool.queue, 0, inv)
	default:
		proc.pool.settle(inv, failure(inv, kind, message))
	}
}

// abandon ends the invocation in flight with ErrClosed.
func (proc *process) abandon() {
	if proc.inflight != nil {
		proc.inflight.done <- outcome{err: ErrClosed}
		proc.inflight = nil
	}
}

// kill ends the process, now or as soon as it runs. h.mu is held.
func (proc *process) kill() {
	if proc.pid != 0 && !proc.doomed {
		killGroup(proc.cmd)
	}
	proc.doomed = true
}

func (h *Host) initTimedOut(proc *process) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !proc.up && !proc.doomed {
		proc.late = true
		proc.kill()
	}
}

// answered takes the invocation in flight off the process, which is expected back for more.
func (proc *process) answered() *invocation {
	inv := proc.inflight
	proc.inflight = nil
	proc.pool.returning++
	proc.returning = true
	return inv
}

// back ends the expectation: the process has come back, or never will.
func (proc *process) back() {
	if proc.returning {
		proc.returning = false
		proc.pool.returning--
	}
}

// timedOut kills a process that has not come back for more work in time.
func (h *Host) timedOut(proc *process, inv *invocation) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if proc.current != inv { // it came back just now
		return
	}
	p := proc.pool
	if proc.inflight == inv {
		proc.inflight = nil
		p.stats.Timeouts++
		p.settle(inv, failure(inv, "Sandbox.Timedout",
			fmt.Sprintf("Task timed out after %.2f seconds", p.fn.Timeout.Seconds())))
	}
	proc.kill()
}

// A forker starts children from one OS thread that lives as long as the host: Linux tells a child of its
// parent's death when the thread that forked it ends, and Go ends threads as it likes (golang.org/issue/27505).
type forker chan func()

func newForker() forker {
	f := make(forker)
	go func() {
		runtime.LockOSThread()
		for job := range f {
			job()
		}
	}()
	return f
}

func (f forker) start(cmd *exec.Cmd) error {
	done := make(chan error, 1)
	f <- func() { done <- cmd.Start() }
	return <-done
}

func (f forker) close() { close(f) }
