package objective

import "slices"

// Pairwise maximises a function of the margin between a chosen and a rejected completion of one prompt, averaged over
// pairs. It is not a [Row]: the coefficient of each half depends on both. The k-th chosen completion of a group is
// paired with its k-th rejected one; what is left over is ignored.
type Pairwise struct {
	// Score is a completion's score and its slope ∂score/∂Logp[t], the same for every token of a completion.
	Score func(*Completion) (score, slope float64)
	// Slope is the slope of what is maximised in the margin score(chosen) − score(rejected): σ(−margin) for DPO.
	Slope    func(margin float64) float64
	Requires Needs // what Score reads
}

// Needs is pairs and what Score reads.
func (p Pairwise) Needs() Needs { return p.Requires | Pairs }

// Add adds to the logp channel of both halves of every pair.
func (p Pairwise) Add(dst Coeffs, batch []Group) {
	pairs := countPairs(batch)
	for g, group := range batch {
		chosen, rejected := halves(group)
		for k := range min(len(chosen), len(rejected)) {
			w, l := chosen[k], rejected[k]
			scoreW, slopeW := p.Score(group[w])
			scoreL, slopeL := p.Score(group[l])
			push := p.Slope(scoreW-scoreL) / pairs
			for t := range group[w].Len() {
				dst[g][w].Logp[t] += float64(push * slopeW)
			}
			for t := range group[l].Len() {
				dst[g][l].Logp[t] -= float64(push * slopeL)
			}
		}
	}
}

// Explain takes apart what Add does to one half of a pair, token by token (T); nil when the completion is in none.
func (p Pairwise) Explain(batch []Group, g, i int) []Factors {
	chosen, rejected := halves(batch[g])
	for k := range min(len(chosen), len(rejected)) {
		w, l := chosen[k], rejected[k]
		if i != w && i != l {
			continue
		}
		scoreW, slope := p.Score(batch[g][w])
		scoreL, slopeL := p.Score(batch[g][l])
		if i == l {
			slope = -slopeL
		}
		pairs, margin := countPairs(batch), scoreW-scoreL
		f := Factors{Mask: 1, Ratio: p.Slope(margin), Advantage: slope, Share: 1 / pairs, Paired: true, Margin: margin}
		f.Coefficient = f.Ratio / pairs * slope
		return slices.Repeat([]Factors{f}, batch[g][i].Len())
	}
	return nil
}

// countPairs is how many pairs the average is over.
func countPairs(batch []Group) (pairs float64) {
	for _, group := range batch {
		chosen, rejected := halves(group)
		pairs += float64(min(len(chosen), len(rejected)))
	}
	return pairs
}

// halves lists where a group's chosen and rejected completions are.
func halves(g Group) (chosen, rejected []int) {
	for i, c := range g {
		switch c.Source {
		case Chosen:
			chosen = append(chosen, i)
		case Rejected:
			rejected = append(rejected, i)
		}
	}
	return chosen, rejected
}
