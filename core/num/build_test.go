package num

import (
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"testing"
)

// A fused multiply-add rounds once where the definition rounds twice. The compiler may put one wherever a product feeds a
// sum without a conversion between; this looks for them in its output for the platforms that have the instruction.
func TestNoFusedInstructions(t *testing.T) {
	if runtime.GOOS == "js" {
		t.Skip("there is no compiler to run here")
	}
	for _, c := range []struct{ env, fused string }{
		{"GOARCH=arm64", `\bFN?M(ADD|SUB)[SD]\b`},
		{"GOARCH=amd64 GOAMD64=v3", `\bVFN?M(ADD|SUB)`},
		{"GOARCH=riscv64", `\bFN?M(ADD|SUB)[SD]\b`},
	} {
		cmd := exec.Command("go", "build", "-gcflags=-S", "-o", os.DevNull, ".")
		cmd.Env = append(os.Environ(), "GOOS=linux", "CGO_ENABLED=0")
		cmd.Env = append(cmd.Env, regexp.MustCompile(` `).Split(c.env, -1)...)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", c.env, err, out)
		}
		if len(out) < 10000 {
			t.Fatalf("%s: the compiler printed no code", c.env)
		}
		for _, line := range regexp.MustCompile(`(?m)^.*`+c.fused+`.*$`).FindAllString(string(out), 5) {
			t.Errorf("%s: %s", c.env, line)
		}
	}
}
