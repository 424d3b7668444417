package recipe

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/posttrain/posttrain/core/param"
)

// address is a link in parts: its name, and its keys with their values in the link's order.
type address struct {
	name  string
	pairs []pair
}

type pair struct{ key, value string }

// maxLink is the greatest length of a link, in bytes.
const maxLink = 1 << 16

// readAddress reads a link, which may be the fragment of a URL. It first undoes what programs have
// done to the link on its way, see unmangle. The page, the element posttrain-lab and the command
// line all read links by this method, so a text means the same to each of them.
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
	if a.name, err = withoutStrayBlanks(name); err != nil {
		return a, err
	}
	given := onceEach{}
	query, appended, _ := strings.Cut(query, "?")
	for part := range strings.SplitSeq(query, "&") {
		p, err := readPair(part)
		if err != nil {
			return a, err
		}
		if p.key == "" || isTrackingKey(p.key) {
			continue
		}
		// of a page key that is given twice, the last value counts
		if p.key != "lane" && !slices.Contains(pageKeys, p.key) {
			err = given.add(p.key, p.value)
		}
		if err != nil {
			return a, err
		}
		a.pairs = append(a.pairs, p)
	}
	for part := range strings.FieldsFuncSeq(appended,
		func(r rune) bool { return r == '?' || r == '&' }) {
		// anything else may belong to a second link
		if p, err := readPair(part); err != nil || !isTrackingKey(p.key) {
			return a, fmt.Errorf("%s in the link stands behind a second ?: want & between two "+
				"keys, and one link", param.Quote(strings.TrimSpace(part)))
		}
	}
	return a, nil
}

// onceEach maps keys to values. A key cannot be given two different values.
type onceEach map[string]string

// add sets the value of a key. It returns an error if the key already has another value, because
// either of them may be meant.
func (s onceEach) add(key, value string) error {
	if before, ok := s[key]; ok && before != value {
		return fmt.Errorf("%s is given twice, as %s and as %s: want it once", key,
			param.Quote(before), param.Quote(value))
	}
	s[key] = value
	return nil
}

// readPair reads key=value. If part is blank, it returns an empty key.
func readPair(part string) (p pair, err error) {
	key, value, ok := strings.Cut(part, "=")
	p.key = withoutBlanks(key)
	switch {
	case !ok && p.key == "": // two & in a row, or one at the end
	case !ok:
		err = fmt.Errorf("%s in the link has no value: want key=value",
			param.Quote(strings.TrimSpace(part)))
	case p.key == "":
		err = fmt.Errorf("%s in the link has no key: want key=value",
			param.Quote(strings.TrimSpace(part)))
	case isTrackingKey(p.key) && hasRecipeKey(value):
		err = fmt.Errorf("%s in the link may be one key or two: want & between two",
			param.Quote(strings.TrimSpace(part)))
	case isTrackingKey(p.key):
	case slices.Contains(packedKeys, p.key): // a missing character in them is found later
		p.value = withoutBlanks(value)
	default:
		p.value, err = withoutStrayBlanks(value)
	}
	return p, err
}

// withoutBlanks returns text without blanks and line breaks.
func withoutBlanks(text string) string { return strings.Join(strings.Fields(text), "") }

// withoutStrayBlanks returns text without the blanks and line breaks that have got into it. A plus
// beside a separator is removed as well: it stands for a blank, or it is the sign of a number,
// which is the same number without it. A blank that may have split a number is an error.
func withoutStrayBlanks(text string) (string, error) {
	var out strings.Builder
	for text != "" {
		end := strings.IndexAny(text, ",~=")
		word := text
		if end >= 0 {
			word = text[:end]
		}
		blank := func(r rune) bool { return unicode.IsSpace(r) || r == '+' }
		// REINFORCE++ keeps its plus signs, so that the error about it suggests reinforce_pp
		if strings.HasSuffix(word, "++") {
			word = strings.TrimLeftFunc(word, blank)
		} else {
			word = strings.TrimFunc(word, blank)
		}
		words := strings.Fields(word)
		for i, w := range words {
			if i > 0 && maySplitNumber(words[i-1], w) {
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

// maySplitNumber reports whether a blank between two texts may stand within a number or between two
// numbers.
func maySplitNumber(before, after string) bool {
	if exponent := strings.TrimRight(before, "eE"); exponent != "" && exponent != before &&
		strings.Trim(exponent, "0123456789.") == "" {
		return true // an exponent may have lost its minus sign at the end of a line
	}
	return strings.ContainsAny(before[len(before)-1:], "0123456789.") &&
		strings.ContainsAny(after[:1], "0123456789.eE")
}

// isTrackingKey reports whether a key is one that websites append to links in order to follow their
// visitors.
func isTrackingKey(key string) bool {
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
