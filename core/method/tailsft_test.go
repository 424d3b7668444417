package method

import (
	"testing"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("tailsft", entry{
	bits: "5ba324a023538d32",
	objective: func(v param.Values, b []objective.Group) func() float64 {
		var gains []float64
		offset := func(c *objective.Completion) float64 { // the loss now less the loss at first
			n := float64(len(c.Logp))
			return -lab.Total(c.Logp)/n + lab.Total(c.RefLogp)/n
		}
		lab.Each(b, objective.Demo,
			func(_, _ int, c *objective.Completion) { gains = append(gains, offset(c)) })
		kept, tokens := map[*objective.Completion]bool{}, 0.0
		lab.Each(b, objective.Demo, func(_, _ int, c *objective.Completion) {
			if offset(c) >= quantile(gains, v.Float("filtered"))-1e-12 {
				kept[c], tokens = true, tokens+float64(len(c.Logp))
			}
		})
		return func() (s float64) {
			lab.Each(b, objective.Demo, func(_, _ int, c *objective.Completion) {
				if kept[c] {
					s += lab.Total(c.Logp) / tokens
				}
			})
			return s
		}
	},
	mutants: with(imitationMutants, mutants{
		"all demonstrations": row(func(r *objective.Row) { r.Advantage = nil }),
		"fewer":              advantage(leastLearned(0.7)),
		"over all tokens": row(func(r *objective.Row) {
			least := leastLearned(0.5)
			r.Advantage = func(batch []objective.Group) func(g, i int) []float64 {
				of := least(batch)
				return func(g, i int) []float64 {
					if of(g, i)[0] == 0 {
						return []float64{0}
					}
					return []float64{1}
				}
			}
		}),
		"the best learned": row(func(r *objective.Row) {
			least := leastLearned(0.5)
			r.Advantage = func(batch []objective.Group) func(g, i int) []float64 {
				swapped := lab.CloneBatch(batch)
				for _, group := range swapped {
					for _, c := range group {
						c.Logp, c.RefLogp = c.RefLogp, c.Logp
					}
				}
				return least(swapped)
			}
		}),
		"the unlikely": row(func(r *objective.Row) {
			least := leastLearned(0.5)
			r.Advantage = func(batch []objective.Group) func(g, i int) []float64 {
				bare := lab.CloneBatch(batch)
				for _, group := range bare {
					for _, c := range group {
						clear(c.RefLogp)
					}
				}
				return least(bare)
			}
		}),
	}),
})

// Half of the demonstrations are left out, the likelier ones by token, and in the first step none.
func TestTheTailIsKept(t *testing.T) {
	demo := func(logp ...float64) *objective.Completion {
		return &objective.Completion{Source: objective.Demo, Logp: logp,
			RefLogp: make([]float64, len(logp))}
	}
	b := []objective.Group{{demo(-1, -1)}, {demo(-3)}, {demo(-0.5, -0.5, -0.5, -0.5)}, {demo(-2)}}
	want := []float64{0, 4, 0, 4} // of 8 tokens, 2 are kept
	of := leastLearned(0.5)(b)
	for g := range b {
		if got := of(g, 0)[0]; got != want[g] {
			t.Errorf("demonstration %d: %v, want %v", g, got, want[g])
		}
		clear(b[g][0].Logp)
	}
	of = leastLearned(0.5)(b)
	for g := range b {
		if got := of(g, 0)[0]; got != 1 {
			t.Errorf("demonstration %d at first: %v, want 1", g, got)
		}
	}
}
