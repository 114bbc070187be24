package events

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/shared/ticket"
	"steledesk/shared/visitor/visitortest"
)

// httpRequest is the payload (format 2.0) of an HTTP API's route that nobody needs to log in to: AWS
// leaves out what the library's type has for authorizers and client certificates.
type httpRequest struct {
	events.APIGatewayV2HTTPRequest
	RequestContext httpContext `json:"requestContext"`
}

type httpContext struct {
	events.APIGatewayV2HTTPRequestContext
	Authentication *struct{} `json:"authentication,omitempty"`
}

// call is what of a request differs from one payload to the next.
type call struct {
	route, number string
	spot          string
	command       string // of staff
	channel       string // of the office data
	year, file    string // of a year's papers
	month         string // of a meeting
	language      string // Accept-Language; empty: a Chinese phone's
	headers       map[string]string
	body          any        // sent as JSON
	form          url.Values // sent as a browser's form, which AWS hands over in base64
}

const phone = "Mozilla/5.0 (Linux; Android 14; 22081212C) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 " +
	"Chrome/116.0.0.0 Mobile Safari/537.36 MicroMessenger/8.0.49.2600 WeChat/arm64 Weixin NetType/4G Language/zh_CN ABI/arm64"

func (c call) payload(t *testing.T) httpRequest {
	t.Helper()
	method, path, named := strings.Cut(c.route, " ")
	if !named { // $default
		method, path = "GET", "/nowhere"
	}
	path = strings.NewReplacer("{number}", c.number, "{command}", c.command, "{spot}", c.spot, "{channel}", c.channel, "{year}", c.year, "{month}", c.month, "{file}", c.file).Replace(path)
	r := httpRequest{APIGatewayV2HTTPRequest: events.APIGatewayV2HTTPRequest{
		Version: "2.0", RouteKey: c.route, RawPath: path, Headers: map[string]string{
			"accept": "application/json", "accept-language": "zh-CN,zh;q=0.9,en-US;q=0.8,en;q=0.7",
			"host": "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com", "user-agent": phone,
			"x-amzn-trace-id": "Root=1-6a20f490-5b1c0e2f4d3a69788796a5b4", "x-forwarded-for": "203.0.113.9",
			"x-forwarded-port": "443", "x-forwarded-proto": "https", "content-length": "0",
		},
	}}
	if c.number != "" {
		r.PathParameters = map[string]string{"number": c.number}
	}
	if c.spot != "" {
		r.PathParameters = map[string]string{"spot": c.spot}
	}
	if c.year != "" {
		r.PathParameters = map[string]string{"year": c.year, "file": c.file}
	}
	if c.month != "" {
		r.PathParameters = map[string]string{"month": c.month}
	}
	if c.channel != "" {
		r.PathParameters = map[string]string{"channel": c.channel}
	}
	if c.command != "" {
		r.PathParameters["command"] = c.command
	}
	if c.language != "" {
		r.Headers["accept-language"] = c.language
	}
	if c.body != nil {
		body, err := json.Marshal(c.body)
		if err != nil {
			t.Fatal(err)
		}
		r.Body = string(body)
		r.Headers["content-type"], r.Headers["content-length"] = "application/json", strconv.Itoa(len(body))
	}
	if c.form != nil {
		text := c.form.Encode()
		r.Body, r.IsBase64Encoded = base64.StdEncoding.EncodeToString([]byte(text)), true
		r.Headers["content-type"], r.Headers["content-length"] = "application/x-www-form-urlencoded", strconv.Itoa(len(text))
	}
	for name, value := range c.headers {
		r.Headers[name] = value
	}
	r.RequestContext.APIGatewayV2HTTPRequestContext = events.APIGatewayV2HTTPRequestContext{
		AccountID: "000000000000", APIID: "a1b2c3d4e5", RouteKey: c.route, Stage: "$default", RequestID: "JKJaXmPLvHcESHA=",
		DomainName: "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com", DomainPrefix: "a1b2c3d4e5",
		Time: visitortest.Nine.UTC().Format("02/Jan/2006:15:04:05 -0700"), TimeEpoch: visitortest.Nine.UnixMilli(),
		HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{
			Method: method, Path: path, Protocol: "HTTP/1.1", SourceIP: "203.0.113.9", UserAgent: phone,
		},
	}
	return r
}

type object = map[string]any

// filing is the call that files f.
func filing(f visitortest.Filing) call {
	m := f.Matter
	body := object{"kind": m.Kind, "category": m.Category, "spot": m.Spot, "text": m.Text}
	if m.Wish != "" {
		body["wish"] = m.Wish
	}
	if !m.HappenedAt.IsZero() {
		body["happenedAt"] = m.HappenedAt
	}
	if m.Contact.Name != "" {
		body["contact"] = m.Contact
	}
	if m.Publishable {
		body["publishable"] = true
	}
	c := call{route: "POST /v1/tickets", headers: map[string]string{"idempotency-key": f.Key}, body: body}
	if m.Language == "en" {
		c.language = "en-GB,en;q=0.9"
	}
	return c
}

func submitPayloads(t *testing.T) map[string]any {
	return payloads(t, "submit", map[string]call{
		"catalog":               {route: "GET /v1/catalog"},
		"file-complaint":        filing(visitortest.Complaint()),
		"file-urgent":           filing(visitortest.Urgent()),
		"file-anonymous-report": filing(visitortest.Report()),
		"file-english":          filing(visitortest.Suggestion()),
		"file-bad-fields": {
			route: "POST /v1/tickets", headers: map[string]string{"idempotency-key": "3f8c1b52-7d0e-4a44-9a51-5a0b6d1e7c05"},
			body: object{"kind": "feedback", "category": "weather", "spot": "XX99", "text": " 　 ",
				"happenedAt": "2026-11-24T09:00:00+08:00", "contact": object{"phone": "call me"}, "photos": []string{"a", "a"}},
		},
		"matters":    {route: "GET /v1/spots/{spot}/matters", spot: visitortest.Complaint().Matter.Spot},
		"photo-slot": {route: "POST /v1/photos", body: object{"type": "image/jpeg"}},
	})
}

func trackPayloads(t *testing.T) map[string]any {
	receipt := visitortest.File(t, visitortest.Desk(visitortest.NewMemory()), visitortest.Complaint())
	on := func(method, command string, body any) call {
		c := call{route: method + " /v1/tickets/{number}" + command, number: receipt.Number, body: body,
			headers: map[string]string{"x-ticket-code": receipt.Code}}
		if method == "POST" {
			c.headers["idempotency-key"] = fmt.Sprintf("3f8c1b52-7d0e-4a44-9a51-5a0b6d1e7d%02d", len(command))
		}
		return c
	}
	wrong := on("GET", "", nil)
	wrong.headers = map[string]string{"x-ticket-code": "00000-00000"}
	return payloads(t, "track", map[string]call{
		"read":           on("GET", "", nil),
		"contact":        on("PUT", "/contact", object{"name": "张三", "phone": "13900005678"}),
		"contact-delete": on("DELETE", "/contact", nil),
		"subscribe": on("PUT", "/push", object{
			"endpoint": "https://fcm.googleapis.com/fcm/send/dQw4w9WgXcQ",
			"keys": object{
				"p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4", "auth": "BTBZMqHH6r4Tts7J_aSIgg",
			},
		}),
		"unsubscribe": on("DELETE", "/push", object{"endpoint": "https://fcm.googleapis.com/fcm/send/dQw4w9WgXcQ"}),
		"verify": {route: "POST /v1/verify", body: object{
			"receipt": receipt.Proof, "text": visitortest.Complaint().Matter.Text, "wish": visitortest.Complaint().Matter.Wish,
		}},
		"verify-keys": {route: "GET /v1/verify"},
		"wrong-code":  wrong,
		"message":     on("POST", "/message", object{"text": "今天还是只开一个窗口。"}),
		"supply":      on("POST", "/supply", object{"text": "是上午九点左右，东侧窗口。"}),
		"rate":        on("POST", "/rating", object{"solved": ticket.SolvedYes, "level": 5, "text": "谢谢"}),
		"reopen":      on("POST", "/reopen", object{"text": "窗口开了一天又关了。"}),
		"withdraw":    on("POST", "/withdraw", object{}),
	})
}

// deskToken is the token of the session that the payloads of staff carry; functions/desk's tests begin it.
const deskToken = "ticketing.exampleexampleexampleexamp"

// sitePayloads are what a visitor's browser sends.
func sitePayloads(t *testing.T) map[string]any {
	html := map[string]string{"accept": "text/html,application/xhtml+xml"}
	return payloads(t, "site", map[string]call{
		"form":    {route: "GET /", headers: html},
		"health":  {route: "GET /healthz"},
		"nowhere": {route: "$default", headers: html},
		"file": {route: "POST /file", headers: html, form: url.Values{
			"key": {"3f8c1b52-7d0e-4a44-9a51-5a0b6d1e7d99"}, "kind": {"complaint"}, "category": {"ticketing"}, "spot": {"BL01"},
			"text": {"窗口只开了一个，排队近一小时。"}, "proof": {""}, "homepage": {""},
			"opened": {visitortest.Gate(&visitortest.Counts{}).Opened(visitortest.Nine.Add(-time.Minute))},
		}},
	})
}

func supervisePayloads(t *testing.T) map[string]any {
	as := func(login, key string) map[string]string {
		headers := map[string]string{"authorization": "Bearer " + strings.Replace(deskToken, "ticketing", login, 1)}
		if key != "" {
			headers["idempotency-key"] = key
		}
		return headers
	}
	const decisions = "POST /v1/meetings/{month}/decisions"
	return payloads(t, "supervise", map[string]call{
		"feedback": {route: "POST /v1/feedback", headers: as("supervisor", "b0e3a0a4-6f0a-4d57-9d0b-6d8c7a8f1c21"),
			body: object{"about": object{"what": "spot", "id": "BL01"}, "text": "保洁记录连续三天空白。"}},
		"personal": {route: "POST /v1/feedback", headers: as("supervisor", "b0e3a0a4-6f0a-4d57-9d0b-6d8c7a8f1c22"),
			body: object{"about": object{"what": "spot", "id": "BL01"}, "text": "保洁员的电话是13800001234。"}},
		"meetings": {route: "GET /v1/meetings", headers: as("office", "")},
		"decide": {route: decisions, month: "2026-10", headers: as("office", "b0e3a0a4-6f0a-4d57-9d0b-6d8c7a8f1c23"),
			body: object{"text": "节假日加开两个售票窗口。", "section": "ticketing", "answerBy": "2026-12-20T23:59:59+08:00"}},
		"page":   {route: "GET /supervise"},
		"annual": {route: "GET /v1/annual/{year}/{file}", year: "2026", file: "annual.docx", headers: as("office", "")},
	})
}

func deskPayloads(t *testing.T) map[string]any {
	number := visitortest.File(t, visitortest.Desk(visitortest.NewMemory()), visitortest.Complaint()).Number
	on := func(route, command string, body any) call {
		c := call{route: route, command: command, body: body, headers: map[string]string{"authorization": "Bearer " + deskToken}}
		if strings.Contains(route, "{number}") {
			c.number = number
		}
		if command != "" {
			c.headers["if-match"] = `"1"`
		}
		return c
	}
	wrong := on("POST /v1/session", "", object{"login": "ticketing", "password": "a wrong password"})
	wrong.headers = nil
	as := func(login string, c call) call {
		c.headers["authorization"] = "Bearer " + strings.Replace(deskToken, "ticketing", login, 1)
		return c
	}
	channel := as("office", on("POST /v1/office/channels/{channel}/test", "", nil))
	channel.channel = "group"
	const commands = "POST /v1/desk/tickets/{number}/commands/{command}"
	return payloads(t, "desk", map[string]call{
		"wrong-password": wrong,
		"list":           on("GET /v1/desk/tickets", "", nil),
		"read":           on("GET /v1/desk/tickets/{number}", "", nil),
		"similar":        on("GET /v1/desk/tickets/{number}/similar", "", nil),
		"sign":           on(commands, "sign", object{}),
		"return":         on(commands, "return", object{"text": "排队疏导归游客服务中心。"}),
		"board":          as("office", on("GET /v1/desk/board", "", nil)),
		"audit":          as("office", on("GET /v1/desk/audit", "", nil)),
		"channel-test":   channel,
		"contact":        on("POST /v1/desk/tickets/{number}/contact", "", object{"reason": "回电核实"}),
	})
}

func payloads(t *testing.T, function string, calls map[string]call) map[string]any {
	t.Helper()
	out := map[string]any{}
	for name, c := range calls {
		out[function+"/"+name] = c.payload(t)
	}
	return out
}
