package stack

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"steledesk/infra/local/build"
	"steledesk/infra/local/console"
)

// binaries is where TestMain built the probe.
var binaries string

func TestMain(m *testing.M) {
	if data := os.Getenv(childData); data != "" {
		runChild(data)
		return
	}
	folder, err := os.MkdirTemp("", "stack-binaries-")
	if err == nil {
		binaries = folder
		err = build.Functions(context.Background(), ".", folder, []string{"testdata/functions/probe"}, func(build.Built) {})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	if err := os.RemoveAll(folder); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(code)
}

// clock is the machine's, moved on by tests.
type clock struct{ ahead atomic.Int64 }

func (c *clock) now() time.Time          { return time.Now().Add(time.Duration(c.ahead.Load())) }
func (c *clock) advance(d time.Duration) { c.ahead.Add(int64(d)) }
func settings(data string) Settings      { return probeSettings(data, binaries) }
func modules() string                    { return filepath.Join("..", "node_modules") }
func probeSettings(data, bin string) Settings {
	return Settings{
		Template: "testdata/template.yaml", Binaries: bin, Data: data, Modules: modules(), Name: "probe",
		Logger: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})),
	}
}

// start runs a stack until the test ends.
func start(t *testing.T, s Settings) *Stack {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	running, err := Start(ctx, s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			status, _ := json.MarshalIndent(running.Status(context.Background()), "", "  ")
			t.Logf("%s", status)
		}
		if err := running.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return running
}

// eventually polls until what is asked for is so.
func eventually(t *testing.T, what string, so func() bool) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for !so() {
		if time.Now().After(deadline) {
			t.Fatalf("in 20 s it did not come about that %s", what)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func post(t *testing.T, url string) string {
	t.Helper()
	response, err := http.Post(url, "application/json", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode >= 300 {
		t.Fatalf("POST %s: %s %s %v", url, response.Status, body, err)
	}
	return string(body)
}

// item returns the note of an item, and whether the item is there.
func item(t *testing.T, s *Stack, pk string) (string, bool) {
	t.Helper()
	got, err := dynamodb.NewFromConfig(s.AWS()).GetItem(context.Background(), &dynamodb.GetItemInput{
		TableName: aws.String("probe"), Key: map[string]types.AttributeValue{"pk": &types.AttributeValueMemberS{Value: pk}},
		ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		t.Fatal(err)
	}
	note, ok := got.Item["note"].(*types.AttributeValueMemberS)
	if !ok {
		return "", false
	}
	return note.Value, true
}

func has(t *testing.T, s *Stack, pk string) func() bool {
	return func() bool { _, ok := item(t, s, pk); return ok }
}

// parameter is the stack's secret.
func parameter(t *testing.T, s *Stack) string {
	t.Helper()
	got, err := ssm.NewFromConfig(s.AWS()).GetParameter(context.Background(), &ssm.GetParameterInput{
		Name: aws.String("/probe/secret"), WithDecryption: aws.Bool(true),
	})
	if err != nil {
		t.Fatal(err)
	}
	return aws.ToString(got.Parameter.Value)
}

func queued(s *Stack, name string) console.Queue {
	queues := s.Status(context.Background()).Queues
	return queues[slices.IndexFunc(queues, func(q console.Queue) bool { return q.Name == name })]
}

// A request is stored, its record goes through the stream to a queue, and the
// queue's function is woken: the whole house in one walk.
func TestFromRequestToQueue(t *testing.T) {
	s := start(t, settings(t.TempDir()))
	post(t, s.URL()+"/items/one")
	eventually(t, "the work is done", has(t, s, "done-one"))
	if note, _ := item(t, s, "done-one"); note != "1" {
		t.Errorf("the message was received %s times, want once", note)
	}
	eventually(t, "the queue is empty", func() bool { q := queued(s, "probe-work"); return q.Visible+q.InFlight == 0 })
}

// Functions know the time from their events alone, so a shifted clock must reach them.
func TestClockReachesFunctions(t *testing.T) {
	set := settings(t.TempDir())
	from, begun := time.Date(2030, 5, 1, 1, 0, 0, 0, time.UTC), time.Now()
	set.Clock = func() time.Time { return from.Add(time.Since(begun)) }
	s := start(t, set)
	post(t, s.URL()+"/items/late")
	note, _ := item(t, s, "item-late")
	if !strings.HasPrefix(note, "2030-05-01T01:0") {
		t.Errorf("function was told it is %s, want a moment after %s", note, from)
	}
	if status := s.Status(context.Background()); !status.Shifted || status.Now.Year() != 2030 {
		t.Errorf("console shows %s, shifted %t", status.Now, status.Shifted)
	}
}

// A record that no try can carry is set aside, and what was stored behind it goes on.
func TestPoisonRecord(t *testing.T) {
	s := start(t, settings(t.TempDir()))
	post(t, s.URL()+"/items/poison")
	post(t, s.URL()+"/items/behind")
	eventually(t, "the record behind the poison is carried", has(t, s, "done-behind"))
	eventually(t, "the poison is told to the queue of failures", func() bool { return queued(s, "probe-failures").Visible == 1 })
	if body := queued(s, "probe-failures").Messages[0].Body; !strings.Contains(body, "DDBStreamBatchInfo") {
		t.Errorf("the failure is told as %s, want AWS's DDBStreamBatchInfo", body)
	}
	if _, done := item(t, s, "done-poison"); done {
		t.Error("the poison was worked on")
	}
}

// A message that keeps failing ends in the dead-letter queue; others are not held up.
func TestRedrive(t *testing.T) {
	c := &clock{}
	set := settings(t.TempDir())
	set.Clock = c.now
	s := start(t, set)
	post(t, s.URL()+"/items/fail")
	post(t, s.URL()+"/items/fine")
	eventually(t, "the good message is worked on", has(t, s, "done-fine"))
	for range 5 {
		eventually(t, "the bad message was tried", func() bool { q := queued(s, "probe-work"); return q.InFlight == 1 && q.Visible == 0 })
		c.advance(31 * time.Second)
		s.Wake()
	}
	eventually(t, "the bad message is dead", func() bool { return queued(s, "probe-dead").Visible == 1 })
}

// A phone posts its photo straight to the bucket with a signed form, and the
// function hears of it; a form bent to another size is refused.
func TestUpload(t *testing.T) {
	s := start(t, settings(t.TempDir()))
	var form struct {
		URL    string
		Values map[string]string
	}
	if err := json.Unmarshal([]byte(post(t, s.URL()+"/slots/a b.jpg")), &form); err != nil {
		t.Fatal(err)
	}
	if status := upload(t, form.URL, form.Values, strings.Repeat("x", 101)); status != http.StatusBadRequest {
		t.Errorf("a photo over the limit is answered %d, want 400", status)
	}
	if status := upload(t, form.URL, form.Values, "tiny"); status >= 300 {
		t.Fatalf("upload is answered %d", status)
	}
	eventually(t, "the function hears of the photo", has(t, s, "photo-in/a b.jpg"))
}

func upload(t *testing.T, url string, values map[string]string, content string) int {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, value := range values {
		if err := form.WriteField(name, value); err != nil {
			t.Fatal(err)
		}
	}
	file, err := form.CreateFormFile("file", "photo")
	if err == nil {
		_, err = io.WriteString(file, content)
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.Post(url, form.FormDataContentType(), &body)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	return response.StatusCode
}

func TestSchedule(t *testing.T) {
	c := &clock{}
	set := settings(t.TempDir())
	set.Clock = c.now
	s := start(t, set)
	next := s.Status(context.Background()).Schedules[0].Next
	c.advance(5 * time.Minute)
	eventually(t, "the schedule's function ran", has(t, s, "tick-"+next.UTC().Format(time.RFC3339)))
}

// Functions must not see the machine's own AWS settings: a test would write to a
// real account.
func TestFunctionsEnvironment(t *testing.T) {
	t.Setenv("AWS_PROFILE", "production")
	t.Setenv("AWS_CA_BUNDLE", "/nowhere.pem")
	s := start(t, settings(t.TempDir()))
	response, err := http.Get(s.URL() + "/environment")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var env []string
	if err := json.NewDecoder(response.Body).Decode(&env); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"AWS_ENDPOINT_URL=" + s.AWSEndpoint(), "AWS_ACCESS_KEY_ID=local", "TABLE=probe", "PUBLIC_URL=" + s.URL(), "ROLE=web"} {
		if !slices.Contains(env, want) {
			t.Errorf("environment lacks %s:\n%s", want, strings.Join(env, "\n"))
		}
	}
	for _, entry := range env {
		if name, _, _ := strings.Cut(entry, "="); name == "AWS_PROFILE" || name == "AWS_CA_BUNDLE" || name == "HOME" {
			t.Errorf("environment holds %s", entry)
		}
	}
}

// Everything is kept over a restart: items, messages, keys; and the stream goes on
// where it was.
func TestRestart(t *testing.T) {
	data := t.TempDir()
	first, err := Start(context.Background(), settings(data))
	if err != nil {
		t.Fatal(err)
	}
	post(t, first.URL()+"/items/kept")
	eventually(t, "the work is done", has(t, first, "done-kept"))
	secret := parameter(t, first)
	if err := first.Close(); err != nil {
		t.Fatalf("close: %v", err)
	}
	second := start(t, settings(data))
	if _, kept := item(t, second, "item-kept"); !kept {
		t.Error("the item is gone")
	}
	if parameter(t, second) != secret {
		t.Error("the keys were made anew: every ticket's code would be lost")
	}
	post(t, second.URL()+"/items/more")
	eventually(t, "the stream goes on", has(t, second, "done-more"))
	if note, _ := item(t, second, "done-kept"); note != "1" {
		t.Errorf("what was done came again: received %s times", note)
	}
}

// A killed function loses nothing: the record comes again, and so does the message,
// once it is visible.
func TestKilledFunction(t *testing.T) {
	c := &clock{}
	set := settings(t.TempDir())
	set.Clock = c.now
	s := start(t, set)
	for i := range 30 {
		post(t, fmt.Sprintf("%s/items/n%d", s.URL(), i))
		if i%10 == 5 {
			s.Kill("Carry")
			s.Kill("Worker")
		}
	}
	var ids []string
	for i := range 30 {
		ids = append(ids, fmt.Sprintf("n%d", i))
	}
	workedOn(t, s, c, ids)
}

// workedOn waits until every item is worked on. What a killed worker held is visible
// again after half a minute, so the clock is moved on now and then.
func workedOn(t *testing.T, s *Stack, c *clock, ids []string) {
	t.Helper()
	moved := time.Now()
	for _, id := range ids {
		eventually(t, "item "+id+" is worked on", func() bool {
			if time.Since(moved) > 2*time.Second {
				moved = time.Now()
				c.advance(31 * time.Second)
				s.Wake()
			}
			return has(t, s, "done-"+id)()
		})
	}
}

func TestExpiry(t *testing.T) {
	c := &clock{}
	set := settings(t.TempDir())
	set.Clock = c.now
	s := start(t, set)
	ctx := context.Background()
	objects := s3.NewFromConfig(s.AWS())
	bucket := s.Model().Buckets[0].Name
	for _, key := range []string{"old/a", "kept/a"} {
		if _, err := objects.PutObject(ctx, &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: strings.NewReader("x")}); err != nil {
			t.Fatal(err)
		}
	}
	_, err := dynamodb.NewFromConfig(s.AWS()).PutItem(ctx, &dynamodb.PutItemInput{
		TableName: aws.String("probe"),
		Item: map[string]types.AttributeValue{
			"pk": &types.AttributeValueMemberS{Value: "contact"}, "kind": &types.AttributeValueMemberS{Value: "contact"},
			"note": &types.AttributeValueMemberS{Value: "x"},
			"ttl":  &types.AttributeValueMemberN{Value: fmt.Sprint(time.Now().Add(time.Hour).Unix())},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Sweep(ctx); err != nil {
		t.Fatal(err)
	}
	if _, there := item(t, s, "contact"); !there {
		t.Fatal("the item went before its time")
	}
	c.advance(25 * time.Hour)
	if err := s.Sweep(ctx); err != nil {
		t.Fatal(err)
	}
	if _, there := item(t, s, "contact"); there {
		t.Error("the expired item is still there")
	}
	shown := s.Status(ctx).Buckets[0].Objects
	if len(shown) != 1 || shown[0].Key != "kept/a" {
		t.Errorf("bucket holds %+v, want kept/a alone", shown)
	}
}
