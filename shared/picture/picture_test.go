package picture

import (
	"bytes"
	"image/png"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// What a phone's camera reads in the picture is the address, also the longest there is.
func TestQRCodeIsRead(t *testing.T) {
	for _, address := range []string{
		"https://desk.example.cn/follow?n=WX-K37G0A0H",
		"https://a1b2c3d4e5.execute-api.cn-northwest-1.amazonaws.com.cn/verify?r=R1." + strings.Repeat("Ab9_", 55),
	} {
		file, err := Draw([]Line{{Text: "No. WX-K37G0A0H", Big: true}, {Text: "Filed 2026-11-23 09:00"}}, address)
		if err != nil {
			t.Fatal(err)
		}
		if len(file) > 10<<10 {
			t.Errorf("%d bytes: too many for a page on one bar of signal", len(file))
		}
		sheet, err := png.Decode(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		bitmap, err := gozxing.NewBinaryBitmapFromImage(sheet)
		if err != nil {
			t.Fatal(err)
		}
		found, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
		if err != nil || found.GetText() != address {
			t.Errorf("read %v, %v; want %s", found, err, address)
		}
	}
}
