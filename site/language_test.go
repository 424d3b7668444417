package site

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// spoken returns the languages of the page.
func spoken(t *testing.T) []language {
	t.Helper()
	all, err := languages()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

var placeholder = regexp.MustCompile(`\{\w+\}`)

// places returns the names in braces of a text, in order.
func places(text string) []string {
	found := placeholder.FindAllString(text, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

// A translation has the keys of the original, and each text has the same values in it.
func TestTranslationsAreComplete(t *testing.T) {
	all := spoken(t)
	if all[0].Tag != original || len(all) < 2 {
		t.Fatalf("the languages are %v", all)
	}
	for _, l := range all[1:] {
		for section, texts := range all[0].texts {
			if !slices.Equal(slices.Sorted(maps.Keys(texts)),
				slices.Sorted(maps.Keys(l.texts[section]))) {
				t.Errorf("section %s has other keys in %s.json", section, l.Tag)
			}
			for key, text := range texts {
				compare(t, l.Tag+" "+section+"."+key, text, l.texts[section][key])
			}
		}
		if len(l.texts) != len(all[0].texts) {
			t.Errorf("%s.json has %d sections, want %d", l.Tag, len(l.texts), len(all[0].texts))
		}
	}
}

// compare fails if a text is no translation of another one.
func compare(t *testing.T, name string, from, to text) {
	t.Helper()
	for _, form := range []string{from.one, from.other, to.one, to.other} {
		if strings.TrimSpace(form) == "" || strings.Contains(form, "|") {
			t.Errorf("%s: %q is empty, or has the bar that stands between forms", name, form)
		}
	}
	if !slices.Equal(places(from.other), places(to.other)) {
		t.Errorf("%s: %q has other values than %q", name, to.other, from.other)
	}
	if from.one != from.other && !slices.Equal(places(from.one), places(to.one)) {
		t.Errorf("%s: %q has other values than %q", name, to.one, from.one)
	}
	if (from.one == from.other) != (to.one == to.other) {
		t.Errorf("%s: only one of the languages has forms for one and for more", name)
	}
	words := strings.Fields(placeholder.ReplaceAllString(from.other, ""))
	if from.other == to.other && len(words) > 2 {
		t.Errorf("%s: %q is not translated", name, to.other)
	}
}

// sourcesOf returns the files of a kind that can have texts of the page.
func sourcesOf(t *testing.T, patterns ...string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	for _, pattern := range patterns {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			t.Fatalf("%s: %d files (%v)", pattern, len(names), err)
		}
		for _, name := range names {
			content, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			files[filepath.ToSlash(name)] = content
		}
	}
	return files
}

// Every text is used, and every text that is used exists.
func TestTextsAreUsed(t *testing.T) {
	used := regexp.MustCompile(`\btexts\.(\w+)\.(\w+)|(?:text|say\() ?"(\w+)",? "(\w+)"`)
	known, met := spoken(t)[0].texts, map[string]bool{"language.name": true}
	for name, content := range sourcesOf(t, "*.js", "*/*.js", "*.html", "parts/*.html", "lab.go",
		"onefile_scripts.go") {
		for _, m := range used.FindAllStringSubmatch(string(content), -1) {
			section, key := m[1]+m[3], m[2]+m[4]
			if _, ok := known[section][key]; !ok {
				t.Errorf("%s uses the text %s.%s, which does not exist", name, section, key)
			}
			met[section+"."+key] = true
		}
	}
	for section, texts := range known {
		for key := range texts {
			if !met[section+"."+key] {
				t.Errorf("nothing uses the text %s.%s", section, key)
			}
		}
	}
}

// ownWords has what a module may say itself: how browsers and formats call things, what is the same
// in every language, and what only programmers see.
var ownWords = []string{
	// keys of a keyboard, kinds of what is dragged, selectors, media queries and styles
	"Enter", "Escape", "Home", "End", "Backspace", "Files", "input, pre",
	"input, select, button, summary",
	".verdict details", ".signal button", "data-doc data-complaint", "(pointer: coarse)",
	"(prefers-reduced-motion: reduce)", "screen and (max-width: 800px)", "…px auto auto",
	// messages, locks and notes
	"caught up", "posttrain compiles", "posttrain trains", "posttrain run …", "posttrain run … …",
	// words of the core that are compared with what it says
	"policy gradient", "not reproduced", "much worse",
	// what kept runs are compared by, see js/naming.js
	"data set", `the task\u2019s own`,
	// a command, and faults of programs
	"go run .", "the message ends too early", "0x… starts nothing that the trainer sends",
	"the browser does not answer",
	// commands, keys and titles with the name of the program
	"posttrain lesson … …", "…: Posttrain", "posttrain check …-sheet.json",
	// elements as a page has them
	"<script src=\"…\" defer></script>\n\n<posttrain-lab…>\n  " +
		"<a href=\"…\">…</a>\n</posttrain-lab>",
	"<iframe src=\"…\"\n  title=\"…\" width=\"100%\" height=\"…\" loading=\"lazy\" " +
		"allow=\"clipboard-write\"></iframe>",
}

// The modules of the lab have no text of their own: all of it is in the file of texts.
func TestModulesHaveNoText(t *testing.T) {
	files := sourcesOf(t, "*.js", "js/*.js")
	files["js/wasm_exec.js"] = nil
	modules := map[string]bool{}
	if err := bundleIn(spoken(t)[1], files, map[string][]byte{}, modules, imports{}); err != nil {
		t.Fatal(err)
	}
	modules[unloaded] = true
	if len(modules) < 50 {
		t.Errorf("the lab has only the modules %v", slices.Sorted(maps.Keys(modules)))
	}
	for _, name := range slices.Sorted(maps.Keys(modules)) {
		for _, l := range literals(string(files[name])) {
			if l.forPeople() && !slices.Contains(ownWords, l.text) {
				t.Errorf("%s says %q itself", name, l.text)
			}
		}
	}
}

// A literal is a string of a script, or what stands around the values of a template.
type literal struct {
	text   string
	before string // what stands before it
}

var (
	sentence  = regexp.MustCompile(`\p{L}{2,}[,.:;]? \(?\p{L}|\p{L}{2,}\.$`)
	word      = regexp.MustCompile(`^[\s\pP]*\p{Lu}\p{Ll}+[\s\pP]*$`)
	lower     = regexp.MustCompile(`^[\s\pP]*\p{L}{2,}[\s\pP]*$`)
	announced = regexp.MustCompile(`("aria-label"|title|placeholder): $|` +
		`(spoken|announce|warn|Error|capital)\($|h\("[^"]+", (null|inEnglish|\{[^{}]*\}), $`)
)

// forPeople reports whether a literal looks like a text that people read.
func (l literal) forPeople() bool {
	if strings.Contains(l.text, "=>") {
		return false // a script
	}
	return sentence.MatchString(l.text) || word.MatchString(l.text) ||
		lower.MatchString(l.text) && announced.MatchString(l.before)
}

// literals returns the strings of a script. Of a template it returns the strings in its values,
// and what is around the values with … in their places.
func literals(script string) (all []literal) {
	s := scanner{script: script}
	for s.at < len(script) {
		s.step(&all)
	}
	return all
}

// A scanner goes through a script.
type scanner struct {
	script string
	at     int
}

// step takes a comment, a literal or a single byte.
func (s *scanner) step(all *[]literal) {
	rest := s.script[s.at:]
	switch c := rest[0]; {
	case strings.HasPrefix(rest, "//"):
		s.skip(rest, "\n")
	case strings.HasPrefix(rest, "/*"):
		s.skip(rest, "*/")
	case c == '"' || c == '\'':
		s.quoted(c, all)
	case c == '`':
		s.template(all)
	case c == '/' && regexBefore.MatchString(s.script[max(0, s.at-12):s.at]):
		s.at += len(regexLiteral.FindString(rest))
	default:
		s.at++
	}
}

var (
	regexBefore  = regexp.MustCompile(`([(,=:\[!&|?{};>]|return)\s*$`)
	regexLiteral = regexp.MustCompile(`^/(\[(\\.|[^\]\\])*\]|\\.|[^/\\\[\n])*/|^/`)
)

// skip goes on behind an end.
func (s *scanner) skip(rest, end string) {
	if at := strings.Index(rest, end); at >= 0 {
		s.at += at + len(end)
	} else {
		s.at = len(s.script)
	}
}

// before returns what stands before a place.
func (s *scanner) before(at int) string { return s.script[max(0, at-90):at] }

// quoted takes a string.
func (s *scanner) quoted(quote byte, all *[]literal) {
	from := s.at
	for s.at++; s.script[s.at] != quote; s.at++ {
		if s.script[s.at] == '\\' {
			s.at++
		}
	}
	*all = append(*all, literal{s.script[from+1 : s.at], s.before(from)})
	s.at++
}

// template takes a template with the strings in its values.
func (s *scanner) template(all *[]literal) {
	from := s.at
	var text strings.Builder
	for s.at++; s.script[s.at] != '`'; {
		switch rest := s.script[s.at:]; {
		case rest[0] == '\\':
			text.WriteString(rest[:2])
			s.at += 2
		case strings.HasPrefix(rest, "${"):
			text.WriteString("…")
			s.at += 2
			s.value(all)
		default:
			text.WriteByte(rest[0])
			s.at++
		}
	}
	*all = append(*all, literal{text.String(), s.before(from)})
	s.at++
}

// value takes a value of a template, with the brace behind it.
func (s *scanner) value(all *[]literal) {
	for depth := 1; depth > 0; {
		switch s.script[s.at] {
		case '{':
			depth++
			s.at++
		case '}':
			depth--
			s.at++
		default:
			s.step(all)
		}
	}
}

// The pages of the lab have no text of their own either.
func TestPagesHaveNoText(t *testing.T) {
	action := regexp.MustCompile(`(?s)\{\{.*?\}\}|<!--.*?-->`)
	said := regexp.MustCompile(`>([^<]*\p{L}[^<]*)<|(?:aria-label|title|alt)="([^"]*\p{L}[^"]*)"`)
	names := map[string]bool{"Posttrain": true, "&nbsp;": true, "posttrain guide": true}
	for name, content := range sourcesOf(t, "index.html", "embed.html", "guide.html",
		labPart) {
		written := action.ReplaceAllString(string(content), "")
		for _, m := range said.FindAllStringSubmatch(written, -1) {
			if text := strings.TrimSpace(m[1] + m[2]); !names[text] {
				t.Errorf("%s says %q itself", name, text)
			}
		}
	}
}
