package recipe

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/posttrain/posttrain/core/param"
)

// address is a link taken apart: a name, and keys with their values in the order in which they
// stand.
type address struct {
	name  string
	pairs []pair
}

type pair struct{ key, value string }

// maxLink bounds the text that is read.
const maxLink = 1 << 16

// readAddress reads a link, bare or as the fragment of a URL. It undoes what programs have done to
// it on its way, see unmangle. All links are read here, so that the page, the element and the
// command line read a text as the same experiment or return the same error.
func (l linkReader) readAddress(link string) (address, error) {
	if len(link) > maxLink {
		return address{}, fmt.Errorf("the link is %d characters long: at most %d are read",
			len(link), maxLink)
	}
	text, err := l.unmangle(link)
	if err != nil {
		return address{}, err
	}
	name, query := text, ""
	if end := strings.IndexAny(text, "?&"); end >= 0 {
		name, query = text[:end], strings.TrimLeft(text[end:], "?&")
	}
	var a address
	if a.name, err = tidy(name); err != nil {
		return a, err
	}
	given := onceEach{}
	query, appended, _ := strings.Cut(query, "?")
	for part := range strings.SplitSeq(query, "&") {
		p, err := readPair(part)
		if err != nil {
			return a, err
		}
		if p.key == "" || tracks(p.key) {
			continue
		}
		if p.key != "lane" && !slices.Contains(pageKeys, p.key) { // the page's last one counts
			err = given.add(p.key, p.value)
		}
		if err != nil {
			return a, err
		}
		a.pairs = append(a.pairs, p)
	}
	for part := range strings.FieldsFuncSeq(appended,
		func(r rune) bool { return r == '?' || r == '&' }) {
		if p, err := readPair(part); err != nil || !tracks(p.key) { // by websites, or a second link
			return a, fmt.Errorf("%s in the link stands behind a second ?: want & between two "+
				"keys, and one link", param.Quote(strings.TrimSpace(part)))
		}
	}
	return a, nil
}

// onceEach has values by their keys. Each key may occur once.
type onceEach map[string]string

// add adds a value. A second value for a key is an error, since either may be the one that was
// meant.
func (s onceEach) add(key, value string) error {
	if before, ok := s[key]; ok && before != value {
		return fmt.Errorf("%s is given twice, as %s and as %s: want it once", key,
			param.Quote(before), param.Quote(value))
	}
	s[key] = value
	return nil
}

// readPair reads one key=value. The key of a blank part is "".
func readPair(part string) (p pair, err error) {
	key, value, ok := strings.Cut(part, "=")
	p.key = unblank(key)
	switch {
	case !ok && p.key == "": // two & in a row, or one at the end
	case !ok:
		err = fmt.Errorf("%s in the link has no value: want key=value",
			param.Quote(strings.TrimSpace(part)))
	case p.key == "":
		err = fmt.Errorf("%s in the link has no key: want key=value",
			param.Quote(strings.TrimSpace(part)))
	case tracks(p.key) && namesKey(value):
		err = fmt.Errorf("%s in the link may be one key or two: want & between two",
			param.Quote(strings.TrimSpace(part)))
	case tracks(p.key):
	case p.key == "data" || p.key == "rows": // a loss in them is detected later
		p.value = unblank(value)
	default:
		p.value, err = tidy(value)
	}
	return p, err
}

// unblank returns text without its blanks.
func unblank(text string) string { return strings.Join(strings.Fields(text), "") }

// tidy returns a text without the blanks and line breaks that got into it. A plus may stand for a
// blank: beside a separator it is one, or the sign of a number that is the same without it.
func tidy(text string) (string, error) {
	var out strings.Builder
	for text != "" {
		end := strings.IndexAny(text, ",~=")
		word := text
		if end >= 0 {
			word = text[:end]
		}
		blank := func(r rune) bool { return unicode.IsSpace(r) || r == '+' }
		if strings.HasSuffix(word, "++") { // a method's name as in papers; the error suggests ours
			word = strings.TrimLeftFunc(word, blank)
		} else {
			word = strings.TrimFunc(word, blank)
		}
		words := strings.Fields(word)
		for i, w := range words {
			if i > 0 && twoNumbers(words[i-1], w) {
				return "", fmt.Errorf("%s in the link has a blank within a number, so it may be "+
					"one or two: want one without blanks", param.Quote(words[i-1]+" "+w))
			}
			out.WriteString(w)
		}
		if end < 0 {
			break
		}
		out.WriteByte(text[end])
		text = text[end+1:]
	}
	return out.String(), nil
}

// twoNumbers reports whether a number may end before a blank and another, or the rest of it, begin
// after it.
func twoNumbers(before, after string) bool {
	if exponent := strings.TrimRight(before, "eE"); exponent != "" && exponent != before &&
		strings.Trim(exponent, "0123456789.") == "" {
		return true // the e of a number whose minus sign may have been lost at the end of a line
	}
	return strings.ContainsAny(before[len(before)-1:], "0123456789.") &&
		strings.ContainsAny(after[:1], "0123456789.eE")
}

// tracks reports whether a key is one of those by which websites follow their visitors, and which
// they append to any link.
func tracks(key string) bool {
	return slices.Contains(trackers, key) ||
		slices.ContainsFunc(trackerPrefixes,
			func(prefix string) bool { return strings.HasPrefix(key, prefix) })
}

var (
	trackers = []string{"fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid",
		"twclid", "ttclid", "yclid", "ymclid", "li_fat_id", "igsh", "igshid",
		"mkt_tok", "s_cid", "cmpid", "ref", "referrer", "ref_src", "ref_url", "source", "si", "spm",
		"sfnsn", "rdt_cid", "epik", "_ga", "_gl", "_openstat"}
	trackerPrefixes = []string{"utm_", "mtm_", "itm_", "pk_", "piwik_", "hsa_", "_hs", "__hs",
		"mc_", "fb_", "oly_", "vero_"}
)
