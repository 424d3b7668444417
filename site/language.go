package site

import (
	"cmp"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"strings"
)

// A language is one that the lab is built in.
type language struct {
	Tag   string // as in lang attributes, such as de
	Name  string // in the language itself
	texts map[string]map[string]text
}

// A text is what the page says in one place. Values stand for words in braces, such as {lane}.
// A text that depends on a number has two forms, for one and for other numbers.
type text struct{ one, other string }

// original is the language that the pages are written in. Its pages are at the top of the site;
// those of another language are in a folder with its tag.
const original = "en"

//go:embed text/*.json
var translations embed.FS

// languages returns the languages of the page, the original first.
func languages() ([]language, error) {
	files, err := fs.Glob(translations, "text/*.json")
	if err != nil {
		return nil, err
	}
	var all []language
	for _, file := range files {
		l := language{Tag: strings.TrimSuffix(path.Base(file), ".json")}
		content, err := translations.ReadFile(file)
		if err == nil {
			err = json.Unmarshal(content, &l.texts)
		}
		if err == nil {
			l.Name, err = l.say("language", "name")
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		if l.Tag == original {
			all = append([]language{l}, all...)
		} else {
			all = append(all, l)
		}
	}
	return all, nil
}

// UnmarshalJSON reads a string, or an object with a string for each of the two forms.
func (t *text) UnmarshalJSON(content []byte) error {
	if json.Unmarshal(content, &t.other) == nil {
		t.one = t.other
		return nil
	}
	var forms map[string]string
	if err := json.Unmarshal(content, &forms); err != nil {
		return err
	}
	t.one, t.other = forms["one"], forms["other"]
	if t.one == "" || t.other == "" || len(forms) != 2 {
		return fmt.Errorf("the forms are %q, want one and other", forms)
	}
	return nil
}

// script returns a text as modules have it: with a bar between its two forms, see js/say.js.
func (t text) script() string {
	if t.one == t.other {
		return t.other
	}
	return t.one + "|" + t.other
}

// definitions returns what modules mean by texts.SECTION.KEY and by inEnglish, as expressions.
func (l language) definitions() (map[string]string, error) {
	all := map[string]string{"inEnglish": `{"lang":"en"}`}
	if l.Tag == original {
		all["inEnglish"] = "null"
	}
	for section, texts := range l.texts {
		for key, t := range texts {
			value, err := json.Marshal(t.script())
			if err != nil {
				return nil, err
			}
			all["texts."+section+"."+key] = string(value)
		}
	}
	return all, nil
}

// module returns the name of a module's file in the language.
func (l language) module(name string) string {
	if l.Tag == original {
		return name
	}
	ext := path.Ext(name)
	return strings.TrimSuffix(name, ext) + "." + l.Tag + ext
}

// folder returns the folder of the language's pages, "" for the top of the site.
func (l language) folder() string {
	if l.Tag == original {
		return ""
	}
	return l.Tag + "/"
}

// root returns the way from the language's pages to the top of the site.
func (l language) root() string {
	return strings.Repeat("../", strings.Count(l.folder(), "/"))
}

// say returns the text of a section with a key. pairs has the names of its values, each followed by
// the value.
func (l language) say(section, key string, pairs ...any) (string, error) {
	t, ok := l.texts[section][key]
	if !ok {
		return "", fmt.Errorf("there is no text %s.%s in %s.json", section, key, l.Tag)
	}
	if len(pairs)%2 != 0 {
		return "", errors.New("a name has no value")
	}
	var replaced []string
	for i := 0; i < len(pairs); i += 2 {
		replaced = append(replaced, fmt.Sprintf("{%v}", pairs[i]), fmt.Sprint(pairs[i+1]))
	}
	return strings.NewReplacer(replaced...).Replace(t.other), nil
}

// inLanguage is what a page in a language needs of it.
type inLanguage struct {
	Language  language
	Languages []language // all, to choose from; nil in the page for frames
}

// Root returns the way from the page to the top of the site.
func (p inLanguage) Root() string { return p.Language.root() }

// English returns the attribute of elements with a text that is in English in every language. It is
// empty in a page in English.
func (p inLanguage) English() template.HTMLAttr {
	if p.Language.Tag == original {
		return ""
	}
	return ` lang="en"`
}

// Module returns the file of a script of the page.
func (p inLanguage) Module(name string) string { return p.Root() + p.Language.module(name) }

// Way returns the way from the page to the main page in a language.
func (p inLanguage) Way(to language) string { return cmp.Or(p.Root()+to.folder(), "./") }
