package web

import (
	"cmp"
	"html/template"
	"maps"
	"net/url"
	"strings"

	"steledesk/shared/office"
	"steledesk/shared/phrase"
)

// Frame is what every page has around its own content.
type Frame struct {
	Language string         // one of phrase.Languages
	Elder    bool           // large type, large targets (长辈版)
	Office   *office.Office // nil: it could not be read
	// Here is the path and query at which this page can be had in another language; empty when it
	// came of a form, and Again says how that is sent once more.
	Here  string
	Again Again
	// Place is which part of the site it is, as the navigation has it: /, /follow, /about or none.
	Place string
	// Keep is what this visit chose and the phone does not remember by itself: links carry it on.
	Keep url.Values
	// Bucket is the origin that photos are sent to and shown from; empty: none.
	Bucket string
}

// T gives a text of the catalogue in the page's language.
func (f Frame) T(key string, args ...any) string { return phrase.In(f.Language, key, args...) }

// Name gives an office's name for something in the page's language.
func (f Frame) Name(n office.Name) string { return n.In(f.Language) }

// Tongue is a language a page can be had in.
type Tongue struct {
	ID   string // one of phrase.Languages
	Tag  string // as HTML names it
	Name string // what those who speak it call it
}

// Tongues lists the languages, in the order of the switch.
func Tongues() []Tongue {
	return []Tongue{{"zh", "zh-CN", "中文"}, {"en", "en", "English"}, {"ja", "ja", "日本語"}, {"ko", "ko", "한국어"}}
}

// Tongues see the function of that name.
func (f Frame) Tongues() []Tongue { return Tongues() }

// Tag is the page's language as HTML names it.
func (f Frame) Tag() string {
	for _, t := range Tongues() {
		if t.ID == f.Language {
			return t.Tag
		}
	}
	return "zh-CN"
}

// Link gives a path of the site that keeps what was chosen.
func (f Frame) Link(path string) string { return with(path, f.Keep) }

// Again is how a page that came of a form is had once more: by sending the form of this id, which
// is on the page, to a path.
type Again struct{ Path, Form string }

// Choice is another way to see this page.
type Choice struct{ Address, Name, Tag, Form string }

// Choice gives a way to see this page by the address that InTongue or OtherSize gave.
func (f Frame) Choice(address, name, tag string) Choice {
	return Choice{address, name, tag, f.Again.Form}
}

// InTongue gives this page in a language.
func (f Frame) InTongue(t Tongue) string { return f.chosen("lang", t.ID) }

// OtherSize gives this page in elder mode, or out of it.
func (f Frame) OtherSize() string {
	if f.Elder {
		return f.chosen("elder", "0")
	}
	return f.chosen("elder", "1")
}

func (f Frame) chosen(name, value string) string {
	all := maps.Clone(f.Keep)
	if all == nil {
		all = url.Values{}
	}
	all.Set(name, value)
	return with(cmp.Or(f.Again.Path, f.Here), all)
}

func with(path string, query url.Values) string {
	switch {
	case len(query) == 0:
		return path
	case strings.Contains(path, "?"):
		return path + "&" + query.Encode()
	}
	return path + "?" + query.Encode()
}

// Asset is the address of a file of ours, which changes when the file does.
func (f Frame) Asset(name string) string { return AssetPath(name) }

// Scripts are the modules of a page that has nothing to show that they could help with.
func (f Frame) Scripts() []string { return nil }

// Words are what the page's scripts say, by the keys they know it by.
func (f Frame) Words() map[string]string { return phrase.Group(f.Language, "phone.") }

// Style is the style sheet's element.
func (f Frame) Style() template.HTML { return style().element }

// Address is where the office is, or empty.
func (f Frame) Address() string {
	if f.Office == nil {
		return ""
	}
	return f.Name(f.Office.Desk.Address)
}

// Phones lists the numbers people may call instead.
func (f Frame) Phones() []office.Phone {
	if f.Office == nil {
		return nil
	}
	return f.Office.Desk.Phones
}

// Emergencies lists those of the phones that are for people in danger.
func (f Frame) Emergencies() []office.Phone {
	var found []office.Phone
	for _, p := range f.Phones() {
		if p.Number == "110" || p.Number == "119" || p.Number == "120" {
			found = append(found, p)
		}
	}
	return found
}

// OfficeName is whose page it is; empty while the office data cannot be read.
func (f Frame) OfficeName() string {
	if f.Office == nil {
		return ""
	}
	return f.Name(f.Office.Desk.Name)
}
