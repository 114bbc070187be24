package office

import "testing"

func TestDefaultFileIsValid(t *testing.T) {
	if _, err := Parse("default.yaml", DefaultFile()); err != nil {
		t.Fatal(err)
	}
}
