package archtest

import (
	"fmt"
	"go/ast"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// vague has package names that do not say what a package provides.
var vague = []string{"util", "utils", "helper", "helpers", "manager", "base", "common", "misc",
	"shared"}

func nameRule(files []source) (complaints []string) {
	for _, s := range files {
		name := strings.TrimSuffix(s.file.Name.Name, "_test")
		dir := s.pkg()[strings.LastIndex(s.pkg(), "/")+1:]
		if slices.Contains(vague, name) || slices.Contains(vague, dir) {
			complaints = append(complaints,
				fmt.Sprintf("%s: package %q in %s: name it after what it provides", s.path, name,
					s.pkg()))
		}
	}
	return complaints
}

// skipRule finds tests that skip themselves. A test that cannot run everywhere needs a build tag
// instead.
func skipRule(files []source) (complaints []string) {
	for _, s := range files {
		if !s.test() {
			continue
		}
		for _, use := range uses(s, "testing") {
			if use.Sel.Name == "Short" {
				complaints = append(complaints,
					s.at(use.Pos())+": testing.Short: make the test quick, or put it behind "+
						"//go:build verify")
			}
		}
		names := testNames(s.file)
		ast.Inspect(s.file, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok &&
				slices.Contains([]string{"Skip", "Skipf", "SkipNow"}, sel.Sel.Name) {
				if x, ok := sel.X.(*ast.Ident); ok && slices.Contains(names, x.Name) {
					complaints = append(complaints,
						s.at(sel.Pos())+": a skipped test passes silently: let it fail, or keep "+
							"the file out with a build tag")
				}
			}
			return true
		})
	}
	return complaints
}

// testNames returns the names of parameters in a file that are a *testing.T or similar.
func testNames(file *ast.File) (names []string) {
	ast.Inspect(file, func(n ast.Node) bool {
		field, ok := n.(*ast.Field)
		if !ok {
			return true
		}
		t := field.Type
		if star, ok := t.(*ast.StarExpr); ok {
			t = star.X
		}
		if sel, ok := t.(*ast.SelectorExpr); ok {
			if x, ok := sel.X.(*ast.Ident); ok && x.Name == "testing" {
				for _, name := range field.Names {
					names = append(names, name.Name)
				}
			}
		}
		return true
	})
	return names
}

// The patterns of textRule, written so that they do not match themselves.
var (
	leftOver    = regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|X` + `XX)\b`)
	machinePath = regexp.MustCompile(`(^|[^\w./~$}-])(/(home|root|Users|work)/\w|[A-Z]:\\Users\\)`)
)

func textRule(files []source) (complaints []string) {
	for _, s := range files {
		number := 0
		for line := range strings.Lines(s.text) {
			number++
			at := s.path + ":" + strconv.Itoa(number) + ": "
			if m := leftOver.FindString(line); m != "" {
				complaints = append(complaints,
					at+m+": do it, or say in the docs that it is not done")
			}
			if m := machinePath.FindString(line); m != "" {
				complaints = append(complaints,
					at+"a path of one machine: make it relative, or use t.TempDir")
			}
		}
	}
	return complaints
}

func TestNames(t *testing.T)             { report(t, nameRule(goFiles(t))) }
func TestNothingIsSkipped(t *testing.T)  { report(t, skipRule(goFiles(t))) }
func TestNothingIsLeftOver(t *testing.T) { report(t, textRule(allFiles(t))) }

func TestStructureRulesBite(t *testing.T) {
	checkRule(t, nameRule, []breach{
		{"core/num/x.go", "package num\n", ""},
		{"core/eval/x.go", "package common\n", "name it after"},
		{"core/utils/x.go", "package strutil\n", "name it after"},
		{"core/helper/x_test.go", "package helper_test\n", "name it after"},
	})
	checkRule(t, skipRule, []breach{
		{"core/num/x_test.go",
			"package p\nimport \"testing\"\nfunc F(d decoder, t *testing.T) { d.Skip(); t.Log() }",
			""},
		{"core/num/x_test.go", "package p\nimport \"testing\"\nfunc F(t *testing.T) { t.Skip() }",
			"passes silently"},
		{"core/num/x_test.go",
			"package p\nimport \"testing\"\nfunc F(tb testing.TB) { tb.Skipf(``) }",
			"passes silently"},
		{"core/num/x_test.go",
			"package p\nimport \"testing\"\nfunc F() bool { return testing.Short() }",
			"build verify"},
	})
	checkRule(t, textRule, []breach{
		{"docs/x.md", "see docs/work/x and https://example.org/home/x, $HOME/work/x, /home/", ""},
		{"docs/x.md", "a TO" + "DO", "do it"},
		{"core/x.go", "package p\n\n// FIX" + "ME: wrong\n", "do it"},
		{"docs/x.md", "in /ho" + "me/someone/x", "one machine"},
		{"core/x.go", "package p\n\nvar x = \"/ro" + "ot/x\"\n", "one machine"},
	})
}
