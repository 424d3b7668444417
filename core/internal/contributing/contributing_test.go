// Package contributing has only tests: they hold the prose at the top of the tree to the code. The
// worked examples of CONTRIBUTING.md are vetted as if they were in the tree, and tested there in
// the long tier; links lead somewhere, and maps name every package.
package contributing

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const root = "../../.."

// example is a fenced block of CONTRIBUTING.md that names a file: a new one ("```go
// core/task/mirror.go"), or one that is in the tree and is changed ("```diff
// core/method/catalogue.go").
type example struct {
	file, code string
	change     bool
}

func examples(t *testing.T, markdown string) (found []example) {
	t.Helper()
	var open *example
	for line := range strings.Lines(markdown) {
		fence, isFence := strings.CutPrefix(strings.TrimRight(line, "\n"), "```")
		switch {
		case isFence && open != nil:
			found, open = append(found, *open), nil
		case isFence:
			if words := strings.Fields(fence); len(words) > 1 &&
				(words[0] == "go" || words[0] == "diff") {
				open = &example{file: words[1], change: words[0] == "diff"}
			}
		case open != nil:
			open.code += line
		}
	}
	if open != nil {
		t.Fatalf("the example %s has no end", open.file)
	}
	return found
}

// onePlace are tests of what CONTRIBUTING.md says about its examples: that one place is enough for
// the title of a setting and for a metric. They are laid over the tree with the examples.
var onePlace = []example{
	{file: "core/recipe/contributing_test.go", code: `package recipe

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestContributingTitle(t *testing.T) {
	r, err := Standard().Parse("cards?lane=wins")
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(r.Describe())
	if err != nil || !strings.Contains(string(text), "\"label\":\"margin to win\"") {
		t.Errorf("the page does not call the setting by its title (%v)", err)
	}
}
`},
	{file: "core/eval/contributing_test.go", code: `package eval

import (
	"testing"

	"github.com/posttrain/posttrain/core/task"
)

func TestContributingMetric(t *testing.T) {
	eachTask(t, func(t *testing.T, k task.Task) {
		base := network(k, 0, 0)
		s := NewSuite(k, base, prompts, 5, 1)
		for i, l := range k.Levels {
			metrics, _ := s.Measure(base, i)
			found := false
			for _, m := range metrics {
				found = found || m.Name == "eval/"+l.Name+"/greedy_tokens" && m.Value > 0
			}
			if !found {
				t.Errorf("greedy_tokens is not measured at level %s", l.Name)
			}
		}
	})
}
`},
}

// overlay writes the examples to a folder of the test. It returns the flag with which the go
// command reads them in place of the tree's files.
func overlay(t *testing.T, all []example) string {
	t.Helper()
	dir, replace := t.TempDir(), map[string]string{}
	for _, e := range all {
		target, err := filepath.Abs(filepath.Join(root, filepath.FromSlash(e.file)))
		if err != nil {
			t.Fatal(err)
		}
		code := e.code
		if e.change {
			code = changed(t, cmp.Or(replace[target], target), e)
		} else if _, err := os.Stat(target); err == nil {
			t.Fatalf("%s is in the tree now: let CONTRIBUTING.md show another example", e.file)
		}
		source := filepath.Join(dir, strings.ReplaceAll(e.file, "/", "_"))
		if err := os.WriteFile(source, []byte(code), 0o644); err != nil {
			t.Fatal(err)
		}
		replace[target] = source
		if made := generated(t, source); made != "" {
			replace[strings.TrimSuffix(target, ".go")+"_gen.go"] = made
		}
	}
	data, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(file, data, 0o644); err != nil {
		t.Fatal(err)
	}
	return "-overlay=" + file
}

// generated runs msgp on a file that says so. It returns the path of the file that was made, and ""
// if there is none.
func generated(t *testing.T, source string) string {
	t.Helper()
	text, err := os.ReadFile(source)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(text, []byte("\n//go:generate go tool msgp -tests=false -io=false\n")) {
		return ""
	}
	made := strings.TrimSuffix(source, ".go") + "_gen.go"
	command(t, root, "go", "tool", "msgp", "-tests=false", "-io=false", "-file", source, "-o", made)
	return made
}

// changed returns the text of a file of the tree after a change whose lines begin with a blank
// where they stay and with a plus where they are new.
func changed(t *testing.T, file string, e example) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var before, after strings.Builder
	for line := range strings.Lines(e.code) {
		if line[0] == ' ' {
			before.WriteString(line[1:])
		}
		after.WriteString(line[1:])
	}
	if n := strings.Count(string(text), before.String()); n != 1 {
		t.Fatalf("the lines around the change to %s are there %d times, want once:\n%s", e.file, n,
			before.String())
	}
	return strings.Replace(string(text), before.String(), after.String(), 1)
}

// command runs a program in a folder and returns what it printed.
func command(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// laidOver returns the examples of CONTRIBUTING.md, and the go command's flag that lays them over
// the tree. Nothing but tests is added to them, so the page must say all that there is to do.
func laidOver(t *testing.T) (all []example, flag string) {
	t.Helper()
	all = examples(t, read(t, "CONTRIBUTING.md"))
	if len(all) < 6 {
		t.Fatalf("CONTRIBUTING.md has %d examples that name their file, "+
			"want a method, a task, a base and an exhibit with their tests", len(all))
	}
	return all, overlay(t, append(slices.Clone(all), onePlace...))
}

// The examples of CONTRIBUTING.md are formatted, and go vet, which compiles them with their
// packages and tests, has no objection. The long tier runs them.
func TestContributingExampleCompiles(t *testing.T) {
	all, flag := laidOver(t)
	for _, e := range all {
		if !e.change {
			t.Run(e.file, func(t *testing.T) { formatted(t, e) })
		}
	}
	command(t, root, "go", "vet", flag, "./core/method", "./core/task", "./core/recipe",
		"./core/protocol",
		"./core/train", "./core/eval")
}

// formatted fails the test unless the example is formatted as by gofmt.
func formatted(t *testing.T, e example) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "example.go")
	if err := os.WriteFile(file, []byte(e.code), 0o644); err != nil {
		t.Fatal(err)
	}
	goroot := strings.TrimSpace(command(t, root, "go", "env", "GOROOT"))
	if diff := command(t, root, filepath.Join(goroot, "bin", "gofmt"), "-d", file); diff != "" {
		t.Errorf("%s is not formatted:\n%s", e.file, diff)
	}
}

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ (.+)$`)
	marks   = regexp.MustCompile("[^a-z0-9 _-]")
)

// Links between pages lead to files and headings that exist.
func TestLinksLeadSomewhere(t *testing.T) {
	for _, page := range pages(t) {
		for _, m := range link.FindAllStringSubmatch(read(t, page), -1) {
			target, anchor, _ := strings.Cut(m[1], "#")
			if strings.Contains(target, "://") {
				continue
			}
			to := page
			if target != "" {
				to = path.Join(path.Dir(page), target)
			}
			info, err := os.Stat(filepath.Join(root, filepath.FromSlash(to)))
			switch {
			case err != nil:
				t.Errorf("%s links to %s: %v", page, m[1], err)
			case anchor != "" && (info.IsDir() || !slices.Contains(anchors(read(t, to)), anchor)):
				t.Errorf("%s links to %s, which has no such heading", page, m[1])
			}
		}
	}
}

// file is the name of a file or folder of the tree in a page.
var file = regexp.MustCompile("`((?:core|cmd|site|wasm|docs)/[^`]+)`")

// The files that the architecture guide names exist.
func TestTheGuideNamesFiles(t *testing.T) {
	names := file.FindAllStringSubmatch(read(t, "docs/architecture.md"), -1)
	for _, m := range names {
		if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(m[1]))); err != nil {
			t.Errorf("docs/architecture.md names %s: %v", m[1], err)
		}
	}
	if len(names) < 30 {
		t.Errorf("only %d names of files were found in docs/architecture.md", len(names))
	}
}

// anchors returns the anchors that the headings of a page have in HTML.
func anchors(markdown string) (all []string) {
	for _, m := range heading.FindAllStringSubmatch(markdown, -1) {
		all = append(all, strings.ReplaceAll(marks.ReplaceAllString(strings.ToLower(m[1]), ""), " ",
			"-"))
	}
	return all
}

// Both maps of the packages, in the README and in core/doc.go, name every package of core and none
// that is not there. What lies below a package, such as a generator, may be named or left to it.
func TestMapsNameEveryPackage(t *testing.T) {
	have := packages(t)
	for page, entry := range map[string]*regexp.Regexp{
		"README.md":   regexp.MustCompile(`(?m)^core/([a-z/]+?)/?  `),
		"core/doc.go": regexp.MustCompile(`(?m)^//\t([a-z/]+)  `),
	} {
		var named []string
		for _, m := range entry.FindAllStringSubmatch(read(t, page), -1) {
			named = append(named, m[1])
		}
		slices.Sort(named)
		for _, name := range named {
			if !slices.Contains(have, name) {
				t.Errorf("%s names core/%s, which is not there", page, name)
			}
		}
		for _, name := range have {
			below := strings.Contains(strings.TrimPrefix(name, "internal/"), "/")
			if !below && !slices.Contains(named, name) {
				t.Errorf("%s does not say what core/%s is for: give it a line in the map", page,
					name)
			}
		}
	}
}

// packages returns the folders under core that have Go files, relative to core.
func packages(t *testing.T) (all []string) {
	t.Helper()
	top := filepath.Join(root, "core")
	err := filepath.WalkDir(top, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && d.Name() == "testdata" {
			return filepath.SkipDir
		}
		name, err := filepath.Rel(top, filepath.Dir(file))
		if err != nil {
			return err
		}
		if name = filepath.ToSlash(name); filepath.Ext(file) == ".go" && name != "." &&
			!slices.Contains(all, name) {
			all = append(all, name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// pages returns the Markdown files at the top of the tree and under docs.
func pages(t *testing.T) (all []string) {
	t.Helper()
	tree := os.DirFS(root)
	for _, pattern := range []string{"*.md", "docs/*.md", "docs/*/*.md"} {
		found, err := fs.Glob(tree, pattern)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, found...)
	}
	if len(all) < 5 {
		t.Fatalf("only %q: are these the pages?", all)
	}
	return all
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")))
}
