package main

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"regexp"
)

// fetched finds what a browser asks for besides a page: its scripts, style sheets and pictures.
var fetched = regexp.MustCompile(`<(?:script|img|link)[^>]* (?:src|href)="(/[^"]*)"`)

// firstViews measures what a phone loads before a visitor can file, follow or read the notice: the
// bytes as they are sent, and the requests. It is at most 100 KB and 5 requests.
func (b *bench) firstViews(ctx context.Context) error {
	fmt.Printf("\n## First view\n\nBytes as sent to a browser that takes gzip; headers are not counted.\n\n")
	fmt.Println("| page | requests | bytes | the page itself |\n|---|---|---|---|")
	for _, page := range []string{"/?p=BL01&lang=zh", "/?p=BL01&lang=en", "/follow?lang=zh", "/about?lang=zh"} {
		html, size, err := b.load(ctx, page)
		if err != nil {
			return err
		}
		requests, all := 1, size
		for _, found := range fetched.FindAllStringSubmatch(html, -1) {
			_, more, err := b.load(ctx, found[1])
			if err != nil {
				return err
			}
			requests, all = requests+1, all+more
		}
		fmt.Printf("| `%s` | %d | %d | %d, %d unpacked |\n", page, requests, all, size, len(html))
	}
	return nil
}

// load gets a file as a browser does: its text, and how many bytes came over the wire.
func (b *bench) load(ctx context.Context, path string) (string, int, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, b.stack.URL()+path, nil)
	if err != nil {
		return "", 0, err
	}
	request.Header.Set("Accept-Encoding", "gzip")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", 0, err
	}
	defer func() { _ = response.Body.Close() }() // it was read
	packed := &counted{reader: response.Body}
	text, err := unpacked(packed, response.Header.Get("Content-Encoding"))
	if err != nil || response.StatusCode != http.StatusOK {
		return "", 0, fmt.Errorf("load %s: status %d, %w", path, response.StatusCode, err)
	}
	return text, packed.bytes, nil
}

// counted counts what is read.
type counted struct {
	reader io.Reader
	bytes  int
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.reader.Read(p)
	c.bytes += n
	return n, err
}

func unpacked(r io.Reader, encoding string) (string, error) {
	if encoding == "gzip" {
		packed, err := gzip.NewReader(r)
		if err != nil {
			return "", err
		}
		r = packed
	}
	text, err := io.ReadAll(r)
	return string(text), err
}
