// Package officetest opens documents and workbooks in a real office program, LibreOffice, for tests, and reads what it
// makes of them.
package officetest

import (
	"encoding/xml"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const howto = "the tests of papers need LibreOffice and poppler; install them with: make papers (apt-get install libreoffice-writer-nogui libreoffice-calc-nogui poppler-utils fonts-noto-cjk)"

// Convert has LibreOffice convert a file, with a profile of its own, and gives the folder with what it made. to is as
// soffice --convert-to takes it. Where LibreOffice is not installed the test fails and says how to.
func Convert(t *testing.T, name string, body []byte, to string) (folder string) {
	t.Helper()
	folder = t.TempDir()
	file := filepath.Join(folder, name)
	if err := os.WriteFile(file, body, 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, "soffice", "-env:UserInstallation=file://"+t.TempDir(), "--headless", "--convert-to", to, "--outdir", folder, file)
	return folder
}

func run(t *testing.T, program string, arguments ...string) []byte {
	t.Helper()
	found, err := exec.LookPath(program)
	if err != nil {
		t.Fatal(howto)
	}
	out, err := exec.Command(found, arguments...).Output()
	if err != nil {
		t.Fatalf("%s: %v: %s", program, err, out)
	}
	return out
}

// Page is a page of a PDF. Lengths are in millimetres from the left and the top.
type Page struct {
	Width, Height float64
	Lines         []Line // from the top down
}

// Line is a line of text.
type Line struct {
	Left, Top, Right, Bottom float64
	Size                     float64 // of its first letter's type, in points
	Text                     string
}

// Pages has LibreOffice lay out a document and reads its pages.
func Pages(t *testing.T, name string, body []byte) []Page {
	t.Helper()
	folder := Convert(t, name, body, "pdf")
	file := filepath.Join(folder, strings.TrimSuffix(name, filepath.Ext(name))+".pdf")
	var read struct {
		Pages []struct {
			Width  float64 `xml:"width,attr"`
			Height float64 `xml:"height,attr"`
			Fonts  []struct {
				ID   string  `xml:"id,attr"`
				Size float64 `xml:"size,attr"`
			} `xml:"fontspec"`
			Texts []struct {
				Top    float64 `xml:"top,attr"`
				Left   float64 `xml:"left,attr"`
				Width  float64 `xml:"width,attr"`
				Height float64 `xml:"height,attr"`
				Font   string  `xml:"font,attr"`
				Text   string  `xml:",innerxml"`
			} `xml:"text"`
		} `xml:"page"`
	}
	text := run(t, "pdftohtml", "-xml", "-stdout", "-i", "-zoom", "3", file)
	decoder := xml.NewDecoder(strings.NewReader(string(text)))
	decoder.Strict = false
	if err := decoder.Decode(&read); err != nil {
		t.Fatal(err)
	}
	sizes := map[string]float64{}
	var pages []Page
	for _, p := range read.Pages {
		for _, f := range p.Fonts {
			sizes[f.ID] = f.Size / zoom
		}
		page := Page{Width: millimetres(p.Width), Height: millimetres(p.Height)}
		for _, x := range p.Texts {
			page.add(Line{millimetres(x.Left), millimetres(x.Top), millimetres(x.Left + x.Width), millimetres(x.Top + x.Height), sizes[x.Font], x.Text})
		}
		pages = append(pages, page)
	}
	return pages
}

// zoom is how many units the PDF's reader makes of a point: the most it can, since it writes whole numbers.
const zoom = 3

func millimetres(units float64) float64 { return units / zoom / 72 * 25.4 }

// add adds a piece of text to the line it stands on, or as a new one.
func (p *Page) add(piece Line) {
	if strings.TrimSpace(piece.Text) == "" {
		return
	}
	middle := (piece.Top + piece.Bottom) / 2
	for i := range p.Lines {
		l := &p.Lines[i]
		if math.Abs(middle-(l.Top+l.Bottom)/2) < 2 {
			l.Left, l.Right, l.Text = min(l.Left, piece.Left), max(l.Right, piece.Right), l.Text+piece.Text
			return
		}
	}
	p.Lines = append(p.Lines, piece)
}
