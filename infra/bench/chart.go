package main

import (
	"errors"
	"image/color"
	"os"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// point is what one work took among so many open tickets.
type point struct {
	work  string
	size  int
	units float64 // of capacity, each time
	p50   time.Duration
}

// curve is how one work is drawn: told apart by colour and by the mark at its points.
type curve struct {
	work, short string
	color       color.RGBA
	mark        draw.GlyphDrawer
}

func curves() []curve {
	return []curve{
		{filing, "filing", color.RGBA{R: 0xb0, G: 0x30, B: 0x20, A: 0xff}, draw.CircleGlyph{}},
		{looking, "a visitor's look", color.RGBA{R: 0x20, G: 0x60, B: 0xb0, A: 0xff}, draw.SquareGlyph{}},
		{queuePage, "a queue's page", color.RGBA{R: 0x20, G: 0x80, B: 0x50, A: 0xff}, draw.TriangleGlyph{}},
		{dispatching, "dispatch", color.RGBA{R: 0x90, G: 0x60, B: 0x10, A: 0xff}, draw.CrossGlyph{}},
		{sweeping, "a sweep, nothing due", color.RGBA{R: 0x60, G: 0x40, B: 0x90, A: 0xff}, draw.RingGlyph{}},
	}
}

// drawChart writes an SVG of two panels over the number of open tickets: what each work costs, and how long it takes.
// Both scales of both panels are logarithmic, so what grows with the tickets would rise like the diagonal.
func drawChart(file string, points []point) (err error) {
	units, err := panel("Capacity units", points, func(p point) float64 { return p.units })
	if err != nil {
		return err
	}
	times, err := panel("p50 in milliseconds", points, func(p point) float64 { return float64(p.p50.Microseconds()) / 1000 })
	if err != nil {
		return err
	}
	canvas := vgsvg.New(24*vg.Centimeter, 11*vg.Centimeter)
	tiles := draw.Tiles{Rows: 1, Cols: 2, PadX: vg.Centimeter, PadTop: 5, PadBottom: 5, PadLeft: 5, PadRight: 15}
	both := [][]*plot.Plot{{units, times}}
	for i, c := range plot.Align(both, tiles, draw.New(canvas))[0] {
		both[0][i].Draw(c)
	}
	out, err := os.Create(file)
	if err != nil {
		return err
	}
	_, err = canvas.WriteTo(out)
	return errors.Join(err, out.Close())
}

// panel draws one figure of every curve.
func panel(title string, points []point, figure func(point) float64) (*plot.Plot, error) {
	p := plot.New()
	p.Title.Text, p.X.Label.Text = title, "open tickets"
	p.X.Scale, p.Y.Scale = plot.LogScale{}, plot.LogScale{}
	p.X.Tick.Marker, p.Y.Tick.Marker = powers{}, powers{}
	p.Legend.Top, p.Legend.Left = true, true
	p.Add(plotter.NewGrid())
	for _, c := range curves() {
		var line plotter.XYs
		for _, one := range points {
			if one.work == c.work && figure(one) > 0 {
				line = append(line, plotter.XY{X: float64(one.size), Y: figure(one)})
			}
		}
		if len(line) == 0 {
			continue
		}
		l, marks, err := plotter.NewLinePoints(line)
		if err != nil {
			return nil, err
		}
		l.Color, marks.Color, marks.Shape, marks.Radius = c.color, c.color, c.mark, 3
		p.Add(l, marks)
		p.Legend.Add(c.short, l, marks)
	}
	p.X.Min, p.Y.Min, p.Y.Max = 1000, 0.1, 1000
	return p, nil
}

// powers marks powers of ten, written out.
type powers struct{}

// Ticks implements plot.Ticker.
func (powers) Ticks(least, most float64) (all []plot.Tick) {
	for at := 0.1; at <= most*1.01; at *= 10 {
		if at >= least*0.99 {
			all = append(all, plot.Tick{Value: at, Label: message.NewPrinter(language.English).Sprint(number.Decimal(at))})
		}
	}
	return all
}
