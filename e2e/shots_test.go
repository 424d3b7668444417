//go:build shots

package e2e

import (
	"bytes"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"posttrain/e2e/browser"
)

// Pictures of the page go to bin/shots, to be looked at; the one that the README shows is kept with the docs.
var (
	shots  = filepath.Join(tree, "bin", "shots")
	shown  = "lab-1440-light.png"
	beside = filepath.Join(tree, "docs", "shots")
)

// After the first exhibit, at the widths of a desk, a tablet and a telephone, in light and in dark.
func TestShots(t *testing.T) {
	p := openLab(t, "")
	p.Show(browser.View{Width: 1440, Height: 900})
	p.Run("posttrain.run()")
	p.Wait(5*time.Minute, "posttrain.state().done")
	for _, width := range []int64{1440, 1024, 390} {
		for _, theme := range []string{"light", "dark"} {
			p.Show(browser.View{Width: width, Height: 900, Dark: theme == "dark", Calm: true})
			time.Sleep(time.Second) // nothing tells when the stage has drawn its last
			keep(t, fmt.Sprintf("lab-%d-%s.png", width, theme), p.Picture(true))
		}
	}
	p.Show(browser.View{Width: 1440, Height: 900, Calm: true})
	p.Click("#tab-tree")
	time.Sleep(time.Second)
	keep(t, "tree-1440-light.png", p.Picture(false))
}

// keep writes a picture as small as PNG allows.
func keep(t *testing.T, name string, shot []byte) {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	dirs := []string{shots}
	if name == shown {
		dirs = append(dirs, beside)
	}
	for _, dir := range dirs {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
