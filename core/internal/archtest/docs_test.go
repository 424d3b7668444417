package archtest

import (
	"go/ast"
	"slices"
	"strings"
	"testing"
)

// withoutExample are packages under core that need no Example, with the reason.
var withoutExample = map[string]string{
	"core":             "it has no code: its documentation is the map of the others",
	"core/num/asm":     "a command that generates code",
	"core/num/simd128": "a command that generates code",
}

// docRule finds exported names outside internal packages that have no comment, and functions and
// types whose comment does not begin with their name, since go doc lists them by its first
// sentence.
func docRule(files []source) (complaints []string) {
	for _, s := range files {
		if s.test() || !under(s.pkg(), "core") || isInternal(s.pkg()) || ast.IsGenerated(s.file) {
			continue
		}
		for _, decl := range s.file.Decls {
			for _, e := range undocumented(decl) {
				complaints = append(complaints,
					s.at(e.Pos())+": "+e.Name+" is exported: say in a comment that begins with "+
						"its name what it is or does")
			}
		}
	}
	return complaints
}

// undocumented returns the exported names of a declaration that lack a comment.
func undocumented(decl ast.Decl) (names []*ast.Ident) {
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if d.Name.IsExported() && exportedReceiver(d) && !begins(d.Doc, d.Name.Name) {
			names = append(names, d.Name)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			names = append(names, undocumentedSpec(d, spec)...)
		}
	}
	return names
}

func undocumentedSpec(d *ast.GenDecl, spec ast.Spec) (names []*ast.Ident) {
	switch s := spec.(type) {
	case *ast.TypeSpec:
		if s.Name.IsExported() && !begins(d.Doc, s.Name.Name) && !begins(s.Doc, s.Name.Name) {
			names = append(names, s.Name)
		}
	case *ast.ValueSpec: // a comment on the group counts for all of it
		for _, name := range s.Names {
			if name.IsExported() && d.Doc == nil && s.Doc == nil && s.Comment == nil {
				names = append(names, name)
			}
		}
	}
	return names
}

// exportedReceiver reports whether f is a function, or a method of an exported type.
func exportedReceiver(f *ast.FuncDecl) bool {
	if f.Recv == nil {
		return true
	}
	t := f.Recv.List[0].Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	if index, ok := t.(*ast.IndexExpr); ok {
		t = index.X
	}
	name, ok := t.(*ast.Ident)
	return !ok || name.IsExported()
}

// begins reports whether a comment begins with name, after an article if there is one.
func begins(doc *ast.CommentGroup, name string) bool {
	words := strings.Fields(doc.Text())
	if len(words) > 1 && slices.Contains([]string{"A", "An", "The"}, words[0]) {
		words = words[1:]
	}
	return len(words) > 1 && words[0] == name
}

func isInternal(pkg string) bool { return slices.Contains(strings.Split(pkg, "/"), "internal") }

// exampleRule finds packages under core that have no documentation or no runnable Example, which is
// one with an expected output. Internal packages need none.
func exampleRule(files []source) (complaints []string) {
	documented, shown := map[string]bool{}, map[string]bool{}
	var pkgs []string
	for _, s := range files {
		if !under(s.pkg(), "core") || isInternal(s.pkg()) {
			continue
		}
		if !slices.Contains(pkgs, s.pkg()) {
			pkgs = append(pkgs, s.pkg())
		}
		documented[s.pkg()] = documented[s.pkg()] || !s.test() && s.file.Doc != nil
		shown[s.pkg()] = shown[s.pkg()] || s.test() && hasExample(s.file)
	}
	for _, pkg := range pkgs {
		if !documented[pkg] {
			complaints = append(complaints,
				pkg+" has no package documentation: say above a package clause what it provides "+
					"and where to start")
		}
		if !shown[pkg] && withoutExample[pkg] == "" {
			complaints = append(complaints,
				pkg+" has no Example with an Output comment: show in example_test.go how it is "+
					"used, or give the reason in withoutExample")
		}
	}
	return complaints
}

// hasExample reports whether a file has an Example that go test runs.
func hasExample(file *ast.File) bool {
	for _, decl := range file.Decls {
		f, ok := decl.(*ast.FuncDecl)
		if !ok || !strings.HasPrefix(f.Name.Name, "Example") {
			continue
		}
		for _, c := range file.Comments {
			if c.Pos() > f.Body.Pos() && c.End() < f.Body.End() && strings.HasPrefix(c.Text(),
				"Output:") {
				return true
			}
		}
	}
	return false
}

// The packages in the lists of these rules exist.
func TestListedPackagesExist(t *testing.T) {
	var dirs []string
	for _, s := range goFiles(t) {
		dirs = append(dirs, s.pkg())
	}
	listed := slices.Concat(append(levels, apart, reporting)...)
	for pkg := range leaves {
		listed = append(listed, pkg)
	}
	for pkg, granted := range beside {
		listed = append(append(listed, pkg), granted...)
	}
	for pkg := range withoutExample {
		listed = append(listed, pkg)
	}
	for _, o := range outside {
		listed = append(append(listed, o.in), o.free...)
	}
	for _, pkg := range listed {
		if pkg != "core" && !slices.Contains(dirs, pkg) {
			t.Errorf("%s is listed in core/internal/archtest, and there is no such package", pkg)
		}
	}
}

func TestExportedNamesAreDocumented(t *testing.T) { report(t, docRule(goFiles(t))) }
func TestPackagesHaveExamples(t *testing.T)       { report(t, exampleRule(goFiles(t))) }

func TestDocRulesBite(t *testing.T) {
	checkRule(t, docRule, []breach{
		{"core/num/x.go", "package num\n\n// F returns 1.\nfunc F() int { return 1 }\n", ""},
		{"core/num/x.go", "package num\n\n// A T is a thing.\ntype T int\n\nfunc (t T) " +
			"unexported() {}\n", ""},
		{"core/num/x.go", "package num\n\n// The two ends.\nconst (\n\tLow = iota\n\tHigh\n)\n",
			""},
		{"core/num/x.go", "package num\n\ntype t int\n\nfunc (t t) Len() int { return 0 }\n", ""},
		{"core/internal/fd/x.go", "package fd\n\nfunc F() {}\n", ""},
		{"core/num/x_test.go", "package num\n\nfunc F() {}\n", ""},
		{"core/num/x.go", "package num\n\nfunc F() {}\n", "F is exported"},
		{"core/num/x.go", "package num\n\n// Returns 1.\nfunc F() int { return 1 }\n",
			"F is exported"},
		{"core/num/x.go", "package num\n\n// T is a thing.\ntype T int\n\nfunc (t *T) M() {}\n",
			"M is exported"},
		{"core/num/x.go", "package num\n\ntype T int\n", "T is exported"},
		{"core/num/x.go", "package num\n\nvar V = 1\n", "V is exported"},
	})
	const doc = "// Package num is documented.\npackage num\n"
	checkRule(t, func(s []source) []string {
		x, err := parse("core/num/x_test.go",
			"package num_test\n\nfunc ExampleF() {\n\tF()\n\t// Output: 1\n}\n")
		if err != nil {
			t.Fatal(err)
		}
		return exampleRule(append(s, x))
	}, []breach{
		{"core/num/x.go", doc, ""},
		{"core/num/y.go", "package num\n", "no package documentation"},
	})
	checkRule(t, exampleRule, []breach{
		{"core/num/asm/x.go", "// Command asm is documented.\npackage main\n", ""},
		{"core/num/x.go", doc, "no Example"},
		{"core/num/x.go", doc + "\nfunc ExampleF() {\n\tF()\n\t// Output: 1\n}\n", "no Example"},
	})
}
