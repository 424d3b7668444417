package method

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"posttrain/core/internal/fd"
	"posttrain/core/param"
)

// labVocab is V in the tests' batches.
const labVocab = 5

// sample is a completion with the logits that its policy fields follow from, so that an objective can be
// differentiated in what the network really produces, whichever channel its method uses.
type sample struct {
	*Completion
	z []float64 // (T,V) logits
	a []int     // (T) tokens
}

// refresh recomputes what depends on the logits of token t.
func (s sample) refresh(t int) {
	lp := logSoftmax(s.z[t*labVocab : (t+1)*labVocab])
	copy(s.Dist[t*labVocab:], lp)
	s.Logp[t], s.Entropy[t] = lp[s.a[t]], 0
	for _, l := range lp {
		s.Entropy[t] -= math.Exp(l) * l
	}
}

func logSoftmax(z []float64) []float64 {
	total := 0.0
	for _, x := range z {
		total += math.Exp(x)
	}
	out := slices.Clone(z)
	for i := range out {
		out[i] -= math.Log(total)
	}
	return out
}

// lab is a random batch.
type lab struct {
	batch   []Group
	samples [][]sample // samples[g][i] is behind batch[g][i]
}

// newLab draws a batch of mixed sources and unequal lengths; every other rollout may begin with a hint. By seed, some batches have groups of one, equal rewards,
// partial rewards or large log-ratios. No ratio comes near a kink of the clip at v's bounds.
func newLab(seed uint64, v param.Values) lab {
	r := rand.New(rand.NewPCG(seed, 7))
	given := rand.New(rand.NewPCG(seed, 9))
	scale := 0.4 // of log-ratios
	if seed%4 == 3 {
		scale = 2
	}
	var l lab
	for range 1 + r.IntN(3) {
		sources := []Source{Rollout, Rollout, Rollout, Rollout, Demo, Chosen, Rejected, Chosen, Rejected, Demo}
		r.Shuffle(len(sources), func(i, j int) { sources[i], sources[j] = sources[j], sources[i] })
		sources = sources[:1+r.IntN(len(sources))]
		if seed%5 == 4 {
			sources = []Source{Rollout, Demo, Chosen, Rejected}
		}
		if seed%7 != 6 {
			sources = append(sources, Greedy)
		}
		if seed%6 != 5 {
			sources = append(sources, Replayed)
		}
		var group Group
		var samples []sample
		for _, source := range sources {
			s := newSample(r, scale, v)
			s.Source = source
			s.Reward = [...]float64{float64(r.IntN(2)), 1, r.NormFloat64(), float64(r.IntN(5)) / 4}[seed%8/2]
			if source == Rollout && given.IntN(2) == 0 {
				s.Given = given.IntN(s.Len() + 1)
			}
			group, samples = append(group, s.Completion), append(samples, s)
		}
		l.batch, l.samples = append(l.batch, group), append(l.samples, samples)
	}
	return l
}

func newSample(r *rand.Rand, scale float64, v param.Values) sample {
	n := 1 + r.IntN(4)
	full := func() []float64 { return make([]float64, n*labVocab) }
	s := sample{a: make([]int, n), z: full(), Completion: &Completion{
		Logp: make([]float64, n), OldLogp: make([]float64, n), RefLogp: make([]float64, n), TeacherLogp: make([]float64, n),
		Value: make([]float64, n), OldValue: make([]float64, n), Entropy: make([]float64, n),
		Dist: full(), RefDist: full(), TeacherDist: full(),
	}}
	for k := range s.z {
		s.z[k] = r.NormFloat64()
	}
	for t := range s.a {
		s.a[t] = r.IntN(labVocab)
		s.Value[t], s.OldValue[t] = r.Float64(), r.Float64()
		s.refresh(t)
	}
	ratios := logRatios(r, n, scale, v)
	for t, a := range s.a {
		s.OldLogp[t] = s.Logp[t] - ratios[t]
		for _, dist := range [][]float64{s.RefDist, s.TeacherDist} {
			row := dist[t*labVocab : (t+1)*labVocab]
			for k := range row {
				row[k] = s.z[t*labVocab+k] + scale*r.NormFloat64()
			}
			copy(row, logSoftmax(row))
		}
		s.RefLogp[t], s.TeacherLogp[t] = s.RefDist[t*labVocab+a], s.TeacherDist[t*labVocab+a]
	}
	return s
}

// logRatios draws log π/π_old for every token of a completion, at least 1e-2 away from the clip's bounds, that is 50 steps
// of the finite differences, as is their mean, and away from 0 where an absolute value is taken.
func logRatios(r *rand.Rand, n int, scale float64, v param.Values) []float64 {
	far := func(x float64) bool {
		away := func(bound float64) bool { return math.Abs(x-bound) > 1e-2 }
		return (!v.Has("eps_low") || away(math.Log(1-v.Float("eps_low")))) &&
			(!v.Has("eps_high") || away(math.Log(1+v.Float("eps_high")))) && (!v.Has("kl_coef") || away(0))
	}
	for {
		x := make([]float64, n)
		for t := range x {
			for x[t] = scale * r.NormFloat64(); !far(x[t]); x[t] = scale * r.NormFloat64() {
			}
		}
		if far(total(x) / float64(n)) {
			return x
		}
	}
}

// manyBatches is enough for the rarest of branches.
const manyBatches = 120

// disagree reports the first coefficient of a built objective that is not the slope of the one that want returns, both
// in the logits and in the critic's values, over some batches, each with the settings of its seed.
//
// The step 2e-4 has a relative truncation error near h² = 4e-8, and objectives here stay below 1e3, so that rounding
// adds 1e-16·1e3/h = 5e-10; the tolerance 1e-6 is well above either and well below any wrong factor.
func disagree(build func(param.Values) Objective, want func(param.Values, []Group) func() float64, settings func(seed uint64) param.Values, batches int) error {
	const h, tolerance = 2e-4, 1e-6
	// Losses are piecewise quadratic in a value: no truncation error, rounding near 1e-16·1e3/h = 1e-7, and a kink inside the
	// step is as good as impossible.
	const valueStep = 1e-6
	for seed := range uint64(batches) {
		v := settings(seed)
		l := newLab(seed, v)
		f := want(v, l.batch)
		got := NewCoeffs(l.batch)
		build(v).Add(got, l.batch)
		for g, samples := range l.samples {
			for i, s := range samples {
				where := fmt.Sprintf("seed %d, %v, completion [%d][%d] (%v)", seed, v.Changed(), g, i, s.Source)
				dz := ascent(got[g][i], s)
				for k := range s.z {
					slope := fd.Slope(func() float64 { s.refresh(k / labVocab); return f() }, &s.z[k], h)
					s.refresh(k / labVocab)
					if !(math.Abs(slope-dz[k]) <= tolerance*(1+math.Abs(slope))) {
						return fmt.Errorf("%s: logit %d of token %d: coefficients give %.9f, finite differences %.9f", where, k%labVocab, k/labVocab, dz[k], slope)
					}
				}
				for t := range s.Value {
					slope := fd.Slope(f, &s.Value[t], valueStep)
					if c := got[g][i].Value[t]; !(math.Abs(slope-c) <= tolerance*(1+math.Abs(slope))) {
						return fmt.Errorf("%s: value %d: coefficient %.9f, finite differences %.9f", where, t, c, slope)
					}
				}
			}
		}
	}
	return nil
}

// ascent is what Seam computes, in float64 and from the coefficients of all tokens: dz (T,V).
func ascent(c Coeff, s sample) []float64 {
	dz := make([]float64, len(s.z))
	for t, a := range s.a {
		at := t * labVocab
		lp, ref, out := s.Dist[at:at+labVocab], s.RefDist[at:at+labVocab], dz[at:at+labVocab]
		kl, dense := 0.0, 0.0
		for k := range lp {
			kl += math.Exp(lp[k]) * (lp[k] - ref[k])
			if c.Dense != nil {
				dense += c.Dense[at+k]
			}
		}
		for k := range lp {
			p := math.Exp(lp[k])
			out[k] = -p*c.Logp[t] - c.Entropy[t]*p*(lp[k]+s.Entropy[t]) + c.KL[t]*p*(lp[k]-ref[k]-kl) - dense*p
			if c.Dense != nil {
				out[k] += c.Dense[at+k]
			}
		}
		out[a] += c.Logp[t]
	}
	return dz
}

// always are the same settings for every seed.
func always(v param.Values) func(uint64) param.Values {
	return func(uint64) param.Values { return v }
}

// randomised are the method's settings drawn from their ranges, lower ends included.
func randomised(m Method, seed uint64) param.Values {
	r, v := rand.New(rand.NewPCG(seed, 3)), m.Defaults()
	for _, k := range v.Knobs() {
		text := ""
		switch k.Type {
		case param.TypeNumber:
			x := k.Min + (k.Max-k.Min)*math.Pow(r.Float64(), 3) // mostly small, where the interesting values are
			if r.IntN(5) == 0 {
				x = k.Min
			}
			text = fmt.Sprint(x)
		case param.TypeInteger:
			text = fmt.Sprint(int(k.Min) + r.IntN(int(k.Max-k.Min)+1))
		case param.TypeChoice:
			text = k.Choices[r.IntN(len(k.Choices))]
		case param.TypeFlag:
			text = fmt.Sprint(r.IntN(2) == 0)
		}
		if err := v.Set(k.Name, text); err != nil {
			panic(err)
		}
	}
	return v
}

// busy are the method's defaults, with what is off by default switched on.
func busy(m Method) param.Values {
	v := m.Defaults()
	for _, s := range [][2]string{{"entropy", "0.1"}, {"beta", "0.2"}, {"l_max", "4"}, {"l_cache", "2"}, {"k", "2"}} {
		if v.Has(s[0]) {
			if err := v.Set(s[0], s[1]); err != nil {
				panic(err)
			}
		}
	}
	return v
}

func mustDefaults(name string) param.Values {
	m, err := Lookup(name)
	if err != nil {
		panic(err)
	}
	return m.Defaults()
}
