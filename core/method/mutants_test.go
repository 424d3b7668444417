package method

import (
	"testing"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

// mutants are named mistakes: each turns an objective built at some settings into a wrong one. They
// are tried with everything on.
type mutants map[string]func(param.Values, objective.Objective) objective.Objective

// clippedMutants are mistakes in anything clipped.
var clippedMutants = mutants{
	"sign":             scaled(-1),
	"no entropy bonus": only(0),
	"no KL":            row(func(r *objective.Row) { r.K3Weight = 0 }),
	"KL sign":          row(func(r *objective.Row) { r.K3Weight = -r.K3Weight }),
	"no mask":          row(func(r *objective.Row) { r.Mask = nil }),
	"flipped mask": row(func(r *objective.Row) {
		mask := r.Mask
		r.Mask = func(x, a float64) float64 {
			return mask(x, -a)
		}
	}),
	"clip both ways": row(func(r *objective.Row) {
		r.Mask = func(x, a float64) float64 {
			return objective.Clip(0.2, 0.2)(x, a) * objective.Clip(0.2, 0.2)(x, -a)
		}
	}),
	"wider above": row(func(r *objective.Row) { r.Mask = objective.Clip(0.2, 0.28) }),
	"wider below": row(func(r *objective.Row) { r.Mask = objective.Clip(0.28, 0.2) }),
	"a dual clip": row(func(r *objective.Row) { r.Mask = objective.DualClip(1.4, r.Mask) }),
	"no ratio": row(func(r *objective.Row) {
		r.Ratio = func(float64, float64) float64 {
			return 1
		}
	}),
	"capped ratio": row(func(r *objective.Row) {
		r.Ratio = func(x, _ float64) float64 {
			return min(x, 1.2)
		}
	}),
	"ratio to reference": row(func(r *objective.Row) { r.Denom = objective.OverReference }),
	"sequence ratio":     row(func(r *objective.Row) { r.Span = objective.OfMean }),
	"mean over tokens":   row(func(r *objective.Row) { r.Reduce = objective.TokenMean }),
	"wrong source":       row(func(r *objective.Row) { r.From = objective.Demo }),
}

func TestTextbookNoticesMutants(t *testing.T) {
	for _, m := range All() {
		if n := len(textbook[m.Name].mutants); n < 5 {
			t.Errorf("%s: %d mutants; break its sign, source, average, baseline, ...", m.Name, n)
		}
		t.Run(m.Name, func(t *testing.T) {
			t.Parallel()
			for name, mutate := range textbook[m.Name].mutants {
				build := func(v param.Values) objective.Objective { return mutate(v, m.Build(v)) }
				if lab.Disagree(build, textbook[m.Name].objective, lab.Always(busy(m)),
					lab.ManyBatches) == nil {
					t.Errorf("%s: nobody notices %q", m.Name, name)
				}
			}
		})
	}
}

// row changes the objective's row: itself, or the first summand.
func row(change func(*objective.Row)) func(param.Values, objective.Objective) objective.Objective {
	return func(_ param.Values, o objective.Objective) objective.Objective {
		if s, ok := o.(objective.Sum); ok {
			r := s[0].Objective.(objective.Row)
			change(&r)
			return append(objective.Sum{{Weight: s[0].Weight, Objective: r}}, s[1:]...)
		}
		r := o.(objective.Row)
		change(&r)
		return r
	}
}

func scaled(k float64) func(param.Values, objective.Objective) objective.Objective {
	return func(_ param.Values, o objective.Objective) objective.Objective {
		return objective.Sum{{Weight: k, Objective: o}}
	}
}

func only(i int) func(param.Values, objective.Objective) objective.Objective {
	return func(_ param.Values, o objective.Objective) objective.Objective {
		return o.(objective.Sum)[i : i+1]
	}
}

// bonus averages the entropy bonus otherwise.
func bonus(k objective.Reduce) func(param.Values, objective.Objective) objective.Objective {
	return func(v param.Values, o objective.Objective) objective.Objective {
		return objective.Sum{o.(objective.Sum)[0],
			{Weight: v.Float("entropy"), Objective: objective.EntropyBonus{Reduce: k}}}
	}
}

// overUnion lets demonstrations count in the baseline.
func overUnion(normalise objective.Normaliser) objective.Advantage {
	return func(batch []objective.Group) func(g, i int) []float64 {
		return func(g, i int) []float64 {
			var r []float64
			at := 0
			for j, c := range batch[g] {
				if c.Source == objective.Rollout || c.Source == objective.Demo {
					if j == i {
						at = len(r)
					}
					r = append(r, c.Reward)
				}
			}
			normalise(r)
			return r[at : at+1]
		}
	}
}

func with(a, b mutants) mutants {
	out := mutants{}
	for k, v := range a {
		out[k] = v
	}
	for k, v := range b {
		out[k] = v
	}
	return out
}

// without leaves out what is no mistake in a method.
func without(m mutants, names ...string) mutants {
	out := with(m, nil)
	for _, name := range names {
		if out[name] == nil {
			panic("no mutant " + name)
		}
		delete(out, name)
	}
	return out
}

// tokenMutants are mistakes in anything clipped that averages over all tokens.
var tokenMutants = without(with(clippedMutants, mutants{
	"mean over sequences":  row(func(r *objective.Row) { r.Reduce = objective.SeqMean }),
	"sum over tokens":      row(func(r *objective.Row) { r.Reduce = objective.SeqSum }),
	"bonus over sequences": bonus(objective.SeqMean),
}), "mean over tokens")

// advantage breaks the advantage.
func advantage(a objective.Advantage) func(param.Values, objective.Objective) objective.Objective {
	return row(func(r *objective.Row) { r.Advantage = a })
}
