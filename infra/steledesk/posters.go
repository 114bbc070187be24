package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"steledesk/infra/print"
	"steledesk/shared/office"
	"steledesk/shared/poster"
)

// postersOrder is what was asked for.
type postersOrder struct{ out, spot, size, format, url, font, file string }

func postersCommand() command {
	return command{
		name: "posters", what: "draw the sheets with the code that hang at the spots",
		help: `
Writes one sheet for each spot of the office data in force (or of --file): the code that leads a phone to the
visitors' page with its spot, in four languages what it is for, the spot in large type, and whom to call. Every
letter is an outline: a print shop needs no fonts. This machine does, one with Chinese (Debian: fonts-noto-cjk).
Codes have error correction M and a quiet zone. Hang a sheet up only after scanning it once.`,
		examples: `
$ steledesk posters --url https://desk.example.cn --out posters
posters/BL01-A4.pdf
...
$ steledesk posters --url https://desk.example.cn --spot BL01 --size A6 --format png`,
		flags: func(f *flag.FlagSet) action {
			var order postersOrder
			f.StringVar(&order.url, "url", "", "`ADDRESS`: of the visitors' page, as phones reach it; needed")
			f.StringVar(&order.out, "out", ".", "`FOLDER`: where the sheets go; it is made")
			f.StringVar(&order.spot, "spot", "", "`ID`: one spot only")
			f.StringVar(&order.size, "size", "A4", "`SIZE`: A4 or A6")
			f.StringVar(&order.format, "format", "pdf", "`FORMAT`: pdf, svg, or png of 300 dots an inch")
			f.StringVar(&order.font, "font", "", "`FILE`: a font instead of this machine's own")
			f.StringVar(&order.file, "file", "", "`FILE`: an office file instead of the data in force")
			return func(ctx context.Context, e *env, s settings, args []string) error {
				if err := arguments(args); err != nil {
					return err
				}
				return e.posters(ctx, s, order)
			}
		},
	}
}

func (e *env) posters(ctx context.Context, s settings, order postersOrder) error {
	if _, err := poster.Address(order.url, "BL01"); err != nil {
		return fmt.Errorf("--url: %w", err)
	}
	o, err := e.officeOf(ctx, s, order.file)
	if err != nil {
		return err
	}
	spots := o.Spots
	if order.spot != "" {
		one, known := o.Spot(order.spot)
		if !known {
			return fmt.Errorf("the office has no spot %q", order.spot)
		}
		spots = []office.Spot{one}
	}
	fonts, err := print.Find(ctx, order.font)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(order.out, 0o755); err != nil { //nolint:gosec // sheets are for everybody
		return fmt.Errorf("make folder: %w", err)
	}
	for _, spot := range spots {
		if err := e.poster(o, spot, order, fonts); err != nil {
			return fmt.Errorf("sheet of %s: %w", spot.ID, err)
		}
	}
	return nil
}

// officeOf gives the office data of a file, or what is in force when there is none.
func (e *env) officeOf(ctx context.Context, s settings, file string) (*office.Office, error) {
	if file != "" {
		return readOffice(file)
	}
	stack, err := e.open(ctx, s)
	if err != nil {
		return nil, err
	}
	o, _, err := stack.table.Office(ctx)
	return o, err
}

func (e *env) poster(o *office.Office, spot office.Spot, order postersOrder, fonts print.Fonts) error {
	sheet, err := poster.New(o, spot, order.url, order.size)
	if err != nil {
		return err
	}
	drawn, err := print.Draw(sheet, fonts, order.format)
	if err != nil {
		return err
	}
	path := filepath.Join(order.out, spot.ID+"-"+order.size+"."+order.format)
	if err := os.WriteFile(path, drawn, 0o644); err != nil { //nolint:gosec // sheets are for everybody
		return fmt.Errorf("write sheet: %w", err)
	}
	fmt.Fprintln(e.out, path)
	return nil
}
