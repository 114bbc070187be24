// Package console shows what goes on in the local stack: one page for people, and
// the same as JSON for tests.
package console

import "time"

// Status is all that the console shows, at one moment.
type Status struct {
	Now       time.Time  `json:"now"` // of the stack's clock
	Shifted   bool       `json:"shifted"`
	Started   time.Time  `json:"started"` // of the machine's clock
	Stack     string     `json:"stack"`
	Region    string     `json:"region"`
	Addresses []Address  `json:"addresses"`
	Functions []Function `json:"functions"`
	Queues    []Queue    `json:"queues"`
	Mappings  []Mapping  `json:"mappings"`
	Schedules []Schedule `json:"schedules"`
	Bots      []Message  `json:"bots"`
	Mails     []Mail     `json:"mails"`
	Buckets   []Bucket   `json:"buckets"`
	Tables    []Table    `json:"tables"`
	Declared  []Declared `json:"declared"`
	Problems  []string   `json:"problems"` // what could not be read just now
}

// Address is something a person can open or point a program at.
type Address struct {
	Chinese string `json:"zh"`
	English string `json:"en"`
	URL     string `json:"url"`
}

// Function is one function's counters since the stack started.
type Function struct {
	Name        string    `json:"name"`
	Invocations int64     `json:"invocations"`
	Errors      int64     `json:"errors"`
	Timeouts    int64     `json:"timeouts"`
	ColdStarts  int64     `json:"coldStarts"`
	Waiting     int       `json:"waiting"`
	Processes   []int     `json:"processes"` // process ids
	LastError   string    `json:"lastError,omitempty"`
	LastErrorAt time.Time `json:"lastErrorAt,omitzero"`
	Lines       []Line    `json:"lines"` // newest last
}

// Line is one line of a function's log.
type Line struct {
	At   time.Time `json:"at"`
	Text string    `json:"text"`
}

// Queue is what waits in a queue.
type Queue struct {
	Name     string          `json:"name"`
	Visible  int             `json:"visible"`
	InFlight int             `json:"inFlight"`
	Delayed  int             `json:"delayed"`
	Oldest   time.Time       `json:"oldest,omitzero"` // when its oldest message was sent
	Messages []QueuedMessage `json:"messages"`        // the first that wait, and the last that were taken
}

// QueuedMessage is a message seen without being received.
type QueuedMessage struct {
	ID       string    `json:"id"`
	SentAt   time.Time `json:"sentAt"`
	Received int       `json:"received"` // times it was handed out
	Taken    bool      `json:"taken"`    // done and deleted: it is in the queue no more
	Body     string    `json:"body"`
}

// Mapping is how far a stream's, queue's or bucket's function is.
type Mapping struct {
	ID        string `json:"id"`
	Source    string `json:"source"`
	Function  string `json:"function"`
	Ready     bool   `json:"ready"`
	Batches   int64  `json:"batches"`
	Records   int64  `json:"records"`
	Failures  int64  `json:"failures"`
	Dropped   int64  `json:"dropped"` // by a filter
	GivenUp   int64  `json:"givenUp"`
	LastError string `json:"lastError,omitempty"`
}

// Schedule is when a function is woken next.
type Schedule struct {
	ID         string    `json:"id"`
	Function   string    `json:"function"`
	Expression string    `json:"expression"`
	Next       time.Time `json:"next,omitzero"`
	Runs       int64     `json:"runs"`
	LastError  string    `json:"lastError,omitempty"`
}

// Message is what a chat group was told.
type Message struct {
	At      time.Time `json:"at"`
	Kind    string    `json:"kind"` // wecom, dingtalk, feishu or webhook
	Section string    `json:"section"`
	Text    string    `json:"text"`
}

// Mail is a mail as its reader sees it.
type Mail struct {
	At      time.Time `json:"at"`
	From    string    `json:"from"`
	To      []string  `json:"to"`
	Subject string    `json:"subject"`
	Text    string    `json:"text"`
}

// Bucket is what lies in a bucket.
type Bucket struct {
	Name    string   `json:"name"`
	Objects []Object `json:"objects"` // the first few
	More    bool     `json:"more"`
}

// Object is one object of a bucket.
type Object struct {
	Key      string    `json:"key"`
	Bytes    int64     `json:"bytes"`
	StoredAt time.Time `json:"storedAt"`
}

// Table is how much a table holds.
type Table struct {
	Name  string `json:"name"`
	Items int64  `json:"items"`
	TTL   string `json:"ttl,omitempty"`
}

// Declared is a resource of the template that runs on AWS only.
type Declared struct {
	ID   string `json:"id"`
	Type string `json:"type"`
	Name string `json:"name"`
}
