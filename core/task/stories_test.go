package task

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
)

// storiesVocabulary is the vocabulary, written again.
const storiesVocabulary = "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 + - * = . ? a " +
	"bag bags holds has she buys gets how many sort are finds wins makes drops loses sells red " +
	"blue new Ann Bea Eva Ida Joy Mia Pia Zoe cards pens cups eggs coins nuts toys shells"

var (
	storyStart = regexp.MustCompile(`^\w+ has (\d+) (\w+)(?: and (\d+) (\w+))? \.`)
	storyHeld  = regexp.MustCompile(` a bag holds (\d+) `)
	storyEvent = regexp.MustCompile(` she (\w+) (\d+) (\w+)`)
	storySort  = regexp.MustCompile(`^sort( \d+)+ \?$`)
)

// storyEnds returns the last sentences that are right for a story with numbers up to largest.
func storyEnds(t testing.TB, prompt string, largest int) (ends []string) {
	t.Helper()
	number := func(text string) int {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatalf("prompt %q has the number %q", prompt, text)
		}
		return n
	}
	start := storyStart.FindStringSubmatch(prompt)
	first, second := number(start[1]), -1
	if start[3] != "" {
		second = number(start[3])
	}
	held := number(storyHeld.FindStringSubmatch(prompt)[1])
	for _, m := range storyEvent.FindAllStringSubmatch(prompt, -1) {
		has := &first
		if m[3] == start[4] {
			has = &second
		}
		before, n, sign := *has, number(m[2]), '+'
		switch m[1] {
		case "buys":
			n *= held
			*has += n
		case "finds", "wins", "makes":
			*has += n
		default:
			*has -= n
			sign = '-'
		}
		if *has < 0 || *has > largest || n > largest {
			t.Fatalf("%q comes to %d", prompt, *has)
		}
		ends = []string{fmt.Sprintf("%d %c %d = %d .", before, sign, n, *has),
			fmt.Sprintf("she has %d .", *has)}
	}
	if second >= 0 {
		both := fmt.Sprintf("%d and %d .", first, second)
		return []string{both, "she has " + both}
	}
	return ends
}

// storyScore is the score of a response, written again.
func storyScore(
	t testing.TB, vocabulary []string, largest int, prompt string, tokens []int32,
) float64 {
	t.Helper()
	text, ended := ".", false
	for _, tok := range tokens {
		if ended = tok == 0; ended {
			break
		}
		text += " " + vocabulary[tok-1]
	}
	if !ended {
		return 0
	}
	if storySort.MatchString(prompt) {
		numbers := strings.Fields(prompt)[1:5]
		slices.SortFunc(numbers, func(a, b string) int {
			if len(a) != len(b) {
				return len(a) - len(b)
			}
			return strings.Compare(a, b)
		})
		if text == ". "+strings.Join(numbers, " ")+" ." {
			return 1
		}
		return 0
	}
	for _, end := range storyEnds(t, prompt, largest) {
		if strings.HasSuffix(text, ". "+end) {
			return 1
		}
	}
	return 0
}

var _ = enter("stories", func(t testing.TB, prompt string, tokens []int32) float64 {
	t.Helper()
	return storyScore(t, strings.Split(storiesVocabulary, " "), 20, prompt, tokens)
})

// At larger sizes both verifiers agree too, on what the careless writer writes and on what an
// expert writes in either style.
func TestStoriesOfOtherSizes(t *testing.T) {
	for size, sizes := range map[string][]string{"full": nil, "large": nil,
		"page": {"questions=2"}} {
		k, err := Stories.Resized(size, sizes)
		if err != nil {
			t.Fatal(err)
		}
		largest, right := k.SizeValues().Int("largest"), 0.0
		agree := func(p Problem, text string) float64 {
			tokens := append(k.MustEncode(text), End)
			score := k.Score(p, tokens)
			if want := storyScore(t, k.Words, largest, p.Prompt, tokens); score != want {
				t.Fatalf("%s: %q %q earns %v, want %v", size, p.Prompt, text, score, want)
			}
			return score
		}
		const drawn = 2000
		for i := range drawn {
			p, text := k.PretrainExample(1, i)
			right += agree(p, text)
			for _, v := range settings(t, k) {
				r := num.NewRand(1, "style", "stories", uint64(i))
				agree(p, k.Demonstrate(&r, p, v))
			}
		}
		// A fifth sorts, without mistakes. Of the others, half are right, and a few by chance.
		if share := right / drawn; share < 0.57 || share > 0.67 {
			t.Errorf("%s: %.3f of what the base learns from are right", size, share)
		}
	}
}

const twoKinds = "Ann has 6 cards and 3 pens . a bag holds 2 cards . she buys 4 bags . " +
	"she drops 2 pens . how many cards and pens ?"

// Where a story asks two questions, the last sentence answers both.
func TestStoriesWithTwoQuestions(t *testing.T) {
	k, err := Stories.Resized("page", []string{"questions=2"})
	if err != nil {
		t.Fatal(err)
	}
	p, err := k.Problem(twoKinds)
	if err != nil || p.Answer != "14 and 1 ." || p.Level != "id" {
		t.Fatalf("%+v, %v", p, err)
	}
	for response, want := range map[string]float64{
		"4 * 2 = 8 . 6 + 8 = 14 . 3 - 2 = 1 . 14 and 1 .": 1,
		"she gets 8 cards . she has 14 cards . she drops 2 pens . she has 1 pens . " +
			"she has 14 and 1 .": 1,
		"14 and 1 .":       1,
		"14 and 1":         0,
		"1 and 14 .":       0,
		"and 1 .":          0,
		"1 .":              0,
		"she has 1 .":      0,
		"3 - 2 = 1 .":      0,
		"4 14 and 1 .":     0,
		"she has 14 . 1 .": 0,
	} {
		if got := k.Reward(p, response); got != want {
			t.Errorf("%q earns %v, want %v", response, got, want)
		}
	}
	for _, other := range []string{aStory, // one question, in a task of two
		strings.Replace(twoKinds, "3 pens", "3 cards", 1),
		strings.Replace(twoKinds, "holds 2 cards", "holds 2 pens", 1),
		strings.Replace(twoKinds, "cards and pens ?", "pens and cards ?", 1),
		strings.Replace(twoKinds, "drops 2", "drops 4", 1),
	} {
		if p, err := k.Problem(other); err == nil {
			t.Errorf("%q is read as %+v", other, p)
		}
	}
	if _, err := Stories.Problem(twoKinds); err == nil {
		t.Error("a task of one question reads a story with two")
	}
}

const aStory = "Ann has 6 cards . a bag holds 2 cards . she buys 4 bags . she drops 8 cards . " +
	"how many cards ?"

// The whole last sentence is judged, and words are compared as words.
func TestStoriesJudgesTheLastSentence(t *testing.T) {
	p, err := Stories.Problem(aStory)
	if err != nil {
		t.Fatal(err)
	}
	for response, want := range map[string]float64{
		"4 * 2 = 8 . 6 + 8 = 14 . 14 - 8 = 6 .":               1,
		"she gets 8 . she has 14 . she drops 8 . she has 6 .": 1,
		"14 - 8 = 6 .":           1, // as in other tasks, only the end counts
		"she has 6 .":            1,
		"8 = 7 . 14 - 8 = 6 .":   1,
		"":                       0,
		".":                      0,
		"6 .":                    0,
		"has 6 .":                0,
		"= 6 .":                  0,
		"4 - 8 = 6 .":            0,
		"she has 16 .":           0,
		"she has 6":              0,
		"she has 6 . .":          0,
		"14 - 8 = 6 . she":       0,
		"6 - 0 = 6 .":            0,
		"14 - 8 = 6 she has 6 .": 0,
		"she gets 6 .":           0,
	} {
		if got := Stories.Reward(p, response); got != want {
			t.Errorf("%q earns %v, want %v", response, got, want)
		}
	}
	sorted, err := Stories.Problem("sort 4 12 15 2 ?")
	if err != nil {
		t.Fatal(err)
	}
	for response, want := range map[string]float64{"2 4 12 15 .": 1, "2 4 12 15": 0,
		"12 4 12 15 .": 0, "0 . 2 4 12 15 .": 0, "": 0} {
		if got := Stories.Reward(sorted, response); got != want {
			t.Errorf("sorted %q earns %v, want %v", response, got, want)
		}
	}
}

// A prompt may be typed with any blanks, and with full stops and question marks as usual.
func TestStoriesReadsWhatIsTyped(t *testing.T) {
	typed := "  Ann has 6 cards.  a bag holds 2 cards. she buys\t4 bags. she drops 8 cards. " +
		"how many cards?\n"
	p, err := Stories.Problem(typed)
	if err != nil || p.Prompt != aStory || p.Level != "id" {
		t.Errorf("%q is read as %+v, %v", typed, p, err)
	}
	spaced, err1 := Stories.Encode(typed)
	exact, err2 := Stories.Encode(aStory)
	if err1 != nil || err2 != nil || !slices.Equal(spaced, exact) {
		t.Errorf("%q has the tokens %v, want %v: %v, %v", typed, spaced, exact, err1, err2)
	}
	for _, change := range [][2]string{
		{"6 cards . a bag", "6 cards a bag"}, // no full stop
		{"Ann has", "she has"},
		{"holds 2", "holds 5"},
		{"buys 4", "buys 10"}, // 26 cards
		{"drops 8", "drops 15"},
		{"drops 8", "gets 8"},
		{"drops 8 cards", "drops 8 pens"},
		{"drops 8", "drops 08"},
		{"how many cards", "how many pens"},
		{" she drops 8 cards .", ""},
		{"she drops", "3 cards are red . 3 cards are new . she drops"},
		{"she drops", "she has 3 pens . she drops"},
		{"Ann has 6", "3 cards are red . Ann has 6"},
		{"she drops", "a bag holds 2 cards . she drops"},
	} {
		other := strings.Replace(aStory, change[0], change[1], 1)
		if p, err := Stories.Problem(other); err == nil {
			t.Errorf("%q is read as %+v", other, p)
		}
	}
	_, err = Stories.Encode("Ann has 6 kards")
	if err == nil || !strings.Contains(err.Error(), `no word "kards": did you mean cards?`) {
		t.Errorf("the error is %v", err)
	}
}

// A story with a sentence that does not matter has the steps of the story without it, and both are
// trained on or both are measured.
func TestStoriesAsides(t *testing.T) {
	for i := range uint64(500) {
		r := num.NewRand(1, "aside", "stories", i)
		p := Stories.Sample(&r, "noop")
		s, ok := storiesOnPage.readStory(p.Prompt)
		if !ok || s.aside == "" {
			t.Fatalf("%q has no aside", p.Prompt)
		}
		s.aside = ""
		if plain := storiesOnPage.ask(s); plain.Key != p.Key || plain.Answer != p.Answer ||
			plain.Level != "id" {
			t.Fatalf("%+v without its aside is %+v", p, plain)
		}
	}
}

// The writer that the base learns from is right in about half of the stories of each level, and
// never leaves the vocabulary.
func TestStoriesPretraining(t *testing.T) {
	right, drawn := map[string]float64{}, map[string]float64{}
	for i := range 12_000 {
		p, response := Stories.PretrainExample(1, i)
		drawn[p.Level]++
		right[p.Level] += Stories.Score(p, append(Stories.MustEncode(response), End))
	}
	for _, l := range Stories.Levels {
		share := right[l.Name] / drawn[l.Name]
		t.Logf("%s: %.3f of %v", l.Name, share, drawn[l.Name])
		if want := 0.5 + 0.5/21; l.Name != "prior" && (share < want-0.06 || share > want+0.06) ||
			l.Name == "prior" && share != 1 {
			t.Errorf("at level %s %.3f are right", l.Name, share)
		}
	}
}

func TestStoriesStyles(t *testing.T) {
	p, err := Stories.Problem(aStory)
	if err != nil {
		t.Fatal(err)
	}
	for style, want := range map[string]string{
		"x": "4 * 2 = 8 . 6 + 8 = 14 . 14 - 8 = 6 .",
		"y": "she gets 8 . she has 14 . she drops 8 . she has 6 .",
	} {
		v := param.Defaults(Stories.Knobs)
		if err := v.Set("style", style); err != nil {
			t.Fatal(err)
		}
		r := num.NewRand(1, "style", "stories")
		if got := Stories.Demonstrate(&r, p, v); got != want {
			t.Errorf("style %s: %q, want %q", style, got, want)
		}
	}
	if have := strings.Join(Stories.Words, " "); have != storiesVocabulary {
		t.Errorf("the words are %s", have)
	}
}

// A prompt with two sentences that do not matter is none of the task's.
func TestStoriesHaveOneAside(t *testing.T) {
	const told = "Ann has 6 cards . a bag holds 2 cards . she buys 4 bags . she drops 8 cards . "
	const aside, question = "3 cards are red . ", "how many cards ?"
	if _, ok := Stories.Read(told + aside + question); !ok {
		t.Error("a story with one aside is not read")
	}
	if _, ok := Stories.Read(told + aside + aside + question); ok {
		t.Error("a story with two asides is read")
	}
}
