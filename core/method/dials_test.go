package method

import (
	"math"
	"slices"
	"sort"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("dials", entry{
	baseline: true,
	bits:     "c1c0b4c4b80eabb8", // those of grpo,
	objective: func(v param.Values, b []objective.Group) func() float64 {
		return newBoard(v, b).objective()
	},
	mutants: with(clippedMutants, mutants{
		"no standard deviation": advantage(objective.InGroup(objective.Rollout, objective.Reward,
			objective.Centred)),
		"reward of demos": row(
			func(r *objective.Row) { r.Advantage = overUnion(objective.ZScore) }),
		"sum over tokens":   row(func(r *objective.Row) { r.Reduce = objective.SeqSum }),
		"bonus over tokens": bonus(objective.TokenMean),
	}),
})

// board is the dial board a second time: the weight of every token of a batch is computed, held
// fixed, and multiplied by the token's log-probability.
type board struct {
	v    param.Values
	b    []objective.Group
	paid []objective.Group // with rewards less the KL
	from objective.Source

	advantage, weight map[*objective.Completion][]float64
	heldBack          map[objective.Position]bool
}

func newBoard(v param.Values, b []objective.Group) *board {
	o := &board{v: v, b: b, paid: charged(v, b), from: objective.Rollout,
		advantage: map[*objective.Completion][]float64{},
		weight:    map[*objective.Completion][]float64{},
		heldBack:  map[objective.Position]bool{}}
	if v.Choice("source") == "demos" {
		o.from = objective.Demo
	}
	o.weighAdvantages()
	left := o.tokensLeft()
	lab.Each(b, o.from, func(g, i int, c *objective.Completion) {
		for t := range c.Logp {
			w := o.advantage[c][t] * o.limited(g, i, t)
			if !left[objective.Position{G: g, I: i, T: t}] {
				w = 0
			}
			o.weight[c] = append(o.weight[c], w)
		}
	})
	return o
}

func (o *board) objective() func() float64 {
	completions, tokens := 0.0, 0.0
	lab.Each(o.b, o.from, func(_, _ int, c *objective.Completion) {
		completions, tokens = completions+1, tokens+float64(len(c.Logp))
	})
	return func() (s float64) {
		lab.Each(o.b, o.from, func(g, i int, c *objective.Completion) {
			of := lab.Dot(o.weight[c], c.Logp)
			if o.from == objective.Rollout {
				of += bonusLessKL(o.v, c)
			}
			for t, lp := range c.Logp {
				if o.from == objective.Demo {
					of -= o.v.Float("beta") * klRefExact(c, t)
				}
				if o.heldBack[objective.Position{G: g, I: i, T: t}] {
					of -= o.v.Float("kl_coef") * math.Abs(lp-c.OldLogp[t])
				}
			}
			s += of * map[string]float64{"tokens": 1 / tokens, "sum": 1 / completions,
				"answers": 1 / completions / float64(len(c.Logp))}[o.v.Choice("average")]
		})
		return s
	}
}

// weighAdvantages fills in the advantages.
func (o *board) weighAdvantages() {
	lab.Each(o.b, o.from, func(g, i int, c *objective.Completion) {
		for t := range c.Logp {
			o.advantage[c] = append(o.advantage[c], o.advantageAt(g, i, t))
		}
	})
	if o.v.Choice("advantage") == "returns" {
		all := []float64{}
		lab.Each(o.b, o.from,
			func(_, _ int, c *objective.Completion) { all = append(all, o.advantage[c]...) })
		mean, square := lab.Total(all)/float64(len(all)), 0.0
		for _, x := range all {
			square += (x - mean) * (x - mean)
		}
		for _, x := range o.advantage {
			for t := range x {
				x[t] = (x[t] - mean) / (math.Sqrt(square/float64(len(all))) + 1e-4)
			}
		}
	}
	for c, x := range o.advantage {
		for t, a := range x {
			x[t] += math.Min(o.v.Float("alpha")*c.Entropy[t], math.Abs(a)/o.v.Float("kappa"))
		}
	}
}

// advantageAt returns the advantage of a token, and for returns the sum of what is to come.
func (o *board) advantageAt(g, i, t int) float64 {
	c, r, group := o.b[g][i], o.paid[g][i].Reward, o.b[g]
	mean, std := meanStd(o.paid[g])
	raw, _ := meanStd(group)
	switch o.v.Choice("advantage") {
	case "one":
		return 1
	case "reward":
		return r
	case "signed":
		return 2*r - 1
	case "weighted":
		return o.v.Float("lambda")*r - (1 - r)
	case "mean":
		return r - mean
	case "z_score":
		return (r - mean) / (std + 1e-4)
	case "over_mean":
		if raw <= 0 {
			return -besides(o.v, group, c)
		}
		return c.Reward/raw - 1 - besides(o.v, group, c)
	case "damped":
		return (r - mean) / (1 + o.v.Float("tau"))
	case "leave_one_out":
		others, n := 0.0, 0.0
		lab.Each(o.paid[g:g+1], objective.Rollout, func(_, j int, other *objective.Completion) {
			if j != i {
				others, n = others+other.Reward, n+1
			}
		})
		if n == 0 {
			return 0
		}
		return r - others/n
	case "long_mean":
		earned, tokens := 0.0, 0.0
		lab.Each(o.paid[g:g+1], objective.Rollout, func(_, _ int, other *objective.Completion) {
			n := float64(len(other.Logp))
			earned, tokens = earned+n*other.Reward, tokens+n
		})
		return r - earned/tokens
	case "greedy":
		for _, other := range group {
			if other.Source == objective.Greedy {
				return r - other.Reward
			}
		}
		return 0
	case "best":
		highest := r
		lab.Each(o.paid[g:g+1], objective.Rollout, func(_, _ int, other *objective.Completion) {
			highest = math.Max(highest, other.Reward)
		})
		if r == highest && r > 0 {
			return 1
		}
		return 0
	case "right":
		return full(c) - besides(o.v, group, c)
	case "passk":
		sets, successes, with := subsets(group, o.v.Int("k"))
		mean := successes / sets
		return (with[c]-mean)/(math.Sqrt(mean*(1-mean))+1e-4) - besides(o.v, group, c)
	case "solve_rate":
		if q := o.solved(g); c.Reward >= 1 {
			return 1 - q
		} else {
			return -q
		}
	case "returns":
		sum := 0.0
		for s := t; s < len(c.Logp); s++ {
			reward := -tax(o.v) * (c.OldLogp[s] - c.RefLogp[s])
			if s == len(c.Logp)-1 {
				reward += c.Reward
			}
			sum += math.Pow(o.v.Float("gamma"), float64(s-t)) * reward
		}
		return sum
	case "implicit":
		s := 1 / (1 + math.Exp(-0.1*(lab.Total(c.Logp)-lab.Total(c.RefLogp))))
		return 2 * (c.Reward - s) * s * (1 - s) * 0.1
	case "teacher":
		return c.TeacherLogp[t] - c.Logp[t]
	}
	panic("no advantage " + o.v.Choice("advantage"))
}

// solved returns the share of right rollouts of a group, within 0.02 and 0.98.
func (o *board) solved(g int) float64 {
	right, n := 0.0, 0.0
	lab.Each(o.b[g:g+1], objective.Rollout,
		func(_, _ int, c *objective.Completion) { right, n = right+full(c), n+1 })
	return math.Max(0.02, math.Min(0.98, right/n))
}

// limited returns what becomes of the ratio of a token.
func (o *board) limited(g, i, t int) float64 {
	c := o.b[g][i]
	below := map[string][]float64{"behaviour": c.OldLogp, "reference": c.RefLogp,
		"one": make([]float64, len(c.Logp))}[o.v.Choice("denominator")]
	if below == nil {
		return 1
	}
	logRatio := c.Logp[t] - below[t]
	if whole := lab.Total(c.Logp) - lab.Total(below); o.v.Choice("span") == "answer" {
		logRatio = whole
	} else if o.v.Choice("span") == "mean" {
		logRatio = whole / float64(len(c.Logp))
	}
	a, ratio := o.advantage[c][t], math.Exp(logRatio)
	switch o.v.Choice("limit") {
	case "free":
		return ratio
	case "clip":
		if o.stopped(ratio, a) {
			return 0
		}
		return ratio
	case "cap":
		return math.Min(ratio, 1+o.v.Float("eps_high"))
	case "taper":
		if a > 0 {
			return 1
		}
		return math.Min(ratio, 1)
	case "power":
		return math.Min(16, math.Exp(o.v.Float("power")*logRatio))
	case "gate":
		tau := o.v.Float("tau_neg")
		if a > 0 {
			tau = o.v.Float("tau_pos")
		}
		open := 1 / (1 + math.Exp(-tau*(ratio-1)))
		return 4 * open * (1 - open) * ratio
	case "curve":
		k, lambda := o.v.Float("k_pos"), o.v.Float("lambda_pos")
		if a < 0 {
			k, lambda = o.v.Float("k_neg"), o.v.Float("lambda_neg")
		}
		return math.Pow(ratio, k) * math.Exp(lambda*(1-ratio))
	case "ease":
		q, own := o.solved(g), math.Exp(c.Logp[t]-c.OldLogp[t])
		eased := 1.0
		if c.Reward < 1 {
			eased = 1 / math.Max(1, (1-q*own)/(1-q))
		}
		if a < 0 {
			eased *= ratio
		}
		return eased
	}
	panic("no limit " + o.v.Choice("limit"))
}

func (o *board) stopped(ratio, a float64) bool {
	most := o.v.Float("dual_clip")
	return a > 0 && ratio > 1+o.v.Float("eps_high") || a < 0 && ratio < 1-o.v.Float("eps_low") ||
		a < 0 && most > 0 && ratio > most
}

// tokensLeft returns the tokens that are pushed, and notes those that are held back.
func (o *board) tokensLeft() map[objective.Position]bool {
	left, score := map[objective.Position]bool{}, map[objective.Position]float64{}
	var all []objective.Position
	var scores []float64
	lab.Each(o.b, o.from, func(g, i int, c *objective.Completion) {
		for t := range c.Logp {
			p := objective.Position{G: g, I: i, T: t}
			score[p] = c.Entropy[t]
			if o.v.Choice("tokens") == "gained" {
				score[p] = c.Logp[t] - c.RefLogp[t]
			}
			left[p], all, scores = true, append(all, p), append(scores, score[p])
		}
	})
	share, n := o.v.Float("share"), float64(len(all))
	// Of two tokens the covariances are equal but for rounding, which decides between them. So they
	// are those of the trainer, which kl_cov's own entry computes anew.
	cov, covs := map[objective.Position]float64{}, objective.Covariance(o.b, all,
		func(g, i int) []float64 { return o.advantage[o.b[g][i]] })
	for k, p := range all {
		cov[p] = covs[k]
	}
	switch o.v.Choice("tokens") {
	case "entropy", "gained":
		for _, p := range all {
			left[p] = score[p] >= quantile(scores, 1-share)-1e-12
		}
	case "kl_cov":
		sort.SliceStable(all, func(x, y int) bool { return cov[all[x]] > cov[all[y]] })
		for k, p := range all {
			o.heldBack[p] = k == 0 || k < int(share*n)
		}
	case "clip_cov":
		all = slices.DeleteFunc(all, func(p objective.Position) bool {
			c := o.b[p.G][p.I]
			clips := o.v.Choice("limit") == "clip" && o.v.Choice("denominator") != "policy"
			return cov[p] <= o.v.Float("cov_low") || cov[p] >= o.v.Float("cov_high") ||
				clips && o.stopped(math.Exp(c.Logp[p.T]-c.OldLogp[p.T]), o.advantage[c][p.T])
		})
		lot := func(p objective.Position) float64 { // at the address that clip_cov promises
			r := num.NewRand(0, "clip_cov", "", uint64(p.G), uint64(p.I), uint64(p.T))
			return r.Float64()
		}
		sort.Slice(all, func(x, y int) bool { return lot(all[x]) < lot(all[y]) })
		for k, p := range all {
			left[p] = k != 0 && k >= int(share*n)
		}
	}
	return left
}
