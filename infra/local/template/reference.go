package template

import (
	"maps"
	"slices"
	"strings"
)

// identity is where and as what a deployment runs.
type identity struct{ partition, suffix, region, account, stack string }

func (s Settings) identity() identity {
	id := identity{"aws", "amazonaws.com", s.Region, s.Account, s.Stack}
	if strings.HasPrefix(s.Region, "cn-") {
		id.partition, id.suffix = "aws-cn", "amazonaws.com.cn"
	}
	return id
}

func (id identity) arn(service, rest string) string {
	return strings.Join([]string{"arn", id.partition, service, id.region, id.account, rest}, ":")
}

// shape says how resources of a type are named and referred to. An attribute is
// written as a pattern over the words of identity and {name}.
type shape struct {
	property   string // the property that names the resource; "" gives it a generated name
	ref        string
	attributes map[string]string
}

const (
	functionType = "AWS::Serverless::Function"
	apiType      = "AWS::Serverless::HttpApi"
	tableType    = "AWS::DynamoDB::Table"
	queueType    = "AWS::SQS::Queue"
	bucketType   = "AWS::S3::Bucket"
	mappingType  = "AWS::Lambda::EventSourceMapping"
)

var shapes = map[string]shape{
	functionType: {"FunctionName", "{name}", map[string]string{"Arn": "arn:{partition}:lambda:{region}:{account}:function:{name}"}},
	apiType:      {"", "local", map[string]string{"ApiEndpoint": "https://local.execute-api.{region}.{suffix}"}},
	tableType: {"TableName", "{name}", map[string]string{
		"Arn":       "arn:{partition}:dynamodb:{region}:{account}:table/{name}",
		"StreamArn": "arn:{partition}:dynamodb:{region}:{account}:table/{name}/stream/unknown",
	}},
	queueType: {"QueueName", "https://sqs.{region}.{suffix}/{account}/{name}", map[string]string{
		"Arn":       "arn:{partition}:sqs:{region}:{account}:{name}",
		"QueueName": "{name}",
		"QueueUrl":  "https://sqs.{region}.{suffix}/{account}/{name}",
	}},
	bucketType: {"BucketName", "{name}", map[string]string{
		"Arn":                "arn:{partition}:s3:::{name}",
		"DomainName":         "{name}.s3.{suffix}",
		"RegionalDomainName": "{name}.s3.{region}.{suffix}",
	}},
	mappingType: {"", "{name}", map[string]string{"Id": "{name}"}},
	"AWS::Logs::LogGroup": {"LogGroupName", "{name}", map[string]string{
		"Arn": "arn:{partition}:logs:{region}:{account}:log-group:{name}:*",
	}},
	"AWS::SNS::Topic": {"TopicName", "arn:{partition}:sns:{region}:{account}:{name}", map[string]string{
		"TopicArn": "arn:{partition}:sns:{region}:{account}:{name}", "TopicName": "{name}",
	}},
	"AWS::SNS::Subscription": {"", "arn:{partition}:sns:{region}:{account}:{name}", nil},
	"AWS::CloudWatch::Alarm": {"AlarmName", "{name}", map[string]string{
		"Arn": "arn:{partition}:cloudwatch:{region}:{account}:alarm:{name}",
	}},
	"AWS::CloudWatch::Dashboard": {"DashboardName", "{name}", nil},
	"AWS::SQS::QueuePolicy":      {"", "{name}", nil},
	"AWS::S3::BucketPolicy":      {"", "{name}", nil},
	"AWS::Lambda::Permission":    {"", "{name}", nil},
	"AWS::IAM::Role":             {"RoleName", "{name}", map[string]string{"Arn": "arn:{partition}:iam::{account}:role/{name}"}},
	"AWS::IAM::ManagedPolicy":    {"ManagedPolicyName", "arn:{partition}:iam::{account}:policy/{name}", nil},
}

func (id identity) write(pattern, name string) string {
	return strings.NewReplacer("{partition}", id.partition, "{suffix}", id.suffix, "{region}", id.region,
		"{account}", id.account, "{name}", name).Replace(pattern)
}

// pseudo gives the value of a pseudo parameter.
func (r *resolver) pseudo(name string) (string, bool) {
	id := r.settings.identity()
	text, ok := map[string]string{
		"AWS::StackName": id.stack,
		"AWS::Region":    id.region,
		"AWS::AccountId": id.account,
		"AWS::Partition": id.partition,
		"AWS::URLSuffix": id.suffix,
		"AWS::StackId":   id.arn("cloudformation", "stack/"+id.stack+"/local"),
	}[name]
	return text, ok
}

func (r *resolver) ref(v *value) *value {
	if v.arg.kind == broken {
		return v.arg
	}
	if v.arg.kind != scalar {
		return r.fail(v, "Ref takes the name of a parameter or resource")
	}
	if v.arg.text == "AWS::NoValue" {
		return nil
	}
	if strings.Contains(v.arg.text, ".") {
		return r.fail(v, "Ref takes the name of a parameter or resource; for an attribute use Fn::GetAtt")
	}
	return r.reference(v, v.arg.text)
}

// reference gives what a name stands for: a parameter, a pseudo parameter, a
// resource, or Resource.Attribute.
func (r *resolver) reference(v *value, name string) *value {
	if p := r.parameters[name]; p != nil {
		out := *p
		out.line, out.path = v.line, v.path
		return &out
	}
	if text, ok := r.pseudo(name); ok {
		return v.scalar(text)
	}
	id, attribute, _ := strings.Cut(name, ".")
	if attribute == "" {
		attribute = "Ref"
	}
	return r.attribute(v, Attribute{id, attribute})
}

func (r *resolver) getAtt(v *value) *value {
	arg := r.eval(v.arg)
	if arg == nil || arg.kind == broken {
		return v.like(broken)
	}
	if arg.kind == scalar {
		if id, name, ok := strings.Cut(arg.text, "."); ok {
			return r.attribute(v, Attribute{id, name})
		}
	}
	if arg.kind == list && len(arg.items) == 2 && arg.items[0].kind == scalar && arg.items[1].kind == scalar {
		return r.attribute(v, Attribute{arg.items[0].text, arg.items[1].text})
	}
	if arg.kind == list && len(arg.items) == 2 && (arg.items[0].kind == broken || arg.items[1].kind == broken) {
		return v.like(broken)
	}
	return r.fail(v, "Fn::GetAtt takes Resource.Attribute")
}

func (r *resolver) attribute(v *value, a Attribute) *value {
	res := r.find(a.Resource)
	if res == nil {
		return r.fail(v, "refers to %q, which is neither a resource nor a parameter of the template", a.Resource)
	}
	s, known := shapes[res.kind]
	if !known {
		return v.like(broken) // the type itself is refused where it is declared
	}
	pattern, ok := s.attributes[a.Name]
	if a.Name == "Ref" {
		pattern, ok = s.ref, true
	}
	if !ok {
		return r.fail(v, "%s %s has no attribute %s; understood are %s", res.kind, res.id, a.Name, names(s.attributes))
	}
	if !res.active && r.idle == 0 {
		return r.fail(v, "refers to %s, which its condition leaves out", res.id)
	}
	if text, ok := r.settings.Known[a]; ok {
		return v.scalar(text)
	}
	name, ok := r.name(v, res)
	if !ok {
		return v.like(broken)
	}
	return v.scalar(r.settings.identity().write(pattern, name))
}

func (r *resolver) find(id string) *resource {
	i := slices.IndexFunc(r.resources, func(res *resource) bool { return res.id == id })
	if i < 0 {
		return nil
	}
	return r.resources[i]
}

// name gives a resource's physical name. A name may refer to other resources, so
// it is worked out when asked for; v is where that is.
func (r *resolver) name(v *value, res *resource) (string, bool) {
	if res.named {
		return res.name, res.name != ""
	}
	if res.visiting {
		r.fail(v, "name of %s refers to itself", res.id)
		return "", false
	}
	res.visiting = true
	defer func() { res.visiting = false }()
	name, ok := r.given(res)
	if ok && name == "" {
		name = r.generated(res)
	}
	if !ok {
		name = ""
	}
	res.name, res.named = name, true
	return name, ok
}

// given is the name the template itself gives; empty when it gives none.
func (r *resolver) given(res *resource) (string, bool) {
	properties := res.v.field("Properties")
	if properties == nil || properties.kind != mapping {
		return "", true
	}
	v := properties.field(shapes[res.kind].property)
	if v == nil {
		return "", true
	}
	got := r.eval(v)
	switch {
	case got == nil:
		return "", true
	case got.kind == scalar && got.text != "":
		return got.text, true
	case got.kind != broken:
		r.fail(got, "is %s; a name was expected", describe(got))
	}
	return "", false
}

// generated is the name of a resource whose template gives none: like AWS's, with
// the stack's name before it, but the same each time.
func (r *resolver) generated(res *resource) string {
	name := r.settings.Stack + "-" + res.id
	if res.kind == bucketType {
		return strings.ToLower(name)
	}
	return name
}

func names[V any](m map[string]V) string {
	if len(m) == 0 {
		return "none"
	}
	return strings.Join(slices.Sorted(maps.Keys(m)), ", ")
}
