package objective

import (
	"math"
	"slices"
)

// Grid holds a number for every token of a batch: grid[g][i][t].
type Grid [][][]float64

// NewGrid returns zeros in the shape of the batch.
func NewGrid(batch []Group) Grid {
	out := make(Grid, len(batch))
	for g, group := range batch {
		out[g] = make([][]float64, len(group))
		for i, c := range group {
			out[g][i] = make([]float64, c.Len())
		}
	}
	return out
}

// At returns the number of one token. As a method value it is a prepared [Select].
func (x Grid) At(g, i, t int) float64 { return x[g][i][t] }

// Row returns the numbers of a completion (T). As a method value it is a prepared [Advantage].
func (x Grid) Row(g, i int) []float64 { return x[g][i] }

// Position is the position of a token in a batch: group, completion, token.
type Position struct{ G, I, T int }

// Positions returns the positions of all tokens from a source, in order.
func Positions(batch []Group, from Source) (all []Position) {
	for g, group := range batch {
		for i, c := range group {
			if c.Source == from {
				for t := range c.Len() {
					all = append(all, Position{g, i, t})
				}
			}
		}
	}
	return all
}

// TopShare selects the tokens of a source whose score is among the batch's highest: at least the
// quantile 1 − share, as torch.quantile computes it. If all scores are equal, all tokens pass.
func TopShare(share float64, from Source, score func(c *Completion, t int) float64) Select {
	return func(batch []Group) func(g, i, t int) float64 {
		return TopShareOf(share, batch, Positions(batch, from), score).At
	}
}

// TopShareOf returns a grid with 1 at those of the positions whose score is among their highest,
// and 0 elsewhere.
func TopShareOf(share float64, batch []Group, positions []Position,
	score func(c *Completion, t int) float64) Grid {
	out, scores := NewGrid(batch), make([]float64, len(positions))
	for k, p := range positions {
		scores[k] = score(batch[p.G][p.I], p.T)
	}
	if len(positions) == 0 {
		return out
	}
	sorted := slices.Sorted(slices.Values(scores))
	// 1e-9: 0.8·5 may be a little more than 4
	least := sorted[int(math.Ceil(float64((1-share)*float64(len(positions)-1))-1e-9))]
	for k, p := range positions {
		if scores[k] >= least {
			out[p.G][p.I][p.T] = 1
		}
	}
	return out
}

// Covariance returns, for each position, its contribution to the covariance of advantage and
// log-probability over the batch (arXiv:2505.22617). Where it is large, a policy gradient makes a
// likely token likelier and lowers the entropy.
func Covariance(batch []Group, all []Position, advantage func(g, i int) []float64) []float64 {
	a, lp := make([]float64, len(all)), make([]float64, len(all))
	for k, p := range all {
		of := advantage(p.G, p.I)
		a[k], lp[k] = of[min(p.T, len(of)-1)], batch[p.G][p.I].Logp[p.T]
	}
	meanA, meanLogp := Mean(a), Mean(lp)
	for k := range a {
		a[k] = (a[k] - meanA) * (lp[k] - meanLogp)
	}
	return a
}
