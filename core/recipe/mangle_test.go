package recipe

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
)

// clean is a link as the page shows it, and mangled are forms in which it may arrive. refused are
// forms that may mean something else, or nothing, each with a part of its error.
const clean = "cards?seed=7&lane=sft,lr=0.002,steps=100~grpo,beta=0&lane=grpo,steps=20&hide=cost,field"

var mangled = map[string]string{
	"as it is":                     clean,
	"blanks around":                "  " + clean + " \n",
	"a whole URL":                  "https://example.org/lab/#" + clean,
	"a URL within a sentence":      "Try https://example.org/#" + clean + ".",
	"HTML escaped":                 strings.ReplaceAll(clean, "&", "&amp;"),
	"HTML escaped twice":           strings.ReplaceAll(clean, "&", "&amp;amp;"),
	"HTML escaped, semicolon lost": strings.ReplaceAll(clean, "&", "&amp"),
	"HTML escaped by number":       strings.ReplaceAll(clean, "&", "&#38;"),
	"HTML escaped by hex number":   strings.ReplaceAll(clean, "&", "&#x26;"),
	"every sign as an HTML entity": strings.NewReplacer("&", "&amp;", "=", "&equals;", ",",
		"&comma;", "?", "&quest;").Replace("https://example.org/&num;" + clean),
	"JSON escaped":             strings.NewReplacer("&", `\u0026`, "=", `\u003d`).Replace(clean),
	"full stop":                clean + ".",
	"comma":                    clean + ",",
	"semicolon":                clean + ";",
	"colon":                    clean + ":",
	"closing bracket":          clean + ")",
	"square bracket":           clean + "]",
	"greater than":             clean + ">",
	"quote":                    clean + `"`,
	"apostrophe":               clean + "'",
	"many at once":             clean + `">).`,
	"exclamation and question": clean + "?!",
	"in angle brackets":        "<https://example.org/#" + clean + ">",
	"in quotes":                `"` + clean + `"`,
	"in smart quotes":          "“" + clean + "”",
	"in French quotes":         "«\u00a0" + clean + "\u00a0»",
	"in backquotes":            "`" + clean + "`",
	"in stars":                 "**" + clean + "**",
	"escaped closing quote":    clean + "%22%3E",
	"a Markdown link":          "[the lab](https://example.org/#" + clean + ")",
	"a Markdown link twice": "[https://example.org/#" + clean +
		"](https://example.org/#" + clean + ").",
	"a Markdown link with a title": "[the lab](https://example.org/#" + clean +
		` "The lab, 2nd week")`,
	"a Markdown link in <>":    "[the lab](<https://example.org/#" + clean + ">)",
	"a link of a chat program": "<https://example.org/#" + clean + "|the lab>",
	"the same, HTML escaped": "<https://example.org/#" + strings.ReplaceAll(clean, "&",
		"&amp;") + "|The lab, week 2>.",
	"the same, with itself": "<https://example.org/#" + clean +
		"|https://example.org/#" + clean + ">",
	"the same, without a label": "<https://example.org/#" + clean + "|>",
	"a link of a wiki":          "[[https://example.org/#" + clean + "|the lab]]",
	"an HTML link":              `<a href="https://example.org/#` + clean + `">the lab</a>`,
	"an HTML link, escaped": `<A class='x y' HREF="https://example.org/#` +
		strings.ReplaceAll(clean, "&", "&amp;") + `" target=_blank>the lab</a>.`,
	"an HTML link in other quotes": `<a href='https://example.org/#` + clean +
		`' download>the "lab"</a>`,
	"an HTML link without quotes": `<a href=https://example.org/#` + clean + `>the lab</a>`,
	"an HTML link that shows itself": `<a href = "https://example.org/#` + clean +
		"\"\n>https://example.org/#" + clean + "</a>",
	"an HTML link in mail": `<a href=3D"https://example.org/#` +
		strings.ReplaceAll(clean, "=", "=3D") + `">the lab</a>`,
	"an iframe": `<iframe src="https://example.org/embed.html#` + clean +
		`" width="100%" height="600"></iframe>`,
	"the element": `<posttrain-lab start link="` + strings.ReplaceAll(clean,
		"&", "&amp;") + `"></posttrain-lab>`,
	"backslashes of Markdown": strings.NewReplacer("_", `\_`, "~", `\~`, "&", `\&`).Replace(clean),
	"backslashes of a shell": strings.NewReplacer("?", `\?`, "=", `\=`, "&", `\&`, "~",
		`\~`).Replace(clean),
	"a shell's line break": strings.Replace(clean, "&lane", "\\\n&lane", 1),
	"a blank after commas": strings.ReplaceAll(clean, ",", ", "),
	"blanks around all": strings.NewReplacer("?", " ? ", "&", " & ", "=", " = ", ",",
		" , ", "~", " ~ ").Replace(clean),
	"a hard blank":         strings.Replace(clean, ",", "\u00a0,", 1),
	"blanks as plus":       strings.ReplaceAll(clean, ",", ",+"),
	"blanks as %20":        strings.ReplaceAll(clean, ",", ",%20"),
	"over several lines":   strings.ReplaceAll("\n  "+clean+"\n", "&", "\n    &"),
	"broken within a word": strings.Replace(clean, "steps", "st\neps", 1),
	"broken by Windows":    strings.Replace(clean, "grpo", "gr\r\npo", 1),
	"quoted by a mailer":   "> " + strings.Replace(clean, "grpo", "gr\n> po", 1),
	"quoted printable": strings.Replace(strings.ReplaceAll(clean, "=", "=3D"),
		"steps", "st=\r\neps", 1),
	"quoted printable within a number": strings.Replace(strings.ReplaceAll(clean, "=", "=3D"),
		"100", "1=\n00", 1),
	"escaped":                    url.PathEscape(clean),
	"escaped as a query":         url.QueryEscape(clean),
	"escaped twice":              url.QueryEscape(url.QueryEscape(clean)),
	"escaped in part":            strings.Replace(clean, "lr=0.002,", "lr%3D0.002%2C", 1),
	"escaped twice in part":      strings.Replace(clean, "lr=0.002,", "lr%253D0.002%252C", 1),
	"escaped, then HTML":         url.PathEscape(strings.ReplaceAll(clean, "&", "&amp;")),
	"the # escaped":              "https://example.org/%23" + clean,
	"the # and all else escaped": "https://example.org/%23" + url.QueryEscape(clean),
	"a whole URL escaped":        url.QueryEscape("https://example.org/#" + clean),
	"a whole URL behind a #": "https://example.org/#" +
		url.QueryEscape("https://example.org/#"+clean),
	"two #":                "##" + clean,
	"a slash behind the #": "https://example.org/#/" + clean,
	"a hash bang":          "https://example.org/#!" + clean,
	"a slash at the end":   clean + "/",
	"a # at the end":       clean + "#",
	"campaign keys": clean +
		"&utm_source=mail&utm_campaign=week+3+4&utm_id=a%3Db",
	"a click id":                  clean + "&fbclid=IwAR0_x-y",
	"a key of a website in front": strings.Replace(clean, "?", "?gclid=1&", 1),
	"keys behind another ?":       clean + "?utm_source=mail",
	"a key with an address":       clean + "&ref=https%3A%2F%2Fmoodle.example%2F",
	"campaign keys before the #":  "https://example.org/?utm_source=mail&#" + clean,
	"empty keys":                  strings.ReplaceAll(clean, "&", "&&") + "&",
	"zero widths":                 strings.ReplaceAll(clean, "&", "\u200b&\u2060"),
	"a byte order mark":           "\ufeff" + clean,
	"soft hyphens":                strings.ReplaceAll(clean, "steps", "st\u00adeps"),
	"writing directions":          "\u202a" + clean + "\u202c",
	"full-width signs": strings.NewReplacer("&", "＆", "=", "＝", ",", "，", "?", "？",
		"~", "～").Replace(clean),
	"full-width digits":       strings.Replace(clean, "100", "１００", 1),
	"a tilde of another kind": strings.ReplaceAll(clean, "~", "∼"),
	"a number with a dash":    strings.Replace(clean, "0.002", "2e–3", 1),
	"a mail filter": "https://eur01.safelinks.protection.outlook.com/?url=" +
		url.QueryEscape("https://example.org/#"+clean) + "&data=05%7C02%7C&sdata=x%3D&reserved=0",
	"a search engine": "https://www.google.com/url?q=https://example.org/%23" +
		url.QueryEscape(clean) + "&sa=D&source=editors&ust=1700000000&usg=AOv",
	"a link to a phrase": "https://example.org/#" + clean + ":~:text=Score,of",
	"a ? for the #":      "https://example.org/lab/?" + clean,
	"a ? for the #, and & for the ?": "https://example.org/?" + strings.Replace(clean, "?", "&",
		1),
	"a ? for the #, and escaped":       "https://example.org/?" + url.QueryEscape(clean),
	"a ? for the #, and campaign keys": "https://example.org/?" + clean + "&utm_source=mail",
}

var refused = map[string]struct{ link, says string }{
	"cut short by dots": {"cards?lane=sft,steps=1...",
		`"cards?lane=sft,steps=1..." ends in ...`},
	"cut short by an ellipsis": {"cards?lane=sft,steps=1…", "so a part of it is missing"},
	"cut short in brackets": {"(https://example.org/#cards?lane=sft,steps=1 …)",
		"so a part of it is missing"},
	"cut short within an escape": {"cards?lane=sft%2",
		`"lane=sft%2" in the link is not well escaped`},
	"cut short before a value": {"cards?lane=sft&seed=", "seed=:"},
	"cut short in front":       {"ards?lane=sft", `"ards": did you mean cards?`},
	"shortened in the middle":  {"cards?lane=sft,st…=7", `"st…"`},
	"a blank within a number": {"cards?lane=sft,steps=1 0",
		`"1 0" in the link has a blank within a number`},
	"a line break within a number": {"cards?lane=sft&seed=1\n2",
		`"1 2" in the link has a blank within a number`},
	"a blank before an exponent": {"cards?lane=sft&seed=1 e3", `"1 e3"`},
	"a plus within a number":     {"cards?lane=sft&seed=1+2", "seed=1+2:"},
	"words behind it":            {"memorise?seed=7 and then", "seed=7andthen:"},
	"a number behind it":         {"memorise?seed=7, 8 or 9", "seed=7,8or9:"},
	"words before it":            {"See cards?lane=sft", `"Seecards"`},
	"a lost &":                   {"cards?seed=7lane=sft", "seed=7lane=sft:"},
	"lines without an &":         {"cards?seed=7\nlane=sft", "seed=7lane=sft:"},
	"two links":                  {"https://example.org/#cards?lane=sft\nhttps://example.org/#cards?lane=grpo", `"lane=grpo" in the link stands behind a second ?`},
	"two links, one with a click": {"cards?lane=sft&fbclid=1 cards?lane=sft",
		"may be one key or two"},
	"a link to a place": {"cards?lane=sft#cards?lane=grpo",
		`"cards?lane=sft" stands in front of a #`},
	"a tag within":             {"cards?lane=sft,steps=1<wbr>00", "steps=1<wbr>00:"},
	"more of a page behind it": {`cards?lane=sft,steps=1">0</a>`, `steps=1">0</a:`},
	"a comma as decimal sign":  {"cards?lane=sft,beta=0,5", `method sft`},
	"an unknown key":           {"cards?lane=sft&utmsource=x", `unknown key "utmsource"`},
	"a wrong escape": {"cards?lane=sft&seed=%zz",
		`"seed=%zz" in the link is not well escaped`},
	"escaped again and again": {"cards%" + strings.Repeat("25", 20) + "3Flane=sft",
		"escaped more than 8 times"},
	"quoted printable in part": {"cards?seed=3D7&lane=sft", "seed=3D7:"},
	"a link, then a URL": {"memorise?seed=7&lane=sft,steps=1 (not " +
		"https://example.org/#razor?seed=1)", "where the address of a page belongs"},
	"a name, then a URL": {"memorise https://example.org/#razor",
		"where the address of a page belongs"},
	"a name, then a place": {"memorise see /#razor", "where the address of a page belongs"},
	"a URL within a key": {"memorise?seed=7&ref=https%3A%2F%2Fother.example%2F%23razor",
		"where the address of a page belongs"},
	"a link, then Markdown": {"memorise [x](https://example.org/#razor)",
		"in front of a Markdown link"},
	"a link, then HTML": {`memorise <a href="https://example.org/#razor">x</a>`,
		`"memorise" stands in front of an HTML link`},
	"words, then HTML": {`<p>Try <a href="https://example.org/#razor">x</a>`,
		"want one link"},
	"two HTML links": {`<a href="https://example.org/#razor">x</a><a href="https://example.org/#passk">y</a>`, "there are several links in"},
	"HTML without its end": {`<a href="https://example.org/#razor`,
		"is no whole HTML tag: want the link itself"},
	"HTML, a quote too many": {`<a href="https://example.org/#razor?seed=1"2">x</a>`,
		"is no whole HTML tag: want the link itself"},
	"a label that may be a number": {"<https://example.org/#memorise?seed=1|2>",
		`"2" behind a | may belong to the link or be its label`},
	"a label that may be an e": {"<https://example.org/#cards?lane=sft,lr=0.01|e-1>",
		`"e-1" behind a | may belong to the link or be its label`},
	"a label that may be a key": {"<https://example.org/#memorise?seed=1|lane=sft>",
		`"lane=sft" behind a | may belong`},
	"a label that is another link": {"<https://example.org/#razor|https://example.org/#memorise>",
		"behind a | may belong to the link or be its label"},
	"words, then a chat's link": {"Try <https://example.org/#memorise?seed=7|the lab>",
		"seed=7|thelab"},
	"a title that may be a number": {`[x](https://example.org/#memorise?seed=7 "2")`, `seed=7"2`},
	"the end of Markdown": {"memorise?hide=cost,field](razor)",
		"in front of a Markdown link"},
	"a redirect, half escaped": {"https://www.google.com/url?q=https://x.org/%23memorise?seed=7&lane=sft,steps=1&sa=D", `"lane=sft,steps=1" may belong to the link or`},
	"a name from papers": {"cards?lane=reinforce++,steps=1",
		"did you mean reinforce_pp?"},
	"a key lost in a click id": {"memorise?utm_source=slack lane=sft,steps=1",
		"may be one key or two"},
	"a seed lost in a reference":  {"memorise?ref=x;seed=7", "may be one key or two"},
	"an escaped & in a reference": {"memorise?seed=7&ref=a%26seed%3D9", "may be one key or two"},
	"an escaped & in hide":        {"memorise?seed=7&hide=cost%26seed=3", "may be one key or two"},
	"a soft hyphen in a number":   {"cards?lane=sft,lr=1e\u00ad3", "a minus sign or not"},
	"a hyphen lost in a number":   {"cards?lane=sft,lr=1e\n3", "has a blank within a number"},
	"digits apart":                {"cards?lane=sft,lr=1_0e-3", "lr=1_0e-3: expected"},
	"another engine's":            {"cards?v=99&lane=sft", `v="99": expected an engine`},
	"a typo": {"cards?lane=sft,stepz=40",
		`unknown setting "stepz": did you mean steps?`},
	"a control character": {"cards?lane=sft\x1b[0m", `"sft\x1b[0m"`},
	"invalid UTF-8":       {"cards?lane=\xffsft", `unknown method`},
	"a typo beside the lanes": {"cards?stepz=40&lane=sft",
		`unknown key "stepz": did you mean steps? It belongs to a lane, as in lane=sft,steps=40`},
	"a key that has no effect": {"cards?lane=sft&them=dark", `unknown key "them": did you mean `},
	"a URL with a typo in its ?": {"https://example.org/?card&lane=sft",
		`"https://example.org/?card&lane=sft" has no recipe: want one after a #`},
	"a URL without a name in its ?": {"https://example.org/?lane=sft&seed=3",
		"has no recipe: want one after a #"},
	"the page's file instead of it": {"https://example.org/embed.html",
		"has no recipe: want one after a #"},
}

// A link that was mangled on its way opens as the original, with the keys of the page, or is
// refused with a sentence that says what is wrong.
func TestMangledLinks(t *testing.T) {
	want := parsed(t, clean)
	for name, link := range mangled {
		r, err := Standard().Parse(link)
		if err != nil {
			t.Errorf("%s: %s\nis refused: %v", name, link, err)
		} else if r.Address() != want.Address() {
			t.Errorf("%s: %s\nopens as %s\nwant       %s", name, link, r.Address(), want.Address())
		}
	}
	for name, c := range refused {
		if r, err := Standard().Parse(c.link); err == nil {
			t.Errorf("%s: %s\nopens as %s", name, c.link, r.Address())
		} else if !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %s\nthe error does not say %s: %v", name, c.link, c.says, err)
		}
	}
}

// manglers do to a link what programs and people do. Each gets its own random numbers.
var manglers = []func(r *num.Rand, link string) string{
	func(_ *num.Rand, link string) string { return url.PathEscape(link) },
	func(_ *num.Rand, link string) string { return url.QueryEscape(link) },
	func(_ *num.Rand, link string) string { return strings.ReplaceAll(link, "&", "&amp;") },
	func(_ *num.Rand, link string) string { return "https://example.org/#" + link },
	func(_ *num.Rand, link string) string { return strings.Replace(link, "#", "%23", 1) },
	func(_ *num.Rand, link string) string { return link + "&utm_source=a" },
	func(_ *num.Rand, link string) string { return link + "?fbclid=0" },
	func(_ *num.Rand, link string) string { return "<" + link + ">" },
	func(_ *num.Rand, link string) string { return "[here](" + link + ")" },
	func(_ *num.Rand, link string) string { return "<" + link + "|the lab>" },
	func(_ *num.Rand, link string) string { return `<a href="` + link + `">the lab</a>` },
	func(r *num.Rand, link string) string { return link + wrappingAt(r) },
	func(r *num.Rand, link string) string { return wrappingAt(r) + link },
	func(r *num.Rand, link string) string { return insert(r, link, " ") },
	func(r *num.Rand, link string) string { return insert(r, link, "\n") },
	func(r *num.Rand, link string) string { return insert(r, link, "\r\n> ") },
	func(r *num.Rand, link string) string { return insert(r, link, "=\n") },
	func(r *num.Rand, link string) string { return insert(r, link, "+") },
	func(r *num.Rand, link string) string { return insert(r, link, "\u200b") },
	func(r *num.Rand, link string) string { return insert(r, link, "\\") },
	func(r *num.Rand, link string) string { return insert(r, link, "<br>") },
	func(r *num.Rand, link string) string { return insert(r, link, wrappingAt(r)) },
	func(r *num.Rand, link string) string { return link[:r.IntN(len(link)+1)] + "..." },
	func(r *num.Rand, link string) string { return link[:r.IntN(len(link)+1)] + " … " },
	func(r *num.Rand, link string) string { return link + " " + link },
	func(_ *num.Rand, link string) string { return strings.ReplaceAll(link, "=", "=3D") },
	func(_ *num.Rand, link string) string { return strings.ReplaceAll(link, "-", "–") },
	func(_ *num.Rand, link string) string { return strings.ReplaceAll(link, ",", "，") },
}

func wrappingAt(r *num.Rand) string {
	all := []rune(wrapping)
	return string(all[r.IntN(len(all))])
}

// insert puts a text into a link somewhere, but not where it would cut a character in two.
func insert(r *num.Rand, link, what string) string {
	runes := []rune(link)
	at := r.IntN(len(runes) + 1)
	return string(runes[:at]) + what + string(runes[at:])
}

// A link that is mangled in several ways opens as the original or not at all.
func TestManglingNeverMakesAnotherExperiment(t *testing.T) {
	opened, tried := 0, 1000
	for i := range uint64(tried) {
		r := num.NewRand(i, "test", "mangle")
		want := parsed(t, randomLink(&r)).Link()
		link := want
		for range 1 + r.IntN(3) {
			link = manglers[r.IntN(len(manglers))](&r, link)
		}
		got, err := Standard().Parse(link)
		if err != nil {
			continue
		}
		opened++
		if got.Link() != want {
			t.Errorf("%s\nwas mangled to %q\nand opens as %s", want, link, got.Link())
		}
	}
	if opened < tried/3 {
		t.Errorf("only %d of %d mangled links open", opened, tried)
	}
}

// No key of a link is taken for one that websites append, and no word of a link changes when it is
// unmangled.
func TestMendingLeavesLinksAlone(t *testing.T) {
	keys := append([]string{"v", "lane", "data", "rows"}, pageKeys...)
	var words []string
	for _, e := range append(Standard().Menu().Tasks, Standard().Menu().Exhibits...) {
		words = append(words, e.Name)
		for _, k := range parsed(t, e.Name+"?lane="+parsed(t,
			e.Name+"?lane=sft").policy().methods()[0].Name).Values.Knobs() {
			keys, words = append(keys, k.Name), append(words, k.Choices...)
		}
	}
	for _, e := range Standard().Exhibits() {
		for _, m := range parsed(t, e.Name).policy().methods() {
			words = append(words, m.Name)
			for _, k := range parsed(t, e.Name).policy().stageKnobs(m, true) {
				words = append(append(words, k.Name), k.Choices...)
			}
		}
	}
	for _, key := range keys {
		if isTrackingKey(key) || strings.HasPrefix(key, "amp") {
			t.Errorf("the key %s is taken for one of another website's", key)
		}
	}
	for _, word := range append(words, keys...) {
		if got, err := (linkReader{Standard()}).unmangle(word); err != nil || got != word {
			t.Errorf("the word %s becomes %q (%v)", word, got, err)
		}
		if tidied, err := withoutStrayBlanks(word); err != nil || tidied != word ||
			strings.Trim(word, wordChars) != "" || param.Quote(word) != fmt.Sprintf("%q", word) {
			t.Errorf("the word %s becomes %q (%v)", word, tidied, err)
		}
	}
}
