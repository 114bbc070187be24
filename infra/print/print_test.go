package print

import (
	"bytes"
	"image"
	"image/png"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"steledesk/shared/office"
	"steledesk/shared/poster"
)

func sheet(t *testing.T, size string) poster.Sheet {
	t.Helper()
	o := office.Default()
	spot, _ := o.Spot("BL02")
	s, err := poster.New(o, spot, "https://wuxi.example.cn/", size)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func fonts(t *testing.T) Fonts {
	t.Helper()
	f, err := Find(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// The code of the smallest sheet, as it is printed, leads to the spot.
func TestCodeIsRead(t *testing.T) {
	drawn, err := Draw(sheet(t, "A6"), fonts(t), "png")
	if err != nil {
		t.Fatal(err)
	}
	picture, err := png.Decode(bytes.NewReader(drawn))
	if err != nil {
		t.Fatal(err)
	}
	if got := picture.Bounds().Size(); got != (image.Point{X: 1240, Y: 1748}) {
		t.Errorf("A6 at 300 dots an inch is %v", got)
	}
	bitmap, err := gozxing.NewBinaryBitmapFromImage(picture)
	if err != nil {
		t.Fatal(err)
	}
	read, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
	if err != nil || read.GetText() != "https://wuxi.example.cn/?p=BL02" {
		t.Errorf("read %v, %v", read, err)
	}
	if level := read.GetResultMetadata()[gozxing.ResultMetadataType_ERROR_CORRECTION_LEVEL]; level != "M" {
		t.Errorf("error correction %v, want M", level)
	}
}

// Nothing lies where the knife or a printer's edge may take it: the margin stays white.
func TestMarginStaysWhite(t *testing.T) {
	drawn, err := Draw(sheet(t, "A6"), fonts(t), "png")
	if err != nil {
		t.Fatal(err)
	}
	picture, err := png.Decode(bytes.NewReader(drawn))
	if err != nil {
		t.Fatal(err)
	}
	safe := picture.Bounds().Inset(90) // 7.6 mm
	for y := range picture.Bounds().Dy() {
		for x := range picture.Bounds().Dx() {
			if r, _, _, _ := picture.At(x, y).RGBA(); r != 0xffff && !(image.Point{X: x, Y: y}).In(safe) {
				t.Fatalf("ink at %d,%d", x, y)
			}
		}
	}
}

func TestFormats(t *testing.T) {
	f := fonts(t)
	for format, want := range map[string][]string{
		"svg": {`width="210mm" height="297mm"`, "<path", "<title>BL02"},
		"pdf": {"%PDF-1", "/MediaBox [0 0 595"},
	} {
		drawn, err := Draw(sheet(t, "A4"), f, format)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range want {
			if !bytes.Contains(drawn, []byte(w)) {
				t.Errorf("%s lacks %q", format, w)
			}
		}
		if bytes.Contains(drawn, []byte("<text")) || bytes.Contains(drawn, []byte("/Font <<\n/F")) {
			t.Errorf("%s leaves letters to the printer's fonts", format)
		}
	}
	if _, err := Draw(sheet(t, "A4"), f, "jpg"); err == nil || !strings.Contains(err.Error(), "svg, pdf, png") {
		t.Errorf("jpg: %v", err)
	}
}

// A letter the font does not have is named, not left out.
func TestMissingLetter(t *testing.T) {
	s := sheet(t, "A6")
	s.Lines[0].Text = "碑\U000F1234"
	if _, err := Draw(s, fonts(t), "svg"); err == nil || !strings.Contains(err.Error(), "fonts-noto-cjk") {
		t.Errorf("got %v", err)
	}
	if _, err := Find(t.Context(), "font_test.go"); err == nil {
		t.Error("a file that is no font was taken for one")
	}
}
