package task

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
)

// value is the number whose digits are written ones first.
func value(t testing.TB, digits string) int {
	t.Helper()
	n := 0
	for i := len(digits) - 1; i >= 0; i-- {
		d, err := strconv.Atoi(digits[i : i+1])
		if err != nil {
			t.Fatalf("%q is no number", digits)
		}
		n = 10*n + d
	}
	return n
}

// The verifier once more: what was written, read as a number, is the sum of the two numbers.
var _ = enter("addition", func(t testing.TB, prompt string, tokens []int32) float64 {
	t.Helper()
	text, ended := readResponse("0123456789+=AWc", tokens)
	a, b, _ := strings.Cut(strings.Trim(prompt, "AW="), "+")
	if !ended {
		return 0
	}
	if prompt[0] == 'W' {
		want := ""
		for i := range a {
			want += fmt.Sprint((value(t, a[i:i+1]) + value(t, b[i:i+1])) % 10)
		}
		if text != want {
			return 0
		}
		return 1
	}
	for _, other := range "+=AWc" {
		text = strings.ReplaceAll(text, string(other), "")
	}
	if len(text) != len(a)+1 || value(t, text) != value(t, a)+value(t, b) {
		return 0
	}
	return 1
})

func TestAdditionByHand(t *testing.T) {
	addition, err := Lookup("addition")
	if err != nil {
		t.Fatal(err)
	}
	// 5274 + 1583 = 6857
	p := Problem{Level: "id", Prompt: "A472500+385100=", Key: "A3851+4725", Answer: "7586000"}
	for response, want := range map[string]float64{
		"7586000": 1, "75c86000": 1, "7586000c": 1, "=7586+000": 1, // marks are only remarks
		"7586": 0, "75860000": 0, "7576000": 0, "0758600": 0, "0006857": 0, "": 0, "c": 0,
	} {
		if got := addition.Reward(p, response); got != want {
			t.Errorf("%q earns %v, want %v", response, got, want)
		}
	}
	p = Problem{Level: "prior", Prompt: "W472500+385100=", Key: "W3851+4725", Answer: "757600"}
	for response, want := range map[string]float64{"757600": 1, "75c7600": 0, "7576000": 0,
		"758600": 0, "7576": 0, "": 0} {
		if got := addition.Reward(p, response); got != want {
			t.Errorf("without carrying, %q earns %v, want %v", response, got, want)
		}
	}
}

// Each level has the digits and the carries that it says.
func TestAdditionLevels(t *testing.T) {
	addition, err := Lookup("addition")
	if err != nil {
		t.Fatal(err)
	}
	y := param.Defaults(addition.Knobs)
	if err := y.Set("style", "y"); err != nil {
		t.Fatal(err)
	}
	for i := range uint64(500) {
		for level, digits := range map[string]int{"id": 4, "ood": 5, "carries": 4, "long": 6,
			"prior": 4} {
			r := num.NewRand(i, "test", level)
			p := addition.Sample(&r, level)
			if empty := strings.Repeat("0", 6-digits); len(p.Prompt) != 15 ||
				!strings.HasSuffix(p.Prompt[:7], empty) ||
				!strings.HasSuffix(p.Prompt[:14], empty) {
				t.Fatalf("level %s: %s", level, p.Prompt)
			}
			switch carries := strings.Count(addition.Demonstrate(&r, p, y), "c"); {
			case level == "id" && carries == digits, level == "carries" && carries != digits,
				level == "prior" && carries > 0:
				t.Errorf("level %s: %d places of %s carry", level, carries, p.Prompt)
			}
		}
	}
}
