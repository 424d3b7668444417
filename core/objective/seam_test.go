package objective_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/posttrain/posttrain/core/internal/fd"
	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
)

// position is one position's logits with what Seam is given about them.
type position struct {
	// (V) logits of the policy, log-probabilities of the reference model
	Z, ref            []float64
	A                 int
	logp, entropy, kl float32   // coefficients
	dense             []float64 // (V), or nil
}

func newPosition(r *rand.Rand) position {
	p := position{Z: make([]float64, 7), ref: make([]float64, 7), A: r.IntN(7)}
	for j := range p.Z {
		p.Z[j], p.ref[j] = 2*r.NormFloat64(), 2*r.NormFloat64()
	}
	p.ref = lab.LogSoftmax(p.ref)
	some := func() float32 { return float32(r.NormFloat64()) * float32(r.IntN(2)) }
	p.logp, p.entropy, p.kl = some(), some(), some()
	if r.IntN(2) == 0 {
		p.dense = make([]float64, 7)
		for j := range p.dense {
			p.dense[j] = r.NormFloat64()
		}
	}
	return p
}

// objective returns the function of which Seam computes the slope.
func (p position) objective() float64 {
	lp := lab.LogSoftmax(p.Z)
	s := float64(p.logp) * lp[p.A]
	for j, l := range lp {
		s -= float64(p.entropy) * math.Exp(l) * l
		s += float64(p.kl) * math.Exp(l) * (l - p.ref[j])
		if p.dense != nil {
			s += p.dense[j] * l
		}
	}
	return s
}

// seam calls Seam in float32, on a dz that held something else.
func (p position) seam() []float32 {
	narrow := func(x []float64) []float32 {
		out := make([]float32, len(x))
		for j := range x {
			out[j] = float32(x[j])
		}
		return out
	}
	lp := lab.LogSoftmax(p.Z)
	prob := slices.Clone(lp)
	for j := range prob {
		prob[j] = math.Exp(prob[j])
	}
	dz := slices.Repeat([]float32{9}, len(lp))
	objective.Seam(dz, narrow(lp), narrow(prob), narrow(p.ref), p.A, p.logp, p.entropy, p.kl,
		p.dense)
	return dz
}

func TestSeamIsTheSlope(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 500 {
		p := newPosition(r)
		dz := p.seam()
		for j := range p.Z {
			// Inputs are rounded to float32, 6e-8 of numbers up to about 30: log-ratios and dense
			// sums.
			if slope := fd.Slope(p.objective, &p.Z[j],
				1e-5); math.Abs(slope-float64(dz[j])) > 5e-6 {
				t.Fatalf("%+v: logit %d: %v, finite differences %v", p, j, dz[j], slope)
			}
		}
	}
}

func TestSeamWithoutCoefficientsWritesZeros(t *testing.T) {
	dz := []float32{1, 2, 3}
	objective.Seam(dz, []float32{-1, -1, -1}, []float32{0.3, 0.3, 0.4}, nil, 1, 0, 0, 0, nil)
	for j, x := range dz {
		if math.Float32bits(x) != 0 {
			t.Errorf("dz[%d] = %v", j, x)
		}
	}
}

// The dense channel's one-hot is the logp channel, and p_ref is the direction towards the reference
// model.
func TestDenseIdentities(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for range 100 {
		p := newPosition(r)
		p.logp, p.entropy, p.kl, p.dense = 0.7, 0, 0, nil
		scalar := p.seam()
		p.logp, p.dense = 0, make([]float64, len(p.Z))
		p.dense[p.A] = float64(float32(0.7))
		for j, x := range p.seam() {
			if math.Abs(float64(x-scalar[j])) > 1e-7 {
				t.Errorf("one-hot: %v, logp channel %v", x, scalar[j])
			}
		}
		lp := lab.LogSoftmax(p.Z)
		for j := range p.dense {
			p.dense[j] = math.Exp(p.ref[j])
		}
		for j, x := range p.seam() {
			if want := math.Exp(p.ref[j]) - math.Exp(lp[j]); math.Abs(float64(x)-want) > 1e-6 {
				t.Errorf("forward KL: %v, want %v", x, want)
			}
		}
	}
}

func TestSeamDoesNotAllocate(t *testing.T) {
	v := func() []float32 { return make([]float32, 30) }
	dz, lp, p, ref, dense := v(), v(), v(), v(), make([]float64, 30)
	if n := testing.AllocsPerRun(10,
		func() { objective.Seam(dz, lp, p, ref, 3, 1, 1, 1, dense) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkSeam(b *testing.B) {
	v := func() []float32 { return make([]float32, 32) }
	dz, lp, p := v(), v(), v()
	for b.Loop() {
		objective.Seam(dz, lp, p, nil, 3, 0.5, 0, 0, nil)
	}
}
