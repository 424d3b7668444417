package site

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/wasm/stage/scene"
	"github.com/posttrain/posttrain/wasm/staging"
)

// stamps returns the times at which the files of a folder were written.
func stamps(t *testing.T, dir string) map[string]time.Time {
	t.Helper()
	found := map[string]time.Time{}
	err := filepath.WalkDir(dir, func(file string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		found[strings.TrimPrefix(file, dir)] = info.ModTime()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// light returns the bytes of all scripts and styles that a visitor of the lab loads: those for
// courses, notebooks and frames, of bench.html, of the guide, of the reference and for addresses
// that are wrong are left out, and those that are loaded when somebody asks for them or when there
// is something to show: for the finder, replaying studies, saving pictures, an update in detail,
// the dial board, judging pairs, programs of one's own, warning signs, rows of one's own, building
// exercises and lessons, and links that are refused. So are those in other languages, which take
// the place of the English ones.
func light(t *testing.T, dir string) (bytes int) {
	t.Helper()
	elsewhere := []string{"astray.js", "instead.css", "framed.css", "host.js", "course.js",
		"posttrain-lab.js", "widget.js", "embed.js", "start.js", "course.css", "bench.js",
		"bench-worker.js", "guide.js", "guide-worker.js", "guide.css", "replay.js",
		"replay-worker.js", "replay.css", "run-file.js", "anatomy.js", "anatomy.css", "board.js",
		"board.css", "annotate.js", "annotate.css", "own.js", "own.css",
		"picture-file.js", "report.js", "report.css",
		"reference.js", "reference.css", "finder.js", "finder.css", "guide-panel.js", "signals.js",
		"signals.css", "lesson.js", "lesson.css", "lesson-worker.js", "data.js",
		"missing.js", "builder.js", "builder.css", "refusal.js", "refused.css"}
	var loaded []string
	for _, pattern := range []string{"*.js", "*.css", "js/*.js", "css/*.css"} {
		names, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil || len(names) == 0 {
			t.Fatalf("%s: nothing (%v)", pattern, err)
		}
		for _, name := range names {
			// a part is loaded with what imports it
			if base := filepath.Base(name); !slices.Contains(elsewhere, base) &&
				!strings.HasPrefix(base, "part-") && !strings.HasSuffix(base, ".de.js") {
				loaded = append(loaded, name)
			}
		}
	}
	for i := 0; i < len(loaded); i++ {
		text, err := os.ReadFile(loaded[i])
		if err != nil {
			t.Fatal(err)
		}
		bytes += len(text)
		if filepath.Ext(loaded[i]) != ".js" {
			continue
		}
		for _, m := range importing.FindAllStringSubmatch(string(text), -1) {
			name := filepath.Join(filepath.Dir(loaded[i]), filepath.FromSlash(m[1]))
			if !slices.Contains(loaded, name) {
				loaded = append(loaded, name)
			}
		}
	}
	return bytes
}

// importing matches an import of a module that was put together.
var importing = regexp.MustCompile(`(?:from|import)"(\.[^"]+)"`)

// small returns the tree with programs that compile in no time; what they are is tested in e2e.
func small(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range map[string]string{
		"go.mod": "module posttrain\n\ngo 1.26.0\n", "core/num/kernels.wasm": "\x00asm",
		"wasm/trainer/main.go": "package main\n\nfunc main() {}\n",
		"wasm/stage/main.go":   "package main\n\nfunc main() {}\n",
		"wasm/guide/main.go":   "package main\n\nfunc main() {}\n",
		"wasm/replay/main.go":  "package main\n\nfunc main() {}\n",
		"wasm/lesson/main.go":  "package main\n\nfunc main() {}\n",
	} {
		if err := write(dir, name, []byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	for _, kind := range []string{"core/recipe/bases", "core/recipe/results", "core/method",
		"core/objective", "studies/exhibits"} {
		folder := filepath.FromSlash(kind)
		if err := os.CopyFS(filepath.Join(dir, folder),
			os.DirFS(filepath.Join("..", folder))); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// The whole site is made once; then only what has changed is written, what is gone is removed, and
// what is foreign stays.
func TestBuild(t *testing.T) {
	tree, dir, quiet := small(t), t.TempDir(), func(string) {}
	build := func() map[string]time.Time {
		t.Helper()
		if err := Build(context.Background(), tree, dir, quiet); err != nil {
			t.Fatal(err)
		}
		return stamps(t, dir)
	}
	first := build()
	for _, name := range []string{
		"/index.html", "/embed.html", "/stage.html", "/stage.js", "/bench.html", "/guide.html",
		"/js/lab.js", "/js/embed.js", "/js/worker.js", "/js/compiler.js", "/css/lab.css",
		"/kernels.wasm", "/trainer.wasm", "/stage.wasm",
		"/dials.json", "/js/board.js", "/css/board.css", "/js/annotate.js", "/css/annotate.css",
		"/scripted.wasm", "/js/own.js", "/css/own.css",
		"/guide.wasm", "/guide.json", "/js/guide-worker.js", "/css/guide.css",
		"/replay.wasm", "/js/replay.js", "/js/replay-worker.js",
		"/js/anatomy.js", "/css/anatomy.css", "/methods/grpo.json", "/methods/sft.json",
		"/reference/index.html", "/reference/methods/grpo.html", "/css/reference.css",
		"/js/reference.js",
		"/finder.json", "/js/finder.js", "/js/guide-panel.js", "/css/finder.css",
		"/welcome.json", "/bases/cards.msgp", "/results/memorise.json", "/.nojekyll",
	} {
		if _, ok := first[name]; !ok {
			t.Errorf("%s is missing", name)
		}
	}
	for name := range first {
		if strings.HasSuffix(name, ".go") || strings.HasSuffix(name, ".new") {
			t.Errorf("%s does not belong there", name)
		}
	}
	weight := light(t, dir)
	t.Logf("scripts and styles have %d bytes", weight)
	if weight > 150_000 {
		t.Errorf("scripts and styles have %d bytes, at most 150,000", weight)
	}
	// one of the lines that name parts is for js/files.js, which workers and the stage need too
	if page, err := os.Stat(filepath.Join(dir, "index.html")); err != nil || page.Size() > 14_100 {
		t.Errorf("the page has more than 14,100 bytes: %v (%v)", page, err)
	}
	index := filepath.Join(dir, "index.html.br")
	for name, content := range map[string]string{"index.html": "changed", "foreign.txt": "mine"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept := readManifest(dir)
	kept["gone.html"] = "0"
	text, err := json.Marshal(kept)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"gone.html", "gone.html.br"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, manifest), text, 0o644); err != nil {
		t.Fatal(err)
	}
	second := build()
	for name, at := range first {
		if again := second[name]; again != at && name != "/index.html" && !strings.HasPrefix(name,
			"/index.html.") && name != "/"+manifest {
			t.Errorf("%s was written again", name)
		}
	}
	if content, err := os.ReadFile(filepath.Join(dir, "index.html")); err != nil ||
		string(content) == "changed" {
		t.Errorf("a file that was cut short was left so (%v)", err)
	}
	if _, ok := second["/gone.html"]; ok || second["/gone.html.br"] != (time.Time{}) {
		t.Error("what is no longer part of the site is still there")
	}
	if _, ok := second["/foreign.txt"]; !ok {
		t.Error("a file that is not the site's was removed")
	}
	if _, err := os.Stat(index); err != nil {
		t.Error(err)
	}
}

func TestWelcomeHasWhatThePageShowsFirst(t *testing.T) {
	text, err := welcome(recipe.Standard())
	if err != nil {
		t.Fatal(err)
	}
	var w struct {
		Menu struct {
			Exhibits, Tasks, Methods []struct{ Name, Title string }
		}
		Scenes []struct{ Name, Title, Doc string }
		Series []struct{ Name, Title, Doc string }
		Recipe struct {
			Name, Link string
			Scenes     []string
		}
		Stills []struct {
			Width   float64
			Picture struct {
				Lines []struct{ Points [][2]float64 }
				Words []struct{ Text string }
			}
		}
	}
	if err := json.Unmarshal(text, &w); err != nil {
		t.Fatal(err)
	}
	if w.Recipe.Name != firstRecipe || len(w.Menu.Methods) < 6 || len(w.Scenes) < 2 ||
		w.Scenes[0].Title == "" {
		t.Errorf("the page is welcomed with %+v", w)
	}
	if len(w.Series) < 20 || w.Series[0].Doc == "" || len(w.Recipe.Scenes) < 2 ||
		w.Scenes[0].Doc == "" {
		t.Errorf("the page is welcomed with the series %+v and the scenes %v", w.Series,
			w.Recipe.Scenes)
	}
	for _, still := range w.Stills {
		var words []string
		for _, word := range still.Picture.Words {
			words = append(words, word.Text)
		}
		for _, want := range []string{"SFT, own style", "GRPO", "one more event", "accuracy"} {
			if !slices.Contains(words, want) {
				t.Errorf("the picture that is %v pixels wide has no %q: %q", still.Width, want,
					words)
			}
		}
		if len(still.Picture.Lines) < 6 || len(still.Picture.Lines[0].Points) != 2 {
			t.Errorf("the picture that is %v pixels wide has the lines %v", still.Width,
				still.Picture.Lines)
		}
	}
	if len(w.Stills) != 2 {
		t.Errorf("there are %d pictures", len(w.Stills))
	}
}

// A build that fails leaves the site as it was, and says what the compiler said.
func TestAFailedBuildLeavesTheSite(t *testing.T) {
	tree, dir := small(t), t.TempDir()
	if err := write(tree, "wasm/trainer/main.go",
		[]byte("package main\n\nfunc main() { nonsense() }\n")); err != nil {
		t.Fatal(err)
	}
	if err := write(dir, "index.html", []byte("the last good one")); err != nil {
		t.Fatal(err)
	}
	err := Build(context.Background(), tree, dir, func(string) {})
	if err == nil || !strings.Contains(err.Error(), "nonsense") {
		t.Errorf("the error is %v", err)
	}
	if content, err := os.ReadFile(filepath.Join(dir, "index.html")); err != nil ||
		string(content) != "the last good one" {
		t.Errorf("the site is now %q (%v)", content, err)
	}
}

// The page for courses lists every name that a link can use, and what can be hidden is what the lab
// has.
func TestThePageForCoursesHasAllNames(t *testing.T) {
	source, err := os.ReadFile("course.html")
	if err != nil {
		t.Fatal(err)
	}
	page, err := course(recipe.Standard(), source)
	if err != nil {
		t.Fatal(err)
	}
	named := staging.PanelNames()
	for _, e := range recipe.Standard().Exhibits() {
		named = append(named, e.Name)
	}
	for _, s := range scene.All() {
		named = append(named, s.Name)
	}
	for _, a := range scene.Axes() {
		named = append(named, a.Name)
	}
	for _, d := range eval.Dictionary() {
		named = append(named, strings.TrimPrefix(d.Name, "eval/LEVEL/"))
	}
	for _, name := range named {
		if !strings.Contains(string(page), `<tr><th scope="row"><code>`+name+`</code></th><td>`) {
			t.Errorf("the page for courses does not tell of %q", name)
		}
	}
	for _, hidden := range regexp.MustCompile(`hide=([\w,]+)`).FindAllSubmatch(page, -1) {
		for _, name := range strings.Split(string(hidden[1]), ",") {
			if !slices.Contains(staging.PanelNames(), name) {
				t.Errorf("the page for courses hides %q, which is no panel", name)
			}
		}
	}
}
