package method

import (
	"math"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// UFT is unified fine-tuning: hints that fade away: Liu et al. 2025, arXiv:2505.16984, and its
// code.
var UFT = Method{
	Name:   "uft",
	Title:  "Unified fine-tuning: hints that fade away",
	Cite:   "Liu et al. 2025, arXiv:2505.16984, and its code",
	Family: "hybrid",
	Formula: "J = J_grpo over the sampled tokens + sft_coef·(mean of log π(a_t|s_t) over the " +
		"given tokens); every answer to a prompt begins with " +
		"the first l of 5 slices of its demonstration, l ~ Binomial(5, p), p falling from 0.95 " +
		"to 0.05 along a cosine over the first fade steps; l = 0 afterwards",
	Doc: `Every answer to a prompt begins with the same part of the demonstration, a hint, and the
model completes it. At first the hint is nearly the whole answer, so success is near; it grows
shorter until the model has to start by itself. What the model samples is learned from as in grpo,
as if the hint were part of the prompt, and the hint is imitated a little as well. So a reward that
is out of reach from the start of an answer is approached step by step. It needs demonstrations and
a verifier.`,
	Deviations: `By default eight answers are sampled to a prompt and imitation weighs 0.1; the paper has four and 0.001, with which
a hundred updates are not enough here. The hints fade within 60 updates, the paper's within 300 of 500. A hint is cut at tokens; the
paper's demonstrations are lists of sentences. The End of a demonstration is never given.`,
	Unverified: "the code's KL estimate, taken to be k3",
	Knobs: knob.Hinted(knob.Beta.With(0.001),
		param.Number("sft_coef", "", 0.1, 0, 10,
			"Weight of imitating the hints.").
			Called("weight of imitation").Logarithmic(),
		param.Integer("fade", "updates", 60, 1, 1_000_000,
			"Updates over which the hints grow shorter; after that there are none.").
			Called("updates with hints").Logarithmic()),
	Apart: "its rollouts begin with a part of the expert's answer, and that part is " +
		"imitated as well",
	Collect: func(v param.Values) objective.Collect {
		c, fade := objective.CollectRollouts(v), v.Int("fade")
		c.Hint = &objective.Hint{Rollouts: c.Group,
			Length: func(r *num.Rand, tokens, step, _ int) int {
				return slicedHint(r, tokens, step, fade)
			}}
		return c
	},
	Build: func(v param.Values) objective.Objective {
		return objective.HintSplit{
			Sampled: objective.Proximal(v,
				objective.Row{Advantage: objective.InGroup(objective.Rollout, objective.Reward,
					objective.ZScore), Reduce: objective.TokenMean}),
			Hint: objective.Sum{{Weight: v.Float("sft_coef"),
				Objective: objective.Row{From: objective.Demo, Reduce: objective.TokenMean}}},
		}
	},
}

// slicedHint returns the length of UFT's hint. The demonstration has at most five slices, and the
// number of them that are given is binomial, with a probability that falls along half a cosine over
// the first fade steps.
func slicedHint(r *num.Rand, tokens, step, fade int) int {
	n, given := min(5, tokens), 0
	if step >= fade || n == 0 {
		return 0
	}
	p := cosine(0.95, 0.05, float64(step)/float64(fade))
	for range n {
		if r.Float64() < p {
			given++
		}
	}
	return int(math.Round(float64(given*tokens) / float64(n)))
}
