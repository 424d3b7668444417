package method

import (
	"math"
	"reflect"
	"slices"
	"testing"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

// eachMethod runs a subtest for every method, at its defaults and with everything on, there with
// every form of the KL.
func eachMethod(t *testing.T, f func(t *testing.T, m Method, v param.Values)) {
	for _, m := range All() {
		t.Run(m.Name, func(t *testing.T) { f(t, m, m.Defaults()) })
		for _, v := range everyKL(m) {
			t.Run(m.Name+" busy", func(t *testing.T) { f(t, m, v) })
		}
	}
}

func TestSameBitsEveryTime(t *testing.T) {
	eachMethod(t, func(t *testing.T, m Method, v param.Values) {
		for seed := range uint64(50) {
			b := lab.New(seed, v).Batch
			o := m.Build(v)
			first := lab.Add(o, b)
			if !lab.EqualBits(first, lab.Add(o, b)) ||
				!lab.EqualBits(first, lab.Add(m.Build(v), lab.CloneBatch(b))) {
				t.Fatalf("seed %d: another run gives other bits", seed)
			}
		}
	})
}

func TestBatchIsLeftAlone(t *testing.T) {
	eachMethod(t, func(t *testing.T, m Method, v param.Values) {
		for seed := range uint64(50) {
			b := lab.New(seed, v).Batch
			before := lab.CloneBatch(b)
			lab.Add(m.Build(v), b)
			if !reflect.DeepEqual(b, before) {
				t.Fatalf("seed %d: Add changed the batch", seed)
			}
		}
	})
}

// Add adds to what is there, writes nowhere else, and writes nothing for sources that the method
// does not eat.
func TestAddStaysWithinItsCoefficients(t *testing.T) {
	eachMethod(t, func(t *testing.T, m Method, v param.Values) {
		const fence = 12345.0
		for seed := range uint64(50) {
			b := lab.New(seed, v).Batch
			o := m.Build(v)
			clean, dst := lab.Add(o, b), objective.NewCoeffs(b)
			var fenced [][]float64
			for g := range dst {
				for i := range dst[g] {
					for _, x := range []*[]float64{&dst[g][i].Logp, &dst[g][i].Entropy,
						&dst[g][i].ExactKL, &dst[g][i].Value} {
						big := slices.Repeat([]float64{fence}, len(*x)+2)
						*x = big[1 : len(big)-1 : len(big)-1]
						objective.Fill(*x, 0.5)
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
					for k, x := range lab.Channels(dst[g][i]) {
						for j := range x {
							had := 0.5
							if k == 4 {
								had = 0 // the dense channel starts empty
							}
							if math.Abs(x[j]-had-lab.Channels(clean[g][i])[k][j]) > 1e-9*(1+
								math.Abs(x[j])) {
								t.Fatalf("seed %d: not added to what was there", seed)
							}
							if x[j] != had && !o.Needs().Has(objective.SourceNeed(c.Source)) {
								t.Fatalf("seed %d: a coefficient for a %v, which is not "+
									"among the needs", seed, c.Source)
							}
						}
					}
				}
			}
		}
	})
}

// degenerate returns batches that are as extreme as can be, with large log-ratios of both signs.
func degenerate() map[string][]objective.Group {
	sample := func(s objective.Source, reward float64, logp, old, ref float64,
		n int) *objective.Completion {
		c := &objective.Completion{Source: s, Reward: reward}
		for _, f := range c.Fields() {
			*f.Values = make([]float64, n)
		}
		c.Dist, c.RefDist, c.TeacherDist = make([]float64, 3*n), make([]float64,
			3*n), make([]float64, 3*n)
		objective.Fill(c.Logp, logp)
		objective.Fill(c.OldLogp, old)
		objective.Fill(c.RefLogp, ref)
		objective.Fill(c.TeacherLogp, ref)
		return c
	}
	all := func(reward, logp, old, ref float64, n int) objective.Group {
		var g objective.Group
		for s := range objective.Replayed + 1 {
			g = append(g, sample(s, reward, logp, old, ref, n))
		}
		return g
	}
	return map[string][]objective.Group{
		"nothing":             {},
		"empty groups":        {{}, {}},
		"empty completions":   {append(all(1, 0, 0, 0, 0), all(0, 0, 0, 0, 0)...)},
		"one without tokens":  {append(all(1, -1, -1, -1, 0), all(0, -1, -2, -3, 2)...), {}},
		"groups of one":       {all(1, -1, -2, -3, 2), all(0, -1, -2, -3, 1)},
		"only demonstrations": {{sample(objective.Demo, 1, -1, -1, -1, 2)}},
		"likelier by e^1000": {append(all(1, -1, -1001, -1001, 2),
			all(0, -1, -1001, -1001, 2)...)},
		"unlikelier by e^1000": {append(all(1, -1001, -1, -1, 2), all(0, -1001, -1, -1, 2)...)},
		"absurd numbers": {append(all(1e9, -1e30, 0, 1e30, 2),
			all(-1e9, 1e30, 0, -1e30, 2)...)},
		"rewards almost equal": {append(all(1, -1, -1, -1, 2),
			all(math.Nextafter(1, 2), -1, -1, -1, 2)...)},
	}
}

func TestFiniteOnDegenerateBatches(t *testing.T) {
	eachMethod(t, func(t *testing.T, m Method, v param.Values) {
		for name, batch := range degenerate() {
			got := lab.Add(m.Build(v), batch)
			if err := lab.Finite(got); err != nil && name != "absurd numbers" {
				t.Errorf("%s: %v", name, err)
			}
			for g := range got {
				for i := range got[g] {
					for _, x := range lab.Channels(got[g][i]) {
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
			b := lab.New(2, v).Batch
			for _, group := range b {
				for _, c := range group {
					c.Reward = reward
				}
			}
			for g, group := range lab.Add(m.Build(v), b) {
				for i, c := range group {
					for _, x := range lab.Channels(c) {
						if lab.Total(x) != 0 ||
							slices.ContainsFunc(x, func(v float64) bool { return v != 0 }) {
							t.Errorf("%s, reward %v: [%d][%d] is pushed by %v", m.Name, reward, g,
								i, x)
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
		if timed, ok := o.(objective.Scheduled); ok { // what any step reads
			o = objective.Sum{}
			for _, step := range []int{0, 1, 99} {
				norms := slices.Repeat([]float64{1}, step)
				o = append(o.(objective.Sum), objective.Weighted{Weight: 1,
					Objective: timed.At(objective.Progress{Step: step, Steps: 100,
						Imitation: norms, Entropies: norms, Shifts: norms, Draw: 0.99})})
			}
		}
		read := objective.Needs(0)
		for seed := range uint64(50) {
			b := lab.New(seed, v).Batch
			clean := lab.Add(o, b)
			for k, f := range (&objective.Completion{}).Fields() {
				poisoned := lab.CloneBatch(b)
				for _, group := range poisoned {
					for _, c := range group {
						objective.Fill(*c.Fields()[k].Values, math.NaN())
					}
				}
				same := lab.EqualBits(clean, lab.Add(o, poisoned))
				// whose channel reads it in the method's place
				if !same || f.Need == objective.RefDist && pullsExactly(clean) {
					read |= f.Need
				}
				if !same && !o.Needs().Has(f.Need) {
					t.Fatalf("seed %d: reads %s, which is not among its needs (%v)", seed, f.Name,
						o.Needs())
				}
				if !o.Needs().Has(f.Need) && f.Need != objective.Logp {
					for _, group := range poisoned {
						for _, c := range group {
							*c.Fields()[k].Values = nil
						}
					}
					if !lab.EqualBits(clean, lab.Add(o, poisoned)) {
						t.Fatalf("seed %d: depends on %s being there", seed, f.Name)
					}
				}
			}
			for _, group := range b { // sources that are not needed may hold any reward
				for _, c := range group {
					if !o.Needs().Has(objective.SourceNeed(c.Source)) {
						c.Reward = math.NaN()
					}
				}
			}
			if !lab.EqualBits(clean, lab.Add(o, b)) {
				t.Fatalf("seed %d: rewards of other sources count", seed)
			}
		}
		if fields := o.Needs() &^ (objective.Rollouts | objective.Demos | objective.Pairs |
			objective.Greedies | objective.Replays); read != fields {
			t.Errorf("needs %v, reads %v", fields, read)
		}
	})
}
