package task

import (
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("taste", func(t testing.TB, prompt string, tokens []int32) float64 {
	t.Helper()
	const circle = "abcdefghij"
	text, ended := readResponse(circle+"ABN=", tokens)
	theme := strings.Split(prompt[1:len(prompt)-1], "")
	if !ended || strings.ContainsAny(text, "ABN=") {
		return 0
	}
	switch prompt[0] {
	case 'N':
		next := strings.NewReplacer("a", "b", "b", "c", "c", "d", "d", "e", "e", "f", "f", "g", "g",
			"h", "h", "i", "i", "j", "j", "a")
		if text == next.Replace(strings.Join(theme, "")) {
			return 1
		}
		return 0
	case 'B':
		theme[0], theme[1], theme[2], theme[3] = theme[3], theme[2], theme[1], theme[0]
	case 'A':
	default:
		t.Fatalf("prompt %q has no rule", prompt)
	}
	points, rest := 0.0, text
	for _, note := range theme {
		_, after, heard := strings.Cut(rest, note)
		if !heard {
			break
		}
		points, rest = points+3, after
	}
	for i := 1; i < len(text) && i < 13; i++ {
		pair := text[i-1 : i+1]
		for step := 1; step <= 2; step++ {
			for at := range circle {
				next := circle[(at+step)%10]
				if pair == string([]byte{circle[at], next}) ||
					pair == string([]byte{next, circle[at]}) {
					points++
				}
			}
		}
	}
	if len(text) > 1 && text[0] == text[len(text)-1] {
		points += 4
	}
	for _, off := range []int{0, 1, 2, 3} {
		if len(text) == 13-off || len(text) == 13+off {
			points += float64(4 - off)
		}
	}
	return points / 32
})

// Every quality counts for itself, and is worth what it should be.
func TestTasteIsGraded(t *testing.T) {
	k, err := Lookup("taste")
	if err != nil {
		t.Fatal(err)
	}
	p := Problem{Level: "id", Prompt: "Aaegc=", Answer: "aegc"}
	for response, points := range map[string]float64{
		"acdefhgfedcba":  32,
		"abceghgfecbca":  32,
		"abceghgfecbcd":  32 - 4,
		"abceghgfecbcaa": 32 - 1,
		"abceghgfecbc":   32 - 1 - 4 - 1,
		"bbceghgfecbcb":  32 - 1 - 12,
		"":               0, "a": 3, "aa": 3 + 4, "aegc": 12 + 1, "aegc=": 0,
		"jjjjjjjjjjjjjjjjjjj": 4,
	} {
		if got := k.Reward(p, response); got != points/32 {
			t.Errorf("%q has %v points, want %v", response, got*32, points)
		}
	}
}

// Direct demonstrations are always the same, wandering ones rarely; all go by the legs that they
// should.
func TestTasteStyles(t *testing.T) {
	k, err := Lookup("taste")
	if err != nil {
		t.Fatal(err)
	}
	direct, different := param.Defaults(k.Knobs), map[string]bool{}
	if err := direct.Set("style", "direct"); err != nil {
		t.Fatal(err)
	}
	p := Problem{Level: "id", Prompt: "Aaegc=", Answer: "aegc"}
	for i := range uint64(50) {
		r := num.NewRand(i, "test", "taste")
		if text := k.Demonstrate(&r, p, direct); text != "acdeghgedcaja" {
			t.Fatalf("the direct melody is %q", text)
		}
		different[k.Demonstrate(&r, p, param.Defaults(k.Knobs))] = true
	}
	if len(different) < 40 {
		t.Errorf("50 wandering demonstrations are %d different ones", len(different))
	}
}
