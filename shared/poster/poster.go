// Package poster lays out the sheet that hangs at a spot: a code to scan, in four languages what it is for, the spot in
// large type, and whom to call instead. A sheet is blocks and lines of text in millimetres, for whoever draws it.
package poster

import (
	"fmt"
	"image/color"
	"net/url"
	"strings"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"

	"steledesk/shared/office"
	"steledesk/shared/phrase"
)

// Sheet is one side of paper. Everything lies within a margin of 8 mm (A6; 16 mm on A4), so that nothing is lost at the cut.
type Sheet struct {
	Width, Height float64 // millimetres
	Blocks        []Block
	Lines         []Line
	Title         string // what it is, for screen readers
}

// Block is a rectangle filled with the ink, or with Red.
type Block struct {
	X, Y, W, H float64
	Red        bool
}

// Line is a line of text whose middle is at X and whose baseline is at Y.
type Line struct {
	X, Y, Size float64 // Size is the height of a Chinese character
	Bold, Red  bool
	Language   string
	Text       string
}

// sizes are the sizes of paper: how many times those of A6, and the height, which is not quite that.
var sizes = map[string]struct{ scale, height float64 }{"A6": {1, 148}, "A4": {2, 297}}

const (
	width, height = 105.0, 148.0 // of A6
	margin        = 8.0
	codeSize      = 54.0 // with its quiet zone
	quiet         = 4    // modules around a code that stay white (ISO/IEC 18004)
)

// Address is what a spot's code says: the visitors' page with the spot, without a hop in between.
func Address(site, spot string) (string, error) {
	u, err := url.Parse(strings.TrimSuffix(site, "/") + "/")
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.RawQuery != "" {
		return "", fmt.Errorf("%q is no address of a site; write https://desk.example.cn", site)
	}
	u.RawQuery = url.Values{"p": {spot}}.Encode()
	return u.String(), nil
}

// New lays out a spot's sheet of a size (A4, A6) for the site at an address.
func New(o *office.Office, s office.Spot, site, size string) (Sheet, error) {
	paper, known := sizes[size]
	if !known {
		return Sheet{}, fmt.Errorf("%q is no size of paper; write A4 or A6", size)
	}
	address, err := Address(site, s.ID)
	if err != nil {
		return Sheet{}, err
	}
	code, err := qr.Encode(address, qr.M, qr.Auto)
	if err != nil {
		return Sheet{}, fmt.Errorf("make code of %s: %w", address, err)
	}
	sheet := Sheet{Width: width, Height: height, Title: fmt.Sprintf("%s %s %s", s.ID, s.Name.In("zh"), address)}
	sheet.write(o, s, address)
	sheet.draw(code)
	sheet = sheet.scaled(paper.scale)
	sheet.Height = paper.height
	return sheet, nil
}

// write sets the lines, on A6.
func (s *Sheet) write(o *office.Office, spot office.Spot, address string) {
	s.line(16, 5, "zh", o.Desk.Name.In("zh"), false, false)
	s.line(21, 2.8, "en", o.Desk.Name.In("en"), false, false)
	s.Blocks = append(s.Blocks, Block{X: margin, Y: 24, W: width - 2*margin, H: 0.6, Red: true})
	s.line(35, 8.5, "zh", phrase.In("zh", "page.poster.scan"), true, true)
	for i, language := range []string{"en", "ja", "ko"} {
		s.line(41+4.6*float64(i), 3.5, language, phrase.In(language, "page.poster.scan"), false, false)
	}
	s.line(116, 8, "zh", spot.ID+" "+spot.Name.In("zh"), true, false)
	s.line(122, 3.8, "en", spot.Name.In("en"), false, false)
	s.line(129.2, 3.4, "zh", phrase.In("zh", "page.poster.private")+" "+phrase.In("en", "page.poster.private"), false, false)
	if len(o.Desk.Phones) > 0 {
		s.line(134.6, 3.8, "zh", phrase.In("zh", "page.poster.call")+" "+phrase.In("en", "page.poster.call")+" "+o.Desk.Phones[0].Number, true, false)
	}
	s.line(138.6, 2.6, "en", address, false, false)
}

// line sets a line in the middle, smaller where it would not fit.
func (s *Sheet) line(y, size float64, language, text string, bold, red bool) {
	if ems := length(text); ems > 0 {
		size = min(size, (width-2*margin)/ems)
	}
	s.Lines = append(s.Lines, Line{X: width / 2, Y: y, Size: size, Bold: bold, Red: red, Language: language, Text: text})
}

// length estimates how many times its size a text is long, rather too much than too little.
func length(text string) float64 {
	ems := 0.0
	for _, c := range text {
		switch {
		case c >= 0x1100:
			ems++
		case c >= 'A' && c <= 'Z' || c == 'm' || c == 'w':
			ems += 0.75
		default:
			ems += 0.57
		}
	}
	return ems
}

// draw sets the code, row by row in blocks as long as they can be.
func (s *Sheet) draw(code barcode.Barcode) {
	size := code.Bounds().Dx()
	module := codeSize / float64(size+2*quiet)
	left, top := (width-codeSize)/2+quiet*module, 53+quiet*module
	for y := range size {
		for x := 0; x < size; x++ {
			from := x
			for x < size && code.At(x, y) == color.Black {
				x++
			}
			if x > from {
				s.Blocks = append(s.Blocks, Block{
					X: left + float64(from)*module, Y: top + float64(y)*module, W: float64(x-from) * module, H: module,
				})
			}
		}
	}
}

func (s Sheet) scaled(by float64) Sheet {
	s.Width, s.Height = s.Width*by, s.Height*by
	for i, b := range s.Blocks {
		s.Blocks[i] = Block{X: b.X * by, Y: b.Y * by, W: b.W * by, H: b.H * by, Red: b.Red}
	}
	for i := range s.Lines {
		l := &s.Lines[i]
		l.X, l.Y, l.Size = l.X*by, l.Y*by, l.Size*by
	}
	return s
}
