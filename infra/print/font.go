// Package print draws posters for a printer: every letter as its outline, so that a print shop needs no fonts. The fonts
// are found on the operator's machine; nothing of this is linked into a function.
package print

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"steledesk/shared/poster"
)

// Fonts are the faces posters are set in.
type Fonts struct {
	regular, bold *sfnt.Font
}

// needed says what to do when a font is missing.
const needed = "install one with: apt-get install fonts-noto-cjk fontconfig (or name a file with --font)"

// Find gives the fonts of this machine that have Chinese, by fontconfig's fc-match; or the one of a file, for
// both weights.
func Find(ctx context.Context, file string) (Fonts, error) {
	if file != "" {
		f, err := open(file, 0)
		return Fonts{f, f}, err
	}
	regular, err := match(ctx, "Noto Sans CJK SC:lang=zh-cn:weight=80")
	if err != nil {
		return Fonts{}, err
	}
	bold, err := match(ctx, "Noto Sans CJK SC:lang=zh-cn:weight=200")
	return Fonts{regular, bold}, err
}

// match asks fontconfig for the font nearest to a pattern.
func match(ctx context.Context, pattern string) (*sfnt.Font, error) {
	out, err := exec.CommandContext(ctx, "fc-match", "-f", "%{file}\n%{index}", pattern).Output()
	if err != nil {
		return nil, fmt.Errorf("find a font with fc-match: %w; %s", err, needed)
	}
	file, number, _ := strings.Cut(string(out), "\n")
	n, err := strconv.Atoi(number)
	if err != nil {
		return nil, fmt.Errorf("find a font with fc-match: it says %q; %s", out, needed)
	}
	return open(file, n&0xffff) // above are the named instances of variable fonts
}

// open reads the n-th font of a file.
func open(file string, n int) (*sfnt.Font, error) {
	data, err := os.ReadFile(file) //nolint:gosec // the operator's own choice
	if err != nil {
		return nil, fmt.Errorf("read font: %w", err)
	}
	all, err := sfnt.ParseCollection(data)
	if err != nil {
		return nil, fmt.Errorf("read font %s: %w", file, err)
	}
	f, err := all.Font(min(n, all.NumFonts()-1))
	if err != nil {
		return nil, fmt.Errorf("read font %s: %w", file, err)
	}
	return f, nil
}

// Pen draws an outline, in millimetres.
type Pen interface {
	MoveTo(x, y float64)
	LineTo(x, y float64)
	CurveTo(x1, y1, x2, y2, x, y float64)
	Close()
}

// resolution is how finely glyphs are read: units an em.
const resolution = 1000

// Draw draws a line's letters. The error names a character that the font does not have.
func (f Fonts) Draw(l poster.Line, pen Pen) error {
	face := f.regular
	if l.Bold {
		face = f.bold
	}
	var b sfnt.Buffer
	glyphs, advances, total, err := shape(face, &b, l.Text)
	if err != nil {
		return err
	}
	unit := l.Size / resolution / 64
	x := l.X - float64(total)*unit/2
	for i, g := range glyphs {
		segments, err := face.LoadGlyph(&b, g, fixed.I(resolution), nil)
		if err != nil {
			return fmt.Errorf("draw %q: %w", l.Text, err)
		}
		trace(segments, pen, func(p fixed.Point26_6) (float64, float64) { return x + float64(p.X)*unit, l.Y + float64(p.Y)*unit })
		x += float64(advances[i]) * unit
	}
	return nil
}

// shape finds the glyphs of a text and how far each leads on.
func shape(face *sfnt.Font, b *sfnt.Buffer, text string) (glyphs []sfnt.GlyphIndex, advances []fixed.Int26_6, total fixed.Int26_6, err error) {
	for _, c := range text {
		g, err := face.GlyphIndex(b, c)
		if err != nil || g == 0 {
			return nil, nil, 0, fmt.Errorf("the font has no %q, which %q needs; %s", c, text, needed)
		}
		advance, err := face.GlyphAdvance(b, g, fixed.I(resolution), 0)
		if err != nil {
			return nil, nil, 0, fmt.Errorf("measure %q: %w", c, err)
		}
		glyphs, advances, total = append(glyphs, g), append(advances, advance), total+advance
	}
	return glyphs, advances, total, nil
}

// trace draws one glyph; at gives where a point of it is on the sheet.
func trace(segments sfnt.Segments, pen Pen, at func(fixed.Point26_6) (x, y float64)) {
	var x0, y0 float64
	for i, s := range segments {
		x1, y1 := at(s.Args[0])
		x2, y2 := at(s.Args[1])
		x3, y3 := at(s.Args[2])
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			if i > 0 {
				pen.Close()
			}
			pen.MoveTo(x1, y1)
			x0, y0 = x1, y1
		case sfnt.SegmentOpLineTo:
			pen.LineTo(x1, y1)
			x0, y0 = x1, y1
		case sfnt.SegmentOpQuadTo: // the same curve, as a cubic one
			pen.CurveTo(x0+(x1-x0)*2/3, y0+(y1-y0)*2/3, x2+(x1-x2)*2/3, y2+(y1-y2)*2/3, x2, y2)
			x0, y0 = x2, y2
		case sfnt.SegmentOpCubeTo:
			pen.CurveTo(x1, y1, x2, y2, x3, y3)
			x0, y0 = x3, y3
		}
	}
	if len(segments) > 0 {
		pen.Close()
	}
}
