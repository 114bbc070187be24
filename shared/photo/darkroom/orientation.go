package darkroom

import (
	"bytes"
	"image"

	"github.com/bep/imagemeta"
)

// orientation reads how the camera was held (Exif tag 274, 1 to 8). A file that does not say, or says it badly, is taken
// to be upright: a photo on its side is still a photo.
func orientation(f format, data []byte) int {
	held := 1
	_, _ = imagemeta.Decode(imagemeta.Options{
		R: bytes.NewReader(data), ImageFormat: f.meta, Sources: imagemeta.EXIF,
		ShouldHandleTag: func(t imagemeta.TagInfo) bool { return t.Namespace == "IFD0" && t.Tag == "Orientation" },
		HandleTag: func(t imagemeta.TagInfo) error {
			if n, ok := t.Value.(uint16); ok && n >= 1 && n <= 8 {
				held = int(n)
			}
			return imagemeta.ErrStopWalking
		},
	})
	return held
}

// source says for each orientation which point of a picture of w by h stands at x, y of the upright one.
var source = map[int]func(x, y, w, h int) (int, int){
	2: func(x, y, w, _ int) (int, int) { return w - 1 - x, y },
	3: func(x, y, w, h int) (int, int) { return w - 1 - x, h - 1 - y },
	4: func(x, y, _, h int) (int, int) { return x, h - 1 - y },
	5: func(x, y, _, _ int) (int, int) { return y, x },
	6: func(x, y, _, h int) (int, int) { return y, h - 1 - x },
	7: func(x, y, w, h int) (int, int) { return w - 1 - y, h - 1 - x },
	8: func(x, y, w, _ int) (int, int) { return w - 1 - y, x },
}

// upright turns a picture that was taken with the camera held so.
func upright(picture *image.RGBA, held int) *image.RGBA {
	from, turned := source[held]
	if !turned {
		return picture
	}
	w, h := picture.Rect.Dx(), picture.Rect.Dy()
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	if held >= 5 {
		out = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			sx, sy := from(x, y, w, h)
			copy(out.Pix[out.PixOffset(x, y):][:4], picture.Pix[picture.PixOffset(sx, sy):])
		}
	}
	return out
}
