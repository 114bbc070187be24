package main

func steledesk() command {
	return command{
		name: "steledesk", what: "the operator's tool of the complaint desk (投诉与意见处理台)",
		help: `
Works on the stack that the usual AWS settings lead to (AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL, ...), or,
with --local, on the one that make run started on this machine. STELEDESK_STACK names the stack for all calls.
Exit codes: 0 done, 1 problems were found or something failed, 2 the command line is wrong.`,
		examples: `
$ steledesk secret init                     # once, before the first deployment
$ steledesk office apply office.yaml        # give the desk its sections, deadlines and channels
$ steledesk account add --help                # let people in to the desk
$ steledesk ticket show WX-7K3FQ2MK         # what became of a ticket
$ steledesk verify --month 2026-11          # was anything changed behind the desk's back?
$ steledesk digest --month 2026-10           # the papers of the meeting failed, or were wrong
$ steledesk replay --dry-run                # an alarm said that a section was not told
$ steledesk --local office show             # the same on this machine`,
		below: []command{officeCommand(), accountCommand(), secretCommand(), ticketCommand(), verifyCommand(), receiptCommand(), replayCommand(), canaryCommand(), digestCommand(), annualCommand(), exportCommand(), importCommand(), postersCommand(), demoCommand(), versionCommand()},
	}
}
