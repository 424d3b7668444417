// Package qrcode draws links as QR codes, for paper.
package qrcode

import (
	"fmt"
	"strings"

	"rsc.io/qr/coding"
)

// Margin is the number of white modules around a code. Readers need that many.
const Margin = 4

// A Code is a square of modules, the squares that a code is made of.
type Code struct {
	Size int // modules along a side, without the margin
	dark func(x, y int) bool
}

// Encode returns the smallest code that has a text, and from which a reader can still restore it
// when a seventh of the code cannot be read (level M of ISO/IEC 18004). A text that is too long for
// that gets level L; it returns an error for one that is too long for any code: more than 2953
// bytes.
func Encode(text string) (Code, error) {
	for _, level := range []coding.Level{coding.M, coding.L} {
		for version := coding.Version(coding.MinVersion); version <= coding.MaxVersion; version++ {
			content := coding.String(text)
			if content.Bits(version) > version.DataBytes(level)*8 {
				continue
			}
			plan, err := coding.NewPlan(version, level, 0)
			if err != nil {
				return Code{}, err
			}
			code, err := plan.Encode(content)
			if err != nil {
				return Code{}, err
			}
			return Code{code.Size, code.Black}, nil
		}
	}
	return Code{}, fmt.Errorf("a QR code has at most 2953 bytes of text, and this has %d",
		len(text))
}

// Dark reports whether the module in column x and row y is dark.
func (c Code) Dark(x, y int) bool { return c.dark(x, y) }

// Path returns the dark modules as the path of an SVG image of Size + 2·Margin units along a side.
func (c Code) Path() string {
	var path strings.Builder
	for y := range c.Size {
		for x := 0; x < c.Size; x++ {
			start := x
			for x < c.Size && c.dark(x, y) {
				x++
			}
			if x > start {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", start+Margin, y+Margin, x-start, x-start)
			}
		}
	}
	return path.String()
}
