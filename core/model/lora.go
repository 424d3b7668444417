package model

import (
	"math"
	"strings"

	"github.com/posttrain/posttrain/core/num"
)

// loraAlpha is α for every rank. It scales updates as the learning rate does, so only one of the
// two has to be tuned.
const loraAlpha = 32

// Adapters are low-rank updates of the layers' matrices (LoRA, Hu et al. 2021, arXiv:2106.09685,
// equation 3): W0 becomes W0 + (α/r)·A·B. The embedding, the norms and the head are not adapted.
// Matrices are (in,out) here, so A and B are the transposes of the paper's, in the opposite order.
type Adapters struct {
	Rank  int       // r; 0 adapts nothing
	Data  []float32 // (AdapterWeights) A and B of every matrix in block order
	slope []float32 // (AdapterWeights) like Data

	scratch []float32 // a packed operand
	scaled  []float32 // (in,r)
}

// AdapterWeights returns the number of parameters of adapters of a rank.
func (c Config) AdapterWeights(rank int) int {
	return rank * c.Layers * (8*c.Dim + 3*(c.Dim+c.Hidden))
}

// NewAdapters returns adapters of zeros, which change nothing.
func NewAdapters(c Config, rank int) *Adapters {
	if rank == 0 {
		return &Adapters{}
	}
	n, widest := c.AdapterWeights(rank), max(c.Dim, c.Hidden)
	return &Adapters{Rank: rank, Data: make([]float32, n), slope: make([]float32, n),
		scratch: make([]float32, max(num.PackedLen(widest, rank), num.PackedLen(rank, widest),
			num.PackedLen(c.Dim, c.Hidden), num.PackedLen(c.Hidden, c.Dim))),
		scaled: make([]float32, widest*rank)}
}

// Init draws every A from (seed, name of the matrix, stage) with standard deviation 1/sqrt(in) and
// sets every B to zero, so that the adapted model equals the one that it starts from.
func (a *Adapters) Init(seed uint64, like *Params, stage int) {
	a.each(like, func(m Block, w, _ pair) {
		std, r := 1/math.Sqrt(float64(m.Rows)), num.NewRand(seed, "lora", m.Name, uint64(stage))
		for i := range w.a {
			w.a[i] = float32(std * r.Norm())
		}
		clear(w.b)
	})
}

// Merge writes W0 + (α/r)·A·B into the adapted matrices of p; start holds every W0.
func (a *Adapters) Merge(p, start *Params) {
	copy(p.Data, start.Data)
	a.each(p, func(m Block, w, _ pair) {
		for i, x := range w.a {
			a.scaled[i] = a.scale() * x
		}
		num.MatMul(m.Data, m.Cols, a.scaled, a.Rank,
			num.Pack(a.scratch, w.b, m.Cols, a.Rank, m.Cols), m.Rows, m.Cols, a.Rank, true)
	})
}

// Gradient returns the gradient of every A and B, laid out like Data, from that of every weight: dA
// = (α/r)·dW·Bᵀ and dB = (α/r)·Aᵀ·dW. The next call overwrites it.
func (a *Adapters) Gradient(grad *Params) []float32 {
	a.each(grad, func(m Block, w, slope pair) {
		num.MatMul(slope.a, a.Rank, m.Data, m.Cols,
			num.PackT(a.scratch, w.b, m.Cols, m.Cols, a.Rank), m.Rows, a.Rank, m.Cols, false)
		num.MatMulTA(slope.b, m.Cols, w.a, a.Rank,
			num.Pack(a.scratch, m.Data, m.Cols, m.Rows, m.Cols), a.Rank, m.Cols, m.Rows, false)
	})
	for i := range a.slope {
		a.slope[i] *= a.scale()
	}
	return a.slope
}

func (a *Adapters) scale() float32 { return loraAlpha / float32(a.Rank) }

// pair is A and B of one matrix, or their gradient.
type pair struct {
	a []float32 // (in,r)
	b []float32 // (r,out)
}

// each calls do with every adapted matrix of p, its weights and their gradient.
func (a *Adapters) each(p *Params, do func(m Block, w, slope pair)) {
	at := 0
	for _, m := range p.Blocks() {
		if m.Rows == 1 || !strings.HasPrefix(m.Name, "layers.") {
			continue
		}
		middle, end := at+m.Rows*a.Rank, at+(m.Rows+m.Cols)*a.Rank
		do(m, pair{a.Data[at:middle], a.Data[middle:end]},
			pair{a.slope[at:middle], a.slope[middle:end]})
		at = end
	}
}
