package papers

// canvas is what a digest is written on: the page and the document each have their own, so that both say the same.
type canvas interface {
	heading(level int, text string) // 1 … 2, numbered by the writer
	text(text string)
	note(text string)  // in smaller type: how to read what stands above
	blank(text string) // left for the office to write
	table(t table)
	chart(c chart)                  // the table of the same figures stands beside it
	sign(unit, date string)         // at the end of the body
	enclosures(titles []string)     // names the attachments, before the signature
	attachment(label, title string) // begins one
}

// table is a table of texts. Its first row says what the columns are.
type table struct {
	caption string
	columns []column
	rows    [][]string
}

// column is a table's column. Widths are relative to one another.
type column struct {
	head  string
	width int
	left  bool // texts stand at the left; figures are centred
}

// chart is a picture of figures.
type chart struct {
	line        bool // by day; else bars
	title       string
	description string // what it shows, in words
	labels      []string
	values      []int
	part        []int  // of each value, how much of it is drawn dark; nil: none
	whole, dark string // what light and dark stand for, when there is a part
}
