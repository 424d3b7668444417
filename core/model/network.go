package model

import (
	"sync"

	"github.com/posttrain/posttrain/core/internal/parallel"
	"github.com/posttrain/posttrain/core/num"
)

// Network is Params with what computing needs: a packed copy of every matrix for the forward
// product, and, from the first backward pass on, of its transpose for the backward product. Several
// goroutines may use a Network at a time, but not during Refresh.
type Network struct {
	*Params
	layers []networkLayer
	head   *linear
	packs  *packs
	cos    []float32 // (Context, D/2) rotary table
	sin    []float32 // (Context, D/2)
	temp   float64   // divides the logits before the softmax
}

// packs is what packs the weights of a network.
type packs struct {
	all        []*linear
	team       *parallel.Team
	do         func(worker, item int)
	lock       sync.Mutex // guards the rest where several backward passes begin
	transposed bool       // the transposes are packed, too
}

type networkLayer struct {
	query, key, value, out *linear
	gate, up, down         *linear
}

// NewNetwork returns a network with the weights of p. It keeps p and packs its weights again at
// each Refresh.
func NewNetwork(p *Params) *Network {
	c := p.Config
	n := &Network{Params: p, layers: make([]networkLayer, c.Layers),
		head: newLinear(p.Head, c.Dim, c.Outputs()), temp: 1}
	n.packs = &packs{team: parallel.NewTeam(1)}
	n.packs.do = n.packs.refresh
	for i, l := range p.Layers {
		m := networkLayer{
			query: newLinear(l.Query, c.Dim, c.Dim),
			key:   newLinear(l.Key, c.Dim, c.Dim),
			value: newLinear(l.Value, c.Dim, c.Dim),
			out:   newLinear(l.Out, c.Dim, c.Dim),
			gate:  newLinear(l.Gate, c.Dim, c.Hidden),
			up:    newLinear(l.Up, c.Dim, c.Hidden),
			down:  newLinear(l.Down, c.Hidden, c.Dim),
		}
		n.layers[i] = m
		n.packs.all = append(n.packs.all, m.query, m.key, m.value, m.out, m.gate, m.up, m.down)
	}
	n.packs.all = append(n.packs.all, n.head)
	n.packs.cut(func(m *linear) (*num.Packed, int) {
		return &m.packed, num.PackedLen(m.in, m.out)
	})
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

// Use makes Refresh share its work among the workers of a team. A new network uses a team of one.
func (n *Network) Use(team *parallel.Team) { n.packs.team = team }

// Refresh packs the weights again. It must be called after they change.
func (n *Network) Refresh() { n.packs.team.Do(len(n.packs.all), n.packs.do) }

func (p *packs) refresh(_, item int) {
	m := p.all[item]
	m.packed = num.Pack(m.packed.Data, m.w, m.out, m.in, m.out)
	if p.transposed {
		m.transpose()
	}
}

// transpose packs the transposes, if that is not done yet.
func (n *Network) transpose() {
	n.packs.lock.Lock()
	defer n.packs.lock.Unlock()
	if n.packs.transposed {
		return
	}
	n.packs.cut(func(m *linear) (*num.Packed, int) {
		return &m.packedT, num.PackedLen(m.out, m.in)
	})
	for _, m := range n.packs.all {
		m.transpose()
	}
	n.packs.transposed = true
}

// cut makes one block of memory and gives each matrix its part: field returns which of a matrix's
// packed copies is meant, and its length.
func (p *packs) cut(field func(*linear) (*num.Packed, int)) {
	total := 0
	for _, m := range p.all {
		_, n := field(m)
		total += n
	}
	rest := make([]float32, total)
	for _, m := range p.all {
		packed, n := field(m)
		packed.Data, rest = rest[:n:n], rest[n:]
	}
}

// linear is y = x·W with W (in,out).
type linear struct {
	in, out int
	w       []float32  // (in,out)
	packed  num.Packed // W
	packedT num.Packed // Wᵀ; empty before the first backward pass
}

func newLinear(w []float32, in, out int) *linear {
	return &linear{in: in, out: out, w: w}
}

func (l *linear) transpose() {
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
