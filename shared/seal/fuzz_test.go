package seal_test

import (
	"testing"

	"steledesk/shared/seal"
)

// FuzzOpen: nothing that the desk did not seal opens, and no ring of keys brings it down.
func FuzzOpen(f *testing.F) {
	keys, err := seal.ParseKeys(seal.New())
	if err != nil {
		f.Fatal(err)
	}
	sealed := keys.Seal("张三", "WX-7K3FQ2MK")
	f.Add(sealed, "WX-7K3FQ2MJ")
	f.Add("1:", "")
	f.Add(":AAAA", "x")
	f.Add(`{"current":"1","keys":{"1":"AA=="}}`, "x")
	f.Fuzz(func(t *testing.T, text, place string) {
		if got, err := keys.Open(text, place); err == nil && (text != sealed || place != "WX-7K3FQ2MK") {
			t.Errorf("%q at %q opens as %q", text, place, got)
		}
		if got, err := keys.OpenToken(text, place); err == nil {
			t.Errorf("%q at %q opens as %q", text, place, got)
		}
		_, _ = seal.ParseKeys([]byte(text))
	})
}
