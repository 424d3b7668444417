package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// GEM is entropic distribution matching: Li et al. 2024, arXiv:2408.16673, and its code.
var GEM = Method{
	Name:   "gem",
	Title:  "Entropic distribution matching",
	Cite:   "Li et al. 2024, arXiv:2408.16673, and its code",
	Family: "imitation",
	Formula: "J = (1/N) Σ_i Σ_t Σ_v q_v·h(log π(a_it) − log π(v)), over the N tokens of all " +
		"demonstrations, " +
		"q = softmax(log π/τ) held fixed; h(x) = x, or log σ(x/100)·100",
	Doc: `Imitates demonstrations without becoming surer than it has to be. Each demonstrated token is pushed up, and
what is pushed down for it is not everything in proportion, as in sft, but mostly the model's current favourites. Once
the token is the clear favourite the push ends, and the other possibilities keep their share: the model stays more
varied, which helps when several samples are tried. With tau 1 and h linear it is sft. It needs demonstrations and no
verifier.`,
	Deviations: `The sharpening temperature, beta in the paper, is called tau, since beta is the weight of a KL here.
The authors' scripts use h=logsigmoid and call the difference negligible; linear is the default of their program.`,
	Knobs: []param.Knob{knob.LR.With(1e-3), knob.Batch.With(64),
		param.Number("tau", "", 0.7, 0.1, 2,
			"Temperature of the sharpened distribution: the smaller it is, the more the push "+
				"down is limited to the favourites.").
			Called("sharpening temperature (tau)"),
		param.Choice("h", "linear", []string{"linear", "logsigmoid"},
			"How the difference between the token's log-probability and another's counts.").
			Called("form of the loss (h)")},
	Apart:   "besides the demonstrated token it pushes every symbol of the vocabulary",
	Collect: objective.CollectDemos,
	Build: func(v param.Values) objective.Objective {
		m := matching{v.Float("tau"), v.Choice("h") == "logsigmoid"}
		up, down := objective.Row{From: objective.Demo}, objective.Dense{From: objective.Demo,
			Weights: m.others, Requires: objective.Dist}
		if m.bounded {
			up.Advantage, up.Requires, down.Requires = objective.PerToken(m.token), objective.Dist|
				objective.Logp, objective.Dist|objective.Logp
		}
		return objective.Sum{{Weight: 1, Objective: up}, {Weight: -1, Objective: down}}
	},
}

// matching computes q·h' for every symbol. h' is 1 or σ((log π(v) − log π(a))/100).
type matching struct {
	tau     float64
	bounded bool
}

func (m matching) others(c *objective.Completion, t int) []float64 {
	logp := objective.DistAt(c.Dist, c, t)
	q := objective.Softmax(logp, m.tau)
	if m.bounded {
		for k := range q {
			q[k] *= objective.Sigmoid((logp[k] - c.Logp[t]) / 100)
		}
	}
	return q
}

// token returns what the demonstrated token gains: the sum of what the others lose.
func (m matching) token(c *objective.Completion) []float64 {
	out := make([]float64, c.Len())
	for t := range out {
		out[t] = objective.Total(m.others(c, t))
	}
	return out
}
