package lab

import (
	"fmt"
	"math"
	"slices"

	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

// Add returns the coefficients that an objective writes for a batch.
func Add(o objective.Objective, batch []objective.Group) objective.Coeffs {
	dst := objective.NewCoeffs(batch)
	o.Add(dst, batch)
	return dst
}

// Channels lists a coefficient's arrays.
func Channels(c objective.Coeff) [][]float64 {
	return [][]float64{c.Logp, c.Entropy, c.ExactKL, c.Value, c.Dense}
}

// EqualBits reports whether two coefficients are the same to the bit.
func EqualBits(a, b objective.Coeffs) bool {
	same := func(x, y float64) bool { return math.Float64bits(x) == math.Float64bits(y) }
	for g := range a {
		for i := range a[g] {
			for k, x := range Channels(a[g][i]) {
				if !slices.EqualFunc(x, Channels(b[g][i])[k], same) {
					return false
				}
			}
		}
	}
	return len(a) == len(b)
}

// Finite returns an error that names a coefficient which is not finite, or too large for a float32.
func Finite(c objective.Coeffs) error {
	for g := range c {
		for i := range c[g] {
			for k, x := range Channels(c[g][i]) {
				for t, v := range x {
					if math.IsNaN(v) || math.IsInf(v, 0) || math.Abs(v) > math.MaxFloat32 {
						return fmt.Errorf("completion [%d][%d], channel %d, token %d: %v", g, i, k,
							t, v)
					}
				}
			}
		}
	}
	return nil
}

// CloneBatch returns a deep copy.
func CloneBatch(batch []objective.Group) []objective.Group {
	out := make([]objective.Group, len(batch))
	for g, group := range batch {
		for _, c := range group {
			d := *c
			for _, f := range d.Fields() {
				*f.Values = slices.Clone(*f.Values)
			}
			out[g] = append(out[g], &d)
		}
	}
	return out
}

// Odd selects every other token.
func Odd(_, _, t int) float64 { return float64(t % 2) }

// Explained returns an error unless Explain returns the coefficients that Add writes, to the bit,
// and the product of the factors is the coefficient, up to four roundings.
func Explained(o objective.Objective, v param.Values) error {
	for seed := range uint64(50) {
		b := New(seed, v).Batch
		got := Add(o, b)
		for g, group := range b {
			for i, c := range group {
				why := o.(objective.Explainer).Explain(b, g, i)
				if why == nil {
					why = make([]objective.Factors, c.Len())
				}
				for k, f := range why {
					if f.Coefficient != got[g][i].Logp[k] {
						return fmt.Errorf("seed %d [%d][%d] token %d: explained %v, written %v",
							seed, g, i, k, f.Coefficient, got[g][i].Logp[k])
					}
					if product := (f.Mask*f.Ratio*f.Advantage + f.K3Term +
						f.Extra) * f.Share; math.Abs(product-
						f.Coefficient) > 4*0x1p-52*math.Abs(product) {
						return fmt.Errorf("seed %d [%d][%d] token %d: %+v multiplies to %v", seed,
							g, i, k, f, product)
					}
				}
			}
		}
	}
	return nil
}
