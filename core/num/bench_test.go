package num

import (
	"fmt"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
)

// productShapes are those of training and decoding: projections, their weight gradients, and
// attention.
var productShapes = []struct {
	m, n, k    int
	transposed bool
}{
	{2048, 512, 128, false},
	{128, 64, 64, false},
	{384, 176, 64, false},
	{384, 64, 176, false},
	{128, 48, 16, false},
	{1, 48, 16, false},
	{1, 64, 64, false},
	{1, 512, 128, false},
	{4, 512, 128, false},
	{64, 64, 384, true},
	{128, 512, 2048, true},
}

func BenchmarkMatMul(b *testing.B) {
	for _, s := range productShapes {
		name := fmt.Sprintf("m=%d,n=%d,k=%d", s.m, s.n, s.k)
		if s.transposed {
			name += ",TA"
		}
		g := &gen{r: NewRand(1, "bench", name)}
		x, y, z := g.aligned(s.m*s.k), g.aligned(s.k*s.n), g.aligned(s.m*s.n)
		packed := g.aligned(PackedLen(s.k, s.n))
		p := Pack(packed, y, s.n, s.k, s.n)
		run := func(label string, f func()) {
			b.Run(name+"/"+label, func(b *testing.B) {
				for b.Loop() {
					f()
				}
				b.ReportMetric(2*float64(s.m*s.n*s.k)*float64(b.N)/b.Elapsed().Seconds()/1e9,
					"GFLOP/s")
			})
		}
		product := func() {
			if s.transposed {
				MatMulTA(z, s.n, x, s.m, p, s.m, s.n, s.k, false)
			} else {
				MatMul(z, s.n, x, s.k, p, s.m, s.n, s.k, false)
			}
		}
		eachBackend(func(backend string) {
			run(backend, product)
			run(backend+"+pack", func() { Pack(packed, y, s.n, s.k, s.n); product() })
		})
		run("gonum", func() {
			a, t := blas32.General{Rows: s.m, Cols: s.k, Stride: s.k, Data: x}, blas.NoTrans
			if s.transposed {
				a, t = blas32.General{Rows: s.k, Cols: s.m, Stride: s.m, Data: x}, blas.Trans
			}
			blas32.Gemm(t, blas.NoTrans, 1, a,
				blas32.General{Rows: s.k, Cols: s.n, Stride: s.n, Data: y}, 0,
				blas32.General{Rows: s.m, Cols: s.n, Stride: s.n, Data: z})
		})
	}
}

// BenchmarkRows times the row and elementwise kernels on a (128,128) matrix.
func BenchmarkRows(b *testing.B) {
	const n = 128
	g := &gen{r: NewRand(1, "bench", "rows")}
	v := func() []float32 { return g.aligned(n * n) }
	x, y, z, d, e := v(), v(), v(), v(), v()
	w, dw, rstd := g.vec(n), g.vec(n), g.vec(n)
	for _, c := range []struct {
		name string
		f    func()
	}{
		{"Pack", func() { Pack(x, y, n, n, n) }},
		{"PackT", func() { PackT(x, y, n, n, n) }},
		{"SoftmaxCausal", func() { SoftmaxCausal(x, n, n, n, n, 0.1) }},
		{"SoftmaxBackward", func() { SoftmaxBackward(x, y, n, n, n, 0.1) }},
		{"LogSoftmax", func() { LogSoftmax(x, y, z, n, n, n) }},
		{"RMSNorm", func() { RMSNorm(x, rstd, y, w, n, n, 1e-5) }},
		{"RMSNormBackward", func() { RMSNormBackward(x, dw, y, z, w, rstd, n, n) }},
		{"SwiGLU", func() { SwiGLU(x, y, z) }},
		{"SwiGLUBackward", func() { SwiGLUBackward(x, y, z, d, e) }},
		{"RoPE", func() { RoPE(x, n, n, 4, n/4, y, z, false) }},
		{"Add", func() { Add(x, y) }},
		{"AdamW", func() {
			AdamW(x, y, z, d, AdamWStep{GradScale: 1, B1: 0.9, OneMinusB1: 0.1, B2: 0.9,
				OneMinusB2: 0.1, C1: 1, C2: 1, Rate: 1e-9, Eps: 1})
		}},
	} {
		eachBackend(func(backend string) {
			b.Run(c.name+"/"+backend, func(b *testing.B) {
				for _, s := range [][]float32{x, y, z, d, e} {
					for i := range s {
						s[i] = float32(g.r.Float64())
					}
				}
				for b.Loop() {
					c.f()
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/(n*n), "ns/elem")
			})
		})
	}
}

func BenchmarkElementary(b *testing.B) {
	var sink float64
	for _, c := range []struct {
		name string
		f    func(float64) float64
	}{
		{"Exp32", func(x float64) float64 { return float64(Exp32(float32(x))) }},
		{"Log32", func(x float64) float64 { return float64(Log32(float32(x))) }},
		{"Exp", Exp}, {"Log", Log}, {"Sin", Sin}, {"Cos", Cos},
		{"Pow", func(x float64) float64 { return Pow(x, 1.7) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			x := 0.1
			for b.Loop() {
				sink += c.f(x)
				if x += 0.01; x > 5 {
					x = 0.1
				}
			}
		})
	}
	b.Run("NewRand", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			r := NewRand(1, "sample", "policy", uint64(i), 3)
			sink += r.Float64()
		}
	})
	b.Run("Norm", func(b *testing.B) {
		r := NewRand(1, "", "")
		for b.Loop() {
			sink += r.Norm()
		}
	})
}

// aligned is n values as an ordinary allocation has them: vec begins in the middle of a cache line.
func (g *gen) aligned(n int) []float32 {
	return append(make([]float32, 0, n), g.vec(n)...)
}
