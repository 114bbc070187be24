package papers

import (
	"slices"
	"strings"
	"testing"

	"steledesk/infra/officetest"
)

// An office program lays the document out on A4 within the standard's margins, with every part of it there; only the
// page numbers stand below the text.
func TestDocumentFitsItsPages(t *testing.T) {
	in := sample(t, 300)
	pages := officetest.Pages(t, "digest.docx", made(t, in, "digest.docx"))
	want := []string{"内部资料", "2026年10月政务公开监督员座谈会材料", "一、总体情况", "二、分类与点位", "三、科室办理情况", "四、典型件",
		"五、上次座谈会意见办理情况", "六、监督员意见", "七、提请讨论的问题", "八、下月打算", "附件：1.分类明细表", "附件1", "附件4"}
	for i, page := range pages {
		left := []float64{28, 26}[i%2]
		for _, l := range page.Lines {
			text := strings.ReplaceAll(l.Text, " ", "")
			want = slices.DeleteFunc(want, func(part string) bool { return strings.HasPrefix(text, part) })
			room := 156.6
			if strings.ContainsRune("，。；：、？", []rune(text)[len([]rune(text))-1]) { // may hang in the margin
				room += 5.6
			}
			if l.Left < left-.6 || l.Right > left+room {
				t.Errorf("page %d: %q runs from %.1f to %.1f mm, want within 156 mm from %v", i+1, l.Text, l.Left, l.Right, left)
			}
			if number := strings.HasPrefix(text, "—"+[]string{"1", "2", "3", "4", "5", "6", "7", "8", "9"}[min(i, 8)]); !number && (l.Top < 36 || l.Bottom > 264) && i < 9 {
				t.Errorf("page %d: %q stands from %.1f to %.1f mm, want within 37 and 262", i+1, l.Text, l.Top, l.Bottom)
			}
		}
	}
	if len(want) > 0 {
		t.Errorf("these are nowhere on the %d pages: %v", len(pages), want)
	}
}
