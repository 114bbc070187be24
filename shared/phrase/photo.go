package phrase

// photos says why a photo of a ticket cannot be seen, and what to do.
var photos = map[string]Text{
	"photo.waiting":         {"照片正在处理，请稍后刷新", "The photo is being processed; please refresh in a moment"},
	"photo.not-a-photo":     {"这个文件不是照片，或者不是能读的格式（请用 JPEG、PNG 或 WebP），没有保存", "This file is not a photo, or not in a format that can be read here (JPEG, PNG, WebP); it was not kept"},
	"photo.heic":            {"HEIC 格式的照片打不开，没有保存。请在手机相机设置里选“兼容性最佳”后再拍，或发送截图", "HEIC photos cannot be opened here; it was not kept. Choose “Most compatible” in the camera's settings, or send a screenshot"},
	"photo.animated":        {"动态图片不能用，没有保存，请发普通照片", "Moving pictures cannot be used; it was not kept. Please send an ordinary photo"},
	"photo.too-many-pixels": {"照片超过 4000 万像素，没有保存。请用较低的分辨率再拍，或发送截图", "The photo has more than 40 megapixels; it was not kept. Take it at a lower resolution, or send a screenshot"},
	"photo.too-big":         {"照片文件超过 10 MB，没有保存，请用较低的分辨率再拍", "The photo's file is over 10 MB; it was not kept. Please take it at a lower resolution"},
	"photo.damaged":         {"照片文件损坏，打不开，没有保存，请重新添加", "The photo's file is damaged and cannot be opened; it was not kept. Please add it again"},
	"photo.failed":          {"照片处理失败，没有保存，请换一张再添加", "The photo could not be processed; it was not kept. Please add another"},
	"photo.missing":         {"照片没有传到，请重新添加", "The photo never arrived; please add it again"},
	"page.photo.name":       {"照片 %d", "Photo %d"},
	"page.photo.open":       {"照片 %d，点开看大图", "Photo %d, open large"},
}

var japanesePhotos = map[string]string{
	"photo.waiting":         "写真を処理しています。しばらくしてから更新してください",
	"photo.not-a-photo":     "このファイルは写真ではないか、読み取れない形式です（JPEG、PNG、WebP をお使いください）。保存していません",
	"photo.heic":            "HEIC 形式の写真は開けないため、保存していません。カメラの設定で「互換性優先」を選ぶか、スクリーンショットをお送りください",
	"photo.animated":        "動く画像は使えないため、保存していません。普通の写真をお送りください",
	"photo.too-many-pixels": "4,000 万画素を超える写真のため、保存していません。解像度を下げて撮り直すか、スクリーンショットをお送りください",
	"photo.too-big":         "写真のファイルが 10 MB を超えているため、保存していません。解像度を下げて撮り直してください",
	"photo.damaged":         "写真のファイルが壊れていて開けないため、保存していません。もう一度追加してください",
	"photo.failed":          "写真を処理できなかったため、保存していません。別の写真を追加してください",
	"photo.missing":         "写真が届いていません。もう一度追加してください",
	"page.photo.name":       "写真 %d",
	"page.photo.open":       "写真 %d、タップで拡大",
}

var koreanPhotos = map[string]string{
	"photo.waiting":         "사진을 처리하고 있습니다. 잠시 후 새로 고쳐 주십시오",
	"photo.not-a-photo":     "사진이 아니거나 읽을 수 없는 형식입니다(JPEG, PNG, WebP를 사용해 주십시오). 저장하지 않았습니다",
	"photo.heic":            "HEIC 형식의 사진은 열 수 없어 저장하지 않았습니다. 카메라 설정에서 ‘높은 호환성’을 선택하거나 화면 캡처를 보내 주십시오",
	"photo.animated":        "움직이는 이미지는 사용할 수 없어 저장하지 않았습니다. 일반 사진을 보내 주십시오",
	"photo.too-many-pixels": "4,000만 화소를 넘는 사진이라 저장하지 않았습니다. 해상도를 낮춰 다시 찍거나 화면 캡처를 보내 주십시오",
	"photo.too-big":         "사진 파일이 10MB를 넘어 저장하지 않았습니다. 해상도를 낮춰 다시 찍어 주십시오",
	"photo.damaged":         "사진 파일이 손상되어 열 수 없어 저장하지 않았습니다. 다시 추가해 주십시오",
	"photo.failed":          "사진을 처리하지 못해 저장하지 않았습니다. 다른 사진을 추가해 주십시오",
	"photo.missing":         "사진이 도착하지 않았습니다. 다시 추가해 주십시오",
	"page.photo.name":       "사진 %d",
	"page.photo.open":       "사진 %d, 눌러서 크게 보기",
}
