// Package lab has the parts that tests of objectives and methods share: random batches with which
// objectives can be differentiated, and the averages of textbooks.
package lab

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/posttrain/posttrain/core/internal/fd"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

// Vocab is V in the tests' batches.
const Vocab = 5

// Sample is a completion with the logits from which its policy fields are computed. So an objective
// can be differentiated in the network's outputs, whichever channel its method uses.
type Sample struct {
	*objective.Completion
	Z []float64 // (T,V) logits
	A []int     // (T) tokens
}

// Refresh recomputes the fields that depend on the logits of token t.
func (s Sample) Refresh(t int) {
	lp := LogSoftmax(s.Z[t*Vocab : (t+1)*Vocab])
	copy(s.Dist[t*Vocab:], lp)
	s.Logp[t], s.Entropy[t] = lp[s.A[t]], 0
	for _, l := range lp {
		s.Entropy[t] -= math.Exp(l) * l
	}
}

// LogSoftmax returns the logarithm of the softmax of z.
func LogSoftmax(z []float64) []float64 {
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

// Lab is a random batch.
type Lab struct {
	Batch   []objective.Group
	Samples [][]Sample // samples[g][i] is behind batch[g][i]
}

// New returns a random batch of mixed sources and unequal lengths. Every other rollout may begin
// with a hint. Depending on the seed, a batch has groups of one, equal rewards, partial rewards or
// large log-ratios. No ratio is near a kink of the clip at v's bounds.
func New(seed uint64, v param.Values) Lab {
	r := rand.New(rand.NewPCG(seed, 7))
	given := rand.New(rand.NewPCG(seed, 9))
	scale := 0.4 // of log-ratios
	if seed%4 == 3 {
		scale = 2
	}
	var l Lab
	for range 1 + r.IntN(3) {
		sources := []objective.Source{objective.Rollout, objective.Rollout, objective.Rollout,
			objective.Rollout, objective.Demo, objective.Chosen, objective.Rejected,
			objective.Chosen, objective.Rejected, objective.Demo}
		r.Shuffle(len(sources), func(i, j int) { sources[i], sources[j] = sources[j], sources[i] })
		sources = sources[:1+r.IntN(len(sources))]
		if seed%5 == 4 {
			sources = []objective.Source{objective.Rollout, objective.Demo, objective.Chosen,
				objective.Rejected}
		}
		if seed%7 != 6 {
			sources = append(sources, objective.Greedy)
		}
		if seed%6 != 5 {
			sources = append(sources, objective.Replayed)
		}
		var group objective.Group
		var samples []Sample
		for _, source := range sources {
			s := NewSample(r, scale, v)
			s.Source = source
			s.Reward = [...]float64{float64(r.IntN(2)), 1, r.NormFloat64(),
				float64(r.IntN(5)) / 4}[seed%8/2]
			if source == objective.Rollout && given.IntN(2) == 0 {
				s.HintLen = given.IntN(s.Len() + 1)
			}
			group, samples = append(group, s.Completion), append(samples, s)
		}
		l.Batch, l.Samples = append(l.Batch, group), append(l.Samples, samples)
	}
	return l
}

// NewSample returns a random completion whose log-ratios have this scale.
func NewSample(r *rand.Rand, scale float64, v param.Values) Sample {
	n := 1 + r.IntN(4)
	full := func() []float64 { return make([]float64, n*Vocab) }
	s := Sample{A: make([]int, n), Z: full(), Completion: &objective.Completion{
		Logp: make([]float64, n), OldLogp: make([]float64, n), RefLogp: make([]float64, n),
		TeacherLogp: make([]float64, n),
		Value:       make([]float64, n), OldValue: make([]float64, n), Entropy: make([]float64, n),
		Dist: full(), RefDist: full(), TeacherDist: full(),
	}}
	for k := range s.Z {
		s.Z[k] = r.NormFloat64()
	}
	for t := range s.A {
		s.A[t] = r.IntN(Vocab)
		s.Value[t], s.OldValue[t] = r.Float64(), r.Float64()
		s.Refresh(t)
	}
	ratios := LogRatios(r, n, scale, v)
	for t, a := range s.A {
		s.OldLogp[t] = s.Logp[t] - ratios[t]
		for _, dist := range [][]float64{s.RefDist, s.TeacherDist} {
			row := dist[t*Vocab : (t+1)*Vocab]
			for k := range row {
				row[k] = s.Z[t*Vocab+k] + scale*r.NormFloat64()
			}
			copy(row, LogSoftmax(row))
		}
		s.RefLogp[t], s.TeacherLogp[t] = s.RefDist[t*Vocab+a], s.TeacherDist[t*Vocab+a]
	}
	return s
}

// LogRatios returns random log π/π_old for n tokens. They and their mean are at least 1e-2, which
// is 50 steps of the finite differences, away from the clip's bounds. With the knob kl_coef, under
// which an absolute value is taken, they are that far from 0 too.
func LogRatios(r *rand.Rand, n int, scale float64, v param.Values) []float64 {
	far := func(x float64) bool {
		away := func(bound float64) bool { return math.Abs(x-bound) > 1e-2 }
		return (!v.Has("eps_low") || away(math.Log(1-v.Float("eps_low")))) &&
			(!v.Has("eps_high") || away(math.Log(1+v.Float("eps_high")))) &&
			(!v.Has("dual_clip") || v.Float("dual_clip") == 0 ||
				away(math.Log(v.Float("dual_clip")))) &&
			(!v.Has("kl_coef") || away(0))
	}
	for {
		x := make([]float64, n)
		for t := range x {
			for x[t] = scale * r.NormFloat64(); !far(x[t]); x[t] = scale * r.NormFloat64() {
			}
		}
		if far(Total(x) / float64(n)) {
			return x
		}
	}
}

// ManyBatches is a number of batches in which even the rarest branches occur.
const ManyBatches = 120

// Disagree reports the first coefficient of a built objective that is not the slope of the one that
// want returns, both in the logits and in the critic's values, over some batches, each with the
// settings of its seed.
//
// The step 2e-4 has a relative truncation error near h² = 4e-8, and objectives here stay below 1e3,
// so that rounding adds 1e-16·1e3/h = 5e-10; the tolerance 1e-6 is well above either and well below
// any wrong factor.
func Disagree(build func(param.Values) objective.Objective,
	want func(param.Values, []objective.Group) func() float64,
	settings func(seed uint64) param.Values, batches int) error {
	const h, tolerance = 2e-4, 1e-6
	// Losses are piecewise quadratic in a value: no truncation error, rounding near 1e-16·1e3/h =
	// 1e-7, and a kink inside the step is as good as impossible.
	const valueStep = 1e-6
	for seed := range uint64(batches) {
		v := settings(seed)
		l := New(seed, v)
		f := want(v, l.Batch)
		got := objective.NewCoeffs(l.Batch)
		build(v).Add(got, l.Batch)
		for g, samples := range l.Samples {
			for i, s := range samples {
				where := fmt.Sprintf("seed %d, %v, completion [%d][%d] (%v)", seed, v.Changed(), g,
					i, s.Source)
				dz := Ascent(got[g][i], s)
				for k := range s.Z {
					slope := fd.Slope(func() float64 { s.Refresh(k / Vocab); return f() }, &s.Z[k],
						h)
					s.Refresh(k / Vocab)
					if !(math.Abs(slope-dz[k]) <= tolerance*(1+math.Abs(slope))) {
						return fmt.Errorf("%s: logit %d of token %d: coefficients give %.9f, "+
							"finite differences %.9f", where, k%Vocab, k/Vocab, dz[k], slope)
					}
				}
				for t := range s.Value {
					slope := fd.Slope(f, &s.Value[t], valueStep)
					if c := got[g][i].Value[t]; !(math.Abs(slope-c) <= tolerance*(1+
						math.Abs(slope))) {
						return fmt.Errorf("%s: value %d: coefficient %.9f, finite differences %.9f",
							where, t, c, slope)
					}
				}
			}
		}
	}
	return nil
}

// Ascent returns the same as Seam, dz (T,V), computed in float64 from the coefficients of all
// tokens.
func Ascent(c objective.Coeff, s Sample) []float64 {
	dz := make([]float64, len(s.Z))
	for t, a := range s.A {
		at := t * Vocab
		lp, ref, out := s.Dist[at:at+Vocab], s.RefDist[at:at+Vocab], dz[at:at+Vocab]
		kl, dense := 0.0, 0.0
		for k := range lp {
			kl += math.Exp(lp[k]) * (lp[k] - ref[k])
			if c.Dense != nil {
				dense += c.Dense[at+k]
			}
		}
		for k := range lp {
			p := math.Exp(lp[k])
			out[k] = -p*c.Logp[t] - c.Entropy[t]*p*(lp[k]+s.Entropy[t]) +
				c.ExactKL[t]*p*(lp[k]-ref[k]-kl) - dense*p
			if c.Dense != nil {
				out[k] += c.Dense[at+k]
			}
		}
		out[a] += c.Logp[t]
	}
	return dz
}

// Always returns a function that returns the same settings for every seed.
func Always(v param.Values) func(uint64) param.Values {
	return func(uint64) param.Values { return v }
}
