package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"image"
	"image/jpeg"
	"mime/multipart"
	"net/http"
)

// photographed is a small JPEG in whose Exif data a camera wrote a text.
func photographed(maker string) ([]byte, error) {
	var plain bytes.Buffer
	if err := jpeg.Encode(&plain, image.NewGray(image.Rect(0, 0, 64, 48)), nil); err != nil {
		return nil, err
	}
	tiff := []byte("MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x0f\x00\x02") // one directory, of one entry: the maker, as text
	tiff = binary.BigEndian.AppendUint32(tiff, uint32(len(maker)+1))
	tiff = binary.BigEndian.AppendUint32(tiff, 26) // behind the directory
	tiff = append(append(append(tiff, 0, 0, 0, 0), maker...), 0)
	exif := append([]byte("Exif\x00\x00"), tiff...)
	file := append([]byte{}, plain.Bytes()[:2]...)
	file = binary.BigEndian.AppendUint16(append(file, 0xff, 0xe1), uint16(len(exif)+2))
	return append(append(file, exif...), plain.Bytes()[2:]...), nil
}

// photo uploads a marked photo as a phone does, and gives its id.
func (v *privacy) photo(ctx context.Context) (string, error) {
	v.said++
	file, err := photographed(v.mark("camera", fmt.Sprintf("owner-of-camera-%03d", v.said), ""))
	if err != nil {
		return "", err
	}
	var slot struct {
		ID, URL string
		Fields  map[string]string
	}
	a := v.house.insist(ctx, "POST", "/v1/photos", `{"type":"image/jpeg"}`)
	if err := json.Unmarshal(a.body, &slot); err != nil || a.status != http.StatusCreated {
		return "", fmt.Errorf("ask for a place: %d %.200s", a.status, a.body)
	}
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	for name, value := range slot.Fields {
		_ = w.WriteField(name, value) // into memory
	}
	part, err := w.CreateFormFile("file", "IMG_0001.jpg")
	if err == nil {
		_, err = part.Write(file)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return "", err
	}
	request, err := http.NewRequestWithContext(ctx, "POST", slot.URL, &form)
	if err != nil {
		return "", err
	}
	request.Header.Set("Content-Type", w.FormDataContentType())
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", fmt.Errorf("upload: %w", err)
	}
	_ = response.Body.Close()
	if response.StatusCode/100 != 2 {
		return "", fmt.Errorf("upload: %s", response.Status)
	}
	return slot.ID, nil
}
