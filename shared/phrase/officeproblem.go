package phrase

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// OfficeProblem gives what package office says of an office file, in a language. The office file's own words are
// English, as its terminal is; what the table does not have stays as it is, and a test finds it.
func OfficeProblem(language, text string) string {
	if language == "en" {
		return text
	}
	for _, p := range officePatterns() {
		if m := p.english.FindStringSubmatch(text); m != nil {
			args := make([]any, strings.Count(p.chinese, "%s")) // a line number says nothing on a page
			for i := range args {
				args[i] = m[i+1]
			}
			return fmt.Sprintf(p.chinese, args...)
		}
	}
	return text
}

type officePattern struct {
	english *regexp.Regexp
	chinese string
}

var place = regexp.MustCompile(`%[qsdv]`)

// officePatterns are ready once asked for; those that say more come first.
var officePatterns = sync.OnceValue(func() []officePattern {
	keys := make([]string, 0, len(officeProblems))
	for english := range officeProblems {
		keys = append(keys, english)
	}
	slices.SortFunc(keys, func(a, b string) int { return len(place.ReplaceAllString(b, "")) - len(place.ReplaceAllString(a, "")) })
	all := make([]officePattern, len(keys))
	for i, english := range keys {
		pattern := place.ReplaceAllStringFunc(regexp.QuoteMeta(english), func(verb string) string {
			return map[string]string{"%q": `"(.*)"`, "%d": `(-?\d+)`, "%s": `(.*)`, "%v": `(.*)`}[verb]
		})
		all[i] = officePattern{regexp.MustCompile(`(?s)^` + pattern + `$`), officeProblems[english]}
	}
	return all
})

// officeProblems are the Chinese for the English that packages office and workday write, by the English; %s stand for
// what its verbs print, in the same order.
var officeProblems = map[string]string{
	"is missing": "没有填", "is missing or empty": "没有填", "is %d": "是 %s", "has %d characters": "有 %s 个字", "has %d entries": "有 %s 项",
	"at most %d": "最多 %s 个字", "the most is %d": "最多 %s", "begins or ends with a space": "前后有空格", "remove it": "请删去", "remove them": "请删去",
	"has a line break or another invisible character": "有换行或看不见的字符", "write it in one line of plain text": "请写成一行普通文字",
	"has an invisible character that is no line break": "有看不见的字符", "write plain text": "请写普通文字",
	"%q is not valid": "“%s”写法不对", "%q is not known": "没有“%s”这一种", "did you mean %q?": "是不是“%s”？", "known: %s": "可用的有：%s",
	"%q is used twice, first in line %d": "“%s”重复了", "choose another id": "请换一个编号", "choose another": "请换一个",
	"write the Chinese name": "请写中文名称", "write the Chinese text": "请写中文", "write one of %s": "请从这些里选：%s",
	"there is none": "一个也没有", "list at least one": "至少写一个", "unknown field": "没有这一项",

	"write two capital letters, such as WX":                                                   "请写两个大写字母，如 WX",
	"write digits, spaces, + ( ) -":                                                           "请写数字、空格、+ ( ) -",
	"write small letters, digits and hyphens, beginning with a letter, at most 40":            "请用小写字母、数字、连字符，字母开头，最多 40 个",
	"write 2 to 20 small letters and digits, beginning with a letter":                         "请用 2–20 个小写字母、数字，字母开头",
	"write 2 to 12 capital letters and digits, beginning with a letter, such as BL01":         "请用 2–12 个大写字母、数字，字母开头，如 BL01",
	"%s is not after opens, %s":                                                               "下班 %s 不晚于上班 %s",
	"write opens: \"08:30\" and closes: \"17:30\"":                                            "请写成 08:30 上班、17:30 下班的样子",
	"%q is no time of day; write 08:30":                                                       "“%s”不是时刻，请写成 08:30",
	"%q is no length of time; write 5wd (working days), 15d (days), 24h or 30m, from 1 to %d": "“%s”不是时长；请写 5wd（工作日）、15d（天）、24h 或 30m，1 到 %s",

	"the id section has a meaning of its own":                 "section 另有用处，不能当编号",
	"the section %q is missing":                               "缺少科室“%s”",
	"every office has office and discipline":                  "office 和 discipline 必须有",
	"there is no section %q":                                  "没有科室“%s”",
	"there is no category %q":                                 "没有分类“%s”",
	"there is no spot %q":                                     "没有点位“%s”",
	"there is no kind %q":                                     "没有类型“%s”",
	"there is no word list %q":                                "没有词表“%s”",
	"there is no word list named ongoing":                     "没有名为 ongoing 的词表",
	"add words: ongoing: any: [正在]":                           "请先建名为 ongoing 的词表",
	"a third level":                                           "有第三级",
	"there are two: move these up one":                        "只有两级，请上移一级",
	"a confidential category belongs to discipline":           "按举报办理的分类归纪检",
	"write section: discipline":                               "承办科室请选纪检",
	"discipline has reports only":                             "纪检只办举报",
	"add confidential: true, or name another section":         "请勾选“一律按举报办理”，或换一个科室",
	"a confidential category never goes to a spot's section":  "按举报办理的分类不能归点位的科室",
	"leave bySpot out":                                        "请不要勾选“优先归点位的科室”",
	"nobody has this category":                                "没有科室承办",
	"name a section, here or on its first level":              "请在这里或一级分类上选科室",
	"discipline has reports only, by confidential categories": "纪检只办举报，由分类来定",
	"name another section":                                    "请换一个科室",
	"%d is listed twice, first in line %d":                    "%s 年写了两次",
	"make one of them":                                        "请合成一条",

	"every kind has a service level":                                      "每一类都要有时限",
	"write how long an answer takes, such as 5wd":                         "请写多久答复，如 5wd",
	"write how long an answered ticket waits for its visitor, such as 7d": "请写答复后多久没有回音就办结，如 7d",
	"%s is longer than answer, %s":                                        "%s 比答复的 %s 还长",
	"make it shorter":                                                     "请缩短",
	"%s is not in days":                                                   "%s 不是天数",
	"write days, such as 5wd or 15d":                                      "请写天数，如 5wd 或 15d",
	"write how long an urgent matter takes, such as 24h":                  "请写紧急件多久答复，如 24h",
	"what follows an answer is the kind's, urgent or not":                 "答复以后的时限按类型定，不分紧急与否",
	"remove it here":                                                      "请在这里删去",
	"%s may be later than the %s of %s":                                   "%s 可能比 %s 还晚（%s）",
	"urgency must never make a matter slower":                             "紧急件不能更慢",
	"has %d of half, left and overdue":                                    "“什么时候”选了 %s 个",
	"give exactly one":                                                    "请只选一个",
	"nobody is told":                                                      "没有选告诉谁",
	"write tell: [section]":                                               "请至少选一个",
	"there is no word":                                                    "一个词也没有",
	"%q holds none of the words, so it changes nothing":                   "“%s”里没有上面的词，写了也不起作用",
	"%q would be found almost everywhere":                                 "“%s”几乎处处会误中",
	"write a whole word":                                                  "请写整词",
	"has no condition":                                                    "没有条件",
	"give kinds, categories, spots or words":                              "请选类型、分类、点位或词表",
	"decides nothing":                                                     "什么也没有定",
	"give section, or urgent: true":                                       "请选科室，或勾选定为紧急",
	"reports go to discipline, whatever a rule says":                      "举报一律归纪检，规则不起作用",
	"remove it, or give no section":                                       "请去掉举报，或不选科室",
	"reports go to discipline, whatever is written here":                  "举报一律归纪检，写在这里不起作用",
	"names no section":                                                    "没有选科室",
	"name one, or remove the line":                                        "请选一个，或留空",
	"only answers have an outcome":                                        "只有答复有结论",
	"remove it, or add answer to for":                                     "请去掉结论，或把“答复”也选上",

	"name the section that is told here":      "请选在这里收通知的科室",
	"%d is not between 1 and %d":              "%s 不在 1 到 %s 之间",
	"leave it out to use the most":            "留空就用最多的",
	"a webhook's messages are signed with it": "自有程序的消息要用它签名",
	"%s has none":                                           "%s 没有密钥",
	"to and from are for mail":                              "收件、发件地址只用于邮件",
	"is empty or too long":                                  "空着或太长",
	"write a member's id or phone number":                   "请写群成员账号或手机号",
	"copy it from the group's bot settings":                 "请从群机器人的设置里复制",
	"is no web address":                                     "不是网址",
	"write https://host/path as the bot's settings show it": "请照群机器人的设置写 https:// 开头的地址",
	"is not https":                                          "不是 https",
	"write https://":                                        "请写 https:// 开头的地址",
	"the host %q is not this kind's":                        "“%s”不是这种渠道的网址",
	"known: %v":                                             "可用的有：%s",
	"names no group":                                        "看不出是哪个群",
	"copy the whole address, with ?%s=…":                    "请复制整个地址，连同 ?%s=…",
	"has no path":                                           "地址不完整",
	"copy the whole address":                                "请复制整个地址",
	"mention is for bots":                                   "邮件不能提醒群成员",
	"list at least one mail address":                        "请至少写一个邮箱",
	"is no mail server":                                     "不是邮件服务器",
	"write smtps://login@host:465 or smtp://login@host:587, or leave url and secret out for the deployment's own": "请写 smtps://账号@主机:465 或 smtp://账号@主机:587；用本单位默认的，地址和密钥都空着",
	"holds a password":   "地址里有密码",
	"write it as secret": "密码请写在密钥里",
	"a login needs its password, and a password its login":       "账号和密码要一起写",
	"write url: smtps://login@host:465 and secret: the password": "地址写 smtps://账号@主机:465，密码写在密钥里",
	"is no plain mail address":                                   "不是邮箱地址",
	"write name@example.cn":                                      "请写成 name@example.cn",

	"the year must be written in full, such as 2027":                             "年份要写全，如 2027",
	"must list the days off of the State Council's notice":                       "请写放假通知里的放假日期",
	"%s is also listed under off; a day is one or the other":                     "%s 又放假又上班，请去掉一个",
	"%s is a %s, worked anyway; list only Saturdays and Sundays that are worked": "%s（%s）本来就上班；只写要上班的周六、周日",
	"%q is no date; write %d-01-01, or %d-01-01..%d-01-03 for several days":      "“%s”不是日期；请写 %s-01-01，几天写 %s-01-01..%s-01-03",
	"%s is outside %d and the December before it":                                "%s 不在 %s 年和上年 12 月之内",
	"%q ends before it begins":                                                   "“%s”的结束早于开始",
	"%q is longer than %d days; check the months":                                "“%s”长过 %s 天，请核对月份",

	"write %d to %d months":        "请写 %s 到 %s 个月",
	"write %d to %d years":         "请写 %s 到 %s 年",
	"%q is neither true nor false": "“%s”不是 true 或 false", "write true or false": "请写 true 或 false",
	"%q is no whole number": "“%s”不是整数", "write digits only": "只写数字",
	"the file has %d bytes": "文件有 %s 字节", "the file is empty": "文件是空的", "begin from the built-in one": "请从程序自带的改起",
	"the file is not UTF-8 text": "文件不是 UTF-8 文字", "save it with the encoding UTF-8": "请存成 UTF-8",
	"the file has a second document (a line ---)": "文件里有第二份（--- 一行）", "keep one": "请留一份", "keep one of them": "请留一个",
	"check colons, quotes and indentation here and in the line above; indent with spaces": "请查这一行和上一行的冒号、引号、缩进；缩进用空格",
	"not YAML: %s": "不是 YAML：%s", "given twice, first in line %d": "写了两次", "a field's name must be plain text": "项目名要用普通文字",
	"anchors and aliases (& and *) are not taken": "不能用 & 和 *", "write the value out": "请把值写全",
	"the tag %s is not taken": "不能用标记 %s", "write the plain value": "请直接写值", "this program reads version: %d": "程序读的是格式 %s",

	"write a number from %d to %d, or leave it out": "请写 %s 到 %s 之间的数，或不写", "%d is less than spotFilings, %d": "%s 小于 spotFilings 的 %s",
	"all spots together have more": "全部点位合起来应当更多", "%d is less than photos, %d": "%s 小于 photos 的 %s",
	"every photo takes a slot, and one more when it is retried": "每张照片要申请一次，重试再加一次",
	"write %d, one for each degree of suspicion, such as %v":    "请写 %s 项，每级可疑一项，如 %s",
	"%d is less than the %d before it":                          "%s 小于前一项 %s", "more suspicion never costs less": "越可疑，代价不应越小",
}
