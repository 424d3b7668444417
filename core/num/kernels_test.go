package num

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"testing"
)

// sameBits reports whether a and b are the same float32; all NaN count as one.
func sameBits(a, b float32) bool {
	return math.Float32bits(a) == math.Float32bits(b) || (a != a && b != b)
}

// compareBackends runs one case with every backend and fails on the first bit that differs.
func compareBackends(t *testing.T, name string, run func(*gen), fresh func() *gen) {
	t.Helper()
	var want *gen
	eachBackend(func(backend string) {
		g := fresh()
		run(g)
		if want == nil {
			want = g
			return
		}
		for i, buf := range g.buffers {
			for j, v := range buf {
				if !sameBits(v, want.buffers[i][j]) {
					t.Fatalf("%s: buffer %d of length %d, element %d: %s gives %v (%08x), the "+
						"reference %v (%08x)", name, i, len(buf)-2*guard,
						j-guard, backend, v, math.Float32bits(v), want.buffers[i][j],
						math.Float32bits(want.buffers[i][j]))
				}
			}
		}
	})
}

func TestBackendsAgree(t *testing.T) {
	for _, c := range kernelCases {
		t.Run(c.name, func(t *testing.T) {
			for i := range uint64(600) {
				compareBackends(t, c.name, c.run, func() *gen {
					return &gen{r: NewRand(1, "backends", c.name, i), special: i%2 == 1}
				})
			}
		})
	}
}

// FuzzBackends lets the fuzzer choose the bit patterns.
func FuzzBackends(f *testing.F) {
	for i := range kernelCases {
		f.Add(uint8(i), uint64(i),
			[]byte{0, 0, 0x80, 0x3f, 0xff, 0xff, 0x7f, 0x7f, 1, 0, 0, 0x80, 0})
	}
	f.Fuzz(func(t *testing.T, which uint8, seed uint64, raw []byte) {
		c := kernelCases[int(which)%len(kernelCases)]
		compareBackends(t, c.name, c.run, func() *gen {
			return &gen{r: NewRand(seed, "fuzz", c.name), raw: raw}
		})
	})
}

// Exp32 defines the exponential inside the kernels: a softmax of x and 0 exposes it for x <= 0, and
// the gate of SwiGLU for all x.
func TestKernelsUseExp32(t *testing.T) {
	eachBackend(func(backend string) {
		gate, up, y := make([]float32, 1<<12), make([]float32, 1<<12), make([]float32, 1<<12)
		for base := uint64(0); base < 1<<32; base += 1 << 27 {
			for i := range gate {
				gate[i], up[i] = math.Float32frombits(uint32(base)+uint32(i)*32003), 1
			}
			SwiGLU(y, gate, up)
			for i, g := range gate {
				if want := g * (1 / (1 + Exp32(-g))); !sameBits(y[i], want) {
					t.Fatalf("%s: SwiGLU(%v) = %v, want %v", backend, g, y[i], want)
				}
			}
		}
	})
}

// The digests prove that a platform or backend reproduces the kernels: they may change only
// together with the engine version.
var goldenDigests = map[string]string{
	"AdamW":           "95fabb60f13797d0da64126393c2d5e8",
	"Add":             "69737af19014ae77108ff4aafda57b7e",
	"AttendStep":      "f57b5be9842c0f1f3e2ecb2bcbe3b984",
	"LogSoftmax":      "61e2732d692dc3f609a7ae437b86ee45",
	"MatMul":          "889ec48a60d591be0dce6ca3c4204c08",
	"MatMulTA":        "d603e354be559242b328ee316ce0a695",
	"Pack":            "b95952daf4825405ca006c0b1e009282",
	"PackT":           "742770eabca733448e5eae46b9d4ed50",
	"RMSNorm":         "275e662ba0042267f49a087fc93bb94c",
	"RMSNormBackward": "6cdd9efa826fdafcc6da3cac2bcbfc50",
	"RoPE":            "838d3e3121d0e98138f3e02cd2286271",
	"SoftmaxBackward": "db710a4272d034d30f4e9ba3c4f5a829",
	"SoftmaxCausal":   "827ff182344c8eb5be8e24911ae9fa09",
	"SwiGLU":          "b40b8cc98a35bea626e86a09da9197ad",
	"SwiGLUBackward":  "65ed06533a0ac148d252357e25593016",
}

func TestGoldenDigests(t *testing.T) {
	for _, c := range kernelCases {
		eachBackend(func(backend string) {
			h := sha256.New()
			for i := range uint64(40) {
				g := &gen{r: NewRand(2, "golden", c.name, i)}
				c.run(g)
				for _, buf := range g.buffers {
					if err := binary.Write(h, binary.LittleEndian,
						buf[guard:len(buf)-guard]); err != nil {
						t.Fatal(err)
					}
				}
			}
			if got := hex.EncodeToString(h.Sum(nil)[:16]); got != goldenDigests[c.name] {
				t.Errorf("%s: %q: %q,", backend, c.name, got)
			}
		})
	}
}

func TestNoAllocations(t *testing.T) {
	n := 100
	v := func() []float32 { return make([]float32, n*(n+Panel)) }
	a, b, c, d, e, f := v(), v(), v(), v(), v(), v()
	eachBackend(func(backend string) {
		allocs := testing.AllocsPerRun(5, func() {
			p := PackT(d, b, n, n, n)
			MatMul(c, n, a, n, p, n, n, n, false)
			MatMulTA(c, n, a, n, Pack(d, b, n, n, n), n, n, n, true)
			SoftmaxCausal(a, n, n, 1, n, 0.5)
			SoftmaxBackward(b, a, n, n, n, 0.5)
			LogSoftmax(c, d, a, n, n, n)
			RMSNorm(c, d, a, b, n, n, 1e-5)
			RMSNormBackward(c, d, a, b, e, f, n, n)
			SwiGLU(a, b, c)
			SwiGLUBackward(a, b, c, d, e)
			RoPE(a, n, n, 10, 10, b, c, true)
			AttendStep(a, b, c, d, e, f, a, b, c, 5, 10, n, n-1, 0.5)
			AdamW(a, b, c, d, AdamWStep{B1: 0.9})
			r := NewRand(1, "purpose", "name", 1, 2, uint64(n))
			a[0] = float32(r.Norm()) + float32(r.IntN(n))
		})
		if allocs != 0 {
			t.Errorf("%s: %v allocations", backend, allocs)
		}
	})
}

func TestShapeErrorsPanic(t *testing.T) {
	x := make([]float32, 10)
	for name, f := range map[string]func(){
		"short matrix": func() { SoftmaxCausal(x, 4, 3, 1, 4, 1) },
		"stride":       func() { SoftmaxBackward(x, x, 3, 2, 4, 1) },
		"first":        func() { SoftmaxCausal(x, 4, 2, 0, 4, 1) },
		"odd head":     func() { RoPE(x, 3, 1, 1, 3, x, x, false) },
		"short vector": func() { Add(x, x[:9]) },
		"position":     func() { AttendStep(x, x, x, x, x, x, x, x, x, 1, 2, 1, 1, 1) },
		"short cache":  func() { AttendStep(x, x, x, x, x, x, x, x, x, 1, 2, 3, 1, 1) },
		"packed stride": func() {
			MatMul(x, 1, x, 4, Packed{Data: make([]float32, 64), Stride: 48}, 1, 1, 4, false)
		},
		"packed data": func() {
			MatMul(x, 1, x, 4, Packed{Data: make([]float32, 63), Stride: 64}, 1, 1, 4, false)
		},
		"negative":       func() { MatMul(x, 1, x, 4, Packed{}, -1, 1, 4, false) },
		"short target":   func() { Pack(x, x, 5, 2, 5) },
		"negative bound": func() { r := NewRand(1, "", ""); r.IntN(-1) },
	} {
		func() {
			defer func() {
				if s, ok := recover().(string); !ok || len(s) < 5 || s[:5] != "num: " {
					t.Errorf("%s: no panic with a message of this package", name)
				}
			}()
			f()
		}()
	}
}
