// Package personal finds in free text what tells who somebody is: numbers of phones, identity cards and vehicles, mail
// addresses, and names where the form of words says that a name follows. It is pure, and errs towards finding.
package personal

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/width"
)

// Kind is what a finding tells.
type Kind string

// The kinds.
const (
	Phone  Kind = "phone"
	IDCard Kind = "id-card"
	Plate  Kind = "plate"
	Mail   Kind = "mail"
	Name   Kind = "name"
)

// Kinds lists every kind, in the order people are told of them.
func Kinds() []Kind { return []Kind{Phone, IDCard, Plate, Mail, Name} }

// surnames are the hundred that most people have, and those of two characters; only what follows "姓名" and its like is
// taken for a name without one.
const surnames = `(?:欧阳|上官|司马|诸葛|夏侯|皇甫|尉迟|公孙|慕容|令狐|[王李张刘陈杨黄赵吴周徐孙马朱胡郭何罗高林郑梁谢唐许冯宋韩邓彭曹曾田萧肖潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤])`

// forms are what each kind looks like, in text folded to half width. The group "it" is what is hidden.
var forms = []struct {
	kind Kind
	form *regexp.Regexp
}{
	{IDCard, regexp.MustCompile(`(?:^|\D)(?P<it>[1-9]\d{5}[ -]?(?:18|19|20)\d{2}[ -]?(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[ -]?\d{3}[\dXx])(?:\D|$)`)},
	{Phone, regexp.MustCompile(`(?:^|\D)(?P<it>(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4})(?:\D|$)`)},
	{Phone, regexp.MustCompile(`(?:^|\D)(?P<it>0\d{2,3}[ -]\d{7,8})(?:\D|$)`)},
	{Plate, regexp.MustCompile(`(?P<it>[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Za-z][ ·•.-]?[A-Za-z0-9]{4,5}[A-Za-z0-9学警挂港澳])`)},
	{Mail, regexp.MustCompile(`(?P<it>[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)`)},
	{Name, regexp.MustCompile(`(?:姓名|联系人|本人|我叫|名叫|他叫|她叫|叫做)(?:是|为|[::])? ?(?P<it>` + surnames + `\p{Han}{1,2})(?:\P{Han}|[,。;、]|$|的|是|在|先生|女士)`)},
	{Name, regexp.MustCompile(`(?:姓名|联系人)(?:是|为|[::]) ?(?P<it>\p{Han}{2,4})`)},
	{Name, regexp.MustCompile(`(?P<it>` + surnames + `\p{Han}{1,2})(?:先生|女士|小姐|同志)`)},
}

// finding is where something is in a text, in bytes of it as it is folded.
type finding struct {
	kind     Kind
	from, to int
}

func find(folded string) []finding {
	var found []finding
	for _, f := range forms {
		group := f.form.SubexpIndex("it")
		for from := 0; from < len(folded); {
			at := f.form.FindStringSubmatchIndex(folded[from:])
			if at == nil {
				break
			}
			found = append(found, finding{f.kind, from + at[2*group], from + at[2*group+1]})
			from += at[2*group+1] // what ends one may begin the next
		}
	}
	return found
}

// Find gives the kinds of what is in a text, each once; none for a text that tells nobody.
func Find(text string) []Kind {
	found := find(fold(text))
	return slices.DeleteFunc(Kinds(), func(k Kind) bool {
		return !slices.ContainsFunc(found, func(f finding) bool { return f.kind == k })
	})
}

// Mask gives the text with stars where something was found. A text in which nothing was stays as it is.
func Mask(text string) string {
	folded := fold(text)
	found := find(folded)
	if len(found) == 0 {
		return text
	}
	hidden := []byte(folded)
	for _, f := range found {
		for i := f.from; i < f.to; i++ {
			hidden[i] = 0
		}
	}
	var out strings.Builder
	for part := range strings.SplitAfterSeq(string(hidden), "\x00") {
		rest := strings.TrimSuffix(part, "\x00")
		out.WriteString(rest)
		if rest != part && !strings.HasSuffix(out.String(), stars) {
			out.WriteString(stars)
		}
	}
	return out.String()
}

const stars = "***"

func fold(text string) string { return width.Fold.String(strings.ReplaceAll(text, "\x00", "")) }
