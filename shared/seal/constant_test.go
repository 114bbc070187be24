package seal_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// secretNames are what a comparison must not stop early on: what somebody typed or sent, and what it is held to.
var secretNames = []string{"typed", "code", "sum", "mac", "signature", "Code", "Fingerprint", "Sum"}

// hurried are calls that compare, and stop at the first difference.
var hurried = []string{"bytes.Equal", "bytes.Compare", "slices.Equal", "slices.Compare", "strings.Compare", "strings.EqualFold", "cmp.Compare", "reflect.DeepEqual", "strings.HasPrefix", "bytes.HasPrefix"}

// early lists the places where secrets are compared in a time that tells how near a guess was.
func early(file *ast.File, set *token.FileSet) []string {
	var found []string
	note := func(n ast.Node, operands ...ast.Expr) {
		if slices.ContainsFunc(operands, secret) {
			found = append(found, set.Position(n.Pos()).String())
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BinaryExpr:
			if n.Op == token.EQL || n.Op == token.NEQ {
				note(n, n.X, n.Y)
			}
		case *ast.CallExpr:
			if slices.Contains(hurried, called(n)) {
				note(n, n.Args...)
			}
		}
		return true
	})
	return found
}

// secret reports whether an operand is, or is made of, what must not be compared in a hurry. Lengths are no secret, nor is
// what a constant-time comparison came to.
func secret(e ast.Expr) bool {
	is := false
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			name := called(n)
			return name != "len" && name != "subtle.ConstantTimeCompare" && name != "hmac.Equal"
		case *ast.Ident:
			is = is || slices.Contains(secretNames, n.Name)
		}
		return true
	})
	return is
}

// called is a call's function as it is written: len, bytes.Equal.
func called(c *ast.CallExpr) string {
	switch f := c.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		if p, is := f.X.(*ast.Ident); is {
			return p.Name + "." + f.Sel.Name
		}
	}
	return ""
}

// Codes and sums are compared in constant time, wherever this package compares them: a time that tells how many letters
// were right lets a code be guessed letter by letter. No measuring on a busy machine shows that, so the source is read.
func TestSumsAreComparedInConstantTime(t *testing.T) {
	steady := 0
	err := filepath.WalkDir(".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, text, 0)
		if err != nil {
			return err
		}
		for _, at := range early(file, set) {
			t.Errorf("%s: compare with subtle.ConstantTimeCompare", at)
		}
		steady += strings.Count(string(text), "subtle.ConstantTimeCompare(")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if steady < 2 {
		t.Errorf("%d comparisons in constant time: codes and fingerprints each had one", steady)
	}
}

// What the check is for is found by it.
func TestHurriedComparisonsAreFound(t *testing.T) {
	for text, want := range map[string]int{
		`typed == one.Code(n)`: 1, `one.Code(n) != typed`: 1, `strings.EqualFold(typed, one.Code(n))`: 1, `bytes.Equal([]byte(sum), mac[:])`: 1,
		`sum == one.Fingerprint(text)[:len(sum)]`: 1, `len(sum) != 2*fingerprintBytes`: 0, `subtle.ConstantTimeCompare([]byte(typed), []byte(code)) == 1`: 0, `id == r.current`: 0,
	} {
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, "x.go", "package x\nvar is = "+text, 0)
		if err != nil {
			t.Fatal(err)
		}
		if got := early(file, set); len(got) != want {
			t.Errorf("%s: found %v, want %d", text, got, want)
		}
	}
}
