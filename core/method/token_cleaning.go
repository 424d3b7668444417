package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// TokenCleaning is token cleaning: Pang et al. 2025, arXiv:2502.01968, and its code.
var TokenCleaning = Method{
	Name:   "token_cleaning",
	Title:  "Token cleaning",
	Cite:   "Pang et al. 2025, arXiv:2502.01968, and its code",
	Family: "imitation",
	Formula: "J = (1/N) Σ_i Σ_t [log π − log π_ref at a_it is in the highest share]·log " +
		"π(a_it|s_it), over the N tokens of all demonstrations, the choice held fixed",
	Doc: `Imitates demonstrations, but only the tokens that are worth it. A token's worth is how much likelier it has
become since training began: what can be learned is learned quickly, and what stays unlikely is taken for noise. The
least worthy part of the batch's tokens is left out of each update, so a careless expert's slips do less harm. It needs
demonstrations and a copy of the starting model, and no verifier.`,
	Deviations: `The paper scores once, with a model warmed up on other data, or in five rounds; here the policy of the
moment scores at every step, and in the first, when nothing has moved, all tokens pass. The sum is divided by all
tokens, not by those kept, which only rescales the step.`,
	Knobs: []param.Knob{knob.LR.With(1e-3), knob.Batch.With(64),
		param.Number("share", "", 0.6, 0, 1,
			"Share of the batch's demonstrated tokens that are imitated: those that have "+
				"gained the most. 1 imitates all.").
			Called("tokens imitated")},
	Dials:   "source=demos,advantage=one,denominator=policy,tokens=gained,average=tokens",
	Collect: objective.CollectDemos,
	Build: func(v param.Values) objective.Objective {
		return objective.Row{
			From:     objective.Demo,
			Select:   objective.TopShare(v.Float("share"), objective.Demo, gainAt),
			Requires: objective.Logp | objective.RefLogp,
		}
	},
}

// gainAt returns how much likelier token t is than under the reference model, in nats.
func gainAt(c *objective.Completion, t int) float64 { return c.Logp[t] - c.RefLogp[t] }
