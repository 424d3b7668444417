package optim

import (
	"math"
	"slices"
	"testing"

	"github.com/posttrain/posttrain/core/internal/parallel"
	"github.com/posttrain/posttrain/core/num"
)

// The block of weights of these tests: an embedding, two matrices with a gain between them, and
// the output layer.
const blockSize = 12 + 15 + 5 + 28 + 8

func blockMatrices() []Matrix {
	return []Matrix{{From: 12, Rows: 3, Cols: 5}, {From: 32, Rows: 7, Cols: 4}}
}

// twin is an optimiser written plainly in float64.
type twin interface {
	step(w, g []float64, lr, decay float64)
}

// plainSGD is ascent with momentum as in torch.optim.SGD, with the decay of AdamW.
type plainSGD struct{ m []float64 }

func (o plainSGD) step(w, g []float64, lr, decay float64) {
	for i := range w {
		o.m[i] = 0.8*o.m[i] + g[i]
		w[i] = w[i]*(1-lr*decay) + lr*o.m[i]
	}
}

// plainLion is algorithm 2 of arXiv:2302.06675, turned to ascend.
type plainLion struct{ m []float64 }

func (o plainLion) step(w, g []float64, lr, decay float64) {
	for i := range w {
		c := 0.8*o.m[i] + 0.2*g[i]
		sign := 0.0
		if c != 0 {
			sign = math.Copysign(1, c)
		}
		w[i] += lr * (sign - decay*w[i])
		o.m[i] = 0.95*o.m[i] + 0.05*g[i]
	}
}

// plainAdamW is [textbook] with other constants.
type plainAdamW struct {
	t    *float64
	m, v []float64
}

func (o plainAdamW) step(w, g []float64, lr, decay float64) {
	*o.t++
	for i := range w {
		o.m[i] = 0.8*o.m[i] + 0.2*g[i]
		o.v[i] = 0.95*o.v[i] + 0.05*g[i]*g[i]
		mHat, vHat := o.m[i]/(1-math.Pow(0.8, *o.t)), o.v[i]/(1-math.Pow(0.95, *o.t))
		w[i] = w[i]*(1-lr*decay) + lr*mHat/(math.Sqrt(vHat)+1e-3)
	}
}

// plainMuon is equation 4 of arXiv:2502.16982 on the matrices, and AdamW on the rest.
type plainMuon struct {
	m     []float64
	adamW []plainAdamW // of the weights around the matrices
}

func (o plainMuon) step(w, g []float64, lr, decay float64) {
	at := 0
	for i, a := range append(blockMatrices(), Matrix{From: len(w)}) {
		o.adamW[i].step(w[at:a.From], g[at:a.From], lr, decay)
		at = a.From + a.size()
		m := o.m[a.From:at]
		for j := range m {
			m[j] = 0.8*m[j] + g[a.From+j]
		}
		scale := 0.2 * math.Sqrt(float64(max(a.Rows, a.Cols)))
		for j, x := range plainSchulz(m, a.Rows, a.Cols) {
			w[a.From+j] = w[a.From+j]*(1-lr*decay) + lr*scale*x
		}
	}
}

// plainSchulz is the function newtonschulz5 of Jordan et al. 2024, without transposing.
func plainSchulz(m []float64, rows, cols int) []float64 {
	norm, x := 0.0, slices.Clone(m)
	for _, v := range m {
		norm += v * v
	}
	for i := range x {
		x[i] /= math.Sqrt(norm)
	}
	for range 5 {
		s := product(x, transposed(x, rows, cols), rows, cols, rows) // x·xᵀ
		s2 := product(s, s, rows, rows, rows)
		for i := range s {
			s[i] = -4.7750*s[i] + 2.0315*s2[i]
		}
		y := product(s, x, rows, rows, cols)
		for i := range x {
			x[i] = 3.4445*x[i] + y[i]
		}
	}
	return x
}

// product returns a (m,k) times b (k,n).
func product(a, b []float64, m, k, n int) []float64 {
	c := make([]float64, m*n)
	for i := range m {
		for j := range n {
			for l := range k {
				c[i*n+j] += a[i*k+l] * b[l*n+j]
			}
		}
	}
	return c
}

func transposed(a []float64, rows, cols int) []float64 {
	b := make([]float64, len(a))
	for i := range rows {
		for j := range cols {
			b[j*rows+i] = a[i*cols+j]
		}
	}
	return b
}

func newTwin(name string) twin {
	adamW := func(n int) plainAdamW {
		return plainAdamW{new(float64), make([]float64, n), make([]float64, n)}
	}
	m := make([]float64, blockSize)
	switch name {
	case NameSGD:
		return plainSGD{m}
	case NameLion:
		return plainLion{m}
	case NameMuon:
		return plainMuon{m, []plainAdamW{adamW(12), adamW(5), adamW(8)}}
	}
	return adamW(blockSize)
}

// Every optimiser does what its paper says, with other constants than the usual ones.
func TestOptimisersAgainstTheTextbook(t *testing.T) {
	for _, name := range Names() {
		for seed := range uint64(10) {
			r := num.NewRand(seed, "test", "optimisers")
			settings := Settings{Beta1: 0.8, Beta2: 0.95, Eps: 1e-3}
			o, plain := New(name, settings, blockSize, blockMatrices()), newTwin(name)
			lr, decay := math.Pow(10, -3+2*r.Float64()), r.Float64()
			w, g := make([]float32, blockSize), make([]float32, blockSize)
			exact, exactG := make([]float64, blockSize), make([]float64, blockSize)
			for i := range w {
				w[i] = float32(r.Norm())
				exact[i] = float64(w[i])
			}
			for step := 1; step <= 8; step++ {
				scale := float64(float32(0.1 + r.Float64()))
				for i := range g {
					g[i] = float32(r.Norm())
					exactG[i] = float64(g[i]) * scale
				}
				o.Step(w, g, scale, lr, decay)
				plain.step(exact, exactG, lr, decay)
				// The steps are of size lr times a few. The products of Muon are some thousand
				// operations in float32, and its polynomial stretches small errors by 3.4⁵.
				for i := range w {
					if off := math.Abs(float64(w[i]) - exact[i]); off > 1e-6+1e-3*lr {
						t.Fatalf("%s, seed %d, step %d: weight %d is %v, want %v", name, seed, step,
							i, w[i], exact[i])
					}
				}
			}
			if o.Kept().Steps != 8 {
				t.Errorf("%s counted %d steps, want 8", name, o.Kept().Steps)
			}
		}
	}
}

// What each optimiser keeps: a first moment of every weight, and a second one of those that AdamW
// updates.
func TestWhatOptimisersKeep(t *testing.T) {
	for name, second := range map[string]int{NameAdamW: blockSize, NameSGD: 0, NameLion: 0,
		NameMuon: 12 + 5 + 8} {
		k := New(name, Defaults(), blockSize, blockMatrices()).Kept()
		if len(k.M) != blockSize || len(k.V) != second {
			t.Errorf("%s keeps %d and %d, want %d and %d", name, len(k.M), len(k.V), blockSize,
				second)
		}
	}
}

// The singular values of what Muon moves a matrix by are near 1, and its singular vectors are those
// of the matrix.
func TestOrthogonalise(t *testing.T) {
	for _, shape := range [][2]int{{1, 1}, {1, 9}, {9, 1}, {8, 8}, {6, 40}, {40, 6}, {33, 70}} {
		rows, cols := shape[0], shape[1]
		for seed := range uint64(5) {
			r := num.NewRand(seed, "test", "schulz", uint64(rows), uint64(cols))
			m := make([]float32, rows*cols)
			for i := range m {
				m[i] = float32(1e-6 * r.Norm())
			}
			values := num.SingularValues(m, rows, cols)
			smallest := values[len(values)-1] / Norm(m)
			x := Orthogonalise(m, rows, cols)
			got := num.SingularValues(x, rows, cols)
			high, low := got[0], got[len(got)-1]
			// The polynomial five times over takes [0.01, 1] into [0.6818, 1.1344], and what is
			// smaller to at most 1.2024.
			if smallest > 0.01 && (low < 0.6818-1e-4 || high > 1.1344+1e-4) || high > 1.2025 {
				t.Errorf("%d×%d, seed %d: singular values %v to %v of a matrix with %v of its norm",
					rows, cols, seed, low, high, smallest)
			}
			// Xᵀ·M is symmetric if the singular vectors are the same.
			xm := product(transposed(wide(x), rows, cols), wide(m), cols, rows, cols)
			for i := range cols {
				for j := range i {
					if d := math.Abs(xm[i*cols+j] - xm[j*cols+i]); d > 1e-4*Norm(m) {
						t.Fatalf("%d×%d: Xᵀ·M has %v and %v", rows, cols, xm[i*cols+j],
							xm[j*cols+i])
					}
				}
			}
		}
	}
	for _, x := range Orthogonalise(make([]float32, 12), 3, 4) {
		if x != 0 {
			t.Errorf("a matrix of zeros gives %v", x)
		}
	}
	for _, size := range []float32{math.SmallestNonzeroFloat32, math.MaxFloat32} {
		x := Orthogonalise([]float32{size, 0, 0, size}, 2, 2)
		if got := num.SingularValues(x, 2, 2); !(got[1] >= 0.6817 && got[0] <= 1.1345) {
			t.Errorf("of size %v: singular values %v", size, got)
		}
	}
}

func wide(x []float32) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = float64(v)
	}
	return y
}

// A matrix of rank one, as a gradient of few tokens is, stays one.
func TestOrthogonaliseKeepsTheRank(t *testing.T) {
	m := make([]float32, 5*3)
	for i := range 5 {
		for j := range 3 {
			m[i*3+j] = float32(i+1) * float32(j-2)
		}
	}
	got := num.SingularValues(Orthogonalise(m, 5, 3), 5, 3)
	if got[0] < 0.6817 || got[0] > 1.1345 || got[1] > 1e-4 {
		t.Errorf("singular values %v", got)
	}
}

// Every optimiser climbs a quadratic to its top.
func TestOptimisersClimb(t *testing.T) {
	const steps = 2000
	r := num.NewRand(1, "test", "climb")
	for _, name := range Names() {
		o := New(name, Defaults(), blockSize, blockMatrices())
		goal, w, g := make([]float32, blockSize), make([]float32, blockSize), make([]float32,
			blockSize)
		for i := range goal {
			goal[i] = float32(r.Norm())
		}
		for step := range steps {
			for i := range g {
				g[i] = goal[i] - w[i] // ascent direction of -|w-goal|²/2
			}
			o.Step(w, g, 1, 0.05*Rate("linear", step, 0, steps), 0)
		}
		for i := range w {
			if off := math.Abs(float64(w[i] - goal[i])); off > 2e-3 { // the last steps are short
				t.Errorf("%s: weight %d ends at %v, want %v", name, i, w[i], goal[i])
			}
		}
	}
}

// A gradient of zeros leaves the weights where they are but for the decay.
func TestNoGradientMovesNothing(t *testing.T) {
	for _, name := range Names() {
		o, w := New(name, Defaults(), blockSize, blockMatrices()), make([]float32, blockSize)
		for i := range w {
			w[i] = float32(i) - 20
		}
		for range 10 {
			o.Step(w, make([]float32, blockSize), 1, 0.1, 0.5)
		}
		for i := range w {
			// ten float32 roundings of a number below 64
			want := (float64(i) - 20) * math.Pow(1-0.05, 10)
			if math.Abs(float64(w[i])-want) > 1e-4 {
				t.Errorf("%s: weight %d is %v, want %v", name, i, w[i], want)
			}
		}
	}
}

// The steps of every optimiser have the same bits on any number of threads.
func TestOptimisersOnThreads(t *testing.T) {
	for _, name := range Names() {
		run := func(threads int) []float32 {
			o := New(name, Defaults(), blockSize, blockMatrices())
			if threads > 0 {
				o.Use(parallel.NewTeam(threads))
			}
			w, g := make([]float32, blockSize), make([]float32, blockSize)
			r := num.NewRand(1, "test", "threads")
			for range 5 {
				for i := range g {
					g[i] = float32(r.Norm())
				}
				o.Step(w, g, 0.5, 1e-2, 0.1)
			}
			return slices.Concat(w, o.Kept().M, o.Kept().V)
		}
		want := run(0)
		for _, threads := range []int{1, 2, 3, 8} {
			if !slices.Equal(run(threads), want) {
				t.Errorf("%s on %d threads: other weights or moments", name, threads)
			}
		}
	}
}

// By hand: a 2×3 matrix takes 2·2·2·3 for x·xᵀ, 2·2·2·2 for its square and 2·2·2·3 for the last
// product, five times; a vector as a 1×n matrix, too.
func TestMuonFLOPs(t *testing.T) {
	if got := MuonFLOPs([]Matrix{{0, 2, 3}, {6, 3, 2}}); got != 2*5*(24+16+24) {
		t.Errorf("%v FLOPs, want %v", got, 2*5*(24+16+24))
	}
}
