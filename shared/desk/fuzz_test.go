package desk

import "testing"

// FuzzCursor: what is taken for a cursor is the very text that a page gave.
func FuzzCursor(f *testing.F) {
	f.Add(encodeCursor("2026-11-23T01:00:00.000Z#WX-7K3FQ2MK"))
	f.Add("")
	f.Add("====")
	f.Add(encodeCursor("2026-11-23T01:00:00.000Z#WX-7K3FQ2MK\nHEAD"))
	f.Fuzz(func(t *testing.T, cursor string) {
		place, err := decodeCursor(cursor)
		if err != nil {
			return
		}
		if again, err := decodeCursor(encodeCursor(place)); again != place || err != nil {
			t.Errorf("%q is %q, which is %q, %v", cursor, place, again, err)
		}
	})
}
