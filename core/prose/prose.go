// Package prose writes what sentences and tables share: lists in words, numbers with
// their nouns, and shares as percentages.
//
// It needs no formatting package, since the small program that draws the pictures uses it too.
package prose

import (
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// PercentSign is what stands behind a percentage. A narrow space that does not break keeps both on
// one line.
const PercentSign = "\u202f%"

// Percent writes a share as a percentage without decimals: 0.974 as 97 %. What is nearly none or
// nearly all has one, so that 0.997 is 99.7 % and not 100 %.
func Percent(share float64) string {
	exact := 100 * share
	rounded := math.Round(exact)
	if rounded != exact && (rounded == 0 || rounded == 100) {
		return strconv.FormatFloat(exact, 'f', 1, 64) + PercentSign
	}
	return strconv.FormatFloat(rounded, 'f', 0, 64) + PercentSign
}

// List joins parts with commas and an "and" before the last one.
func List(parts []string) string {
	if len(parts) < 2 {
		return strings.Join(parts, "")
	}
	last := len(parts) - 1
	return strings.Join(parts[:last], ", ") + " and " + parts[last]
}

// Capital returns a text with its first letter as a capital.
func Capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	if size == 0 {
		return ""
	}
	return string(unicode.ToUpper(first)) + text[size:]
}

// Count writes a number with a noun, which has an s behind it unless the number is 1: 3 steps.
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// wide is the most columns of a line that [Wrap] makes, unless a word is wider.
const wide = 100

// Wrap breaks a text into lines of at most 100 columns, each after indent. White space between
// words becomes a blank. The last line ends too.
func Wrap(text, indent string) string {
	var b strings.Builder
	column := 0
	for _, word := range strings.Fields(text) {
		length := utf8.RuneCountInString(word)
		switch {
		case column == 0:
			b.WriteString(indent)
			column = len(indent)
		case column+1+length > wide:
			b.WriteString("\n" + indent)
			column = len(indent)
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += length
	}
	return b.String() + "\n"
}
