package darkroom_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"steledesk/shared/photo"
	"steledesk/shared/photo/darkroom"
	"steledesk/shared/photo/phototest"
)

func sample(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// markers lists the markers of a JPEG's header: what it holds beside its picture.
func markers(t *testing.T, file []byte) []byte {
	t.Helper()
	var all []byte
	for at := 2; at+4 <= len(file) && file[at] == 0xff; {
		all = append(all, file[at+1])
		if file[at+1] == 0xda {
			return all
		}
		at += 2 + int(file[at+2])<<8 + int(file[at+3])
	}
	t.Fatalf("no scan begins; markers % x", all)
	return nil
}

// checkClean holds a file to what may be served: a baseline JPEG, no longer than side, with a picture and no more.
func checkClean(t *testing.T, file []byte, side int) image.Image {
	t.Helper()
	for _, m := range markers(t, file) {
		if !slices.Contains([]byte{0xdb, 0xc0, 0xc4, 0xda}, m) {
			t.Errorf("marker %x is neither table nor baseline picture", m)
		}
	}
	if bytes.Contains(file, []byte(phototest.Secret)) || bytes.Contains(file, []byte("Exif")) {
		t.Error("what the camera wrote is still there")
	}
	m, err := jpeg.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	if b := m.Bounds(); max(b.Dx(), b.Dy()) > side {
		t.Errorf("%v is longer than %d", b, side)
	}
	return m
}

// near compares colours as far as JPEG keeps them.
func near(a color.Color, b color.RGBA) bool {
	r, g, bl, _ := a.RGBA()
	far := func(x uint32, y uint8) bool { d := int(x>>8) - int(y); return d > 40 || d < -40 }
	return !far(r, b.R) && !far(g, b.G) && !far(bl, b.B)
}

// corners gives the colours of the quarters, clockwise from the upper left.
func corners(m image.Image) [4]color.Color {
	b := m.Bounds()
	l, r, u, d := b.Dx()/4, b.Dx()*3/4, b.Dy()/4, b.Dy()*3/4
	return [4]color.Color{m.At(l, u), m.At(r, u), m.At(r, d), m.At(l, d)}
}

// asTaken gives Picture's corners as they stand in the file when it says that it was taken so: turning back gives Picture.
func asTaken(orientation int) [4]color.RGBA {
	red, green, blue, yellow := phototest.Red, phototest.Green, phototest.Blue, phototest.Yellow
	return [...][4]color.RGBA{
		1: {red, green, blue, yellow}, 2: {green, red, yellow, blue}, 3: {blue, yellow, red, green}, 4: {yellow, blue, green, red},
		5: {red, yellow, blue, green}, 6: {yellow, red, green, blue}, 7: {blue, green, red, yellow}, 8: {green, blue, yellow, red},
	}[orientation]
}

// All eight ways to hold a camera, in every format that can say so, come back upright; sides change places with 5 to 8.
func TestEveryOrientationComesBackUpright(t *testing.T) {
	stored := phototest.Picture(400, 200)
	for orientation := 1; orientation <= 8; orientation++ {
		for name, file := range map[string][]byte{
			"jpeg": phototest.JPEG(t, stored, phototest.Exif(orientation)), "png": phototest.PNG(t, stored, phototest.Exif(orientation)),
		} {
			got, err := darkroom.Make(t.Context(), file)
			if err != nil {
				t.Fatalf("%s, orientation %d: %v", name, orientation, err)
			}
			wantW, wantH := 400, 200
			if orientation >= 5 {
				wantW, wantH = 200, 400
			}
			if got.Width != wantW || got.Height != wantH {
				t.Errorf("%s, orientation %d: %d by %d, want %d by %d", name, orientation, got.Width, got.Height, wantW, wantH)
			}
			for what, m := range map[string]image.Image{"photo": checkClean(t, got.JPEG, 1600), "thumbnail": checkClean(t, got.Thumbnail, 320)} {
				for i, c := range corners(m) {
					if want := asTaken(orientation)[i]; !near(c, want) {
						t.Errorf("%s, orientation %d, %s: corner %d is %v, want %v", name, orientation, what, i, c, want)
					}
				}
			}
		}
	}
}

// A photo as large as cameras take is shrunk, and turned after that.
func TestLargePhotosAreShrunk(t *testing.T) {
	got, err := darkroom.Make(t.Context(), phototest.JPEG(t, phototest.Picture(2400, 1200), phototest.Exif(6)))
	if err != nil || got.Width != 800 || got.Height != 1600 {
		t.Fatalf("%d by %d, %v", got.Width, got.Height, err)
	}
	checkClean(t, got.JPEG, 1600)
	if b := checkClean(t, got.Thumbnail, 320).Bounds(); b.Dx() != 160 || b.Dy() != 320 {
		t.Errorf("thumbnail %v", b)
	}
}

// Exif data of a WebP turns it too: the sides of orientation 6 change places.
func TestWebPIsTurned(t *testing.T) {
	plain := sample(t, "lossy.webp")
	before, err := darkroom.Make(t.Context(), plain)
	if err != nil {
		t.Fatal(err)
	}
	after, err := darkroom.Make(t.Context(), phototest.WebP(plain, before.Width, before.Height, 8, phototest.Exif(6)))
	if err != nil || after.Width != before.Height || after.Height != before.Width {
		t.Errorf("%d by %d became %d by %d, %v", before.Width, before.Height, after.Width, after.Height, err)
	}
}

// Whatever a phone or a scanner writes is read: CMYK, grey, 16 bits, progressive, transparent on white.
func TestEveryKindOfPictureIsRead(t *testing.T) {
	deep := image.NewNRGBA64(image.Rect(0, 0, 40, 30))
	for y := range 30 {
		for x := range 40 {
			deep.SetNRGBA64(x, y, color.NRGBA64{R: 0xffff, G: uint16(x) * 100, A: uint16(y) * 0x0888})
		}
	}
	clear := image.NewNRGBA(image.Rect(0, 0, 8, 8))
	for name, file := range map[string][]byte{
		"cmyk": sample(t, "cmyk.jpeg"), "progressive": sample(t, "progressive.jpeg"), "grey": sample(t, "grey.jpeg"),
		"webp with alpha": sample(t, "alpha.webp"), "lossy webp": sample(t, "lossy.webp"), "16 bits": phototest.PNG(t, deep, nil),
		"transparent": phototest.PNG(t, clear, nil), "palette": phototest.PNG(t, image.NewPaletted(image.Rect(0, 0, 9, 9), []color.Color{phototest.Blue}), nil),
		"one pixel": phototest.JPEG(t, phototest.Picture(1, 1), nil), "a line": phototest.JPEG(t, phototest.Picture(9000, 1), nil),
	} {
		got, err := darkroom.Make(t.Context(), file)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		m := checkClean(t, got.JPEG, 1600)
		checkClean(t, got.Thumbnail, 320)
		if name == "transparent" && !near(m.At(3, 3), color.RGBA{255, 255, 255, 255}) {
			t.Errorf("%s: %v, want white", name, m.At(3, 3))
		}
	}
}

func reason(err error) photo.Reason {
	var r *photo.Refusal
	if !errors.As(err, &r) {
		return ""
	}
	return r.Reason
}

func TestWhatIsNoPhotoIsRefusedByName(t *testing.T) {
	whole := phototest.JPEG(t, phototest.Picture(400, 300), phototest.Exif(6))
	lossy := sample(t, "lossy.webp")
	noise := slices.Concat(whole[:200], bytes.Repeat([]byte{0xff, 0xc4, 0, 3, 9}, 300))
	for name, test := range map[string]struct {
		file []byte
		want photo.Reason
	}{
		"nothing":            {nil, photo.NotAPhoto},
		"text":               {[]byte("<script>alert(1)</script>"), photo.NotAPhoto},
		"a zip":              {phototest.Zip(t), photo.NotAPhoto},
		"a BMP":              {append([]byte("BM"), make([]byte, 100)...), photo.NotAPhoto},
		"a video":            {[]byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"), photo.NotAPhoto},
		"HEIC":               {phototest.HEIC(), photo.HEIC},
		"a GIF":              {[]byte("GIF89a\x01\x00\x01\x00"), photo.Animated},
		"a moving WebP":      {phototest.WebP(lossy, 150, 103, 2, nil), photo.Animated},
		"50 megapixels":      {phototest.Large(t), photo.TooManyPixels},
		"a bomb":             {phototest.Bomb(t), photo.TooManyPixels},
		"a JPEG of 10 MB":    {slices.Concat(whole, make([]byte, photo.MaxBytes)), photo.TooBig},
		"only a header":      {whole[:20], photo.Damaged},
		"half":               {whole[:len(whole)/2], photo.Damaged},
		"half a progressive": {sample(t, "progressive.jpeg")[:2000], photo.Damaged},
		"half a PNG":         {phototest.PNG(t, phototest.Picture(400, 300), nil)[:500], photo.Damaged},
		"half a WebP":        {lossy[:1000], photo.Damaged},
		"broken tables":      {noise, photo.Damaged},
		"a size that lies":   {phototest.WebP(lossy, 10, 10, 8, nil), photo.Damaged}, // a small canvas, and another picture in it
	} {
		if _, err := darkroom.Make(t.Context(), test.file); reason(err) != test.want {
			t.Errorf("%s: got %v, want %s", name, err, test.want)
		}
	}
}

// A file that is a photo and something else besides is a photo, and the rest is gone.
func TestWhatHangsOnAPhotoIsCutOff(t *testing.T) {
	file := slices.Concat(phototest.JPEG(t, phototest.Picture(400, 300), nil), phototest.Zip(t), []byte("<script>"))
	got, err := darkroom.Make(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	checkClean(t, got.JPEG, 400)
	if bytes.Contains(got.JPEG, []byte("<script>")) || bytes.Contains(got.JPEG, []byte("PK\x03\x04")) {
		t.Error("it is still there")
	}
}

// A file that keeps its decoder busy is given up when time is up, and is not tried again.
func TestTimeIsBounded(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := darkroom.Make(ctx, phototest.JPEG(t, phototest.Picture(400, 300), nil)); reason(err) != photo.Failed || !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// FuzzMake: no file brings the decoders down, runs away with memory, or comes back with anything but a clean photo.
func FuzzMake(f *testing.F) {
	small := phototest.Picture(24, 16)
	f.Add(phototest.JPEG(f, small, phototest.Exif(6)))
	f.Add(phototest.PNG(f, small, phototest.Exif(3)))
	f.Add(phototest.HEIC())
	f.Add(phototest.Zip(f))
	for _, name := range []string{"progressive.jpeg", "grey.jpeg", "lossy.webp", "alpha.webp"} {
		f.Add(sample(f, name))
	}
	f.Add(phototest.WebP(sample(f, "lossy.webp"), 150, 103, 8, phototest.Exif(8)))
	f.Fuzz(func(t *testing.T, file []byte) {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		got, err := darkroom.Make(ctx, file)
		if err != nil {
			if !slices.Contains(photo.Reasons(), reason(err)) {
				t.Errorf("got %v", err)
			}
			return
		}
		checkClean(t, got.JPEG, photo.MaxSide)
		checkClean(t, got.Thumbnail, photo.ThumbSide)
	})
}

// BenchmarkMake is what a photo of a common phone costs: 12 megapixels.
func BenchmarkMake(b *testing.B) {
	file := phototest.JPEG(b, phototest.Picture(4032, 3024), phototest.Exif(6))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := darkroom.Make(b.Context(), file); err != nil {
			b.Fatal(err)
		}
	}
}
