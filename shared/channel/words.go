package channel

import (
	"fmt"
	"time"
)

// words is all that a message says in one language.
type words struct {
	heading func(section string, n int) string
	papers  func(section string, n int) string // heading of news of nothing but papers
	more    func(n int) string
	repeat  string
	urgent  string
	due     func(t string) string
	overdue func(t string) string
	day     string // layout of a deadline
	dayYear string // the same, of another year
	openOne string
	openAll string
	read    string // the papers
	test    func(section string) string
	tested  string
	what    map[string]string
}

// Known says whether a message can tell what happened.
func Known(what string) bool {
	_, ok := chinese.what[what]
	return ok
}

// Every heading holds 工单 or "ticket": an operator whose bot wants a keyword (关键词) names that.
var chinese = words{
	heading: func(section string, n int) string { return fmt.Sprintf("%s：%d 条工单动态", section, n) },
	papers: func(section string, n int) string {
		return fmt.Sprintf("%s：%d 份座谈会材料（工单月度统计）", section, n)
	},
	more:    func(n int) string { return fmt.Sprintf("另有 %d 件", n) },
	repeat:  "这条消息可能已经发过：上次发送中断，未能确认是否送达。",
	urgent:  "加急",
	due:     func(t string) string { return "期限 " + t },
	overdue: func(t string) string { return "已逾期 " + t },
	day:     "1月2日 15:04",
	dayYear: "2006年1月2日 15:04",
	openOne: "查看工单",
	openAll: "打开工单列表",
	read:    "查看座谈会材料",
	test:    func(section string) string { return section + "：工单通知测试" },
	tested:  "这是一条测试消息，不涉及任何工单。看到它，说明今后的通知能送到这里。",
	what: map[string]string{
		"filed": "新工单", "assigned": "派单", "transferred": "转派", "signed": "已签收", "claimed": "已认领",
		"handed": "已移交", "handed-over": "已移交", "noted": "新备注", "asked": "待游客补充", "supplied": "游客已补充",
		"message": "游客留言", "messaged": "游客留言", "answered": "已答复", "approved": "审核通过", "rejected": "审核退回",
		"returned": "申请退单", "upheld": "退单成立", "denied": "退单驳回", "dated": "期限已定", "extended": "已延期", "declined": "不予受理",
		"referred": "转外部", "withdrawn": "游客撤回", "urged": "催办", "overseen": "督办", "reminded": "到期提醒",
		"escalated": "超期升级", "rated": "游客评价", "reopened": "重新办理", "closed": "办结", "closed-silent": "逾期未评，办结",
		"contact-changed": "游客更改联系方式", "contact-deleted": "游客删除联系方式",
		"closed-rated": "评价后办结", "published": "已公开", "unpublished": "已撤下公开",
		"linked": "并案", "unlinked": "撤销并案", "erased": "到期删除", "papers-made": "座谈会材料已生成",
	},
}

var english = words{
	heading: func(section string, n int) string {
		if n == 1 {
			return section + ": 1 ticket update"
		}
		return fmt.Sprintf("%s: %d ticket updates", section, n)
	},
	papers: func(section string, n int) string {
		if n == 1 {
			return section + ": papers of a meeting (ticket figures of the month)"
		}
		return fmt.Sprintf("%s: papers of %d meetings (ticket figures of each month)", section, n)
	},
	more:    func(n int) string { return fmt.Sprintf("and %d more", n) },
	repeat:  "You may have had this message before: sending was interrupted, and whether it arrived is not known.",
	urgent:  "urgent",
	due:     func(t string) string { return "due " + t },
	overdue: func(t string) string { return "overdue since " + t },
	day:     "2 Jan 15:04",
	dayYear: "2 Jan 2006 15:04",
	openOne: "Open the ticket",
	openAll: "Open the queue",
	read:    "Read the papers",
	test:    func(section string) string { return section + ": test of ticket news" },
	tested:  "This is a test message and tells of no ticket. That you see it means that news arrives here.",
	what: map[string]string{
		"filed": "New ticket", "assigned": "Assigned", "transferred": "Transferred", "signed": "Signed for", "claimed": "Claimed",
		"handed": "Handed over", "handed-over": "Handed over", "noted": "New note", "asked": "Visitor asked", "supplied": "Visitor supplied more",
		"message": "Visitor wrote", "messaged": "Visitor wrote", "answered": "Answered", "approved": "Approved", "rejected": "Sent back by review",
		"returned": "Return asked for", "upheld": "Return upheld", "denied": "Return denied", "dated": "Deadline set", "extended": "Extended", "declined": "Declined",
		"referred": "Referred outside", "withdrawn": "Withdrawn by visitor", "urged": "Urged", "overseen": "Under supervision", "reminded": "Due soon",
		"escalated": "Escalated", "rated": "Rated by visitor", "reopened": "Reopened", "closed": "Closed", "closed-silent": "Closed without a rating",
		"contact-changed": "Visitor changed their contact", "contact-deleted": "Visitor deleted their contact",
		"closed-rated": "Closed after rating", "published": "Published", "unpublished": "No longer published",
		"linked": "Linked", "unlinked": "Unlinked", "erased": "Erased", "papers-made": "Papers are ready",
	},
}

// beijing is the zone of every deadline: the whole country keeps it.
var beijing = time.FixedZone("UTC+8", 8*60*60)

// deadline says when a ticket is due, and whether that has passed.
func (w *words) deadline(due, now time.Time) (text string, passed bool) {
	due, now = due.In(beijing), now.In(beijing)
	layout := w.day
	if due.Year() != now.Year() {
		layout = w.dayYear
	}
	if due.Before(now) {
		return w.overdue(due.Format(layout)), true
	}
	return w.due(due.Format(layout)), false
}
