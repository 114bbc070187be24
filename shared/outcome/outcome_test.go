package outcome

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"testing"
	"time"
)

// A line is what CloudWatch takes for metrics: the directive names values that stand beside it, and the dimension too.
func TestALineIsInEmbeddedMetricFormat(t *testing.T) {
	var out bytes.Buffer
	log := slog.New(slog.NewJSONHandler(&out, nil))
	at := time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)
	Write(t.Context(), log, "steledesk", at, Counts{})
	if out.Len() != 0 {
		t.Errorf("no counts wrote %s", out.Bytes())
	}
	Write(t.Context(), log, "steledesk", at, Counts{Filed: 2, CanaryPassed: 0, CanaryTime: 812})
	var line map[string]json.RawMessage
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		t.Fatal(err)
	}
	const want = `{"Timestamp":1795395600000,"CloudWatchMetrics":[{"Namespace":"Steledesk","Dimensions":[["Stack"]],` +
		`"Metrics":[{"Name":"Filed","Unit":"Count"},{"Name":"CanaryPassed","Unit":"Count"},{"Name":"CanaryTime","Unit":"Milliseconds"}]}]}`
	if string(line["_aws"]) != want {
		t.Errorf("got  %s\nwant %s", line["_aws"], want)
	}
	for name, value := range map[string]string{"Stack": `"steledesk"`, "Filed": "2", "CanaryPassed": "0", "CanaryTime": "812"} {
		if string(line[name]) != value {
			t.Errorf("%s is %s, want %s", name, line[name], value)
		}
	}
}

// Every outcome that has a name is written.
func TestEveryNameIsWritten(t *testing.T) {
	for _, n := range []Name{Filed, Routed, AnsweredInTime, AnsweredLate, Overdue, Told, NotTold, GivenUp, CanaryPassed, CanaryTime} {
		var out bytes.Buffer
		Write(t.Context(), slog.New(slog.NewJSONHandler(&out, nil)), "s", time.Now(), Counts{n: 1})
		if !bytes.Contains(out.Bytes(), []byte(`"Name":"`+n+`"`)) {
			t.Errorf("%s is not written", n)
		}
	}
}
