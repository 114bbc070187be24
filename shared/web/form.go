package web

import (
	"html/template"
	"net/url"
	"strings"
	"unicode/utf8"

	"steledesk/shared/httpapi"
	"steledesk/shared/phrase"
)

// Form is one form of a page: empty, or come back with what was typed and what is wrong with it.
type Form struct {
	Language string
	Name     string // begins the ids of its fields; a page may have several forms
	Typed    url.Values
	Problem  *httpapi.Problem // nil: nothing is wrong
}

// Wrong is one field's problem.
type Wrong struct{ Field, Message string }

// Field is one field of a form.
type Field struct{ ID, Wrong string }

// Field gives a field by its name.
func (f Form) Field(name string) Field { return Field{ID: f.ID(name), Wrong: f.Wrong(name)} }

// Value gives what was typed into a field.
func (f Form) Value(field string) string { return f.Typed.Get(field) }

// Has reports whether value was chosen for a field.
func (f Form) Has(field, value string) bool { return f.Typed.Get(field) == value }

// Label is what a field is called on the page.
func (f Form) Label(field string) string {
	return phrase.In(f.Language, "page."+f.Name+"."+field)
}

// ID is the id of a field's element.
func (f Form) ID(field string) string { return f.Name + "-" + field }

// Says tells what is wrong with the form as a whole, in the words of the pages.
func (f Form) Says() string {
	if f.Problem == nil {
		return ""
	}
	return Says(f.Language, *f.Problem)
}

// Says tells a problem in the words of the pages, which speak of buttons where the API speaks of
// headers.
func Says(language string, p httpapi.Problem) string {
	if key := "page.problem." + p.Code; phrase.Has(key) {
		return phrase.In(language, key)
	}
	return p.Detail
}

// Wrongs lists the fields that are wrong.
func (f Form) Wrongs() []Wrong {
	if f.Problem == nil {
		return nil
	}
	var all []Wrong
	for _, field := range f.Problem.Fields {
		name := strings.TrimPrefix(field.Pointer, "/")
		all = append(all, Wrong{Field: name, Message: f.message(name, field)})
	}
	return all
}

// Wrong gives what is wrong with a field, or nothing.
func (f Form) Wrong(field string) string {
	for _, w := range f.Wrongs() {
		if w.Field == field {
			return w.Message
		}
	}
	return ""
}

// message is the pages' own text for a field and what is wrong with it, where they have one.
func (f Form) message(name string, field httpapi.Field) string {
	if field.Code == "max" {
		return phrase.In(f.Language, "page.wrong.max", field.Message, utf8.RuneCountInString(f.Value(name)))
	}
	for _, key := range []string{name + "." + field.Code, name, field.Code} {
		if key = "page.wrong." + key; phrase.Has(key) {
			return phrase.In(f.Language, key)
		}
	}
	return field.Message
}

// Described gives the attributes that tie a field to its hint and to what is wrong with it.
func (f Form) Described(field string, hinted bool) template.HTMLAttr {
	var by []string
	attributes := ""
	if f.Wrong(field) != "" {
		by = append(by, f.ID(field)+"-wrong")
		attributes = ` aria-invalid="true"`
	}
	if hinted {
		by = append(by, f.ID(field)+"-hint")
	}
	if len(by) > 0 {
		attributes += ` aria-describedby="` + strings.Join(by, " ") + `"`
	}
	return template.HTMLAttr(attributes) //nolint:gosec // names of the templates' own
}
