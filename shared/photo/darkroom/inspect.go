package darkroom

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"slices"

	"github.com/bep/imagemeta"
	"golang.org/x/image/webp"

	"steledesk/shared/photo"
)

// format is how to read one kind of picture.
type format struct {
	is     func(data []byte) bool
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
	meta   imagemeta.ImageFormat
}

// formats are told by their first bytes, whatever a file is called or said to be.
var formats = []format{
	{begins("\xff\xd8\xff"), jpeg.DecodeConfig, jpeg.Decode, imagemeta.JPEG},
	{begins("\x89PNG\r\n\x1a\n"), png.DecodeConfig, png.Decode, imagemeta.PNG},
	{isWebP, webp.DecodeConfig, webp.Decode, imagemeta.WebP},
}

func begins(magic string) func([]byte) bool {
	return func(data []byte) bool { return bytes.HasPrefix(data, []byte(magic)) }
}

func isWebP(data []byte) bool {
	return len(data) >= 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP"
}

// isHEIC reports whether data is an ISO base media file of the brands that cameras write pictures in.
func isHEIC(data []byte) bool {
	if len(data) < 16 || string(data[4:8]) != "ftyp" {
		return false
	}
	return slices.Contains([]string{"heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1", "avif", "avis"}, string(data[8:12]))
}

// isAnimated finds moving pictures: GIF, and WebP with its animation bit set. An animated PNG is a PNG with a still
// picture, and that is what is taken of it.
func isAnimated(data []byte) bool {
	if bytes.HasPrefix(data, []byte("GIF8")) {
		return true
	}
	return isWebP(data) && len(data) > 20 && string(data[12:16]) == "VP8X" && data[20]&2 != 0
}

// inspect looks at the first bytes of an upload and decodes nothing: it finds what is no photo, or too large for one.
// The error is a *photo.Refusal.
func inspect(data []byte) (format, error) {
	switch {
	case len(data) > photo.MaxBytes:
		return format{}, &photo.Refusal{Reason: photo.TooBig}
	case isHEIC(data):
		return format{}, &photo.Refusal{Reason: photo.HEIC}
	case isAnimated(data):
		return format{}, &photo.Refusal{Reason: photo.Animated}
	}
	i := slices.IndexFunc(formats, func(f format) bool { return f.is(data) })
	if i < 0 {
		return format{}, &photo.Refusal{Reason: photo.NotAPhoto}
	}
	config, err := formats[i].config(bytes.NewReader(data))
	if err != nil {
		return format{}, refusalOf(err)
	}
	if config.Width < 1 || config.Height < 1 {
		return format{}, &photo.Refusal{Reason: photo.Damaged}
	}
	if int64(config.Width)*int64(config.Height) > photo.MaxPixels {
		return format{}, &photo.Refusal{Reason: photo.TooManyPixels}
	}
	return formats[i], nil
}

// refusalOf tells a file of a kind that no decoder here reads from a broken one.
func refusalOf(err error) *photo.Refusal {
	var odd jpeg.UnsupportedError
	var odder png.UnsupportedError
	if errors.As(err, &odd) || errors.As(err, &odder) {
		return &photo.Refusal{Reason: photo.NotAPhoto, Err: err}
	}
	return &photo.Refusal{Reason: photo.Damaged, Err: err}
}
