package main

import (
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

// target is a fuzz target and the folder of its package, below the module's root.
type target struct{ folder, name string }

func (t target) String() string { return "`" + t.folder + "` " + t.name }

// find lists the fuzz targets below root, by folder, from their source: no target has to be written down to be run.
func find(root string) ([]target, error) {
	var all []target
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules" || d.Name() == "testdata" || d.Name() == "build"):
			return fs.SkipDir
		case !strings.HasSuffix(path, "_test.go"):
			return nil
		}
		names, err := targetsOf(path)
		for _, name := range names {
			folder, _ := filepath.Rel(root, filepath.Dir(path)) // path is below root
			all = append(all, target{filepath.ToSlash(folder), name})
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("find fuzz targets: %w", err)
	}
	slices.SortFunc(all, func(a, b target) int {
		return strings.Compare(a.folder+"\x00"+a.name, b.folder+"\x00"+b.name)
	})
	return all, nil
}

// targetsOf lists those of one file.
func targetsOf(path string) ([]string, error) {
	text, err := os.ReadFile(path)
	if err != nil || !strings.Contains(string(text), "testing.F") {
		return nil, err
	}
	file, err := parser.ParseFile(token.NewFileSet(), path, text, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, d := range file.Decls {
		if f, is := d.(*ast.FuncDecl); is && f.Recv == nil && strings.HasPrefix(f.Name.Name, "Fuzz") {
			names = append(names, f.Name.Name)
		}
	}
	return names, nil
}
