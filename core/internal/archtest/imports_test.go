package archtest

import (
	"fmt"
	"go/ast"
	"slices"
	"strings"
	"testing"
)

// levels is the package table, lowest first. A package may import packages of lower rows, none of
// higher ones, and in its own row only those that beside lists. A new package goes into the lowest
// row above all packages that it imports.
var levels = [][]string{
	{"core/param", "core/num", "core/protocol", "core/prose", "core/qrcode",
		"core/safetensors", "core/tfevents"},
	{"core/objective/knob", "core/glossary", "core/stats"},
	{"core/objective", "core/guide"},
	{"core/task", "core/method", "core/model", "core/internal/extreme"},
	{"core/optim", "core/rollout", "core/density", "core/hf"},
	{"core/reward", "core/eval", "core/gradient"},
	{"core/train", "core/verdict", "core/signal", "core/workload", "core/dataset",
		"core/annotation", "core/script"},
	{"core/checkpoint", "core/recipe"},
	{"core/study", "core/study/design", "core/trl"},
	{"core/study/cells", "core/lesson"},
	{"core/study/queue", "core/study/analysis", "core/study/evidence",
		"core/study/replay"},
	{"core/study/report"},
	{"core/article"},
}

// beside has the imports that are allowed within a row.
var beside = map[string][]string{
	"core/eval":   {"core/reward"},
	"core/recipe": {"core/checkpoint"},
}

// leaves has packages that import nothing of the module. Every package under core may import them;
// if the value is true, only its tests may.
var leaves = map[string]bool{
	"core/internal/parallel": false,
	"core/internal/fd":       true,
	"core/internal/lab":      true, // itself a part of tests, so that it imports as they do
}

// apart has packages under core that nothing imports: the map of packages, the code generators,
// these tests.
var apart = []string{"core", "core/num/asm", "core/num/simd128", "core/internal/archtest"}

func level(pkg string) int {
	return slices.IndexFunc(levels, func(row []string) bool { return slices.Contains(row, pkg) })
}

// importRule finds imports within the module that the table does not allow.
func importRule(files []source) (complaints []string) {
	for _, s := range files {
		pkg := s.pkg()
		_, leaf := leaves[pkg]
		if !s.test() && under(pkg, "core") && level(pkg) < 0 && !leaf && !slices.Contains(apart,
			pkg) {
			complaints = append(complaints,
				fmt.Sprintf("%s is not in the package table: give it a row of levels in "+
					"core/internal/archtest/imports_test.go, the lowest that has all its "+
					"imports below it", pkg))
			continue
		}
		if s.test() || !under(pkg, "core") {
			continue
		}
		for spec, importPath := range s.imports() {
			if to, ok := inModule(importPath); ok {
				if why := refuse(pkg, to); why != "" {
					complaints = append(complaints,
						fmt.Sprintf("%s: %s imports %s: %s", s.at(spec.Pos()), pkg, to, why))
				}
			}
		}
	}
	return complaints
}

// refuse returns why a package under core may not import another of the module, and "" if it may.
func refuse(from, to string) string {
	if testsOnly, leaf := leaves[to]; leaf {
		if testsOnly {
			return "it is for tests"
		}
		return ""
	}
	if _, leaf := leaves[from]; leaf {
		return "a leaf imports nothing of this module"
	}
	a, b := level(from), level(to)
	switch {
	case !under(to, "core"):
		return "core does not know what is built on it"
	case b < 0:
		return "nothing imports that package; put it into levels in " +
			"core/internal/archtest/imports_test.go if it has become a library"
	case a < 0:
		return from + " stands apart: it imports nothing of this module"
	case a == b && !slices.Contains(beside[from], to):
		return "they are of one level; move what is shared below both, or grant it in beside in " +
			"core/internal/archtest/imports_test.go"
	case a < b:
		return "arrows point only downwards; move what is needed into the lower package, or pass " +
			"it in as a value"
	}
	return ""
}

// outside has the imports from outside the module that packages may not have.
var outside = []struct {
	what   []string // import paths, with all below them
	but    []string // except these
	in     string   // under this directory
	free   []string // but not in these packages
	tests  bool     // tests too
	reason string
}{
	{what: []string{"syscall/js", "github.com/hajimehoshi"}, in: "core", tests: true,
		reason: "core runs without a browser and without a window: emit an event and let wasm or " +
			"cmd show it"},
	{what: []string{"net", "os/exec"}, but: []string{"net/url"}, in: "core",
		free:   []string{"core/num/asm", "core/num/simd128", "core/study/queue"},
		reason: "core talks to nobody"},
	{what: []string{"math/rand", "crypto/rand"}, in: "core",
		reason: "randomness is addressed, not consumed: use num.NewRand(seed, purpose, " +
			"name, index...)"},
	{what: []string{"os", "time", "io/ioutil", "path/filepath", "syscall"},
		but: []string{"os/exec", "syscall/js"}, in: "core",
		free: []string{"core/checkpoint", "core/study", "core/study/cells", "core/study/queue",
			"core/num/asm", "core/num/simd128"},
		reason: "core reads no clock, environment or file: take it as a value, or work in " +
			"checkpoint, study or cmd"},
	{what: []string{"math/big", "math/cmplx"}, in: "core",
		free:   []string{"core/study", "core/num/asm", "core/num/simd128"},
		reason: "the training path computes in float32 and float64 by core/num"},
	{what: []string{"gonum.org"}, in: "core",
		free: []string{"core/study", "core/study/analysis", "core/study/report", "core/stats",
			"core/num"}, tests: true,
		reason: "gonum is for the statistics of core/stats and core/study, for the figures of " +
			"reports, and for comparison in core/num's benchmarks"},
	{what: []string{"gonum.org"}, in: "core/num",
		reason: "gonum is for core/num's benchmarks, not for its code"},
	{what: []string{"github.com/nats-io"}, in: "core", free: []string{"core/study/queue"},
		reason: "the queue of studies is 17 MB, which nothing else should carry"},
	{what: []string{"k8s.io", "sigs.k8s.io"}, in: "cmd/posttrain",
		reason: "the types of Kubernetes are for a test, which compares with them"},
	{what: []string{"github.com/hajimehoshi"}, in: "wasm/trainer", tests: true,
		reason: "the trainer computes, the stage draws: send an event"},
	{what: []string{"github.com/hajimehoshi", "syscall/js"}, in: "wasm/stage/scene", tests: true,
		reason: "scene is geometry that is tested natively: draw in wasm/stage"},
}

func outsideRule(files []source) (complaints []string) {
	for _, s := range files {
		for spec, importPath := range s.imports() {
			for _, o := range outside {
				isUnder := func(top string) bool { return under(importPath, top) }
				if under(s.pkg(), o.in) && (o.tests || !s.test()) && !slices.Contains(o.free,
					s.pkg()) &&
					slices.ContainsFunc(o.what, isUnder) && !slices.ContainsFunc(o.but, isUnder) {
					complaints = append(complaints,
						fmt.Sprintf("%s: imports %s: %s", s.at(spec.Pos()), importPath, o.reason))
				}
			}
		}
	}
	return complaints
}

// kernels has the functions of core/num that work on a tensor, which is a []float32.
func kernels(files []source) (names []string) {
	for _, s := range files {
		if s.pkg() != "core/num" || s.test() {
			continue
		}
		for _, decl := range s.file.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.IsExported() &&
				hasTensor(f.Type) {
				names = append(names, f.Name.Name)
			}
		}
	}
	return names
}

func hasTensor(f *ast.FuncType) (found bool) {
	ast.Inspect(f, func(n ast.Node) bool {
		if array, ok := n.(*ast.ArrayType); ok {
			if elem, ok := array.Elt.(*ast.Ident); ok && elem.Name == "float32" {
				found = true
			}
		}
		return !found
	})
	return found
}

// tensorRule finds methods and tasks that use tensors.
func tensorRule(files []source, kernels []string) (complaints []string) {
	for _, s := range files {
		if s.test() || (s.pkg() != "core/method" && s.pkg() != "core/task") {
			continue
		}
		for _, use := range uses(s, module+"/core/num") {
			if slices.Contains(kernels, use.Sel.Name) {
				complaints = append(complaints,
					fmt.Sprintf("%s: num.%s works on tensors, which methods and tasks never see: "+
						"say it per token in float64, and let train or model "+
						"do the rest", s.at(use.Pos()), use.Sel.Name))
			}
		}
	}
	return complaints
}

// uses returns the selectors in a file of names from an imported package.
func uses(s source, importPath string) (found []*ast.SelectorExpr) {
	name := ""
	for spec, p := range s.imports() {
		if p == importPath {
			name = p[strings.LastIndex(p, "/")+1:]
			if spec.Name != nil {
				name = spec.Name.Name
			}
		}
	}
	if name == "" {
		return nil
	}
	ast.Inspect(s.file, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := sel.X.(*ast.Ident); ok && x.Name == name {
				found = append(found, sel)
			}
		}
		return true
	})
	return found
}

func TestImports(t *testing.T) { report(t, importRule(goFiles(t))) }
func TestOutside(t *testing.T) { report(t, outsideRule(goFiles(t))) }

func TestNoTensorsInMethods(t *testing.T) {
	names := kernels(goFiles(t))
	if !slices.Contains(names, "MatMul") || slices.Contains(names, "Exp") {
		t.Errorf("core/num's kernels are %q: want MatMul among them and not Exp; does core/num "+
			"still have them?", names)
	}
	report(t, tensorRule(goFiles(t), names))
}

func TestImportRuleBites(t *testing.T) {
	imports := func(p string) string { return "package p\nimport _ \"" + p + "\"\n" }
	checkRule(t, importRule, []breach{
		{"core/train/x.go", imports("github.com/posttrain/posttrain/core/model"), ""},
		{"core/train/x.go", imports("github.com/posttrain/posttrain/core/internal/parallel"), ""},
		{"core/eval/x.go", imports("github.com/posttrain/posttrain/core/reward"), ""},
		{"cmd/posttrain/x.go", imports("github.com/posttrain/posttrain/core/study"), ""},
		{"core/model/x_test.go", imports("github.com/posttrain/posttrain/core/optim"), ""},
		{"core/model/x.go", "//go:build js && wasm\n\n" +
			imports("github.com/posttrain/posttrain/core/optim"), "only downwards"},
		{"core/model/x_arm64.go", imports("github.com/posttrain/posttrain/core/train"),
			"only downwards"},
		{"core/reward/x.go", imports("github.com/posttrain/posttrain/core/eval"), "of one level"},
		{"core/method/x.go", imports("github.com/posttrain/posttrain/core/model"), "of one level"},
		{"core/num/x.go", imports("github.com/posttrain/posttrain/core/internal/fd"), "for tests"},
		{"core/internal/parallel/x.go", imports("github.com/posttrain/posttrain/core/num"),
			"a leaf imports nothing"},
		{"core/study/x.go", imports("github.com/posttrain/posttrain/cmd/posttrain"),
			"core does not know"},
		{"core/train/x.go", imports("github.com/posttrain/posttrain/core/num/asm"),
			"nothing imports that package"},
		{"core/num/asm/x.go", imports("github.com/posttrain/posttrain/core/num"), "stands apart"},
		{"core/novel/x.go", imports("fmt"), "not in the package table"},
	})
	checkRule(t, outsideRule, []breach{
		{"core/recipe/x.go", imports("net/url"), ""},
		{"core/study/x.go", imports("time"), ""},
		{"core/num/x_test.go", imports("os/exec"), ""},
		{"core/num/x_test.go", imports("gonum.org/v1/gonum/blas"), ""},
		{"cmd/posttrain/x.go", imports("os"), ""},
		{"core/train/x.go", imports("time"), "no clock"},
		{"core/train/x.go", imports("os"), "no clock"},
		{"core/train/x.go", imports("os/signal"), "no clock"},
		{"core/train/x.go", imports("math/rand/v2"), "addressed"},
		{"core/task/x.go", imports("math/rand"), "addressed"},
		{"core/task/x_test.go", imports("math/rand/v2"), ""},
		{"core/study/x.go", imports("net/http"), "talks to nobody"},
		{"core/study/x.go", imports("os/exec"), "talks to nobody"},
		{"core/train/x.go", "//go:build js\n\n" + imports("syscall/js"), "without a browser"},
		{"core/eval/x.go", imports("gonum.org/v1/gonum/stat"), "gonum is for"},
		{"core/num/x.go", imports("gonum.org/v1/gonum/blas"), "gonum is for"},
		{"wasm/trainer/x.go", imports("github.com/hajimehoshi/ebiten/v2"), "the stage draws"},
	})
	checkRule(t, func(s []source) []string { return tensorRule(s, []string{"MatMul"}) }, []breach{
		{"core/method/x.go", "package p\nimport \"github.com/posttrain/posttrain/core/num\"\nvar " +
			"f = num.Exp", ""},
		{"core/method/x.go", "package p\nimport \"github.com/posttrain/posttrain/core/num\"\nvar " +
			"f = num.MatMul", "num.MatMul works on tensors"},
		{"core/task/x.go", "package p\nimport n \"github.com/posttrain/posttrain/core/num\"\nvar " +
			"f = n.MatMul", "num.MatMul works on tensors"},
		{"core/model/x.go", "package p\nimport \"github.com/posttrain/posttrain/core/num\"\nvar " +
			"f = num.MatMul", ""},
	})
}
