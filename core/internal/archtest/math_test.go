package archtest

import (
	"fmt"
	"go/ast"
	"slices"
	"strings"
	"testing"
)

// exact has the functions of package math that give the same bits on every platform, either because
// IEEE 754 defines them or because they work on the bits as integers. Any other may be assembly on
// one platform and fused on another.
var exact = strings.Fields(`
	Sqrt Floor Ceil Trunc Round RoundToEven Abs Mod Remainder Modf Max Min Dim Copysign Signbit
	Inf NaN IsInf IsNaN Frexp Ldexp Ilogb Logb Nextafter Nextafter32
	Float32bits Float32frombits Float64bits Float64frombits
	E Pi Phi Sqrt2 SqrtE SqrtPi SqrtPhi Ln2 Log2E Ln10 Log10E
	MaxFloat32 SmallestNonzeroFloat32 MaxFloat64 SmallestNonzeroFloat64
	MaxInt MinInt MaxInt8 MinInt8 MaxInt16 MinInt16 MaxInt32 MinInt32 MaxInt64 MinInt64
	MaxUint MaxUint8 MaxUint16 MaxUint32 MaxUint64`)

// reporting has packages whose results do not affect parameters: code generators, and statistics
// that are only reported.
var reporting = []string{"core/num/asm", "core/num/simd128", "core/stats",
	"core/study"}

func mathRule(files []source) (complaints []string) {
	for _, s := range files {
		if s.test() || !under(s.pkg(), "core") || slices.Contains(reporting, s.pkg()) {
			continue
		}
		for spec, p := range s.imports() {
			if p == "math" && spec.Name != nil && spec.Name.Name == "." {
				complaints = append(complaints, s.at(spec.Pos())+": import math by its name")
			}
		}
		for _, use := range uses(s, "math") {
			if name := use.Sel.Name; ast.IsExported(name) && !slices.Contains(exact, name) {
				complaints = append(complaints,
					fmt.Sprintf("%s: math.%s differs between platforms: use or write its like in "+
						"core/num, with every rounding spelled out", s.at(use.Pos()), name))
			}
		}
	}
	return complaints
}

func TestMathIsExact(t *testing.T) { report(t, mathRule(goFiles(t))) }

func TestMathRuleBites(t *testing.T) {
	checkRule(t, mathRule, []breach{
		{"core/train/x.go", "package p\nimport \"math\"\nvar x = math.Sqrt(math.Pi)", ""},
		{"core/train/x_test.go", "package p\nimport \"math\"\nvar x = math.Exp(1)", ""},
		{"core/study/x.go", "package p\nimport \"math\"\nvar x = math.Exp(1)", ""},
		{"core/num/x_arm64.go", "package p\nimport \"math\"\nvar x = math.FMA(1, 2, 3)",
			"math.FMA"},
		{"core/train/x.go", "package p\nimport m \"math\"\nvar f = m.Tanh", "math.Tanh"},
		{"core/train/x.go", "package p\nimport . \"math\"\nvar f = Tanh", "by its name"},
	})
}
