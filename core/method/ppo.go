package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// PPO is Proximal Policy Optimization: Schulman et al. 2017, arXiv:1707.06347, eq. 7, 9 and 11;
// for language models Ouyang et al. 2022, arXiv:2203.02155.
var PPO = Method{
	Name:  "ppo",
	Title: "Proximal Policy Optimization",
	Cite: "Schulman et al. 2017, arXiv:1707.06347, eq. 7, 9 and 11; for language models Ouyang " +
		"et al. 2022, arXiv:2203.02155",
	Family: "policy gradient",
	Formula: "J = (1/N) Σ_i Σ_t [ min(ρ_it·Â_it, clip(ρ_it, 1−eps_low, 1+eps_high)·Â_it) − " +
		"vf_coef·½·max((V_it−R_it)², (V_clip−R_it)²) ] over " +
		"the N tokens of all answers, A_it = Σ_{s≥t} (γλ)^(s−t)·(r_s + γ·V_{s+1} − V_s), Â = (A " +
		"− mean)/(std + 1e-4) over those tokens, " +
		"R = A + V_old, V_clip = V_old + clip(V−V_old, ±value_clip), r_s = r_i·[s is last] − " +
		"β·log(π_old/π_ref)",
	Doc: `Trains a critic beside the policy: a second model that estimates, after every token, how
much reward is still to come. A token's advantage is what was earned beyond that estimate, so one
answer per prompt is enough, and a slip in the middle of an answer can be told from the good tokens
around it. A clip stops tokens that have moved far since they were sampled, which lets a batch
serve several updates; being likelier than under the reference model costs reward at every token.
It needs a verifier and no demonstrations. The critic doubles the arithmetic of training, and is
wrong at first: it starts with the estimate 0.`,
	Deviations: `The critic starts from the weights of the stage's start, not from a reward model, and policy and critic share no
weights. Several answers per prompt by default, to be compared with its relatives. The two clip bounds are separate knobs, equal
by default. The standard deviation is the population's, plus 1e-4. Every update sees the whole batch: there are no minibatches.`,
	Knobs: knob.Proximal(append([]param.Knob{knob.Epochs.With(4), knob.Beta.With(0.05),
		knob.KL.With("reward")}, knob.Critic()...)...),
	Apart: "its advantage is from a critic, a second network that is trained beside the " +
		"policy",
	Collect: objective.CollectRollouts,
	Build:   objective.ActorCritic,
}
