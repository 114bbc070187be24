package template

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

var here = Settings{Stack: "desk", Region: "us-east-1", Account: "000000000000"}

// resolve reads a template that a test expects to be right.
func resolve(t *testing.T, text string, s Settings) *Model {
	t.Helper()
	parsed, err := Parse("t.yaml", []byte(text))
	if err != nil {
		t.Fatalf("parse:\n%v", err)
	}
	m, err := parsed.Resolve(s)
	if err != nil {
		t.Fatalf("resolve:\n%v", err)
	}
	return m
}

// problems returns what is wrong with a text, whichever step finds it.
func problems(text string, s Settings) Problems {
	parsed, err := Parse("t.yaml", []byte(text))
	if err == nil {
		_, err = parsed.Resolve(s)
	}
	var ps Problems
	errors.As(err, &ps)
	return ps
}

// The project's own template is what all of this is for: if it stops being
// understood, nothing runs here.
func TestProjectTemplate(t *testing.T) {
	text, err := os.ReadFile("../../../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	m := resolve(t, string(text), Settings{
		Stack: "steledesk", Region: "us-east-1", Account: "000000000000",
		Parameters: map[string]string{"ChannelHosts": "http://127.0.0.1:8080", "MailHosts": "127.0.0.1:25"},
		Known:      map[Attribute]string{{"Table", "StreamArn"}: "arn:aws:dynamodb:us-east-1:000000000000:table/steledesk/stream/now"},
	})
	if len(m.Functions) < 5 || len(m.Tables) != 1 || len(m.Buckets) != 2 || m.API != "Api" {
		t.Fatalf("got %d functions, %d tables, %d buckets, API %q", len(m.Functions), len(m.Tables), len(m.Buckets), m.API)
	}
	sections := len(strings.Split(m.Parameter("SectionIds"), ","))
	if len(m.Queues) < sections+2 || m.Queues[0].DeadLetters != "" {
		t.Errorf("got %d queues for %d sections, the first with dead letters in %q; want dead-letter queues first", len(m.Queues), sections, m.Queues[0].DeadLetters)
	}
	if len(m.Consumers) != sections+3 || // each section's, photo's second chance, the visitors' phones, orders of digests
		m.Consumers[0].BatchSize != 50 || m.Consumers[0].Function != "NotifyFunction" {
		t.Errorf("got consumers %+v", m.Consumers)
	}
	dispatch := slices.IndexFunc(m.Streams, func(s StreamMapping) bool { return s.Function == "DispatchFunction" })
	if len(m.Streams) != 2 || !strings.HasSuffix(m.Streams[dispatch].StreamARN, "/stream/now") || m.Streams[dispatch].MaxAge != 6*time.Hour {
		t.Errorf("got streams %+v", m.Streams)
	}
	photo := m.Functions[slices.IndexFunc(m.Functions, func(f Function) bool { return f.Folder == "functions/photo" })]
	if photo.Retries != 2 || !strings.HasSuffix(photo.OnFailure, ":steledesk-photo-failures") || len(m.Uploads) != 1 || m.Uploads[0].Prefix != "uploads/" {
		t.Errorf("photo is tried again %d times, then goes to %q; notifications %+v", photo.Retries, photo.OnFailure, m.Uploads)
	}
	monthly := slices.IndexFunc(m.Schedules, func(s Schedule) bool { return s.Function == "DigestFunction" })
	if monthly < 0 || m.Schedules[monthly].Expression != "cron(0 0 1 * ? *)" {
		t.Errorf("got schedules %+v, want the digest's at 08:00 in China on the first of the month", m.Schedules)
	}
	if digest := m.Functions[slices.IndexFunc(m.Functions, func(f Function) bool { return f.Folder == "functions/digest" })]; digest.DiskMB != 1024 || photo.DiskMB != 512 {
		t.Errorf("digest has %d MB for temporary files and photo %d, want 1024 and what Lambda gives by itself", digest.DiskMB, photo.DiskMB)
	}
	notify := m.Functions[slices.IndexFunc(m.Functions, func(f Function) bool { return f.Folder == "functions/notify" })]
	for name, want := range map[string]string{"TABLE": "steledesk", "CHANNEL_HOSTS": "http://127.0.0.1:8080", "SECRET_PARAMETER": "/steledesk/secret"} {
		if got := notify.Environment[name]; got != want {
			t.Errorf("notify's %s = %q, want %q", name, got, want)
		}
	}
	if notify.Timeout != time.Minute || notify.MemoryMB != 256 {
		t.Errorf("notify has %s and %d MB", notify.Timeout, notify.MemoryMB)
	}
}

// Every path below is one mistake; the line is where an editor must jump to.
func TestProblems(t *testing.T) {
	const queue = "Resources:\n  Q:\n    Type: AWS::SQS::Queue\n"
	const function = `Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: functions/f
      Runtime: provided.al2023
      Handler: bootstrap
`
	const looped = "Transform: AWS::LanguageExtensions\nResources:\n"
	for _, tt := range []struct{ name, text, want string }{
		{"empty", "", "t.yaml:1: not YAML: EOF"},
		{"syntax", "Resources:\n  A: [", "not YAML"},
		{"two documents", "Resources: {}\n---\nResources: {}\n", "more than one YAML document"},
		{"not a mapping", "- a\n", "t.yaml:1: a template is a mapping"},
		{"section", "Resources: {}\nRules: {}\n", "t.yaml:2: Rules: section is not understood"},
		{"no resources", "Description: x\n", "Resources: section is missing"},
		{"transform", "Transform: Other\nResources: {}\n", `t.yaml:1: Transform: transform "Other"`},
		{"order of transforms", "Transform: [AWS::Serverless-2016-10-31, AWS::LanguageExtensions]\nResources: {}\n", "must come before"},
		{"short function", queue + "    Properties:\n      QueueName: !Base64 x\n", "t.yaml:5: Resources.Q.Properties.QueueName: function !Base64 is not understood; understood are Ref,"},
		{"long function", queue + "    Properties:\n      QueueName: { \"Fn::Cidr\": x }\n", "t.yaml:5: Resources.Q.Properties.QueueName: function Fn::Cidr is not understood"},
		{"function beside keys", queue + "    Properties:\n      QueueName: { Ref: A, x: y }\n", "t.yaml:5: Resources.Q.Properties.QueueName: Ref stands beside other keys"},
		{"anchor", queue + "    Properties: &p\n      DelaySeconds: 1\n", "t.yaml:4: Resources.Q.Properties: anchors"},
		{"key twice", queue + "    Properties:\n      DelaySeconds: 1\n      DelaySeconds: 2\n", "t.yaml:6: Resources.Q.Properties.DelaySeconds: is given twice; the first is in line 5"},
		{"type", "Resources:\n  Q:\n    Type: AWS::SQS::Que\n", `t.yaml:2: Resources.Q: resource type "AWS::SQS::Que" is not understood; understood are`},
		{"no type", "Resources:\n  Q:\n    Properties: {}\n", "t.yaml:3: Resources.Q: Type is missing"},
		{"property", queue + "    Properties:\n      VisibilityTimout: 3\n", "t.yaml:5: Resources.Q.Properties.VisibilityTimout: is not understood; understood are QueueName,"},
		{"alarm's property", "Resources:\n  A:\n    Type: AWS::CloudWatch::Alarm\n    Properties:\n" + wholeAlarm + "      Statistik: Sum\n", "t.yaml:11: Resources.A.Properties.Statistik: is not understood"},
		{"attribute of resource", queue + "    UpdatePolicy: x\n", "t.yaml:4: Resources.Q.UpdatePolicy: is not understood"},
		{"number", queue + "    Properties: { DelaySeconds: soon }\n", `t.yaml:4: Resources.Q.Properties.DelaySeconds: "soon" is not a whole number from 0 to 900`},
		{"range", queue + "    Properties: { DelaySeconds: 901 }\n", `"901" is not a whole number from 0 to 900`},
		{"empty value", queue + "    Properties: { QueueName: }\n", "t.yaml:4: Resources.Q.Properties.QueueName: is empty"},
		{"fifo", queue + "    Properties: { QueueName: a.fifo }\n", "FIFO queues are not understood"},
		{"reference", queue + "    Properties:\n      QueueName: !Ref Nothing\n", `t.yaml:5: Resources.Q.Properties.QueueName: refers to "Nothing"`},
		{"reference in Sub", queue + "    Properties:\n      QueueName: !Sub a-${Nothing.Arn}\n", `t.yaml:5: Resources.Q.Properties.QueueName: refers to "Nothing"`},
		{"attribute", queue + "  R:\n    Type: AWS::SQS::Queue\n    Properties:\n      QueueName: !GetAtt Q.Name\n", "t.yaml:7: Resources.R.Properties.QueueName: AWS::SQS::Queue Q has no attribute Name; understood are Arn, QueueName, QueueUrl"},
		{"name of itself", queue + "    Properties:\n      QueueName: !GetAtt Q.QueueName\n", "t.yaml:5: Resources.Q.Properties.QueueName: name of Q refers to itself"},
		{"depends on", queue + "    DependsOn: [Q, R]\n", `t.yaml:4: Resources.Q.DependsOn[1]: depends on "R"`},
		{"condition unknown", queue + "    Condition: Sunny\n", `t.yaml:4: Resources.Q.Condition: condition "Sunny" is not declared; declared are none`},
		{"condition of itself", "Conditions:\n  A: !Not [!Condition A]\n" + queue, `t.yaml:2: Conditions.A[0]: condition "A" refers to itself`},
		{"condition's form", "Conditions:\n  A: yes\n" + queue, "t.yaml:2: Conditions.A: a condition is one of"},
		{"left out", "Conditions:\n  No: !Equals [a, b]\n" + queue + "    Condition: No\nOutputs:\n  O:\n    Value: !Ref Q\n", "t.yaml:9: Outputs.O.Value: refers to Q, which its condition leaves out"},
		{"unused branch", "Conditions:\n  No: !Equals [a, b]\n" + queue + "    Properties:\n      QueueName: !If [No, !Ref Nothing, fine]\n", `refers to "Nothing"`},
		{"unclosed Sub", queue + "    Properties: { QueueName: !Sub \"a-${Q\" }\n", "is not closed by }"},
		{"list in Sub", "Parameters: { L: { Type: CommaDelimitedList, Default: \"a,b\" } }\n" + queue + "    Properties: { QueueName: !Sub \"${L}\" }\n", "${L} is a list; only text can be put in"},
		{"select", queue + "    Properties: { QueueName: !Select [2, [a, b]] }\n", `index "2" is not in a list of 2`},
		{"output", queue + "Outputs:\n  O: { Values: x }\n", "t.yaml:5: Outputs.O: Value is missing\nt.yaml:5: Outputs.O.Values: is not understood"},
		{"parameter's type", "Parameters:\n  P: { Type: AWS::SSM::Parameter::Value, Default: x }\n" + queue, `t.yaml:2: Parameters.P.Type: "AWS::SSM::Parameter::Value" is not understood; understood are String, Number, CommaDelimitedList`},
		{"parameter without value", "Parameters:\n  P: { Type: String }\n" + queue, "t.yaml:2: Parameters.P: has no Default and no value is given"},
		{"loop without transform", "Resources:\n  Fn::ForEach::L: [X, [a], { \"Q${X}\": { Type: AWS::SQS::Queue } }]\n", "t.yaml:2: Resources.Fn::ForEach::L: needs the transform AWS::LanguageExtensions"},
		{"loop's form", looped + "  Fn::ForEach::L: [X, [a]]\n", "t.yaml:3: Resources.Fn::ForEach::L: must be a list of three"},
		{"loop's key", looped + "  Fn::ForEach::L: [X, [a], { Q: { Type: AWS::SQS::Queue } }]\n", "does not contain ${X}"},
		{"loop's collection", looped + "  Fn::ForEach::L: [X, !Ref P, { \"Q${X}\": { Type: AWS::SQS::Queue } }]\n", "the collection must be a list"},
		{"loop's key twice", looped + "  Fn::ForEach::L: [X, [a, a], { \"Q${X}\": { Type: AWS::SQS::Queue } }]\n", "t.yaml:3: Resources.Qa: is given twice after loops"},
		{"name's letters", looped + "  Fn::ForEach::L: [X, [a-b], { \"Q${X}\": { Type: AWS::SQS::Queue } }]\n", "t.yaml:3: Resources.Qa-b: name of a resource may hold letters and digits only"},
		{"serverless without transform", "Resources:\n  A:\n    Type: AWS::Serverless::HttpApi\n", "t.yaml:2: Resources.A: type AWS::Serverless::HttpApi needs the transform"},
		{"function's property", function + "      Timeouts: 3\n", "t.yaml:9: Resources.F.Properties.Timeouts: is not understood"},
		{"global property", "Globals:\n  Function:\n    Memory: 3\n" + function, "t.yaml:3: Globals.Function.Memory: is not understood"},
		{"global name", "Globals: { Function: { FunctionName: x } }\n" + function, "cannot be set for all functions"},
		{"runtime", strings.Replace(function, "provided.al2023", "go1.x", 1), `"go1.x" is not understood; understood are provided.al2023`},
		{"reserved variable", function + "      Environment: { Variables: { AWS_REGION: x } }\n", "t.yaml:9: Resources.F.Properties.Environment.Variables.AWS_REGION: is not a name"},
		{"code outside", strings.Replace(function, "functions/f", "../f", 1), "leads out of the project"},
		{"policy's statement", function + "      Policies: [{ Statement: [{ Effect: Allow, Actions: x, Resource: \"*\" }] }]\n", "Action is missing\nt.yaml:9: Resources.F.Properties.Policies[0].Statement[0].Actions: is not understood"},
		{"policy's action", function + "      Policies: [{ Statement: [{ Effect: Allow, Action: getitem, Resource: \"*\" }] }]\n", `action "getitem" is not written service:Action`},
		{"event type", function + "      Events:\n        E: { Type: Kafka, Properties: { a: b } }\n", `t.yaml:10: Resources.F.Properties.Events.E: event type "Kafka" is not understood; understood are HttpApi,`},
		{"event property", function + "      Events:\n        E:\n          Type: SQS\n          Properties:\n            Queue: a\n            Batch: 3\n", "t.yaml:14: Resources.F.Properties.Events.E.Properties.Batch: is not understood; understood are Queue,"},
		{"method", function + "      Events:\n        E: { Type: HttpApi, Properties: { Method: FETCH, Path: /a } }\n", `Method "FETCH" is not understood`},
		{"path", function + "      Events:\n        E: { Type: HttpApi, Properties: { Method: GET, Path: \"/a/{b+}/c\" } }\n", "must begin with / and hold whole segments"},
		{"big batch", function + "      Events:\n        E: { Type: SQS, Properties: { Queue: \"arn:aws:sqs:r:a:q\", BatchSize: 11 } }\n", "BatchSize above 10 needs"},
		{"filter", function + "      Events:\n        E: { Type: SQS, Properties: { Queue: a, FilterCriteria: { Filters: [{ Pattern: \"{\" }] } } }\n", "Pattern is not JSON"},
		{"route twice", function + "      Events:\n        A: { Type: HttpApi, Properties: { Method: get, Path: /a } }\n        B: { Type: HttpApi, Properties: { Method: GET, Path: /a } }\n", "t.yaml:11: Resources.F: route GET /a is declared twice"},
		{"mapping's source", function + "  M:\n    Type: AWS::Lambda::EventSourceMapping\n    Properties: { FunctionName: !Ref F, EventSourceArn: \"arn:aws:kinesis:r:a:s\" }\n", "is neither a queue nor a table's stream"},
		{"mapping's function", function + "  M:\n    Type: AWS::Lambda::EventSourceMapping\n    Properties: { FunctionName: G, EventSourceArn: \"arn:aws:sqs:r:a:s\" }\n", `"G" is not a function of the template`},
		{"short visibility", function + "      Timeout: 60\n      Events:\n        E: { Type: SQS, Properties: { Queue: !GetAtt Q.Arn } }\n  Q: { Type: AWS::SQS::Queue }\n", "VisibilityTimeout of 30s is shorter than the 1m0s"},
		{"undefined key", "Resources:\n  T:\n    Type: AWS::DynamoDB::Table\n    Properties:\n      BillingMode: PAY_PER_REQUEST\n      AttributeDefinitions: [{ AttributeName: a, AttributeType: S }]\n      KeySchema: [{ AttributeName: b, KeyType: HASH }]\n", "t.yaml:6: Resources.T.Properties.AttributeDefinitions: defines a, which is a key of nothing; define key attributes only\nt.yaml:6: Resources.T.Properties.AttributeDefinitions: does not define b"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := problems(tt.text, here).Error()
			if !strings.Contains(got, tt.want) {
				t.Errorf("got\n%s\nwant it to contain\n%s", got, tt.want)
			}
			if n := strings.Count(tt.want, "\n") + 1; len(problems(tt.text, here)) != n {
				t.Errorf("got\n%s\nwant %d problems, for one mistake must not be told many times", got, n)
			}
		})
	}
}

// All mistakes are told at once, in the order of the text.
func TestProblemsTogether(t *testing.T) {
	got := problems("Resources:\n  A:\n    Type: Wrong\n  B:\n    Type: AWS::SQS::Queue\n    Properties:\n      X: 1\n      QueueName: !Ref C\n", here)
	var lines []int
	for _, p := range got {
		lines = append(lines, p.Line)
	}
	if want := []int{2, 7, 8}; !slices.Equal(lines, want) {
		t.Errorf("got problems at %v, want %v:\n%v", lines, want, got)
	}
}

// value resolves a text as a queue's name, which may be anything.
func name(t *testing.T, expression string, s Settings) string {
	t.Helper()
	return resolve(t, fmt.Sprintf(`
Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]
Parameters:
  Word: { Type: String, Default: stone }
  Words: { Type: CommaDelimitedList, Default: "a, b,c" }
  Count: { Type: Number, Default: 3 }
Mappings: { Size: { small: { width: w1 } } }
Conditions:
  IsStone: !Equals [!Ref Word, stone]
  IsBig: !And [!Condition IsStone, !Not [!Equals [!Ref Count, "3"]]]
  Either: { "Fn::Or": [{ Condition: IsBig }, !Condition IsStone] }
Resources:
  Other: { Type: AWS::SQS::Queue, Properties: { QueueName: other } }
  Topic: { Type: AWS::SNS::Topic }
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{ AttributeName: a, AttributeType: S }]
      KeySchema: [{ AttributeName: a, KeyType: HASH }]
      StreamSpecification: { StreamViewType: KEYS_ONLY }
Outputs:
  O: { Value: %s }
`, expression), s).Outputs[0].Value
}

func TestFunctions(t *testing.T) {
	china := Settings{Stack: "desk", Region: "cn-north-1", Account: "123456789012"}
	for _, tt := range []struct {
		expression, want string
		settings         Settings
	}{
		{`!Ref Word`, "stone", here},
		{`{ Ref: Count }`, "3", here},
		{`!Ref AWS::StackName`, "desk", here},
		{`!Ref Other`, "https://sqs.us-east-1.amazonaws.com/000000000000/other", here},
		{`!Ref Other`, "https://sqs.cn-north-1.amazonaws.com.cn/123456789012/other", china},
		{`!GetAtt Other.Arn`, "arn:aws-cn:sqs:cn-north-1:123456789012:other", china},
		{`{ "Fn::GetAtt": [Other, QueueName] }`, "other", here},
		{`!GetAtt [!Sub ["Oth${x}", { x: er }], QueueName]`, "other", here},
		{`!Ref Topic`, "arn:aws:sns:us-east-1:000000000000:desk-Topic", here},
		{`!GetAtt Table.StreamArn`, "arn:aws:dynamodb:us-east-1:000000000000:table/desk-Table/stream/unknown", here},
		{`!Sub "${Word}-${Other.QueueName}-${!Word}-$x"`, "stone-other-${Word}-$x", here},
		{`!Sub ["${a}${Word}", { a: !Ref Count }]`, "3stone", here},
		{`!Sub "${AWS::Partition}.${AWS::URLSuffix}"`, "aws-cn.amazonaws.com.cn", china},
		{`!Join [",", !Ref Words]`, "a,b,c", here},
		{`!Join ["-", [a, !Ref "AWS::NoValue", b]]`, "a-b", here},
		{`!Select [1, !Split ["/", x/y/z]]`, "y", here},
		{`!FindInMap [Size, small, width]`, "w1", here},
		{`!If [IsStone, yes, no]`, "yes", here},
		{`!If [IsBig, yes, no]`, "no", here},
		{`!If [Either, !If [IsBig, a, b], c]`, "b", here},
	} {
		t.Run(tt.expression, func(t *testing.T) {
			if got := name(t, tt.expression, tt.settings); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestForEach(t *testing.T) {
	m := resolve(t, `
Transform: AWS::LanguageExtensions
Parameters:
  Ids: { Type: CommaDelimitedList, Default: "a-1,b" }
Conditions:
  Fn::ForEach::C: [X, [One, Two], { "Is${X}": !Equals [!Ref X, One] }]
Resources:
  Fn::ForEach::Outer:
    - Id
    - !Ref Ids
    - Fn::ForEach::Inner:
        - Side
        - [L, R]
        - Q&{Id}${Side}:
            Type: AWS::SQS::Queue
            Properties:
              QueueName: !Sub "${AWS::StackName}-${Id}-${Side}"
              DelaySeconds: !If [IsOne, 5, 6]
Outputs:
  Fn::ForEach::Names:
    - Id
    - [Qa1L, QbR]
    - Name${Id}: { Value: !GetAtt [!Ref Id, QueueName] }
`, here)
	var names []string
	for _, q := range m.Queues {
		names = append(names, q.ID+"="+q.Name+"/"+q.Attributes["DelaySeconds"])
	}
	want := []string{"Qa1L=desk-a-1-L/5", "Qa1R=desk-a-1-R/5", "QbL=desk-b-L/5", "QbR=desk-b-R/5"}
	if !slices.Equal(names, want) {
		t.Errorf("got %v, want %v", names, want)
	}
	if len(m.Outputs) != 2 || m.Outputs[1].Value != "desk-b-R" {
		t.Errorf("got outputs %+v", m.Outputs)
	}
}

func TestParameterOverrides(t *testing.T) {
	const text = `
Parameters:
  Name: { Type: String, Default: a, AllowedPattern: "[a-z]+", MaxLength: 4 }
  Size: { Type: Number, Default: 1, AllowedValues: [1, 2], MaxValue: 9 }
Resources:
  Q: { Type: AWS::SQS::Queue, Properties: { QueueName: !Ref Name, DelaySeconds: !Ref Size } }
`
	for _, tt := range []struct{ name, value, want string }{
		{"Name", "ok", ""},
		{"Size", "2", ""},
		{"Name", "no good", `value "no good" does not match AllowedPattern [a-z]+`},
		{"Name", "toolong", "not 0 to 4 characters long"},
		{"Size", "3", `value "3" is not allowed; allowed are 1, 2`},
		{"Size", "x", `value "x" is not a number`},
		{"Sise", "2", `parameter "Sise", which is not declared; declared are Name, Size`},
	} {
		t.Run(tt.name+"="+tt.value, func(t *testing.T) {
			s := here
			s.Parameters = map[string]string{tt.name: tt.value}
			got := problems(text, s)
			if tt.want == "" && len(got) > 0 || !strings.Contains(got.Error(), tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// SAM joins mappings, appends lists and lets the function's own value win.
func TestGlobals(t *testing.T) {
	m := resolve(t, `
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Runtime: provided.al2023
    Handler: bootstrap
    Timeout: 7
    MemorySize: 512
    Environment: { Variables: { AA: shared, BB: shared } }
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: ./functions/f/, Timeout: 9, Environment: { Variables: { BB: own, CC: !Ref F } } }
  G:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: functions/g }
`, here)
	f, g := m.Functions[0], m.Functions[1]
	if f.Folder != "functions/f" || f.Timeout != 9*time.Second || g.Timeout != 7*time.Second || f.MemoryMB != 512 {
		t.Errorf("got %+v and %+v", f, g)
	}
	got := fmt.Sprint(f.Environment, g.Environment)
	if want := "map[AA:shared BB:own CC:desk-F] map[AA:shared BB:shared]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestEvents(t *testing.T) {
	m := resolve(t, `
Transform: AWS::Serverless-2016-10-31
Resources:
  B: { Type: AWS::S3::Bucket }
  Q: { Type: AWS::SQS::Queue }
  F:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: functions/f
      Runtime: provided.al2023
      Handler: bootstrap
      Events:
        Any: { Type: HttpApi }
        One: { Type: HttpApi, Properties: { Method: get, Path: "/a/{b}/{c+}" } }
        Tick: { Type: Schedule, Properties: { Schedule: rate(5 minutes), Enabled: false } }
        Tock:
          Type: ScheduleV2
          Properties: { ScheduleExpression: "cron(0 9 1 * ? *)", ScheduleExpressionTimezone: Asia/Shanghai, Input: '{"a":1}', State: ENABLED }
        Put:
          Type: S3
          Properties: { Bucket: !Ref B, Events: "s3:ObjectCreated:*", Filter: { S3Key: { Rules: [{ Name: prefix, Value: up/ }, { Name: suffix, Value: .jpg }] } } }
        Queue: { Type: SQS, Properties: { Queue: !GetAtt Q.Arn, BatchSize: 3 } }
`, here)
	want := []string{
		"[{ANY $default F 13} {GET /a/{b}/{c+} F 14}]",
		"[{FTick desk-FTick F rate(5 minutes) UTC  false false 15} {FTock desk-FTock F cron(0 9 1 * ? *) Asia/Shanghai {\"a\":1} true true 16}]",
		"[{FPut F desk-b [s3:ObjectCreated:*] up/ .jpg 19}]",
		"[{FQueue F arn:aws:sqs:us-east-1:000000000000:desk-Q true 3 0s 0 false [] 22}]",
	}
	for i, got := range []any{m.Routes, m.Schedules, m.Uploads, m.Consumers} {
		if fmt.Sprint(got) != want[i] {
			t.Errorf("got  %v\nwant %s", got, want[i])
		}
	}
}

// Whatever a text holds, reading it ends, with a model or with problems.
func FuzzTemplate(f *testing.F) {
	text, err := os.ReadFile("../../../template.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(text))
	f.Add("Transform: AWS::LanguageExtensions\nResources:\n  Fn::ForEach::L: [X, [a, b], {\"Q${X}\": {Type: AWS::SQS::Queue, Properties: {QueueName: !Sub \"${X}\"}}}]\n")
	f.Add("Resources: {Q: {Type: AWS::SQS::Queue, Properties: !Ref AWS::NoValue}}\n")
	f.Add("Conditions: {A: !Not [{Condition: A}]}\nResources: {Q: !If [A, b, c]}\n")
	f.Fuzz(func(t *testing.T, text string) {
		parsed, err := Parse("t.yaml", []byte(text))
		if err == nil {
			_, err = parsed.Resolve(here)
		}
		var ps Problems
		if err != nil && !errors.As(err, &ps) {
			t.Errorf("error %v is not a list of problems", err)
		}
	})
}
