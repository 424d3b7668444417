package method

import (
	"math"

	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// GDPO is Group reward-Decoupled Normalization Policy Optimization: Liu et al. 2026,
// arXiv:2601.05242, as in TRL.
var GDPO = Method{
	Name:   "gdpo",
	Title:  "Group reward-Decoupled Normalization Policy Optimization",
	Cite:   "Liu et al. 2026, arXiv:2601.05242, as in TRL",
	Family: "policy gradient",
	Formula: "J = (1/n) Σ_i (1/T_i) Σ_t [ min(ρ_it·A_i, clip(ρ_it, 1−eps_low, 1+eps_high)·A_i) − " +
		"β·k3_it ], A_i = D_i/(std D + 1e-4), std over the batch, D_i = Σ_k w_k·(r_ik − " +
		"mean_k)/(std_k + 1e-4), mean_k and std_k of the k-th part of the reward in the group, " +
		"ρ = π/π_old",
	Doc: `GRPO for a reward of several parts, such as being right and being short. GRPO adds up the
parts and grades the sums on a curve, so that the part whose numbers vary most decides, and answers
that earn the same sum by different parts are pushed alike. Here each part is graded on a curve of
its own within the group, and the grades are added up by their weights. It needs a reward with parts,
which a script of one's own can give. For a reward of one part it is GRPO, but for the scale of the
step.`,
	Deviations: `The standard deviations are the population's, plus 1e-4. The mean over the batch is not subtracted, since
it is 0. With kl=reward the penalty is taken from the first part.`,
	Unverified: "the paper's own equations; the formula is taken from TRL, which cites the paper",
	Knobs: []param.Knob{knob.LR, knob.Batch, knob.Group, knob.Epochs, knob.EpsLow, knob.EpsHigh,
		knob.DualClip, knob.Beta, knob.KL, knob.Temp, knob.Tempered, knob.Entropy},
	Apart:   "it grades the parts of a reward one by one, which no setting of the dials does",
	Collect: objective.CollectRollouts,
	Build: func(v param.Values) objective.Objective {
		return objective.Proximal(v, objective.Row{Advantage: decoupled(v),
			Reduce: objective.SeqMean})
	},
}

// decoupled normalises each part of the reward within its group, adds up the results by their
// weights, and divides by the standard deviation over the batch. A reward without parts is its only
// one.
func decoupled(v param.Values) objective.Advantage {
	return func(batch []objective.Group) func(g, i int) []float64 {
		sums := make([][]float64, len(batch))
		for g, group := range batch {
			sums[g] = make([]float64, len(group))
		}
		for k := range mostParts(batch) {
			value := func(c *objective.Completion) float64 { return rewardPart(c, k).Value }
			if k == 0 {
				value = objective.PenalisedReward(v, value)
			}
			own := objective.InGroup(objective.Rollout, value, objective.ZScore)(batch)
			for g, group := range batch {
				for i, c := range group {
					sums[g][i] += float64(rewardPart(c, k).Weight * own(g, i)[0])
				}
			}
		}
		scale := deviation(batch, sums) + 1e-4
		return func(g, i int) []float64 { return []float64{sums[g][i] / scale} }
	}
}

// deviation returns the standard deviation of numbers of rollouts whose mean is 0.
func deviation(batch []objective.Group, numbers [][]float64) float64 {
	squares, rollouts := 0.0, 0
	for g, group := range batch {
		for i, c := range group {
			if c.Source == objective.Rollout {
				squares += float64(numbers[g][i] * numbers[g][i])
				rollouts++
			}
		}
	}
	return math.Sqrt(squares / float64(max(1, rollouts)))
}

// mostParts returns the largest number of parts of a rollout's reward, at least 1.
func mostParts(batch []objective.Group) int {
	most := 1
	for _, group := range batch {
		for _, c := range group {
			most = max(most, len(c.Parts))
		}
	}
	return most
}

// rewardPart returns part k of a completion's reward. The reward is the first part of one that has
// none.
func rewardPart(c *objective.Completion, k int) objective.RewardPart {
	switch {
	case k < len(c.Parts):
		return c.Parts[k]
	case k == 0:
		return objective.RewardPart{Value: c.Reward, Weight: 1}
	}
	return objective.RewardPart{}
}
