package article

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/posttrain/posttrain/core/glossary"
)

// inliner writes texts as HTML for one page. It links papers everywhere, and terms of the glossary
// and methods where the page names them for the first time.
type inliner struct {
	terms   termIndex
	methods map[string]Ref // by name
	href    func(Ref) string
	met     map[Ref]bool // what is not linked any more
}

// termIndex has the words for the terms of the glossary by their first words, in small letters.
type termIndex map[string][]termWord

// termWord is a word, or several, that a text may have for a term.
type termWord struct {
	small string // in small letters
	entry glossary.Entry
}

// newTermIndex returns the words that texts link, as js/glossary.js of the site does.
func newTermIndex() termIndex {
	index := termIndex{}
	for _, e := range glossary.Entries() {
		if e.Plain {
			continue
		}
		for _, word := range e.Words() {
			small := strings.ToLower(word)
			first := leading(small, isWordRune)
			index[first] = append(index[first], termWord{small, e})
		}
	}
	return index
}

// find returns the term that a text begins with, and how long the words for it are there; nil if
// there is none. Of several the longest counts.
func (x termIndex) find(text string) (found *glossary.Entry, length int) {
	first := strings.ToLower(leading(text, isWordRune))
	for _, w := range x[first] {
		n := len(w.small)
		if n > length && n <= len(text) && strings.ToLower(text[:n]) == w.small &&
			!continues(text[n:]) {
			found, length = &w.entry, n
		}
	}
	return found, length
}

// isWordRune reports whether a rune can be within a word, or within a name of the catalogue.
func isWordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_'
}

// continues reports whether what follows a word belongs to it, as in "kl=loss" or "base-model".
func continues(text string) bool {
	r, _ := firstRune(text)
	return isWordRune(r) || strings.ContainsRune("/=‖-", r) && r != 0
}

// write returns a text as HTML.
func (w *inliner) write(text string) string {
	var b strings.Builder
	text = strings.Join(strings.Fields(text), " ")
	before := ' '
	for text != "" {
		r, size := firstRune(text)
		if !isWordRune(r) || isWordRune(before) || strings.ContainsRune("/=‖-", before) {
			b.WriteString(html.EscapeString(text[:size]))
			before, text = r, text[size:]
			continue
		}
		n := w.word(&b, text)
		before, _ = utf8.DecodeLastRuneInString(text[:n])
		text = text[n:]
	}
	return b.String()
}

// word writes the word that a text begins with, and returns its length in bytes.
func (w *inliner) word(b *strings.Builder, text string) int {
	if n := writePaper(b, text); n > 0 {
		return n
	}
	if n := writeSetting(b, text); n > 0 {
		return n
	}
	word := leading(text, isWordRune)
	if e, n := w.terms.find(text); e != nil && w.first(Ref{Kind: Term, Name: e.Name}) {
		ref := Ref{Kind: Term, Name: e.Name}
		b.WriteString(`<a class="term" href="` + w.href(ref) + `" title="` +
			html.EscapeString(strings.Join(strings.Fields(e.Doc), " ")) + `">` +
			html.EscapeString(text[:n]) + "</a>")
		return n
	}
	if m, ok := w.methods[word]; ok && !continues(text[len(word):]) && w.first(m) {
		b.WriteString(`<a href="` + w.href(m) + `">` + word + "</a>")
		return len(word)
	}
	if strings.Contains(word, "_") {
		b.WriteString("<code>" + html.EscapeString(word) + "</code>")
		return len(word)
	}
	b.WriteString(html.EscapeString(word))
	return len(word)
}

// first reports whether the page has not met a thing before, and notes that now it has.
func (w *inliner) first(r Ref) bool {
	r.Title = ""
	if w.met[r] {
		return false
	}
	w.met[r] = true
	return true
}

// writePaper writes a link to the paper whose number a text begins with. It returns the length of
// the number, and 0 if there is none.
func writePaper(b *strings.Builder, text string) int {
	for _, at := range []struct{ prefix, address, runes string }{
		{"arXiv:", "https://arxiv.org/abs/", "0123456789."},
		{"doi:", "https://doi.org/", "0123456789./BF-"},
	} {
		number, ok := strings.CutPrefix(text, at.prefix)
		if !ok {
			continue
		}
		number = strings.TrimRight(leading(number, func(r rune) bool {
			return strings.ContainsRune(at.runes, r)
		}), ".")
		b.WriteString(`<a href="` + at.address + number + `">` + at.prefix + number + "</a>")
		return len(at.prefix) + len(number)
	}
	return 0
}

// writeSetting writes the setting that a text begins with, such as style=x, as code. It returns its
// length, and 0 if there is none.
func writeSetting(b *strings.Builder, text string) int {
	name := leading(text, isWordRune)
	value, ok := strings.CutPrefix(text[len(name):], "=")
	if !ok {
		return 0
	}
	value = strings.TrimRight(leading(value, func(r rune) bool {
		return isWordRune(r) || strings.ContainsRune("-+.", r)
	}), ".")
	if value == "" {
		return 0
	}
	setting := name + "=" + value
	b.WriteString("<code>" + html.EscapeString(setting) + "</code>")
	return len(setting)
}
