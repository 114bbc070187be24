package template

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// table reads one AWS::DynamoDB::Table.
func table(res *resource, name string, o *object) Table {
	o.require("KeySchema", "AttributeDefinitions")
	o.ignore("TableName", "PointInTimeRecoverySpecification", "SSESpecification", "DeletionProtectionEnabled",
		"ContributorInsightsSpecification", "TableClass", "Tags")
	o.choice("BillingMode", "PAY_PER_REQUEST", "PAY_PER_REQUEST")
	o.require("BillingMode") // the default is PROVISIONED, which nobody here means
	t := Table{ID: res.id, Line: res.line, Create: dynamodb.CreateTableInput{
		TableName:   aws.String(name),
		BillingMode: types.BillingModePayPerRequest,
		KeySchema:   keySchema(o),
	}}
	for _, d := range o.objects("AttributeDefinitions") {
		d.require("AttributeName", "AttributeType")
		t.Create.AttributeDefinitions = append(t.Create.AttributeDefinitions, types.AttributeDefinition{
			AttributeName: aws.String(d.text("AttributeName", "")),
			AttributeType: types.ScalarAttributeType(d.choice("AttributeType", "", "S", "N", "B")),
		})
		d.done()
	}
	for _, index := range o.objects("GlobalSecondaryIndexes") {
		t.Create.GlobalSecondaryIndexes = append(t.Create.GlobalSecondaryIndexes, globalIndex(index))
	}
	stream := o.object("StreamSpecification")
	if view := stream.choice("StreamViewType", "", "KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"); view != "" {
		t.Create.StreamSpecification = &types.StreamSpecification{StreamEnabled: aws.Bool(true), StreamViewType: types.StreamViewType(view)}
	}
	stream.done()
	ttl := o.object("TimeToLiveSpecification")
	if ttl.flag("Enabled", false) {
		ttl.require("AttributeName")
		t.TTL = ttl.text("AttributeName", "")
	}
	ttl.ignore("AttributeName")
	ttl.done()
	checkAttributes(t, o)
	return t
}

func keySchema(o *object) []types.KeySchemaElement {
	var schema []types.KeySchemaElement
	for _, key := range o.objects("KeySchema") {
		key.require("AttributeName", "KeyType")
		schema = append(schema, types.KeySchemaElement{
			AttributeName: aws.String(key.text("AttributeName", "")),
			KeyType:       types.KeyType(key.choice("KeyType", "", "HASH", "RANGE")),
		})
		key.done()
	}
	right := len(schema) == 1 || len(schema) == 2 && schema[1].KeyType == types.KeyTypeRange
	if len(schema) > 0 && !(right && schema[0].KeyType == types.KeyTypeHash) {
		o.found.at(o.v.field("KeySchema"), "must be a HASH key, and after it a RANGE key at most")
	}
	return schema
}

func globalIndex(o *object) types.GlobalSecondaryIndex {
	o.require("IndexName", "KeySchema", "Projection")
	projection := o.object("Projection")
	index := types.GlobalSecondaryIndex{
		IndexName: aws.String(o.text("IndexName", "")),
		KeySchema: keySchema(o),
		Projection: &types.Projection{
			ProjectionType:   types.ProjectionType(projection.choice("ProjectionType", "", "ALL", "KEYS_ONLY", "INCLUDE")),
			NonKeyAttributes: projection.texts("NonKeyAttributes"),
		},
	}
	projection.require("ProjectionType")
	projection.done()
	o.done()
	return index
}

// checkAttributes finds keys without a definition and definitions without a key;
// AWS refuses both.
func checkAttributes(t Table, o *object) {
	keys := slices.Clone(t.Create.KeySchema)
	for _, index := range t.Create.GlobalSecondaryIndexes {
		keys = append(keys, index.KeySchema...)
	}
	var used, defined []string
	for _, key := range keys {
		used = append(used, *key.AttributeName)
	}
	for _, d := range t.Create.AttributeDefinitions {
		defined = append(defined, *d.AttributeName)
		if !slices.Contains(used, *d.AttributeName) {
			o.found.at(o.v.field("AttributeDefinitions"), "defines %s, which is a key of nothing; define key attributes only", *d.AttributeName)
		}
	}
	for _, name := range used {
		if !slices.Contains(defined, name) && o.has("AttributeDefinitions") {
			o.found.at(o.v.field("AttributeDefinitions"), "does not define %s, which is a key", name)
		}
	}
}

// queue reads one AWS::SQS::Queue.
func (r *resolver) queue(res *resource, name string, o *object) Queue {
	q := Queue{ID: res.id, Name: name, Line: res.line, Attributes: map[string]string{}}
	if strings.HasSuffix(name, ".fifo") {
		r.found.add(res.line, res.v.path, "FIFO queues are not understood; the desk orders events by their numbers")
	}
	o.ignore("QueueName", "SqsManagedSseEnabled", "KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds", "Tags")
	for _, limit := range []struct {
		name      string
		low, high int
	}{
		{"VisibilityTimeout", 0, 43_200},
		{"MessageRetentionPeriod", 60, 1_209_600},
		{"DelaySeconds", 0, 900},
		{"MaximumMessageSize", 1024, 1_048_576},
		{"ReceiveMessageWaitTimeSeconds", 0, 20},
	} {
		if n := o.integer(limit.name, -1, limit.low, limit.high); n >= 0 {
			q.Attributes[limit.name] = strconv.Itoa(n)
		}
	}
	r.redrive(&q, o)
	return q
}

func (r *resolver) redrive(q *Queue, o *object) {
	if o.ask("RedrivePolicy") == nil {
		return
	}
	policy := o.object("RedrivePolicy")
	policy.require("deadLetterTargetArn", "maxReceiveCount")
	arn := policy.text("deadLetterTargetArn", "")
	count := policy.integer("maxReceiveCount", 0, 1, 1000)
	policy.done()
	q.DeadLetters = arn[strings.LastIndex(arn, ":")+1:]
	text, err := json.Marshal(map[string]string{"deadLetterTargetArn": arn, "maxReceiveCount": strconv.Itoa(count)})
	if err != nil {
		r.fail(policy.v, "cannot be written as JSON: %v", err)
	}
	q.Attributes["RedrivePolicy"] = string(text)
}

// bucket reads one AWS::S3::Bucket.
func bucket(res *resource, name string, o *object) Bucket {
	b := Bucket{ID: res.id, Name: name, Line: res.line}
	o.ignore("BucketName", "PublicAccessBlockConfiguration", "BucketEncryption", "OwnershipControls", "VersioningConfiguration", "Tags")
	cors := o.object("CorsConfiguration")
	for _, rule := range cors.objects("CorsRules") {
		rule.require("AllowedMethods", "AllowedOrigins")
		b.CORS = append(b.CORS, s3types.CORSRule{
			AllowedMethods: rule.texts("AllowedMethods"),
			AllowedOrigins: rule.texts("AllowedOrigins"),
			AllowedHeaders: rule.texts("AllowedHeaders"),
			ExposeHeaders:  rule.texts("ExposedHeaders"),
			MaxAgeSeconds:  aws.Int32(int32(rule.integer("MaxAge", 0, 0, 1<<30))),
		})
		rule.ignore("Id")
		rule.done()
	}
	cors.done()
	lifecycle := o.object("LifecycleConfiguration")
	for _, rule := range lifecycle.objects("Rules") {
		rule.ignore("Id")
		rule.require("Status")
		expiry := Expiry{Prefix: rule.text("Prefix", ""), Days: rule.integer("ExpirationInDays", 0, 1, 36_500)}
		abort := rule.object("AbortIncompleteMultipartUpload")
		abort.ignore("DaysAfterInitiation")
		abort.done()
		if rule.choice("Status", "Disabled", "Enabled", "Disabled") == "Enabled" && expiry.Days > 0 {
			b.Expiry = append(b.Expiry, expiry)
		}
		rule.done()
	}
	lifecycle.done()
	return b
}

// mapping reads one AWS::Lambda::EventSourceMapping; the source's ARN says of what.
func (r *resolver) mapping(res *resource, o *object, m *Model) {
	o.require("FunctionName", "EventSourceArn")
	arn := o.text("EventSourceArn", "")
	f, ok := r.functionNamed(o)
	if !ok {
		o.v = o.v.like(broken)
		return
	}
	switch {
	case strings.Contains(arn, ":sqs:"):
		m.Consumers = append(m.Consumers, r.consumer(res.id, f, o, arn, res.line))
	case strings.Contains(arn, ":dynamodb:"):
		m.Streams = append(m.Streams, r.stream(res.id, f, o, arn, res.line))
	default:
		if o.has("EventSourceArn") && o.v.field("EventSourceArn").kind != broken {
			r.fail(o.v.field("EventSourceArn"), "%q is neither a queue nor a table's stream; only those are understood", arn)
		}
		o.v = o.v.like(broken)
	}
}

// functionNamed finds the function a mapping names by name or ARN.
func (r *resolver) functionNamed(o *object) (Function, bool) {
	text := o.text("FunctionName", "")
	for _, res := range r.resources {
		if res.kind != functionType || !res.active {
			continue
		}
		name, _ := r.name(o.v, res)
		arn := r.settings.identity().write(shapes[functionType].attributes["Arn"], name)
		if text != "" && (text == name || text == arn) {
			return Function{ID: res.id, Name: name}, true
		}
	}
	if text != "" {
		r.fail(o.v.field("FunctionName"), "%q is not a function of the template", text)
	}
	return Function{}, false
}

// visibility finds a queue whose messages would come back while they are handled.
func (r *resolver) visibility(c QueueMapping, m *Model) {
	name := c.QueueARN[strings.LastIndex(c.QueueARN, ":")+1:]
	q := slices.IndexFunc(m.Queues, func(q Queue) bool { return q.Name == name })
	f := slices.IndexFunc(m.Functions, func(f Function) bool { return f.ID == c.Function })
	if q < 0 || f < 0 {
		return
	}
	visible := 30
	if text := m.Queues[q].Attributes["VisibilityTimeout"]; text != "" {
		visible, _ = strconv.Atoi(text)
	}
	if timeout := m.Functions[f].Timeout; seconds(visible) < timeout {
		r.found.add(m.Queues[q].Line, "Resources."+m.Queues[q].ID, "VisibilityTimeout of %s is shorter than the %s that %s may take; AWS refuses the mapping",
			seconds(visible), timeout, fmt.Sprintf("function %s", m.Functions[f].Name))
	}
}
