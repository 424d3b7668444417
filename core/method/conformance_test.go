package method

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"testing"

	"posttrain/core/param"
)

// eachMethod runs a subtest for every method, at its defaults and with everything on, there with every form of the KL.
func eachMethod(t *testing.T, f func(t *testing.T, m Method, v param.Values)) {
	for _, m := range All() {
		t.Run(m.Name, func(t *testing.T) { f(t, m, m.Defaults()) })
		for _, v := range everyKL(m) {
			t.Run(m.Name+" busy", func(t *testing.T) { f(t, m, v) })
		}
	}
}

func coeffs(o Objective, batch []Group) Coeffs {
	dst := NewCoeffs(batch)
	o.Add(dst, batch)
	return dst
}

// channels lists a coefficient's arrays.
func channels(c Coeff) [][]float64 { return [][]float64{c.Logp, c.Entropy, c.KL, c.Value, c.Dense} }

// equalBits reports whether two coefficients are the same to the bit.
func equalBits(a, b Coeffs) bool {
	same := func(x, y float64) bool { return math.Float64bits(x) == math.Float64bits(y) }
	for g := range a {
		for i := range a[g] {
			for k, x := range channels(a[g][i]) {
				if !slices.EqualFunc(x, channels(b[g][i])[k], same) {
					return false
				}
			}
		}
	}
	return len(a) == len(b)
}

func finite(c Coeffs) error {
	for g := range c {
		for i := range c[g] {
			for k, x := range channels(c[g][i]) {
				for t, v := range x {
					if math.IsNaN(v) || math.IsInf(v, 0) || math.Abs(v) > math.MaxFloat32 {
						return fmt.Errorf("completion [%d][%d], channel %d, token %d: %v", g, i, k, t, v)
					}
				}
			}
		}
	}
	return nil
}

func cloneBatch(batch []Group) []Group {
	out := make([]Group, len(batch))
	for g, group := range batch {
		for _, c := range group {
			d := *c
			for _, f := range d.fields() {
				*f.values = slices.Clone(*f.values)
			}
			out[g] = append(out[g], &d)
		}
	}
	return out
}

func TestSameBitsEveryTime(t *testing.T) {
	eachMethod(t, func(t *testing.T, m Method, v param.Values) {
		for seed := range uint64(50) {
			b := newLab(seed, v).batch
			o := m.Build(v)
			first := coeffs(o, b)
			if !equalBits(first, coeffs(o, b)) || !equalBits(first, coeffs(m.Build(v), cloneBatch(b))) {
				t.Fatalf("seed %d: another run gives other bits", seed)
			}
		}
	})
}

func TestBatchIsLeftAlone(t *testing.T) {
	eachMethod(t, func(t *testing.T, m Method, v param.Values) {
		for seed := range uint64(50) {
			b := newLab(seed, v).batch
			before := cloneBatch(b)
			coeffs(m.Build(v), b)
			if !reflect.DeepEqual(b, before) {
				t.Fatalf("seed %d: Add changed the batch", seed)
			}
		}
	})
}

// Add adds to what is there, writes nowhere else, and writes nothing for sources that the method does not eat.
func TestAddStaysWithinItsCoefficients(t *testing.T) {
	eachMethod(t, func(t *testing.T, m Method, v param.Values) {
		const fence = 12345.0
		for seed := range uint64(50) {
			b := newLab(seed, v).batch
			o := m.Build(v)
			clean, dst := coeffs(o, b), NewCoeffs(b)
			var fenced [][]float64
			for g := range dst {
				for i := range dst[g] {
					for _, x := range []*[]float64{&dst[g][i].Logp, &dst[g][i].Entropy, &dst[g][i].KL, &dst[g][i].Value} {
						big := slices.Repeat([]float64{fence}, len(*x)+2)
						*x = big[1 : len(big)-1 : len(big)-1]
						fill(*x, 0.5)
						fenced = append(fenced, big)
					}
				}
			}
			o.Add(dst, b)
			for _, big := range fenced {
				if big[0] != fence || big[len(big)-1] != fence {
					t.Fatalf("seed %d: wrote outside", seed)
				}
			}
			for g := range dst {
				for i, c := range b[g] {
					for k, x := range channels(dst[g][i]) {
						for j := range x {
							had := 0.5
							if k == 4 {
								had = 0 // the dense channel starts empty
							}
							if math.Abs(x[j]-had-channels(clean[g][i])[k][j]) > 1e-9*(1+math.Abs(x[j])) {
								t.Fatalf("seed %d: not added to what was there", seed)
							}
							if x[j] != had && !o.Needs().Has(eats(c.Source)) {
								t.Fatalf("seed %d: a coefficient for a %v, which is not among the needs", seed, c.Source)
							}
						}
					}
				}
			}
		}
	})
}

// degenerate are batches at the edges of what can happen, with extreme log-ratios of both signs.
func degenerate() map[string][]Group {
	sample := func(s Source, reward float64, logp, old, ref float64, n int) *Completion {
		c := &Completion{Source: s, Reward: reward}
		for _, f := range c.fields() {
			*f.values = make([]float64, n)
		}
		c.Dist, c.RefDist, c.TeacherDist = make([]float64, 3*n), make([]float64, 3*n), make([]float64, 3*n)
		fill(c.Logp, logp)
		fill(c.OldLogp, old)
		fill(c.RefLogp, ref)
		fill(c.TeacherLogp, ref)
		return c
	}
	all := func(reward, logp, old, ref float64, n int) Group {
		var g Group
		for s := range Replayed + 1 {
			g = append(g, sample(s, reward, logp, old, ref, n))
		}
		return g
	}
	return map[string][]Group{
		"nothing":              {},
		"empty groups":         {{}, {}},
		"empty completions":    {append(all(1, 0, 0, 0, 0), all(0, 0, 0, 0, 0)...)},
		"one without tokens":   {append(all(1, -1, -1, -1, 0), all(0, -1, -2, -3, 2)...), {}},
		"groups of one":        {all(1, -1, -2, -3, 2), all(0, -1, -2, -3, 1)},
		"only demonstrations":  {{sample(Demo, 1, -1, -1, -1, 2)}},
		"likelier by e^1000":   {append(all(1, -1, -1001, -1001, 2), all(0, -1, -1001, -1001, 2)...)},
		"unlikelier by e^1000": {append(all(1, -1001, -1, -1, 2), all(0, -1001, -1, -1, 2)...)},
		"absurd numbers":       {append(all(1e9, -1e30, 0, 1e30, 2), all(-1e9, 1e30, 0, -1e30, 2)...)},
		"rewards almost equal": {append(all(1, -1, -1, -1, 2), all(math.Nextafter(1, 2), -1, -1, -1, 2)...)},
	}
}

func TestFiniteOnDegenerateBatches(t *testing.T) {
	eachMethod(t, func(t *testing.T, m Method, v param.Values) {
		for name, batch := range degenerate() {
			got := coeffs(m.Build(v), batch)
			if err := finite(got); err != nil && name != "absurd numbers" {
				t.Errorf("%s: %v", name, err)
			}
			for g := range got {
				for i := range got[g] {
					for _, x := range channels(got[g][i]) {
						if slices.ContainsFunc(x, math.IsNaN) {
							t.Errorf("%s: NaN at [%d][%d]", name, g, i)
						}
					}
				}
			}
		}
	})
}

// A method that only compares answers with each other learns nothing where all are worth the same.
func TestNothingToLearnFromEqualRewards(t *testing.T) {
	for _, m := range All() {
		if !textbook[m.Name].baseline {
			continue
		}
		v := m.Defaults()
		for _, name := range []string{"beta", "entropy"} { // what does not come from the rewards
			if !v.Has(name) {
				continue
			}
			if err := v.Set(name, "0"); err != nil {
				t.Fatal(err)
			}
		}
		for _, reward := range []float64{0, 1, 0.1, -2.7} {
			b := newLab(2, v).batch
			for _, group := range b {
				for _, c := range group {
					c.Reward = reward
				}
			}
			for g, group := range coeffs(m.Build(v), b) {
				for i, c := range group {
					for _, x := range channels(c) {
						if total(x) != 0 || slices.ContainsFunc(x, func(v float64) bool { return v != 0 }) {
							t.Errorf("%s, reward %v: [%d][%d] is pushed by %v", m.Name, reward, g, i, x)
						}
					}
				}
			}
		}
	}
}

// What is not in Needs may be anything; what is in Needs is really read.
func TestNeedsAreHonouredAndNoMore(t *testing.T) {
	eachMethod(t, func(t *testing.T, m Method, v param.Values) {
		o := m.Build(v)
		if timed, ok := o.(Timed); ok { // what any step reads
			o = Sum{}
			for _, step := range []int{0, 1, 99} {
				norms := slices.Repeat([]float64{1}, step)
				o = append(o.(Sum), Weighted{1, timed.At(Progress{Step: step, Steps: 100, Imitation: norms, Draw: 0.99})})
			}
		}
		read := Needs(0)
		for seed := range uint64(50) {
			b := newLab(seed, v).batch
			clean := coeffs(o, b)
			for k, f := range (&Completion{}).fields() {
				poisoned := cloneBatch(b)
				for _, group := range poisoned {
					for _, c := range group {
						fill(*c.fields()[k].values, math.NaN())
					}
				}
				same := equalBits(clean, coeffs(o, poisoned))
				if !same || f.need == RefDist && pullsExactly(clean) { // whose channel reads it in the method's place
					read |= f.need
				}
				if !same && !o.Needs().Has(f.need) {
					t.Fatalf("seed %d: reads %s, which is not among its needs (%v)", seed, f.name, o.Needs())
				}
				if !o.Needs().Has(f.need) && f.need != Logp {
					for _, group := range poisoned {
						for _, c := range group {
							*c.fields()[k].values = nil
						}
					}
					if !equalBits(clean, coeffs(o, poisoned)) {
						t.Fatalf("seed %d: depends on %s being there", seed, f.name)
					}
				}
			}
			for _, group := range b { // sources that are not needed may hold any reward
				for _, c := range group {
					if !o.Needs().Has(eats(c.Source)) {
						c.Reward = math.NaN()
					}
				}
			}
			if !equalBits(clean, coeffs(o, b)) {
				t.Fatalf("seed %d: rewards of other sources count", seed)
			}
		}
		if fields := o.Needs() &^ (Rollouts | Demos | Pairs | Greedies | Replays); read != fields {
			t.Errorf("needs %v, reads %v", fields, read)
		}
	})
}
