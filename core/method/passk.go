package method

import (
	"math"

	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// PassK is pass@k training: Chen et al. 2025, arXiv:2508.10751, and its code.
var PassK = Method{
	Name:   "passk",
	Title:  "Pass@k training",
	Cite:   "Chen et al. 2025, arXiv:2508.10751, and its code",
	Family: "policy gradient",
	Formula: "J = (1/n) Σ_i (1/T_i) Σ_t [ min(ρ_it·A_i, clip(ρ_it, 1−eps_low, 1+eps_high)·A_i) − " +
		"β·k3_it ], with c of G answers right, " +
		"R = 1 − C(G−c,k)/C(G,k), s = √(R(1−R)) + 1e-4: A = (1−R)/s if right, (1 − R − " +
		"C(G−c−1,k−1)/C(G−1,k−1))/s if wrong",
	Doc: `Rewards a set of k answers when one of them is right, instead of every answer by itself: what counts is to get
there in k attempts. Each answer's advantage is that of the sets it is in, averaged over all sets of k from the group,
which has a closed form. A prompt that is already solved within k attempts teaches nothing more, so effort goes to the
hard ones and the model keeps exploring. With k = 1 it is GRPO. It needs a verifier and no demonstrations.`,
	Deviations: `An answer counts as right with the full reward alone. k is 4 of a group of 8; the paper's are larger.`,
	Knobs: knob.Proximal(
		param.Integer("k", "rollouts", 4, 1, 64,
			"Number of attempts that count as one, at most the size of the group.").
			Called("attempts (k)").Logarithmic()),
	Dials:   "advantage=passk",
	Collect: objective.CollectRollouts,
	Build: func(v param.Values) objective.Objective {
		return objective.Proximal(v, objective.Row{Advantage: objective.PenalisedAdvantage(v,
			objective.InGroup(objective.Rollout, objective.BinaryReward,
				passAtKAdvantage(v.Int("k")))), Reduce: objective.SeqMean})
	},
}

// passAtKAdvantage replaces each answer (1 right, 0 wrong) by the mean standardised advantage of
// the sets of k answers that contain it.
func passAtKAdvantage(k int) objective.Normaliser {
	return func(r []float64) {
		n, wrong := len(r), 0
		for _, x := range r {
			if x == 0 {
				wrong++
			}
		}
		k := min(k, n)
		fail := choose(wrong, k, n) // share of sets without a right answer: 1 − R
		s := math.Sqrt(fail*(1-fail)) + 1e-4
		for i, x := range r {
			r[i] = fail / s
			if x == 0 {
				r[i] = (fail - choose(wrong-1, k-1, n-1)) / s
			}
		}
	}
}

// choose returns C(m,k)/C(n,k), the share of the sets of k from n things that lie within m of them.
func choose(m, k, n int) float64 {
	share := 1.0
	for j := range k {
		share *= float64(max(0, m-j)) / float64(n-j)
	}
	return share
}
