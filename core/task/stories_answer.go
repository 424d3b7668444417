package task

import (
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/num"
)

// inEquations writes steps in the base's own style.
func inEquations(steps []step) string {
	var b strings.Builder
	for _, t := range steps {
		b.WriteString(" " + sentence(numeral(t.a), t.sign, numeral(t.b), "=", numeral(t.result)))
	}
	return strings.TrimSpace(b.String())
}

// inWords writes in the foreign style how many things come or go, and how many there are then.
func inWords(steps []step) string {
	var b strings.Builder
	for _, t := range steps {
		if t.verb != "" {
			b.WriteString(" " + sentence("she", t.verb, numeral(t.b)) +
				" " + sentence("she has", numeral(t.result)))
		}
	}
	return strings.TrimSpace(b.String())
}

// rewardStories judges the last sentence of a story, and the whole response to a sort. The last
// number alone would not do: a response that leaves out an event can end in the right one.
func rewardStories(p Problem, response string) float64 {
	words, want := strings.Fields(response), strings.Fields(p.Answer)
	if p.Level != "prior" {
		words = lastSentence(words)
	}
	said := slices.Equal(words, want)
	if p.Level != "prior" {
		said = said || slices.Equal(words, []string{"she", "has", want[len(want)-2], "."})
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
	return p, inEquations(z.stepsWith(s, func(i, right int) int {
		if i == slip {
			return r.IntN(z.most + 1)
		}
		return right
	}))
}
