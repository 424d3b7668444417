package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// TailSFT is filtered fine-tuning: Malladi et al. 2026, arXiv:2608.25756, algorithm 1.
var TailSFT = Method{
	Name:   "tailsft",
	Title:  "TailSFT: imitate what has been learned least",
	Cite:   "Malladi et al. 2026, arXiv:2608.25756, algorithm 1",
	Family: "imitation",
	Formula: "J = (1/M) Σ_i Σ_t log π(a_it|s_it) over the M tokens of the demonstrations that " +
		"are kept: all of the batch but the share filtered with the largest (1/T_i) Σ_t log " +
		"π/π_ref, the choice held fixed",
	Doc: `Imitation that stops where enough has been learned. Of each batch the demonstrations that have
become likelier than at the start of training, by the mean over their tokens, are left out: pushing
them further takes probability away from other right answers. What is left is the tail, the answers
that the model would still hardly give. It is meant as a start for learning from reward, which can
only strengthen answers that are sampled now and then; so the best of many samples is what should get
better, and a single sample may get worse than after sft. It needs demonstrations and a copy of the
starting model, and no verifier.`,
	Deviations: `The share that is left out is the same at every step; the paper lets it depend on the step. Where gains are
equal, as in the first step, all of the equal ones are kept.`,
	Unverified: "the paper's own text: the algorithm is from summaries and independent " +
		"implementations that cite it and agree; the share of 0.5 is one implementation's",
	Knobs: []param.Knob{knob.LR.With(1e-3), knob.Batch.With(64),
		param.Number("filtered", "", 0.5, 0, 1,
			"Share of the batch's demonstrations that are left out: those that have gained the "+
				"most since the start of the stage. 0 imitates all; one is always kept.").
			Called("demonstrations left out").ShownFirst()},
	Apart:   "it leaves out whole demonstrations, which no setting of the dials does",
	Collect: objective.CollectDemos,
	Build: func(v param.Values) objective.Objective {
		return objective.Row{From: objective.Demo, Advantage: leastLearned(v.Float("filtered")),
			Reduce: objective.TokenMean, Requires: objective.Logp | objective.RefLogp}
	},
}

// leastLearned gives the same to every token of the demonstrations that are kept and nothing to the
// others, such that the mean over all tokens is that over the tokens kept.
func leastLearned(filtered float64) objective.Advantage {
	return func(batch []objective.Group) func(g, i int) []float64 {
		var firsts []objective.Position // one for each demonstration
		tokens := 0.0
		for _, p := range objective.Positions(batch, objective.Demo) {
			if tokens++; p.T == 0 {
				firsts = append(firsts, p)
			}
		}
		keeps := objective.TopShareOf(1-filtered, batch, firsts, missed)
		kept := 0.0
		for _, p := range firsts {
			kept += float64(keeps.At(p.G, p.I, 0) * float64(batch[p.G][p.I].Len()))
		}
		return func(g, i int) []float64 {
			return []float64{keeps.At(g, i, 0) * tokens / kept}
		}
	}
}

// missed returns how much less likely a completion is than under the reference model, in nats by
// token.
func missed(c *objective.Completion, _ int) float64 {
	return (objective.Total(c.RefLogp) - objective.Total(c.Logp)) / float64(c.Len())
}
