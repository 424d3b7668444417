package optim

import (
	"math"
	"slices"
	"testing"

	"github.com/posttrain/posttrain/core/internal/fd"
	"github.com/posttrain/posttrain/core/internal/parallel"
	"github.com/posttrain/posttrain/core/num"
)

// textbook is algorithm 2 of arXiv:1711.05101 in float64, turned to ascend, with
// beta2 = 0.99.
type textbook struct {
	t    float64
	m, v []float64
}

func (b *textbook) step(w, g []float64, lr, decay float64) {
	b.t++
	for i := range w {
		b.m[i] = 0.9*b.m[i] + 0.1*g[i]
		b.v[i] = 0.99*b.v[i] + 0.01*g[i]*g[i]
		mHat := b.m[i] / (1 - math.Pow(0.9, b.t))
		vHat := b.v[i] / (1 - math.Pow(0.99, b.t))
		w[i] -= lr * decay * w[i]
		w[i] += lr * mHat / (math.Sqrt(vHat) + 1e-8)
	}
}

func TestAdamWAgainstTheTextbook(t *testing.T) {
	const n, steps = 37, 200
	for seed := range uint64(40) {
		r := num.NewRand(seed, "test", "adamw")
		lr, decay := math.Pow(10, -4+3*r.Float64()), r.Float64()
		size := math.Pow(10, -4+6*r.Float64()) // of the gradients
		w, g := make([]float32, n), make([]float32, n)
		exact, exactG := make([]float64, n), make([]float64, n)
		for i := range w {
			w[i] = float32(r.Norm())
			exact[i] = float64(w[i])
		}
		a, b := NewAdamW(n), textbook{m: make([]float64, n), v: make([]float64, n)}
		for step := 1; step <= steps; step++ {
			scale := 0.1 + r.Float64()
			for i := range g {
				g[i] = float32(size * r.Norm())
				exactG[i] = float64(g[i]) * scale
			}
			a.Step(w, g, scale, lr, decay)
			b.step(exact, exactG, lr, decay)
			// An update's direction is about 1 in size, from some ten float32
			// operations of relative error 2^-24 each: off by less than 1e-6. The
			// weight is rounded three times a step, each time by at most 2^-24 of
			// a size below 8.
			for i := range w {
				bound := float64(step) * (1e-6*lr + 3*8*0x1p-24)
				if off := math.Abs(float64(w[i]) - exact[i]); !(off <= bound) {
					t.Fatalf("seed %d, step %d: weight %d is %v, by the textbook %v: off by "+
						"%.2g, at most %.2g", seed, step, i, w[i], exact[i], off, bound)
				}
			}
		}
		if a.Steps != steps {
			t.Errorf("%d steps were counted, want %d", a.Steps, steps)
		}
	}
}

// The bias correction makes the first step as long as the rate, whatever the
// gradient's size.
func TestTheFirstStepIsAsLongAsTheRate(t *testing.T) {
	for _, g := range []float32{1e-4, -1e-4, 1, -1, 1e4, -1e4} {
		w := []float32{0}
		NewAdamW(1).Step(w, []float32{g}, 1, 0.25, 0)
		want := math.Copysign(0.25, float64(g))
		// eps is 1e-8 beside a gradient of at least 1e-4; the rest is float32.
		if math.Abs(float64(w[0])-want) > 0.25*(1e-4+1e-6) {
			t.Errorf("gradient %v: the first step is %v, want %v", g, w[0], want)
		}
	}
}

func TestNoGradientOnlyDecays(t *testing.T) {
	a, w := NewAdamW(2), []float32{3, -5}
	for range 10 {
		a.Step(w, []float32{0, 0}, 1, 0.1, 0.5)
	}
	want := math.Pow(1-0.05, 10)
	for i, start := range []float64{3, -5} {
		// ten float32 roundings of a number of size 5
		if math.Abs(float64(w[i])-start*want) > 1e-5 {
			t.Errorf("weight %d is %v, want %v", i, w[i], start*want)
		}
	}
	a.Step(w, []float32{1, 1}, 0, 0.1, 0)
	for i := range w {
		if a.M[i] != 0 || a.V[i] != 0 || math.IsNaN(float64(w[i])) {
			t.Errorf("a gradient scaled to nothing left moments %v, %v and weight %v", a.M[i],
				a.V[i], w[i])
		}
	}
}

func TestAdamWClimbs(t *testing.T) {
	goal, w, g := []float32{1, -2, 0.5}, make([]float32, 3), make([]float32, 3)
	a := NewAdamW(3)
	for step := range 2000 {
		for i := range g {
			g[i] = goal[i] - w[i] // ascent direction of -|w-goal|²/2
		}
		a.Step(w, g, 1, 0.05*Rate("linear", step, 0, 2000), 0)
	}
	for i := range w {
		if math.Abs(float64(w[i]-goal[i])) > 1e-3 { // the last steps are 0.05/2000 long
			t.Errorf("weight %d ends at %v, want %v", i, w[i], goal[i])
		}
	}
}

func TestNormAndClipScale(t *testing.T) {
	if n := Norm([]float32{3, 0, -4}); n != 5 {
		t.Errorf("norm of (3,0,-4) is %v", n)
	}
	if n := Norm(nil); n != 0 {
		t.Errorf("norm of nothing is %v", n)
	}
	if n := Norm([]float32{math.MaxFloat32, math.MaxFloat32}); math.IsInf(n, 0) {
		t.Error("the norm of the largest gradients overflows")
	}
	if !math.IsNaN(Norm([]float32{1, float32(math.NaN())})) {
		t.Error("the norm hides a NaN")
	}
	for i := range uint64(2000) {
		r := num.NewRand(i, "test", "clip")
		norm, limit := 10*r.Float64(), 10*r.Float64()
		scale := ClipScale(norm, limit)
		// The quotient and the product are rounded once each.
		if scaled := norm * scale; !(scale > 0 && scale <= 1 && scaled <= limit*(1+0x1p-51)) {
			t.Fatalf("norm %v, limit %v: scale %v", norm, limit, scale)
		}
		if norm <= limit && scale != 1 {
			t.Fatalf("norm %v is within %v and was scaled by %v", norm, limit, scale)
		}
		if norm > limit && math.Abs(norm*scale-limit) > limit*0x1p-51 {
			t.Fatalf("norm %v was shortened to %v, want %v", norm, norm*scale, limit)
		}
	}
	for _, c := range [][2]float64{{5, 0}, {0, 0}, {0, 1}, {1e300, 0}} {
		if scale := ClipScale(c[0], c[1]); scale != 1 {
			t.Errorf("norm %v, limit %v: scale %v, want 1", c[0], c[1], scale)
		}
	}
}

func TestSchedules(t *testing.T) {
	for _, schedule := range Schedules() {
		for _, total := range []int{1, 2, 3, 10, 250} {
			for _, warmup := range []int{0, 1, 2, total / 2, total - 1, total, 2 * total} {
				checkSchedule(t, schedule, warmup, total)
			}
		}
	}
}

func checkSchedule(t *testing.T, schedule string, warmup, total int) {
	t.Helper()
	at := func(step int) float64 { return Rate(schedule, step, warmup, total) }
	for step := range total {
		now := at(step)
		if !(now > 0 && now <= 1) {
			t.Fatalf("%s, warm-up %d of %d: rate %v at step %d", schedule, warmup, total, now, step)
		}
		if step == 0 {
			continue
		}
		before := at(step - 1)
		switch {
		// The warm-up rises by equal parts, the last of which leads to 1.
		case step <= warmup && math.Abs(now-before-1/float64(warmup+1)) > 1e-12: // float64 rounding
			t.Fatalf("%s, warm-up %d of %d: from %v to %v at step %d", schedule, warmup, total,
				before, now, step)
		case step > warmup && now > before, step > warmup && schedule == "constant" && now != 1:
			t.Fatalf("%s, warm-up %d of %d: rate rises from %v to %v at step %d", schedule, warmup,
				total, before, now, step)
		}
	}
	if warmup < total && at(warmup) != 1 {
		t.Errorf("%s, warm-up %d of %d: the rate after the warm-up is %v, want 1", schedule, warmup,
			total, at(warmup))
	}
	// float64 rounding
	if end := at(total); warmup < total && schedule != "constant" && math.Abs(end) > 1e-15 {
		t.Errorf("%s, warm-up %d of %d: the rate would end at %v, want 0", schedule, warmup, total,
			end)
	}
}

func TestSchedulesByHand(t *testing.T) {
	for _, c := range []struct {
		schedule            string
		step, warmup, total int
		want                float64
	}{
		{"constant", 7, 0, 10, 1},
		{"linear", 5, 0, 10, 0.5},
		{"linear", 6, 2, 10, 0.5},
		{"cosine", 5, 0, 10, 0.5},
		{"cosine", 4, 2, 10, 0.8535533905932737}, // (1+cos(π/4))/2
		{"cosine", 1, 3, 10, 0.5},                // warming up
	} {
		// float64 rounding
		if got := Rate(c.schedule, c.step, c.warmup, c.total); math.Abs(got-c.want) > 1e-15 {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

// The pull is the slope of the penalty. In float32 the slope is right to a few units of the last
// place.
func TestAnchorIsTheSlopeOfItsPenalty(t *testing.T) {
	start, weights := []float32{1, -2, 0.5, 3}, []float32{1.5, -2, -0.25, 3.125}
	ascent := make([]float32, 4)
	Anchor(ascent, weights, start, 0.25)
	for i := range weights {
		w := float64(weights[i])
		penalty := func() float64 { d := w - float64(start[i]); return -0.25 * d * d }
		if want := fd.Slope(penalty, &w, 1e-3); math.Abs(float64(ascent[i])-want) > 1e-6 {
			t.Errorf("weight %d is pulled by %v, want %v", i, ascent[i], want)
		}
	}
}

// The pull of consolidation is the slope of its penalty, and where all weights matter alike that of
// an anchor.
func TestConsolidateIsTheSlopeOfItsPenalty(t *testing.T) {
	start, weights, importance := []float32{1, -2, 0.5, 3}, []float32{1.5, -2, -0.25,
		3.125}, []float32{0.5, 2, 4, 0}
	ascent := make([]float32, 4)
	Consolidate(ascent, weights, start, importance, 0.25)
	for i := range weights {
		w := float64(weights[i])
		penalty := func() float64 {
			d := w -
				float64(start[i])
			return -0.25 * float64(importance[i]) * d * d
		}
		if want := fd.Slope(penalty, &w, 1e-3); math.Abs(float64(ascent[i])-want) > 1e-6 {
			t.Errorf("weight %d is pulled by %v, want %v", i, ascent[i], want)
		}
	}
	anchored := make([]float32, 4)
	Anchor(anchored, weights, start, 0.25)
	clear(ascent)
	Consolidate(ascent, weights, start, []float32{1, 1, 1, 1}, 0.25)
	if !slices.Equal(ascent, anchored) {
		t.Errorf("with importance 1 the pull is %v, an anchor's %v", ascent, anchored)
	}
}

func TestBlend(t *testing.T) {
	start, trained := []float32{1, -2, 0.1}, []float32{3, 2, 0.3}
	for share, want := range map[float64][]float32{0: trained, 0.5: {2, 0, 0.2},
		0.25: {2.5, 1, 0.25}, 1: start} {
		weights := slices.Clone(trained)
		Blend(weights, start, share)
		for i := range want {
			if math.Abs(float64(weights[i]-want[i])) > 1e-7 {
				t.Errorf("share %v: weight %d is %v, want %v", share, i, weights[i], want[i])
			}
		}
	}
}

// A step has the same bits on any number of threads.
func TestThreadsLeaveNoTrace(t *testing.T) {
	const n = 1003
	run := func(threads int) []float32 {
		weights, gradient := make([]float32, n), make([]float32, n)
		rng := num.NewRand(1, "test", "adamw")
		a := NewAdamW(n)
		if threads > 0 {
			a.Use(parallel.NewTeam(threads))
		}
		for range 3 {
			for i := range gradient {
				gradient[i] = float32(rng.Norm())
			}
			a.Step(weights, gradient, 0.5, 1e-3, 0.1)
		}
		return slices.Concat(weights, a.M, a.V)
	}
	want := run(0)
	for _, threads := range []int{1, 2, 3, 8} {
		if !slices.Equal(run(threads), want) {
			t.Errorf("%d threads: other weights or moments", threads)
		}
	}
}
