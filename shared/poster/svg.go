package poster

import (
	"bytes"
	"fmt"
	"html"
)

// The colours of a sheet.
const (
	Ink      = "#26221d"
	Cinnabar = "#9b2318"
)

func colour(red bool) string {
	if red {
		return Cinnabar
	}
	return Ink
}

// SVG writes the sheet in its real size. outline gives the outlines of a line as SVG path data, in millimetres; nil: the
// text stays text, in the reader's own fonts.
func (s Sheet) SVG(outline func(Line) (string, error)) ([]byte, error) {
	var out bytes.Buffer
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" width="%gmm" height="%gmm" viewBox="0 0 %g %g" role="img">`, s.Width, s.Height, s.Width, s.Height)
	fmt.Fprintf(&out, `<title>%s</title><rect width="100%%" height="100%%" fill="#fff"/>`, html.EscapeString(s.Title))
	for _, red := range []bool{false, true} {
		fmt.Fprintf(&out, `<path fill="%s" shape-rendering="crispEdges" d="`, colour(red))
		for _, b := range s.Blocks {
			if b.Red == red {
				fmt.Fprintf(&out, "M%.3f %.3fh%.3fv%.3fh%.3fz", b.X, b.Y, b.W, b.H, -b.W)
			}
		}
		out.WriteString(`"/>`)
	}
	for _, l := range s.Lines {
		if err := l.svg(&out, outline); err != nil {
			return nil, err
		}
	}
	out.WriteString("</svg>\n")
	return out.Bytes(), nil
}

func (l Line) svg(out *bytes.Buffer, outline func(Line) (string, error)) error {
	if outline != nil {
		path, err := outline(l)
		if err == nil {
			fmt.Fprintf(out, `<path fill="%s" d="%s"/>`, colour(l.Red), path)
		}
		return err
	}
	weight := 400
	if l.Bold {
		weight = 700
	}
	fmt.Fprintf(out, `<text x="%.3f" y="%.3f" font-size="%.3f" font-weight="%d" fill="%s" text-anchor="middle" lang="%s" font-family="PingFang SC, Noto Sans CJK SC, Noto Sans SC, Microsoft YaHei, sans-serif">%s</text>`,
		l.X, l.Y, l.Size, weight, colour(l.Red), l.Language, html.EscapeString(l.Text))
	return nil
}
