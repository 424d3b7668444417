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

// linkReader reads links as users paste them. It needs a catalogue, since a name alone is a link.
type linkReader struct{ catalogue *Catalogue }

// mostEscapes is how many times a link may have been escaped, one over the other.
const mostEscapes = 8

// unmangle undoes what chat programs, mailers, word processors and copying do to a link, and
// returns its recipe: the part after the # of a URL, or all of it where there is no URL. Blanks
// stay, because what they mean depends on where they are.
//
// Every step is safe because no key, name, number or choice of a link can contain the characters
// that it removes or replaces. Where one text may come from two links, the error says so.
func (l linkReader) unmangle(link string) (string, error) {
	text, err := l.marked(unquotePrintable(unquoteLines(link)))
	if err == nil {
		text, err = redirected(text)
	}
	cut := false
	if err == nil {
		text, cut, err = l.afterHash(text)
	}
	if err == nil {
		err = separate(text)
	}
	if err == nil {
		text, err = unescape(text)
	}
	// the # itself was escaped, or a whole URL stands behind one
	if err == nil && (!cut || isURL(text)) {
		text, cut, err = l.afterHash(text)
	}
	if err != nil {
		return "", err
	}
	if !cut && isURL(text) {
		if query, ok := l.afterQuestionMark(text); ok {
			return unwrap(unslash(query))
		}
		return "", fmt.Errorf("the URL %s has no recipe: want one after a #", param.Quote(link))
	}
	return unwrap(unslash(text))
}

// isURL reports whether a text begins with the address of a page.
func isURL(text string) bool {
	place, _, _ := strings.Cut(text, "?")
	return strings.Contains(place, "://")
}

// unquoteLines removes the > that mailers put in front of the lines of a message that they quote.
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

// unquotePrintable undoes the encoding that mail is sent in: = is written =3D, and lines that are
// too long end in = and go on in the next. It leaves a text alone in which any = is not written so.
func unquotePrintable(text string) string {
	joined := strings.NewReplacer("=\r\n", "", "=\n", "").Replace(text)
	if n := strings.Count(joined, "="); n == 0 || n != strings.Count(joined, "=3D") {
		return text
	}
	return strings.ReplaceAll(joined, "=3D", "=")
}

// redirected returns the URL that a redirecting one leads to, such as those that mail filters and
// search engines make of links. It returns any other text as it is.
func redirected(text string) (string, error) {
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

// recipeKeys has keys of links that do not occur in URLs of redirecting and tracking websites.
var recipeKeys = []string{"lane", "seed", "v", "base", "teacher", "passk", "eval_every",
	"eval_prompts", "rows", "hide", "scene"}

// separate returns an error for a link with an escaped & in the value of a key that is not part of
// the experiment: the text after it may belong to that value or to the recipe.
func separate(text string) error {
	for part := range strings.SplitSeq(text, "&") {
		key, value, _ := strings.Cut(part, "=")
		key = key[strings.LastIndexByte(key, '?')+1:]
		if plain, err := unescape(value); err == nil &&
			(tracks(key) || slices.Contains(pageKeys, key)) && namesKey(plain) {
			return fmt.Errorf("%s in the link may be one key or two: want & between two",
				param.Quote(part))
		}
	}
	return nil
}

// namesKey reports whether a text has a key of a recipe with its =.
func namesKey(text string) bool {
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

// afterHash returns what follows the first # of a text that neither belongs to an HTML entity nor
// ends the text. It returns all of the text where there is none, and cut reports whether there was
// one.
func (l linkReader) afterHash(text string) (after string, cut bool, err error) {
	end := len(strings.TrimRightFunc(text, isWrapping))
	for at := range end {
		if text[at] != '#' {
			continue
		}
		if _, _, entity := numbered(text[at+1:]); entity && at > 0 && text[at-1] == '&' {
			continue
		}
		if before := text[:at]; !l.isPage(before) {
			return "", false, fmt.Errorf("%s stands in front of a #, where the address of a page "+
				"belongs: want one link", param.Quote(before))
		}
		return text[at+1:], true, nil
	}
	return text, false, nil
}

// afterQuestionMark returns the query of a URL if it begins with the name of an exhibit or a task:
// somebody wrote a ? in the place of the #.
func (l linkReader) afterQuestionMark(url string) (query string, ok bool) {
	_, query, _ = strings.Cut(url, "?")
	name := query
	if end := strings.IndexAny(query, "?&"); end >= 0 {
		name = query[:end]
	}
	return query, l.catalogue.hasName(strings.TrimFunc(name, isWrapping))
}

// isPage reports whether a text can be the address of a page without a link, perhaps behind a few
// words.
func (l linkReader) isPage(text string) bool {
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

// unslash removes backslashes in front of characters that are neither letters nor digits, where
// shells and Markdown put them.
func unslash(text string) string {
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

// wrapping has the characters that stand around links in a text, and never at either end of one.
const wrapping = ".,;:!?()[]{}<>\"'`*|/\\#“”„‟‘’‚‛«»‹›…。、「」『』【】《》〈〉"

func isWrapping(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(wrapping, r) }

// unwrap removes the punctuation around a link, and what browsers add to one that leads to a phrase
// of a page.
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
