package recipe

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/posttrain/posttrain/core/param"
)

// linkReader reads links as users paste them. It needs the names in the catalogue, because a name
// alone is a link.
type linkReader struct{ catalogue *Catalogue }

// maxEscapes is how many times over a link may have been escaped.
const maxEscapes = 8

// unmangle undoes what chat programs, mailers, word processors and copying do to a link. It returns
// the part after the # of a URL, or the whole link if it is not part of a URL. It keeps blanks,
// because what they mean depends on where they are.
//
// Every step is safe, because no key, name, number or choice in a link can contain the characters
// that the step removes or replaces. If a text may come from two different links, unmangle returns
// an error.
func (l linkReader) unmangle(link string) (string, error) {
	text, err := l.targetOfMarkup(unquotePrintable(unquoteLines(link)))
	if err == nil {
		text, err = targetOfRedirect(text)
	}
	hadHash := false
	if err == nil {
		text, hadHash, err = l.afterHash(text)
	}
	if err == nil {
		err = checkSeparators(text)
	}
	if err == nil {
		text, err = unescape(text)
	}
	// the # may have been escaped, or followed by a whole URL
	if err == nil && (!hadHash || isURL(text)) {
		text, hadHash, err = l.afterHash(text)
	}
	if err != nil {
		return "", err
	}
	if !hadHash && isURL(text) {
		if query, ok := l.afterQuestionMark(text); ok {
			return unwrap(withoutBackslashes(query))
		}
		return "", fmt.Errorf("the URL %s has no recipe: want one after a #", param.Quote(link))
	}
	return unwrap(withoutBackslashes(text))
}

// isURL reports whether a text has :// before its first ?, as a URL has. Words may stand in front
// of the URL.
func isURL(text string) bool {
	place, _, _ := strings.Cut(text, "?")
	return strings.Contains(place, "://")
}

// unquoteLines removes the > that mailers put in front of each line of a message that they quote.
func unquoteLines(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if quoted := strings.TrimLeft(line, "> \t"); strings.Contains(line[:len(line)-len(quoted)],
			">") {
			lines[i] = quoted
		}
	}
	return strings.Join(lines, "\n")
}

// unquotePrintable decodes the encoding that mail is sent in, quoted-printable: = is written =3D,
// and long lines are broken after an additional =. It returns a text unchanged if any other = is in
// it.
func unquotePrintable(text string) string {
	joined := strings.NewReplacer("=\r\n", "", "=\n", "").Replace(text)
	if n := strings.Count(joined, "="); n == 0 || n != strings.Count(joined, "=3D") {
		return text
	}
	return strings.ReplaceAll(joined, "=3D", "=")
}

// targetOfRedirect returns the URL that a redirecting URL leads to. Mail filters and search engines
// put such URLs in place of links. Any other text is returned unchanged.
func targetOfRedirect(text string) (string, error) {
	place, query, _ := strings.Cut(text, "?")
	if strings.Contains(text, "#") || strings.Contains(place, "%23") || !isURL(text) {
		return text, nil
	}
	target := ""
	for pair := range strings.SplitSeq(query, "&") {
		key, value, _ := strings.Cut(pair, "=")
		if target != "" && slices.Contains(recipeKeys, key) {
			return "", fmt.Errorf("%s may belong to the link or to the page that leads to it: "+
				"want the link itself", param.Quote(pair))
		}
		if t, err := unescape(value); target == "" && err == nil && isURL(t) && strings.Contains(t,
			"#") {
			target = t
		}
	}
	return cmp.Or(target, text), nil
}

// recipeKeys are keys of links that do not occur in the URLs of redirecting and tracking websites.
var recipeKeys = []string{"lane", "seed", "v", "base", "teacher", "passk", "eval_every",
	"eval_prompts", "rows", "hide", "scene"}

// checkSeparators returns an error if a page key or a tracking key has an escaped & in its value.
// The text after such an & may belong to the value, or it may be another key of the recipe.
func checkSeparators(text string) error {
	for part := range strings.SplitSeq(text, "&") {
		key, value, _ := strings.Cut(part, "=")
		key = key[strings.LastIndexByte(key, '?')+1:]
		if plain, err := unescape(value); err == nil &&
			(isTrackingKey(key) || slices.Contains(pageKeys, key)) && hasRecipeKey(plain) {
			return fmt.Errorf("%s in the link may be one key or two: want & between two",
				param.Quote(part))
		}
	}
	return nil
}

// hasRecipeKey reports whether a text has a key of a recipe, followed by =.
func hasRecipeKey(text string) bool {
	for before, after, found := strings.Cut(text,
		"="); found; before, after, found = strings.Cut(after, "=") {
		name := before[strings.LastIndexFunc(before,
			func(r rune) bool { return r != '_' && !unicode.IsLetter(r) })+1:]
		if slices.ContainsFunc(recipeKeys,
			func(key string) bool { return name == key || strings.HasSuffix(name, "_"+key) }) {
			return true
		}
	}
	return false
}

// afterHash returns what follows the first # of a text, and true. A # that is part of an HTML
// entity or that ends the text does not count. If there is no other, afterHash returns the whole
// text and false.
func (l linkReader) afterHash(text string) (after string, found bool, err error) {
	end := len(strings.TrimRightFunc(text, isWrapping))
	for at := range end {
		if text[at] != '#' {
			continue
		}
		if _, _, entity := cutNumberedEntity(text[at+1:]); entity && at > 0 && text[at-1] == '&' {
			continue
		}
		if before := text[:at]; !l.mayBePageAddress(before) {
			return "", false, fmt.Errorf("%s stands in front of a #, where the address of a page "+
				"belongs: want one link", param.Quote(before))
		}
		return text[at+1:], true, nil
	}
	return text, false, nil
}

// afterQuestionMark returns the query of a URL. It also reports whether the query begins with the
// name of an exhibit or a task, as it does if somebody has written ? instead of #.
func (l linkReader) afterQuestionMark(url string) (query string, ok bool) {
	_, query, _ = strings.Cut(url, "?")
	name := query
	if end := strings.IndexAny(query, "?&"); end >= 0 {
		name = query[:end]
	}
	return query, l.catalogue.hasName(strings.TrimFunc(name, isWrapping))
}

// mayBePageAddress reports whether a text can be the address of a page, in which no link has begun
// yet. Words may stand in front of the address.
func (l linkReader) mayBePageAddress(text string) bool {
	words := strings.Fields(text)
	for i, word := range words {
		name := strings.TrimFunc(word, isWrapping)
		host, _, isURL := strings.Cut(word, "://")
		last := i == len(words)-1
		switch {
		case last && isURL:
			if strings.ContainsAny(host, "?=&") {
				return false
			}
		case last && strings.ContainsAny(word[:1], "/."):
		case strings.ContainsAny(word, "?=&") || l.catalogue.hasName(name):
			return false
		}
	}
	return true
}

// withoutBackslashes returns text without the backslashes that shells and Markdown put in front of
// characters other than letters and digits.
func withoutBackslashes(text string) string {
	var out strings.Builder
	for i, r := range text {
		if r == '\\' {
			if next, size := utf8.DecodeRuneInString(text[i+1:]); size > 0 &&
				!unicode.IsLetter(next) && !unicode.IsDigit(next) {
				continue
			}
		}
		out.WriteRune(r)
	}
	return out.String()
}

// wrapping has the characters that can stand around a link in a text. No link begins or ends with
// one of them.
const wrapping = ".,;:!?()[]{}<>\"'`*|/\\#“”„‟‘’‚‛«»‹›…。、「」『』【】《》〈〉"

func isWrapping(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(wrapping, r) }

// unwrap removes the punctuation around a link, and the :~: with which browsers link to a phrase of
// a page. It returns an error if the link ends in dots, because then a part of it is missing.
func unwrap(text string) (string, error) {
	text, _, _ = strings.Cut(text, ":~:")
	text = strings.TrimLeftFunc(text, isWrapping)
	bare := strings.TrimRightFunc(text, isWrapping)
	end := strings.Join(strings.Fields(text[len(bare):]), "")
	if strings.Contains(end, "..") || strings.Contains(end, "…") {
		return "", fmt.Errorf("the link %s ends in %s, so a part of it is missing: want "+
			"the whole link", param.Quote(text), end)
	}
	return bare, nil
}
