package phrase

import (
	"maps"
	"strings"
)

// DeskPage gives every text the staff's page needs, by its key: its own, and the catalogue's names
// of the field's things. It is a new map each time.
func DeskPage() map[string]Text {
	texts := map[string]Text{}
	for _, part := range []map[string]Text{catalogue, pages, deskPage, deskCommands, deskOverview, deskLinks} { // its own come last
		maps.Copy(texts, part)
	}
	maps.DeleteFunc(texts, func(key string, _ Text) bool { return !onDeskPage(key) })
	return texts
}

func onDeskPage(key string) bool {
	for _, own := range []map[string]Text{deskPage, deskCommands, deskOverview, deskLinks} {
		if _, is := own[key]; is {
			return true
		}
	}
	group, _, _ := strings.Cut(key, ".")
	return deskGroups[group]
}

// deskGroups are the groups of the catalogue that the page shows names of.
var deskGroups = map[string]bool{"kind": true, "state": true, "outcome": true, "solved": true, "level": true}

// deskPage is what the staff's page says. A state is called here as staff call it.
var deskPage = map[string]Text{
	"site":         {"办理台", "Desk"},
	"nav.queue":    {"待办", "Queue"},
	"nav.board":    {"总览", "Overview"},
	"nav.meetings": {"座谈会", "Meetings"},
	"nav.office":   {"设置", "Settings"},
	"nav.language": {"English", "中文"}, // names the other language in that language
	"nav.password": {"修改密码", "Change password"},
	"nav.help":     {"键盘快捷键", "Keyboard shortcuts"},
	"nav.out":      {"退出登录", "Sign out"},

	"nav.out.drafts": {"还有 %s 份没有提交的草稿，退出后会从这台设备上删除。确定退出？", "%s drafts were not sent. Signing out deletes them from this device. Sign out?"},

	"net.offline": {"网络不通，正在自动重试。您写的内容保存在这台设备上。", "No connection; trying again. What you write is kept on this device."},
	"net.lost":    {"网络不通，没有收到回音。", "No connection: no answer came."},
	"net.failed":  {"系统暂时没有回应（%s），请稍后再试。", "The desk does not answer just now (%s); please try again shortly."},

	"in.title":    {"登录", "Sign in"},
	"in.login":    {"账号", "Login"},
	"in.password": {"密码", "Password"},
	"in.button":   {"登录", "Sign in"},
	"in.out":      {"已退出登录。", "You are signed out."},
	"in.ended":    {"登录已过期，请重新登录；没有提交的内容还在。", "Your session is over; please sign in again. What you had not sent is still here."},
	"pw.title":    {"修改密码", "Change password"},
	"pw.intro":    {"修改后，其他设备上的登录会失效。", "Other devices will be signed out."},
	"pw.must":     {"请先换一个只有您自己知道的密码。", "First choose a password that only you know."},
	"pw.old":      {"现在的密码", "Current password"},
	"pw.new":      {"新密码", "New password"},
	"pw.again":    {"再输一遍新密码", "New password again"},
	"pw.rule":     {"至少 10 个字符，不能是账号，也不能是常见密码。", "At least 10 characters; not your login and not a common password."},
	"pw.button":   {"保存新密码", "Save new password"},
	"pw.differ":   {"两次输入的新密码不一样。", "The two new passwords differ."},
	"pw.done":     {"密码已修改。", "Your password was changed."},

	"queue.title":   {"待办", "Queue"},
	"queue.counts":  {"按数量筛选", "Show by count"},
	"queue.more":    {"继续列出", "Show more"},
	"queue.end":     {"已全部列出", "That is all"},
	"queue.none":    {"没有符合条件的工单", "No ticket matches"},
	"queue.empty":   {"没有要办的工单", "Nothing to do"},
	"queue.arrived": {"列表中新到 %s 件", "%s new in the list"},
	"queue.answer":  {"答复期限", "Answer by"},
	"queue.sign":    {"签收期限", "Sign by"},
	"queue.mine":    {"我经办", "Mine"},
	"queue.no-gist": {"（没有文字）", "(no text)"},
	"count.open":    {"未办结", "Open"}, "count.unsigned": {"待签收", "To sign"}, "count.dueToday": {"今日到期", "Due today"},
	"count.overdue": {"已逾期", "Overdue"}, "count.urgent": {"紧急", "Urgent"},
	"due.urgent": {"紧急", "Urgent"}, "due.overdue": {"已逾期", "Overdue"}, "due.today": {"今日到期", "Due today"},
	"due.soon": {"即将到期", "Due soon"}, "due.later": {"期限内", "In time"}, "due.paused": {"计时暂停", "Clock stopped"},
	"due.none":   {"无期限", "No date"},
	"mark.urged": {"已催办", "Urged"}, "mark.overseen": {"督办", "Overseen"}, "mark.round": {"第 %s 次办理", "Round %s"},

	"filter.title":    {"筛选", "Filter"},
	"filter.q":        {"搜索编号或内容", "Search number or words"},
	"filter.hint":     {"编号或内容", "Number or words"},
	"filter.find":     {"搜索", "Search"},
	"filter.any":      {"全部", "All"},
	"filter.section":  {"科室", "Section"},
	"filter.state":    {"状态", "State"},
	"filter.kind":     {"类型", "Kind"},
	"filter.category": {"分类", "Category"},
	"filter.spot":     {"地点", "Place"},
	"filter.due":      {"期限", "Due"}, "filter.due.overdue": {"已逾期", "Overdue"}, "filter.due.today": {"今日到期", "Today"}, "filter.due.week": {"7 天内到期", "Within a week"},
	"filter.urgent": {"只看紧急", "Urgent only"},
	"filter.mine":   {"只看我经办的", "Mine only"},
	"filter.ended":  {"看已办结的", "Ended ones"},
	"filter.clear":  {"清除筛选", "Clear filters"},

	"key.down": {"下一件", "Next ticket"}, "key.up": {"上一件", "Previous ticket"}, "key.open": {"打开", "Open"}, "key.search": {"搜索", "Search"},
	"key.back": {"关闭表单，返回列表", "Close the form, back to the list"}, "key.help": {"本说明", "This help"},

	"ticket.loading":     {"正在读取…", "Loading…"},
	"ticket.back":        {"返回列表", "Back to the list"},
	"ticket.choose":      {"从左边的列表中选一件。按 ? 看键盘快捷键。", "Choose a ticket from the list. Press ? for keyboard shortcuts."},
	"ticket.unknown":     {"没有这件工单，或者不在您的职责范围内。", "There is no such ticket, or it is not yours to see."},
	"ticket.news":        {"这件工单刚有新进展，已显示在下面。", "Something new happened to this ticket; it is shown below."},
	"ticket.faster":      {"有人先一步办理了这件工单，页面已更新。请看过新进展再决定；您写的内容还在。", "Somebody was faster, and the page was reloaded. Please look at what is new and decide again; your text is kept."},
	"ticket.steps":       {"办理过程", "What has been done"},
	"ticket.another":     {"来件人要求重办。上一轮由您办理，这一轮请由同事签收，也可以转给同事。", "The visitor wants it handled again, and you handled it before: a colleague signs for it this time, or hand it over to one."},
	"ticket.wish":        {"希望：", "Wish: "},
	"photo.name":         {"照片 %s", "Photo %s"},
	"photo.open":         {"照片 %s，点击放大", "Photo %s, open large"},
	"photo.close":        {"关闭", "Close"},
	"ticket.erased":      {"（内容已到期删除）", "(The text was deleted when its time was over)"},
	"ticket.you":         {"我", "you"},
	"ticket.urged":       {"催办 %s 次", "urged %s×"},
	"ticket.overseen":    {"督办 %s 次", "overseen %s×"},
	"ticket.published":   {"已公开", "Published"},
	"ticket.publishable": {"来件人同意公开", "The visitor agrees"},
	"ticket.private":     {"来件人未同意公开", "The visitor did not agree"},
	"ticket.handler":     {"经办：%s", "handler %s"},
	"ticket.days":        {"延长 %s 个工作日", "%s working days more"},
	"fact.happenedAt":    {"发生时间", "Happened"},
	"fact.section":       {"承办科室", "Section"}, "fact.handler": {"经办人", "Handler"}, "fact.answerBy": {"答复期限", "Answer by"},
	"fact.signBy": {"签收期限", "Sign by"}, "fact.returnBy": {"退单期限", "Send back by"}, "fact.category": {"分类", "Category"},
	"fact.spot": {"地点", "Place"}, "fact.filedAt": {"提交时间", "Filed"}, "fact.outcome": {"结论", "Outcome"}, "fact.rating": {"来件人评价", "Rating"},
	"fact.round": {"重办", "Reopened"}, "fact.pressed": {"催督办", "Urged, overseen"}, "fact.public": {"公开", "Publication"},
	"contact.title":   {"联系方式", "Contact"},
	"contact.none":    {"匿名，没有留下联系方式", "None: filed anonymously"},
	"contact.gone":    {"没有，或已到期删除", "None, or deleted when its time was over"},
	"contact.reveal":  {"查看完整信息", "Show in full"},
	"contact.reason":  {"查看的理由", "Why do you need it?"},
	"contact.audited": {"谁、何时、为什么查看，都会记录备查。", "Who looked, when and why is recorded."},
	"role.visitor":    {"来件人", "Visitor"}, "role.section": {"科室", "Section"}, "role.office": {"办公室", "Office"},
	"role.discipline": {"纪检", "Discipline"}, "role.leader": {"领导", "Leader"}, "role.supervisor": {"监督员", "Supervisor"}, "role.clock": {"系统", "System"},
	"state.assigned": {"待签收", "To sign"},
	"state.waiting":  {"待补充", "Waiting"},
	"state.returned": {"退单待裁", "Sent back"},
	"state.triage":   {"待派单", "To assign"},
	"state.review":   {"待审核", "To approve"},

	"board.title":    {"总览", "Overview"},
	"board.triage":   {"没有归属，请派给科室。", "Nobody's yet: assign them to a section."},
	"board.returned": {"科室退回，请裁定。", "Sent back by a section: decide."},
	"board.review":   {"答复等待审核。", "Answers wait for approval."},
	"board.nothing":  {"没有", "None"},
	"board.all":      {"全部", "Show all"},
	"board.sections": {"各科室", "Sections"},

	"form.title":     {"可以做的事", "What you can do"},
	"form.nothing":   {"现在没有您可以做的操作。", "There is nothing for you to do here now."},
	"form.optional":  {"（可不填）", " (optional)"},
	"form.choose":    {"请选择", "Please choose"},
	"form.cancel":    {"收起", "Close"},
	"form.close":     {"关闭", "Close"},
	"form.kept":      {"草稿已保存在这台设备上", "Draft kept on this device"},
	"form.unkept":    {"这台设备存不下草稿", "This device cannot keep drafts"},
	"form.restored":  {"已恢复上次的草稿", "Your draft is back"},
	"form.safe":      {"您写的内容还在，请稍后再按一次；不会重复办理。", " Your text is kept; please press again in a moment. It will not be done twice."},
	"form.gone":      {"现在不能再“%s”。您写的内容：", "“%s” is not possible any more. What you wrote:"},
	"form.wrong":     {"%s：", "%s: "},
	"form.inserted":  {"已插入模板，请修改后再提交", "The template was put in; please complete it"},
	"field.section":  {"派给", "Give it to"},
	"field.outcome":  {"结论", "Outcome"},
	"field.days":     {"延长几个工作日", "How many working days more?"},
	"field.reason":   {"不予受理的情形", "On what ground?"},
	"field.to":       {"转给哪个单位", "To which body?"},
	"field.handler":  {"接手人的账号", "Login of who takes over"},
	"field.template": {"插入答复模板", "Put in a template"},

	"field.section.triage": {"退回待派单", "Back to be assigned"},
	"field.to.hint":        {"如：县市场监督管理局、12345 热线", "Such as the county's market authority, or the 12345 hotline"},
	"field.handler.hint":   {"同科室的账号", "An account of the same section"},

	"reason.not-ours":  {"不属于本单位职责", "Not within our remit"},
	"reason.elsewhere": {"法院、仲裁或其他机关正在办理", "Before a court, arbitration or another body"},
	"reason.decided":   {"已经办结，没有新的事实", "Decided before, and nothing new"},
	"reason.too-old":   {"已超过规定时限", "Too long ago"},
	"reason.duplicate": {"与正在办理的另一件重复", "The same as one being handled"},
	"reason.other":     {"其他", "Other"},
}
