package dynamodb

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"steledesk/infra/local/awsendpoint/awstest"
)

const modules = "../node_modules"

// holdFolder makes the test binary start an engine on the folder that it names, and wait to be killed.
const holdFolder = "STELEDESK_TEST_HOLD_FOLDER"

func TestMain(m *testing.M) {
	if folder := os.Getenv(holdFolder); folder != "" {
		s, err := Start(context.Background(), Options{Folder: folder, Modules: modules})
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Println(s.PID())
		select {} // until it is killed
	}
	os.Exit(m.Run())
}

func start(t *testing.T, options Options) *Server {
	t.Helper()
	if options.Folder == "" {
		options.Folder = t.TempDir()
	}
	options.Modules = modules
	s, err := Start(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// endpoint serves the proxy and returns its URL.
func endpoint(t *testing.T, s *Server) string {
	t.Helper()
	web := httptest.NewServer(s.Proxy())
	t.Cleanup(web.Close)
	return web.URL
}

// createTable makes a table with a stream and returns its ARN and the stream's.
func createTable(t *testing.T, c *sdk.Client, name string) (table, stream string) {
	t.Helper()
	made, err := c.CreateTable(t.Context(), &sdk.CreateTableInput{TableName: &name, BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{{AttributeName: aws.String("pk"), AttributeType: types.ScalarAttributeTypeS},
			{AttributeName: aws.String("sk"), AttributeType: types.ScalarAttributeTypeN}},
		KeySchema: []types.KeySchemaElement{{AttributeName: aws.String("pk"), KeyType: types.KeyTypeHash},
			{AttributeName: aws.String("sk"), KeyType: types.KeyTypeRange}},
		StreamSpecification: &types.StreamSpecification{StreamEnabled: aws.Bool(true), StreamViewType: types.StreamViewTypeNewAndOldImages}})
	if err != nil {
		t.Fatal(err)
	}
	return *made.TableDescription.TableArn, *made.TableDescription.LatestStreamArn
}

type item = map[string]types.AttributeValue

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }
func number(n int64) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(n, 10)}
}

func put(t *testing.T, c *sdk.Client, table string, item item) {
	t.Helper()
	if _, err := c.PutItem(t.Context(), &sdk.PutItemInput{TableName: &table, Item: item}); err != nil {
		t.Fatal(err)
	}
}

func count(t *testing.T, c *sdk.Client, table string) int {
	t.Helper()
	out, err := c.Scan(t.Context(), &sdk.ScanInput{TableName: &table})
	if err != nil {
		t.Fatal(err)
	}
	return len(out.Items)
}

// Two engines on one file would each believe to be alone.
func TestFolderIsLocked(t *testing.T) {
	folder := t.TempDir()
	first := start(t, Options{Folder: folder})
	_, err := Start(t.Context(), Options{Folder: folder, Modules: modules})
	if err == nil || !strings.Contains(err.Error(), folder) || !strings.Contains(err.Error(), fmt.Sprint(os.Getpid())) {
		t.Errorf("second start: %v; want the folder and its owner named", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	start(t, Options{Folder: folder})
}

func TestEngineIsStartedAgain(t *testing.T) {
	died := make(chan error, 1)
	s := start(t, Options{OnExit: func(err error) { died <- err }})
	c := sdk.NewFromConfig(awstest.Config(endpoint(t, s)))
	createTable(t, c, "kept")
	put(t, c, "kept", item{"pk": text("a"), "sk": number(1)})
	old := s.PID()
	engine, err := os.FindProcess(old)
	if err != nil {
		t.Fatal(err)
	}
	if err := engine.Kill(); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-died:
		if !strings.Contains(err.Error(), "killed") {
			t.Errorf("told %v", err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("nobody was told of the death")
	}
	awaits(t, func() bool { return s.PID() != 0 && s.PID() != old })
	if got := count(t, c, "kept"); got != 1 {
		t.Errorf("%d items, want 1", got)
	}
}

// awaits waits until a condition that a process outside must bring about holds.
func awaits(t *testing.T, condition func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for !condition() {
		if pause(ctx, 5*time.Millisecond) != nil {
			t.Fatal("waited in vain")
		}
	}
}

func TestProxyWhileEngineIsDown(t *testing.T) {
	s := start(t, Options{})
	c := sdk.NewFromConfig(awstest.Config(endpoint(t, s)))
	s.current.Store(nil)
	_, err := c.ListTables(t.Context(), &sdk.ListTablesInput{})
	var internal *types.InternalServerError
	if !errors.As(err, &internal) {
		t.Errorf("got %v, want an InternalServerError, which SDKs try again", err)
	}
}

// An engine that outlives a stack killed with -9 would keep the folder.
func TestEngineDiesWithItsParent(t *testing.T) {
	if _, err := os.Stat("/proc/self"); err != nil {
		t.Fatal("only Linux ends children with their parent")
	}
	folder := t.TempDir()
	process := exec.Command(os.Args[0], "-test.run=^$")
	process.Env = append(os.Environ(), holdFolder+"="+folder)
	process.Stderr = os.Stderr
	out, err := process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	engine, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		t.Fatal(err)
	}
	process.Process.Kill()
	process.Wait()
	start(t, Options{Folder: folder}) // waits for the lock, which the engine holds too
	if running, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", engine)); err == nil && strings.Contains(running, "dynoxide") {
		t.Error("the engine lives on")
	}
}

func TestFind(t *testing.T) {
	folder := t.TempDir()
	old := filepath.Join(folder, "old")
	if err := os.WriteFile(old, []byte("#!/bin/sh\necho dynoxide 1.2.0\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, bin, path, modules, want string }{
		{"none", "", folder, "/nowhere/node_modules", "npm install --prefix /nowhere"},
		{"named one is missing", filepath.Join(folder, "none"), "", "", "DYNOXIDE_BIN"},
		{"wrong version", old, "", "", "needs dynoxide 1.2.1 exactly"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Setenv("DYNOXIDE_BIN", c.bin)
			t.Setenv("PATH", c.path)
			_, err := find(t.Context(), c.modules)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

// Upkeep leans on a private schema: with another one it must not start.
func TestUnknownSchemaIsRefused(t *testing.T) {
	folder := t.TempDir()
	s := start(t, Options{Folder: folder})
	if _, err := s.file.Exec(`ALTER TABLE _stream_records ADD COLUMN more TEXT`); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Start(t.Context(), Options{Folder: folder, Modules: modules}); err == nil || !strings.Contains(err.Error(), "is not the one of dynoxide 1.2.1") {
		t.Errorf("got %v", err)
	}
}
