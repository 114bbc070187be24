// Package phototest makes the files that phones and strangers upload: photos with all that a camera writes beside
// the picture, and things that only look like photos.
package phototest

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"
)

// The colours of Picture's corners, clockwise from the upper left.
var (
	Red    = color.RGBA{R: 220, A: 255}
	Green  = color.RGBA{G: 200, A: 255}
	Blue   = color.RGBA{B: 220, A: 255}
	Yellow = color.RGBA{R: 230, G: 220, A: 255}
)

// Picture is w by h pixels in four quarters: red, green, blue and yellow, clockwise from the upper left.
func Picture(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			switch {
			case x < w/2 && y < h/2:
				m.SetRGBA(x, y, Red)
			case y < h/2:
				m.SetRGBA(x, y, Green)
			case x < w/2:
				m.SetRGBA(x, y, Yellow)
			default:
				m.SetRGBA(x, y, Blue)
			}
		}
	}
	return m
}

// JPEG encodes a picture as a phone does, with Exif data (see Exif) and a comment; nil: without.
func JPEG(t testing.TB, picture image.Image, exif []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, picture, &jpeg.Options{Quality: 90}); err != nil {
		t.Fatal(err)
	}
	if exif == nil {
		return out.Bytes()
	}
	app1 := append([]byte("Exif\x00\x00"), exif...)
	head := append([]byte{0xff, 0xd8}, segment(0xe1, app1)...)
	head = append(head, segment(0xfe, []byte("comment of a camera"))...)
	return append(head, out.Bytes()[2:]...)
}

func segment(marker byte, data []byte) []byte {
	return append(binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(data)+2)), data...)
}

// PNG encodes a picture, with Exif data; nil: without.
func PNG(t testing.TB, picture image.Image, exif []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		t.Fatal(err)
	}
	if exif == nil {
		return out.Bytes()
	}
	const header = 8 + 25 // signature and IHDR
	file := append([]byte(nil), out.Bytes()[:header]...)
	return append(append(file, chunk("eXIf", exif)...), out.Bytes()[header:]...)
}

func chunk(name string, data []byte) []byte {
	c := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	c = append(append(c, name...), data...)
	return binary.BigEndian.AppendUint32(c, crc32.ChecksumIEEE(c[4:]))
}

// WebP puts Exif data beside the picture of a plain lossy WebP file of w by h pixels. Flags are VP8X's: 8 says that
// there is Exif data, 2 that the picture moves.
func WebP(plain []byte, w, h int, flags byte, exif []byte) []byte {
	x := make([]byte, 10)
	x[0] = flags
	binary.LittleEndian.PutUint16(x[4:], uint16(w-1))
	binary.LittleEndian.PutUint16(x[7:], uint16(h-1))
	body := append([]byte("WEBP"), riff("VP8X", x)...)
	body = append(body, plain[12:]...)
	return riff("RIFF", append(body, riff("EXIF", exif)...))
}

func riff(name string, data []byte) []byte {
	c := append(binary.LittleEndian.AppendUint32([]byte(name), uint32(len(data))), data...)
	if len(data)%2 == 1 {
		c = append(c, 0)
	}
	return c
}

// Secret is what Exif hides in the name of the camera's maker.
const Secret = "owner: visitor 13800001234"

// Exif is what a camera writes beside a picture: how it was held (1 to 8), by whom, and where in the world it was.
func Exif(orientation int) []byte {
	const ifd0, gps, maker, latitude = 8, 8 + 2 + 3*12 + 4, 110, 150
	b := make([]byte, 180)
	copy(b, "MM\x00\x2a\x00\x00\x00\x08")
	entry := func(at, tag, kind, count, value int) {
		binary.BigEndian.PutUint16(b[at:], uint16(tag))
		binary.BigEndian.PutUint16(b[at+2:], uint16(kind))
		binary.BigEndian.PutUint32(b[at+4:], uint32(count))
		binary.BigEndian.PutUint32(b[at+8:], uint32(value))
	}
	b[ifd0+1] = 3
	entry(ifd0+2, 0x010f, 2, len(Secret)+1, maker)
	entry(ifd0+14, 0x0112, 3, 1, orientation<<16) // a SHORT stands at the left of its field
	entry(ifd0+26, 0x8825, 4, 1, gps)
	b[gps+1] = 2
	entry(gps+2, 1, 2, 2, 'N'<<24)
	entry(gps+14, 2, 5, 3, latitude)
	copy(b[maker:], Secret)
	for i, n := range []uint32{26, 1, 35, 1, 12, 1} {
		binary.BigEndian.PutUint32(b[latitude+4*i:], n)
	}
	return b
}

// Large is a JPEG of 50 megapixels, as the best cameras of phones take them, and of a few hundred kilobytes.
func Large(t testing.TB) []byte { return JPEG(t, image.NewGray(image.Rect(0, 0, 8192, 6144)), Exif(1)) }

// Bomb is a PNG of a few hundred kilobytes that unpacks to 900 megapixels.
func Bomb(t testing.TB) []byte {
	t.Helper()
	const side = 30_000
	head := binary.BigEndian.AppendUint32(nil, side)
	head = append(binary.BigEndian.AppendUint32(head, side), 1, 0, 0, 0, 0) // one bit a pixel
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	row := make([]byte, 1+side/8)
	for range side {
		if _, err := z.Write(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	file := append([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", head)...)
	file = append(file, chunk("IDAT", packed.Bytes())...)
	return append(file, chunk("IEND", nil)...)
}

// HEIC is the beginning of what an iPhone takes.
func HEIC() []byte {
	return append([]byte("\x00\x00\x00\x24ftypheic\x00\x00\x00\x00mif1MiHEmiafMiHBheic"), make([]byte, 4000)...)
}

// Zip is an archive, whatever it is called.
func Zip(t testing.TB) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	f, err := w.Create("picture.jpg")
	if err == nil {
		_, err = f.Write([]byte("no photo"))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
