package recipe

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/posttrain/posttrain/core/param"
)

// targetOfMarkup returns the target of a link in HTML or Markdown, or of one as chat programs and
// wikis write it. Any other text is returned unchanged.
func (l linkReader) targetOfMarkup(text string) (string, error) {
	target, ok, err := inTag(text)
	if !ok && err == nil {
		target, ok, err = l.beforeLabel(text)
	}
	if !ok && err == nil {
		return l.inMarkdown(text)
	}
	return target, err
}

// htmlSpace has the characters that separate the attributes of an HTML tag.
const htmlSpace = " \t\r\n"

// inTag returns the target of a text that is an HTML link, an iframe or the element posttrain-lab.
// What stands between the tag and its end, such as the text of the link, is ignored.
func inTag(text string) (target string, ok bool, err error) {
	before, tag, _ := strings.Cut(text, "<")
	name, attributes := cutBefore(tag, htmlSpace)
	if !slices.Contains([]string{"a", "iframe", "posttrain-lab"}, strings.ToLower(name)) {
		return "", false, nil // <https://example.org> is no tag either
	}
	targets, whole := 0, true
	for whole && attributes != "" && attributes[0] != '>' {
		var key, value string
		key, value, attributes, whole = cutAttribute(attributes)
		if slices.Contains([]string{"href", "src", "link"}, strings.ToLower(key)) {
			target = value
			targets++
		}
	}
	behind, closed := strings.CutPrefix(attributes, ">")
	switch {
	case whole && targets == 0:
		return "", false, nil
	case whole && (targets > 1 || strings.Contains(behind, "href=")):
		return "", false, fmt.Errorf("there are several links in %s: want one", param.Quote(text))
	case !whole || !closed:
		return "", false, fmt.Errorf("%s is no whole HTML tag: want the link itself",
			param.Quote(text))
	case strings.TrimFunc(before, isWrapping) != "":
		return "", false, fmt.Errorf("%s stands in front of an HTML link: want one link",
			param.Quote(strings.TrimSpace(before)))
	}
	return target, true, nil
}

// cutAttribute cuts the first attribute off the text within a tag. ok is false if the quotes around
// its value are not closed, or are followed by more text.
func cutAttribute(text string) (key, value, rest string, ok bool) {
	key, rest = cutBefore(strings.TrimLeft(text, htmlSpace+"/"), htmlSpace+"=>")
	rest, ok = strings.CutPrefix(strings.TrimLeft(rest, htmlSpace), "=")
	if !ok {
		return key, "", rest, true
	}
	rest = strings.TrimLeft(rest, htmlSpace)
	if rest != "" && strings.ContainsAny(rest[:1], `"'`) {
		value, rest, ok = strings.Cut(rest[1:], rest[:1])
		return key, value, rest, ok && (rest == "" || strings.ContainsAny(rest[:1], htmlSpace+"/>"))
	}
	value, rest = cutBefore(rest, htmlSpace+">")
	return key, value, rest, true
}

// cutBefore splits a text before the first of the given characters. If there is none, rest is
// empty.
func cutBefore(text, chars string) (before, rest string) {
	end := strings.IndexAny(text, chars)
	if end < 0 {
		return text, ""
	}
	return text[:end], text[end:]
}

// beforeLabel returns the URL of a link with a label, as chat programs write it, <URL|label>, or
// wikis, [[URL|label]].
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

// isLabel reports whether a text behind a link is certainly its label and not the rest of the link.
// It is if it repeats the link, or if it consists of words with which the link would be wrong or
// mean the same.
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

// inMarkdown returns the target of a Markdown link. Any other text is returned unchanged.
func (l linkReader) inMarkdown(text string) (string, error) {
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
