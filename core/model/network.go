package model

import "github.com/posttrain/posttrain/core/num"

// Network is Params with what computing needs: a packed copy of every matrix for the forward
// product, and of its transpose for the backward product. Several goroutines may use a Network at a
// time, but not during Refresh.
type Network struct {
	*Params
	layers []networkLayer
	head   linear
	cos    []float32 // (Context, D/2) rotary table
	sin    []float32 // (Context, D/2)
	temp   float64   // divides the logits before the softmax
}

type networkLayer struct {
	query, key, value, out linear
	gate, up, down         linear
}

// NewNetwork returns a network with the weights of p. It keeps p and packs its weights again at
// each Refresh.
func NewNetwork(p *Params) *Network {
	c := p.Config
	n := &Network{Params: p, layers: make([]networkLayer, c.Layers),
		head: newLinear(p.Head, c.Dim, c.Outputs()), temp: 1}
	for i, l := range p.Layers {
		n.layers[i] = networkLayer{
			query: newLinear(l.Query, c.Dim, c.Dim),
			key:   newLinear(l.Key, c.Dim, c.Dim),
			value: newLinear(l.Value, c.Dim, c.Dim),
			out:   newLinear(l.Out, c.Dim, c.Dim),
			gate:  newLinear(l.Gate, c.Dim, c.Hidden),
			up:    newLinear(l.Up, c.Dim, c.Hidden),
			down:  newLinear(l.Down, c.Hidden, c.Dim),
		}
	}
	n.cos, n.sin = rotaryTable(c)
	n.Refresh()
	return n
}

// WithTemp returns the network as a policy at a temperature. Its logits are divided by temp before
// the softmax; its distributions and gradients follow from that. It shares the weights and their
// packed copies with n.
func (n *Network) WithTemp(temp float64) *Network {
	tempered := *n
	tempered.temp = temp
	return &tempered
}

// Temp returns the temperature of the network's distributions. It is 1 unless [Network.WithTemp]
// set another.
func (n *Network) Temp() float64 { return n.temp }

// temper divides rows of logits, or of their gradient, by the temperature.
func (n *Network) temper(logits []float32) {
	if n.temp == 1 {
		return
	}
	inverse := float32(1 / n.temp)
	for i := range logits {
		logits[i] *= inverse
	}
}

// Refresh packs the weights again. It must be called after they change.
func (n *Network) Refresh() {
	for i := range n.layers {
		l := &n.layers[i]
		for _, m := range [...]*linear{&l.query, &l.key, &l.value, &l.out, &l.gate, &l.up,
			&l.down} {
			m.refresh()
		}
	}
	n.head.refresh()
}

// linear is y = x·W with W (in,out).
type linear struct {
	in, out int
	w       []float32  // (in,out)
	packed  num.Packed // W
	packedT num.Packed // Wᵀ
}

func newLinear(w []float32, in, out int) linear {
	return linear{in: in, out: out, w: w,
		packed:  num.Packed{Data: make([]float32, num.PackedLen(in, out))},
		packedT: num.Packed{Data: make([]float32, num.PackedLen(out, in))},
	}
}

func (l *linear) refresh() {
	l.packed = num.Pack(l.packed.Data, l.w, l.out, l.in, l.out)
	l.packedT = num.PackT(l.packedT.Data, l.w, l.out, l.out, l.in)
}

// forward computes y (rows,out) = x (rows,in)·W, or adds it to y.
func (l *linear) forward(y, x []float32, rows int, add bool) {
	num.MatMul(y, l.out, x, l.in, l.packed, rows, l.out, l.in, add)
}

// backward computes dx (rows,in) = dy (rows,out)·Wᵀ, or adds it to dx.
func (l *linear) backward(dx, dy []float32, rows int, add bool) {
	num.MatMul(dx, l.in, dy, l.out, l.packedT, rows, l.in, l.out, add)
}
