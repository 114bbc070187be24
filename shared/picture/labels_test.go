package picture

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"os"
	"testing"

	"github.com/chromedp/chromedp"

	"steledesk/events/golden"
	"steledesk/infra/browsertest"
	"steledesk/shared/phrase"
)

// TestLabels holds that every label there is says what the catalogue says.
// go test ./shared/picture -run TestLabels -update draws them in Chromium.
func TestLabels(t *testing.T) {
	const list = "testdata/labels.txt" // what each label says
	said := ""
	words := map[string]string{}
	for _, language := range phrase.Languages() {
		for _, name := range []string{"filed", "due"} {
			word := phrase.In(language, "picture."+name)
			words[language+"-"+name] = word
			said += fmt.Sprintf("%s-%s %s\n", language, name, word)
		}
	}
	if golden.Update() {
		redraw(t, words)
		if err := os.WriteFile(list, []byte(said), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if drawn, err := os.ReadFile(list); err != nil || string(drawn) != said {
		t.Errorf("the labels say\n%s(%v), want\n%s", drawn, err, said)
	}
	for label := range words {
		with, err := Draw([]Line{{Label: label, Text: "2026-11-23 09:00"}}, "https://desk.example.cn")
		if err != nil {
			t.Error(err)
		}
		without, err := Draw([]Line{{Text: "2026-11-23 09:00"}}, "https://desk.example.cn")
		if err != nil || bytes.Equal(with, without) {
			t.Errorf("%s is not drawn; %v", label, err)
		}
	}
}

func redraw(t *testing.T, words map[string]string) {
	ctx := browsertest.Start(t)(t, browsertest.Desktop)
	for label, word := range words {
		page := fmt.Sprintf(`data:text/html;charset=utf-8,<html lang=%s><body style="background:white"><span id=word style="display:inline-block;font:26px/32px 'Noto Sans CJK SC','Noto Sans',sans-serif">%s</span>`, label[:2], word)
		if err := chromedp.Do(ctx, chromedp.Navigate(page), chromedp.WaitVisible(chromedp.CSS(`#word`))); err != nil {
			t.Fatal(err)
		}
		keep(ctx, t, label)
	}
}

func keep(ctx context.Context, t *testing.T, label string) {
	t.Helper()
	shot, err := chromedp.Run(ctx, chromedp.Screenshot(chromedp.CSS(`#word`)))
	if err != nil {
		t.Fatal(err)
	}
	seen, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		t.Fatal(err)
	}
	grey := image.NewPaletted(image.Rect(0, 0, seen.Bounds().Dx(), seen.Bounds().Dy()), greys())
	draw.Draw(grey, grey.Bounds(), seen, seen.Bounds().Min, draw.Src)
	file, err := encode(grey)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("labels/"+label+".png", file, 0o644); err != nil {
		t.Fatal(err)
	}
}
