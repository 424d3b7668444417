package num

import (
	"encoding/binary"
	"math"
)

// gen makes the shapes and the data of one call of a kernel from an address, so that every backend
// gets the same. Each slice lies between canaries in a buffer that gen keeps: after the call all
// buffers together are the result, and a write outside a slice shows in them.
type gen struct {
	r       Rand
	special bool   // mix in zeros, infinities, NaN, subnormals and huge numbers
	raw     []byte // if not empty, the bit patterns to use instead of random numbers
	next    int
	buffers [][]float32
}

const guard = 24

var specials = []float32{
	0, float32(math.Copysign(0, -1)), float32(math.Inf(1)), negInf32, float32(math.NaN()), 1, -1,
	math.SmallestNonzeroFloat32, -math.SmallestNonzeroFloat32, 0x1p-126, 0x1.fffffcp-127,
	-0x1.8p-130,
	math.MaxFloat32, -math.MaxFloat32, 88.7, 88.73, -87.4, -103.9, -104.1, 1e-20, 1e20,
}

func (g *gen) value() float32 {
	if len(g.raw) > 0 {
		var b [4]byte
		for i := range b {
			b[i] = g.raw[g.next%len(g.raw)]
			g.next++
		}
		return math.Float32frombits(binary.LittleEndian.Uint32(b[:]))
	}
	if g.special && g.r.IntN(4) == 0 {
		return specials[g.r.IntN(len(specials))]
	}
	return float32(g.r.Norm()) * 3
}

// vec is n values between canaries.
func (g *gen) vec(n int) []float32 {
	buf := make([]float32, n+2*guard)
	for i := range buf {
		buf[i] = math.Float32frombits(0x7f123456 - uint32(i))
	}
	g.buffers = append(g.buffers, buf)
	v := buf[guard : guard+n : guard+n]
	for i := range v {
		v[i] = g.value()
	}
	return v
}

// mat is a (rows,n) matrix of row stride ld.
func (g *gen) mat(rows, n, ld int) []float32 {
	if rows == 0 {
		return g.vec(0)
	}
	return g.vec((rows-1)*ld + n)
}

// size is from lo to hi, and every third time small, so that tails are common.
func (g *gen) size(lo, hi int) int {
	if g.r.IntN(3) == 0 {
		hi = min(hi, lo+18)
	}
	return lo + g.r.IntN(hi-lo+1)
}

func (g *gen) coin() bool { return g.r.IntN(2) == 0 }

// packed packs a random (k,n) operand, half the time with room to grow and rubbish in the columns
// beyond n.
func (g *gen) packed(k, n int) Packed {
	b := Pack(g.vec(PackedLen(k, n)), g.vec(k*n), n, k, n)
	if g.coin() {
		return b
	}
	room := Packed{Stride: k*Panel + g.r.IntN(50)}
	panels := (n + Panel - 1) / Panel
	room.Data = g.vec(panels * room.Stride)
	for p := range panels {
		copy(room.Data[p*room.Stride:], b.Data[p*k*Panel:(p+1)*k*Panel])
	}
	return room
}

// kernelCases calls every kernel through the exported functions with random shapes.
var kernelCases = []struct {
	name string
	run  func(g *gen)
}{
	{"MatMul", func(g *gen) { g.product(false) }},
	{"MatMulTA", func(g *gen) { g.product(true) }},
	{"Pack", func(g *gen) {
		k, n := g.size(0, 70), g.size(0, 70)
		ld := n + g.r.IntN(5)
		Pack(g.vec(PackedLen(k, n)), g.mat(k, n, ld), ld, k, n)
	}},
	{"PackT", func(g *gen) {
		k, n := g.size(0, 70), g.size(0, 70)
		ld := k + g.r.IntN(5)
		PackT(g.vec(PackedLen(k, n)), g.mat(n, k, ld), ld, k, n)
	}},
	{"SoftmaxCausal", func(g *gen) {
		rows, n, first := g.size(0, 9), g.size(0, 90), g.size(1, 90)
		ld := n + g.r.IntN(5)
		SoftmaxCausal(g.mat(rows, n, ld), ld, rows, first, n, float32(g.r.Float64())+0.01)
	}},
	{"SoftmaxBackward", func(g *gen) {
		rows, n := g.size(0, 9), g.size(0, 90)
		ld := n + g.r.IntN(5)
		SoftmaxBackward(g.mat(rows, n, ld), g.mat(rows, n, ld), ld, rows, n, float32(g.r.Float64()))
	}},
	{"LogSoftmax", func(g *gen) {
		rows, n := g.size(0, 9), g.size(0, 90)
		ld := n + g.r.IntN(5)
		x := g.mat(rows, n, ld)
		logp := x
		if g.coin() {
			logp = g.mat(rows, n, ld)
		}
		LogSoftmax(logp, g.mat(rows, n, ld), x, ld, rows, n)
	}},
	{"RMSNorm", func(g *gen) {
		rows, n := g.size(0, 9), g.size(0, 90)
		x := g.vec(rows * n)
		y := x
		if g.coin() {
			y = g.vec(rows * n)
		}
		RMSNorm(y, g.vec(rows), x, g.vec(n), rows, n, 1e-5)
	}},
	{"RMSNormBackward", func(g *gen) {
		rows, n := g.size(0, 9), g.size(0, 90)
		RMSNormBackward(g.vec(rows*n), g.vec(n), g.vec(rows*n), g.vec(rows*n), g.vec(n),
			g.vec(rows), rows, n)
	}},
	{"SwiGLU", func(g *gen) {
		n := g.size(0, 200)
		gate := g.vec(n)
		y := gate
		if g.coin() {
			y = g.vec(n)
		}
		SwiGLU(y, gate, g.vec(n))
	}},
	{"SwiGLUBackward", func(g *gen) {
		n := g.size(0, 200)
		SwiGLUBackward(g.vec(n), g.vec(n), g.vec(n), g.vec(n), g.vec(n))
	}},
	{"RoPE", func(g *gen) {
		rows, heads, half := g.size(0, 6), g.size(0, 5), g.size(0, 25)
		ld := 2*heads*half + g.r.IntN(5)
		x := g.mat(rows, 2*heads*half, ld)
		RoPE(x, ld, rows, heads, 2*half, g.vec(rows*half), g.vec(rows*half), g.coin())
	}},
	{"AttendStep", func(g *gen) {
		heads, hd, context := g.size(1, 4), 2*g.size(1, 20), g.size(1, 70)
		n := heads * hd
		keys, values := g.vec(heads*PackedLen(hd, context)), g.vec(heads*PackedLen(context, hd))
		AttendStep(g.vec(n), g.vec(n), g.vec(n), g.vec(n), keys, values, g.vec(context),
			g.vec(hd/2), g.vec(hd/2), heads, hd, context, g.r.IntN(context), 0.3)
	}},
	{"Add", func(g *gen) { n := g.size(0, 200); Add(g.vec(n), g.vec(n)) }},
	{"AdamW", func(g *gen) {
		n := g.size(0, 200)
		v := g.vec(n)
		for i := range v {
			if v[i] < 0 && !g.special {
				v[i] = -v[i]
			}
		}
		AdamW(g.vec(n), g.vec(n), g.vec(n), v, AdamWStep{
			GradScale: 0.7, B1: 0.9, OneMinusB1: 0.1, B2: 0.95, OneMinusB2: 0.05, C1: 1.3, C2: 2.1,
			Rate: 1e-2, Decay: 1e-3, Eps: 1e-8,
		})
	}},
}

// product multiplies random matrices; every fifth product is larger than the blocks.
func (g *gen) product(transposed bool) {
	m, n, k := g.size(0, 40), g.size(0, 90), g.size(0, 60)
	if g.r.IntN(5) == 0 && len(g.raw) == 0 {
		m, k = g.size(0, 400), g.size(0, 540)
	}
	ldc := n + g.r.IntN(5)
	c, b, add := g.mat(m, n, ldc), g.packed(k, n), g.coin()
	if transposed {
		lda := m + g.r.IntN(5)
		MatMulTA(c, ldc, g.mat(k, m, lda), lda, b, m, n, k, add)
	} else {
		lda := k + g.r.IntN(5)
		MatMul(c, ldc, g.mat(m, k, lda), lda, b, m, n, k, add)
	}
}
