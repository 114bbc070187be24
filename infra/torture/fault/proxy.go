package fault

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Exempt is the application id (aws.Config.AppID) of clients that are never struck: the checker's own.
const Exempt = "torture"

// Host is the caller that carries streams and queues to functions; a function is called by its name, such as "submit".
const Host = "event sources"

// Options of a Proxy.
type Options struct {
	Seed   uint64
	Rates  Rates
	Prefix string                          // of functions' application ids, such as "steledesk-"
	Kill   func(process, call string) bool // ends a process of a function in a call, and says whether there was one
}

// Proxy strikes calls to the AWS endpoint. It begins at rest: Storm and Calm turn it on and off.
type Proxy struct {
	options Options
	plan    plan
	raging  atomic.Bool

	mu     sync.Mutex
	seen   map[string]int // calls by caller and name
	struck map[Kind]int
	cut    map[string]bool // calls that are all refused: "dispatch sqs.SendMessageBatch"
	deaths []Death
}

// Death is a process that ended in the middle of a call.
type Death struct {
	Caller, Call string
	Body         []byte // of the call
	Done         bool   // the call was carried out all the same: it was not refused
}

// New makes a proxy whose Middleware goes in front of the endpoint.
func New(options Options) *Proxy {
	return &Proxy{
		options: options, plan: plan{options.Seed, options.Rates},
		seen: map[string]int{}, struck: map[Kind]int{}, cut: map[string]bool{},
	}
}

// Storm begins to strike.
func (p *Proxy) Storm() { p.raging.Store(true) }

// Calm ends it. Calls that are cut stay cut.
func (p *Proxy) Calm() { p.raging.Store(false) }

// Cut has every such call of a caller refused until it is mended.
func (p *Proxy) Cut(caller, call string, cut bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cut[caller+" "+call] = cut
}

// Count notes something that was done beside the proxy.
func (p *Proxy) Count(k Kind, n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.struck[k] += n
}

// Struck says how many calls suffered what.
func (p *Proxy) Struck() map[Kind]int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return maps.Clone(p.struck)
}

// Due says how many calls were to suffer what, by their number and the rates. What is counted beside the proxy is not
// in it.
func (p *Proxy) Due() map[Kind]int {
	p.mu.Lock()
	defer p.mu.Unlock()
	parts := map[Kind]int{} // of ten thousand
	for _, k := range append(slices.Clone(order), Reverse) {
		for name, n := range p.seen {
			if caller, call, _ := strings.Cut(name, "\x00"); suffers(caller, call, k) {
				parts[k] += n * p.options.Rates[k]
			}
		}
		parts[k] /= 10_000
	}
	return parts
}

// Deaths are the processes that were killed.
func (p *Proxy) Deaths() []Death {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.deaths)
}

// Middleware strikes what passes it.
func (p *Proxy) Middleware(service, action string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		caller, process := p.caller(r.UserAgent())
		call := service + "." + action
		kind, pause := p.judge(caller, call)
		if kind == None {
			next.ServeHTTP(w, r)
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		s := strike{kind: kind, pause: pause, process: process, service: service, body: body, caller: caller, call: call}
		p.carry(s, w, r, next)
	})
}

// caller tells functions and their processes by the application id in the SDK's user agent: "steledesk-notify.p7".
func (p *Proxy) caller(agent string) (function, process string) {
	_, id, is := strings.Cut(agent, "app/")
	id, _, _ = strings.Cut(id, " ")
	id, process, _ = strings.Cut(id, ".")
	if !is {
		return Host, ""
	}
	return strings.TrimPrefix(id, p.options.Prefix), process
}

func (p *Proxy) judge(caller, call string) (Kind, time.Duration) {
	if caller == Exempt {
		return None, 0
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cut[caller+" "+call] {
		p.struck[Broken]++
		return Broken, 0
	}
	if !p.raging.Load() || caller == Host && (strings.HasPrefix(call, "ssm.") || strings.HasPrefix(call, "s3.")) {
		return None, 0
	}
	name := caller + "\x00" + call
	p.seen[name]++
	kind, pause := p.plan.decide(caller, call, p.seen[name])
	if !suffers(caller, call, kind) {
		return None, 0
	}
	if kind != None {
		p.struck[kind]++
	}
	return kind, pause
}

// suffers reports whether a caller's call may suffer a kind. The host is no function and is not killed. Notify reads the
// office data anew while a section's program takes a message: a death in that call would leave a doubt of which the call
// says nothing, and nobody could tell the repeat that follows from a fault. Its deaths in every other call are known.
func suffers(caller, call string, k Kind) bool {
	switch k {
	case Kill, KillLate:
		return caller != Host && (caller != "notify" || call != "dynamodb.GetItem")
	case Reverse:
		return call == "sqs.ReceiveMessage"
	}
	return true
}

// strike is one call and what becomes of it.
type strike struct {
	kind    Kind
	pause   time.Duration
	process string // that calls
	caller  string
	call    string
	service string
	body    []byte
}

// do carries the call out and keeps the answer.
func (s strike) do(r *http.Request, next http.Handler) *httptest.ResponseRecorder {
	answer := httptest.NewRecorder()
	again := r.Clone(r.Context())
	again.Body = io.NopCloser(bytes.NewReader(s.body))
	next.ServeHTTP(answer, again)
	return answer
}

func (p *Proxy) carry(s strike, w http.ResponseWriter, r *http.Request, next http.Handler) {
	switch s.kind {
	case Throttle:
		refuse(w, s.service)
	case Broken:
		http.Error(w, `{"__type":"InternalServerError","message":"broken on purpose"}`, http.StatusInternalServerError)
	case Drop:
		panic(http.ErrAbortHandler)
	case Kill:
		p.kill(s, false)
		panic(http.ErrAbortHandler)
	case Lost:
		s.do(r, next)
		panic(http.ErrAbortHandler)
	case KillLate:
		answer := s.do(r, next)
		p.kill(s, answer.Code < 300)
		panic(http.ErrAbortHandler)
	case Delay:
		rest(r, s.pause)
		give(w, s.do(r, next))
	case Late:
		answer := s.do(r, next)
		rest(r, s.pause)
		give(w, answer)
	case Repeat:
		answer := s.do(r, next)
		s.do(r, next)
		give(w, answer)
	case Reverse:
		give(w, reversed(s.do(r, next)))
	default:
		next.ServeHTTP(w, r)
	}
}

func (p *Proxy) kill(s strike, done bool) {
	if !p.options.Kill(s.process, s.call) {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.deaths = append(p.deaths, Death{Caller: s.caller, Call: s.call, Body: s.body, Done: done})
}

// rest waits, or until the caller is gone.
func rest(r *http.Request, d time.Duration) {
	select {
	case <-r.Context().Done():
	case <-time.After(d):
	}
}

func give(w http.ResponseWriter, answer *httptest.ResponseRecorder) {
	maps.Copy(w.Header(), answer.Header())
	w.WriteHeader(answer.Code)
	w.Write(answer.Body.Bytes())
}

// refuse says what each service says that is asked too much.
func refuse(w http.ResponseWriter, service string) {
	status, code := http.StatusBadRequest, map[string]string{
		"dynamodb": "ProvisionedThroughputExceededException", "streams": "LimitExceededException",
		"sqs": "RequestThrottled", "ssm": "ThrottlingException",
	}[service]
	if code == "" {
		status, code = http.StatusServiceUnavailable, "SlowDown"
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	w.Header().Set("X-Amzn-Errortype", code)
	w.WriteHeader(status)
	body, _ := json.Marshal(map[string]string{"__type": code, "message": "throttled on purpose"}) // strings always encode
	w.Write(body)
}

// reversed puts the messages of an answer of SQS in another order, which the service may.
func reversed(answer *httptest.ResponseRecorder) *httptest.ResponseRecorder {
	var document map[string]json.RawMessage
	var messages []json.RawMessage
	if json.Unmarshal(answer.Body.Bytes(), &document) != nil || json.Unmarshal(document["Messages"], &messages) != nil {
		return answer
	}
	slices.Reverse(messages)
	list, errList := json.Marshal(messages)
	document["Messages"] = list
	body, err := json.Marshal(document)
	if errList != nil || err != nil {
		return answer
	}
	answer.Body.Reset()
	answer.Body.Write(body)
	answer.Header().Del("Content-Length")
	return answer
}
