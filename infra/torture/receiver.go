package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"steledesk/infra/torture/raw"
)

// receiverSecret signs what the desk sends to sections' programs.
const receiverSecret = "SECtorture0000000000"

// receiver is every section's own program: it notes each event it is told, and at times it refuses, hangs up, or loses
// its answer.
type receiver struct {
	server *http.Server
	url    string
	seed   uint64
	log    *slog.Logger

	mu     sync.Mutex
	raging bool
	down   map[string]bool // sections whose program refuses everything
	posts  map[string]int
	told   []raw.Told
	bodies []string
	forged int        // requests whose signature is wrong
	raged  int        // posts that chance decided about
	failed int        // of those: the ones that were refused or lost
	doubt  []raw.Told // taken, and the answer was lost
}

func openReceiver(ctx context.Context, seed uint64, log *slog.Logger) (*receiver, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("open receiver: %w", err)
	}
	r := &receiver{url: "http://" + listener.Addr().String(), seed: seed, log: log, down: map[string]bool{}, posts: map[string]int{}}
	r.server = &http.Server{Handler: r, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = r.server.Serve(listener) }() // ends with http.ErrServerClosed
	return r, nil
}

func (r *receiver) Close() error { return r.server.Close() }

// storm turns failures at random on or off.
func (r *receiver) storm(on bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.raging = on
}

// outage has a section's program refuse everything, or mends it.
func (r *receiver) outage(section string, down bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.down[section] = down
}

// heard is what sections were told so far, and the bodies it came in.
func (r *receiver) heard() ([]raw.Told, []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]raw.Told{}, r.told...), append([]string{}, r.bodies...)
}

// failures are what the receiver was told without saying so, and what was not signed.
func (r *receiver) failures() (doubt []raw.Told, forged int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.doubt), r.forged
}

// byChance is how often the receiver failed by chance, and how often it was to.
func (r *receiver) byChance() (failed, due int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.failed, r.raged * failing / 10_000
}

// failing is how many posts of ten thousand fail by chance: see judge.
const failing = 351

// judge says what the n-th post to a section meets: 0 takes it.
func (r *receiver) judge(section string) (status int, lose bool) {
	r.posts[section]++
	if r.down[section] {
		return http.StatusInternalServerError, false
	}
	if !r.raging {
		return http.StatusOK, false
	}
	h := fnv.New64a()
	h.Write([]byte(section))
	r.raged++
	n := rand.New(rand.NewPCG(r.seed, h.Sum64()+uint64(r.posts[section]))).IntN(10_000)
	if n < failing {
		r.failed++
	}
	switch {
	case n < 200:
		return http.StatusInternalServerError, false
	case n < 300:
		return http.StatusTooManyRequests, false
	case n < 350:
		return 0, false // no answer, nothing taken
	case n < failing:
		return 0, true // taken, and nobody hears of it
	}
	return http.StatusOK, false
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	body, err := io.ReadAll(io.LimitReader(q.Body, 1<<20))
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if status := r.take(strings.TrimPrefix(q.URL.Path, "/"), q.Header, body); status != 0 {
		w.WriteHeader(status)
		return
	}
	panic(http.ErrAbortHandler)
}

// take notes what a post tells, if it is taken, and says how to answer; 0 is not at all.
func (r *receiver) take(section string, header http.Header, body []byte) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !signed(header, body) {
		r.forged++
		return http.StatusForbidden
	}
	status, lose := r.judge(section)
	if status != http.StatusOK && !lose {
		return status
	}
	var message struct {
		Section string
		Repeat  bool
		Items   []struct{ Event string }
	}
	if err := json.Unmarshal(body, &message); err != nil || message.Section != section {
		r.forged++
		return http.StatusBadRequest
	}
	for _, i := range message.Items {
		r.told = append(r.told, raw.Told{Section: section, Event: i.Event, Repeat: message.Repeat})
		if lose {
			r.doubt = append(r.doubt, raw.Told{Section: section, Event: i.Event})
		}
	}
	r.bodies = append(r.bodies, string(body))
	r.log.Info("told", "section", section, "status", status, "body", string(body))
	return status
}

func signed(header http.Header, body []byte) bool {
	mac := hmac.New(sha256.New, []byte(receiverSecret))
	mac.Write([]byte(header.Get("X-Steledesk-Timestamp") + "."))
	mac.Write(body)
	return header.Get("X-Steledesk-Signature") == "v1="+hex.EncodeToString(mac.Sum(nil))
}
