package template

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// Model is what a template declares for one deployment. Every list is in the
// order of the template, but for Queues: dead-letter queues come first.
type Model struct {
	Stack      string
	Region     string
	Account    string
	Parameters []Parameter
	Functions  []Function
	API        string // logical id of the HTTP API; empty without one
	Routes     []Route
	Tables     []Table
	Queues     []Queue
	Buckets    []Bucket
	Streams    []StreamMapping
	Consumers  []QueueMapping
	Uploads    []BucketNotification
	Schedules  []Schedule
	Outputs    []Output
	Alarms     []Alarm
	Declared   []Declared // alarms are among them
}

// Parameter is a parameter with the value in force; a list is written with commas.
type Parameter struct{ Name, Value string }

// Function is one AWS::Serverless::Function.
type Function struct {
	ID          string
	Name        string // physical name
	Folder      string // CodeUri, relative to the template, without a trailing slash
	Description string
	Environment map[string]string
	Timeout     time.Duration
	MemoryMB    int
	DiskMB      int    // in /tmp
	Retries     int    // of events it is invoked for asynchronously
	OnFailure   string // ARN of the queue that is told when those are used up; empty: none is
	Statements  []Statement
	Line        int
}

// Statement is one statement of a function's policy.
type Statement struct {
	Sid       string
	Actions   []string // such as dynamodb:PutItem
	Resources []string // ARN patterns
	Line      int
}

// Route is one HttpApi event. Method "ANY" and Path "$default" mean what they mean
// to API Gateway.
type Route struct {
	Method, Path, Function string
	Line                   int
}

// Table is one AWS::DynamoDB::Table, ready to be created.
type Table struct {
	ID     string
	Create dynamodb.CreateTableInput
	TTL    string // the attribute that holds when an item expires; empty for none
	Line   int
}

// Queue is one AWS::SQS::Queue. Attributes are written as SQS's CreateQueue takes
// them; DeadLetters is the name of the queue that takes what failed, or empty.
type Queue struct {
	ID, Name    string
	Attributes  map[string]string
	DeadLetters string
	Line        int
}

// Bucket is one AWS::S3::Bucket.
type Bucket struct {
	ID, Name string
	CORS     []s3types.CORSRule
	Expiry   []Expiry
	Line     int
}

// Expiry says that objects under a prefix go after some days.
type Expiry struct {
	Prefix string
	Days   int
}

// StreamMapping connects a table's stream to a function.
type StreamMapping struct {
	ID, Function, StreamARN string
	Enabled                 bool
	StartingPosition        string // TRIM_HORIZON or LATEST
	BatchSize               int
	Window                  time.Duration // how long a batch may be gathered
	Parallelization         int
	Retries                 int           // -1 for ever
	MaxAge                  time.Duration // -1 for ever
	Bisect                  bool
	PartialFailures         bool   // ReportBatchItemFailures
	OnFailure               string // ARN of the queue that is told of records given up
	Filters                 []string
	Line                    int
}

// QueueMapping connects a queue to a function.
type QueueMapping struct {
	ID, Function, QueueARN string
	Enabled                bool
	BatchSize              int
	Window                 time.Duration
	MaxConcurrency         int // 0 for no limit of its own
	PartialFailures        bool
	Filters                []string
	Line                   int
}

// BucketNotification tells a function of objects. Events are written as the
// template has them, such as s3:ObjectCreated:*.
type BucketNotification struct {
	ID, Function, Bucket string
	Events               []string
	Prefix, Suffix       string
	Line                 int
}

// Schedule wakes a function by the clock.
type Schedule struct {
	ID, Name, Function string
	Expression         string // rate(...), cron(...) or at(...)
	Zone               string // IANA name; UTC for rules
	Input              string // constant payload; empty for the event AWS sends
	Scheduler          bool   // ScheduleV2: EventBridge Scheduler, not a rule
	Enabled            bool
	Line               int
}

// Output is one of the template's outputs.
type Output struct{ Name, Description, Value string }

// Declared is a resource that is known and has nothing to run on one machine.
type Declared struct {
	ID, Type, Name string
	Line           int
	Body           string // of a dashboard: its JSON
}

// Parameter returns a parameter's value in force; empty when there is none of that
// name.
func (m *Model) Parameter(name string) string {
	for _, p := range m.Parameters {
		if p.Name == name {
			return p.Value
		}
	}
	return ""
}
