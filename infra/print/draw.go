package print

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"strings"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/vector"

	"steledesk/shared/poster"
)

// Formats are what a sheet can be drawn as.
func Formats() []string { return []string{"svg", "pdf", "png"} }

// Draw draws a sheet: svg, pdf in its real size, or png of 300 dots an inch.
func Draw(s poster.Sheet, f Fonts, format string) ([]byte, error) {
	switch format {
	case "svg":
		return s.SVG(func(l poster.Line) (string, error) {
			p := &pathPen{}
			err := f.Draw(l, p)
			return p.String(), err
		})
	case "pdf":
		return drawPDF(s, f)
	case "png":
		return drawPNG(s, f)
	}
	return nil, fmt.Errorf("%q is no format; write one of %s", format, strings.Join(Formats(), ", "))
}

// pathPen writes SVG path data.
type pathPen struct{ strings.Builder }

func (p *pathPen) MoveTo(x, y float64) { fmt.Fprintf(p, "M%.3f %.3f", x, y) }
func (p *pathPen) LineTo(x, y float64) { fmt.Fprintf(p, "L%.3f %.3f", x, y) }
func (p *pathPen) CurveTo(x1, y1, x2, y2, x, y float64) {
	fmt.Fprintf(p, "C%.3f %.3f %.3f %.3f %.3f %.3f", x1, y1, x2, y2, x, y)
}
func (p *pathPen) Close() { p.WriteByte('Z') }

func rgb(red bool) color.NRGBA {
	c := color.NRGBA{A: 255}
	hex := poster.Ink
	if red {
		hex = poster.Cinnabar
	}
	_, _ = fmt.Sscanf(hex, "#%02x%02x%02x", &c.R, &c.G, &c.B) // constants of the package
	return c
}

// pdfPen draws into a page.
type pdfPen struct{ *fpdf.Fpdf }

func (p pdfPen) CurveTo(x1, y1, x2, y2, x, y float64) { p.CurveBezierCubicTo(x1, y1, x2, y2, x, y) }
func (p pdfPen) Close()                               { p.ClosePath() }

func drawPDF(s poster.Sheet, f Fonts) ([]byte, error) {
	page := fpdf.NewCustom(&fpdf.InitType{UnitStr: "mm", Size: fpdf.SizeType{Wd: s.Width, Ht: s.Height}})
	page.SetTitle(s.Title, true)
	page.SetMargins(0, 0, 0)
	page.SetAutoPageBreak(false, 0)
	page.AddPage()
	fill := func(red bool) {
		c := rgb(red)
		page.SetFillColor(int(c.R), int(c.G), int(c.B))
	}
	for _, b := range s.Blocks {
		fill(b.Red)
		page.Rect(b.X, b.Y, b.W, b.H, "F")
	}
	for _, l := range s.Lines {
		if l.Text == "" {
			continue
		}
		fill(l.Red)
		if err := f.Draw(l, pdfPen{page}); err != nil {
			return nil, err
		}
		page.DrawPath("F")
	}
	var out bytes.Buffer
	if err := page.Output(&out); err != nil {
		return nil, fmt.Errorf("write PDF: %w", err)
	}
	return out.Bytes(), nil
}

// dots are pixels a millimetre at 300 an inch.
const dots = 300 / 25.4

// rasterPen draws into a rasterizer.
type rasterPen struct{ *vector.Rasterizer }

func (p rasterPen) MoveTo(x, y float64) { p.Rasterizer.MoveTo(float32(x*dots), float32(y*dots)) }
func (p rasterPen) LineTo(x, y float64) { p.Rasterizer.LineTo(float32(x*dots), float32(y*dots)) }
func (p rasterPen) Close()              { p.ClosePath() }
func (p rasterPen) CurveTo(x1, y1, x2, y2, x, y float64) {
	p.CubeTo(float32(x1*dots), float32(y1*dots), float32(x2*dots), float32(y2*dots), float32(x*dots), float32(y*dots))
}

func drawPNG(s poster.Sheet, f Fonts) ([]byte, error) {
	w, h := int(math.Round(s.Width*dots)), int(math.Round(s.Height*dots))
	picture := image.NewNRGBA(image.Rect(0, 0, w, h))
	draw.Draw(picture, picture.Bounds(), image.White, image.Point{}, draw.Src)
	for _, b := range s.Blocks { // to whole pixels: a code's edges stay sharp
		at := func(mm float64) int { return int(math.Round(mm * dots)) }
		r := image.Rect(at(b.X), at(b.Y), at(b.X+b.W), at(b.Y+b.H))
		draw.Draw(picture, r, image.NewUniform(rgb(b.Red)), image.Point{}, draw.Src)
	}
	for _, l := range s.Lines {
		r := vector.NewRasterizer(w, h)
		if err := f.Draw(l, rasterPen{r}); err != nil {
			return nil, err
		}
		r.Draw(picture, picture.Bounds(), image.NewUniform(rgb(l.Red)), image.Point{})
	}
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		return nil, fmt.Errorf("write PNG: %w", err)
	}
	return dense(out.Bytes()), nil
}

// dense tells printers the picture's real size: a pHYs chunk of 300 dots an inch behind the header, which image/png
// does not write.
func dense(picture []byte) []byte {
	const header = 8 + 25 // signature and IHDR
	chunk := []byte("pHYs")
	chunk = binary.BigEndian.AppendUint32(chunk, 11811) // a metre
	chunk = binary.BigEndian.AppendUint32(chunk, 11811)
	chunk = append(chunk, 1)
	out := append([]byte{}, picture[:header]...)
	out = binary.BigEndian.AppendUint32(out, uint32(len(chunk)-4))
	out = append(out, chunk...)
	out = binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(chunk))
	return append(out, picture[header:]...)
}
