package template

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// event reads one entry of a function's Events.
func (r *resolver) event(res *resource, f Function, entry field, m *Model) {
	o := openPlain(entry.value, r.found)
	o.require("Type")
	if o.text("Type", "") != "HttpApi" {
		o.require("Properties")
	}
	p := o.object("Properties")
	id := res.id + entry.key
	switch kind := o.text("Type", ""); kind {
	case "HttpApi":
		m.Routes = append(m.Routes, r.route(f, entry, p))
	case "DynamoDB":
		p.require("Stream")
		m.Streams = append(m.Streams, r.stream(id, f, p, p.text("Stream", ""), entry.line))
	case "SQS":
		p.require("Queue")
		m.Consumers = append(m.Consumers, r.consumer(id, f, p, p.text("Queue", ""), entry.line))
	case "S3":
		m.Uploads = append(m.Uploads, r.notification(id, f, p, entry.line))
	case "Schedule", "ScheduleV2":
		m.Schedules = append(m.Schedules, r.schedule(id, f, p, kind == "ScheduleV2", entry.line))
	case "":
		p.v = p.v.like(broken)
	default:
		r.fail(o.v, "event type %q is not understood; understood are HttpApi, DynamoDB, SQS, S3, Schedule, ScheduleV2", kind)
		p.v = p.v.like(broken)
	}
	p.done()
	o.done()
}

var methods = []string{"ANY", "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}

// route reads an HttpApi event. Without path and method it takes what no other
// route does.
func (r *resolver) route(f Function, entry field, p *object) Route {
	explicit := slices.ContainsFunc(r.resources, func(res *resource) bool { return res.kind == apiType && res.active })
	if explicit {
		p.require("ApiId") // without it SAM makes a second API
	}
	p.ignore("ApiId")
	p.choice("PayloadFormatVersion", "2.0", "2.0")
	route := Route{Method: strings.ToUpper(p.text("Method", "ANY")), Path: p.text("Path", "$default"), Function: f.ID, Line: entry.line}
	if route.Path == "$default" {
		return route
	}
	p.require("Method", "Path")
	if !slices.Contains(methods, route.Method) {
		r.fail(p.v, "Method %q is not understood; understood are %s", route.Method, strings.Join(methods, ", "))
	}
	if !strings.HasPrefix(route.Path, "/") || !closed(route.Path) {
		r.fail(p.v, "Path %q must begin with / and hold whole segments such as {name}, or {name+} at its end", route.Path)
	}
	return route
}

// closed tells whether braces of a path stand around whole segments.
func closed(path string) bool {
	segments := strings.Split(path, "/")
	for i, s := range segments {
		name, opened := strings.CutPrefix(s, "{")
		name, shut := strings.CutSuffix(name, "}")
		greedy := strings.HasSuffix(name, "+")
		if opened != shut || strings.ContainsAny(name, "{}") || opened && strings.TrimSuffix(name, "+") == "" || opened && greedy && i != len(segments)-1 {
			return false
		}
	}
	return true
}

const forever = 604800 // a week in seconds, the most AWS takes where -1 means for ever

// stream reads the properties that a DynamoDB event and an EventSourceMapping share.
func (r *resolver) stream(id string, f Function, p *object, arn string, line int) StreamMapping {
	p.require("StartingPosition")
	s := StreamMapping{
		ID: id, Function: f.ID, StreamARN: arn, Line: line,
		Enabled:          p.flag("Enabled", true),
		StartingPosition: p.choice("StartingPosition", "", "TRIM_HORIZON", "LATEST"),
		BatchSize:        p.integer("BatchSize", 100, 1, 10_000),
		Window:           seconds(p.integer("MaximumBatchingWindowInSeconds", 0, 0, 300)),
		Parallelization:  p.integer("ParallelizationFactor", 1, 1, 10),
		Retries:          p.integer("MaximumRetryAttempts", -1, -1, 10_000),
		MaxAge:           seconds(p.integer("MaximumRecordAgeInSeconds", -1, -1, forever)),
		Bisect:           p.flag("BisectBatchOnFunctionError", false),
		PartialFailures:  partial(p),
		OnFailure:        r.onFailure(p.object("DestinationConfig")),
		Filters:          r.filters(p.object("FilterCriteria")),
	}
	if s.MaxAge >= 0 && s.MaxAge < time.Minute {
		r.fail(p.v.field("MaximumRecordAgeInSeconds"), "must be -1 or from 60 to %d", forever)
	}
	return s
}

func seconds(n int) time.Duration {
	if n < 0 {
		return -1
	}
	return time.Duration(n) * time.Second
}

func partial(p *object) bool {
	responses := p.texts("FunctionResponseTypes")
	for _, response := range responses {
		if response != "ReportBatchItemFailures" {
			p.found.at(p.v.field("FunctionResponseTypes"), "%q is not understood; understood is ReportBatchItemFailures", response)
		}
	}
	return len(responses) > 0
}

func (r *resolver) onFailure(o *object) string {
	failure := o.object("OnFailure")
	failure.choice("Type", "SQS", "SQS")
	arn := failure.text("Destination", "")
	if arn != "" && !strings.Contains(arn, ":sqs:") {
		r.fail(failure.v, "Destination %q is not the ARN of a queue; only queues are understood", arn)
	}
	failure.done()
	o.done()
	return arn
}

func (r *resolver) filters(o *object) []string {
	var patterns []string
	for _, filter := range o.objects("Filters") {
		filter.require("Pattern")
		pattern := filter.text("Pattern", "{}")
		if !json.Valid([]byte(pattern)) {
			r.fail(filter.v, "Pattern is not JSON: %s", pattern)
		}
		patterns = append(patterns, pattern)
		filter.done()
	}
	o.done()
	return patterns
}

// consumer reads the properties that an SQS event and an EventSourceMapping share.
func (r *resolver) consumer(id string, f Function, p *object, arn string, line int) QueueMapping {
	scaling := p.object("ScalingConfig")
	q := QueueMapping{
		ID: id, Function: f.ID, QueueARN: arn, Line: line,
		Enabled:         p.flag("Enabled", true),
		BatchSize:       p.integer("BatchSize", 10, 1, 10_000),
		Window:          seconds(p.integer("MaximumBatchingWindowInSeconds", 0, 0, 300)),
		MaxConcurrency:  scaling.integer("MaximumConcurrency", 0, 2, 1000),
		PartialFailures: partial(p),
		Filters:         r.filters(p.object("FilterCriteria")),
	}
	scaling.done()
	if q.BatchSize > 10 && q.Window < time.Second {
		r.fail(p.v, "BatchSize above 10 needs MaximumBatchingWindowInSeconds of at least 1")
	}
	return q
}

// notification reads an S3 event.
func (r *resolver) notification(id string, f Function, p *object, line int) BucketNotification {
	p.require("Bucket", "Events")
	n := BucketNotification{ID: id, Function: f.ID, Bucket: p.text("Bucket", ""), Events: p.texts("Events"), Line: line}
	for _, event := range n.Events {
		if !strings.HasPrefix(event, "s3:ObjectCreated:") && !strings.HasPrefix(event, "s3:ObjectRemoved:") {
			r.fail(p.v.field("Events"), "%q is not understood; understood are s3:ObjectCreated:* and s3:ObjectRemoved:* and their kinds", event)
		}
	}
	filter := p.object("Filter")
	key := filter.object("S3Key")
	for _, rule := range key.objects("Rules") {
		switch text := rule.text("Value", ""); rule.choice("Name", "", "prefix", "suffix") {
		case "prefix":
			n.Prefix = text
		case "suffix":
			n.Suffix = text
		}
		rule.done()
	}
	key.done()
	filter.done()
	return n
}

// schedule reads a Schedule (a rule of EventBridge) or a ScheduleV2 (its Scheduler).
// The expression itself is read by whoever keeps the clock.
func (r *resolver) schedule(id string, f Function, p *object, scheduler bool, line int) Schedule {
	s := Schedule{ID: id, Function: f.ID, Scheduler: scheduler, Zone: "UTC", Line: line, Input: p.text("Input", "")}
	s.Name = p.text("Name", r.settings.Stack+"-"+id)
	p.ignore("Description", "RetryPolicy")
	s.Enabled = p.choice("State", "ENABLED", "ENABLED", "DISABLED") == "ENABLED"
	if !scheduler {
		p.require("Schedule")
		s.Expression = p.text("Schedule", "")
		s.Enabled = p.flag("Enabled", s.Enabled)
		return s
	}
	p.require("ScheduleExpression")
	s.Expression = p.text("ScheduleExpression", "")
	s.Zone = p.text("ScheduleExpressionTimezone", "UTC")
	if _, err := time.LoadLocation(s.Zone); err != nil {
		r.fail(p.v, "ScheduleExpressionTimezone %q is not a zone that is known", s.Zone)
	}
	window := p.object("FlexibleTimeWindow")
	window.choice("Mode", "OFF", "OFF")
	window.done()
	return s
}
