package poster

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"steledesk/shared/office"
)

// Every spot of the built-in office has a sheet on which nothing runs over the edge, and an SVG that is well-formed,
// whatever is in its names.
func TestEverySpot(t *testing.T) {
	o := office.Default()
	o.Spots = append(o.Spots, office.Spot{ID: "XX01", Name: office.Name{ZH: strings.Repeat("长", 60), EN: `<"Rock" & 'Cup'>`}})
	for _, spot := range o.Spots {
		for _, size := range []string{"A4", "A6"} {
			s, err := New(o, spot, "https://wuxi.example.cn", size)
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range s.Lines {
				if wide := length(l.Text) * l.Size; wide > s.Width*(width-2*margin)/width+0.01 || l.Y > s.Height {
					t.Errorf("%s on %s: %q is %.0f mm", spot.ID, size, l.Text, wide)
				}
			}
			drawn, err := s.SVG(nil)
			if err != nil || !strings.Contains(string(drawn), ">"+spot.ID+" ") {
				t.Errorf("%s: %v", spot.ID, err)
			}
			wellFormed(t, string(drawn))
		}
	}
}

func wellFormed(t *testing.T, text string) {
	t.Helper()
	for d := xml.NewDecoder(strings.NewReader(text)); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("%v in %s", err, text)
		}
	}
}

func TestAddress(t *testing.T) {
	for site, want := range map[string]string{
		"https://wuxi.example.cn":       "https://wuxi.example.cn/?p=BL01",
		"https://wuxi.example.cn/":      "https://wuxi.example.cn/?p=BL01",
		"https://example.cn/desk":       "https://example.cn/desk/?p=BL01",
		"http://127.0.0.1:8080":         "http://127.0.0.1:8080/?p=BL01",
		"wuxi.example.cn":               "",
		"":                              "",
		"javascript:alert(1)":           "",
		"https://wuxi.example.cn/?p=XX": "",
	} {
		if got, err := Address(site, "BL01"); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: got %q, %v", site, got, err)
		}
	}
	if _, err := New(office.Default(), office.Spot{ID: "BL01"}, "https://wuxi.example.cn", "A5"); err == nil {
		t.Error("A5 was taken")
	}
}
