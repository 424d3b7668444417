package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// VAPO is Value-model-based Augmented PPO: Yue et al. 2025, arXiv:2504.05118.
var VAPO = Method{
	Name:   "vapo",
	Title:  "Value-model-based Augmented PPO",
	Cite:   "Yue et al. 2025, arXiv:2504.05118",
	Family: "policy gradient",
	Formula: "J = (1/N) Σ_i Σ_t [ min(ρ_it·Â_it, clip(ρ_it, 1−eps_low, 1+eps_high)·Â_it) − " +
		"vf_coef·½·max((V_it−R_it)², (V_clip−R_it)²) ] over the N tokens of all answers, plus " +
		"mu·(1/M) Σ_i Σ_t log π(a_it|s_it) over the M tokens of right answers, " +
		"A_it = Σ_{s≥t} (γλ)^(s−t)·(r_s + γ·V_{s+1} − V_s), λ = max(0, 1 − 1/(alpha·T_i)), " +
		"Â = (A − mean)/(std + 1e-4) over all N tokens, R = V_old + A with lambda_value as λ, " +
		"V_clip = V_old + clip(V−V_old, ±value_clip), r_s = r_i·[s is last] − " +
		"β·log(π_old/π_ref); in the first value_warmup updates the term with V alone",
	Doc: `PPO with the repairs that its critic needs where answers are long. The critic is trained alone
for some updates before the policy moves, so that its first estimates do not mislead. It learns from
what answers earned in the end, not from its own later estimates, while the policy's advantages rely on
those estimates; and the longer an answer, the further they look ahead. Right answers are imitated
besides, since they are rare at first. The clip is wider above than below, and all tokens of the batch
weigh the same. It needs a verifier and no demonstrations. It costs what ppo costs, and the updates of
the warm-up, in which the policy learns nothing.`,
	Deviations: `alpha is larger than the paper's 0.05, since answers here have ten tokens and not thousands. The warm-up has 10
updates, the paper's 50; it counts as updates of the stage, and each of its batches is sampled anew after epochs updates, as always.
The critic starts from the weights of the stage's start. Every update sees the whole batch, and the advantages are shifted and
scaled, as in ppo.`,
	Unverified: "the paper's own text beyond its abstract: formulas and numbers are from several " +
		"summaries of it, which agree",
	Knobs: vapoKnobs(),
	Apart: "its advantage is from a critic, a second network that is trained beside the " +
		"policy",
	Collect: objective.CollectRollouts,
	Build: func(v param.Values) objective.Objective {
		critic := vapoCritic(v)
		return objective.WarmingUp(v.Int("value_warmup"), critic, append(vapoPolicy(v), critic...))
	},
}

// vapoKnobs returns PPO's knobs, with alpha for lambda.
func vapoKnobs() []param.Knob {
	own := []param.Knob{knob.Epochs.With(4), knob.EpsHigh.With(0.28), knob.KL.With("reward")}
	for _, k := range knob.Critic() {
		if k.Name != "lambda" {
			own = append(own, k)
		}
	}
	return knob.Proximal(append(own,
		param.Number("alpha", "", 1, 0.01, 100,
			"How far a token's advantage looks ahead before it relies on the critic's "+
				"estimate, as a multiple of the answer's length: lambda is 1 − "+
				"1/(alpha·length), at least 0.").
			Logarithmic().Called("look ahead, by length (alpha)"),
		param.Number("lambda_value", "", 1, 0, 1,
			"How far what the critic learns looks ahead: at 1 to the end of the answer, so that "+
				"it learns what was earned; below 1 it relies on its own later estimates.").
			Called("look ahead of the critic"),
		param.Integer("value_warmup", "updates", 10, 0, 100_000,
			"Updates at the beginning in which the critic learns and the policy does not.").
			Logarithmic().Called("updates of the critic alone"),
		knob.Mu.With(0.1))...)
}

// vapoPolicy returns the policy's part: the clipped objective and the imitation of right answers.
func vapoPolicy(v param.Values) objective.Sum {
	alpha, beta := v.Float("alpha"), objective.RewardK1Weight(v)
	advantage := func(c *objective.Completion) []float64 {
		lambda := max(0, 1-1/(alpha*float64(c.Len())))
		return objective.GAE(v.Float("gamma"), lambda, beta)(c)
	}
	return objective.Proximal(v, objective.Row{Advantage: objective.Whitened(advantage),
		Extra: imitateRight(v.Float("mu")), Reduce: objective.TokenMean,
		Requires: objective.Value})
}

// vapoCritic returns the critic's part.
func vapoCritic(v param.Values) objective.Sum {
	needs := objective.Needs(0)
	if objective.RewardK1Weight(v) != 0 {
		needs = objective.OldLogp | objective.RefLogp
	}
	return objective.Sum{{Weight: v.Float("vf_coef"), Objective: objective.ValueLoss{
		Advantage: objective.GAE(v.Float("gamma"), v.Float("lambda_value"),
			objective.RewardK1Weight(v)),
		Clip: v.Float("value_clip"), Requires: needs}}}
}

// imitateRight gives each token of a right answer the same, such that the mean over the tokens of
// all rollouts is weight times the mean over those of right ones.
func imitateRight(weight float64) objective.Advantage {
	return func(batch []objective.Group) func(g, i int) []float64 {
		all, right := 0.0, 0.0
		for _, p := range objective.Positions(batch, objective.Rollout) {
			if all++; objective.Correct(batch[p.G][p.I]) {
				right++
			}
		}
		return func(g, i int) []float64 {
			if !objective.Correct(batch[g][i]) || right == 0 {
				return []float64{0}
			}
			return []float64{weight * all / right}
		}
	}
}
