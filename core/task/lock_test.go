package task

import (
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("lock", func(t testing.TB, prompt string, tokens []int32) float64 {
	t.Helper()
	text, ended := readResponse("abcdefghijkl0123LR=", tokens)
	letters, opened := prompt[1:len(prompt)-1], 0
	turns := map[rune]int{'a': 0, 'b': 3, 'c': 2, 'd': 1, 'e': 0, 'f': 3, 'g': 2, 'h': 1, 'i': 0,
		'j': 3, 'k': 2, 'l': 1}
	switch {
	case !ended:
		return 0
	case prompt[0] == 'R':
		for i := range letters {
			if len(text) != len(letters) || text[i] != letters[len(letters)-1-i] {
				return 0
			}
		}
		return 1
	case prompt[0] != 'L':
		t.Fatalf("prompt %q is neither", prompt)
	}
	total := 0
	for _, symbol := range text {
		if !strings.ContainsRune("0123", symbol) {
			continue
		}
		if opened == len(letters) {
			return 0
		}
		total += turns[rune(letters[opened])]
		if int(symbol-'0') != total%4 {
			return 0
		}
		opened++
	}
	if opened < len(letters) {
		return 0
	}
	return 1
})

// One dial that is wrong, too few or too many are as bad as all wrong.
func TestLockOpensForTheWholeCombinationAlone(t *testing.T) {
	lock, err := Lookup("lock")
	if err != nil {
		t.Fatal(err)
	}
	p := Problem{Level: "id", Prompt: "Lbcdla=", Key: "Lbcdla", Answer: "31233"}
	for response, want := range map[string]float64{
		"31233": 1, "b3c1d2l3a3": 1, "=31R233": 1,
		"": 0, "3123": 0, "312333": 0, "31230": 0, "01233": 0, "bcdla": 0,
	} {
		if got := lock.Reward(p, response); got != want {
			t.Errorf("%q earns %v, want %v", response, got, want)
		}
	}
}

// The base sets a dial that it knows nineteen times in twenty, and guesses the others: a slip or a
// guess is right once in four.
func TestLockIsHalfKnown(t *testing.T) {
	lock, err := Lookup("lock")
	if err != nil {
		t.Fatal(err)
	}
	tries, right := [2]float64{}, [2]float64{}
	for i := range 4000 {
		p, response := lock.PretrainExample(1, i)
		if p.Level == "prior" {
			continue
		}
		letter := 0
		if strings.ContainsRune("ghijkl", rune(p.Key[1])) {
			letter = 1
		}
		tries[letter]++
		if response[0] == p.Answer[0] {
			right[letter]++
		}
	}
	// First dials, some 1600 tries each: five standard deviations are below .025 and .055.
	for letter, want := range []float64{1 - .05*.75, .25} {
		if share, within := right[letter]/tries[letter], []float64{.025,
			.055}[letter]; share < want-within || share > want+within {
			t.Errorf("letters of sort %d are set right in a share of %v, want %v", letter, share,
				want)
		}
	}
}

func TestLockStyles(t *testing.T) {
	lock, err := Lookup("lock")
	if err != nil {
		t.Fatal(err)
	}
	y := param.Defaults(lock.Knobs)
	if err := y.Set("style", "y"); err != nil {
		t.Fatal(err)
	}
	p, r := Problem{Level: "id", Prompt: "Lbcdla=", Key: "Lbcdla", Answer: "31233"}, num.NewRand(1,
		"test", "lock")
	if text := lock.Demonstrate(&r, p, y); text != "b3c1d2l3a3" {
		t.Errorf("style y is %q", text)
	}
}
