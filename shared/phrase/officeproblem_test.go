package phrase

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// said lists the texts and formats that the office's rules write, as their source has them: the arguments after the
// path of the calls that note a problem, and what a notice of holidays is refused with.
func said(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	for _, dir := range []string{"../office", "../workday"} {
		files, err := filepath.Glob(dir + "/*.go")
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(parsed, func(n ast.Node) bool {
				if call, is := n.(*ast.CallExpr); is {
					collect(texts, file, call)
				}
				return true
			})
		}
	}
	return texts
}

func collect(texts map[string]string, file string, call *ast.CallExpr) {
	name, is := call.Fun.(*ast.SelectorExpr)
	if !is || name.Sel.Name != "add" && name.Sel.Name != "addAt" && name.Sel.Name != "matches" {
		return
	}
	for _, arg := range call.Args[1:] {
		if format, is := arg.(*ast.CallExpr); is && len(format.Args) > 0 {
			arg = format.Args[0]
		}
		literal, is := arg.(*ast.BasicLit)
		if !is || literal.Kind != token.STRING {
			continue
		}
		text, err := strconv.Unquote(literal.Value)
		if err == nil && text != "" {
			if name.Sel.Name == "matches" {
				text = "write " + text
			}
			texts[text] = file
		}
	}
}

// An office that writes Chinese is told in Chinese what is wrong: a rule that is added to package office needs its words.
func TestOfficeProblemsHaveTheirChinese(t *testing.T) {
	texts := said(t)
	if len(texts) < 100 {
		t.Fatalf("found %d texts: does this test still find them?", len(texts))
	}
	for text, file := range texts {
		if _, has := officeProblems[text]; !has {
			t.Errorf("%s says %q, which has no Chinese", filepath.Base(file), text)
		}
	}
	verbs := regexp.MustCompile(`%[qsdv]`)
	for english, chinese := range officeProblems {
		if len(verbs.FindAllString(english, -1)) < len(verbs.FindAllString(chinese, -1)) {
			t.Errorf("%q is %q: more places than there are things", english, chinese)
		}
	}
}

func TestOfficeProblem(t *testing.T) {
	for text, want := range map[string]string{
		`there is no section "ticketting"`: "没有科室“ticketting”",
		`"7" is no length of time; write 5wd (working days), 15d (days), 24h or 30m, from 1 to 999`: "“7”不是时长；请写 5wd（工作日）、15d（天）、24h 或 30m，1 到 999",
		`"BL01" is used twice, first in line 3`:                                                     "“BL01”重复了",
		"write one of sign, answer":                                                                 "请从这些里选：sign, answer",
		"2027-02-15 is a Monday, worked anyway; list only Saturdays and Sundays that are worked":    "2027-02-15（Monday）本来就上班；只写要上班的周六、周日",
		"something else": "something else",
	} {
		if got := OfficeProblem("zh", text); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
		if got := OfficeProblem("en", text); got != text {
			t.Errorf("English %s: %s", text, got)
		}
	}
}
