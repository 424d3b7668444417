package rollout

import (
	"math"
	"testing"
)

// What the head reads, times the head's weights, is the logits: their log-softmax is what Each
// hands out, but for the order of sums.
func TestHiddenIsWhatTheHeadReads(t *testing.T) {
	for i, c := range shapes {
		net := network(c, uint64(i))
		r := request(c, 11, 2)
		all := sequences(r, NewSampler(c, 1).Sample(net, r))
		hidden := make([][]float32, len(all))
		NewScorer(c, 2).Hidden(net, all,
			func(i int, x []float32) { hidden[i] = append([]float32(nil), x...) })
		NewScorer(c, 2).Each(net, all, func(i int, logp, _ []float32) {
			if len(hidden[i]) != len(all[i].Response)*c.Dim {
				t.Fatalf("sequence %d: %d numbers for %d tokens of %d", i, len(hidden[i]),
					len(all[i].Response), c.Dim)
			}
			for step := range all[i].Response {
				logits, total := make([]float64, c.Vocab), 0.0
				for v := range logits {
					for k := range c.Dim {
						logits[v] += float64(hidden[i][step*c.Dim+k]) * float64(net.Head[k*c.Vocab+
							v])
					}
					total += math.Exp(logits[v])
				}
				for v, z := range logits {
					if got, want := float64(logp[step*c.Vocab+v]), z-
						math.Log(total); math.Abs(got-want) > 1e-4 {
						t.Fatalf("sequence %d, token %d: log-probability %v of symbol %d, what "+
							"the head reads gives %v", i, step, got, v, want)
					}
				}
			}
		})
	}
}
