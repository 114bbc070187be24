package word

import "fmt"

// The page of GB/T 9704-2012 in twentieths of a point (twips). Text is 156 mm by 225 mm: 28 characters of 16 pt on 22
// lines. A line is 579, not the 580 of many templates: 22 of those are 0.2 pt more than the page has.
const (
	pageWidth, pageHeight = 11906, 16838 // A4
	marginTop             = 2098         // 天头 37 mm
	marginBinding         = 1587         // 订口 28 mm
	marginOuter           = 1474
	marginBottom          = 1984
	textWidth             = pageWidth - marginBinding - marginOuter
	linePitch             = 579
	// footerAt puts the middle of the page number's line, 14 pt high, 7 mm below the text.
	footerAt = marginBottom - 397 - 140
	// charSpace is the grid's: characters of 16 pt stand 15.79 pt apart, in 4096ths of a point. It is what Word's page
	// set-up shows. The text does not snap to it, since LibreOffice gives a character that is wider than the grid's cell
	// two cells: narrower, in twips, brings characters as near with both.
	charSpace = -848
	narrower  = -5
)

// page is the properties of the one section: odd and even pages have footers of their own, margins change sides.
func (d *Document) page() string {
	grid := fmt.Sprintf(`<w:docGrid w:type="linesAndChars" w:linePitch="%d" w:charSpace="%d"/>`, linePitch, charSpace)
	if !d.chinese() {
		grid = fmt.Sprintf(`<w:docGrid w:type="lines" w:linePitch="%d"/>`, linePitch)
	}
	return fmt.Sprintf(`<w:sectPr><w:footerReference w:type="default" r:id="rId4"/><w:footerReference w:type="even" r:id="rId5"/>`+
		`<w:pgSz w:w="%d" w:h="%d"/><w:pgMar w:top="%d" w:right="%d" w:bottom="%d" w:left="%d" w:header="851" w:footer="%d" w:gutter="0"/><w:cols w:space="425"/>%s</w:sectPr>`,
		pageWidth, pageHeight, marginTop, marginOuter, marginBottom, marginBinding, footerAt, grid)
}
