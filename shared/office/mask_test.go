package office

import (
	"reflect"
	"strings"
	"testing"
)

// A field that is added to the office file must not be forgotten by the comparison.
func TestEveryPartIsCompared(t *testing.T) {
	kind := reflect.TypeFor[Office]()
	var want []string
	for i := range kind.NumField() {
		name, _, _ := strings.Cut(kind.Field(i).Tag.Get("json"), ",")
		want = append(want, name)
	}
	if got := parts(); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestMask(t *testing.T) {
	for _, tt := range []struct{ url, want string }{
		{"", ""},
		{"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=0123", "https://qyapi.weixin.qq.com/********?key=********"},
		{"https://oapi.dingtalk.com/robot/send?access_token=T&sign=S", "https://oapi.dingtalk.com/********?access_token=********&sign=********"},
		{"https://open.feishu.cn/open-apis/bot/v2/hook/ID", "https://open.feishu.cn/********"},
		{"http://127.0.0.1:8080/local/bots/x?a", "http://127.0.0.1:8080/********"},
		{"https://user:password@example.cn/x", "https://example.cn/********"},
		{"smtps://desk@example.cn:465", "smtps://desk@example.cn:465"},
		{"sealed:1:abc", "********"},
		{"::not a url", "********"},
	} {
		got := maskURL(tt.url)
		if got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.url, got, tt.want)
		}
		if back, err := unmask(got, tt.url, maskURL); err != nil || back != tt.url {
			t.Errorf("%s: unmasked to %s, %v", tt.url, back, err)
		}
	}
}
