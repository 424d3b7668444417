package recipe

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/posttrain/posttrain/core/param"
)

// unescape decodes percent signs and HTML entities and replaces characters that look like those of
// ASCII, until nothing changes any more.
func unescape(text string) (string, error) {
	for range maxEscapes {
		if err := checkSoftHyphens(text); err != nil {
			return "", err
		}
		plain, err := url.PathUnescape(text)
		if err != nil {
			return "", fmt.Errorf("%s in the link is not well escaped: want %% only before two "+
				"hexadecimal digits, as in %%7E for ~", param.Quote(badlyEscaped(text)))
		}
		plain = strings.Map(toASCII, namedEntities.Replace(decodeNumberedEntities(plain)))
		if plain == text {
			return text, nil
		}
		text = plain
	}
	return "", fmt.Errorf("the link %s is escaped more than %d times over", param.Quote(text),
		maxEscapes)
}

// checkSoftHyphens returns an error if there is a soft hyphen beside a digit, because it may stand
// for a minus sign or for nothing.
func checkSoftHyphens(text string) error {
	for i, r := range text {
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		after, _ := utf8.DecodeRuneInString(text[i+utf8.RuneLen(r):])
		if r == '\u00ad' && (unicode.IsDigit(before) || unicode.IsDigit(after)) {
			return fmt.Errorf("%s in the link has a hyphen that may be a minus sign or not: want "+
				"it with - or without", param.Quote(text))
		}
	}
	return nil
}

// badlyEscaped returns the part of a link that url.PathUnescape refuses, to be quoted in an error.
func badlyEscaped(text string) string {
	for part := range strings.FieldsFuncSeq(text,
		func(r rune) bool { return strings.ContainsRune("?&#", r) }) {
		if _, err := url.PathUnescape(part); err != nil {
			return part
		}
	}
	return text
}

// namedEntities decodes the HTML entities of characters that stand in links or around them, and the
// escapes of & and = in JSON. It decodes &amp without its semicolon too, because some programs lose
// it; no key of a link begins with amp.
var namedEntities = strings.NewReplacer("&amp;", "&", "&AMP;", "&", "&amp", "&", "&equals;", "=",
	"&comma;", ",", "&quest;", "?", "&num;", "#", "&percnt;", "%",
	"&lowbar;", "_", "&period;", ".", "&plus;", "+", "&hyphen;", "-", "&nbsp;", " ", "&quot;", `"`,
	"&apos;", "'", "&lt;", "<", "&gt;", ">",
	`\u0026`, "&", `\u003d`, "=", `\u003D`, "=")

// decodeNumberedEntities decodes HTML entities with a number, such as &#38; and &#x26;.
func decodeNumberedEntities(text string) string {
	var out strings.Builder
	for {
		before, after, found := strings.Cut(text, "&#")
		out.WriteString(before)
		if !found {
			return out.String()
		}
		if r, rest, ok := cutNumberedEntity(after); ok {
			out.WriteRune(r)
			text = rest
		} else {
			out.WriteString("&#")
			text = after
		}
	}
}

// cutNumberedEntity reads what follows the &# of an HTML entity. It returns the character, and the
// text after the semicolon.
func cutNumberedEntity(text string) (r rune, rest string, ok bool) {
	const maxLength = 8 // of the number and the semicolon
	end := strings.IndexByte(text[:min(len(text), maxLength)], ';')
	if end < 0 {
		return 0, text, false
	}
	number, base := text[:end], 10
	if hexadecimal := strings.TrimLeft(number, "xX"); hexadecimal != number {
		number, base = hexadecimal, 16
	}
	code, err := strconv.ParseUint(number, base, 20)
	return rune(code), text[end+1:], err == nil
}

// toASCII is a mapping for [strings.Map]. It returns the ASCII character that r looks like, -1 if r
// is invisible, and otherwise r.
func toASCII(r rune) rune {
	switch {
	case r >= '！' && r <= '～': // the full-width forms of ! to ~
		return r - '！' + '!'
	case strings.ContainsRune("\u2010\u2011\u2012\u2013\u2212", r):
		// hyphens, a dash and the minus sign
		return '-'
	case strings.ContainsRune("\u02dc\u223c\u301c", r): // small tilde, tilde operator, wave dash
		return '~'
	case r == '\u00ad' || r == '\ufeff' || r >= '\u200b' && r <= '\u200f' ||
		r >= '\u202a' && r <= '\u202e' || r >= '\u2060' && r <= '\u2069':
		return -1 // soft hyphen, byte order mark, zero widths, writing directions
	}
	return r
}
