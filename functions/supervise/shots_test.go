package main

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// go test ./functions/supervise -run Browser -shots /tmp/shots keeps a picture of every page.
var shots = flag.String("shots", "", "folder for pictures of the pages the browser test passes")

func keep(ctx context.Context, t *testing.T, page string) {
	t.Helper()
	if *shots == "" {
		return
	}
	picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(*shots, page+".png"), picture, 0o600); err != nil {
		t.Fatal(err)
	}
}
