package qrcode

import (
	"fmt"
	"image"
	"image/color"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// read returns the text of a code as a reader of another library finds it in its image.
func read(t *testing.T, c Code) string {
	t.Helper()
	const scale = 4
	side := scale * (c.Size + 2*Margin)
	picture := image.NewGray(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			if !c.Dark(x/scale-Margin, y/scale-Margin) {
				picture.SetGray(x, y, color.Gray{255})
			}
		}
	}
	bitmap, err := gozxing.NewBinaryBitmapFromImage(picture)
	if err != nil {
		t.Fatal(err)
	}
	found, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
	if err != nil {
		t.Fatal(err)
	}
	return found.GetText()
}

// What is encoded is what a reader reads, from the shortest code to the longest one.
func TestReadersReadCodes(t *testing.T) {
	for _, text := range []string{
		"https://posttrain.example/#memorise",
		"https://posttrain.example/#cards?seed=7&lane=sft,style=x~grpo,beta=0,steps=40&lane=dpo",
		"https://posttrain.example/#" + strings.Repeat("stories?x=1&", 90),
		strings.Repeat("a", 2953),
	} {
		c, err := Encode(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := read(t, c); got != text {
			t.Errorf("a reader reads %q, want %q", got, text)
		}
	}
	if _, err := Encode(strings.Repeat("a", 2954)); err == nil {
		t.Error("a text that is too long is encoded")
	}
}

// The path covers exactly the dark modules.
func TestPath(t *testing.T) {
	c, err := Encode("https://posttrain.example/#memorise")
	if err != nil {
		t.Fatal(err)
	}
	drawn := map[[2]int]bool{}
	for run := range strings.SplitSeq(strings.Trim(c.Path(), "z"), "z") {
		var x, y, width, back int
		if _, err := fmt.Sscanf(run, "M%d %dh%dv1h-%d", &x, &y, &width, &back); err != nil {
			t.Fatal(err)
		}
		if back != width {
			t.Errorf("%s does not end where it began", run)
		}
		for i := range width {
			drawn[[2]int{x + i - Margin, y - Margin}] = true
		}
	}
	for y := range c.Size {
		for x := range c.Size {
			if drawn[[2]int{x, y}] != c.Dark(x, y) {
				t.Errorf("module %d, %d: drawn is %v", x, y, !c.Dark(x, y))
			}
		}
	}
}
