package phrase

// push is what pages and phones say of news that a phone is told.
var push = map[string]Text{
	"page.push.title":     {"有进展时提醒这部手机", "Have this phone told of news"},
	"page.push.how":       {"不用留姓名电话。点下面的按钮，浏览器会问是否允许通知，请选“允许”。锁屏上只显示编号和“有新进展”，内容要凭查询码看。提醒经浏览器厂商的服务器加密转送，最长 180 天。", "No name or phone number is needed. Press the button; the browser then asks whether to allow notifications: choose “Allow”. The screen shows only the number and that there is news; what it is takes the code. The message goes, encrypted, through the server of your browser's maker, for 180 days at most."},
	"page.push.on":        {"提醒我", "Tell me"},
	"page.push.off":       {"不再提醒这部手机", "Tell this phone no more"},
	"page.push.done":      {"好了，有进展时会提醒这部手机。", "Done: this phone will be told when there is news."},
	"page.push.stopped":   {"已取消，不再提醒。", "Done: this phone is told no more."},
	"page.push.denied":    {"浏览器没有允许通知，没有开通提醒。可以在浏览器设置里允许本站通知后再试。", "The browser does not allow notifications, so nothing was set up. Allow them for this site in its settings and try again."},
	"page.push.failed":    {"没有开通提醒：连不上浏览器的推送服务或本站。请稍后再试，或把日期加入日历。", "This was not set up: the browser's push service or this site could not be reached. Try again later, or add the date to your calendar."},
	"page.push.news":      {"您反映的事有新进展", "There is news of what you told us"},
	"page.push.news-text": {"编号 %s，点开凭查询码查看", "Number %s. Open it and enter your code"},
	"field.pushservice":   {"不是本系统认识的浏览器推送服务的地址", "Must be an address of a browser's push service that this desk knows"},
	"field.pushkeys":      {"密钥格式不对：p256dh 应为 65 字节的 P-256 公钥，auth 应为 16 字节，均为 base64url", "Keys are malformed: p256dh must be a P-256 public key of 65 bytes and auth 16 bytes, both in base64url"},
	"field.pushkey":       {"不是本系统的公钥，请重新订阅", "Is no public key of this desk: subscribe again"},
}

var pushJapanese = map[string]string{
	"page.push.title":     "進展があればこの端末に通知",
	"page.push.how":       "お名前や電話番号は不要です。ボタンを押すとブラウザが通知の許可を求めますので、「許可」をお選びください。画面に出るのは番号と「進展あり」だけで、内容は照会コードで確認します。通知は暗号化され、ブラウザの提供元のサーバーを経由します（最長 180 日）。",
	"page.push.on":        "通知を受け取る",
	"page.push.off":       "この端末への通知をやめる",
	"page.push.done":      "設定しました。進展があればこの端末にお知らせします。",
	"page.push.stopped":   "通知をやめました。",
	"page.push.denied":    "ブラウザで通知が許可されていないため、設定していません。ブラウザの設定で当サイトの通知を許可して、もう一度お試しください。",
	"page.push.failed":    "設定できませんでした。ブラウザの通知サービスまたは当サイトに接続できません。しばらくしてからお試しいただくか、期日をカレンダーに追加してください。",
	"page.push.news":      "お寄せいただいた件に進展があります",
	"page.push.news-text": "番号 %s。開いて照会コードを入力してください",
	"field.pushservice":   "当システムの知るブラウザ通知サービスのアドレスではありません",
	"field.pushkeys":      "鍵の形式が正しくありません。p256dh は 65 バイトの P-256 公開鍵、auth は 16 バイト（いずれも base64url）です",
	"field.pushkey":       "当システムの公開鍵ではありません。もう一度登録してください",
}

var pushKorean = map[string]string{
	"page.push.title":     "진행 소식을 이 휴대폰으로 알림",
	"page.push.how":       "이름이나 전화번호는 필요 없습니다. 버튼을 누르면 브라우저가 알림 허용 여부를 묻습니다. ‘허용’을 선택해 주십시오. 화면에는 번호와 ‘새 소식’만 표시되고 내용은 조회 코드로 봅니다. 알림은 암호화되어 브라우저 제공사의 서버를 거치며, 최장 180일입니다.",
	"page.push.on":        "알림 받기",
	"page.push.off":       "이 휴대폰 알림 끄기",
	"page.push.done":      "설정했습니다. 새 소식이 있으면 이 휴대폰으로 알려 드립니다.",
	"page.push.stopped":   "알림을 껐습니다.",
	"page.push.denied":    "브라우저에서 알림이 허용되지 않아 설정하지 못했습니다. 브라우저 설정에서 이 사이트의 알림을 허용한 뒤 다시 시도해 주십시오.",
	"page.push.failed":    "설정하지 못했습니다. 브라우저의 푸시 서비스나 이 사이트에 연결할 수 없습니다. 잠시 후 다시 시도하거나 기한을 캘린더에 추가해 주십시오.",
	"page.push.news":      "보내 주신 건에 새 소식이 있습니다",
	"page.push.news-text": "번호 %s. 열어서 조회 코드를 입력해 주십시오",
	"field.pushservice":   "이 시스템이 아는 브라우저 푸시 서비스의 주소가 아닙니다",
	"field.pushkeys":      "키 형식이 올바르지 않습니다. p256dh는 65바이트 P-256 공개 키, auth는 16바이트이며 모두 base64url입니다",
	"field.pushkey":       "이 시스템의 공개 키가 아닙니다. 다시 등록해 주십시오",
}
