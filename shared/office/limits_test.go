package office

import (
	"errors"
	"reflect"
	"strings"
	"testing"
)

// What the built-in file writes out is what a file that leaves it out has: operators read the one and get the other.
func TestUsualLimitsAreTheBuiltIn(t *testing.T) {
	if written, usual := Default().Limits, (Limits{}).InForce(); !reflect.DeepEqual(written, usual) {
		t.Errorf("default.yaml has %+v, what is left out is %+v", written, usual)
	}
	own := Limits{SpotFilings: 7, WaitSeconds: []int{1, 2, 3}}.InForce()
	if own.SpotFilings != 7 || own.WaitSeconds[2] != 3 || own.AllFilings != 500 {
		t.Errorf("got %+v", own)
	}
}

func TestLimitProblems(t *testing.T) {
	tests := []struct{ written, want string }{
		{"spotFilings: 0", "limits.spotFilings: is 0; write a number from 1 to 100000, or leave it out"},
		{"windowMinutes: 61", "limits.windowMinutes: is 61; write a number from 5 to 60, or leave it out"},
		{"windowMinutes: ten", `limits.windowMinutes: "ten" is no whole number; write digits only`},
		{"photos: 7", "limits.photos: is 7; write a number from 1 to 6, or leave it out"},
		{"proofBits: [16, 18]", "limits.proofBits: has 2 entries; write 3, one for each degree of suspicion, such as [16 18 20]"},
		{"proofBits: [16, 18, 30]", "limits.proofBits[2]: is 30; write a number from 4 to 22, or leave it out"},
		{"proofBits: [18, 16, 20]", "limits.proofBits[1]: 16 is less than the 18 before it; more suspicion never costs less"},
		{"waitSeconds: [0, 1, 1]", "limits.waitSeconds[0]: is 0; write a number from 1 to 600, or leave it out"},
		{"allFilings: 39", "limits.allFilings: 39 is less than spotFilings, 40; all spots together have more"},
		{"slotsAKey: 5", "limits.slotsAKey: 5 is less than photos, 6; every photo takes a slot, and one more when it is retried"},
		{"spotFiling: 5", `limits.spotFiling: unknown field; did you mean "spotFilings"?`},
	}
	for _, test := range tests {
		_, err := Parse("f", []byte(small(t)+"\nlimits:\n  "+test.written+"\n"))
		var invalid *InvalidError
		if !errors.As(err, &invalid) || len(invalid.Problems) != 1 || !strings.HasSuffix(invalid.Problems[0].String(), test.want) {
			t.Errorf("%s: got %v, want one problem: %s", test.written, err, test.want)
		}
	}
}

// A change of a limit is a difference that a preview tells.
func TestLimitsAreCompared(t *testing.T) {
	after := Default()
	after.Limits.SpotFilings = 80
	changes, err := Differences(Default(), after)
	if err != nil || len(changes) != 1 || strings.Join(changes[0].Path, ".") != "limits.spotFilings" || changes[0].Text != "40 -> 80" {
		t.Errorf("got %+v, %v", changes, err)
	}
}
