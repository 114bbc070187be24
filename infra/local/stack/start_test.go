package stack

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// startError starts a stack that must not start.
func startError(t *testing.T, s Settings) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	running, err := Start(ctx, s)
	if err == nil {
		_ = running.Close()
		t.Fatal("the stack started; want an error")
	}
	return err
}

func TestStartErrors(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	broken := filepath.Join(t.TempDir(), "template.yaml")
	if err := os.WriteFile(broken, []byte("Resources:\n  A: { Type: AWS::Wrong }\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name   string
		change func(*Settings)
		want   string
	}{
		{"nothing set", func(s *Settings) { *s = Settings{} }, "setting Template is missing\nsetting Binaries is missing\nsetting Data is missing"},
		{"no template", func(s *Settings) { s.Template = "nowhere.yaml" }, "read template: open nowhere.yaml"},
		{"wrong template", func(s *Settings) { s.Template = broken }, `template.yaml:2: Resources.A: resource type "AWS::Wrong" is not understood`},
		{"wrong parameter", func(s *Settings) { s.Parameters = map[string]string{"Colour": "red"} }, `parameter "Colour", which is not declared`},
		{"no binaries", func(s *Settings) { s.Binaries = t.TempDir() }, "probe/bootstrap: no such file"},
		{"wrong endpoint", func(s *Settings) { s.Endpoint = "localhost" }, `endpoint "localhost" is neither a URL nor "aws"`},
		{"port taken", func(s *Settings) { s.Address = taken.Addr().String() }, "open Address " + taken.Addr().String()},
		{"AWS port taken", func(s *Settings) { s.AWSAddress = taken.Addr().String() }, "open AWSAddress"},
		{"seed fails", func(s *Settings) {
			s.Seed = func(context.Context, Surroundings) error { return errors.New("no office") }
		}, "seed the stack: no office"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			set := settings(t.TempDir())
			tt.change(&set)
			if err := startError(t, set); !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v\nwant %s", err, tt.want)
			}
		})
	}
}

// The command tells people which setting to change, so it must know whose port it is.
func TestAddressError(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	set := settings(t.TempDir())
	set.SMTP = taken.Addr().String()
	var got *AddressError
	if err := startError(t, set); !errors.As(err, &got) || got.Setting != "SMTP" {
		t.Errorf("got %v, want an AddressError of SMTP", err)
	}
}

// Two stacks on one folder would each believe to be alone.
func TestFolderInUse(t *testing.T) {
	data := t.TempDir()
	start(t, settings(data))
	if err := startError(t, settings(data)); !strings.Contains(err.Error(), "is in use by another stack") || !strings.Contains(err.Error(), data) {
		t.Errorf("got %v, want that %s is in use", err, data)
	}
}

// A start that fails must leave the folder free and no process behind.
func TestFailedStartLeavesNothing(t *testing.T) {
	data := t.TempDir()
	bad := settings(data)
	bad.Binaries = t.TempDir()
	_ = startError(t, bad)
	start(t, settings(data))
}

// A table cannot be given another key: the person must hear what differs.
func TestChangedTable(t *testing.T) {
	text, err := os.ReadFile("testdata/template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	data := t.TempDir()
	first, err := Start(context.Background(), settings(data))
	if err != nil {
		t.Fatal(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	changed := filepath.Join(t.TempDir(), "template.yaml")
	other := strings.Replace(string(text), "ProjectionType: ALL", "ProjectionType: KEYS_ONLY", 1)
	other = strings.Replace(other, "NEW_AND_OLD_IMAGES", "NEW_IMAGE", 1)
	if err := os.WriteFile(changed, []byte(other), 0o600); err != nil {
		t.Fatal(err)
	}
	set := settings(data)
	set.Template = changed
	got := startError(t, set).Error()
	for _, want := range []string{
		"index kind is kind HASH, pk RANGE with ALL, declared is kind HASH, pk RANGE with KEYS_ONLY",
		"stream is NEW_AND_OLD_IMAGES, declared is NEW_IMAGE",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("got %s\nwant it to contain %s", got, want)
		}
	}
}

// A new version of the program may want one more index. What was stored before must be in it; it used to be that the
// folder had to be thrown away.
func TestNewIndexIsAdded(t *testing.T) {
	text, err := os.ReadFile("testdata/template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	data := t.TempDir()
	first, err := Start(context.Background(), settings(data))
	if err != nil {
		t.Fatal(err)
	}
	name := first.Model().Tables[0].Create.TableName
	_, err = first.clients.tables.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: name, Item: map[string]types.AttributeValue{
		"pk": &types.AttributeValueMemberS{Value: "stored before"}, "place": &types.AttributeValueMemberS{Value: "BL01"},
	}})
	if err = errors.Join(err, first.Close()); err != nil {
		t.Fatal(err)
	}
	changed := filepath.Join(t.TempDir(), "template.yaml")
	other := strings.Replace(string(text), "AttributeDefinitions:\n", "AttributeDefinitions:\n        - { AttributeName: place, AttributeType: S }\n", 1)
	other = strings.Replace(other, "GlobalSecondaryIndexes:\n", `GlobalSecondaryIndexes:
        - IndexName: place
          KeySchema:
            - { AttributeName: place, KeyType: HASH }
          Projection: { ProjectionType: ALL }
`, 1)
	if err := os.WriteFile(changed, []byte(other), 0o600); err != nil {
		t.Fatal(err)
	}
	set := settings(data)
	set.Template = changed
	s := start(t, set)
	out, err := s.clients.tables.Query(t.Context(), &dynamodb.QueryInput{
		TableName: name, IndexName: aws.String("place"), KeyConditionExpression: aws.String("place = :place"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":place": &types.AttributeValueMemberS{Value: "BL01"}},
	})
	if err != nil || out.Count != 1 {
		t.Fatalf("got %d items, %v; want what was stored before", out.Count, err)
	}
}

func TestDiffer(t *testing.T) {
	key := []types.KeySchemaElement{{AttributeName: aws.String("pk"), KeyType: types.KeyTypeHash}}
	definitions := []types.AttributeDefinition{{AttributeName: aws.String("pk"), AttributeType: types.ScalarAttributeTypeS}}
	want := dynamodb.CreateTableInput{KeySchema: key, AttributeDefinitions: definitions}
	same := types.TableDescription{KeySchema: key, AttributeDefinitions: definitions}
	if got := differ(want, &same); len(got) != 0 {
		t.Errorf("the same table differs: %v", got)
	}
	more := same
	more.GlobalSecondaryIndexes = []types.GlobalSecondaryIndexDescription{{IndexName: aws.String("old"), KeySchema: key}}
	if got := differ(want, &more); len(got) != 1 || got[0] != "index old is pk HASH, declared is missing" {
		t.Errorf("got %v, want the index that is not declared", got)
	}
}

// Against another endpoint the stack runs functions and events only. The other
// stack's engines stand for it.
func TestForeignEndpoint(t *testing.T) {
	far := settings(t.TempDir())
	far.Name = "far"
	engines := start(t, far)
	t.Setenv("AWS_ACCESS_KEY_ID", "local")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "local")
	set := settings(t.TempDir())
	set.Endpoint = engines.AWSEndpoint()
	set.Environment = []string{"AWS_ACCESS_KEY_ID=local", "AWS_SECRET_ACCESS_KEY=local", "AWS_REGION=nowhere"}
	near := start(t, set)
	if near.AWSEndpoint() != engines.AWSEndpoint() {
		t.Errorf("endpoint is %s, want %s", near.AWSEndpoint(), engines.AWSEndpoint())
	}
	post(t, near.URL()+"/items/abroad")
	eventually(t, "the work is done", has(t, near, "done-abroad"))
	if _, there := item(t, engines, "item-abroad"); !there {
		t.Error("the item is not at the other endpoint")
	}
	again := start(t, set)
	if again.Model().Account != "000000000000" {
		t.Errorf("account is %q, want the caller's", again.Model().Account)
	}
}

// Tests of other packages count calls and inject faults here.
func TestMiddleware(t *testing.T) {
	var puts atomic.Int64
	set := settings(t.TempDir())
	set.Middleware = func(service, action string, next http.Handler) http.Handler {
		if service == "dynamodb" && action == "PutItem" {
			puts.Add(1)
		}
		return next
	}
	s := start(t, set)
	post(t, s.URL()+"/items/counted")
	if got := puts.Load(); got < 1 {
		t.Errorf("middleware saw %d PutItem calls, want at least one", got)
	}
}

// A request that is being answered when the stack stops is answered to its end.
func TestCloseWaitsForRequests(t *testing.T) {
	entered, release := make(chan struct{}), make(chan struct{})
	set := settings(t.TempDir())
	set.Middleware = func(service, action string, next http.Handler) http.Handler {
		if action != "PutItem" {
			return next
		}
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			close(entered)
			<-release
			next.ServeHTTP(w, r)
		})
	}
	s, err := Start(context.Background(), set)
	if err != nil {
		t.Fatal(err)
	}
	answered := make(chan int, 1)
	go func() {
		response, err := http.Post(s.URL()+"/items/last", "", nil)
		if err != nil {
			answered <- 0
			return
		}
		response.Body.Close()
		answered <- response.StatusCode
	}()
	<-entered
	closed := make(chan error, 1)
	go func() { closed <- s.Close() }()
	select {
	case <-closed:
		t.Error("closed while a request was being answered")
	case <-time.After(50 * time.Millisecond):
	}
	close(release)
	if err := <-closed; err != nil {
		t.Errorf("close: %v", err)
	}
	if status := <-answered; status != http.StatusCreated {
		t.Errorf("the request is answered %d, want 201", status)
	}
}
