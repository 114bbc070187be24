package main

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// mark is a text that nobody else writes, what kind of private thing it stands for, and the ticket it was written to.
type mark struct{ kind, text, ticket string }

// forms are the ways in which a text may stand in a file: as it is, escaped as JSON or HTML does, in an address.
func (m mark) forms() []string {
	escaped := strings.Trim(strconv.QuoteToASCII(m.text), `"`)
	all := []string{m.text, escaped, strings.ToUpper(escaped), url.QueryEscape(m.text)}
	slices.Sort(all)
	return slices.Compact(all)
}

func (m mark) in(text string) bool {
	return slices.ContainsFunc(m.forms(), func(form string) bool { return strings.Contains(text, form) })
}

// trace is one text that was looked through, and what it is called.
type trace struct{ where, text string }

// leaks are the marks in texts where they do not belong.
func leaks(traces []trace, marks []mark, belongs func(t trace, m mark) bool) []string {
	forms := make([][]string, len(marks))
	for i, m := range marks {
		forms[i] = m.forms()
	}
	var found []string
	for _, t := range traces {
		for i, m := range marks {
			if slices.ContainsFunc(forms[i], func(form string) bool { return strings.Contains(t.text, form) }) && !belongs(t, m) {
				found = append(found, fmt.Sprintf("%s %q in %s", m.kind, m.text, t.where))
			}
		}
	}
	return found
}

func nowhere(trace, mark) bool { return false }

// filesUnder reads every file of a folder, and what is packed in it. The desk works while it is read: what is gone by
// then holds nothing.
func filesUnder(folder string) ([]trace, error) {
	var all []trace
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		found, err := fileIn(folder, path, entry, err)
		all = append(all, found...)
		return err
	})
	return all, err
}

// fileIn reads one that was found when its folder was read.
func fileIn(folder, path string, entry fs.DirEntry, err error) ([]trace, error) {
	if path != folder && errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil || !entry.Type().IsRegular() {
		return nil, err
	}
	body, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	name, _ := filepath.Rel(folder, path) // both are absolute
	return unpacked(name, body), nil
}

// unpacked gives a file, and the files in it when it is an archive, as documents and workbooks are.
func unpacked(name string, body []byte) []trace {
	all := []trace{{name, string(body)}}
	if z, err := gzip.NewReader(bytes.NewReader(body)); err == nil {
		if plain, err := io.ReadAll(z); err == nil {
			return append(all, trace{name + " unpacked", string(plain)})
		}
	}
	archive, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		return all
	}
	for _, f := range archive.File {
		if one, err := f.Open(); err == nil {
			plain, err := io.ReadAll(one)
			if err == nil {
				all = append(all, trace{name + "/" + f.Name, string(plain)})
			}
		}
	}
	return all
}
