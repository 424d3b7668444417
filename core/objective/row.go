package objective

import "github.com/posttrain/posttrain/core/num"

// Row is one row of the unified policy gradient (arXiv:2509.04419, Table 1), plus a KL penalty as a
// loss. Token t of every completion from From gets, on ∇log π(a_t|s_t), the coefficient
//
//	( Mask · Ratio · Advantage  −  K3Weight·(1 − π_ref/π)  +  Extra ) · share
//
// Ratio includes [Completion.Weight], and Mask is 0 for a [Completion.Stale] one below 0.
// Parts that are nil or zero are 1 (Mask, Ratio, Advantage) or absent (K3Weight, Extra). See
// [Row.Explain] for the same by token.
type Row struct {
	From      Source
	Advantage Advantage // nil means 1
	Denom     Denom     // denominator of the ratio
	Span      Span      // tokens that the ratio is taken over

	// Mask returns a factor, usually 0 or 1, for a token with this ratio. nil means 1.
	Mask func(ratio, advantage float64) float64
	// Ratio transforms the ratio, for example caps it. nil leaves it as it is.
	Ratio func(ratio, advantage float64) float64
	// Within limits the logarithm of each token's own ratio before the ratios of a span are made
	// one. Mask then sees the token's own ratio, and Ratio that of the span. nil limits nothing,
	// and Mask sees what Ratio sees.
	Within func(logRatio, advantage float64) float64
	// Select is a second mask, by position instead of ratio. nil means 1.
	Select Select
	// K3Weight is β, the weight of the k3 estimator of KL(π‖π_ref). 0 means none.
	K3Weight float64
	// Extra is a second term of the coefficient, which neither mask nor ratio touches.
	Extra Advantage

	Reduce Reduce   // how tokens are averaged
	Among  []Source // whose completions are averaged over; nil means From's alone

	// Requires is what the functions above read besides Source and Reward.
	Requires Needs
}

// Advantage computes advantages of a batch. The function that it returns gives those of completion
// i of group g: one number for each token (T), or a single one for all its tokens.
type Advantage func(batch []Group) func(g, i int) []float64

// Select computes a mask of a batch. The function that it returns gives the factor, usually 0 or 1,
// of token t of completion i of group g.
type Select func(batch []Group) func(g, i, t int) float64

// Denom is the denominator of a ratio, whose numerator is the policy π.
type Denom uint8

// The four denominators.
const (
	OverPolicy    Denom = iota // π itself, so the ratio is 1: an on-policy gradient, or imitation
	OverBehaviour              // π_old: importance sampling
	OverReference              // π_ref
	OverOne                    // 1, so the ratio is the probability π(a_t|s_t)
)

// Span is the tokens that a ratio is taken over.
type Span uint8

// The three spans. With the latter two, all tokens of a completion have the same ratio.
const (
	OfToken  Span = iota // the token's own ratio
	OfMean               // the geometric mean over the completion's tokens
	OfAnswer             // the product over the completion's tokens
)

// maxLogRatio bounds every log-ratio before it is exponentiated, as verl does (core_algos.py,
// compute_policy_loss). Without a bound e^x overflows, and 0·∞ makes a NaN of a masked token. The
// bound has no visible effect. In 1 − π_ref/π, e^-20 = 2e-9 is below the resolution of float32, in
// which coefficients end up. A ratio of e^20 = 5e8 is as absurd as a larger one, but stays finite
// in float32 under any advantage and share.
const maxLogRatio = 20

// Needs returns what the parts of the row need.
func (r Row) Needs() Needs {
	needs := r.Requires | SourceNeed(r.From)
	switch r.Denom {
	case OverBehaviour:
		needs |= Logp | OldLogp
	case OverReference:
		needs |= Logp | RefLogp
	case OverOne:
		needs |= Logp
	}
	if r.K3Weight != 0 {
		needs |= Logp | RefLogp
	}
	return needs
}

// SourceNeed returns the Needs bit for completions of a source.
func SourceNeed(s Source) Needs {
	switch s {
	case Rollout:
		return Rollouts
	case Demo:
		return Demos
	case Greedy:
		return Greedies
	case Replayed:
		return Replays
	default:
		return Pairs
	}
}

// Add adds the row's coefficients to the logp channel.
func (r Row) Add(dst Coeffs, batch []Group) {
	prepared := r.prepare(batch)
	for g, group := range batch {
		for i, c := range group {
			if c.Source != r.From {
				continue
			}
			for t, f := range prepared.factors(g, i) {
				dst[g][i].Logp[t] += f.Coefficient
			}
		}
	}
}

// Factors are the parts of one token's coefficient: Coefficient is (Mask·Ratio·Advantage + K3Term +
// Extra)·Share, to the bit in a row and up to rounding in a pair.
type Factors struct {
	Mask float64 // 1 lets the token through, 0 stops it
	// Ratio is how much likelier the token has become, as transformed by the row, times
	// [Completion.Weight].
	Ratio     float64
	Advantage float64 // how much better than expected the completion was
	// K3Term is the pull of the reference model, from the k3 estimator of KL(π‖π_ref):
	// −β·(1 − π_ref/π).
	K3Term      float64
	Extra       float64 // what the row adds to the product
	Share       float64 // the token's share in the average
	Coefficient float64 // what is added to the logp channel; positive makes the token likelier

	// In a pair, Ratio is the derivative of what is maximised in the margin, or in this half's part
	// of it, and Advantage that of the completion's score in the token's log-probability, negative
	// for the rejected half.
	Paired bool
	Margin float64 // score of the chosen half minus score of the rejected half
}

// Explain returns the factors of completion i of group g, token by token (T). It returns nil if the
// completion is not from the row's source.
func (r Row) Explain(batch []Group, g, i int) []Factors {
	if batch[g][i].Source != r.From {
		return nil
	}
	return r.prepare(batch).factors(g, i)
}

// preparedRow is a row with the statistics of a batch.
type preparedRow struct {
	Row
	Batch     []Group
	out       []Factors // what factors returned last
	ratio     []float64 // what ratios returned last, over the span
	own       []float64 // and by token, if Within tells them apart
	none      []float64 // one zero: the extra term where there is none
	advantage func(g, i int) []float64
	extra     func(g, i int) []float64  // nil: none
	choose    func(g, i, t int) float64 // nil: 1
	share     func(*Completion) float64
}

func (r Row) prepare(batch []Group) *preparedRow {
	among := r.Among
	if among == nil {
		among = []Source{r.From}
	}
	p := &preparedRow{Row: r, Batch: batch, share: r.Reduce.Share(batch, among...),
		none: []float64{0}}
	if r.Advantage != nil {
		p.advantage = r.Advantage(batch)
	} else {
		one := []float64{1}
		p.advantage = func(int, int) []float64 { return one }
	}
	if r.Select != nil {
		p.choose = r.Select(batch)
	}
	if r.Extra != nil {
		p.extra = r.Extra(batch)
	}
	return p
}

// factors returns the factors of every token of a completion from the row's source (T). The next
// call overwrites them.
func (p *preparedRow) factors(g, i int) []Factors {
	c := p.Batch[g][i]
	p.out = resize(p.out, c.Len())
	out := p.out
	if len(out) == 0 {
		return out
	}
	advantage, norm := p.advantage(g, i), p.share(c)
	ratio, own := p.ratios(c, advantage)
	extra := p.none
	if p.extra != nil {
		extra = p.extra(g, i)
	}
	for t := range out {
		a := advantage[min(t, len(advantage)-1)]
		f := Factors{Mask: 1, Ratio: ratio[t], Advantage: a, Share: norm,
			Extra: extra[min(t, len(extra)-1)]}
		if p.Mask != nil {
			f.Mask = p.Mask(own[t], a)
		}
		if p.choose != nil {
			f.Mask *= p.choose(g, i, t)
		}
		if p.Row.Ratio != nil {
			f.Ratio = p.Row.Ratio(ratio[t], a)
		}
		f.Ratio *= c.corrected(t)
		if c.Stale && a < 0 {
			f.Mask = 0
		}
		if p.K3Weight != 0 { // ∇k3 = (1 − π_ref/π)·∇log π
			f.K3Term = p.K3Weight * (ExpRatio(c.RefLogp[t]-c.Logp[t]) - 1)
		}
		f.Coefficient = (float64(f.Mask*f.Ratio*f.Advantage) + f.K3Term + f.Extra) * norm
		out[t] = f
	}
	return out
}

// ratios returns the policy's probability of each token divided by the denominator (T), over the
// row's span and as Mask sees them. The next call overwrites them.
func (p *preparedRow) ratios(c *Completion, advantage []float64) (out, own []float64) {
	p.ratio = resize(p.ratio, c.Len())
	out = p.ratio
	if p.Denom == OverPolicy {
		Fill(out, 1)
		return out, out
	}
	own = out
	for t := range out {
		out[t] = c.Logp[t]
		switch p.Denom {
		case OverBehaviour:
			out[t] -= c.OldLogp[t]
		case OverReference:
			out[t] -= c.RefLogp[t]
		}
	}
	if p.Within != nil {
		p.own = resize(p.own, c.Len())
		own = p.own
		for t, x := range out {
			own[t] = ExpRatio(x)
			out[t] = p.Within(x, advantage[min(t, len(advantage)-1)])
		}
	}
	switch p.Span {
	case OfMean:
		Fill(out, Mean(out))
	case OfAnswer:
		Fill(out, Total(out))
	}
	for t, x := range out {
		out[t] = ExpRatio(x)
	}
	return out, own
}

// Fill sets every number to x.
func Fill(to []float64, x float64) {
	for i := range to {
		to[i] = x
	}
}

// ExpRatio returns e^x, with x limited to ±maxLogRatio.
func ExpRatio(x float64) float64 {
	return num.Exp(max(-maxLogRatio, min(maxLogRatio, x)))
}

// Clip returns PPO's pessimistic clip as a mask (arXiv:1707.06347 eq. 7). The derivative of min(ρA,
// clip(ρ, 1−low, 1+high)·A) is that of ρA, except that it is 0 for a token that has already moved
// past the range in the direction of its advantage.
func Clip(low, high float64) func(ratio, advantage float64) float64 {
	return func(ratio, advantage float64) float64 {
		if advantage > 0 && ratio > 1+high || advantage < 0 && ratio < 1-low {
			return 0
		}
		return 1
	}
}

// DualClip returns the clip with one more bound (arXiv:1912.09729 eq. 5): for a negative advantage
// the derivative of max(min(ρA, clip(ρ, ...)·A), most·A), which is 0 for a token whose ratio is
// above most. With most at 0 there is no such bound.
func DualClip(most float64,
	clip func(ratio, advantage float64) float64) func(ratio, advantage float64) float64 {
	if most == 0 {
		return clip
	}
	return func(ratio, advantage float64) float64 {
		if advantage < 0 && ratio > most {
			return 0
		}
		return clip(ratio, advantage)
	}
}

// WithinClip limits the logarithm of a ratio to where [Clip] with the same bounds lets it through.
func WithinClip(low, high float64) func(logRatio, advantage float64) float64 {
	least, most := num.Log(1-low), num.Log(1+high)
	return func(logRatio, advantage float64) float64 {
		switch {
		case advantage > 0:
			return min(logRatio, most)
		case advantage < 0:
			return max(logRatio, least)
		}
		return logRatio
	}
}
