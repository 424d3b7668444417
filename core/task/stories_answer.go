package task

import (
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
)

// demonstrate returns the response of an expert.
func (z storySizes) demonstrate(_ *num.Rand, p Problem, k param.Values) string {
	s, ok := z.readStory(p.Prompt)
	switch {
	case !ok:
		return p.Answer
	case k.Choice("style") == "y":
		return s.inWords(z.steps(s))
	}
	return s.inEquations(z.steps(s))
}

// inEquations writes steps in the base's own style.
func (s story) inEquations(steps []step) string {
	var all []string
	for _, t := range steps {
		all = append(all,
			sentence(numeral(t.a), t.sign, numeral(t.b), "=", numeral(t.result)))
	}
	if s.second != "" {
		all = append(all, s.both(steps))
	}
	return strings.Join(all, " ")
}

// inWords writes in the foreign style how many things come or go, and how many there are then.
func (s story) inWords(steps []step) string {
	var all []string
	for _, t := range steps {
		if t.verb == "" {
			continue
		}
		n, has := []string{numeral(t.b)}, []string{numeral(t.result)}
		if s.second != "" { // then it has to be said which things
			n, has = append(n, s.about(t.second)), append(has, s.about(t.second))
		}
		all = append(all, sentence(append([]string{"she", t.verb}, n...)...),
			sentence(append([]string{"she has"}, has...)...))
	}
	if s.second != "" {
		all = append(all, "she has "+s.both(steps))
	}
	return strings.Join(all, " ")
}

// both returns the sentence with the answers to two questions: "6 and 1 ."
func (s story) both(steps []step) string {
	has := counts{s.start, s.secondStart}
	for _, t := range steps {
		if t.verb != "" {
			*has.of(t.second) = t.result
		}
	}
	return sentence(numeral(has.first), "and", numeral(has.second))
}

// rewardStories judges the last sentence of a story, and the whole response to a sort. The last
// number alone would not do: a response that leaves out an event can end in the right one.
func finalStories(p Problem, response string) string {
	if p.Level == "prior" {
		return response
	}
	return strings.Join(lastSentence(strings.Fields(response)), " ")
}

func rewardStories(p Problem, response string) float64 {
	words, want := strings.Fields(response), strings.Fields(p.Answer)
	if p.Level != "prior" {
		words = lastSentence(words)
	}
	said := slices.Equal(words, want)
	if p.Level != "prior" {
		has := want[len(want)-2:] // "6 ." of an equation
		if want[1] == "and" {
			has = want
		}
		said = said || slices.Equal(words, append([]string{"she", "has"}, has...))
	}
	if said {
		return 1
	}
	return 0
}

// lastSentence returns the words after the last full stop but one; nil if the last word is none.
func lastSentence(words []string) []string {
	end := len(words) - 1
	if end < 0 || words[end] != "." {
		return nil
	}
	for start := end; start > 0; start-- {
		if words[start-1] == "." {
			return words[start:]
		}
	}
	return words
}

// pretrain draws the levels of stories evenly, so that carelessness does not depend on them.
// In some of the stories one result is a number drawn at random, from which the next steps go on.
func (z storySizes) pretrain(r *num.Rand) (Problem, string) {
	if r.Float64() < storiesPriorShare {
		p := z.sample(r, "prior")
		return p, p.Answer
	}
	levels := []string{"id", "ood", "more", "noop", "order", "names"}
	p := z.sample(r, levels[r.IntN(len(levels))])
	s, _ := z.readStory(p.Prompt)
	slip := -1
	if r.Float64() < storiesSloppy {
		slip = r.IntN(len(z.steps(s)))
	}
	return p, s.inEquations(z.stepsWith(s, func(i, right int) int {
		if i == slip {
			return r.IntN(z.most + 1)
		}
		return right
	}))
}
