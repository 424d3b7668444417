package task

import (
	"math"
	"sort"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("cards", cardsReference)

func cardsReference(t testing.TB, prompt string, tokens []int32) float64 {
	t.Helper()
	text, ended := readResponse("0123456789JQKABS=", tokens)
	if !ended || text == "" {
		return 0
	}
	if len(prompt) != 6 || prompt[5] != '=' {
		t.Fatalf("prompt %q is not a rule, four cards and =", prompt)
	}
	want := text[:len(text)-1] // anything, then the answer
	switch prompt[0] {
	case 'S':
		hand := strings.Split(prompt[1:5], "")
		sort.Strings(hand)
		want = strings.Join(hand, "")
	case 'A', 'B':
		want += string(rune('0' + cardsTotal(prompt)%10))
	default:
		t.Fatalf("prompt %q has no rule", prompt)
	}
	if text == want {
		return 1
	}
	return 0
}

// cardsTotal adds up a hand under its rule.
func cardsTotal(prompt string) (total int) {
	counts := map[rune]int{}
	if prompt[0] == 'B' {
		counts = map[rune]int{'J': 1, 'Q': 2, 'K': 3}
	}
	for _, card := range prompt[1:5] {
		if card >= '0' && card <= '9' {
			counts[card] = int(card - '0')
		}
		total += counts[card]
	}
	return total
}

func cards(t testing.TB) Task {
	k, err := Lookup("cards")
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestCardsVerifierFollowsTheRules(t *testing.T) {
	k := cards(t)
	right := 0
	for i, p := range problems(k, 4000) {
		r := num.NewRand(6, "cards", "answers", uint64(i))
		tokens := make([]int32, 1+r.IntN(6))
		for j := range tokens {
			tokens[j] = int32(1 + r.IntN(10)) // digits, so that some are right
		}
		if p.Level == "prior" && r.IntN(2) == 0 {
			tokens = k.MustEncode(p.Answer)
		}
		tokens = append(tokens, End)
		score, want := k.Score(p, tokens), cardsReference(t, p.Prompt, tokens)
		if score != want {
			t.Fatalf("%+v: %v earns %v, by the rules %v", p, tokens, score, want)
		}
		right += int(score)
	}
	if right < 500 {
		t.Errorf("only %d of the answers tried were right: the comparison says little", right)
	}
}

func TestCardsByHand(t *testing.T) {
	k := cards(t)
	for _, c := range []struct{ prompt, x, y string }{
		{"A3K72=", "3302", "22790932"}, // K counts nothing
		{"B3K72=", "3635", "22793235"}, // K counts 3
		{"AJQK0=", "0000", "00000000"},
		{"BJQK0=", "1366", "00332516"},
		{"A9999=", "9876", "99989796"},
		{"S3172=", "1237", "1237"},
	} {
		p := Problem{Level: map[byte]string{'A': "id", 'B': "ood", 'S': "prior"}[c.prompt[0]],
			Prompt: c.prompt, Key: c.prompt[1:5], Answer: "1237"}
		for style, want := range map[string]string{"x": c.x, "y": c.y} {
			v := param.Defaults(k.Knobs)
			if err := v.Set("style", style); err != nil {
				t.Fatal(err)
			}
			if got := k.Demonstrate(nil, p, v); got != want {
				t.Errorf("%s in style %s: %q, want %q", c.prompt, style, got, want)
			}
		}
	}
}

// Whether the base is careless must have nothing to do with the rule: otherwise
// its gap between the levels would be ours, not the training's.
func TestCardsCarelessnessIsTheSameUnderBothRules(t *testing.T) {
	k := cards(t)
	seen, right := map[string]float64{}, map[string]float64{}
	for i := range 40000 {
		p, response := k.PretrainExample(9, i)
		seen[p.Level]++
		right[p.Level] += cardsReference(t, p.Prompt, append(k.MustEncode(response), End))
	}
	// A careless hand is right when no step was random, or by luck: after a
	// random step the sum is any digit with equal chance, whatever the cards.
	spared := math.Pow(1-cardsSloppyStep, handSize)
	want := 1 - cardsSloppyHands*(1-spared)*0.9
	for _, level := range []string{"id", "ood"} {
		n, share := seen[level], right[level]/seen[level]
		// Examples are independent, so the share is binomial; four standard
		// deviations leave one chance in 15 000 for a solver that is as meant.
		if bound := 4 * math.Sqrt(want*(1-want)/n); math.Abs(share-want) > bound {
			t.Errorf("%s: %.4f of %v examples are right, want %.4f within %.4f", level, share, n,
				want, bound)
		}
	}
	if right["prior"] != seen["prior"] {
		t.Errorf("sorting is right in %v of %v examples, want all", right["prior"], seen["prior"])
	}
	// Held-out hands leave out a quarter of every level alike.
	for level, share := range map[string]float64{"prior": cardsPriorShare,
		"id": (1 - cardsPriorShare) / 2, "ood": (1 - cardsPriorShare) / 2} {
		// The prior's hands are of digits alone, so the share held out among
		// them differs from that of all hands by chance: of 10 000 hands,
		// at most 4 standard deviations of 0.43/sqrt(10000), hence the 0.02.
		if got := seen[level] / 40000; math.Abs(got-share) > 0.02 {
			t.Errorf("%s is %.3f of the examples, want about %.3f", level, got, share)
		}
	}
}

// The twin is the same hand under the other rule, and there and back is the problem itself.
func TestCardsTwin(t *testing.T) {
	k := cards(t)
	for _, p := range problems(k, 200) {
		twin := k.Twin(p)
		if twin.Key != p.Key || k.Twin(twin) != p ||
			(twin.Level == p.Level) != (p.Level == "prior") {
			t.Fatalf("the twin of %+v is %+v, whose twin is %+v", p, twin, k.Twin(twin))
		}
		if answer := k.Demonstrate(nil, twin, param.Defaults(k.Knobs)); cardsReference(t,
			twin.Prompt, append(k.MustEncode(answer), End)) != 1 {
			t.Fatalf("%+v is answered by %s", twin, answer)
		}
	}
}
