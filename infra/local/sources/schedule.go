package sources

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"steledesk/infra/local/sources/cron"
)

// ticker is how often a schedule looks at the clock. It does not sleep until the next tick, so that a machine
// that was suspended and a clock that was set are noticed within a second.
const ticker = time.Second

// A ScheduleMapping is a rule of EventBridge (a SAM Schedule event) or a schedule of EventBridge Scheduler (a SAM
// ScheduleV2 event).
type ScheduleMapping struct {
	Name       string // of the rule or schedule
	Function   string
	Expression string // rate(...), cron(...) or, of Scheduler only, at(...)
	Timezone   string // of Scheduler only, such as Asia/Shanghai; empty: UTC
	Scheduler  bool   // EventBridge Scheduler rather than a rule
	Input      string // JSON to send instead of the usual event
}

// A Schedule invokes a function when the clock says so.
type Schedule struct {
	Setup
	mapping    ScheduleMapping
	expression cron.Expression
	async      *Async
	last       time.Time // the last tick, or the time the schedule was first known
	gauge      gauge[ScheduleStatus]
}

// ScheduleStatus are a schedule's counters since it started.
type ScheduleStatus struct {
	Name       string    `json:"name"`
	Function   string    `json:"function"`
	Expression string    `json:"expression"`
	Ticks      int64     `json:"ticks"`
	LastTick   time.Time `json:"lastTick,omitzero"`
	NextTick   time.Time `json:"nextTick,omitzero"`
	Last       *Failure  `json:"last,omitempty"`
}

// markTick is the key of the last tick in the checkpoints.
const markTick = "tick"

// NewSchedule checks the mapping and loads when it was last due. A schedule not known before counts from now.
func NewSchedule(setup Setup, mapping ScheduleMapping, async *Async) (*Schedule, error) {
	s := &Schedule{Setup: setup.withDefaults(), mapping: mapping, async: async}
	if err := s.load(); err != nil {
		return nil, fmt.Errorf("schedule %s: %w", mapping.Name, err)
	}
	s.gauge.status = ScheduleStatus{
		Name: mapping.Name, Function: mapping.Function, Expression: mapping.Expression, NextTick: s.expression.Next(s.last),
	}
	return s, nil
}

func (s *Schedule) load() error {
	m := s.mapping
	if !m.Scheduler && (m.Timezone != "" || strings.HasPrefix(m.Expression, "at(")) {
		return fmt.Errorf("a rule knows neither time zones nor at(...); a ScheduleV2 event does")
	}
	if m.Input != "" && !json.Valid([]byte(m.Input)) {
		return fmt.Errorf("input %.100q is not JSON", m.Input)
	}
	zone, err := time.LoadLocation(m.Timezone)
	if err != nil {
		return fmt.Errorf("time zone: %w", err)
	}
	if s.expression, err = cron.Parse(m.Expression, zone); err != nil {
		return err
	}
	marks, err := s.Checkpoints.Load(s.source())
	if err != nil {
		return err
	}
	s.last, err = time.Parse(time.RFC3339, marks[markTick])
	if now := s.Now(); err != nil || s.last.After(now) { // new, or the clock was set back
		return s.mark(now)
	}
	return nil
}

func (s *Schedule) source() string { return "schedule-" + s.mapping.Name }

func (s *Schedule) mark(tick time.Time) error {
	s.last = tick.UTC().Truncate(time.Second)
	return s.Checkpoints.Save(s.source(), map[string]string{markTick: s.last.Format(time.RFC3339)})
}

// Status returns the counters.
func (s *Schedule) Status() ScheduleStatus { return s.gauge.read() }

// Run invokes the function at every tick until ctx ends; it returns nil then. Of ticks missed while the stack or
// the machine was down, the latest is made up for, once.
func (s *Schedule) Run(ctx context.Context) error {
	clock := time.NewTicker(ticker)
	defer clock.Stop()
	for {
		s.tick()
		select {
		case <-ctx.Done():
			return nil
		case <-clock.C:
		}
	}
}

// tick invokes the function if it is due.
func (s *Schedule) tick() {
	now := s.Now()
	if now.Before(s.last.Add(-time.Minute)) { // set back: waiting for the old time would stop the schedule
		s.last = now
	}
	due := s.expression.Latest(s.last, now)
	if due.IsZero() {
		return
	}
	// The spool is durable and the mark comes after it: a crash in between repeats the tick.
	err := s.async.Invoke(s.mapping.Function, s.event(due))
	if err == nil {
		err = s.mark(due)
	}
	s.gauge.update(func(status *ScheduleStatus) {
		if err != nil {
			status.Last = &Failure{err.Error(), now}
			return
		}
		status.Ticks++
		status.LastTick, status.NextTick = due, s.expression.Next(due)
	})
	if err != nil {
		s.Logger.Error("schedule: "+err.Error(), "schedule", s.mapping.Name)
	}
}

// event is the payload for a tick.
func (s *Schedule) event(due time.Time) []byte {
	stamp := due.UTC().Format("2006-01-02T15:04:05Z")
	id := uuid.NewString()
	arn := fmt.Sprintf("arn:%s:events:%s:%s:rule/%s", s.Partition, s.Region, s.AccountID, s.mapping.Name)
	source, detail := "aws.events", any(struct{}{})
	if s.mapping.Scheduler {
		arn = fmt.Sprintf("arn:%s:scheduler:%s:%s:schedule/default/%s", s.Partition, s.Region, s.AccountID, s.mapping.Name)
		source, detail = "aws.scheduler", "{}"
	}
	if s.mapping.Input != "" {
		return []byte(s.input(arn, stamp, id))
	}
	event, _ := json.Marshal(scheduledEvent{ // strings only
		Version: "0", ID: id, DetailType: "Scheduled Event", Source: source, Account: s.AccountID,
		Time: stamp, Region: s.Region, Resources: []string{arn}, Detail: detail,
	})
	return event
}

// input is the mapping's own input. Scheduler fills in its context attributes.
func (s *Schedule) input(arn, stamp, id string) string {
	if !s.mapping.Scheduler {
		return s.mapping.Input
	}
	return strings.NewReplacer(
		"<aws.scheduler.schedule-arn>", arn,
		"<aws.scheduler.scheduled-time>", stamp,
		"<aws.scheduler.execution-id>", id,
		"<aws.scheduler.attempt-number>", "1",
	).Replace(s.mapping.Input)
}

type scheduledEvent struct {
	Version    string   `json:"version"`
	ID         string   `json:"id"`
	DetailType string   `json:"detail-type"`
	Source     string   `json:"source"`
	Account    string   `json:"account"`
	Time       string   `json:"time"`
	Region     string   `json:"region"`
	Resources  []string `json:"resources"`
	Detail     any      `json:"detail"` // an object from rules, a string from Scheduler
}
