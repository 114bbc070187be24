package papers

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"steledesk/shared/digest"
	"steledesk/shared/ticket"
)

// made makes papers and gives the one of a name. STELEDESK_PAPERS=<folder> keeps them, to be looked at.
func made(t *testing.T, in Input, name string) []byte {
	t.Helper()
	all, err := Make(in)
	if err != nil {
		t.Fatal(err)
	}
	if folder := os.Getenv("STELEDESK_PAPERS"); folder != "" {
		for _, p := range all {
			if err := os.WriteFile(filepath.Join(folder, p.Name), p.Body, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	i := slices.IndexFunc(all, func(p Paper) bool { return p.Name == name })
	if i < 0 {
		t.Fatalf("no paper is called %s", name)
	}
	return all[i].Body
}

// Every text is in the catalogue, and no format was given too much or too little, however much or little there is to
// say: an empty month, a few cases, many.
func TestEveryTextIsThere(t *testing.T) {
	for _, n := range []int{0, 1, 4, 300} {
		in := sample(t, n)
		if n == 0 {
			in = Input{Digest: digest.Digest{Month: "2026-10", CutOff: digest.Month("2026-10").Start().AddDate(0, 0, 9)}, Office: in.Office}
		}
		for _, language := range Languages() {
			page := string(made(t, in, Name(language, "html")))
			for _, wrong := range []string{"paper.", "%!", "kind.", "outcome."} {
				if i := strings.Index(page, wrong); i >= 0 {
					t.Errorf("%d cases, %s: the page says %q", n, language, page[max(0, i-60):i+60])
				}
			}
		}
	}
}

// 举报 are one number in papers: none of their numbers, sections or spots is anywhere.
func TestReportsAreOneNumber(t *testing.T) {
	in := sample(t, 40)
	page := string(made(t, in, "digest.html"))
	for line := range in.Lines() {
		if line.Kind == ticket.Report && strings.Contains(page, line.Number) {
			t.Errorf("the page names report %s", line.Number)
		}
	}
	if !strings.Contains(page, "另收到举报2件") {
		t.Error("the page does not say that there were two reports")
	}
}
