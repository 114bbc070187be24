package phrase

// officeWarnings is what the office is told when it changes its data.
var officeWarnings = map[string]Text{
	"warning.section-without-queue": {
		"%[1]s还没有自己的消息队列，先由办公室的队列代收。请管理员运行：sam deploy --parameter-overrides SectionIds=%[2]s",
		"%[1]s has no queue of its own yet and is served from the office's. The operator adds it: sam deploy --parameter-overrides SectionIds=%[2]s",
	},
	"warning.holidays-missing": {
		"还没有 %d 年的节假日安排：期限跨入该年的工单暂时没有到期日。请按国务院办公厅的通知补上",
		"The holidays of %d are missing: tickets whose time reaches into it have no deadline yet. Add the State Council's notice",
	},
	"warning.section-in-use":  {"%s还有 %d 件未办结，请先转给别的科室再删除", "%s still has open tickets (%d); transfer them to another section first"},
	"warning.category-in-use": {"未办结的工单中有 %[2]d 件属于“%[1]s”，删除后这些工单只显示它的代号", "“%[1]s” is named by open tickets (%[2]d); they will show its id only"},
	"warning.spot-in-use":     {"未办结的工单中有 %[2]d 件在“%[1]s”，删除后这些工单只显示它的代号", "“%[1]s” is named by open tickets (%[2]d); they will show its id only"},
	"warning.section-untold":  {"%s从此没有通知渠道：有了新件没有人通知，只能自己到办理台查看", "%s has no channel any more: nobody is told of news, it must look at the desk"},

	"warning.channel-unusable": {"这个渠道用不了：%s", "This channel cannot be used: %s"},

	"problem.office-right":   {"；", "; "}, // between what is wrong in the office data and what would be right
	"problem.section-in-use": {"要删除的科室还有未办结的工单，没有保存", "A section that goes still has open tickets; nothing was saved"},
}
