// Package picture draws the receipt a visitor keeps among their photos: number, code, dates and a QR code. Its words
// are pictures themselves (labels), in each language: a font with their letters is far larger than all the rest.
package picture

import (
	"bytes"
	"embed"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"

	"github.com/boombuler/barcode/qr"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gomonobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// Line is one line of text.
type Line struct {
	Label string // a word before the text, of labels: zh-filed
	Text  string // Latin letters
	Big   bool   // what is to be typed again
}

// labels are words of the catalogue as grey pictures; a test writes them.
//
//go:embed labels/*.png
var labels embed.FS

const (
	width  = 720 // pixels: two for each of a phone's 360
	margin = 32
	small  = 26 // pixels of a letter's height
	big    = 56
)

// Draw gives the picture as a PNG: the lines, and below them the QR code of address.
func Draw(lines []Line, address string) ([]byte, error) {
	code, err := qr.Encode(address, qr.M, qr.Unicode)
	if err != nil {
		return nil, fmt.Errorf("encode QR code: %w", err)
	}
	scale := (width - 2*margin) / (code.Bounds().Dx() + 2*quiet)
	side := code.Bounds().Dx() * scale
	top := margin
	for _, l := range lines {
		top += l.height()
	}
	sheet := image.NewPaletted(image.Rect(0, 0, width, top+side+2*quiet*scale+margin), greys())
	if err := write(sheet, lines); err != nil {
		return nil, err
	}
	left, above := (width-side)/2, top+quiet*scale
	for y := range side {
		for x := range side {
			if code.At(x/scale, y/scale) == color.Black {
				sheet.SetColorIndex(left+x, above+y, black)
			}
		}
	}
	return encode(sheet)
}

// quiet is the white border a QR code needs, in modules (ISO/IEC 18004).
const quiet = 4

func (l Line) size() int {
	if l.Big {
		return big
	}
	return small
}

func (l Line) height() int { return l.size() * 3 / 2 }

// black is its place among the greys.
const black = 3

// greys are enough for letters with smooth edges on a screen of two pixels for each point, and their pixels take a quarter
// of the bytes. White is the first, which is what a new sheet is all over.
func greys() color.Palette {
	var p color.Palette
	for i := range black + 1 {
		p = append(p, color.Gray{Y: uint8(255 - i*255/black)})
	}
	return p
}

func write(sheet draw.Image, lines []Line) error {
	y := margin
	for _, l := range lines {
		face, err := l.face()
		if err != nil {
			return err
		}
		x, err := l.label(sheet, y)
		if err != nil {
			return err
		}
		pen := font.Drawer{Dst: sheet, Src: image.Black, Face: face, Dot: fixed.P(x, y+l.size())}
		pen.DrawString(l.Text)
		y += l.height()
	}
	return nil
}

// label draws the line's label, and says where its text begins.
func (l Line) label(sheet draw.Image, y int) (x int, err error) {
	if l.Label == "" {
		return margin, nil
	}
	file, err := labels.ReadFile("labels/" + l.Label + ".png")
	if err != nil {
		return 0, fmt.Errorf("read label: %w", err)
	}
	word, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		return 0, fmt.Errorf("read label %s: %w", l.Label, err)
	}
	at := image.Pt(margin, y+(l.size()*6/5-word.Bounds().Dy())/2)
	draw.Draw(sheet, image.Rectangle{at, at.Add(word.Bounds().Size())}, word, image.Point{}, draw.Src)
	return at.X + word.Bounds().Dx() + l.size()/2, nil
}

func (l Line) face() (font.Face, error) {
	file := goregular.TTF
	if l.Big {
		file = gomonobold.TTF
	}
	parsed, err := opentype.Parse(file)
	if err != nil {
		return nil, fmt.Errorf("read font: %w", err)
	}
	face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: float64(l.size()), DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		return nil, fmt.Errorf("read font: %w", err)
	}
	return face, nil
}

func encode(sheet image.Image) ([]byte, error) {
	var out bytes.Buffer
	if err := png.Encode(&out, sheet); err != nil {
		return nil, fmt.Errorf("encode picture: %w", err)
	}
	return out.Bytes(), nil
}
