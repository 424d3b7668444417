package method

import (
	"math"

	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// EntropyAdv is entropy-shaped advantage: Cheng et al. 2025, arXiv:2506.14758.
var EntropyAdv = Method{
	Name:   "entropy_adv",
	Title:  "Entropy-shaped advantage",
	Cite:   "Cheng et al. 2025, arXiv:2506.14758",
	Family: "policy gradient",
	Formula: "J = (1/N) Σ_i Σ_t [ min(ρ_it·Â_it, clip(ρ_it, 1−eps_low, 1+eps_high)·Â_it) − " +
		"β·k3_it ] over the N tokens of all answers, " +
		"Â_it = A_i + min(alpha·H_it, |A_i|/kappa), H held fixed, A_i = (r_i − mean)/(std + " +
		"1e-4) in the group",
	Doc: `GRPO that favours the tokens at which the model was undecided. A token's advantage is
raised, the more the higher its entropy was: undecided tokens of a right answer are pushed up
harder, and those of a wrong answer are pushed down less. kappa limits the addition, so that it
never reverses a push. Unlike an entropy bonus it has no gradient of its own: it only says where to
learn. It needs a verifier and no demonstrations, and learns nothing from a prompt whose answers
all earn the same.`,
	Deviations: `From reading notes that agree with each other, not from the paper's own text.`,
	Unverified: "the formula is from notes on the paper",
	Knobs: knob.Proximal(knob.EpsHigh.With(0.28),
		param.Number("alpha", "1/nats", 0.4, 0, 10,
			"How much advantage one nat of entropy adds. 0 switches it off.").
			Called("advantage per nat (alpha)").Logarithmic(),
		param.Number("kappa", "", 2, 1, 100,
			"Limit of the addition: at most the advantage itself divided by kappa.").
			Called("limit of the addition (kappa)").Logarithmic()),
	Dials:   "average=tokens",
	Collect: objective.CollectRollouts,
	Build: func(v param.Values) objective.Objective {
		r := objective.Row{Advantage: objective.InGroup(objective.Rollout,
			objective.PenalisedReward(v,
				objective.Reward), objective.ZScore), Reduce: objective.TokenMean}
		if alpha := v.Float("alpha"); alpha != 0 {
			r.Advantage, r.Requires = addEntropyTerm(r.Advantage, alpha,
				v.Float("kappa")), objective.Entropy
		}
		return objective.Proximal(v, r)
	},
}

// addEntropyTerm adds to an advantage a term for the entropy at its tokens.
func addEntropyTerm(advantage objective.Advantage, alpha, kappa float64) objective.Advantage {
	return func(batch []objective.Group) func(g, i int) []float64 {
		plain := advantage(batch)
		return func(g, i int) []float64 {
			of := plain(g, i)
			out := make([]float64, batch[g][i].Len())
			for t := range out {
				a := of[min(t, len(of)-1)]
				out[t] = a + min(float64(alpha*batch[g][i].Entropy[t]), math.Abs(a)/kappa)
			}
			return out
		}
	}
}
