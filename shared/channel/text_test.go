package channel

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestNamesCanNotFormatLinkOrCall(t *testing.T) {
	cases := []struct{ name, got, want string }{
		{"link", "[点我](http://evil.cn/x)", "［点我］（http：//evil．cn/x）"},
		{"image", "![x](data:x)", "!［x］（data：x）"},
		{"bare address", "www.evil.cn", "www．evil．cn"},
		{"number with a dot", "No. 3.", "No. 3."},
		{"mention of WeCom", "<@all>", "＜＠all＞"},
		{"mention of Feishu", "<at id=all></at>", "＜at id=all＞＜/at＞"},
		{"mention of DingTalk", "@13800138000", "＠13800138000"},
		{"colour", `<font color="warning">x</font>`, `＜font color="warning"＞x＜/font＞`},
		{"bold, code, strike", "**a** `b` ~~c~~ _d_", "＊＊a＊＊ ｀b｀ ～～c～～ ＿d＿"},
		{"entity", "&lt;b&gt;", "＆lt;b＆gt;"},
		{"backslash before mark", `\*`, "＼＊"},
		{"new line starts a heading", "a\n# b\r\n> c", "a ＃ b ＞ c"},
		{"line separators", "a\u2028b\u2029c\u0085d", "a b c d"},
		{"right to left override", "a\u202Egnp.exe", "agnp．exe"},
		{"zero width", "a\u200Bb\uFEFFc", "abc"},
		{"no UTF-8", "a\xffb", "a\uFFFDb"},
		{"ordinary", "碑林(东门) 3号·𠮷 café 🏯", "碑林（东门） 3号·𠮷 café 🏯"},
	}
	for _, c := range cases {
		if got := plain(c.got); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

// harmless fails on a name that a bot could read as anything but text.
func harmless(t interface{ Fatalf(string, ...any) }, name string) {
	got := plain(name)
	if i := strings.IndexAny(got, "\\`*_{}[]()<>#|~@&:\n\r\t\x00"); i >= 0 {
		t.Fatalf("plain(%q) = %q holds %q", name, got, got[i])
	}
	if strings.ContainsFunc(got, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }) {
		t.Fatalf("plain(%q) = %q holds a control character", name, got)
	}
	if len(got) > longest || !utf8.ValidString(got) {
		t.Fatalf("plain(%q) = %q: %d bytes, valid %v", name, got, len(got), utf8.ValidString(got))
	}
	if again := plain(got); again != got {
		t.Fatalf("plain twice: %q, then %q", got, again)
	}
}

func TestNamesAreHarmless(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { harmless(t, rapid.String().Draw(t, "name")) })
}

func TestCutKeepsCharactersWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, limit := rapid.String().Draw(t, "text"), rapid.IntRange(3, 60).Draw(t, "limit")
		got := cut(text, limit)
		if len(got) > limit || !utf8.ValidString(got) {
			t.Fatalf("cut(%q, %d) = %q", text, limit, got)
		}
		if body, shortened := strings.CutSuffix(got, "…"); len(text) > limit && (!shortened || !strings.HasPrefix(text, body)) {
			t.Fatalf("cut(%q, %d) = %q does not begin the text or does not show the cut", text, limit, got)
		}
		if len(text) <= limit && got != text {
			t.Fatalf("cut(%q, %d) = %q changed what fits", text, limit, got)
		}
	})
}

func FuzzPlain(f *testing.F) {
	for _, seed := range []string{"", "东门", "[a](http://b.cn)", "<@all>", "\xff\xfe", "👨‍👩‍👧‍👦𠮷", strings.Repeat("碑", 40)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) { harmless(t, name) })
}
