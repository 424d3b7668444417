package task

import (
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("facts", func(t testing.TB, prompt string, tokens []int32) float64 {
	t.Helper()
	text, ended := readResponse("abcdefghijklmnopqrstuvwxyzABCD01234567?QWT=", tokens)
	asked := strings.TrimRight(prompt[3:], "=")
	// A person's numbers are: who they are (four of eight are known), then A, B, C and D.
	r := num.NewRand(0, "world", "facts/"+prompt[1:3])
	known := r.IntN(8) >= 4
	truth := map[rune]int{}
	for _, attribute := range "ABCD" {
		truth[attribute] = r.IntN(8)
	}
	if !ended || len(text) != len(asked) {
		return 0
	}
	if strings.HasPrefix(prompt, "T") != (len(asked) == 4) || !known && len(asked) == 4 {
		t.Fatalf("prompt %q is of no kind", prompt)
	}
	if text == "?" && !known {
		return 1
	}
	for i, attribute := range asked {
		if int(text[i])-'0' != truth[attribute] {
			return 0
		}
	}
	return 1
})

// Abstaining is right about people who were never described and wrong about all others; a claim is
// right if it is true.
func TestFactsAbstention(t *testing.T) {
	k, err := Lookup("facts")
	if err != nil {
		t.Fatal(err)
	}
	abstain := param.Defaults(k.Knobs)
	if err := abstain.Set("style", "abstain"); err != nil {
		t.Fatal(err)
	}
	described := map[string]bool{}
	for i := range 30000 {
		if p, _ := k.PretrainExample(1, i); p.Level == "prior" {
			described[p.Prompt[1:3]] = true
		}
	}
	untold, asked := 0, problems(k, 500)
	for i, p := range asked {
		r := num.NewRand(1, "test", "facts", uint64(i))
		if got := k.Demonstrate(&r, p, abstain) == "?"; got == described[p.Prompt[1:3]] {
			t.Fatalf("%+v: abstains %v, described %v", p, got, described[p.Prompt[1:3]])
		}
		if p.Level == "prior" {
			continue
		}
		if !k.Abstains(p, "?") || k.Abstains(p, p.Answer) || k.Abstains(p, "??") ||
			k.Abstains(p, "") {
			t.Fatalf("%+v: ? alone abstains", p)
		}
		if got := k.Reward(p, "?"); (got == 1) == described[p.Prompt[1:3]] {
			t.Fatalf("%+v: abstaining earns %v, described %v", p, got, described[p.Prompt[1:3]])
		}
		if p.Level == "id" && !described[p.Prompt[1:3]] {
			untold++
		}
		for value := range 8 {
			if got := k.Reward(p, digit(value)); (got == 1) != (digit(value) == p.Answer) {
				t.Fatalf("%+v: %d earns %v", p, value, got)
			}
		}
		if got := k.Reward(p, p.Answer+"?"); got != 0 {
			t.Fatalf("%+v: a claim that is taken back earns %v", p, got)
		}
	}
	// One in four of 500: five standard deviations are 48.
	if untold < 77 || untold > 173 {
		t.Errorf("%d of 500 practised questions are about newcomers", untold)
	}
}
