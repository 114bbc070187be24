package console

import "testing"

func TestChat(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"**新工单** · [WX-1](http://127.0.0.1/t/WX-1)", `<strong>新工单</strong> · <a href="http://127.0.0.1/t/WX-1" rel="noreferrer">WX-1</a>`},
		{`<font color="warning">加急</font>`, "<em>加急</em>"},
		{"<font color='red'>加急</font>", "<em>加急</em>"},
		{`<script>alert(1)</script>`, "&lt;script&gt;alert(1)&lt;/script&gt;"},
		{`[x](javascript:alert(1))`, "[x](javascript:alert(1))"},
		{`[x](http://a"onclick="b)`, `<a href="http://a&#34;onclick=&#34;b" rel="noreferrer">x</a>`},
		{`<font color="red" onclick="x">a</font>`, `&lt;font color=&#34;red&#34; onclick=&#34;x&#34;&gt;a&lt;/font&gt;`},
		{"a * b ** c", "a * b ** c"},
	} {
		if got := string(chat(tt.text)); got != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.text, got, tt.want)
		}
	}
}
