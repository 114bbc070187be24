package phrase

// channelFaults is what came of a test message, for whoever looks after the channel.
var channelFaults = map[string]Text{
	"channel.sent":        {"测试消息已送达，请到群里或邮箱里看一眼", "The test message was taken; have a look in the group or mailbox"},
	"channel.key":         {"机器人地址不对，或机器人已被移出群。请到群设置里重新复制机器人的地址", "The bot's address is wrong, or the bot was removed from its group. Copy its address from the group's settings again"},
	"channel.off":         {"机器人已停用，请到群设置里启用", "The bot is switched off; switch it on in the group's settings"},
	"channel.secret":      {"签名校验没有通过：请核对密钥（加签）是否与机器人安全设置里的一致", "The signature was not accepted: compare the secret with the bot's security settings"},
	"channel.keyword":     {"机器人设了关键词，消息里没有这个词。请把关键词改成“工单”，每条消息里都有", "The bot wants a keyword that is not in the message. Name 工单 or ticket: one of them is in every message"},
	"channel.ip":          {"机器人只收白名单地址发来的消息，而本系统的地址不固定。请改用加签（签名校验）", "The bot takes messages from listed addresses only, and ours change. Use its signature check instead"},
	"channel.host":        {"系统没有获准访问这个地址。请管理员把它加进部署参数 ChannelHosts（邮件为 MailHosts）", "The desk may not call this host. The operator adds it to the parameter ChannelHosts (MailHosts for mail)"},
	"channel.rate":        {"刚才发得太密，对方暂时不收。请过几分钟再试", "Too many messages just now; try again in a few minutes"},
	"channel.certificate": {"对方服务器的证书不可信，消息没有发出。请管理员检查", "The server cannot prove who it is, so nothing was sent. The operator should look at its certificate"},
	"channel.login":       {"邮件服务器不接受账号或密码（授权码）。请核对发件地址和密码", "The mail server does not accept login and password. Compare from and secret with the mailbox"},
	"channel.blocked":     {"消息里有被对方拦截的词或链接。请管理员检查", "A word or link in the message is blocked. The operator should look"},
	"channel.silent":      {"没有收到对方的回音，消息可能送到了，也可能没有。请检查地址，稍后再试", "Nobody answered; the message may have arrived or not. Check the address and try again later"},
	"channel.refused":     {"对方拒收这条消息。请把下面的原话转给管理员", "The message was refused. Tell the operator what is said below"},
	"channel.failing":     {"暂时发不出去，请稍后再试", "It cannot be sent just now; try again later"},

	"problem.no-channel": {"没有这个通知渠道，请先保存再测试", "There is no such channel; save it before you test it"},
}
