package signal

import (
	"fmt"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/prose"
)

// lossZero is found where demonstrations are known by heart and held-out prompts are not solved.
var lossZero = Signal{
	Name:  "loss_zero",
	Title: "The loss is 0: learned by heart",
	Rule: `By its loss, the policy would write a demonstration of the usual length token for token
with probability exp(−loss · tokens). That is at least 0.25 above the share of held-out prompts
that it answers rightly. A loss near 0 alone is no bad sign: where a prompt has one right answer,
that is what learning it comes to.`,
	Why: `A few demonstrations that are repeated again and again can only be made likelier by
learning them by heart. What was learned first, and helps with every prompt, is partly lost again.`,
	Cite:    "Kang et al. 2025, arXiv:2510.01624",
	Term:    "demonstration",
	Exhibit: "failure_overfit",
	Reads:   []string{practisedMetric, lossMetric, tokensMetric},
	applies: func(s Stage) bool { return s.Collect.Demos > 0 },
	measured: func(s Series) string {
		const gap = 0.25
		loss, ok := s.at(s.Last(), lossMetric)
		tokens, known := s.at(s.Last(), tokensMetric)
		score, measured := s.score(s.Last())
		if !ok || !known || !measured || s.updates() < 20 {
			return ""
		}
		whole := num.Exp(-loss * tokens)
		if whole-score < gap {
			return ""
		}
		return fmt.Sprintf("The loss on the demonstrations is %.3f nats per token, which is a "+
			"probability of %s for a whole one. On held-out prompts %s.", loss,
			prose.Percent(whole), s.scored(score))
	},
	cures: func(s Series) []Cure {
		cures := append(earlier(s), Cure{Says: "Use all demonstrations: demos=0.", Set: "demos=0"})
		return append(cures, lowerRate(s.Stage, 4, "Take a quarter of the learning rate:")...)
	},
}

// earlier returns a cure that ends the stage sooner: at the update after which the score was
// highest, if it was higher than at the start, and otherwise at half of the updates so far.
func earlier(s Series) []Cure {
	steps, why := s.updates()/2, "before they are known by heart"
	best, ok := s.score(s.first())
	for _, p := range s.Points {
		if score, known := s.score(p); ok && known && score > best && p.Step < s.Last().Step {
			best, steps, why = score, p.Step-s.Start, "where the score was highest"
		}
	}
	if steps == 0 {
		return nil
	}
	return []Cure{{Says: fmt.Sprintf("Stop after %s, %s.", prose.Count(steps, "update"), why),
		Set: fmt.Sprintf("steps=%d", steps)}}
}
