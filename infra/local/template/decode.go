package template

import (
	"slices"
	"strings"
)

// declared lists the types that are known and run nothing here, with the
// properties they may have: a misspelt alarm is found before it is deployed.
var declared = map[string]string{
	"AWS::Logs::LogGroup": "LogGroupName RetentionInDays KmsKeyId LogGroupClass DataProtectionPolicy Tags",
	alarmType: "AlarmName AlarmDescription Namespace MetricName Dimensions Statistic ExtendedStatistic Period " +
		"EvaluationPeriods DatapointsToAlarm Threshold ComparisonOperator TreatMissingData AlarmActions OKActions " +
		"InsufficientDataActions ActionsEnabled Unit Metrics Tags",
	"AWS::CloudWatch::Dashboard": "DashboardName DashboardBody",
	"AWS::SNS::Topic":            "TopicName DisplayName KmsMasterKeyId Subscription Tags",
	"AWS::SNS::Subscription":     "TopicArn Protocol Endpoint FilterPolicy RawMessageDelivery RedrivePolicy",
	"AWS::SQS::QueuePolicy":      "PolicyDocument Queues",
	"AWS::S3::BucketPolicy":      "PolicyDocument Bucket",
	"AWS::Lambda::Permission":    "Action FunctionName Principal SourceAccount SourceArn",
	"AWS::IAM::Role": "RoleName AssumeRolePolicyDocument Description ManagedPolicyArns MaxSessionDuration Path Policies " +
		"PermissionsBoundary Tags",
	"AWS::IAM::ManagedPolicy": "ManagedPolicyName Description Path PolicyDocument Roles",
}

// model evaluates everything, in the order that references need.
func (r *resolver) model() *Model {
	m := &Model{Stack: r.settings.Stack, Region: r.settings.Region, Account: r.settings.Account}
	for name, p := range r.parameters {
		m.Parameters = append(m.Parameters, Parameter{name, flat(p)})
	}
	slices.SortFunc(m.Parameters, func(a, b Parameter) int { return strings.Compare(a.Name, b.Name) })
	for name, c := range r.conditions {
		r.holds(c.v, name)
	}
	for _, res := range r.resources {
		condition := res.v.field("Condition")
		res.active = condition == nil || r.holds(condition, condition.text)
	}
	for _, res := range r.resources {
		if !res.active {
			r.idle++
			r.decode(res, &Model{})
			r.idle--
			continue
		}
		r.decode(res, m)
	}
	for _, f := range r.outputs.fields {
		r.output(f, m)
	}
	r.crossCheck(m)
	return m
}

func flat(v *value) string {
	if v.kind == scalar {
		return v.text
	}
	texts := make([]string, len(v.items))
	for i, item := range v.items {
		texts[i] = item.text
	}
	return strings.Join(texts, ",")
}

// decode reads one resource into the model.
func (r *resolver) decode(res *resource, m *Model) {
	if res.kind == "" {
		return // told where the resource was declared
	}
	if _, known := shapes[res.kind]; !known {
		r.found.add(res.line, res.v.path, "resource type %q is not understood; understood are %s", res.kind, names(shapes))
		return
	}
	o := openPlain(res.v, r.found)
	o.ignore("Type", "Condition", "Properties", "Metadata")
	for _, key := range []string{"DeletionPolicy", "UpdateReplacePolicy"} {
		o.choice(key, "Delete", "Delete", "Retain", "Snapshot", "RetainExceptOnCreate")
	}
	r.dependsOn(o)
	o.done()
	properties := res.v.field("Properties")
	if properties == nil {
		properties = &value{kind: mapping, line: res.line, path: join(res.v.path, "Properties")}
	}
	name, _ := r.name(properties, res)
	r.properties(res, name, r.open(properties), m)
}

func (r *resolver) properties(res *resource, name string, o *object, m *Model) {
	switch res.kind {
	case functionType:
		r.function(res, name, o, m)
	case apiType:
		r.api(res, o, m)
	case tableType:
		m.Tables = append(m.Tables, table(res, name, o))
	case queueType:
		m.Queues = append(m.Queues, r.queue(res, name, o))
	case bucketType:
		m.Buckets = append(m.Buckets, bucket(res, name, o))
	case mappingType:
		r.mapping(res, o, m)
	default:
		one := Declared{ID: res.id, Type: res.kind, Name: name, Line: res.line}
		if res.kind == "AWS::CloudWatch::Dashboard" {
			one.Body = o.text("DashboardBody", "")
		}
		if res.kind == alarmType {
			m.Alarms = append(m.Alarms, alarm(res, name, o))
		}
		o.ignore(strings.Fields(declared[res.kind])...)
		m.Declared = append(m.Declared, one)
	}
	o.done()
}

func (r *resolver) dependsOn(o *object) {
	for _, item := range o.items("DependsOn") {
		if item.kind == scalar && r.find(item.text) == nil {
			r.fail(item, "depends on %q, which is not a resource of the template", item.text)
		}
	}
}

func (r *resolver) output(f field, m *Model) {
	o := openPlain(f.value, r.found)
	if c := o.ask("Condition"); c != nil && !r.holds(c, c.text) {
		return
	}
	o = r.open(o.v)
	o.require("Value")
	o.ignore("Condition")
	o.object("Export").ignore("Name")
	m.Outputs = append(m.Outputs, Output{f.key, o.text("Description", ""), o.text("Value", "")})
	o.done()
}

// crossCheck finds what AWS refuses only when it creates the resources.
func (r *resolver) crossCheck(m *Model) {
	for i, q := range m.Queues {
		r.unique(i, q.Line, q.ID, "queue "+q.Name, func(j int) string { return "queue " + m.Queues[j].Name })
		if q.DeadLetters != "" && !slices.ContainsFunc(m.Queues, func(d Queue) bool { return d.Name == q.DeadLetters }) {
			r.found.add(q.Line, "Resources."+q.ID, "dead-letter queue %q is not a queue of the template", q.DeadLetters)
		}
	}
	for i, f := range m.Functions {
		r.unique(i, f.Line, f.ID, "function "+f.Name, func(j int) string { return "function " + m.Functions[j].Name })
	}
	for i, route := range m.Routes {
		key := "route " + route.Method + " " + route.Path
		r.unique(i, route.Line, route.Function, key, func(j int) string { return "route " + m.Routes[j].Method + " " + m.Routes[j].Path })
	}
	for _, c := range m.Consumers {
		r.visibility(c, m)
	}
	slices.SortStableFunc(m.Queues, func(a, b Queue) int { return strings.Compare(a.DeadLetters, b.DeadLetters) })
}

// unique tells when the i-th thing has the name of an earlier one.
func (r *resolver) unique(i, line int, id, name string, at func(int) string) {
	for j := range i {
		if at(j) == name {
			r.found.add(line, "Resources."+id, "%s is declared twice", name)
			return
		}
	}
}
