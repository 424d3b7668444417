package archtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

// trainingPath returns the packages of the tree that compute the bits of a run.
func trainingPath(t *testing.T) (pkgs []string) {
	t.Helper()
	on := []string{"core/internal/parallel"}
	for _, row := range levels {
		on = append(on, row...)
	}
	for _, s := range goFiles(t) {
		if !s.test() && slices.Contains(on, s.pkg()) && !slices.Contains(reporting, s.pkg()) &&
			!slices.Contains(pkgs, s.pkg()) {
			pkgs = append(pkgs, s.pkg())
		}
	}
	return pkgs
}

// platforms together compile every file of the training path: with vector kernels, plain, and for
// the page.
var platforms = []string{"GOOS=linux GOARCH=amd64", "GOOS=linux GOARCH=arm64",
	"GOOS=js GOARCH=wasm"}

// mapRule type-checks packages for a platform and finds where a map is iterated, except in
// generated code.
func mapRule(platform string, pkgs ...string) (complaints []string, err error) {
	loaded, err := typeCheck(platform, below(pkgs)...)
	if err != nil {
		return nil, err
	}
	for _, p := range loaded {
		for _, file := range p.Syntax {
			if !ast.IsGenerated(file) {
				for _, pos := range iterations(file, p.TypesInfo) {
					complaints = append(complaints,
						inTree(p.Fset.Position(pos))+": iterates a map, whose order is random: "+
							"keep a slice, or range over slices.Sorted(maps.Keys(m))")
				}
			}
		}
	}
	return complaints, nil
}

// typeCheck loads packages and their types as they are compiled for a platform.
func typeCheck(platform string, patterns ...string) ([]*packages.Package, error) {
	conf := &packages.Config{
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedSyntax | packages.NeedImports |
			packages.NeedDeps | packages.NeedTypes | packages.NeedTypesInfo,
		Dir: root,
		Env: append(append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS="),
			strings.Fields(platform)...),
		ParseFile: withoutForeignBodies,
	}
	loaded, err := packages.Load(conf, patterns...)
	if err != nil {
		return nil, err
	}
	for _, p := range loaded {
		for _, e := range p.Errors {
			return nil, fmt.Errorf("%s does not compile for %s: %s", p.PkgPath, platform, e)
		}
	}
	return loaded, nil
}

// below returns directories of the tree as patterns for the go command.
func below(pkgs []string) (patterns []string) {
	for _, p := range pkgs {
		patterns = append(patterns, "./"+p)
	}
	return patterns
}

// inTree returns a position as file:line, relative to the root of the tree.
func inTree(p token.Position) string {
	abs, err := filepath.Abs(root)
	if err != nil {
		panic(err)
	}
	name, err := filepath.Rel(abs, p.Filename)
	if err != nil {
		name = p.Filename
	}
	return fmt.Sprintf("%s:%d", filepath.ToSlash(name), p.Line)
}

// iterations finds the statements and calls that go through a map in random order.
func iterations(file *ast.File, info *types.Info) (found []token.Pos) {
	sorted := make(map[ast.Expr]bool) // arguments of functions that sort them
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.RangeStmt:
			if isMap(info.TypeOf(n.X)) {
				found = append(found, n.Pos())
			}
		case *ast.CallExpr:
			switch name := callee(n, info); {
			case name == "slices.Sorted" || name == "slices.SortedFunc":
				sorted[n.Args[0]] = true
			case slices.Contains(iterators, name) && !sorted[n]:
				found = append(found, n.Pos())
			}
		}
		return true
	})
	return found
}

var iterators = []string{"maps.Keys", "maps.Values", "maps.All", "maps.DeleteFunc",
	"(*sync.Map).Range", "(reflect.Value).MapKeys", "(reflect.Value).MapRange"}

func callee(call *ast.CallExpr, info *types.Info) string {
	fun := ast.Unparen(call.Fun)
	if index, ok := fun.(*ast.IndexExpr); ok {
		fun = index.X
	}
	if sel, ok := fun.(*ast.SelectorExpr); ok {
		if f, ok := info.ObjectOf(sel.Sel).(*types.Func); ok {
			return f.FullName()
		}
	}
	return ""
}

func isMap(t types.Type) bool {
	if p, ok := types.Unalias(t).(*types.TypeParam); ok {
		return someMap(p.Constraint())
	}
	_, ok := t.Underlying().(*types.Map)
	return ok
}

// someMap reports whether a constraint allows a map.
func someMap(constraint types.Type) bool {
	face, ok := constraint.Underlying().(*types.Interface)
	if !ok {
		return isMap(constraint)
	}
	for embedded := range face.EmbeddedTypes() {
		if union, ok := embedded.(*types.Union); ok {
			for term := range union.Terms() {
				if someMap(term.Type()) {
					return true
				}
			}
		} else if someMap(embedded) {
			return true
		}
	}
	return false
}

func TestNoMapIsIterated(t *testing.T) {
	t.Parallel()
	pkgs := trainingPath(t)
	for _, platform := range platforms {
		t.Run(platform, func(t *testing.T) {
			t.Parallel()
			complaints, err := mapRule(platform, pkgs...)
			if err != nil {
				t.Fatal(err)
			}
			report(t, complaints)
		})
	}
}

func TestMapRuleBites(t *testing.T) {
	t.Parallel()
	const dir = "core/internal/archtest/testdata/maps"
	text, err := os.ReadFile("testdata/maps/maps.go")
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for i, line := range strings.Split(string(text), "\n") {
		if strings.HasSuffix(line, "// iterates") {
			want = append(want, fmt.Sprintf("%s/maps.go:%d:", dir, i+1))
		}
	}
	got, err := mapRule(platforms[0], dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(want) || len(want) < 7 {
		t.Fatalf("got %q\nwant a complaint about each of %q", got, want)
	}
	for i, w := range want {
		if !strings.HasPrefix(got[i], w) {
			t.Errorf("got %q, want one about %s", got[i], w)
		}
	}
}

// withoutForeignBodies parses a file. In files of other modules it drops the bodies of functions,
// since only their types matter.
func withoutForeignBodies(fset *token.FileSet, name string, text []byte) (*ast.File, error) {
	file, err := parser.ParseFile(fset, name, text,
		parser.ParseComments|parser.SkipObjectResolution)
	if file != nil && !ours(name) {
		for _, decl := range file.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok {
				f.Body = nil
			}
		}
	}
	return file, err
}

func ours(name string) bool {
	abs, err := filepath.Abs(root)
	return err == nil && under(filepath.ToSlash(name), filepath.ToSlash(abs))
}
