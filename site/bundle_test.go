package site

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A page tells the browser of every file that its modules import, so that it need not find out one
// after the other, and of none that it does not need.
func TestModulesArePreloaded(t *testing.T) {
	tree, dir := small(t), t.TempDir()
	if err := Build(t.Context(), tree, dir, func(string) {}); err != nil {
		t.Fatal(err)
	}
	preload := regexp.MustCompile(`<link rel="modulepreload" href="([^"]+)">`)
	for page, entries := range map[string][]string{
		"index.html": {"js/lab.js"}, "embed.html": {"js/embed.js", "js/lab.js"},
		"de/index.html": {"js/lab.de.js"},
		"de/embed.html": {"js/embed.de.js", "js/lab.de.js"},
	} {
		want := entries
		for i := 0; i < len(want); i++ {
			text, err := os.ReadFile(filepath.Join(dir, want[i]))
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range importing.FindAllStringSubmatch(string(text), -1) {
				name := filepath.ToSlash(filepath.Join(filepath.Dir(want[i]), m[1]))
				if !slices.Contains(want, name) {
					want = append(want, name)
				}
			}
		}
		text, err := os.ReadFile(filepath.Join(dir, page))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, m := range preload.FindAllStringSubmatch(string(text), -1) {
			got = append(got, path.Join(path.Dir(page), m[1]))
		}
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) || len(got) <= len(entries) {
			t.Errorf("%s preloads %q, its modules import %q", page, got, want)
		}
	}
}

// Every module of the site is a part of some bundle: none is forgotten, and none is sent as it is.
func TestEveryModuleIsBundled(t *testing.T) {
	files := map[string][]byte{"js/wasm_exec.js": nil}
	for _, pattern := range []string{"*.js", "js/*.js"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if files[filepath.ToSlash(name)], err = os.ReadFile(name); err != nil {
				t.Fatal(err)
			}
		}
	}
	all, err := languages()
	if err != nil {
		t.Fatal(err)
	}
	made, err := bundle(files, all)
	if err != nil {
		t.Fatal(err)
	}
	for name := range files {
		if _, ok := made[name]; !ok && strings.HasPrefix(name, "js/") {
			t.Errorf("nothing imports %s: add it to entries in bundle.go, or remove it", name)
		}
	}
	files["js/lab.js"] = []byte("import \"./nonesuch.js\";\nexport {};\n")
	_, err = bundle(files, all)
	if err == nil || !strings.Contains(err.Error(), "there is no js/nonesuch.js") {
		t.Errorf("an import that leads nowhere: %v", err)
	}
}
