package phrase

// about is the notice of what becomes of what people write, which the law wants easy to find and to understand
// (个人信息保护法 article 17). A line that begins with "- " is a point of a list. In page.about.who.text the places
// are the office's name, its address and its phones; in page.about.kept.text the months that contacts are kept, and the
// years that words and photos are.
var about = map[string]Text{
	"page.about":       {"隐私与帮助", "Privacy and help"},
	"page.about.title": {"隐私说明与其他渠道", "Privacy, and other ways to reach us"},
	"page.about.intro": {"您写的内容由谁处理、给谁看、存多久，您有哪些权利；不想在网上写，还有哪些办法。", "Who handles what you write, who reads it, how long it is kept and what your rights are; and what you can do instead of writing here."},
	"page.about.and":   {"；", "; "},

	"page.about.who":      {"由谁处理", "Who handles it"},
	"page.about.who.text": {"%s\n地址：%s\n电话：%s\n受理、派单和答复由本处政务公开办公室负责，有关个人信息的问题也请找它。", "%s\nAddress: %s\nPhone: %s\nOur Open Affairs Office takes in matters, assigns them and sees to the answers. Ask it, too, about anything that concerns your personal data."},

	"page.about.what":      {"收集什么", "What we collect"},
	"page.about.what.text": {"- 您写的内容、选的类型和地点、上传的照片，以及提交的时间。\n- 您愿意留下的称呼和电话。可以不留，照样办理。\n- 不要身份证号，不用手机定位，不要求登录，不采集设备信息。", "- What you write, the kind and place you choose, the photos you add, and the time you send it.\n- A name and a phone number, if you wish to leave them. Your matter is handled all the same without.\n- No identity number, no position from your phone, no account, nothing about your device."},

	"page.about.why":      {"为什么收集", "What it is for"},
	"page.about.why.text": {"只用来办理您反映的事：核实、答复、改进工作，并按规定统计。这是本处履行法定职责（《个人信息保护法》第十三条第一款第三项）；公开办理结果须取得您的单独同意，不勾选就不公开。", "Only to handle what you tell us: to look into it, to answer, to improve our work, and for the statistics we must keep. This is part of our duties by law (Personal Information Protection Law, article 13(1)(3)). An outcome is published only with your separate consent; without it, nothing is."},

	"page.about.readers":      {"谁能看到", "Who can read it"},
	"page.about.readers.text": {"- 承办科室和政务公开办公室的办理人员。\n- 电话默认隐去中间几位；查看全号要写明理由，并留下记录。\n- 工作群里的提醒只有编号和期限，没有您的姓名、电话和内容。\n- 不提供给第三方；您的事要转给其他单位办理时，会写在进度里。", "- Those who handle it in the responsible section and in the Open Affairs Office.\n- Phone numbers are shown with digits hidden; seeing the whole number takes a reason and is recorded.\n- Messages in our work groups carry the number and the date, never your name, phone or words.\n- No third party gets anything. Where another body must handle your matter, its page says so."},

	"page.about.kept":      {"保存多久", "How long it is kept"},
	"page.about.kept.text": {"- 称呼和电话加密存放，办结后满保存期（%d 个月）自动删除；您也可以随时自己删除。\n- 往来的文字和照片按档案规定在办结后保存 %d 年，到期自动删除，不能恢复；之后只留下何时由哪个科室办了什么，不再有内容。\n- 没有用上的照片，7 天后自动删除。", "- Name and phone are stored encrypted and deleted by themselves when their time after closing is over (%d months). You can delete them yourself at any time.\n- What was written and photographed is kept for %d years after closing, as the rules for records require, then deleted by itself for good. What is left says what was done when and by which section, and nothing of what it was about.\n- Photos that were not used are deleted by themselves after 7 days."},

	"page.about.rights":      {"您的权利", "Your rights"},
	"page.about.rights.text": {"凭编号和查询码，您可以随时：\n- 查看全部内容和每一步办理；\n- 更正或删除联系方式；\n- 补充、撤回；\n- 评价，要求换人重办。\n认为个人信息处理不当的，可以打上面的电话或 12345 投诉。", "With your number and code you can at any time:\n- read all of it and every step;\n- correct or delete how to reach you;\n- add to it, or withdraw it;\n- rate the answer and have it handled again by somebody else.\nIf you think your data is handled wrongly, complain at the numbers above or at 12345."},

	"page.about.phone":      {"手机上存什么", "What is stored on your phone"},
	"page.about.phone.text": {"- 您选的语言和字号（Cookie）。\n- 没有写完的草稿，和没有信号时等待发送的内容、照片，只在这部手机上，发出后即清除。\n- 从这部手机提交过的编号（加密的 Cookie），方便您找回；可以随时让手机忘掉。和别人共用手机时请记得清除。\n- 您要求有进展时提醒的：浏览器推送服务的地址，由本处加密保存，最长 180 天，可以随时取消。推送服务只知道有一条提醒，看不到内容。", "- The language and type size you chose (cookies).\n- A draft you have not finished, and what waits to be sent for lack of signal, with its photos: on this phone only, and cleared once sent.\n- The numbers filed from this phone (an encrypted cookie), so that you find them again. You can have the phone forget them at any time; please do so on a phone you share.\n- If you ask to be told of news: your browser's address at its push service, which we store encrypted, for 180 days at most; you can end it at any time. The push service learns that there is a message, not what it says."},

	"page.about.photos":      {"照片", "Photos"},
	"page.about.photos.text": {"照片先去掉拍摄地点、设备等信息，再给办理人员看；原图随即删除。请尽量不要拍到无关的人脸和车牌。", "The place, device and other details stored in a photo are removed before anyone sees it, and the original is deleted at once. Please keep faces and number plates of others out of the picture."},

	"page.about.report":      {"举报怎么处理", "How reports of misconduct are treated"},
	"page.about.report.text": {"举报只由纪检人员受理和查看，不转给被举报的人和科室，不进统计、不公开，工作群里也不出现内容。可以匿名；留下联系方式便于核实。", "A report goes to the discipline office alone. It is never passed to the person or section it is about, is in no list, no statistics and nothing that is published. You may stay anonymous; a way to reach you helps to look into it."},

	"page.about.young":      {"未满 14 岁", "Under 14"},
	"page.about.young.text": {"请由父母或监护人代为提交。", "Please have a parent or guardian send it for you."},

	"page.about.else":      {"不用手机写，也可以", "Other ways"},
	"page.about.else.text": {"- 打页面下方的电话，或全国政务服务便民热线 12345。\n- 到游客中心，请工作人员代填。\n- 写在现场意见簿上，由工作人员录入，同样有编号和查询码。\n- 有人受伤、遇险，请直接打 110、119、120。", "- Call the numbers at the foot of this page, or the public service line 12345.\n- Come to the visitor centre; somebody will fill in the form for you.\n- Write it in the visitors' book on site. Staff enter it, and you get a number and a code as well.\n- If somebody is hurt or in danger, call 110, 119 or 120."},
}

var aboutJapanese = map[string]string{
	"page.about":              "ご案内",
	"page.about.title":        "個人情報の取り扱いと、そのほかの窓口",
	"page.about.intro":        "お書きいただいた内容を誰が扱い、誰が読み、どれだけ保存するか、どのような権利があるか、このページ以外にどのような方法があるかをご説明します。",
	"page.about.and":          "、",
	"page.about.who":          "取り扱う者",
	"page.about.who.text":     "%s\n所在地：%s\n電話：%s\n受付、担当の割り当て、回答は当処の政務公開弁公室が責任を負います。個人情報についてのお問い合わせもこちらへお寄せください。",
	"page.about.what":         "収集するもの",
	"page.about.what.text":    "- お書きいただいた内容、選ばれた種類と場所、添付された写真、送信の日時。\n- お名前と電話番号（任意）。ご記入がなくても同じように対応します。\n- 身分証番号、端末の位置情報、会員登録、端末の情報は必要ありません。",
	"page.about.why":          "利用の目的",
	"page.about.why.text":     "お寄せいただいた件への対応（確認、回答、業務の改善、定められた統計）にだけ使います。これは当処の法令上の職務です（中国個人情報保護法第 13 条第 1 項第 3 号）。結果の公開には別途の同意が必要で、同意がなければ公開しません。",
	"page.about.readers":      "読むことができる者",
	"page.about.readers.text": "- 担当課と政務公開弁公室の担当者。\n- 電話番号は一部を伏せて表示します。全体を見るには理由が必要で、記録が残ります。\n- 業務グループへの通知に載るのは番号と期限だけで、お名前、電話番号、内容は載りません。\n- 第三者には提供しません。他の機関が対応する場合は、経過のページでお知らせします。",
	"page.about.kept":         "保存期間",
	"page.about.kept.text":    "- お名前と電話番号は暗号化して保管し、完了後の保存期間（%d か月）が過ぎると自動的に削除します。ご自身でいつでも削除できます。\n- やり取りの文章と写真は、公文書の規定に従って完了後 %d 年間保存し、その後自動的に削除して元に戻せません。残るのは、いつどの課が何をしたかだけで、内容は残りません。\n- 使われなかった写真は 7 日後に自動的に削除します。",
	"page.about.rights":       "ご自身の権利",
	"page.about.rights.text":  "番号と照会コードがあれば、いつでも次のことができます。\n- すべての内容と対応の経過を見る。\n- ご連絡先を訂正または削除する。\n- 補足する、取り下げる。\n- 評価し、別の担当者による再対応を求める。\n個人情報の取り扱いにご不満がある場合は、上記の電話または 12345 へお申し出ください。",
	"page.about.phone":        "お手元の端末に保存されるもの",
	"page.about.phone.text":   "- 選ばれた言語と文字の大きさ（Cookie）。\n- 書きかけの下書きと、電波がないため送信を待っている内容や写真。この端末だけにあり、送信後に消去されます。\n- この端末から提出した番号（暗号化した Cookie）。後で見つけるためのもので、いつでも消去できます。共用の端末では消去してください。\n- 進展の通知をご希望の場合：ブラウザの通知サービスのアドレス。当処が暗号化して最長 180 日保管し、いつでも取り消せます。通知サービスに分かるのは通知があることだけで、内容は読めません。",
	"page.about.photos":       "写真",
	"page.about.photos.text":  "撮影場所や機種などの情報を取り除いてから担当者が見ます。元の画像はすぐに削除します。関係のない人の顔や車のナンバーはなるべく写さないでください。",
	"page.about.report":       "不正の通報の取り扱い",
	"page.about.report.text":  "通報は監察担当だけが受け付けて読みます。通報された本人や課には伝えず、一覧や統計にも載せず、公開もしません。匿名でもかまいません。ご連絡先があると確認しやすくなります。",
	"page.about.young":        "14 歳未満の方",
	"page.about.young.text":   "保護者の方が代わりに提出してください。",
	"page.about.else":         "そのほかの方法",
	"page.about.else.text":    "- このページの下にある電話番号、または行政サービス電話 12345 にお電話ください。\n- ビジターセンターでは職員が代わりに記入します。\n- 現地の意見帳にお書きください。職員が入力し、番号と照会コードもお渡しします。\n- けが人や危険がある場合は、110、119、120 に直接お電話ください。",
}

var aboutKorean = map[string]string{
	"page.about":              "개인정보·도움말",
	"page.about.title":        "개인정보 안내와 다른 이용 방법",
	"page.about.intro":        "작성하신 내용을 누가 처리하고 누가 읽으며 얼마나 보관하는지, 어떤 권리가 있는지, 이 페이지 외에 어떤 방법이 있는지 알려 드립니다.",
	"page.about.and":          ", ",
	"page.about.who":          "처리하는 곳",
	"page.about.who.text":     "%s\n주소: %s\n전화: %s\n접수, 담당 지정, 답변은 본 관리처 정무공개 사무실이 책임집니다. 개인정보에 관한 문의도 이곳으로 해 주십시오.",
	"page.about.what":         "수집하는 것",
	"page.about.what.text":    "- 작성하신 내용, 선택하신 종류와 장소, 올리신 사진, 제출 시각.\n- 원하시는 경우 성함과 전화번호. 남기지 않으셔도 똑같이 처리합니다.\n- 신분증 번호, 휴대전화 위치, 회원 가입, 기기 정보는 요구하지 않습니다.",
	"page.about.why":          "이용 목적",
	"page.about.why.text":     "알려 주신 일을 처리하는 데(확인, 답변, 업무 개선, 정해진 통계)만 사용합니다. 이는 본 관리처의 법정 직무입니다(중국 개인정보보호법 제13조 제1항 제3호). 결과 공개에는 별도의 동의가 필요하며, 동의가 없으면 공개하지 않습니다.",
	"page.about.readers":      "볼 수 있는 사람",
	"page.about.readers.text": "- 담당 부서와 정무공개 사무실의 처리 담당자.\n- 전화번호는 일부를 가리고 표시합니다. 전체를 보려면 이유를 적어야 하며 기록이 남습니다.\n- 업무 단체방 알림에는 번호와 기한만 있으며 성함, 전화번호, 내용은 없습니다.\n- 제삼자에게 제공하지 않습니다. 다른 기관이 처리해야 하는 경우 진행 페이지에 표시됩니다.",
	"page.about.kept":         "보관 기간",
	"page.about.kept.text":    "- 성함과 전화번호는 암호화하여 보관하고, 종결 후 보관 기간(%d개월)이 지나면 자동으로 삭제합니다. 언제든지 직접 삭제하실 수 있습니다.\n- 주고받은 글과 사진은 기록물 규정에 따라 종결 후 %d년 동안 보관하고, 그 뒤 자동으로 삭제되어 되돌릴 수 없습니다. 언제 어느 부서가 무엇을 했는지만 남고 내용은 남지 않습니다.\n- 사용하지 않은 사진은 7일 후 자동으로 삭제합니다.",
	"page.about.rights":       "귀하의 권리",
	"page.about.rights.text":  "번호와 조회 코드로 언제든지 다음을 하실 수 있습니다.\n- 모든 내용과 처리 과정을 봅니다.\n- 연락처를 고치거나 삭제합니다.\n- 내용을 보충하거나 철회합니다.\n- 평가하고, 다른 담당자의 재처리를 요청합니다.\n개인정보 처리에 불만이 있으시면 위의 전화나 12345로 알려 주십시오.",
	"page.about.phone":        "휴대전화에 저장되는 것",
	"page.about.phone.text":   "- 선택하신 언어와 글자 크기(쿠키).\n- 작성 중인 초안과, 신호가 없어 전송을 기다리는 내용과 사진. 이 휴대전화에만 있으며 전송되면 지워집니다.\n- 이 휴대전화에서 제출한 번호(암호화된 쿠키). 다시 찾으실 수 있도록 한 것이며 언제든지 지울 수 있습니다. 함께 쓰는 휴대전화에서는 지워 주십시오.\n- 소식 알림을 원하신 경우: 브라우저 푸시 서비스의 주소. 당 기관이 암호화하여 최장 180일 보관하며 언제든지 취소할 수 있습니다. 푸시 서비스는 알림이 있다는 것만 알고 내용은 볼 수 없습니다.",
	"page.about.photos":       "사진",
	"page.about.photos.text":  "촬영 위치와 기기 등의 정보를 지운 뒤에 담당자가 봅니다. 원본은 바로 삭제합니다. 관계없는 사람의 얼굴이나 차량 번호판은 되도록 찍지 말아 주십시오.",
	"page.about.report":       "비위 신고의 처리",
	"page.about.report.text":  "신고는 감찰 담당자만 접수하고 봅니다. 신고 대상자나 해당 부서에 전달하지 않으며, 목록과 통계에 넣지 않고 공개하지도 않습니다. 익명도 가능하며, 연락처가 있으면 확인에 도움이 됩니다.",
	"page.about.young":        "14세 미만",
	"page.about.young.text":   "부모님이나 보호자가 대신 제출해 주십시오.",
	"page.about.else":         "다른 방법",
	"page.about.else.text":    "- 이 페이지 아래의 전화번호나 정부 민원 전화 12345로 전화해 주십시오.\n- 방문자 센터에서 직원이 대신 작성해 드립니다.\n- 현장 의견함 책자에 적어 주십시오. 직원이 입력하며 번호와 조회 코드도 드립니다.\n- 다친 사람이 있거나 위험하면 110, 119, 120으로 바로 전화해 주십시오.",
}
