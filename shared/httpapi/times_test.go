package httpapi

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// A time that a body may hold has a rule for its years: without one, the last second of year 9999 passes and cannot be
// stored. A struct with validate tags is a body; its times are past, or plannable.
func TestEveryTimeOfABodyHasARule(t *testing.T) {
	ruled := 0
	err := filepath.WalkDir("../../functions", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, text, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			s, is := n.(*ast.StructType)
			if is && strings.Contains(string(text[s.Pos()-1:s.End()-1]), "validate:") {
				ruled += timesOf(t, path, s)
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if ruled < 4 {
		t.Errorf("%d times have a rule: bodies are written in another way now", ruled)
	}
}

// timesOf counts the times of a body that have a rule.
func timesOf(t *testing.T, path string, s *ast.StructType) (ruled int) {
	t.Helper()
	for _, f := range s.Fields.List {
		kind := f.Type
		if p, is := kind.(*ast.StarExpr); is {
			kind = p.X
		}
		if l, is := kind.(*ast.ArrayType); is {
			kind = l.Elt
		}
		of, is := kind.(*ast.SelectorExpr)
		if !is || of.Sel.Name != "Time" {
			continue
		}
		rule := ""
		if f.Tag != nil {
			rule = reflect.StructTag(strings.Trim(f.Tag.Value, "`")).Get("validate")
		}
		if strings.Contains(rule, "past") || strings.Contains(rule, "plannable") {
			ruled++
			continue
		}
		t.Errorf("%s: %v may be of any year", path, f.Names)
	}
	return ruled
}
