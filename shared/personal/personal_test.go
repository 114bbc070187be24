package personal

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestFind(t *testing.T) {
	tests := []struct {
		text string
		want []Kind
		mask string
	}{
		{"售票窗口只开一个，排队四十分钟。", nil, "售票窗口只开一个，排队四十分钟。"},
		{"请拨 138 0000 1234。", []Kind{Phone}, "请拨 ***。"},
		{"电话１３８００００１２３４", []Kind{Phone}, "电话***"}, // full width
		{"13800001234 13900001234", []Kind{Phone}, "*** ***"},
		{"+86-13800001234", []Kind{Phone}, "***"},
		{"0746-3212345", []Kind{Phone}, "***"},
		{"身份证 431121199001011234 的人", []Kind{IDCard}, "身份证 *** 的人"},
		{"43112119900101123X", []Kind{IDCard}, "***"},
		{"湘M·12345 占了残疾人车位", []Kind{Plate}, "*** 占了残疾人车位"},
		{"湘MD12345 停在步道", []Kind{Plate}, "*** 停在步道"},
		{"写到 zhang.san@example.cn", []Kind{Mail}, "写到 ***"},
		{"姓名：张三，", []Kind{Name}, "姓名:***,"},
		{"保洁员王小明先生说", []Kind{Name}, "保洁员***先生说"},
		{"一位女士被挤倒，这位先生扶了她", nil, "一位女士被挤倒，这位先生扶了她"},
		{"张先生", nil, "张先生"}, // a surname is many people's
		{"单号 202611230001234567 和 2026-11-23", nil, "单号 202611230001234567 和 2026-11-23"},
		{"票价138元，排队1380000123400人次", nil, "票价138元，排队1380000123400人次"},
		{"WX-7K3FQ2MK 答复过于笼统", nil, "WX-7K3FQ2MK 答复过于笼统"},
		{"", nil, ""},
	}
	for _, tt := range tests {
		if got := Find(tt.text); !slices.Equal(got, tt.want) {
			t.Errorf("%q: got %v, want %v", tt.text, got, tt.want)
		}
		if got := Mask(tt.text); got != tt.mask {
			t.Errorf("%q: got %q, want %q", tt.text, got, tt.mask)
		}
	}
}

// Whatever stands around a number, it does not outlive the mask. No text of the desk has a NUL.
func TestMaskHidesPhones(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before := rapid.StringMatching(`[^0-9+\x00]{0,8}`).Draw(t, "before")
		number := rapid.StringMatching(`1[3-9]\d{9}`).Draw(t, "number")
		after := rapid.StringMatching(`[^0-9\x00]{0,8}`).Draw(t, "after")
		if got := Mask(before + number + after); strings.Contains(got, number) {
			t.Fatalf("%q", got)
		}
	})
}
