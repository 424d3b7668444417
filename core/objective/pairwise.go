package objective

import "slices"

// Pairwise maximises a function of the scores of a chosen and a rejected completion of one prompt,
// most often of the margin between them, averaged over pairs. It is not a [Row], because the
// coefficients of each half depend on both. The k-th chosen completion of a group is paired with
// its k-th rejected one; completions without a partner are ignored.
type Pairwise struct {
	// Score returns a completion's score and its slope ∂score/∂Logp[t], which is the same for every
	// token of the completion.
	Score func(*Completion) (score, slope float64)
	// Slope returns the derivative of what is maximised in the margin score(chosen) −
	// score(rejected). For DPO it is σ(−margin).
	Slope func(margin float64) float64
	// Slopes, if not nil, takes the place of Slope where the margin alone does not decide: it
	// returns the derivatives of what is maximised in both scores.
	Slopes   func(chosen, rejected float64) (ofChosen, ofRejected float64)
	Requires Needs // what Score reads
}

// Needs returns pairs and what Score reads.
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
			up, down := p.slopes(scoreW, scoreL)
			up, down = up/pairs, down/pairs
			for t := range group[w].Len() {
				dst[g][w].Logp[t] += float64(up * slopeW)
			}
			for t := range group[l].Len() {
				dst[g][l].Logp[t] += float64(down * slopeL)
			}
		}
	}
}

// slopes returns the derivatives of what is maximised in the scores of a pair.
func (p Pairwise) slopes(chosen, rejected float64) (ofChosen, ofRejected float64) {
	if p.Slopes != nil {
		return p.Slopes(chosen, rejected)
	}
	slope := p.Slope(chosen - rejected)
	return slope, -slope
}

// Explain returns the factors of one half of a pair (T), and nil if the completion is in no pair.
func (p Pairwise) Explain(batch []Group, g, i int) []Factors {
	chosen, rejected := halves(batch[g])
	for k := range min(len(chosen), len(rejected)) {
		w, l := chosen[k], rejected[k]
		if i != w && i != l {
			continue
		}
		scoreW, slope := p.Score(batch[g][w])
		scoreL, slopeL := p.Score(batch[g][l])
		ratio, down := p.slopes(scoreW, scoreL)
		if i == l {
			ratio, slope = -down, -slopeL
		}
		pairs := countPairs(batch)
		f := Factors{Mask: 1, Ratio: ratio, Advantage: slope, Share: 1 / pairs,
			Paired: true, Margin: scoreW - scoreL}
		f.Coefficient = f.Ratio / pairs * slope
		return slices.Repeat([]Factors{f}, batch[g][i].Len())
	}
	return nil
}

// countPairs returns the number of pairs in a batch.
func countPairs(batch []Group) (pairs float64) {
	for _, group := range batch {
		chosen, rejected := halves(group)
		pairs += float64(min(len(chosen), len(rejected)))
	}
	return pairs
}

// halves returns the indices of a group's chosen and rejected completions.
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
