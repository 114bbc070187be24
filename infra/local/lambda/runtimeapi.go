package lambda

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// Headers of the Runtime API. Those of errors are trailers where a function streams its answer.
const (
	headerRequestID   = "Lambda-Runtime-Aws-Request-Id"
	headerDeadline    = "Lambda-Runtime-Deadline-Ms"
	headerFunctionARN = "Lambda-Runtime-Invoked-Function-Arn"
	headerErrorType   = "Lambda-Runtime-Function-Error-Type"
	trailerErrorBody  = "Lambda-Runtime-Function-Error-Body"
)

func (h *Host) runtimeAPI() http.Handler {
	mux := http.NewServeMux()
	const base = "/{process}/2018-06-01/runtime/"
	mux.HandleFunc("GET "+base+"invocation/next", h.serve(h.next))
	mux.HandleFunc("POST "+base+"invocation/{id}/response", h.serve(h.response))
	mux.HandleFunc("POST "+base+"invocation/{id}/error", h.serve(h.failed))
	mux.HandleFunc("POST "+base+"init/error", h.serve(h.initFailed))
	return mux
}

// serve finds the process that calls by the first segment of the path.
func (h *Host) serve(handle func(http.ResponseWriter, *http.Request, *process)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		h.mu.Lock()
		proc := h.processes[r.PathValue("process")]
		h.mu.Unlock()
		if proc == nil {
			refuse(w, http.StatusForbidden, "UnknownProcess", "no process of this host has that path")
			return
		}
		select {
		case <-proc.born:
			handle(w, r, proc)
		case <-r.Context().Done():
		}
	}
}

// next waits for work. Only now is the process free: one whose handler panicked answers first and exits then.
func (h *Host) next(w http.ResponseWriter, r *http.Request, proc *process) {
	if !h.offer(proc) {
		refuse(w, http.StatusForbidden, "InvalidStateTransition", "the process is ending or already waits for work")
		return
	}
	select {
	case inv := <-proc.work:
		if r.Context().Err() != nil {
			h.takeBack(proc, inv)
			return
		}
		h.handOut(w, proc, inv)
	case <-r.Context().Done():
		h.withdraw(proc)
	}
}

// offer puts the process among the idle ones and reports whether it may wait for work.
func (h *Host) offer(proc *process) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	p := proc.pool
	if h.closed || proc.doomed || slices.Contains(p.idle, proc) {
		return false
	}
	proc.deadline.Stop()
	proc.current = nil
	proc.back()
	if !proc.up {
		proc.up = true
		p.starting--
	}
	if inv := proc.inflight; inv != nil {
		proc.inflight = nil
		p.settle(inv, failure(inv, "Runtime.NoResponse", "the runtime asked for more work without answering"))
	}
	proc.idleSince = time.Now()
	p.idle = append(p.idle, proc)
	p.dispatch()
	return true
}

// withdraw takes back the offer of a process whose connection broke while it waited.
func (h *Host) withdraw(proc *process) {
	h.mu.Lock()
	defer h.mu.Unlock()
	p := proc.pool
	p.idle = slices.DeleteFunc(p.idle, func(i *process) bool { return i == proc })
	proc.kill() // it would be lost to us: nothing says that it will ask again
	select {
	case inv := <-proc.work:
		proc.inflight = nil
		p.requeue(inv)
	default:
	}
}

// takeBack queues again an invocation whose process's connection broke before it saw it.
func (h *Host) takeBack(proc *process, inv *invocation) {
	h.mu.Lock()
	defer h.mu.Unlock()
	proc.kill()
	if proc.inflight == inv {
		proc.inflight = nil
		proc.pool.requeue(inv)
	}
}

// handOut gives an invocation to the process and starts the clock of its timeout. The deadline is real time:
// the function compares it with the machine's clock.
func (h *Host) handOut(w http.ResponseWriter, proc *process, inv *invocation) {
	h.mu.Lock()
	if proc.inflight != inv { // the host is closing, or the process has ended
		h.mu.Unlock()
		refuse(w, http.StatusForbidden, "InvalidStateTransition", "the process is ending")
		return
	}
	timeout := proc.pool.fn.Timeout
	inv.begun, inv.cold = time.Now(), proc.served == 0
	proc.served++
	proc.current = inv
	proc.deadline = time.AfterFunc(timeout, func() { h.timedOut(proc, inv) })
	h.mu.Unlock()

	header := w.Header()
	header.Set("Content-Type", "application/json")
	header.Set(headerRequestID, inv.id)
	header.Set(headerDeadline, strconv.FormatInt(inv.begun.Add(timeout).UnixMilli(), 10))
	header.Set(headerFunctionARN, h.ARN(proc.pool.fn.Name))
	_, _ = w.Write(inv.payload) // if it fails the process is gone, and its exit settles the invocation
}

func (h *Host) response(w http.ResponseWriter, r *http.Request, proc *process) {
	payload, err := io.ReadAll(io.LimitReader(r.Body, MaxPayload+1))
	if err != nil {
		refuse(w, http.StatusBadRequest, "InvalidRequest", "read response: "+err.Error())
		return
	}
	if len(payload) > MaxPayload {
		h.tooLarge(w, r, proc)
		return
	}
	result := Result{Payload: payload}
	if kind := r.Trailer.Get(headerErrorType); kind != "" {
		result = streamFailure(kind, r.Trailer.Get(trailerErrorBody))
	}
	h.answer(w, r, proc, result)
}

// tooLarge fails the invocation with the error that AWS gives for an answer over the limit.
func (h *Host) tooLarge(w http.ResponseWriter, r *http.Request, proc *process) {
	const kind = "Function.ResponseSizeTooLarge"
	message := fmt.Sprintf("Response payload size exceeded maximum allowed payload size (%d bytes).", MaxPayload)
	payload, _ := json.Marshal(map[string]string{"errorType": kind, "errorMessage": message}) // two strings
	if h.finish(proc, r.PathValue("id"), Result{Payload: payload, Error: &FunctionError{kind, message}}) {
		refuse(w, http.StatusRequestEntityTooLarge, "RequestEntityTooLarge", message)
		return
	}
	refuseID(w, r)
}

// streamFailure is the result of a function whose answer broke off half-way.
func streamFailure(kind, body64 string) Result {
	body, err := base64.StdEncoding.DecodeString(body64)
	if err != nil || len(body) == 0 {
		body, _ = json.Marshal(map[string]string{"errorType": kind}) // one string
	}
	return functionFailure(kind, body)
}

func (h *Host) failed(w http.ResponseWriter, r *http.Request, proc *process) {
	body, err := io.ReadAll(io.LimitReader(r.Body, MaxPayload))
	if err != nil {
		refuse(w, http.StatusBadRequest, "InvalidRequest", "read error: "+err.Error())
		return
	}
	h.answer(w, r, proc, functionFailure(r.Header.Get(headerErrorType), body))
}

// functionFailure reads the error document that a runtime client posts.
func functionFailure(kind string, body []byte) Result {
	var doc struct{ ErrorType, ErrorMessage string }
	if err := json.Unmarshal(body, &doc); err != nil {
		doc.ErrorMessage = "the runtime sent an error that is not JSON: " + err.Error()
		body, _ = json.Marshal(map[string]string{"errorType": kind, "errorMessage": doc.ErrorMessage}) // strings
	}
	if doc.ErrorType != "" {
		kind = doc.ErrorType
	}
	return Result{Payload: body, Error: &FunctionError{Type: kind, Message: doc.ErrorMessage}}
}

// initFailed takes the runtime's word on why it cannot start; its exit does the rest.
func (h *Host) initFailed(w http.ResponseWriter, r *http.Request, proc *process) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxLine))
	if err != nil {
		refuse(w, http.StatusBadRequest, "InvalidRequest", "read error: "+err.Error())
		return
	}
	h.print(proc, string(body))
	accept(w)
}

func (h *Host) answer(w http.ResponseWriter, r *http.Request, proc *process, result Result) {
	if !h.finish(proc, r.PathValue("id"), result) {
		refuseID(w, r)
		return
	}
	accept(w)
}

// finish settles the process's invocation and reports whether id names it. The deadline goes on: AWS counts
// an invocation until the process asks for the next.
func (h *Host) finish(proc *process, id string, result Result) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if proc.inflight == nil || proc.inflight.id != id {
		return false
	}
	proc.pool.settle(proc.answered(), result)
	return true
}

func accept(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusAccepted)
	_, _ = io.WriteString(w, `{"status":"OK"}`)
}

func refuseID(w http.ResponseWriter, r *http.Request) {
	refuse(w, http.StatusBadRequest, "InvalidRequestID", "this process is not working on "+strconv.Quote(r.PathValue("id")))
}

func refuse(w http.ResponseWriter, status int, kind, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"errorType": kind, "errorMessage": message})
}
