package lambda

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// An invocation waits in its pool's queue, is handed to a process and ends with one outcome.
type invocation struct {
	id      string
	payload []byte
	begun   time.Time
	cold    bool
	done    chan outcome // holds one, so that settling never blocks
}

type outcome struct {
	result Result
	err    error // the host's, not the function's
}

func newInvocation(payload []byte) *invocation {
	return &invocation{id: uuid.NewString(), payload: payload, done: make(chan outcome, 1)}
}

// A pool is one function's processes and the invocations waiting for one. The host's mutex guards it.
type pool struct {
	host      *Host
	fn        Function
	queue     []*invocation // oldest first
	idle      []*process    // waiting for work, most recently used last
	live      int           // processes started and not yet gone
	starting  int           // of live, those that have not asked for work yet
	returning int           // of live, those that have answered and are about to ask again
	stats     Stats
	lines     ring
}

// dispatch hands waiting invocations to idle processes and starts a process for each that is left over and that
// no process is about to be free for. The most recently used process goes first, so that those that load no
// longer needs grow old.
func (p *pool) dispatch() {
	for len(p.queue) > 0 && len(p.idle) > 0 {
		last := len(p.idle) - 1
		proc, inv := p.idle[last], p.queue[0]
		p.idle, p.queue = p.idle[:last], p.queue[1:]
		proc.inflight = inv
		proc.work <- inv
	}
	for p.starting+p.returning < len(p.queue) && p.live < p.host.opts.MaxProcesses && !p.host.closed {
		p.host.startProcess(p)
	}
}

// requeue puts back an invocation that its process never saw.
func (p *pool) requeue(inv *invocation) {
	p.queue = slices.Insert(p.queue, 0, inv)
	p.dispatch()
}

// failOldest ends the invocation that has waited longest: the process started for it never came up.
func (p *pool) failOldest(kind, message string) {
	if len(p.queue) == 0 {
		p.note(kind, message)
		return
	}
	inv := p.queue[0]
	p.queue = p.queue[1:]
	p.settle(inv, failure(inv, kind, message))
}

// settle ends an invocation with a result and counts it.
func (p *pool) settle(inv *invocation, result Result) {
	result.RequestID, result.Cold = inv.id, inv.cold
	if !inv.begun.IsZero() {
		result.Duration = time.Since(inv.begun)
		p.stats.Worked += result.Duration
	}
	if result.Error != nil {
		p.stats.Errors++
		p.note(result.Error.Type, result.Error.Message)
	}
	inv.done <- outcome{result: result}
}

// note keeps the last error for the console.
func (p *pool) note(kind, message string) {
	p.stats.LastError = kind + ": " + message
	p.stats.LastErrorAt = p.host.opts.Now()
}

func (p *pool) abandonQueue() {
	for _, inv := range p.queue {
		inv.done <- outcome{err: ErrClosed}
	}
	p.queue = nil
}

// reap ends the processes that have been idle for longer than after. They stand oldest first in idle.
func (p *pool) reap(after time.Duration) {
	for len(p.idle) > 0 && time.Since(p.idle[0].idleSince) > after {
		p.idle[0].kill()
		p.idle = p.idle[1:]
	}
}

// failure builds the document that AWS returns when the platform, not the function, reports the error.
func failure(inv *invocation, kind, message string) Result {
	message = "RequestId: " + inv.id + " Error: " + message
	payload, _ := json.Marshal(map[string]string{"errorType": kind, "errorMessage": message}) // two strings
	return Result{Payload: payload, Error: &FunctionError{Type: kind, Message: message}}
}

// Stats are a function's counters since the host started, for a console.
type Stats struct {
	Name        string    `json:"name"`
	Invocations int64     `json:"invocations"`
	Errors      int64     `json:"errors"` // timeouts included
	Timeouts    int64     `json:"timeouts"`
	ColdStarts  int64     `json:"coldStarts"`
	Queued      int       `json:"queued"`    // waiting for a process
	Busy        int       `json:"busy"`      // processes at work
	Processes   []int     `json:"processes"` // process ids, sorted
	MaxRSS      int64     `json:"maxRSS"`    // bytes, the most that any process that has ended held; 0 if unknown
	LastError   string    `json:"lastError,omitempty"`
	LastErrorAt time.Time `json:"lastErrorAt,omitzero"`
	Lines       []Line    `json:"lines"` // what its processes printed last

	Worked  time.Duration `json:"worked"`  // together, from handing out to the answer
	Printed int64         `json:"printed"` // bytes
}

// Stats returns the counters of every function, sorted by name.
func (h *Host) Stats() []Stats {
	h.mu.Lock()
	defer h.mu.Unlock()
	all := make([]Stats, 0, len(h.pools))
	for _, p := range h.pools {
		s := p.stats
		s.Queued = len(p.queue)
		s.Busy = p.live - len(p.idle) - p.starting
		s.Processes = []int{}
		s.Lines = p.lines.last()
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b Stats) int { return strings.Compare(a.Name, b.Name) })
	for _, proc := range h.processes {
		i, _ := slices.BinarySearchFunc(all, proc.pool.fn.Name, func(s Stats, n string) int { return strings.Compare(s.Name, n) })
		if proc.pid != 0 {
			all[i].Processes = append(all[i].Processes, proc.pid)
		}
	}
	for i := range all {
		slices.Sort(all[i].Processes)
	}
	return all
}
