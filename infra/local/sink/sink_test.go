package sink_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"steledesk/infra/local/sink"
)

func open(t *testing.T, options sink.Options) (*sink.Sink, string) {
	t.Helper()
	s, err := sink.Open(options)
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(s)
	t.Cleanup(func() {
		web.Close()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s, web.URL + "/local/bots/"
}

func mac(key, message string) []byte {
	h := hmac.New(sha256.New, []byte(key))
	h.Write([]byte(message))
	return h.Sum(nil)
}

// post returns status and body of an answer.
func post(t *testing.T, url, body string, header http.Header) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for name, values := range header {
		r.Header[name] = values
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, err.Error()
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(answer)
}

// The signatures of the sink are the products': these vectors were computed apart from this code.
func TestSignatureVectors(t *testing.T) {
	const secret = "SECtest0000000000"
	at := time.UnixMilli(1700000000000)
	s, root := open(t, sink.Options{Clock: func() time.Time { return at }, Secret: func(string, string) string { return secret }})
	ding := root + "dingtalk/relics/robot/send?access_token=T&timestamp=1700000000000&sign=" +
		url.QueryEscape("wHj5KT1EtSg+0kEuKBYWXYtXzsOjk/37eUEl1j5jOQA=")
	if _, answer := post(t, ding, `{"msgtype":"text","text":{"content":"工单"}}`, nil); answer != `{"errcode":0,"errmsg":"ok"}` {
		t.Errorf("DingTalk: %s", answer)
	}
	body := `{"timestamp":"1700000000","sign":"SN27CR89k8RgoHjkubVEbzoPlqtU/6bPRH2oWtBG4UY=","msg_type":"text","content":{"text":"工单"}}`
	if _, answer := post(t, root+"feishu/relics/open-apis/bot/v2/hook/ID", body, nil); !strings.Contains(answer, `"StatusCode":0`) {
		t.Errorf("Feishu: %s", answer)
	}
	if got := len(s.Messages()); got != 2 {
		t.Errorf("%d messages, want 2", got)
	}
}

func dingtalkURL(root string, at time.Time, secret string) string {
	stamp := fmt.Sprint(at.UnixMilli())
	return root + "dingtalk/relics/robot/send?access_token=T&timestamp=" + stamp + "&sign=" +
		url.QueryEscape(base64.StdEncoding.EncodeToString(mac(secret, stamp+"\n"+secret)))
}

func feishuBody(at time.Time, secret, rest string) string {
	stamp := fmt.Sprint(at.Unix())
	return fmt.Sprintf(`{"timestamp":%q,"sign":%q,%s}`, stamp, base64.StdEncoding.EncodeToString(mac(stamp+"\n"+secret, "")), rest)
}

func TestBotsAnswerAsTheProducts(t *testing.T) {
	s, root := open(t, sink.Options{})
	now := time.Now()
	wecom := root + "wecom/relics/cgi-bin/webhook/send?key=K"
	ding := dingtalkURL(root, now, sink.Secret)
	hook := root + "feishu/relics/open-apis/bot/v2/hook/ID"
	markdown := func(n int) string {
		return `{"msgtype":"markdown","markdown":{"content":"` + strings.Repeat("碑", n/3) + strings.Repeat("x", n%3) + `"}}`
	}
	const card = `"msg_type":"interactive","card":{"header":{"title":{"content":"新工单"}},"elements":[{"tag":"div","text":{"content":"两件"}},{"tag":"action","actions":[{"text":{"content":"办理"},"url":"http://desk"}]}]}`
	for _, c := range []struct {
		name, url, body, want string
		text                  string // remembered; empty: nothing is
	}{
		{"WeCom", wecom, `{"msgtype":"markdown","markdown":{"content":"**新工单**"}}`, `{"errcode":0,"errmsg":"ok"}`, "**新工单**"},
		{"WeCom at its limit", wecom, markdown(4096), `"errcode":0`, strings.Repeat("碑", 1365) + "x"},
		{"WeCom too long", wecom, markdown(4097), `"errcode":40058`, ""},
		{"WeCom text too long", wecom, `{"msgtype":"text","text":{"content":"` + strings.Repeat("x", 2049) + `"}}`, `"errcode":40058`, ""},
		{"WeCom without a key", root + "wecom/relics/cgi-bin/webhook/send", markdown(3), `"errcode":93000`, ""},
		{"WeCom empty", wecom, `{"msgtype":"markdown","markdown":{}}`, `"errcode":44004`, ""},
		{"WeCom of no type", wecom, `{}`, `"errcode":40008`, ""},
		{"WeCom not JSON", wecom, `{`, `"errcode":47001`, ""},
		{"DingTalk", ding, `{"msgtype":"markdown","markdown":{"title":"新工单","text":"#### 两件"}}`, `{"errcode":0,"errmsg":"ok"}`, "#### 两件"},
		{"DingTalk without a title", ding, `{"msgtype":"markdown","markdown":{"text":"a"}}`, `"errcode":40035`, ""},
		{"DingTalk too long", ding, `{"msgtype":"text","text":{"content":"` + strings.Repeat("x", 20<<10) + `"}}`, `"errcode":40035`, ""},
		{"DingTalk with another secret", dingtalkURL(root, now, "other"), markdown(3), `"errcode":310000`, ""},
		{"DingTalk with an old signature", dingtalkURL(root, now.Add(-61*time.Minute), sink.Secret), markdown(3), `"errcode":310000`, ""},
		{"DingTalk without a token", strings.Replace(ding, "access_token=T", "", 1), markdown(3), `"errcode":300001`, ""},
		{"Feishu", hook, feishuBody(now, sink.Secret, card), `{"code":0,"msg":"success","data":{},"StatusCode":0,"StatusMessage":"success"}`, "两件\n[办理](http://desk)"},
		{"Feishu with another secret", hook, feishuBody(now, "other", card), `"code":19021`, ""},
		{"Feishu with an old signature", hook, feishuBody(now.Add(-61*time.Minute), sink.Secret, card), `"code":19021`, ""},
		{"Feishu of no type", hook, feishuBody(now, sink.Secret, `"msg_type":"x"`), `"code":9499`, ""},
		{"Feishu not JSON", hook, `nonsense`, `"code":9499`, ""},
	} {
		before := len(s.Messages())
		status, answer := post(t, c.url, c.body, nil)
		if status != http.StatusOK || !strings.Contains(answer, c.want) {
			t.Errorf("%s: %d %s, want 200 with %s", c.name, status, answer, c.want)
		}
		seen := s.Messages()[before:]
		if c.text == "" && len(seen) > 0 || c.text != "" && (len(seen) != 1 || seen[0].Text != c.text || seen[0].Raw != c.body) {
			t.Errorf("%s: remembered %v, want %q", c.name, seen, c.text)
		}
	}
}

func TestWebhookWantsItsSignature(t *testing.T) {
	s, root := open(t, sink.Options{})
	body, stamp := `{"v":1}`, fmt.Sprint(time.Now().Unix())
	header := func(secret, stamp string) http.Header {
		return http.Header{"X-Steledesk-Timestamp": {stamp}, "Idempotency-Key": {"WX-1/1"},
			"X-Steledesk-Signature": {"v1=" + hex.EncodeToString(mac(secret, stamp+"."+body))}}
	}
	if status, answer := post(t, root+"webhook/relics", body, header(sink.Secret, stamp)); status != 200 {
		t.Errorf("%d %s", status, answer)
	}
	for name, h := range map[string]http.Header{"other secret": header("other", stamp), "old": header(sink.Secret, "1700000000"), "unsigned": {}} {
		if status, answer := post(t, root+"webhook/relics", body, h); status != 401 || !strings.Contains(answer, "X-Steledesk-") {
			t.Errorf("%s: %d %s, want 401 that names the header", name, status, answer)
		}
	}
	unkeyed := header(sink.Secret, stamp)
	unkeyed.Del("Idempotency-Key")
	if status, _ := post(t, root+"webhook/relics", body, unkeyed); status != 400 {
		t.Errorf("without Idempotency-Key: %d, want 400", status)
	}
	if got := s.Messages(); len(got) != 1 || got[0].Text != "{\n  \"v\": 1\n}" || got[0].Kind != sink.Webhook || got[0].Section != "relics" {
		t.Errorf("remembered %+v", got)
	}
	if got := s.Attempts(sink.Webhook, "relics"); got != 5 {
		t.Errorf("%d attempts, want 5", got)
	}
}

func TestFailures(t *testing.T) {
	s, root := open(t, sink.Options{})
	verdicts := []sink.Verdict{{Status: 500}, {Code: 45009}, {Drop: true}, {Drop: true, Delivered: true}, {}}
	s.Fail(func(kind, section string, n int) sink.Verdict {
		if kind != sink.WeCom || section != "relics" {
			t.Errorf("judged %s of %s", kind, section)
		}
		return verdicts[n-1]
	})
	for n, want := range []string{"Internal Server Error", `"errcode":45009`, "EOF", "EOF", `"errcode":0`} {
		_, answer := post(t, root+"wecom/relics/cgi-bin/webhook/send?key=K", `{"msgtype":"markdown","markdown":{"content":"x"}}`, nil)
		if !strings.Contains(answer, want) {
			t.Errorf("attempt %d: %s, want %s", n+1, answer, want)
		}
	}
	if got := len(s.Messages()); got != 2 { // the one whose answer was lost, and the last
		t.Errorf("%d messages arrived, want 2", got)
	}
	s.Fail(func(string, string, int) sink.Verdict { return sink.Verdict{Hang: true} })
	impatient := http.Client{Timeout: 50 * time.Millisecond}
	_, err := impatient.Post(root+"wecom/relics/cgi-bin/webhook/send?key=K", "application/json", strings.NewReader("{}"))
	if err == nil {
		t.Error("a receiver that hangs has answered")
	}
}

func TestLimits(t *testing.T) {
	_, root := open(t, sink.Options{Limits: true})
	last := ""
	for range 21 {
		_, last = post(t, root+"wecom/relics/cgi-bin/webhook/send?key=K", `{"msgtype":"text","text":{"content":"x"}}`, nil)
	}
	if !strings.Contains(last, `"errcode":45009`) {
		t.Errorf("the 21st message in a minute: %s", last)
	}
	if _, answer := post(t, root+"wecom/gardens/cgi-bin/webhook/send?key=K", `{"msgtype":"text","text":{"content":"x"}}`, nil); !strings.Contains(answer, `"errcode":0`) {
		t.Errorf("another bot: %s", answer)
	}
}

func TestMessagesOutliveARestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "made", "sink.jsonl")
	send := func(root, section string, n int) {
		post(t, root+"wecom/"+section+"/cgi-bin/webhook/send?key=K", fmt.Sprintf(`{"msgtype":"text","text":{"content":"%d"}}`, n), nil)
	}
	first, root := open(t, sink.Options{File: path, Keep: 2})
	send(root, "quiet", 0)
	for n := range 3 {
		send(root, "busy", n)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	file.WriteString(`{"message":{"Kind":"wecom","Sec`) // cut off by a kill
	file.Close()
	second, root := open(t, sink.Options{File: path, Keep: 2})
	send(root, "busy", 3)
	third, _ := open(t, sink.Options{File: path, Keep: 2})
	for name, s := range map[string]*sink.Sink{"second": second, "third": third} {
		var got []string
		for _, m := range s.Messages() {
			got = append(got, m.Section+m.Text)
		}
		if text := strings.Join(got, " "); text != "quiet0 busy2 busy3" {
			t.Errorf("%s: %s", name, text)
		}
	}
}

func TestChangedTellsOfTheNext(t *testing.T) {
	s, root := open(t, sink.Options{})
	changed := s.Changed()
	go http.Post(root+"wecom/a/cgi-bin/webhook/send?key=K", "application/json", strings.NewReader(`{"msgtype":"text","text":{"content":"x"}}`))
	deadline := time.After(10 * time.Second)
	for len(s.Messages()) == 0 {
		select {
		case <-changed:
			changed = s.Changed()
		case <-deadline:
			t.Fatal("nothing came")
		}
	}
}

func TestOtherPathsAreNotFound(t *testing.T) {
	_, root := open(t, sink.Options{})
	for _, path := range []string{"wecom/a", "nobody/a/send", "webhook/", "dingtalk/a/robot/send/more"} {
		if status, _ := post(t, root+path, "{}", nil); status != http.StatusNotFound {
			t.Errorf("%s: %d, want 404", path, status)
		}
	}
}

// A hostile or odd body must be refused, never a panic.
func FuzzBots(f *testing.F) {
	f.Add([]byte(`{"msgtype":"text","text":{"content":"x"}}`))
	f.Add([]byte(`{"msg_type":"interactive","card":{"elements":[{"text":null}]}}`))
	s, err := sink.Open(sink.Options{Secret: func(string, string) string { return "" }})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, path := range []string{"wecom/a/cgi-bin/webhook/send?key=K", "dingtalk/a/robot/send?access_token=T",
			"feishu/a/open-apis/bot/v2/hook/ID", "webhook/a"} {
			w := httptest.NewRecorder()
			s.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/local/bots/"+path, bytes.NewReader(body)))
			if !json.Valid(w.Body.Bytes()) {
				t.Errorf("%s answered %q", path, w.Body)
			}
		}
	})
}
