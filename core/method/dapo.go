package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// DAPO is Decoupled Clip and Dynamic Sampling Policy Optimization: Yu et al. 2025,
// arXiv:2503.14476.
var DAPO = Method{
	Name:   "dapo",
	Title:  "Decoupled Clip and Dynamic Sampling Policy Optimization",
	Cite:   "Yu et al. 2025, arXiv:2503.14476",
	Family: "policy gradient",
	Formula: "J = (1/N) Σ_i Σ_t [ min(ρ_it·A_i, clip(ρ_it, 1−eps_low, 1+eps_high)·A_i) − β·k3_it " +
		"] over the N tokens of all answers, " +
		"A_i = (R_i − mean)/(std + 1e-4) in the group, R = r − overlong penalty, ρ = π/π_old, k3 " +
		"= π_ref/π − log(π_ref/π) − 1",
	Doc: `GRPO with four changes. The clip is wider above than below, so that unlikely tokens may rise and the model
keeps exploring. Prompts whose answers are all right or all wrong are left out of the batch (dynamic sampling). It
averages over all tokens of the batch, so every token counts the same however long its answer. And an answer that comes
near the permitted length may lose reward, a little more with every token (see l_max). Like GRPO it needs a verifier and
no demonstrations.`,
	Deviations: `The paper samples further prompts until the batch is full again; here the batch shrinks. The overlong
penalty is off by default; the paper's l_max is 20480 tokens and its l_cache 4096. The pull to the reference model,
beta, is off as in the paper.`,
	Knobs: knob.Proximal(knob.EpsHigh.With(0.28),
		param.Integer("l_max", "tokens", 0, 0, 1024,
			"Length from which an answer loses a whole reward of 1; the penalty starts at "+
				"l_max − l_cache tokens and grows from there. 0 switches it off.").
			Called("length penalty from").Logarithmic(),
		param.Integer("l_cache", "tokens", 4, 1, 1024,
			"How many tokens before l_max the penalty starts to grow.").
			Called("length penalty grows over").Logarithmic()),
	Dials:   "source=varied,average=tokens",
	Collect: objective.CollectDynamicSampling,
	Build: func(v param.Values) objective.Objective {
		return objective.Proximal(v, objective.Row{
			Advantage: objective.InGroup(objective.Rollout,
				objective.PenalisedReward(v, lessOverlong(v.Int("l_max"), v.Int("l_cache"))),
				objective.ZScore),
			Reduce: objective.TokenMean,
		})
	},
}

// lessOverlong returns the reward minus DAPO's soft penalty for length.
func lessOverlong(longest, cache int) func(*objective.Completion) float64 {
	return func(c *objective.Completion) float64 {
		if longest == 0 {
			return c.Reward
		}
		over := float64(c.Len()-(longest-cache)) / float64(cache)
		return c.Reward - max(0, min(1, over))
	}
}
