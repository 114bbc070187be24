package desk

import (
	"encoding/json"
	"maps"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/shared/httpapi"
	"steledesk/shared/office"
	"steledesk/shared/phrase"
	"steledesk/shared/ticket"
)

func serve(t *testing.T, file, has string) httpapi.Response {
	t.Helper()
	e := events.APIGatewayV2HTTPRequest{PathParameters: map[string]string{"file": file}, Headers: map[string]string{"if-none-match": has}}
	response, err := Serve(&httpapi.Request{Event: e, Language: "zh"}, "https://photos.example")
	if err != nil {
		t.Fatal(err)
	}
	return response
}

// A browser that has a file is told so; one that has another version gets the new one.
func TestServeAnswersWhatTheBrowserHas(t *testing.T) {
	for file, kind := range map[string]string{"": "text/html", "app.css": "text/css", "app.js": "text/javascript", "words.js": "text/javascript"} {
		first := serve(t, file, "")
		if first.Status != 200 || !strings.HasPrefix(first.Headers["content-type"], kind) || len(first.Body) == 0 {
			t.Errorf("%q: %d %s, %d bytes", file, first.Status, first.Headers["content-type"], len(first.Body))
		}
		tag := first.Headers["etag"]
		for has, want := range map[string]int{tag: 304, "W/" + tag: 304, `"x", ` + tag: 304, "*": 304, `"x"`: 200} {
			if got := serve(t, file, has); got.Status != want || want == 304 && len(got.Body) > 0 {
				t.Errorf("%q, If-None-Match %s: %d, want %d", file, has, got.Status, want)
			}
		}
	}
}

func TestServeGivesNothingElse(t *testing.T) {
	for _, file := range []string{"desk.html", "desk.go", "words.go", "../style.css", "app.js/", "APP.JS", "nothing"} {
		got := serve(t, file, "")
		if got.Status != 404 || !json.Valid(got.Body) || got.Headers["content-type"] != "application/problem+json; charset=utf-8" {
			t.Errorf("%q: %d %s", file, got.Status, got.Body)
		}
	}
}

// The policy lets in no script but the page's own files, and no text that becomes markup.
func TestPolicy(t *testing.T) {
	got := serve(t, "", "").Headers["content-security-policy"]
	for _, want := range []string{"default-src 'none'", "script-src 'self';", "require-trusted-types-for 'script'", "frame-ancestors 'none'"} {
		if !strings.Contains(got, want) {
			t.Errorf("the policy lacks %s: %s", want, got)
		}
	}
	if strings.Contains(got, "unsafe") {
		t.Errorf("policy %s", got)
	}
}

// scripts gives the page's own scripts and shell.
func scripts(t *testing.T) map[string]string {
	t.Helper()
	entries, err := embedded.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, e := range entries {
		body, err := embedded.ReadFile(e.Name())
		if err != nil {
			t.Fatal(err)
		}
		all[e.Name()] = string(body)
	}
	return all
}

// The page is read over a phone's connection, each time it changed. What edits the office data is read by the office
// alone, when it opens that part; board and record by those who have them.
func TestPageIsSmall(t *testing.T) {
	everybody, editors, deciders := 0, 0, 0
	for name := range scripts(t) {
		switch {
		case name == shell:
			everybody += len(serve(t, "", "").Body)
		case strings.HasPrefix(name, "office"):
			editors += len(serve(t, name, "").Body)
		case name == "board.js" || name == "audit.js":
			deciders += len(serve(t, name, "").Body)
		default:
			everybody += len(serve(t, name, "").Body)
		}
	}
	if everybody > 68<<10 || editors > 56<<10 || deciders > 12<<10 {
		t.Errorf("the page has %d bytes beside its words, %d more for the office data and %d for board and record", everybody, editors, deciders)
	}
}

var forbidden = regexp.MustCompile(`innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|https?://[^w]`)

func TestScriptsWriteNoMarkup(t *testing.T) {
	for name, text := range scripts(t) {
		if found := forbidden.FindString(text); found != "" {
			t.Errorf("%s has %s", name, found)
		}
	}
}

var (
	said  = regexp.MustCompile(`\bt\((?:[a-z.]+ \? )?'([a-zA-Z.-]+)'`)
	group = regexp.MustCompile(`\bt\('([a-z.]+\.)' \+`)
)

// A text the page asks for is there, and a text that is there is asked for.
func TestWordsAreThereAndUsed(t *testing.T) {
	words, all := phrase.DeskPage(), ""
	maps.Copy(words, phrase.OfficePage())
	for name, text := range scripts(t) {
		all += text
		for _, m := range said.FindAllStringSubmatch(text, -1) {
			if _, ok := words[m[1]]; !ok && !strings.HasSuffix(m[1], ".") {
				t.Errorf("%s asks for %q, which is not there", name, m[1])
			}
		}
	}
	groups := map[string]bool{}
	for _, m := range group.FindAllStringSubmatch(all, -1) {
		groups[m[1]] = true
	}
	for key, text := range words {
		if text.ZH == "" || text.EN == "" || strings.Count(text.ZH, "%s") != strings.Count(text.EN, "%s") {
			t.Errorf("%s differs in the languages: %+v", key, text)
		}
		if !strings.Contains(all, "'"+key+"'") && !composed(groups, key) {
			t.Errorf("%s is used nowhere", key)
		}
	}
}

func composed(groups map[string]bool, key string) bool {
	for prefix := range groups {
		if strings.HasPrefix(key, prefix) {
			return true
		}
	}
	return false
}

// Every command of staff has its button and what is said when it is done; those with a form have its words.
func TestEveryCommandHasItsWords(t *testing.T) {
	words := phrase.DeskPage()
	atOnce := map[ticket.Name]bool{ticket.Sign: true, ticket.Claim: true}
	for _, role := range []ticket.Role{ticket.SectionStaff, ticket.OfficeStaff, ticket.Discipline} {
		for _, state := range ticket.States() {
			head := ticket.Head{Kind: ticket.Complaint, Section: "works", State: state}
			for _, name := range ticket.Commands(head, ticket.Actor{Role: role, Section: "works"}) {
				for _, part := range []string{"do.", "done.", "about.", "text.", "send."} {
					form := part != "do." && part != "done."
					if _, ok := words[part+string(name)]; !ok && !(form && atOnce[name]) {
						t.Errorf("%s%s has no words", part, name)
					}
				}
			}
		}
	}
}

func TestEveryOutcomeAndStateCanBeNamed(t *testing.T) {
	words, all := phrase.DeskPage(), scripts(t)
	for _, o := range ticket.AnswerOutcomes() {
		if _, ok := words["outcome."+string(o)]; !ok || !strings.Contains(all["commands.js"], "'"+string(o)+"'") {
			t.Errorf("outcome %s cannot be chosen", o)
		}
	}
	for _, s := range ticket.States() {
		if _, ok := words["state."+string(s)]; !ok || !strings.Contains(all["queue.js"], "'"+string(s)+"'") {
			t.Errorf("state %s cannot be filtered by", s)
		}
	}
	for _, k := range ticket.Kinds() {
		if !strings.Contains(all["queue.js"], "'"+string(k)+"'") {
			t.Errorf("kind %s cannot be filtered by", k)
		}
	}
}

// Whatever is in the office file has its form: a field that were forgotten could be changed on a terminal alone.
func TestEveryFieldOfTheOfficeFileHasItsForm(t *testing.T) {
	script, names := scripts(t)["office-parts.js"], map[string]bool{}
	fieldsOf(reflect.TypeFor[office.Office](), names)
	for _, own := range []string{"version", "zh", "en", "ja", "ko"} { // the file's format, and a name's languages
		delete(names, own)
	}
	if len(names) < 50 {
		t.Errorf("found %d fields: does this test still find them?", len(names))
	}
	words := phrase.OfficePage()
	for name := range names {
		if !strings.Contains(script, "'"+name+"'") {
			t.Errorf("%s has no form", name)
		}
		if _, field := words["set.field."+name]; !field && words["set.part."+name].ZH == "" {
			t.Errorf("%s has no words", name)
		}
	}
}

// fieldsOf collects the JSON names of a type's fields, and of what they hold.
func fieldsOf(t reflect.Type, names map[string]bool) {
	switch t.Kind() {
	case reflect.Slice, reflect.Map, reflect.Pointer:
		fieldsOf(t.Elem(), names)
	case reflect.Struct:
		for f := range t.Fields() {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if name == "" || names[name] { // a type that is written as text
				continue
			}
			names[name] = true
			fieldsOf(f.Type, names)
		}
	}
}
