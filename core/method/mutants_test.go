package method

import (
	"testing"

	"posttrain/core/param"
)

// mutants are named mistakes: each turns an objective built at some settings into a wrong one. They are tried with
// everything on.
type mutants map[string]func(param.Values, Objective) Objective

// clippedMutants are mistakes in anything clipped.
var clippedMutants = mutants{
	"sign":             scaled(-1),
	"no entropy bonus": only(0),
	"no KL":            row(func(r *Row) { r.KL = 0 }),
	"KL sign":          row(func(r *Row) { r.KL = -r.KL }),
	"no mask":          row(func(r *Row) { r.Mask = nil }),
	"flipped mask":     row(func(r *Row) { mask := r.Mask; r.Mask = func(x, a float64) float64 { return mask(x, -a) } }),
	"clip both ways": row(func(r *Row) {
		r.Mask = func(x, a float64) float64 { return Clip(0.2, 0.2)(x, a) * Clip(0.2, 0.2)(x, -a) }
	}),
	"wider above":        row(func(r *Row) { r.Mask = Clip(0.2, 0.28) }),
	"wider below":        row(func(r *Row) { r.Mask = Clip(0.28, 0.2) }),
	"no ratio":           row(func(r *Row) { r.Ratio = func(float64, float64) float64 { return 1 } }),
	"capped ratio":       row(func(r *Row) { r.Ratio = func(x, _ float64) float64 { return min(x, 1.2) } }),
	"ratio to reference": row(func(r *Row) { r.Denom = OverReference }),
	"sequence ratio":     row(func(r *Row) { r.Span = OfMean }),
	"mean over tokens":   row(func(r *Row) { r.Reduce = TokenMean }),
	"wrong source":       row(func(r *Row) { r.From = Demo }),
}

func TestTextbookNoticesMutants(t *testing.T) {
	for _, m := range All() {
		if n := len(textbook[m.Name].mutants); n < 5 {
			t.Errorf("%s: %d mutants; break its sign, source, average, baseline, ...", m.Name, n)
		}
		t.Run(m.Name, func(t *testing.T) {
			t.Parallel()
			for name, mutate := range textbook[m.Name].mutants {
				build := func(v param.Values) Objective { return mutate(v, m.Build(v)) }
				if disagree(build, textbook[m.Name].objective, always(busy(m)), manyBatches) == nil {
					t.Errorf("%s: nobody notices %q", m.Name, name)
				}
			}
		})
	}
}

// row changes the objective's row: itself, or the first summand.
func row(change func(*Row)) func(param.Values, Objective) Objective {
	return func(_ param.Values, o Objective) Objective {
		if s, ok := o.(Sum); ok {
			r := s[0].Objective.(Row)
			change(&r)
			return append(Sum{{s[0].Weight, r}}, s[1:]...)
		}
		r := o.(Row)
		change(&r)
		return r
	}
}

func scaled(k float64) func(param.Values, Objective) Objective {
	return func(_ param.Values, o Objective) Objective { return Sum{{k, o}} }
}

func only(i int) func(param.Values, Objective) Objective {
	return func(_ param.Values, o Objective) Objective { return o.(Sum)[i : i+1] }
}

// bonus averages the entropy bonus otherwise.
func bonus(k Reduce) func(param.Values, Objective) Objective {
	return func(v param.Values, o Objective) Objective {
		return Sum{o.(Sum)[0], {v.Float("entropy"), EntropyBonus{k}}}
	}
}

// overUnion lets demonstrations count in the baseline.
func overUnion(estimate Estimator) Advantage {
	return func(batch []Group) func(g, i int) []float64 {
		return func(g, i int) []float64 {
			var r []float64
			at := 0
			for j, c := range batch[g] {
				if c.Source == Rollout || c.Source == Demo {
					if j == i {
						at = len(r)
					}
					r = append(r, c.Reward)
				}
			}
			estimate(r)
			return r[at : at+1]
		}
	}
}

func odd(_, _, t int) float64 { return float64(t % 2) }

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
	"mean over sequences":  row(func(r *Row) { r.Reduce = SeqMean }),
	"sum over tokens":      row(func(r *Row) { r.Reduce = SeqSum }),
	"bonus over sequences": bonus(SeqMean),
}), "mean over tokens")

// advantage breaks the advantage.
func advantage(a Advantage) func(param.Values, Objective) Objective {
	return row(func(r *Row) { r.Advantage = a })
}
