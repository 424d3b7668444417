package archtest

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

const (
	module = "github.com/posttrain/posttrain"
	root   = "../../.."
)

// A source is one text file of the tree; Go files are parsed whatever their build tags.
type source struct {
	path string // from the root of the tree, with slashes
	text string
	fset *token.FileSet
	file *ast.File // nil unless Go
}

// pkg returns the directory of the package, "." for the root.
func (s source) pkg() string { return path.Dir(s.path) }
func (s source) test() bool {
	return strings.HasSuffix(s.path, "_test.go") || s.pkg() == "core/internal/lab"
}

func (s source) at(p token.Pos) string {
	return s.path + ":" + strconv.Itoa(s.fset.Position(p).Line)
}

// imports maps the position of each import to its path; those of this module start with "./".
func (s source) imports() map[*ast.ImportSpec]string {
	found := make(map[*ast.ImportSpec]string)
	for _, spec := range s.file.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			panic(err) // the parser has seen it
		}
		found[spec] = p
	}
	return found
}

// inModule turns an import path into a directory of this module.
func inModule(importPath string) (dir string, ok bool) {
	if importPath == module {
		return ".", true
	}
	return strings.CutPrefix(importPath, module+"/")
}

// under reports whether the slash-separated path is top or below it.
func under(p, top string) bool { return p == top || strings.HasPrefix(p, top+"/") }

func parse(name, text string) (source, error) {
	s := source{path: name, text: text, fset: token.NewFileSet()}
	if path.Ext(name) != ".go" {
		return s, nil
	}
	var err error
	s.file, err = parser.ParseFile(s.fset, name, text,
		parser.ParseComments|parser.SkipObjectResolution)
	return s, err
}

// snippet returns a source for the tests of a rule.
func snippet(t *testing.T, name, text string) []source {
	t.Helper()
	s, err := parse(name, text)
	if err != nil {
		t.Fatal(err)
	}
	return []source{s}
}

var textFiles = []string{".go", ".s", ".md", ".js", ".mjs", ".css", ".html", ".json", ".txtar",
	".sh", ".mod", ".yml", ".yaml"}

// skipped reports whether a directory is not checked: those that git ignores, those of tools, and
// test data.
func skipped(name string) bool {
	return slices.Contains([]string{"bin", "dist", "out", "testdata", "node_modules"}, name) ||
		(strings.HasPrefix(name, ".") && name != "." && name != ".." && name != ".ci")
}

var tree = sync.OnceValues(func() (all []source, err error) {
	err = filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist): // a temporary file of an editor
			return nil
		case err != nil:
			return err
		case d.IsDir() && file != root && skipped(d.Name()):
			return filepath.SkipDir
		case d.IsDir() || !isText(file):
			return nil
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		s, err := parse(filepath.ToSlash(name), string(text))
		all = append(all, s)
		return err
	})
	return all, err
})

func isText(file string) bool {
	name := filepath.Base(file)
	return name == "Makefile" || file == filepath.FromSlash(root+"/.ci/run") ||
		slices.Contains(textFiles, filepath.Ext(name))
}

// goFiles returns the Go files of the tree, tests included.
func goFiles(t *testing.T) []source {
	t.Helper()
	return slices.DeleteFunc(slices.Clone(allFiles(t)),
		func(s source) bool { return s.file == nil })
}

func allFiles(t *testing.T) []source {
	t.Helper()
	all, err := tree()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 10 {
		t.Fatalf("only %d files below %s: is this the tree?", len(all), root)
	}
	return all
}

// report fails the test with every complaint.
func report(t *testing.T, complaints []string) {
	t.Helper()
	slices.Sort(complaints)
	for _, c := range slices.Compact(complaints) {
		t.Error(c)
	}
}

// A breach is source for the test of a rule. want is a part of the only complaint about it, and ""
// if there must be none.
type breach struct{ path, text, want string }

// checkRule tests a rule.
func checkRule(t *testing.T, rule func([]source) []string, cases []breach) {
	t.Helper()
	for _, c := range cases {
		got := rule(snippet(t, c.path, c.text))
		switch {
		case c.want == "" && len(got) > 0:
			t.Errorf("%s\n%s\nis fine, but: %q", c.path, c.text, got)
		case c.want != "" && (len(got) != 1 || !strings.Contains(got[0], c.want)):
			t.Errorf("%s\n%s\nwant one complaint with %q, got %q", c.path, c.text, c.want, got)
		}
	}
}
