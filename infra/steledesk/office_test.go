package main

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"pgregory.net/rapid"

	"steledesk/shared/office"
	"steledesk/shared/seal"
)

const groupURL = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=0123456789abcdef"

const channels = `channels:
  - { id: ticketing-group, section: ticketing, kind: wecom, url: "` + groupURL + `" }
  - { id: hook, section: works, kind: webhook, url: "https://example.cn/private/path", secret: correct-horse }
  - { id: mail, section: works, kind: mail, to: [works@example.cn], from: desk@example.cn, url: "smtps://desk@example.cn:465", secret: pass-word }
`

// officeFile is the built-in file with texts replaced.
func officeFile(t *testing.T, oldnew ...string) string {
	t.Helper()
	text := string(office.DefaultFile())
	for i := 0; i < len(oldnew); i += 2 {
		if !strings.Contains(text, oldnew[i]) {
			t.Fatalf("the built-in file has no %q", oldnew[i])
		}
		text = strings.Replace(text, oldnew[i], oldnew[i+1], 1)
	}
	return text
}

func TestOfficeCheck(t *testing.T) {
	check := func(text string, more ...string) answer {
		e, out, errs := offline()
		code := run(t.Context(), e, append([]string{"office", "check", write(t, "office.yaml", text)}, more...))
		return answer{code, out.String(), errs.String()}
	}
	bad := check(officeFile(t, "section: relics\n    urgent: ongoing", "section: relic\n    urgent: sometimes"))
	if bad.code != exitProblem || strings.Count(bad.out, "office.yaml:") != 2 || !strings.Contains(bad.err, "2 problems; nothing was changed") {
		t.Errorf("two mistakes: got %v", bad)
	}
	good := check(officeFile(t))
	if good.code != exitOK || good.err != "" {
		t.Errorf("got %v", good)
	}
	version, rest, _ := strings.Cut(good.out, "version   of the file ")
	golden(t, "check.txt", version+"version   of the file ...\n"+rest[strings.Index(rest, "\n")+1:])

	extra := officeFile(t, "  - id: enforcement\n    name: { zh: 执法大队", "  - { id: cafe, name: { zh: 茶室 }, duty: { zh: 茶水 } }\n  - id: enforcement\n    name: { zh: 执法大队")
	warned := check(extra, "--template", "../../template.yaml")
	if want := "warning: section cafe 茶室 is not in the template's SectionIds"; warned.code != exitOK || strings.Count(warned.out, "warning: section") != 1 || !strings.Contains(warned.out, want) {
		t.Errorf("got %v, want one %q", warned, want)
	}
	if none := check(extra, "--template", write(t, "t.yaml", "Resources: {}\n")); none.code != exitProblem {
		t.Errorf("a template that declares nothing: got %v", none)
	}
}

// The notice of next year's holidays comes in autumn: before that nobody can add it.
func TestCalendarWarnings(t *testing.T) {
	for _, tt := range []struct {
		now  string
		want int
	}{{"2026-09-30T23:59:59+08:00", 0}, {"2026-09-30T16:00:00Z", 1}, {"2026-12-31T00:00:00+08:00", 1}, {"2027-03-01T00:00:00+08:00", 1}, {"2027-10-01T00:00:00+08:00", 2}} {
		now, err := time.Parse(time.RFC3339, tt.now)
		if err != nil {
			t.Fatal(err)
		}
		got, err := calendarWarnings(office.Default(), now)
		if err != nil || len(got) != tt.want {
			t.Errorf("%s: got %q, %v; want %d", tt.now, got, err, tt.want)
		}
	}
}

func TestSecretInitNeverOverwrites(t *testing.T) {
	d := deploy(t)
	d.want(exitProblem, []string{"office", "apply", write(t, "o.yaml", officeFile(t, "channels: []", channels)), "--yes"},
		"There is no parameter \"/"+d.name+"/secret\"", "steledesk secret init")
	d.want(exitOK, []string{"secret", "init"}, "Made the desk's keys: /"+d.name+"/secret in us-east-1.")
	before := keysOf(t, d)
	d.want(exitProblem, []string{"secret", "init"}, "exists in us-east-1 and was left as it is")
	if keysOf(t, d).Code("WX-1") != before.Code("WX-1") {
		t.Error("the keys were replaced")
	}
}

func keysOf(t *testing.T, d *desk) *seal.Keys {
	t.Helper()
	e := offlineOn(d)
	st, err := e.open(t.Context(), settings{stack: d.name, secret: "/" + d.name + "/secret"})
	if err != nil {
		t.Fatal(err)
	}
	keys, err := st.keys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

// An office file's way: applied, shown, edited as it was shown, applied again, looked back at.
func TestOfficeLife(t *testing.T) {
	d := deploy(t)
	d.want(exitOK, []string{"secret", "init"})
	d.want(exitOK, []string{"office", "history"}, "Nothing was ever applied")
	d.want(exitOK, []string{"office", "show"}, "0, the built-in data")
	first := write(t, "office.yaml", officeFile(t, "channels: []", channels))
	d.want(exitOK, []string{"office", "apply", first, "--dry-run"}, "+ ticketing-group", "Nothing was changed (--dry-run)")
	d.want(exitOK, []string{"office", "history"}, "Nothing was ever applied")
	d.want(exitUsage, []string{"office", "apply", first}, "add --yes")
	d.person = "n\n"
	d.want(exitProblem, []string{"office", "apply", first}, "Put this in force as version 1? [y/N]", "Nothing was changed.")
	d.person = "是\n"
	d.want(exitOK, []string{"office", "apply", first}, "Version 1 is in force")
	d.want(exitOK, []string{"office", "apply", first}, "Nothing would change: version 1 is in force.")

	for _, how := range [][]string{{}, {"--yaml"}, {"--json"}, {"--version", "1"}} {
		shown := d.want(exitOK, append([]string{"office", "show"}, how...)).out
		for _, secret := range []string{"0123456789abcdef", "private/path", "correct-horse", "pass-word"} {
			if strings.Contains(shown, secret) {
				t.Errorf("show %v gives away %q:\n%s", how, secret, shown)
			}
		}
	}
	revealed := d.want(exitOK, []string{"office", "show", "--yaml", "--reveal"}, groupURL, "correct-horse").out
	if again, err := office.Parse("shown", []byte(revealed)); err != nil || !reflect.DeepEqual(again, parsed(t, officeFile(t, "channels: []", channels))) {
		t.Errorf("what is shown is another office: %v", err)
	}

	edited := strings.Replace(d.want(exitOK, []string{"office", "show", "--yaml"}).out, "answer: 3wd", "answer: 2wd", 1)
	got := d.want(exitOK, []string{"office", "apply", write(t, "edited.yaml", edited), "--yes", "--by", "office desk"})
	if want := "levels\n  ~ enquiry.answer: 3wd -> 2wd\nwarning: no holidays of 2027"; !strings.HasPrefix(got.out, want) {
		t.Errorf("got %v, want it to begin\n%s", got, want)
	}
	if kept := d.want(exitOK, []string{"office", "show", "--json", "--reveal"}).out; !strings.Contains(kept, groupURL) {
		t.Error("applying the masked file lost the channel's address")
	}
	history := d.want(exitOK, []string{"office", "history"}).out
	if want := "version  applied           by\n2        2026-11-23 09:00  office desk      in force\n1        2026-11-23 09:00  operator:tester\n"; history != want {
		t.Errorf("got:\n%swant:\n%s", history, want)
	}
	d.want(exitOK, []string{"office", "show", "--version", "1", "--yaml"}, "answer: 3wd")
}

func parsed(t *testing.T, text string) *office.Office {
	t.Helper()
	o, err := office.Parse("test", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestApplyRefuses(t *testing.T) {
	d := deploy(t)
	d.want(exitOK, []string{"secret", "init"})
	masked := officeFile(t, "channels: []", strings.Replace(channels, groupURL, "https://qyapi.weixin.qq.com/"+office.Stars+"?key="+office.Stars, 1))
	d.want(exitProblem, []string{"office", "apply", write(t, "a.yaml", masked), "--yes"},
		"channel ticketing-group: url: ******** stands for the one in force, and none in force looks like this; write it out")
	d.want(exitProblem, []string{"office", "apply", write(t, "a.yaml", "version: 1\n"), "--yes"}, "a.yaml:1:1: sections", "nothing was changed")
	d.want(exitOK, []string{"office", "history"}, "Nothing was ever applied")
}

// Somebody else applies a file while the operator reads the differences.
func TestApplyIsOptimistic(t *testing.T) {
	d := deploy(t)
	d.fail(func(_, action string, next http.Handler) http.Handler {
		if action != "TransactWriteItems" {
			return next
		}
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			d.fail(nil)
			if _, err := d.table.PutOffice(r.Context(), office.Default(), 0, "another", monday, nil); err != nil {
				t.Error(err)
			}
			next.ServeHTTP(w, r)
		})
	})
	mine := write(t, "office.yaml", officeFile(t, "complaint: { sign: 1wd", "complaint: { sign: 2wd"))
	d.want(exitProblem, []string{"office", "apply", mine, "--yes"}, "somebody else applied another file just now; nothing was changed")
	if got := d.want(exitOK, []string{"office", "history"}).out; !strings.Contains(got, "another") || strings.Contains(got, "tester") {
		t.Errorf("got %s", got)
	}
	d.want(exitOK, []string{"office", "apply", mine, "--yes"}, "Version 2 is in force")
}

func TestApplyWarns(t *testing.T) {
	d := deploy(t)
	d.file(1, nil)
	swapped := strings.ReplaceAll(officeFile(t), "gardens", "cafe")
	got := d.want(exitOK, []string{"office", "apply", write(t, "o.yaml", swapped), "--dry-run"},
		"+ cafe: {duty: {en: Plants, old trees, cleaning, toilets, zh: 绿化、古树、保洁、厕所}",
		"- gardens: {",
		"~ RK04.section: gardens -> cafe",
		"warning: section cafe 园林环卫科 has no queue ("+d.name+"-section-cafe): until it has one, the office's queue serves it",
		"sam deploy --stack-name "+d.name+` --parameter-overrides "SectionIds=office,discipline,ticketing,security,cafe,`,
		"warning: section gardens 园林环卫科 goes and still has 1 open ticket")
	if strings.Count(got.out, "has no queue") != 1 {
		t.Errorf("got %v", got)
	}
}

func TestDifferences(t *testing.T) {
	for _, tt := range []struct{ name, old, new, want string }{
		{"none", "", "", ""},
		{"name", "zh: 票务科", "zh: 票务中心", "sections\n  ~ ticketing.name.zh: 票务科 -> 票务中心\n"},
		{"field more", "head: 大队长", "head: 大队长\n    phone: \"0746-1\"", "sections\n  + enforcement.phone: 0746-1\n"},
		{"field less", "    head: 大队长\n", "", "sections\n  - enforcement.head: 大队长\n"},
		{"below", "ko: 환불 } }", "ko: 환불 }, section: business }", "categories\n  + ticketing.sub.ticket-refund.section: business\n"},
		{"word", "[正在, 正拿,", "[正拿, 正好,", "words\n  ~ ongoing.any: -正在 +正好\n"},
		{"order", "[正在, 正拿,", "[正拿, 正在,", "words\n  ~ ongoing.any: in another order: [正拿, 正在,"},
		{"level", "praise: { sign: 1wd, answer: 5wd", "praise: { answer: 5wd", "levels\n  - praise.sign: 1wd\n"},
		{"urgent", "urgent: { sign: 30m", "urgent: { sign: 20m", "urgent\n  ~ sign: 30m -> 20m\n"},
		{"fallback gone", "fallback:\n  enquiry: visitors", "fallback: {}", "fallback\n  - enquiry: visitors\n"},
		{"holidays", "holidays: []", "holidays: [{ year: 2027, off: [2027-01-01] }]", "holidays\n  + 2027: {off: [2027-01-01], year: 2027}\n"},
		{"phone", `number: "119" }`, `number: "118" }`, "office\n  + phones.118: {name: {en: Fire, ja: 消防, ko: 소방, zh: 火警}, number: 118}\n  - phones.119: {name: {en: Fire, ja: 消防, ko: 소방, zh: 火警}, number: 119}\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			after := office.Default()
			if tt.old != "" {
				after = parsed(t, officeFile(t, tt.old, tt.new))
			}
			changes, err := office.Differences(office.Default(), after)
			if err != nil {
				t.Fatal(err)
			}
			var got strings.Builder
			printChanges(&got, changes)
			if tt.want == "" && got.Len() > 0 || !strings.HasPrefix(got.String(), tt.want) || len(changes) > 2 {
				t.Errorf("got:\n%swant:\n%s", got.String(), tt.want)
			}
		})
	}
}

// The first of the rules that fit decides, so their order is part of what they say.
func TestDifferencesOfOrder(t *testing.T) {
	after := office.Default()
	after.Routes[0], after.Routes[1] = after.Routes[1], after.Routes[0]
	changes, err := office.Differences(office.Default(), after)
	if err != nil || len(changes) != 1 || changes[0].Text != "in another order: danger-now, people-in-danger, relics-being-damaged" {
		t.Errorf("got %v, %v", changes, err)
	}
}

// A changed key of a group shows as a change, and neither key is shown.
func TestDifferencesHideAddresses(t *testing.T) {
	keys, err := seal.ParseKeys(seal.New())
	if err != nil {
		t.Fatal(err)
	}
	before, after := parsed(t, officeFile(t, "channels: []", channels)), parsed(t, officeFile(t, "channels: []", strings.ReplaceAll(channels, "abcdef", "fedcba")))
	changes, err := office.Differences(office.Fingerprinted(before, keys.Fingerprint), office.Fingerprinted(after, keys.Fingerprint))
	if err != nil || len(changes) != 1 || !strings.Contains(changes[0].Text, "https://qyapi.weixin.qq.com/********?key=******** #") {
		t.Fatalf("got %v, %v", changes, err)
	}
	if strings.Contains(changes[0].Text, "0123456789") {
		t.Errorf("the key is shown: %s", changes[0].Text)
	}
}

// However odd its texts, an office shown as YAML is the same office when it is read.
func TestYAMLRoundTrip(t *testing.T) {
	builtIn := office.Default()
	sane := rapid.String().Filter(func(s string) bool { return !strings.ContainsFunc(s, unicode.IsControl) })
	rapid.Check(t, func(t *rapid.T) {
		o := *builtIn
		o.Sections, o.Words, o.Spots = slices.Clone(o.Sections), maps.Clone(o.Words), nil // a smaller file is read sooner
		for name := range o.Words {
			o.Words[name] = office.Words{Any: []string{name}}
		}
		odd := rapid.OneOf(sane, rapid.SampledFrom([]string{"null", "true", "007", "1e3", "2026-01-01", "- a", "a: b", "#x", "*x", "&x", "!x", "~", "'", "\"", "<b>", "\u2028", "𠮷"}))
		o.Desk.Name.ZH = odd.Draw(t, "name")
		o.Sections[0].Head = odd.Draw(t, "head")
		o.Words["odd"] = office.Words{Any: rapid.SliceOfN(odd, 1, 3).Draw(t, "words")}
		var b bytes.Buffer
		if err := writeYAML(&b, &o); err != nil {
			t.Fatal(err)
		}
		got, err := office.Parse("shown", b.Bytes())
		if err != nil && strings.Contains(err.Error(), "not YAML") {
			t.Fatalf("%v\n%s", err, b.String())
		}
		if err == nil && !sameJSON(t, got, &o) {
			t.Fatalf("another office came back:\n%s", b.String())
		}
	})
}

func sameJSON(t *rapid.T, a, b any) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	if errX != nil || errY != nil {
		t.Fatal(errX, errY)
	}
	return bytes.Equal(x, y)
}

func offlineOn(d *desk) *env {
	e, _, _ := offline()
	e.aws = d.aws
	return e
}
