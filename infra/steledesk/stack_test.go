package main

import (
	"bytes"
	"cmp"
	"context"
	"flag"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"steledesk/infra/local/awsendpoint"
	"steledesk/infra/local/awsendpoint/awstest"
	engine "steledesk/infra/local/dynamodb"
	s3server "steledesk/infra/local/s3"
	sqsserver "steledesk/infra/local/sqs"
	ssmserver "steledesk/infra/local/ssm"
	"steledesk/infra/local/template"
	"steledesk/shared/dynamo"
	"steledesk/shared/office"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
)

var update = flag.Bool("update", false, "write the golden files anew")

// queuesAhead is by how much the queues' clock is ahead: what hides a message ends without waiting for it.
var queuesAhead atomic.Int64

func queueClock() time.Time { return time.Now().Add(time.Duration(queuesAhead.Load())) }

// services are the local stack's, one of each for all tests; every test has a stack of its own on them.
var services awsendpoint.Options

func TestMain(m *testing.M) { os.Exit(serve(m)) }

func serve(m *testing.M) int {
	flag.Parse()
	folder, err := os.MkdirTemp("", "steledesk")
	if err != nil {
		log.Print(err)
		return 1
	}
	defer func() { _ = os.RemoveAll(folder) }()
	tables, err := engine.Start(context.Background(), engine.Options{Folder: folder, Modules: "../local/node_modules"})
	if err != nil {
		log.Print(err)
		return 1
	}
	defer func() { _ = tables.Close() }()
	queues, err := sqsserver.Open(filepath.Join(folder, "sqs.sqlite"), sqsserver.Options{Clock: queueClock})
	if err != nil {
		log.Print(err)
		return 1
	}
	defer func() { _ = queues.Close() }()
	parameters, err := ssmserver.Open(filepath.Join(folder, "ssm.json"), ssmserver.Options{})
	if err != nil {
		log.Print(err)
		return 1
	}
	files, err := s3server.Open(filepath.Join(folder, "buckets"), s3server.Options{})
	if err != nil {
		log.Print(err)
		return 1
	}
	services = awsendpoint.Options{DynamoDB: tables.Proxy(), SQS: queues, SSM: parameters, S3: files}
	return m.Run()
}

// desk is a deployed stack, and what a test does to it beside the command under test.
type desk struct {
	t      *testing.T
	name   string
	faults atomic.Pointer[awsendpoint.Middleware] // of the calls the command makes; set by fail
	took   calls                                  // what the command called
	table  *dynamo.Table
	items  *dynamodb.Client
	queues *sqs.Client
	files  *s3.Client
	now    time.Time
	person string // what a person at the terminal types; none: there is no terminal
	url    string
	keysOf string // another desk whose keys it has; its own when empty
}

var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, ticket.Zone)

var stacks atomic.Int32

// deploy makes the template's table and queues under a name of their own.
func deploy(t *testing.T) *desk {
	t.Helper()
	text, err := os.ReadFile("../../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := template.Parse("template.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{t: t, name: fmt.Sprint("desk", stacks.Add(1)), now: monday}
	model, err := parsed.Resolve(template.Settings{Stack: d.name, Region: "us-east-1", Account: "000000000000"})
	if err != nil {
		t.Fatal(err)
	}
	direct := httptest.NewServer(awsendpoint.New(services))
	t.Cleanup(direct.Close)
	options := services
	options.Middleware = d.took.noted(func(service, action string, next http.Handler) http.Handler {
		if faults := d.faults.Load(); faults != nil {
			return (*faults)(service, action, next)
		}
		return next
	})
	through := httptest.NewServer(awsendpoint.New(options))
	t.Cleanup(through.Close)
	d.url = through.URL
	config := awstest.Config(direct.URL)
	d.table, d.items, d.queues = dynamo.Open(config, d.name), dynamodb.NewFromConfig(config), sqs.NewFromConfig(config)
	d.files = s3.NewFromConfig(config)
	d.create(model)
	return d
}

// fail puts faults into the calls that the command makes from now on; nil is none.
func (d *desk) fail(faults awsendpoint.Middleware) {
	if faults == nil {
		d.faults.Store(nil)
		return
	}
	d.faults.Store(&faults)
}

func (d *desk) create(model *template.Model) {
	d.t.Helper()
	for _, table := range model.Tables {
		if _, err := d.items.CreateTable(d.t.Context(), &table.Create); err != nil {
			d.t.Fatal(err)
		}
	}
	for _, b := range model.Buckets {
		if _, err := d.files.CreateBucket(d.t.Context(), &s3.CreateBucketInput{Bucket: &b.Name}); err != nil {
			d.t.Fatal(err)
		}
	}
	for _, q := range model.Queues {
		if _, err := d.queues.CreateQueue(d.t.Context(), &sqs.CreateQueueInput{QueueName: &q.Name, Attributes: q.Attributes}); err != nil {
			d.t.Fatal(err)
		}
	}
}

// answer is what a command line came to.
type answer struct {
	code     int
	out, err string
}

func (a answer) String() string {
	return fmt.Sprintf("exit code %d\nout:\n%serr:\n%s", a.code, a.out, a.err)
}

// run gives the command line to the command, as an operator does.
func (d *desk) run(args ...string) answer {
	d.t.Helper()
	return d.runContext(d.t.Context(), args...)
}

func (d *desk) runContext(ctx context.Context, args ...string) answer {
	var out, errs bytes.Buffer
	e := &env{
		in: strings.NewReader(d.person), out: &out, err: &errs, terminal: d.person != "", user: "tester",
		now: func() time.Time { return d.now },
		getenv: func(name string) string {
			return map[string]string{"STELEDESK_STACK": d.name}[name]
		},
		aws: d.aws,
	}
	d.took.take() // what the test itself called
	code := run(ctx, e, append([]string{"--secret", "/" + cmp.Or(d.keysOf, d.name) + "/secret"}, args...))
	d.permitted(d.took.take(), args...)
	return answer{code, out.String(), errs.String()}
}

func (d *desk) aws(context.Context, string) (aws.Config, error) { return awstest.Config(d.url), nil }

// want runs a command line that must end with code and say all of texts.
func (d *desk) want(code int, args []string, texts ...string) answer {
	d.t.Helper()
	got := d.run(args...)
	if got.code != code {
		d.t.Fatalf("%v: got %v, want exit code %d", args, got, code)
	}
	for _, text := range texts {
		if !strings.Contains(got.out+got.err, text) {
			d.t.Errorf("%v: got %v, want in it:\n%s", args, got, text)
		}
	}
	return got
}

// numberOf makes up the n-th ticket number of a test.
func numberOf(n int) string { return ticket.NewNumber("WX", uint64(n)) }

// file stores a ticket that a visitor filed.
func (d *desk) file(n int, change func(*ticket.Command)) string {
	d.t.Helper()
	c := ticket.Command{
		Name: ticket.File, By: ticket.Actor{Role: ticket.Visitor}, Number: numberOf(n), Kind: ticket.Complaint, Category: "toilets",
		Spot: "BL01", Section: "gardens", Text: "厕所没有水\x1b[2J", Salt: "salt", RoutedBy: "category:toilets",
	}
	if change != nil {
		change(&c)
	}
	head, events, err := ticket.Apply(ticket.Head{}, c, ticket.Moment{Now: d.now, Terms: office.Default()})
	if err != nil {
		d.t.Fatal(err)
	}
	f := visitor.Filed{Head: head, Event: events[0], KeySum: c.Number, MatterID: c.Number, Contact: "1:sealed"}
	if c.Anonymous {
		f.Contact = ""
	}
	if err := d.table.File(d.t.Context(), f); err != nil {
		d.t.Fatal(err)
	}
	return c.Number
}

// do carries out a command on a stored ticket.
func (d *desk) do(number string, c ticket.Command) {
	d.t.Helper()
	stored, err := d.table.Ticket(d.t.Context(), number)
	if err != nil {
		d.t.Fatal(err)
	}
	head, events, err := ticket.Apply(stored.Head, c, ticket.Moment{Now: d.now, Terms: office.Default()})
	if err != nil {
		d.t.Fatal(err)
	}
	if err := d.table.Append(d.t.Context(), stored.Head.Version, head, events); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) sign(number string) {
	d.t.Helper()
	d.do(number, ticket.Command{Name: ticket.Sign, By: ticket.Actor{Role: ticket.SectionStaff, Section: "gardens", Login: "g1"}})
}

// set changes one text attribute of a stored item, as somebody with access to the table could.
func (d *desk) set(number, sk, attribute string, change func(string) string) {
	d.t.Helper()
	key := map[string]types.AttributeValue{
		"pk": &types.AttributeValueMemberS{Value: "T#" + number}, "sk": &types.AttributeValueMemberS{Value: sk},
	}
	item, err := d.items.GetItem(d.t.Context(), &dynamodb.GetItemInput{TableName: &d.name, Key: key})
	if err != nil {
		d.t.Fatal(err)
	}
	old, ok := item.Item[attribute].(*types.AttributeValueMemberS)
	if !ok || change(old.Value) == old.Value {
		d.t.Fatalf("%s %s has no %s that changes: %v", number, sk, attribute, item.Item)
	}
	item.Item[attribute] = &types.AttributeValueMemberS{Value: change(old.Value)}
	if _, err := d.items.PutItem(d.t.Context(), &dynamodb.PutItemInput{TableName: &d.name, Item: item.Item}); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) remove(number, sk string) {
	d.t.Helper()
	_, err := d.items.DeleteItem(d.t.Context(), &dynamodb.DeleteItemInput{TableName: &d.name, Key: map[string]types.AttributeValue{
		"pk": &types.AttributeValueMemberS{Value: "T#" + number}, "sk": &types.AttributeValueMemberS{Value: sk},
	}})
	if err != nil {
		d.t.Fatal(err)
	}
}

// golden compares a text with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s: got:\n%s\nwant:\n%s", path, got, want)
	}
}

// file writes a file for a command to read.
func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
