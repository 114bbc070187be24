package phrase

// meetings is what is said of meetings: to programs, and to whoever plans one.
var meetings = map[string]Text{
	"problem.meeting-changed":    {"会议安排刚被别人修改，请重新读取后再改", "Somebody else changed the meeting; read it again"},
	"problem.not-planned":        {"这次会议还没有安排，请先保存时间、地点", "The meeting is not planned yet; store when and where first"},
	"problem.too-many-decisions": {"一次会议最多 99 条议定事项", "A meeting has 99 decisions at most"},
	"problem.no-decision":        {"没有这条议定事项", "There is no such decision"},
	"problem.no-paper":           {"没有这份材料", "There is no such paper"},
	"problem.month-to-come":      {"这个月还没有开始", "The month has not begun"},
	"field.month":                {"月份写作 2026-10", "Write a month as 2026-10"},
	"field.future":               {"日期须在以后", "The date must be yet to come"},

	"topic.late-decisions": {"以往议定事项 {n} 项逾期未落实", "Earlier decisions that are overdue: {n}"},
	"topic.open-decisions": {"以往议定事项 {n} 项正在办理", "Earlier decisions being worked on: {n}"},
	"topic.open-feedback":  {"监督员意见 {n} 条尚未办结", "Supervisors' feedback not dealt with yet: {n}"},
	"topic.repeated":       {"“{spot}”反复反映“{category}”，本月 {n} 件", "{category} at {spot}, raised {n} times this month"},
	"topic.section-late":   {"{section}逾期未办 {n} 件", "{section}: {n} overdue"},
	"topic.sent-back":      {"{section}退单 {n} 件", "{section}: {n} sent back"},
	"topic.reopened":       {"{section}重办 {n} 件", "{section}: {n} handled again"},
}
