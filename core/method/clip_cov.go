package method

import (
	"cmp"
	"slices"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// ClipCov is Clip-Cov, which stops some of the tokens that cost entropy: Cui et al. 2025,
// arXiv:2505.22617, and its code in verl.
var ClipCov = Method{
	Name:   "clip_cov",
	Title:  "Clip-Cov: stop some of the tokens that cost entropy",
	Cite:   "Cui et al. 2025, arXiv:2505.22617, and its code in verl",
	Family: "policy gradient",
	Formula: "J = (1/N) Σ_i Σ_t m_it·min(ρ_it·A_i, clip(ρ_it, 1−eps_low, 1+eps_high)·A_i) − " +
		"β·k3_it over the N tokens of all answers, " +
		"m = 0 at max(1, share·N) tokens chosen at random where cov_low < cov < cov_high, cov = " +
		"(A − mean A)·(log π − mean log π)",
	Doc: `Like kl_cov it keeps the model exploring by taking care of the tokens with a large covariance of advantage and
log-probability, which are likely already and would be pushed up further. Here some of them, chosen at random, are left
out of the update altogether. Everything else is a clipped policy gradient. It needs a verifier and no demonstrations.`,
	Deviations: `Which tokens are left out is decided by a random number with the address of the token's place in the
batch, the same for every batch, so that the coefficients are a function of the batch. share is larger than the paper's
2e-4, since a batch here has a thousand tokens, not millions.`,
	Knobs: knob.Proximal(
		param.Number("share", "", 0.02, 0, 1,
			"How many tokens are left out, as a share of the batch's tokens; at least one "+
				"token.").
			Called("tokens left out").Logarithmic(),
		param.Number("cov_low", "", 1, 0, 20,
			"Only tokens whose covariance is larger than this may be left out.").
			Called("least covariance"),
		param.Number("cov_high", "", 5, 0, 100,
			"Only tokens whose covariance is smaller than this may be left out.").
			Called("largest covariance")),
	Dials:   "tokens=clip_cov,average=tokens",
	Collect: objective.CollectRollouts,
	Build: func(v param.Values) objective.Objective {
		advantage := objective.InGroup(objective.Rollout,
			objective.PenalisedReward(v, objective.Reward), objective.ZScore)
		r := objective.Clipped(v, objective.Row{Advantage: advantage, Reduce: objective.TokenMean,
			Requires: objective.Logp})
		r.Select = clipCovSelect{advantage, r.Mask, v.Float("share"), v.Float("cov_low"),
			v.Float("cov_high")}.prepare
		return objective.Penalised(v, r)
	},
}

// clipCovSelect selects the tokens that Clip-Cov keeps.
type clipCovSelect struct {
	advantage        objective.Advantage
	clip             func(ratio, advantage float64) float64 // nil stops nothing
	share, low, high float64
}

// clips reports whether the row's clip stops a token.
func (o clipCovSelect) clips(batch []objective.Group, advantage func(g, i int) []float64,
	p objective.Position) bool {
	c, of := batch[p.G][p.I], advantage(p.G, p.I)
	return o.clip != nil && o.clip(objective.ExpRatio(c.Logp[p.T]-c.OldLogp[p.T]),
		of[min(p.T, len(of)-1)]) == 0
}

func (o clipCovSelect) prepare(batch []objective.Group) func(g, i, t int) float64 {
	out, all := objective.NewGrid(batch), objective.Positions(batch, objective.Rollout)
	advantage := o.advantage(batch)
	cov := objective.Covariance(batch, all, advantage)
	type candidate struct {
		objective.Position
		lot float64
	}
	var candidates []candidate
	for k, p := range all {
		out[p.G][p.I][p.T] = 1
		if cov[k] > o.low && cov[k] < o.high && !o.clips(batch, advantage, p) {
			r := num.NewRand(0, "clip_cov", "", uint64(p.G), uint64(p.I), uint64(p.T))
			candidates = append(candidates, candidate{p, r.Float64()})
		}
	}
	slices.SortStableFunc(candidates, func(a, b candidate) int { return cmp.Compare(a.lot, b.lot) })
	most := max(1, int(float64(o.share*float64(len(all)))))
	for _, p := range candidates[:min(most, len(candidates))] {
		out[p.G][p.I][p.T] = 0
	}
	return out.At
}
