package story

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// The desk's own trial goes all the way, through the gateway, the stream, a section's queue and notify; nobody is told of
// it, no list has it, and nothing is left. A mark that is not the desk's makes no ticket.
func TestCanary(t *testing.T) {
	d := open(t, nil)
	tick := `{"time":"` + time.Now().UTC().Format(time.RFC3339) + `","detail-type":"Scheduled Event"}`
	for range 2 { // an event of a schedule may come twice
		got, err := d.Functions().Invoke(t.Context(), "steledesk-canary", []byte(tick))
		if err != nil || got.Error != nil || string(got.Payload) != `{"passed":true,"steps":7}` {
			t.Fatalf("%s, %v, %v", got.Payload, got.Error, err)
		}
	}
	out, err := dynamodb.NewFromConfig(d.AWS()).Scan(t.Context(), &dynamodb.ScanInput{TableName: aws.String("steledesk")})
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range out.Items {
		if text, _ := json.Marshal(i); strings.Contains(string(text), `T#`) || strings.Contains(string(text), "FILINGS") {
			t.Errorf("left in the table: %s", text)
		}
	}
	if told := d.Sink().Messages(); len(told) != 0 {
		t.Errorf("somebody was told: %+v", told)
	}
	status, _, body := d.send("POST", "/v1/tickets", `{"kind":"enquiry","category":"toilets","text":"x"}`, "Idempotency-Key", "somebody-elses-key", "X-Canary", strings.Repeat("0", 32))
	if status != 403 || !strings.Contains(string(body), `"forbidden"`) {
		t.Errorf("a mark that anybody can make: %d %s", status, body)
	}
}
