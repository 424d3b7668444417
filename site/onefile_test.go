package site

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/script"
)

// builtSmall returns the tree of small and the site that is built of it.
func builtSmall(t *testing.T) (tree, dir string) {
	t.Helper()
	tree, dir = small(t), t.TempDir()
	if err := Build(t.Context(), tree, dir, func(string) {}); err != nil {
		t.Fatal(err)
	}
	return tree, dir
}

// oneFile returns the page of a link.
func oneFile(t *testing.T, tree, dir, link string) []byte {
	t.Helper()
	s, err := Experiment(link)
	if err != nil {
		t.Fatal(err)
	}
	page, err := OneFile(t.Context(), tree, dir, s)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

var carried = regexp.MustCompile(`<script type="text/plain" data-file="([^"]+)">([^<]*)</script>`)

// A page in one file has what its link needs, as it is in the site, and nothing that would have to
// be loaded. It is the same each time, and so is the archive with it.
func TestOneFile(t *testing.T) {
	tree, dir := builtSmall(t)
	page := oneFile(t, tree, dir, "failure_confused?seed=3&hide=cost")
	var bases []string
	for _, m := range carried.FindAllSubmatch(page, -1) {
		name := string(m[1])
		if strings.HasSuffix(name, ".js") {
			continue
		}
		if strings.HasPrefix(name, "bases/") {
			bases = append(bases, name)
		}
		want, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		if got := unpack(t, string(m[2])); !bytes.Equal(got, want) {
			t.Errorf("%s has %d bytes in the page and %d in the site", name, len(got), len(want))
		}
	}
	if want := []string{"bases/cards_confused.msgp", "bases/cards.msgp"}; !slices.Equal(bases,
		want) {
		t.Errorf("the page carries %q, want %q", bases, want)
	}
	for _, name := range []string{"trainer.wasm", "kernels.wasm", "stage.wasm", "welcome.json",
		"stage.html", "results/failure_confused.json", "studies/failure_confused.json",
		"methods/grpo.json", "js/worker.js", "js/compiler.js", "css/board.css"} {
		if !bytes.Contains(page, []byte(`data-file="`+name+`"`)) {
			t.Errorf("the page does not carry %s", name)
		}
	}
	e, err := recipe.Standard().Exhibit("failure_confused")
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"<title>" + e.Title + "</title>",
		`<meta name="posttrain-link" content="failure_confused?seed=3&amp;hide=cost">`,
		`content="default-src 'none'; script-src 'wasm-unsafe-eval' 'sha256-`} {
		if !bytes.Contains(page, []byte(text)) {
			t.Errorf("the page has no %q", text)
		}
	}
	for _, text := range []string{`data-file="guide.wasm"`, `data-file="replay.wasm"`,
		"modulepreload", `rel="stylesheet"`, "<script src", `type="module" src`, "import.meta"} {
		if bytes.Contains(page, []byte(text)) {
			t.Errorf("the page has %q", text)
		}
	}

	if bytes.Contains(page, []byte(`data-file="scripted.wasm"`)) {
		t.Error("the page carries an interpreter, and its link has no program")
	}
	const rewarded = "cards?lane=grpo&script="
	withProgram := oneFile(t, tree, dir, rewarded+script.Starlark{}.Pack(script.Rewards()[0].Text))
	if !bytes.Contains(withProgram, []byte(`data-file="scripted.wasm"`)) ||
		bytes.Contains(withProgram, []byte(`data-file="trainer.wasm"`)) {
		t.Error("the page of a link with a program carries another trainer")
	}

	if again := oneFile(t, tree, dir, "failure_confused?seed=3&hide=cost"); !bytes.Equal(again,
		page) {
		t.Error("the second page of the same link is another one")
	}
	archived, err := Zip(page, "A title")
	if err != nil {
		t.Fatal(err)
	}
	if again, err := Zip(page, "A title"); err != nil || !bytes.Equal(again, archived) {
		t.Errorf("the second archive of the same page is another one (%v)", err)
	}
	r, err := zip.NewReader(bytes.NewReader(archived), int64(len(archived)))
	if err != nil {
		t.Fatal(err)
	}
	if len(r.File) != 2 || r.File[0].Name != manifestName || r.File[1].Name != "index.html" {
		t.Fatalf("the archive has %v", r.File)
	}
	f, err := r.File[1].Open()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(f); err != nil || !bytes.Equal(got, page) {
		t.Errorf("the archive has another page (%v)", err)
	}

	if err := os.WriteFile(filepath.Join(dir, "trainer.wasm.gz"), make([]byte, 6_000_000),
		0o644); err != nil {
		t.Fatal(err)
	}
	s, err := Experiment("memorise")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := OneFile(t.Context(), tree, dir, s); err == nil ||
		!strings.Contains(err.Error(), "less than 8000000 is wanted") {
		t.Errorf("a page that is too large: %v", err)
	}
}

// unpack returns a file from the text that a page has of it.
func unpack(t *testing.T, text string) []byte {
	t.Helper()
	r, err := gzip.NewReader(base64.NewDecoder(base64.StdEncoding, strings.NewReader(text)))
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// What a page cannot carry is refused with a sentence that says what would do.
func TestOneFileRefuses(t *testing.T) {
	for link, says := range map[string]string{
		"memorize":                                         "memorise",
		"memorise?lane=grpo,lr=fast":                       "lr",
		"memorise?data=0123456789ab":                       "want a link without data=",
		"memorise?base=file-0123456789abcdef":              "want a link with a base of",
		"memorise?lane=dials,source=demos,limit=taper":     "cannot be run in a page: ",
		"addition?lane=sft&base=addition,dim=512,layers=8": "computing the base",
	} {
		if s, err := Experiment(link); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %+v, %v, want an error with %q", link, s, err, says)
		}
	}
}

// Every exhibit can be put into one file.
func TestExhibitsAreSubjects(t *testing.T) {
	for _, e := range recipe.Standard().Exhibits() {
		if s, err := Experiment(e.Name); err != nil || s.Title != e.Title ||
			s.Page != "embed.html" || s.Link != e.Name {
			t.Errorf("%s: %+v, %v", e.Name, s, err)
		}
	}
}
