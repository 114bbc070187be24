// Package outcome counts what the desk achieves, as metrics of CloudWatch: log lines in its embedded metric format
// (specification "EMF", version 0), which need no call and no permission of their own.
package outcome

import (
	"context"
	"log/slog"
	"time"
)

// Name is what is counted. The names are those of the metrics.
type Name string

// The outcomes. A batch that comes again is counted again, as everything behind streams and queues: these are for
// curves and alarms, and the digest's figures for the record.
const (
	Filed          Name = "Filed"          // tickets filed
	Routed         Name = "Routed"         // tickets that came to a section: by routing, by the office, from another section
	AnsweredInTime Name = "AnsweredInTime" // answers given by their deadline
	AnsweredLate   Name = "AnsweredLate"   // answers given after it
	Overdue        Name = "Overdue"        // steps of the ladder for tickets past the deadline of their answer
	Told           Name = "Told"           // events that a channel was told of
	NotTold        Name = "NotTold"        // events that a channel could not be told of; most are tried again
	GivenUp        Name = "GivenUp"        // messages that failed for the last time and become dead letters
	CanaryPassed   Name = "CanaryPassed"   // 1: the desk's own trial went through; 0: it did not
	CanaryTime     Name = "CanaryTime"     // milliseconds that it took
)

// Namespace is that of all the metrics; their one dimension is Stack. More dimensions would cost more than the desk.
const Namespace = "Steledesk"

// Counts are outcomes and how many of each.
type Counts map[Name]float64

// directive is the part of a line that CloudWatch reads.
type directive struct {
	Timestamp         int64  `json:"Timestamp"` // milliseconds
	CloudWatchMetrics []sets `json:"CloudWatchMetrics"`
}

type sets struct {
	Namespace  string
	Dimensions [][]string
	Metrics    []metric
}

type metric struct {
	Name Name
	Unit string
}

// Write writes counts of a stack as one line; no counts, no line.
func Write(ctx context.Context, log *slog.Logger, stack string, now time.Time, counts Counts) {
	if len(counts) == 0 {
		return
	}
	set := sets{Namespace: Namespace, Dimensions: [][]string{{"Stack"}}}
	attrs := []slog.Attr{slog.String("Stack", stack)}
	for _, name := range names {
		n, counted := counts[name]
		if !counted {
			continue
		}
		set.Metrics = append(set.Metrics, metric{name, unit(name)})
		attrs = append(attrs, slog.Float64(string(name), n))
	}
	attrs = append(attrs, slog.Any("_aws", directive{now.UnixMilli(), []sets{set}}))
	log.LogAttrs(ctx, slog.LevelInfo, "outcomes", attrs...)
}

var names = []Name{Filed, Routed, AnsweredInTime, AnsweredLate, Overdue, Told, NotTold, GivenUp, CanaryPassed, CanaryTime}

func unit(n Name) string {
	if n == CanaryTime {
		return "Milliseconds"
	}
	return "Count"
}
