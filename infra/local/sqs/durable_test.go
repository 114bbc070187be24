package sqs_test

import (
	"bufio"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/service/sqs"

	"steledesk/infra/local/awsendpoint/awstest"
	"steledesk/infra/local/sqs"
)

// serveFile makes the test binary serve the file that it names.
const serveFile = "STELEDESK_TEST_SERVE_QUEUES"

func TestMain(m *testing.M) {
	if path := os.Getenv(serveFile); path != "" {
		server, err := sqs.Open(path, sqs.Options{})
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Println(httptest.NewServer(server).URL)
		select {} // until it is killed
	}
	os.Exit(m.Run())
}

// Guards the promise that kill -9 loses no message that was acknowledged.
func TestAcknowledgedSendsSurviveKill(t *testing.T) {
	path := filepath.Join(t.TempDir(), "queues.sqlite")
	acknowledged := map[string]bool{}
	for round := range 3 {
		process, url := serve(t, path)
		c := sdk.NewFromConfig(awstest.Config(url))
		queue, err := c.CreateQueue(t.Context(), &sdk.CreateQueueInput{QueueName: new("q")})
		if err != nil {
			t.Fatal(err)
		}
		bodies := make(chan string)
		for sender := range 4 {
			go func() {
				for n := 0; ; n++ {
					body := fmt.Sprintf("%d-%d-%d", round, sender, n)
					if _, err := c.SendMessage(t.Context(), &sdk.SendMessageInput{QueueUrl: queue.QueueUrl, MessageBody: &body}); err != nil {
						bodies <- ""
						return
					}
					bodies <- body
				}
			}()
		}
		for ended, sent := 0, 0; ended < 4; {
			body := <-bodies
			if body == "" {
				ended++
				continue
			}
			acknowledged[body] = true
			if sent++; sent == 100 { // in the middle of the others' sends
				process.Process.Kill()
			}
		}
		process.Wait()
	}
	server, err := sqs.Open(path, sqs.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	kept, err := server.Peek(t.Context(), "q", 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range kept {
		delete(acknowledged, m.Body)
	}
	if len(acknowledged) > 0 {
		t.Errorf("%d acknowledged messages were lost", len(acknowledged))
	}
}

// serve starts the test binary as a server of the file and returns its URL.
func serve(t *testing.T, path string) (*exec.Cmd, string) {
	t.Helper()
	process := exec.Command(os.Args[0], "-test.run=^$")
	process.Env = append(os.Environ(), serveFile+"="+path)
	process.Stderr = os.Stderr
	out, err := process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { process.Process.Kill() })
	url, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return process, strings.TrimSpace(url)
}
