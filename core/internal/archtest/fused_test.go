package archtest

import (
	"fmt"
	"go/ast"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A fused multiply-add rounds once where the definition rounds twice. On platforms that have the
// instruction, the compiler uses it wherever a product is added to something without a conversion
// in between. One platform is checked here, and another in the long tier.
const fusing = "GOARCH=arm64"

// fusedOp matches the instruction in the compiler's listing and in our assembly: scalar and vector,
// arm64 and amd64.
var fusedOp = regexp.MustCompile(`\b(FN?M(?:ADD|SUB)[SD]|VFML[AS]|VFN?M(?:ADD|SUB)\w*)\b`)

var (
	listedFunc = regexp.MustCompile(`^(\S+) STEXT `)
	listedLine = regexp.MustCompile(`^\t0x[0-9a-f]+ \d+ \((.+):(\d+)\)\t(\S+)`)
)

// fusedRule compiles packages for a platform and finds the fused instructions in them, also in code
// that is inlined from other packages. listed has the packages for which the compiler printed a
// listing. The go command prints it again for packages from its cache.
func fusedRule(platform string, pkgs ...string) (complaints, listed []string, err error) {
	cmd := exec.Command("go", append([]string{"build", "-gcflags=-S"}, below(pkgs)...)...)
	cmd.Dir = root
	cmd.Env = append(append(os.Environ(), "GOOS=linux", "CGO_ENABLED=0", "GOFLAGS="),
		strings.Fields(platform)...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return nil, nil, fmt.Errorf("%s go build: %v\n%s", platform, err, firstLines(out, 20))
	}
	function := ""
	for line := range strings.Lines(string(out)) {
		if dir, ok := strings.CutPrefix(strings.TrimSpace(line), "# "+module+"/"); ok {
			listed = append(listed, dir)
		} else if m := listedFunc.FindStringSubmatch(line); m != nil {
			function = strings.TrimPrefix(m[1], module+"/")
		} else if m := listedLine.FindStringSubmatch(line); m != nil && fusedOp.MatchString(m[3]) {
			complaints = append(complaints,
				fmt.Sprintf("%s:%s: %s has %s for %s: round the product first, as in "+
					"float32(a*b) + c or float64(a*b) + c",
					fromRoot(m[1]), m[2], function, m[3], platform))
		}
	}
	slices.Sort(complaints)
	return slices.Compact(complaints), listed, nil
}

// firstLines returns the start of a long output, without listings.
func firstLines(out []byte, n int) string {
	var kept []string
	for line := range strings.Lines(string(out)) {
		if !strings.HasPrefix(line, "\t") && !strings.Contains(line, " STEXT ") && len(kept) < n {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "")
}

func fromRoot(file string) string {
	abs, err := filepath.Abs(root)
	if err != nil {
		return file
	}
	if !filepath.IsAbs(file) {
		file = filepath.Join(abs, file)
	}
	name, err := filepath.Rel(abs, file)
	if err != nil || strings.HasPrefix(name, "..") {
		return file
	}
	return filepath.ToSlash(name)
}

// assembledWord matches an instruction that is given as a number in assembly for arm64.
var assembledWord = regexp.MustCompile(`\bWORD\s+\$(0x[0-9a-fA-F]+)`)

// fusedWord reports whether an instruction of arm64 multiplies and adds at once. The patterns are
// those of the Arm Architecture Reference Manual, chapter C4.
func fusedWord(w uint32) bool {
	for _, p := range []struct{ mask, pattern uint32 }{
		{0xff000000, 0x1f000000}, // FMADD, FMSUB, FNMADD, FNMSUB
		{0xbf20fc00, 0x0e20cc00}, // FMLA, FMLS of vectors
		{0xbf60fc00, 0x0e400c00}, // FMLA, FMLS of vectors of halves
		{0xbf00b400, 0x0f001000}, // FMLA, FMLS by an element
		{0xff00b400, 0x5f001000}, // FMLA, FMLS of numbers by an element
		{0xbf20ec00, 0x0e20ec00}, // FMLAL, FMLSL, into wider numbers
		{0xbf20fc00, 0x2e20cc00}, // FMLAL2, FMLSL2
		{0xbf00b400, 0x0f000000}, // FMLAL, FMLSL by an element
		{0xbf00b400, 0x2f008000}, // FMLAL2, FMLSL2 by an element
	} {
		if w&p.mask == p.pattern {
			return true
		}
	}
	return false
}

// fusedIn returns the fused instruction in a line of assembly, or "".
func fusedIn(line string) string {
	code, _, _ := strings.Cut(line, "//")
	if m := assembledWord.FindStringSubmatch(code); m != nil {
		if w, err := strconv.ParseUint(m[1], 0, 32); err != nil || fusedWord(uint32(w)) {
			return m[0]
		}
	}
	return fusedOp.FindString(code)
}

// fusedAssembly finds fused instructions in assembly that is checked in.
func fusedAssembly(files []source) (complaints []string) {
	for _, s := range files {
		if !under(s.path, "core") || !strings.HasSuffix(s.path, ".s") {
			continue
		}
		number := 0
		for line := range strings.Lines(s.text) {
			number++
			if op := fusedIn(line); op != "" {
				complaints = append(complaints,
					s.path+":"+strconv.Itoa(number)+": "+op+" rounds once: multiply, then add")
			}
		}
	}
	return complaints
}

func TestNothingIsFused(t *testing.T) {
	t.Parallel()
	report(t, fusedAssembly(allFiles(t)))
	nothingIsFused(t, fusing)
}

// nothingIsFused checks the packages that compute the bits of a run.
func nothingIsFused(t *testing.T, platform string) {
	t.Helper()
	pkgs := trainingPath(t)
	complaints, listed, err := fusedRule(platform, pkgs...)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pkgs {
		if hasCode(t, p) && !slices.Contains(listed, p) {
			t.Errorf("the compiler printed nothing for %s: does go build -gcflags=-S still list "+
				"what it compiles?", p)
		}
	}
	report(t, complaints)
}

// hasCode reports whether a package has a function to compile. Generic functions do not count.
func hasCode(t *testing.T, pkg string) bool {
	for _, s := range goFiles(t) {
		if s.pkg() == pkg && !s.test() {
			for _, decl := range s.file.Decls {
				if f, ok := decl.(*ast.FuncDecl); ok && f.Recv == nil && f.Type.TypeParams == nil {
					return true
				}
			}
		}
	}
	return false
}

func TestFusedRuleBites(t *testing.T) {
	t.Parallel()
	fusedRuleBites(t, fusing, "4: Add32", "6: Add64", "8: Sub32", "10: SubFrom64")
	checkRule(t, fusedAssembly, []breach{
		{"core/num/x_arm64.s", "\tFMUL V0.S4, V1.S4, V2.S4 // not VFMLA\n", ""},
		{"core/num/x_arm64.s", "\tVFMLA V0.S4, V1.S4, V2.S4\n", "VFMLA"},
		{"core/num/x_arm64.s", "\tWORD $0x4e22d420 // FADD V0.4S, V1.4S, V2.4S\n", ""},
		{"core/num/x_arm64.s", "\tWORD $0x6e22dc20 // FMUL V0.4S, V1.4S, V2.4S\n", ""},
		{"core/num/x_arm64.s", "\tWORD $0x4f829020 // FMUL V0.4S, V1.4S, V2.S[0]\n", ""},
		{"core/num/x_arm64.s", "\tWORD $0x4e22cc20 // FMLA V0.4S, V1.4S, V2.4S\n", "0x4e22cc20"},
		{"core/num/x_arm64.s", "\tWORD $0x4ea2cc20 // FMLS V0.4S, V1.4S, V2.4S\n", "0x4ea2cc20"},
		{"core/num/x_arm64.s", "\tWORD $0x4f821020 // FMLA V0.4S, V1.4S, V2.S[0]\n", "0x4f821020"},
		{"core/num/x_arm64.s", "\tWORD $0x1f020c20 // FMADD S0, S1, S2, S3\n", "0x1f020c20"},
		{"core/num/x_amd64.s", "\tVFMADD231PS Y0, Y1, Y2\n", "VFMADD231PS"},
	})
}

// fusedRuleBites compiles code with fused instructions and checks that the rule finds these lines.
func fusedRuleBites(t *testing.T, platform string, want ...string) {
	t.Helper()
	const dir = "core/internal/archtest/testdata/fused"
	for _, how := range []string{"compiled", "from the cache"} {
		got, listed, err := fusedRule(platform, dir)
		if err != nil {
			t.Fatal(err)
		}
		all := strings.Join(got, "\n")
		if !slices.Equal(listed, []string{dir}) || strings.Contains(all, "Apart") {
			t.Errorf("%s, %s: listed %q, complaints\n%s\nwant nothing about what is kept apart",
				platform, how, listed, all)
		}
		for _, w := range want {
			line, name, _ := strings.Cut(w, ": ")
			if c := fmt.Sprintf("%s/fused.go:%s: %s.%s has ", dir, line, dir,
				name); !strings.Contains(all, c) {
				t.Errorf("%s, %s: got\n%s\nwant a complaint that starts with %s", platform, how,
					all, c)
			}
		}
	}
}
