// Package channel sends a section's news to its chat group, to a program of its own, or by mail.
//
// It knows no ticket and no office: the caller names what happened with identifiers and with
// names that the office chose. News has no field that could hold a visitor's name, phone or
// words, so none can leave by this way. A burst for one section becomes one message, the most
// pressing first; what does not fit is counted.
//
// # What each product wants
//
//	           address                                    signature                        takes
//	WeCom      qyapi.weixin.qq.com/cgi-bin/webhook/send   none: the key in the URL         20 a minute; markdown 4096 bytes, text 2048
//	DingTalk   oapi.dingtalk.com/robot/send               in the query, milliseconds (加签) 20 a minute, then silent for 10 minutes; about 20 KB
//	Feishu     open.feishu.cn/open-apis/bot/v2/hook/ID    in the body, seconds (签名校验)    100 a minute and 5 a second; body 20 KB
//	webhook    any origin on the list                     in headers, seconds, required    600 a minute (ours)
//	mail       smtp://[login@]host:port or smtps://…      none: login over TLS             60 a minute (ours)
//
// Sources: WeCom, developer.work.weixin.qq.com/document/path/99110 (size, rate, types of
// message; markdown calls user ids only, so whoever wants "all" or mobile numbers gets plain
// text). DingTalk, open.dingtalk.com, custom robots: security settings and error codes; its size
// and the code 130101 are what users report. Feishu, open.feishu.cn, custom bot usage guide:
// size, rate, codes 9499, 19001 to 19024 and 11232, and the advice to keep away from full and
// half hours (Avoid).
//
// A bot that checks a keyword (关键词) gets one: 工单 is in every Chinese message, "ticket" in
// every English one. Bots that check the caller's address (IP) do not suit functions, whose
// address changes.
//
// # A webhook's request
//
// POST of a JSON document {v, section, sectionName, repeat, url, items: [{event, ticket, seq,
// what, whatName, state, kind, kindName, category, categoryName, spot, spotName, urgent, dueAt,
// at, url}]}, v being 1. Headers: Content-Type application/json; charset=utf-8,
// X-Steledesk-Timestamp (Unix seconds), X-Steledesk-Signature (v1= and the hexadecimal
// HMAC-SHA256 of timestamp, a dot and the body, keyed with the secret) and Idempotency-Key (the
// first item's event). Any 2xx is success. A message that was interrupted comes again, perhaps
// with more items: a receiver that must not count twice looks at each item's event.
//
// # Safety
//
// Addresses are held against the allowed origins before anything is dialled; redirects, proxies
// and cookies are not used. Names are disarmed (see plain) rather than escaped, because no
// product documents how it reads a backslash. Addresses, keys and passwords show up in no error.
package channel
