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
	// narrower brings characters of 16 pt to 15.75 pt from one another, 28 on a line. A grid of characters would do that in
	// Word alone: LibreOffice gives a character that is wider than the grid's cell two cells, and has room for 27.
	narrower = -5
)

// page is the properties of the one section: odd and even pages have footers of their own, margins change sides.
func page() string {
	return fmt.Sprintf(`<w:sectPr><w:footerReference w:type="default" r:id="rId4"/><w:footerReference w:type="even" r:id="rId5"/>`+
		`<w:pgSz w:w="%d" w:h="%d"/><w:pgMar w:top="%d" w:right="%d" w:bottom="%d" w:left="%d" w:header="851" w:footer="%d" w:gutter="0"/><w:cols w:space="425"/><w:docGrid w:type="lines" w:linePitch="%d"/></w:sectPr>`,
		pageWidth, pageHeight, marginTop, marginOuter, marginBottom, marginBinding, footerAt, linePitch)
}
