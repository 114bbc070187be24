// Command budget holds the program's functions to the project's budgets: how long they are, how
// deep they nest, how many parameters they take, and how long files are. It prints what it
// measured and fails when a budget is broken.
//
//	go run ./infra/budget
package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// The budgets. Tests and generated files are not held to them.
const (
	maxLines      = 60  // of one function, its signature included
	maxDepth      = 3   // statements inside statements; else-if chains and cases count once
	maxParameters = 6   // of one function, its context included
	maxFile       = 450 // lines of one file
	maxMedian     = 15  // lines of the middle function
	maxNinetieth  = 40  // lines that nine functions of ten keep to
)

// function is one measured function.
type function struct {
	place                    string
	lines, depth, parameters int
}

func main() {
	functions, broken, err := measure(".")
	if err != nil {
		fmt.Fprintln(os.Stderr, "budget:", err)
		os.Exit(2)
	}
	broken = append(broken, judge(functions)...)
	for _, b := range broken {
		fmt.Fprintln(os.Stderr, b)
	}
	if len(broken) > 0 {
		os.Exit(1)
	}
}

// measure reads every Go file below root.
func measure(root string) (functions []function, broken []string, err error) {
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && skipped(d.Name()):
			return filepath.SkipDir
		case d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		found, lines, err := measureFile(path)
		functions = append(functions, found...)
		if lines > maxFile {
			broken = append(broken, fmt.Sprintf("%s: %d lines, the budget is %d", path, lines, maxFile))
		}
		return err
	})
	return functions, broken, err
}

func skipped(name string) bool {
	return name == "node_modules" || name == "testdata" || name == "build" || (strings.HasPrefix(name, ".") && name != ".")
}

func measureFile(path string) ([]function, int, error) {
	files := token.NewFileSet()
	parsed, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
	if err != nil {
		return nil, 0, err
	}
	var out []function
	for _, d := range parsed.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Body == nil {
			continue
		}
		start, end := files.Position(f.Pos()), files.Position(f.End())
		out = append(out, function{
			place: fmt.Sprintf("%s:%d %s", path, start.Line, f.Name.Name),
			lines: end.Line - start.Line + 1, depth: depth(f.Body) - 1, parameters: f.Type.Params.NumFields(),
		})
	}
	return out, files.Position(parsed.End()).Line, nil
}

// depth gives how many statements with a block of their own stand inside each other.
func depth(n ast.Node) int {
	deepest := 0
	ast.Inspect(n, func(child ast.Node) bool {
		if child == n || child == nil {
			return true
		}
		switch c := child.(type) {
		case *ast.FuncLit: // a function of its own
			return false
		case *ast.IfStmt:
			deepest = max(deepest, depth(c.Body))
			if c.Else != nil {
				deepest = max(deepest, depth(c.Else))
			}
			return false
		case *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
			deepest = max(deepest, depth(c))
			return false
		}
		return true
	})
	if _, isIf := n.(*ast.IfStmt); isIf {
		return deepest // an else-if stands beside its if
	}
	return deepest + 1
}

func judge(functions []function) []string {
	var broken []string
	for _, f := range functions {
		for _, b := range []struct {
			what        string
			is, mayHave int
		}{{"lines", f.lines, maxLines}, {"levels of nesting", f.depth, maxDepth}, {"parameters", f.parameters, maxParameters}} {
			if b.is > b.mayHave {
				broken = append(broken, fmt.Sprintf("%s: %d %s, the budget is %d", f.place, b.is, b.what, b.mayHave))
			}
		}
	}
	slices.SortFunc(functions, func(a, b function) int { return cmp.Compare(a.lines, b.lines) })
	median, ninetieth := functions[len(functions)/2].lines, functions[len(functions)*9/10].lines
	fmt.Printf("%d functions: median %d lines (budget %d), 90th percentile %d (budget %d), longest %d (budget %d)\n",
		len(functions), median, maxMedian, ninetieth, maxNinetieth, functions[len(functions)-1].lines, maxLines)
	if median > maxMedian || ninetieth > maxNinetieth {
		broken = append(broken, "functions are longer than the budget as a whole")
	}
	return broken
}
