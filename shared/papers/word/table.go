package word

import "fmt"

// Table is a table over the whole width of the text. Its head is repeated on every page it runs over, and no row is
// torn apart.
type Table struct {
	Caption string
	Columns []Column
	Rows    [][]string // as many texts each as there are columns; what is missing is empty
}

// Column is a column of a table.
type Column struct {
	Head  string
	Width int  // relative to the other columns'
	Left  bool // texts begin at the left; else they are centred
}

// Table writes a table.
func (d *Document) Table(t Table) {
	if t.Caption != "" {
		d.paragraph("Caption", "", t.Caption)
	}
	d.afterTable()
	widths := t.widths()
	fmt.Fprintf(&d.body, `<w:tbl><w:tblPr><w:tblStyle w:val="Grid"/><w:tblW w:w="%d" w:type="dxa"/><w:jc w:val="center"/><w:tblLayout w:type="fixed"/><w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>`, textWidth)
	if t.Caption != "" {
		fmt.Fprintf(&d.body, `<w:tblCaption w:val="%s"/>`, escaped(t.Caption))
	}
	d.body.WriteString(`</w:tblPr><w:tblGrid>`)
	for _, width := range widths {
		fmt.Fprintf(&d.body, `<w:gridCol w:w="%d"/>`, width)
	}
	d.body.WriteString("</w:tblGrid>\n")
	heads := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		heads[i] = c.Head
	}
	d.row(t, widths, heads, true)
	for _, row := range t.Rows {
		d.row(t, widths, row, false)
	}
	d.body.WriteString("</w:tbl>\n")
	d.tabled = true
}

// widths shares the text's width out among the columns.
func (t Table) widths() []int {
	sum, left := 0, textWidth
	for _, c := range t.Columns {
		sum += max(1, c.Width)
	}
	widths := make([]int, len(t.Columns))
	for i, c := range t.Columns {
		widths[i] = textWidth * max(1, c.Width) / sum
		left -= widths[i]
	}
	if len(widths) > 0 {
		widths[0] += left
	}
	return widths
}

func (d *Document) row(t Table, widths []int, texts []string, head bool) {
	style, repeat := "TableText", ""
	if head {
		style, repeat = "TableHead", "<w:tblHeader/>"
	}
	fmt.Fprintf(&d.body, `<w:tr><w:trPr><w:cantSplit/>%s</w:trPr>`, repeat)
	for i, width := range widths {
		text, more := "", ""
		if i < len(texts) {
			text = texts[i]
		}
		if t.Columns[i].Left && !head {
			more = `<w:jc w:val="left"/>`
		}
		fmt.Fprintf(&d.body, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>`, width)
		d.paragraph(style, more, text)
		d.body.WriteString("</w:tc>")
	}
	d.body.WriteString("</w:tr>\n")
}
