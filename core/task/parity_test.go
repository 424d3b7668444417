package task

import (
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("parity", func(t testing.TB, prompt string, tokens []int32) float64 {
	t.Helper()
	text, ended := readResponse("01PR=", tokens)
	if !ended || text == "" {
		return 0
	}
	bits := prompt[1 : len(prompt)-1]
	switch {
	case prompt[0] == 'P' && (len(bits) == 16 || len(bits) == 14) && prompt[len(prompt)-1] == '=':
		if text[len(text)-1:] == []string{"0", "1"}[strings.Count(bits, "1")%2] {
			return 1
		}
	case prompt[0] == 'R' && len(bits) == 14:
		for i := range bits {
			if len(text) != len(bits) || text[len(text)-1-i] != bits[i] {
				return 0
			}
		}
		return 1
	default:
		t.Fatalf("prompt %q is neither", prompt)
	}
	return 0
})

// A long demonstration tells the parity of every beginning, a short one that of the whole; both end
// alike.
func TestParityStyles(t *testing.T) {
	k, err := Lookup("parity")
	if err != nil {
		t.Fatal(err)
	}
	long, short := param.Defaults(k.Knobs), param.Defaults(k.Knobs)
	if err := short.Set("style", "short"); err != nil {
		t.Fatal(err)
	}
	for i := range uint64(300) {
		r := num.NewRand(i, "test", "parity")
		p := k.Sample(&r, []string{"id", "ood"}[i%2])
		bits := strings.Trim(p.Prompt, "P=")
		steps, answer := k.Demonstrate(&r, p, long), k.Demonstrate(&r, p, short)
		for j := range bits {
			if odd := strings.Count(bits[:j+1], "1") % 2; int(steps[j]-'0') != odd {
				t.Fatalf("%s: step %d of %s", p.Prompt, j, steps)
			}
		}
		if len(steps) != len(bits) || len(answer) != 1 || !strings.HasSuffix(steps, answer) {
			t.Fatalf("%s: %s, %s", p.Prompt, steps, answer)
		}
	}
}
