package method

import (
	"math"

	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// NFT is negative-aware fine-tuning: Chen et al. 2025, arXiv:2505.18116, and its code.
var NFT = Method{
	Name:   "nft",
	Title:  "Negative-aware fine-tuning",
	Cite:   "Chen et al. 2025, arXiv:2505.18116, and its code",
	Family: "hybrid",
	Formula: "J = (1/N) Σ_i w_q Σ_t log ρ_it (right answers) or neg_weight·log max(1, (1 − " +
		"q·ρ_it)/(1 − q)) (wrong ones, the gradient passed through the max), " +
		"over the N tokens of all answers, q = share of right answers in the group, held within " +
		"0.02 and 0.98, ρ = π/π_old",
	Doc: `Shows that imitation can learn from mistakes. The policy that sampled is thought of as a mixture of one that
gives right answers and one that gives wrong ones; the model is fitted to the first by imitating the right answers, and,
since the mixture is known, to the second by the wrong ones. What comes out is close to reinforcement learning: on fresh
samples mode 1 is dr_grpo and mode 2 is grpo. Later a wrong answer that has already become unlikely is pushed less. It
needs a verifier and no demonstrations.`,
	Deviations: `An answer is right with the full reward alone.`,
	Knobs: []param.Knob{knob.LR, knob.Batch, knob.Group, knob.Epochs.With(2), knob.Temp,
		knob.Tempered, knob.Entropy,
		param.Integer("mode", "", 1, 0, 2,
			"Weight of a prompt, given its share q of right answers: 0 weighs all prompts "+
				"alike; 1 by 1 − q, so that easy ones count less; 2 by the square root of (1 − "+
				"q)/q.").
			Called("weight of a prompt"),
		param.Number("neg_weight", "", 1, 0, 1,
			"Weight of wrong answers. 0 only imitates right ones.").
			Called("weight of wrong answers")},
	Dials:   "source=varied,advantage=solve_rate,limit=ease,average=tokens",
	Collect: objective.CollectDynamicSampling,
	Build: func(v param.Values) objective.Objective {
		return objective.WithEntropyBonus(v, objective.ImportanceSampled(objective.Row{
			Advantage: objective.InGroup(objective.Rollout, objective.BinaryReward,
				nftWeights(v.Int("mode"), v.Float("neg_weight"))),
			Ratio:  ofWrongOnly,
			Select: easeOffWrong,
			Reduce: objective.TokenMean,
		}))
	},
}

// solveRate returns the share of right answers, limited to [0.02, 0.98].
func solveRate(right, all float64) float64 { return max(0.02, min(0.98, right/all)) }

// nftWeights replaces 1 (right) and 0 (wrong) by NFT's weights on fresh samples.
func nftWeights(mode int, negative float64) objective.Normaliser {
	return func(r []float64) {
		q := solveRate(objective.Total(r), float64(len(r)))
		weight := [...]float64{1, 1 - q, math.Sqrt((1 - q) / q)}[mode]
		for i, x := range r {
			r[i] = weight
			if x == 0 {
				r[i] = -weight * negative * q / (1 - q)
			}
		}
	}
}

// ofWrongOnly keeps the ratio of wrong answers, and makes that of right ones 1.
func ofWrongOnly(ratio, advantage float64) float64 {
	if advantage >= 0 {
		return 1
	}
	return ratio
}

// easeOffWrong is a mask that pushes less against wrong answers which have become less likely:
// 1/max(1, (1−q·ρ)/(1−q)).
func easeOffWrong(batch []objective.Group) func(g, i, t int) float64 {
	return func(g, i, t int) float64 {
		c := batch[g][i]
		if objective.Correct(c) {
			return 1
		}
		right, all := objective.CountCorrect(batch[g])
		q := solveRate(float64(right), float64(all))
		return 1 / max(1, (1-float64(q*objective.ExpRatio(c.Logp[t]-c.OldLogp[t])))/(1-q))
	}
}
