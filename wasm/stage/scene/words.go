package scene

import (
	"cmp"
	"strconv"
	"strings"
)

// Width estimates the width of a text, since only the browser knows the font. It rather returns too
// much than too little.
func Width(text string, size float64, bold, mono bool) float64 {
	em := 0.0
	for _, r := range text {
		if mono {
			em += 0.61
			continue
		}
		switch r {
		case ' ', '\u202f', '.', ',', ':', ';', '\'', '|', 'i', 'j', 'l', '·':
			em += 0.34
		case 'f', 'r', 't', 'I', '(', ')', '-':
			em += 0.42
		case 'm', 'w', 'M', 'W', '%', '→', '…':
			em += 0.95
		default:
			if r >= 'A' && r <= 'Z' {
				em += 0.70
			} else {
				em += 0.60
			}
		}
	}
	if bold && !mono {
		em *= 1.06
	}
	return em * size
}

// Box returns the place of a word, as wide as Width estimates.
func (w Word) Box() Box {
	wide, high := Width(w.Text, w.Size, w.Bold, w.Mono), w.Size*1.25
	b := Box{w.At.X, w.At.Y - high/2, wide, high}
	switch w.Anchor {
	case Middle:
		b.X -= wide / 2
	case End:
		b.X -= wide
	}
	return b
}

// fit returns a text, shortened to a width.
func fit(text string, wide, size float64, bold, mono bool) string {
	if Width(text, size, bold, mono) <= wide {
		return text
	}
	letters := []rune(text)
	for n := len(letters) - 1; n > 0; n-- {
		if short := strings.TrimRight(string(letters[:n]), " ,") + "…"; Width(short, size, bold,
			mono) <= wide {
			return short
		}
	}
	return ""
}

// fitWords returns a text in words, shortened to a width by whole words.
func fitWords(text string, wide, size float64) string {
	short := text
	for rest := text; Width(short, size, false, false) > wide; {
		at := strings.LastIndexByte(rest, ' ')
		if at < 0 {
			return ""
		}
		rest = rest[:at]
		short = rest + " …"
	}
	return short
}

// wrapped returns the lines of a text in words that fit a width. A word that is wider has a line of
// its own, and no line begins with a full stop or a question mark.
func wrapped(text string, wide, size float64, bold bool) (lines []string) {
	line, words := "", strings.Fields(text)
	for i, word := range words {
		needed := strings.TrimSpace(line + " " + word)
		longer := needed
		if i+1 < len(words) && (words[i+1] == "." || words[i+1] == "?") {
			needed += " " + words[i+1]
		}
		if line == "" || word == "." || word == "?" || Width(needed, size, bold, false) <= wide {
			line = longer
			continue
		}
		lines, line = append(lines, line), word
	}
	return append(lines, line)
}

// chopped returns the lines of a text in symbols that fit a width, in the font of responses.
func chopped(text string, wide, size float64) (lines []string) {
	letters, most := []rune(text), max(1, int(wide/Width("0", size, false, true)))
	for len(letters) > most {
		lines, letters = append(lines, string(letters[:most])), letters[most:]
	}
	return append(lines, string(letters))
}

// firstFit returns the first text that fits a width, or the last one, shortened.
func firstFit(wide, size float64, bold bool, texts ...string) string {
	return cmp.Or(firstWhole(wide, size, bold, texts...),
		fit(texts[len(texts)-1], wide, size, bold, false))
}

// firstWhole returns the first text that fits a width, or "".
func firstWhole(wide, size float64, bold bool, texts ...string) string {
	for _, t := range texts {
		if Width(t, size, bold, false) <= wide {
			return t
		}
	}
	return ""
}

// share formats a number from 0 to 1: .97, 1.00.
func share(x float64) string {
	return strings.TrimPrefix(strconv.FormatFloat(x, 'f', 2, 64), "0")
}

// probability formats a probability, however small: .97, .04, .0003, 2e-7.
func probability(p float64) string {
	if p == 0 || p >= 0.0995 {
		return share(p)
	}
	short := strings.Replace(strconv.FormatFloat(p, 'e', 0, 64), "e-0", "e-", 1)
	if digits, err := strconv.Atoi(short[len("1e-"):]); err == nil && digits <= 4 {
		return strings.TrimPrefix(strconv.FormatFloat(p, 'f', max(digits, 2), 64), "0")
	}
	return short
}

// amount formats a count with few digits: 7, 950, 1.2k, 51k, 3.4M.
func amount(x float64) string {
	unit := ""
	for _, u := range []string{"k", "M", "G", "T", "P", "E"} {
		if x < 999.5 {
			break
		}
		x, unit = x/1000, u
	}
	digits := 0
	if x < 9.95 && x != float64(int(x)) {
		digits = 1
	}
	return strings.TrimSuffix(strconv.FormatFloat(x, 'f', digits, 64), ".0") + unit
}

// plural returns a number and the singular or plural of a word.
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}
