package sqs_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"steledesk/infra/local/sqs"
)

// A hostile or odd request must be answered, never with a panic or a failure of the server's own.
func FuzzCalls(f *testing.F) {
	server, err := sqs.Open(filepath.Join(f.TempDir(), "queues.sqlite"), sqs.Options{})
	if err != nil {
		f.Fatal(err)
	}
	call := func(name, body string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		r.Header.Set("X-Amz-Target", "AmazonSQS."+name)
		w := httptest.NewRecorder()
		server.ServeHTTP(w, r)
		return w
	}
	if w := call("CreateQueue", `{"QueueName":"q"}`); w.Code != http.StatusOK {
		f.Fatal(w.Body)
	}
	for name, body := range map[string]string{
		"SendMessage":                  `{"QueueUrl":"q","MessageBody":"x","MessageAttributes":{"a":{"DataType":"String"},"b":{"DataType":"Binary","BinaryValue":"AA=="}}}`,
		"SendMessageBatch":             `{"QueueUrl":"q","Entries":[{"Id":"1","MessageBody":"x","MessageSystemAttributes":{"AWSTraceHeader":{"DataType":"String"}}},{}]}`,
		"ReceiveMessage":               `{"QueueUrl":"q","MaxNumberOfMessages":10,"VisibilityTimeout":0,"AttributeNames":["All"],"MessageAttributeNames":[".*"]}`,
		"DeleteMessage":                `{"QueueUrl":"q","ReceiptHandle":"MTphYQ"}`,
		"DeleteMessageBatch":           `{"QueueUrl":"q","Entries":[{"Id":"1","ReceiptHandle":"MTphYQ"},{}]}`,
		"ChangeMessageVisibility":      `{"QueueUrl":"q","ReceiptHandle":"MTphYQ","VisibilityTimeout":1}`,
		"ChangeMessageVisibilityBatch": `{"QueueUrl":"q","Entries":[{"Id":"1","ReceiptHandle":"MTphYQ"}]}`,
		"CreateQueue":                  `{"QueueName":"r","Attributes":{"RedrivePolicy":"{\"maxReceiveCount\":null}"}}`,
		"SetQueueAttributes":           `{"QueueUrl":"q","Attributes":{"RedrivePolicy":"[]","Policy":""}}`,
		"GetQueueAttributes":           `{"QueueUrl":"http://h/0/q","AttributeNames":["All","QueueArn"]}`,
		"ListQueues":                   `{"QueueNamePrefix":"%","MaxResults":1,"NextToken":"'"}`,
		"GetQueueUrl":                  `{"QueueName":"/","QueueOwnerAWSAccountId":"1"}`,
	} {
		f.Add(name, body)
	}
	f.Fuzz(func(t *testing.T, name, body string) {
		if strings.Contains(strings.ToLower(body), "waittime") {
			return // the call would wait for messages, as it should
		}
		w := call(name, body)
		if w.Code >= 500 || w.Body.Len() > 0 && !json.Valid(w.Body.Bytes()) {
			t.Errorf("%s %s: %d %s", name, body, w.Code, w.Body)
		}
	})
}
