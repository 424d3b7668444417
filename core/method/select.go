package method

import (
	"math"
	"slices"
)

// grid holds a number for every token of a batch: grid[g][i][t].
type grid [][][]float64

func newGrid(batch []Group) grid {
	out := make(grid, len(batch))
	for g, group := range batch {
		out[g] = make([][]float64, len(group))
		for i, c := range group {
			out[g][i] = make([]float64, c.Len())
		}
	}
	return out
}

// at is the grid as a [Select].
func (x grid) at(g, i, t int) float64 { return x[g][i][t] }

// row is the grid as an [Advantage] of a prepared batch.
func (x grid) row(g, i int) []float64 { return x[g][i] }

// place is where a token stands in a batch.
type place struct{ g, i, t int }

// places lists the tokens of a source in order.
func places(batch []Group, from Source) (all []place) {
	for g, group := range batch {
		for i, c := range group {
			if c.Source == from {
				for t := range c.Len() {
					all = append(all, place{g, i, t})
				}
			}
		}
	}
	return all
}

// TopShare lets the tokens of a source through whose score is among the batch's highest: at least the quantile 1 − share,
// as torch.quantile finds it, so that all tokens pass when all score the same.
func TopShare(share float64, from Source, score func(c *Completion, t int) float64) Select {
	return func(batch []Group) func(g, i, t int) float64 {
		return topShare(share, batch, places(batch, from), score).at
	}
}

// topShare is 1 at those of some places whose score is among their highest, and 0 elsewhere.
func topShare(share float64, batch []Group, all []place, score func(c *Completion, t int) float64) grid {
	out, scores := newGrid(batch), make([]float64, len(all))
	for k, p := range all {
		scores[k] = score(batch[p.g][p.i], p.t)
	}
	if len(all) == 0 {
		return out
	}
	sorted := slices.Sorted(slices.Values(scores))
	least := sorted[int(math.Ceil(float64((1-share)*float64(len(all)-1))-1e-9))] // 1e-9: 0.8·5 may be a little more than 4
	for k, p := range all {
		if scores[k] >= least {
			out[p.g][p.i][p.t] = 1
		}
	}
	return out
}

// covariance is what each rollout token contributes to the covariance of advantage and log-probability over the batch
// (arXiv:2505.22617): where it is large, a policy gradient makes the likely likelier and entropy falls.
func covariance(batch []Group, all []place, advantage func(g, i int) []float64) []float64 {
	a, lp := make([]float64, len(all)), make([]float64, len(all))
	for k, p := range all {
		of := advantage(p.g, p.i)
		a[k], lp[k] = of[min(p.t, len(of)-1)], batch[p.g][p.i].Logp[p.t]
	}
	meanA, meanLogp := mean(a), mean(lp)
	for k := range a {
		a[k] = (a[k] - meanA) * (lp[k] - meanLogp)
	}
	return a
}
