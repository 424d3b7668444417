package num

import (
	"math"
	"testing"
)

// The gradients are compared with central differences of the forward formulas in float64, written
// anew here. With a step of 1e-5 these are good to about 1e-9, so the tolerance is that of float32
// sums over a row: a few units of 2^-24 each.
const (
	gradStep = 1e-5
	gradTol  = 3e-6
)

// difference is the derivative of f, a scalar of the vector x, in direction j.
func difference(f func([]float64) float64, x []float64, j int) float64 {
	old := x[j]
	x[j] = old + gradStep
	up := f(x)
	x[j] = old - gradStep
	down := f(x)
	x[j] = old
	return (up - down) / (2 * gradStep)
}

func widen(x []float32) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = float64(v)
	}
	return y
}

// checkGradient compares got with the differences of f at x. The scale of an error is the largest
// gradient.
func checkGradient(t *testing.T, what string, got []float32, f func([]float64) float64,
	x []float32) {
	t.Helper()
	wide, want, size := widen(x), make([]float64, len(x)), 1.0
	for j := range want {
		want[j] = difference(f, wide, j)
		size = max(size, math.Abs(want[j]))
	}
	for j, w := range want {
		if d := math.Abs(float64(got[j]) - w); !(d <= gradTol*size) {
			t.Errorf("%s: element %d is %v, the difference quotient %v", what, j, got[j], w)
		}
	}
}

func weighted(y []float64, by []float32) float64 {
	s := 0.0
	for i, v := range y {
		s += v * float64(by[i])
	}
	return s
}

func TestRMSNormGradient(t *testing.T) {
	const rows, n, eps = 3, 37, 1e-5
	g := &gen{r: NewRand(1, "gradient", "norm")}
	x, w, dy := g.vec(rows*n), g.vec(n), g.vec(rows*n)
	forward := func(x, w []float64) float64 {
		y := make([]float64, rows*n)
		for i := range rows {
			ms := 0.0
			for j := range n {
				ms += x[i*n+j] * x[i*n+j] / n
			}
			for j := range n {
				y[i*n+j] = x[i*n+j] / math.Sqrt(ms+eps) * w[j]
			}
		}
		return weighted(y, dy)
	}
	y, rstd := make([]float32, rows*n), make([]float32, rows)
	RMSNorm(y, rstd, x, w, rows, n, eps)
	if got, want := weighted(widen(y), dy), forward(widen(x),
		widen(w)); math.Abs(got-want) > 1e-5*(1+math.Abs(want)) {
		t.Errorf("forward gives %v, want %v", got, want)
	}
	dx, dw := make([]float32, rows*n), make([]float32, n)
	RMSNormBackward(dx, dw, dy, x, w, rstd, rows, n)
	checkGradient(t, "dx", dx, func(v []float64) float64 { return forward(v, widen(w)) }, x)
	checkGradient(t, "dw", dw, func(v []float64) float64 { return forward(widen(x), v) }, w)
	before := append([]float32(nil), dx...)
	RMSNormBackward(dx, dw, dy, x, w, rstd, rows, n)
	for j, v := range before {
		if dx[j] != 2*v {
			t.Fatal("dx is not added to")
		}
	}
}

func TestSwiGLUGradient(t *testing.T) {
	const n = 83
	g := &gen{r: NewRand(1, "gradient", "swiglu")}
	gate, up, dy := g.vec(n), g.vec(n), g.vec(n)
	forward := func(gate, up []float64) float64 {
		y := make([]float64, n)
		for j := range y {
			y[j] = gate[j] / (1 + math.Exp(-gate[j])) * up[j]
		}
		return weighted(y, dy)
	}
	y, dgate, dup := make([]float32, n), make([]float32, n), make([]float32, n)
	SwiGLU(y, gate, up)
	if got, want := weighted(widen(y), dy), forward(widen(gate),
		widen(up)); math.Abs(got-want) > 1e-5*(1+math.Abs(want)) {
		t.Errorf("forward gives %v, want %v", got, want)
	}
	SwiGLUBackward(dgate, dup, dy, gate, up)
	checkGradient(t, "dgate", dgate, func(v []float64) float64 { return forward(v, widen(up)) },
		gate)
	checkGradient(t, "dup", dup, func(v []float64) float64 { return forward(widen(gate), v) }, up)
}

func TestSoftmaxGradient(t *testing.T) {
	const rows, n, first, scale = 5, 21, 3, 0.3
	g := &gen{r: NewRand(1, "gradient", "softmax")}
	x, dp := g.vec(rows*n), g.vec(rows*n)
	forward := func(x []float64) []float64 {
		p := make([]float64, rows*n)
		for i := range rows {
			sum := 0.0
			for j := range first + i {
				p[i*n+j] = math.Exp(x[i*n+j] * scale)
				sum += p[i*n+j]
			}
			for j := range n {
				p[i*n+j] /= sum
			}
		}
		return p
	}
	p := append([]float32(nil), x...)
	SoftmaxCausal(p, n, rows, first, n, scale)
	for j, want := range forward(widen(x)) {
		if math.Abs(float64(p[j])-want) > 3e-7 {
			t.Errorf("p[%d] is %v, want %v", j, p[j], want)
		}
	}
	ds := append([]float32(nil), dp...)
	SoftmaxBackward(ds, p, n, rows, n, scale)
	checkGradient(t, "ds", ds, func(v []float64) float64 { return weighted(forward(v), dp) }, x)
}

func TestLogSoftmaxValues(t *testing.T) {
	const rows, n = 4, 45
	g := &gen{r: NewRand(1, "gradient", "logsoftmax")}
	x := g.vec(rows * n)
	logp, p := make([]float32, rows*n), make([]float32, rows*n)
	LogSoftmax(logp, p, x, n, rows, n)
	for i := range rows {
		sum := 0.0
		for _, v := range x[i*n : i*n+n] {
			sum += math.Exp(float64(v))
		}
		for j := i * n; j < i*n+n; j++ {
			want := float64(x[j]) - math.Log(sum)
			if math.Abs(float64(logp[j])-want) > 2e-6 ||
				math.Abs(float64(p[j])-math.Exp(want)) > 3e-7 {
				t.Errorf("element %d: log p is %v, p is %v, want %v and %v", j, logp[j], p[j], want,
					math.Exp(want))
			}
		}
	}
}

func TestRoPEGradient(t *testing.T) {
	const rows, heads, hd = 3, 2, 10
	g := &gen{r: NewRand(1, "gradient", "rope")}
	x, dy := g.vec(rows*heads*hd), g.vec(rows*heads*hd)
	cos, sin := make([]float32, rows*hd/2), make([]float32, rows*hd/2)
	for i := range cos {
		cos[i], sin[i] = float32(Cos(float64(i))), float32(Sin(float64(i)))
	}
	forward := func(x []float64) float64 {
		y := make([]float64, len(x))
		for i := range rows {
			for h := range heads {
				for j := range hd / 2 {
					at, c, s := (i*heads+h)*hd+j, float64(cos[i*hd/2+j]), float64(sin[i*hd/2+j])
					y[at] = x[at]*c - x[at+hd/2]*s
					y[at+hd/2] = x[at+hd/2]*c + x[at]*s
				}
			}
		}
		return weighted(y, dy)
	}
	y := append([]float32(nil), x...)
	RoPE(y, heads*hd, rows, heads, hd, cos, sin, false)
	if got, want := weighted(widen(y),
		dy), forward(widen(x)); math.Abs(got-want) > 1e-5*(1+math.Abs(want)) {
		t.Errorf("forward gives %v, want %v", got, want)
	}
	dx := append([]float32(nil), dy...)
	RoPE(dx, heads*hd, rows, heads, hd, cos, sin, true)
	checkGradient(t, "dx", dx, forward, x)
}

// AdamW has no gradient; its step is compared with the formula in float64.
func TestAdamWStep(t *testing.T) {
	s := AdamWStep{GradScale: 0.5, B1: 0.9, OneMinusB1: 0.1, B2: 0.99, OneMinusB2: 0.01, C1: 10,
		C2: 100, Rate: 0.1, Decay: 0.01, Eps: 1e-8}
	p, g, m, v := []float32{2}, []float32{3}, []float32{0.4}, []float32{0.2}
	AdamW(p, g, m, v, s)
	wm, wv := 0.9*0.4+0.1*1.5, 0.99*0.2+0.01*2.25
	wp := 2 - 2*0.01 + 0.1*(wm*10)/(math.Sqrt(wv*100)+1e-8)
	for i, d := range []float64{float64(m[0]) - wm, float64(v[0]) - wv, float64(p[0]) - wp} {
		if math.Abs(d) > 1e-6 {
			t.Errorf("number %d is off by %v", i, d)
		}
	}
}
