package phrase

// push is what a phone is told of news, and what is said of subscriptions that are none.
var push = map[string]Text{
	"page.push.news":      {"您反映的事有新进展", "There is news of what you told us"},
	"page.push.news-text": {"编号 %s，点开凭查询码查看", "Number %s. Open it and enter your code"},
	"field.pushservice":   {"不是本系统认识的浏览器推送服务的地址", "Must be an address of a browser's push service that this desk knows"},
	"field.pushkeys":      {"密钥格式不对：p256dh 应为 65 字节的 P-256 公钥，auth 应为 16 字节，均为 base64url", "Keys are malformed: p256dh must be a P-256 public key of 65 bytes and auth 16 bytes, both in base64url"},
	"field.pushkey":       {"不是本系统的公钥，请重新订阅", "Is no public key of this desk: subscribe again"},
}

var pushJapanese = map[string]string{
	"page.push.news":      "お寄せいただいた件に進展があります",
	"page.push.news-text": "番号 %s。開いて照会コードを入力してください",
	"field.pushservice":   "当システムの知るブラウザ通知サービスのアドレスではありません",
	"field.pushkeys":      "鍵の形式が正しくありません。p256dh は 65 バイトの P-256 公開鍵、auth は 16 バイト（いずれも base64url）です",
	"field.pushkey":       "当システムの公開鍵ではありません。もう一度登録してください",
}

var pushKorean = map[string]string{
	"page.push.news":      "보내 주신 건에 새 소식이 있습니다",
	"page.push.news-text": "번호 %s. 열어서 조회 코드를 입력해 주십시오",
	"field.pushservice":   "이 시스템이 아는 브라우저 푸시 서비스의 주소가 아닙니다",
	"field.pushkeys":      "키 형식이 올바르지 않습니다. p256dh는 65바이트 P-256 공개 키, auth는 16바이트이며 모두 base64url입니다",
	"field.pushkey":       "이 시스템의 공개 키가 아닙니다. 다시 등록해 주십시오",
}
