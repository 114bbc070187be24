package phrase

import (
	"maps"
	"strings"
)

// SupervisePage gives every text the supervisors' page needs, by its key: its own, what the desk's page lends it, and the
// catalogue's names of the field's things. It is a new map each time.
func SupervisePage() map[string]Text {
	texts := map[string]Text{}
	for _, part := range []map[string]Text{catalogue, deskPage} {
		maps.Copy(texts, part)
	}
	maps.DeleteFunc(texts, func(key string, _ Text) bool {
		group, _, _ := strings.Cut(key, ".")
		return !lentGroups[group]
	})
	maps.Copy(texts, supervisePage)
	maps.Copy(texts, meetingPage)
	return texts
}

// lentGroups are the groups of other pages' texts that this page shows.
var lentGroups = map[string]bool{"in": true, "pw": true, "net": true, "nav": true}

// supervisePage is what the supervisors' page says.
var supervisePage = map[string]Text{
	"sup.site":  {"政务公开监督员", "Supervisors"},
	"nav.desk":  {"工单台", "Desk"},
	"tab.file":  {"提意见", "Give feedback"},
	"tab.cases": {"案件", "Cases"},

	"mine.none":    {"您还没有提过意见。", "You have filed none yet."},
	"mine.back":    {"返回我的意见", "Back to my feedback"},
	"cases.none":   {"没有符合条件的案件。", "No case matches."},
	"cases.hint":   {"不含姓名、电话和未公开的内容。", "Without names, phones and anything unpublished."},
	"cases.days":   {"%s 个工作日", "%s working days"},
	"cases.about":  {"对这件提意见", "Give feedback on it"},
	"do.comment":   {"补充说明", "Say more"},
	"do.unsettled": {"未解决，要求重办", "Not settled"},

	"sup.about": {"对什么提意见", "About"}, "sup.section": {"科室", "Section"}, "sup.number": {"案件编号", "Case number"}, "sup.text": {"意见内容", "Your feedback"},
	"sup.what.section": {"科室", "A section"}, "sup.what.spot": {"地点", "A place"}, "sup.what.ticket": {"一件案件", "A case"}, "sup.what.openness": {"信息公开", "Openness of information"},
	"sup.text.comment": {"要补充的内容", "What you want to add"}, "sup.text.unsettled": {"哪里没有解决", "What is not settled"},
	"sup.private": {"请勿写电话、身份证号、车牌和姓名。", "Please write no phone, identity card or plate numbers and no names."},
	"sup.send":    {"提交", "Send"}, "sup.sent": {"已提交。", "Sent."}, "sup.more": {"继续列出", "Show more"}, "sup.late": {"已逾期", "Overdue"},
	"sup.answerBy": {"答复期限", "Answer by"}, "sup.outcome": {"结论", "Outcome"}, "sup.steps": {"办理过程", "Progress"}, "sup.erased": {"（内容已到期删除）", "(Deleted when its time was over)"},
	"sup.any": {"全部", "All"}, "sup.open": {"办理中", "Open"}, "sup.ended": {"已答复、已办结", "Answered or closed"}, "sup.state": {"状态", "State"}, "sup.month": {"提交月份", "Filed in"},

	"tab.mine": {"我的意见", "My feedback"},
}
