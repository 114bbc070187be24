package office

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"reflect"
	"strings"
	"testing"

	"steledesk/shared/ticket"
)

func small(t testing.TB) string {
	t.Helper()
	data, err := os.ReadFile("testdata/small.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// The sections of the built-in file are those of template.yaml's SectionIds: each has a queue.
func TestDefaultFile(t *testing.T) {
	o, err := Parse("default.yaml", DefaultFile())
	if err != nil {
		t.Fatal(err)
	}
	template, err := os.ReadFile("../../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, s := range o.Sections {
		ids = append(ids, s.ID)
		if s.Name.EN == "" || s.Duty.EN == "" {
			t.Errorf("section %s has no English", s.ID)
		}
	}
	if want := "Default: " + strings.Join(ids, ","); !bytes.Contains(template, []byte(want+"\n")) {
		t.Errorf("template.yaml has not %q", want)
	}
	if len(o.Categories) != 15 || o.SpotName("BL01", "zh") != "浯溪碑林" {
		t.Errorf("got %d categories, BL01 %q", len(o.Categories), o.SpotName("BL01", "zh"))
	}
	for _, c := range o.Categories {
		for _, each := range append(c.Sub, c) {
			if each.Name.EN == "" {
				t.Errorf("category %s has no English", each.ID)
			}
		}
	}
}

var update = flag.Bool("update", false, "write default.json from default.yaml")

// default.json is what Default decodes: it must say what default.yaml says.
func TestDefaultIsCurrent(t *testing.T) {
	o, err := Parse("default.yaml", DefaultFile())
	if err != nil {
		t.Fatal(err)
	}
	want, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	want = append(want, '\n')
	if *update {
		if err := os.WriteFile("default.json", want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(defaultJSON, want) {
		t.Error("default.json is not what default.yaml says: go test ./shared/office -run TestDefaultIsCurrent -update")
	}
}

// What is stored in the table must be the office that was checked.
func TestJSONRoundTrip(t *testing.T) {
	for name, data := range map[string][]byte{"default": DefaultFile(), "small": []byte(small(t))} {
		want, err := Parse(name, data)
		if err != nil {
			t.Fatal(err)
		}
		stored, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		got := &Office{}
		if err := json.Unmarshal(stored, got); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: JSON gave another office: %s", name, stored)
		}
		// JSON is YAML: the stored form can be uploaded again.
		if again, err := Parse("office.json", stored); err != nil || !reflect.DeepEqual(again, want) {
			t.Errorf("%s: parsing its JSON: %v", name, err)
		}
	}
}

// Each case changes one text of testdata/small.yaml and expects exactly these problems.
func TestProblems(t *testing.T) {
	for _, tt := range []struct{ name, old, new, want string }{
		{"field mistyped", "    duty: { zh: 派单 }", "    dutty: { zh: 派单 }",
			`f:8:5: sections[0].duty.zh: is missing or empty; write the Chinese name
f:10:5: sections[0].dutty: unknown field; did you mean "duty"?`},
		{"field nobody knows", "version: 1\n", "version: 1\ncolour: red\n",
			`f:2:1: colour: unknown field; known: version, office, sections, categories, spots, levels, urgent, reminders, words, routes, fallback, holidays, retention, limits, channels, templates`},
		{"other version", "version: 1", "version: 2", `f:1:1: version: is 2; this program reads version: 1`},
		{"version no number", "version: 1", "version: one", `f:1:1: version: "one" is no whole number; write digits only`},
		{"text instead of fields", "  name: { zh: 管理处, en: Office }", "  name: 管理处",
			`f:3:3: office.name: is a single value; must be fields (lines of the form "name: value")
f:3:3: office.name.zh: is missing or empty; write the Chinese name`},
		{"fields instead of a list", "  - id: office\n    name: { zh: 办公室 }\n    duty: { zh: 派单 }\n  - id: discipline\n    name: { zh: 纪检 }\n    duty: { zh: 举报 }\n  - id: relics\n    name: { zh: 文物科 }\n    duty: { zh: 文物 }\n", "  id: office\n",
			`f:7:1: sections: is fields (lines of the form "name: value"); must be a list (lines that begin with "- ")`},
		{"key twice", "  prefix: WX\n", "  prefix: WX\n  prefix: AB\n", `f:5:3: office.prefix: given twice, first in line 4; keep one of them`},
		{"anchor", "version: 1", "version: &v 1", `f:1:10: version: anchors and aliases (& and *) are not taken; write the value out`},
		{"tag", "prefix: WX", "prefix: !!binary V1g=", `f:4:11: office.prefix: the tag !!binary is not taken; write the plain value`},
		{"prefix", "prefix: WX", "prefix: wx1", `f:4:3: office.prefix: "wx1" is not valid; write two capital letters, such as WX`},
		{"clock", `opens: "08:30"`, `opens: "8.30"`, `f:5:3: office.opens: "8.30" is no time of day; write 08:30`},
		{"closed before open", `closes: "17:30"`, `closes: "07:30"`, `f:6:3: office.closes: 07:30 is not after opens, 08:30; write opens: "08:30" and closes: "17:30"`},
		{"section id", "id: relics", "id: Relics",
			`f:14:5: sections[2].id: "Relics" is not valid; write 2 to 20 small letters and digits, beginning with a letter
f:20:5: categories[0].section: there is no section "relics"; did you mean "Relics"?
f:28:35: spots[0].section: there is no section "relics"; did you mean "Relics"?
f:46:34: routes[1].section: there is no section "relics"; did you mean "Relics"?
f:53:5: channels[0].section: there is no section "relics"; did you mean "Relics"?`},
		{"section twice", "id: relics\n", "id: relics\n    name: { zh: 甲 }\n    duty: { zh: 乙 }\n  - id: relics\n",
			`f:17:5: sections[3].id: "relics" is used twice, first in line 14; choose another id`},
		{"discipline missing", "id: discipline", "id: disciplin",
			`f:7:1: sections: the section "discipline" is missing; every office has office and discipline
f:25:5: categories[1].section: there is no section "discipline"; did you mean "disciplin"?`},
		{"empty name", "name: { zh: 办公室 }", "name: { zh: \"\" }", `f:9:13: sections[0].name.zh: is missing or empty; write the Chinese name`},
		{"name of two lines", "name: { zh: 办公室 }", `name: { zh: "办\n公室" }`, `f:9:13: sections[0].name.zh: has a line break or another invisible character; write it in one line of plain text`},
		{"name too long", "办公室", strings.Repeat("室", 61), `f:9:13: sections[0].name.zh: has 61 characters; at most 60`},
		{"category's section", "    section: relics\n    sub", "    section: relic\n    sub", `f:20:5: categories[0].section: there is no section "relic"; did you mean "relics"?`},
		{"category nobody has", "    section: relics\n    sub:\n      - { id: carving, name: { zh: 刻划 }, urgent: ongoing }\n", "", `f:18:5: categories[0].section: nobody has this category; name a section, here or on its first level`},
		{"category twice, on two levels", "id: carving", "id: stones", `f:22:11: categories[0].sub[0].id: "stones" is used twice, first in line 18; choose another id`},
		{"third level", "urgent: ongoing }", "urgent: ongoing, sub: [{ id: deep, name: { zh: 深 } }] }", `f:22:59: categories[0].sub[0].sub: a third level; there are two: move these up one`},
		{"urgency", "urgent: ongoing", "urgent: yes", `f:22:42: categories[0].sub[0].urgent: "yes" is not known; known: never, always, ongoing`},
		{"confidential elsewhere", "    section: discipline\n", "    section: relics\n", `f:25:5: categories[1].section: a confidential category belongs to discipline; write section: discipline`},
		{"discipline openly", "    confidential: true\n", "", `f:25:5: categories[1].section: discipline has reports only; add confidential: true, or name another section`},
		{"no boolean", "confidential: true", "confidential: ja", `f:25:5: categories[1].section: discipline has reports only; add confidential: true, or name another section
f:26:5: categories[1].confidential: "ja" is neither true nor false; write true or false`},
		{"spot id", "id: BL01", "id: bl01", `f:28:7: spots[0].id: "bl01" is not valid; write 2 to 12 capital letters and digits, beginning with a letter, such as BL01
f:46:27: routes[1].spots[0]: there is no spot "BL01"; did you mean "bl01"?`},
		{"spot of discipline", "{ zh: 碑林 }, section: relics", "{ zh: 碑林 }, section: discipline", `f:28:35: spots[0].section: discipline has reports only, by confidential categories; name another section`},
		{"kind of level", "  praise: {", "  prase: {", `f:29:1: levels.praise: is missing; every kind has a service level
f:34:3: levels.prase: there is no kind "prase"; did you mean "praise"?`},
		{"duration", "answer: 3wd", "answer: 3 days", `f:33:14: levels.enquiry.answer: "3 days" is no length of time; write 5wd (working days), 15d (days), 24h or 30m, from 1 to 999`},
		{"duration of nothing", "answer: 3wd", "answer: 0wd", `f:33:14: levels.enquiry.answer: "0wd" is no length of time; write 5wd (working days), 15d (days), 24h or 30m, from 1 to 999`},
		{"no answer", "answer: 3wd, ", "", `f:33:3: levels.enquiry.answer: is missing; write how long an answer takes, such as 5wd`},
		{"no silence", "{ answer: 3wd, silence: 7d }", "{ answer: 3wd }", `f:33:3: levels.enquiry.silence: is missing; write how long an answered ticket waits for its visitor, such as 7d`},
		{"sign after answer", "sign: 1wd", "sign: 6wd", `f:30:16: levels.complaint.sign: 6wd is longer than answer, 5wd; make it shorter`},
		{"extension in hours", "sign: 1wd", "extend: 24h", `f:30:16: levels.complaint.extend: 24h is not in days; write days, such as 5wd or 15d`},
		{"urgent slower", "answer: 24h", "answer: 73h", `f:37:22: urgent.answer: 73h may be later than the 3wd of enquiry; urgency must never make a matter slower`},
		{"urgent in working days", "answer: 3wd", "answer: 72h", ``},
		{"urgent slower than hours", "urgent: { sign: 30m, answer: 24h }", "urgent: { sign: 1wd, answer: 1d, review: true }",
			`f:37:34: urgent.review: what follows an answer is the kind's, urgent or not; remove it here`},
		{"reminder without a time", "overdue: 1wd, ", "", `f:39:5: reminders[0]: has 0 of half, left and overdue; give exactly one`},
		{"reminder to nobody", "tell: [section]", "tell: []", `f:39:55: reminders[0].tell: nobody is told; write tell: [section]`},
		{"reminder to a stranger", "tell: [section]", "tell: [section, relicts]", `f:39:71: reminders[0].tell[1]: there is no section "relicts"; did you mean "relics"?`},
		{"reminder's step", "does: urge", "does: nag", `f:39:43: reminders[0].does: "nag" is not known; known: remind, urge, oversee`},
		{"word of one letter", "[正在, now]", "[正在, n]", `f:42:15: words.ongoing.any[1]: "n" would be found almost everywhere; write a whole word`},
		{"exception of nothing", "[正在建设]", "[建设]", `f:43:14: words.ongoing.except[0]: "建设" holds none of the words, so it changes nothing; remove it`},
		{"no list ongoing", "  ongoing:\n", "  going:\n", `f:22:42: categories[0].sub[0].urgent: there is no word list named ongoing; add words: ongoing: any: [正在]
f:45:26: routes[0].words[0]: there is no word list "ongoing"; did you mean "going"?`},
		{"rule without condition", "spots: [BL01], ", "", `f:46:5: routes[1]: has no condition; give kinds, categories, spots or words`},
		{"rule without effect", ", urgent: true }\n  - { id: second", " }\n  - { id: second", `f:45:5: routes[0]: decides nothing; give section, or urgent: true`},
		{"rule to discipline", "spots: [BL01], section: relics", "spots: [BL01], section: discipline", `f:46:34: routes[1].section: discipline has reports only, by confidential categories; name another section`},
		{"rule for reports", "spots: [BL01], section", "kinds: [report], section", `f:46:27: routes[1].kinds[0]: reports go to discipline, whatever a rule says; remove it, or give no section`},
		{"rule's category", "spots: [BL01], section", "categories: [stone], section", `f:46:32: routes[1].categories[0]: there is no category "stone"; did you mean "stones"?`},
		{"rule's kind", "spots: [BL01], section", "kinds: [complain], section", `f:46:27: routes[1].kinds[0]: "complain" is not known; did you mean "complaint"?`},
		{"rule twice", "id: second", "id: first", `f:46:7: routes[1].id: "first" is used twice, first in line 45; choose another id`},
		{"fallback of reports", "enquiry: office }", "report: office }", `f:47:13: fallback.report: reports go to discipline, whatever is written here; remove it`},
		{"fallback's section", "enquiry: office }", "enquiry: offices }", `f:47:13: fallback.enquiry: there is no section "offices"; did you mean "office"?`},
		{"holiday of another year", "2027-01-01..2027-01-03", "2026-01-01..2026-01-03", `f:50:11: holidays[0].off[0]: 2026-01-01 is outside 2027 and the December before it`},
		{"no such holiday", "2027-01-01..2027-01-03", "2027-01-32", `f:50:11: holidays[0].off[0]: "2027-01-32" is no date; write 2027-01-01, or 2027-01-01..2027-01-03 for several days`},
		{"weekday worked", "2027-01-03]\n", "2027-01-03]\n    work: [2027-01-04]\n", `f:51:12: holidays[0].work[0]: 2027-01-04 is a Monday, worked anyway; list only Saturdays and Sundays that are worked`},
		{"year twice", "2027-01-03]\n", "2027-01-03]\n  - year: 2027\n    off: [2027-01-01]\n", `f:51:5: holidays[1].year: 2027 is listed twice, first in line 49; make one of them`},
		{"channel of the desk's own trials", "- id: group", "- id: canary", `f:52:5: channels[0].id: the id canary has a meaning of its own; choose another`},
		{"channel's kind", "kind: wecom", "kind: wechat", `f:54:5: channels[0].kind: "wechat" is not known; did you mean "wecom"?`},
		{"channel's host", "https://qyapi.weixin.qq.com", "https://qyapi.weixin.qq.com.example.cn", `f:55:5: channels[0].url: the host "qyapi.weixin.qq.com.example.cn" is not this kind's; known: [https://qyapi.weixin.qq.com]`},
		{"channel in the clear", "https://qyapi", "http://qyapi", `f:55:5: channels[0].url: is not https; write https://`},
		{"channel with user info", "https://qyapi", "https://me@qyapi", `f:55:5: channels[0].url: is no web address; write https://host/path as the bot's settings show it`},
		{"channel without key", "?key=k", "", `f:55:5: channels[0].url: names no group; copy the whole address, with ?key=…`},
		{"channel of this machine", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send", "http://127.0.0.1:8080/local/bots/wecom/relics/cgi-bin/webhook/send", ``},
		{"channel twice", "channels:\n", "channels:\n  - id: group\n    section: office\n    kind: feishu\n    url: https://open.feishu.cn/open-apis/bot/v2/hook/x\n", `f:56:5: channels[1].id: "group" is used twice, first in line 52; choose another id`},
		{"channel too fast", "    kind: wecom\n", "    kind: wecom\n    ratePerMinute: 21\n", `f:55:5: channels[0].ratePerMinute: 21 is not between 1 and 20; leave it out to use the most`},
		{"mail", "    kind: wecom\n    url: https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k", "    kind: mail\n    to: [nobody, \"a@example.cn\\r\\nBcc: b@example.cn\"]",
			`f:52:5: channels[0].from: is no plain mail address; write name@example.cn
f:55:10: channels[0].to[0]: is no plain mail address; write name@example.cn
f:55:18: channels[0].to[1]: is no plain mail address; write name@example.cn`},
		{"confidential by spot", "    confidential: true\n", "    confidential: true\n    bySpot: true\n", `f:27:5: categories[1].bySpot: a confidential category never goes to a spot's section; leave bySpot out`},
		{"mistake of a first level is said once", "urgent: ongoing }\n  - id: staff\n    name: { zh: 违纪 }\n    section: discipline", "urgent: ongoing }\n  - id: staff\n    name: { zh: 违纪 }\n    sub: [{ id: bribe, name: { zh: 受贿 } }]\n    section: relics",
			`f:26:5: categories[1].section: a confidential category belongs to discipline; write section: discipline`},
		{"text turned around", "{ zh: 办公室 }", `{ zh: "办\u202e公室" }`, `f:9:13: sections[0].name.zh: has a line break or another invisible character; write it in one line of plain text`},
		{"space at the end", "{ zh: 办公室 }", `{ zh: "办公室 " }`, `f:9:13: sections[0].name.zh: begins or ends with a space; remove it`},
		{"phone", "    duty: { zh: 派单 }\n", "    duty: { zh: 派单 }\n    phone: call us\n", `f:11:5: sections[0].phone: "call us" is not valid; write digits, spaces, + ( ) -`},
		{"section called supervisors", "id: relics\n", "id: relics\n    name: { zh: 甲 }\n    duty: { zh: 乙 }\n  - id: supervisors\n", `f:17:5: sections[3].id: the id supervisors has a meaning of its own; choose another`},
		{"section called section", "id: relics\n", "id: relics\n    name: { zh: 甲 }\n    duty: { zh: 乙 }\n  - id: section\n", `f:17:5: sections[3].id: the id section has a meaning of its own; choose another`},
		{"fallback's kind", "enquiry: office }", "enquire: office }", `f:47:13: fallback.enquire: there is no kind "enquire"; did you mean "enquiry"?`},
		{"fallback of nobody", "enquiry: office }", "enquiry: }", `f:47:13: fallback.enquiry: names no section; name one, or remove the line`},
		{"channel of nobody", "    section: relics\n    kind: wecom", "    kind: wecom", `f:52:5: channels[0].section: is missing; name the section that is told here, or supervisors`},
		{"channel without address", "    url: https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k\n", "", `f:52:5: channels[0].url: is missing; copy it from the group's bot settings`},
		{"channel without path", "wecom\n    url: https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k", "feishu\n    url: https://open.feishu.cn/", `f:55:5: channels[0].url: has no path; copy the whole address`},
		{"bot with mail", "    kind: wecom\n", "    kind: wecom\n    to: [a@example.cn]\n    mention: [\"\"]\n", `f:52:5: channels[0]: to and from are for mail; remove them
f:56:15: channels[0].mention[0]: is empty or too long; write a member's id or phone number`},
		{"bot with a secret it has not", "    kind: wecom\n", "    kind: wecom\n    secret: s\n", `f:55:5: channels[0].secret: wecom has none; remove it`},
		{"mail to nobody", "kind: wecom", "kind: mail\n    from: desk@example.cn", `f:52:5: channels[0].to: is missing; list at least one mail address
f:56:5: channels[0].url: is no mail server; write smtps://login@host:465 or smtp://login@host:587, or leave url and secret out for the deployment's own`},
		{"mail with a login", "kind: wecom\n    url: https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k", "kind: mail\n    from: desk@example.cn\n    to: [a@example.cn]\n    url: smtps://desk@mail.example.cn:465\n    secret: p", ``},
		{"mail with its password in the address", "kind: wecom\n    url: https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k", "kind: mail\n    from: desk@example.cn\n    to: [a@example.cn]\n    url: smtps://desk:p@mail.example.cn:465",
			`f:57:5: channels[0].url: holds a password; write it as secret`},
		{"mail with a password and no login", "kind: wecom\n    url: https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k", "kind: mail\n    from: desk@example.cn\n    to: [a@example.cn]\n    url: smtps://mail.example.cn:465\n    secret: p",
			`f:58:5: channels[0].secret: a login needs its password, and a password its login; write url: smtps://login@host:465 and secret: the password`},
		{"channel's language", "    kind: wecom\n", "    kind: wecom\n    language: fr\n", `f:55:5: channels[0].language: "fr" is not known; known: zh, en`},
		{"word list's name", "  ongoing:\n", "  Danger Words: { any: [火灾] }\n  ongoing:\n", `f:41:3: words.Danger Words: "Danger Words" is not valid; write small letters, digits and hyphens, beginning with a letter, at most 40`},
		{"word list of nothing", "  ongoing:\n", "  danger: {}\n  ongoing:\n", `f:41:3: words.danger.any: there is no word; list at least one`},
		{"list instead of a value", "prefix: WX", "prefix: [WX]", `f:4:3: office.prefix: is a list (lines that begin with "- "); must be a single value`},
		{"list instead of a duration", "answer: 3wd", "answer: [3wd]", `f:33:14: levels.enquiry.answer: is a list (lines that begin with "- "); must be a single value`},
		{"no categories", "categories:\n  - id: stones\n    name: { zh: 碑刻 }\n    section: relics\n    sub:\n      - { id: carving, name: { zh: 刻划 }, urgent: ongoing }\n  - id: staff\n    name: { zh: 违纪 }\n    section: discipline\n    confidential: true\n", "",
			`f:1:1: categories: there is none; list at least one`},
		{"too many phones", "  prefix: WX\n", "  prefix: WX\n  phones: [" + strings.Repeat(`{ name: { zh: 电话 }, number: "110" }, `, 11) + "]\n", `f:5:3: office.phones: has 11 entries; the most is 10`},
		{"contacts kept too long", "version: 1\n", "version: 1\nretention: { contactMonths: 25 }\n", `f:2:14: retention.contactMonths: is 25; write 6 to 24 months`},
		{"records kept too short", "version: 1\n", "version: 1\nretention: { recordYears: 2 }\n", `f:2:14: retention.recordYears: is 2; write 3 to 30 years`},
		{"records kept for ever", "version: 1\n", "version: 1\nretention: { recordYears: 31 }\n", `f:2:14: retention.recordYears: is 31; write 3 to 30 years`},
		{"webhook without secret", "kind: wecom", "kind: webhook", `f:52:5: channels[0].secret: is missing; a webhook's messages are signed with it`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			file := strings.Replace(small(t), tt.old, tt.new, 1)
			if file == small(t) {
				t.Fatalf("%q is not in testdata/small.yaml", tt.old)
			}
			if _, err := Parse("f", []byte(file)); text(err) != tt.want {
				t.Errorf("got:\n%s\nwant:\n%s", text(err), tt.want)
			}
		})
	}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestNotYAML(t *testing.T) {
	for _, tt := range []struct{ name, file, want string }{
		{"empty", "", "f:1:1: the file is empty; begin from the built-in one"},
		{"comments only", "# nothing\n", "f:1:1: the file is empty; begin from the built-in one"},
		{"null", "~\n", "f:1:1: the file is empty; begin from the built-in one"},
		{"tab", "version: 1\noffice:\n\tname: x\n", "f:3:1: not YAML: found character that cannot start any token; check colons, quotes and indentation here and in the line above; indent with spaces"},
		{"two colons", "version: 1\noffice: a: b\n", "f:2:1: not YAML: mapping values are not allowed in this context; check colons, quotes and indentation here and in the line above; indent with spaces"},
		{"saved by an old editor, in GBK", "version: 1\noffice: \xb9\xdc\n", "f:1:1: the file is not UTF-8 text; save it with the encoding UTF-8"},
		{"two documents", "version: 1\n---\nversion: 1\n", "f:2:1: the file has a second document (a line ---); keep one"},
		{"too big", strings.Repeat("# x\n", MaxFile/4+1), "f:1:1: the file has 409604 bytes; the most is 409600"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := Parse("f", []byte(tt.file)); text(err) != tt.want {
				t.Errorf("got:\n%s\nwant:\n%s", text(err), tt.want)
			}
		})
	}
	_, err := Parse("f", []byte("[1, 2]"))
	var bad *InvalidError
	if !errors.As(err, &bad) || !strings.Contains(bad.Problems[0].String(), "must be fields") {
		t.Errorf("a list: got %v", err)
	}
}

// A problem must never repeat what a bot's address or secret holds: problems go to logs and pages.
func TestProblemsKeepSecrets(t *testing.T) {
	for _, url := range []string{
		"https://other.example.cn/send?key=sesame", "http://qyapi.weixin.qq.com/?key=sesame", "sesame", "https://sesame@qyapi.weixin.qq.com/",
		"https://[sesame", "%zzsesame", "https://qyapi.weixin.qq.com/sesame",
	} {
		file := strings.Replace(small(t), "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k", `"`+url+`"`, 1) + "    secret: sesame\n"
		if _, err := Parse("f", []byte(file)); err == nil || strings.Contains(err.Error(), "sesame") {
			t.Errorf("%s: got %v", url, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(small(f)))
	f.Add(DefaultFile())
	for _, text := range []string{"a: &a [*a]", "? [x]\n: y", "levels: {complaint: {sign: 99999999999999999999wd}}", "- - - -", "sections: [{id: }]", "\xff\xfe"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		o, err := Parse("f", data)
		var bad *InvalidError
		if err != nil && (!errors.As(err, &bad) || len(bad.Problems) == 0 || bad.Problems[0].Line < 1) {
			t.Fatalf("got %v", err)
		}
		if err == nil { // whatever is taken can route
			o.Route(Matter{Kind: ticket.Complaint, Text: string(data)})
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	stored, err := json.Marshal(Default())
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(stored)))
	for b.Loop() {
		if err := json.Unmarshal(stored, &Office{}); err != nil {
			b.Fatal(err)
		}
	}
}

// Offices edit on Windows: a byte order mark and its line ends must not matter.
func TestWindowsFile(t *testing.T) {
	file := "\ufeff" + strings.ReplaceAll(small(t), "\n", "\r\n")
	got, err := Parse("f", []byte(file))
	if err != nil {
		t.Fatal(err)
	}
	if want, err := Parse("f", []byte(small(t))); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v (%v)", got, want, err)
	}
	_, err = Parse("f", []byte(strings.Replace(file, "prefix: WX", "prefix: W", 1)))
	if want := `f:4:3: office.prefix: "W" is not valid; write two capital letters, such as WX`; text(err) != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestChannels(t *testing.T) {
	o, err := Parse("small.yaml", []byte(small(t)))
	if err != nil {
		t.Fatal(err)
	}
	if c, ok := o.Channel("group"); !ok || c.Kind != WeCom {
		t.Errorf("got %v, %v", c, ok)
	}
	if got := o.ChannelsOf("relics"); len(got) != 1 || got[0].ID != "group" {
		t.Errorf("got %v", got)
	}
}
