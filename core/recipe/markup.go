package recipe

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/posttrain/posttrain/core/param"
)

// marked returns the target of a link in HTML, in Markdown, or as chat programs and wikis write it,
// and any other text as it is.
func (l linkReader) marked(text string) (string, error) {
	target, ok, err := inTag(text)
	if !ok && err == nil {
		target, ok, err = l.beforeLabel(text)
	}
	if !ok && err == nil {
		return l.markdown(text)
	}
	return target, err
}

// inTag returns the target of an HTML tag at the start of a text: of a link, an iframe or the
// element posttrain-lab. It ignores what stands between the tag and its end, since the quotes
// around an attribute tell where the target ends.
func inTag(text string) (target string, ok bool, err error) {
	before, tag, found := strings.Cut(text, "<")
	first, _ := utf8.DecodeRuneInString(tag)
	name, attributes, more := cutAny(tag, " \t\r\n")
	if !found || !more || !unicode.IsLetter(first) || !isTagName(name) {
		return "", false, nil
	}
	targets := 0
	for attributes != "" && attributes[0] != '>' {
		var key, value string
		if key, value, attributes, ok = cutAttribute(attributes); !ok {
			return "", false, fmt.Errorf("%s is no whole HTML tag: want the link itself",
				param.Quote(text))
		}
		if slices.Contains([]string{"href", "src", "link"}, strings.ToLower(key)) {
			target = value
			targets++
		}
	}
	switch _, rest, closed := strings.Cut(attributes, ">"); {
	case targets == 0:
		return "", false, nil
	case targets > 1 || strings.Contains(rest, "href="):
		return "", false, fmt.Errorf("there are several links in %s: want one", param.Quote(text))
	case !closed:
		return "", false, fmt.Errorf("%s is no whole HTML tag: want the link itself",
			param.Quote(text))
	case strings.TrimFunc(before, isWrapping) != "":
		return "", false, fmt.Errorf("%s stands in front of an HTML link: want one link",
			param.Quote(strings.TrimSpace(before)))
	}
	return target, true, nil
}

// isTagName reports whether a text can be the name of an HTML tag with a link in it. The address of
// a page cannot.
func isTagName(text string) bool {
	return slices.Contains([]string{"a", "iframe", "posttrain-lab"}, strings.ToLower(text))
}

// cutAttribute cuts the first attribute off the text within a tag. ok is false if its quotes are
// not closed.
func cutAttribute(text string) (key, value, rest string, ok bool) {
	text = strings.TrimLeft(text, " \t\r\n/")
	end := strings.IndexAny(text, "= \t\r\n>")
	if end < 0 {
		return text, "", "", true
	}
	key, rest = text[:end], strings.TrimLeft(text[end:], " \t\r\n")
	if rest, ok = strings.CutPrefix(rest, "="); !ok {
		return key, "", rest, true
	}
	rest = strings.TrimLeft(rest, " \t\r\n")
	if rest != "" && strings.ContainsAny(rest[:1], `"'`) {
		value, rest, ok = strings.Cut(rest[1:], rest[:1])
		return key, value, rest, ok && (rest == "" || strings.ContainsAny(rest[:1], " \t\r\n/>"))
	}
	if end = strings.IndexAny(rest, " \t\r\n>"); end < 0 {
		return key, rest, "", true
	}
	return key, rest[:end], strings.TrimLeft(rest[end:], " \t\r\n"), true
}

// beforeLabel returns the URL of a link as chat programs write it, <URL|label>, and wikis,
// [[URL|label]].
func (l linkReader) beforeLabel(text string) (target string, ok bool, err error) {
	target, label, found := strings.Cut(text, "|")
	target = strings.TrimSpace(target)
	start := strings.TrimLeftFunc(target, isWrapping)
	around := target[:len(target)-len(start)]
	if !found || !isURL(start) ||
		!strings.Contains(around, "<") && !strings.Contains(around, "[[") {
		return "", false, nil
	}
	if label = strings.TrimFunc(label, isWrapping); !l.isLabel(start, label) {
		return "", false, fmt.Errorf("%s behind a | may belong to the link or be its label: want "+
			"the link itself", param.Quote(label))
	}
	return start, true, nil
}

// isLabel reports whether a text behind a link can only be its label: the link once more, or words
// that cannot be the rest of the link, or at least do not change its experiment.
func (l linkReader) isLabel(link, text string) bool {
	if text == "" || text == link {
		return true
	}
	if first, _ := utf8.DecodeRuneInString(text); !unicode.IsLetter(first) ||
		strings.ContainsAny(text, "=&~#") {
		return false
	}
	without, err := l.catalogue.Parse(link)
	with, errWith := l.catalogue.Parse(link + text)
	return err != nil || errWith != nil || with.Link() == without.Link()
}

// markdown returns the target of a Markdown link, and any other text as it is.
func (l linkReader) markdown(text string) (string, error) {
	label, target, ok := strings.Cut(text, "](")
	if !ok {
		return text, nil
	}
	if !strings.HasPrefix(strings.TrimLeft(label, " \t\r\n!*_>-`\"'("), "[") {
		return "", fmt.Errorf("%s stands in front of a Markdown link: want one link",
			param.Quote(label))
	}
	if link, title, titled := strings.Cut(target, ` "`); titled &&
		strings.HasSuffix(strings.TrimSpace(title), `")`) && l.isLabel(link,
		strings.TrimFunc(title, isWrapping)) {
		return link, nil
	}
	return target, nil
}

// cutAny cuts a text at the first of some characters.
func cutAny(text, chars string) (before, after string, found bool) {
	if at := strings.IndexAny(text, chars); at >= 0 {
		return text[:at], text[at+1:], true
	}
	return text, "", false
}
