package desk

import (
	"flag"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"steledesk/infra/browsertest"
)

// go test ./shared/web/desk -run TestPictures -update makes the README's pictures of the desk anew.
var update = flag.Bool("update", false, "make the README's pictures of the desk anew")

const docs = "../../../infra/docs"

// pictures are what the README shows of the desk, by the name of the file, each on a phone and on a desk.
var pictures = []struct {
	name, role string
	pose       func(w *window)
}{
	{"desk-queue", "section", func(w *window) { w.until(`document.querySelector('#rows .row')`) }},
	{"desk-ticket", "section", func(w *window) {
		w.read("WX-00000002")
		w.click(`[data-command=sign]`)
		w.says("已签收。")
	}},
	{"desk-board", "office", func(w *window) {
		w.click(`nav a[href="#/board"]`)
		w.says("各科室")
	}},
	{"desk-audit", "office", func(w *window) {
		w.click(`nav a[href="#/audit"]`)
		w.until(`document.querySelector('#view h1')`)
	}},
	{"desk-office", "office", func(w *window) {
		w.click(`nav a[href="#/office"]`)
		w.part("spots")
		w.row("/spots/1")
		w.at("/spots/1/name/zh", "大唐中兴颂摩崖（保护亭）")
	}},
}

// matters are what the pictures' tickets are about.
var matters = []string{
	"溪畔步道第三段护栏松动，孩子靠上去差点掉进溪里，请尽快派人来看一看。", "停车场出口收费牌和实际收的不一样，多收了十元。", "入口厕所没有水，洗手液也用完了。",
	"讲解员讲到中兴颂时把年份说错了，听的人不少。", "碑林里的说明牌字太小，老人看不清，能不能加一块大字的。", "窗口排队近一小时，只开了一个窗口。",
	"有人在摩崖旁边吸烟。", "故居二楼的展柜灯坏了两盏。", "无障碍坡道被三轮车占了，轮椅上不去。",
}

// furnish gives the fake's tickets words worth a picture, and some to the office to settle.
func furnish(f *fake) {
	for i, k := range f.tickets {
		k["gist"] = matters[i%len(matters)]
		k["events"].([]object)[0]["text"] = matters[i%len(matters)]
	}
	f.tickets[6]["state"], f.tickets[8]["state"] = "triage", "review"
}

// The README shows what the desk looks like on both screens.
func TestPictures(t *testing.T) {
	if *update {
		start := browsertest.Start(t)
		for _, s := range []browsertest.Screen{browsertest.Phone, browsertest.Desktop} {
			for _, p := range pictures {
				w := open(t, start, s)
				w.desk.with(func() {
					w.desk.roles = []string{p.role}
					furnish(w.desk)
				})
				w.signIn()
				p.pose(w)
				w.photograph(filepath.Join(docs, fileOn(p.name, s)))
			}
		}
	}
	readme, err := os.ReadFile("../../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pictures {
		for _, s := range []browsertest.Screen{browsertest.Phone, browsertest.Desktop} {
			name := fileOn(p.name, s)
			if got := width(t, filepath.Join(docs, name)); got != int(s.Width) {
				t.Errorf("%s is %d pixels wide, want %d", name, got, s.Width)
			}
			if !strings.Contains(string(readme), "infra/docs/"+name) {
				t.Errorf("the README does not show %s", name)
			}
		}
	}
}

func fileOn(name string, s browsertest.Screen) string {
	if s.Touch {
		name += "-phone"
	}
	return name + ".png"
}

func (w *window) photograph(file string) {
	w.t.Helper()
	w.do(chromedp.Evaluate[chromedp.Void](`scrollTo(0, 0)`))
	picture, err := chromedp.Run(w.ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(file, picture, 0o644)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

func width(t *testing.T, file string) int {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }() // only read
	c, err := png.DecodeConfig(f)
	if err != nil {
		t.Fatal(err)
	}
	return c.Width
}
