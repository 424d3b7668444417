package article

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"
)

// firstRune returns the first rune of a text and its size; 0 and 0 of an empty one.
func firstRune(text string) (rune, int) {
	if text == "" {
		return 0, 0
	}
	return utf8.DecodeRuneInString(text)
}

// formulaHTML returns a formula as HTML, with variables in italics, and indices and exponents where
// they belong. isKnob reports whether a word is the name of a knob.
func formulaHTML(formula string, isKnob func(string) bool) string {
	var b strings.Builder
	for formula != "" {
		r, size := firstRune(formula)
		switch {
		case unicode.IsLetter(r):
			word := leading(formula, isSignRune)
			formula = formula[len(word):]
			if isKnob(word) {
				b.WriteString("<code>" + word + "</code>")
				continue
			}
			formula = writeSign(&b, word, formula)
		case unicode.IsDigit(r): // as in 1e-4
			number := leading(formula, unicode.IsDigit)
			if strings.HasPrefix(formula[len(number):], "e-") {
				number += "e-"
			}
			b.WriteString(number)
			formula = formula[len(number):]
		case r == '^':
			var exponent string
			exponent, formula = attached(formula[size:])
			b.WriteString("<sup>" + formulaHTML(exponent, isKnob) + "</sup>")
		default:
			b.WriteString(html.EscapeString(string(r)))
			formula = formula[size:]
		}
	}
	return b.String()
}

// writeSign writes a word of a formula with its index, if it has one, and returns what is left of
// the rest of the formula. A single letter is a variable; a word is not.
func writeSign(b *strings.Builder, word, rest string) string {
	base, index, indexed := strings.Cut(word, "_")
	if indexed && index == "" && strings.HasPrefix(rest, "{") {
		index, rest = attached(rest)
	}
	switch {
	case isVariable(base) && (indexed || base != "a"): // "a" may be the article
		b.WriteString("<var>" + html.EscapeString(base) + "</var>")
	default:
		b.WriteString(html.EscapeString(base))
	}
	if index != "" {
		b.WriteString("<sub>" + html.EscapeString(index) + "</sub>")
	}
	return rest
}

// isVariable reports whether a word of a formula is a single letter, perhaps with a mark behind it.
func isVariable(word string) bool {
	r, size := firstRune(word)
	return unicode.IsLetter(r) && r != 'Σ' && strings.Trim(word[size:], "'") == ""
}

// attached returns the index or exponent that a text begins with, without brackets around it, and
// what follows.
func attached(text string) (inside, rest string) {
	for _, brackets := range []string{"{}", "()"} {
		if text != "" && text[0] == brackets[0] {
			if end := strings.IndexByte(text, brackets[1]); end > 0 {
				return text[1:end], text[end+1:]
			}
		}
	}
	end := strings.IndexFunc(text, func(r rune) bool {
		return strings.ContainsRune(" ·+()[]{}", r)
	})
	if end < 0 {
		end = len(text)
	}
	return text[:end], text[end:]
}

// leading returns the longest beginning of a text all of whose runes are of a kind.
func leading(text string, is func(rune) bool) string {
	end := strings.IndexFunc(text, func(r rune) bool { return !is(r) })
	if end < 0 {
		return text
	}
	return text[:end]
}

// isSignRune reports whether a rune can be within a sign of a formula.
func isSignRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' || r == '\''
}
