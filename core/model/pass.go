package model

import "github.com/posttrain/posttrain/core/num"

// Forward fills t.Logp and t.Probs (N,V). Row i is the distribution of the token after token i of
// its sequence, at the network's temperature.
func (t *Tape) Forward(n *Network, b *Batch) {
	n.temper(t.Logits(n, b))
	num.LogSoftmax(t.Logp, t.Probs, t.Logp, t.config.Vocab, len(b.Tokens), t.config.Vocab)
}

// Logits returns the logits (N,V), or the outputs (N) of a scalar shape. The next pass overwrites
// them.
func (t *Tape) Logits(n *Network, b *Batch) []float32 {
	t.reserve(b)
	t.batch = b
	c, rows := t.config, len(b.Tokens)
	embedForward(t.layers[0].x, n.Embed, b.Tokens, c.Dim)
	for i := range t.layers {
		next := t.x
		if i+1 < len(t.layers) {
			next = t.layers[i+1].x
		}
		t.forwardLayer(n, i, next)
	}
	num.RMSNorm(t.xn, t.rstd, t.x, n.Norm, rows, c.Dim, normEps)
	n.head.forward(t.Logp, t.xn, rows, false)
	return t.Logp[:rows*c.Outputs()]
}

// Hidden returns the head's input in the last pass (N,C). The next pass overwrites it.
func (t *Tape) Hidden() []float32 { return t.xn[:len(t.batch.Tokens)*t.config.Dim] }

// Backward adds the direction of ascent of every weight to grad. dlogits (N,V) is the direction of
// ascent at what the last Logits returned, or at the logits of the last Forward after their
// division by the temperature. At a temperature other than 1 the last pass must have been a
// Forward, and dlogits is overwritten.
func (t *Tape) Backward(n *Network, dlogits []float32, grad *Params) {
	c, rows, g := t.config, len(t.batch.Tokens), &t.grad
	n.temper(dlogits)
	n.head.backward(g.dxn, grad.Head, dlogits, t.xn, g.packed, rows, false)
	clear(g.dx[:rows*c.Dim])
	num.RMSNormBackward(g.dx, grad.Norm, g.dxn, t.x, n.Norm, t.rstd, rows, c.Dim)
	for i := len(t.layers) - 1; i >= 0; i-- {
		t.backwardLayer(n, i, &grad.Layers[i])
	}
	embedBackward(grad.Embed, g.dx, t.batch.Tokens, c.Dim)
}

// forwardLayer reads layers[i].x and writes the layer's output to next (N,C),
// which may be layers[i].x itself.
func (t *Tape) forwardLayer(n *Network, i int, next []float32) {
	c, rows := t.config, len(t.batch.Tokens)
	w, m, a := &n.Layers[i], &n.layers[i], &t.layers[i]

	num.RMSNorm(a.xnAttn, a.rstdAttn, a.x, w.AttnNorm, rows, c.Dim, normEps)
	m.query.forward(a.q, a.xnAttn, rows, false)
	m.key.forward(a.k, a.xnAttn, rows, false)
	m.value.forward(a.v, a.xnAttn, rows, false)
	t.eachSequence(func(from, length, square int) {
		at := from * c.Dim
		num.RoPE(a.q[at:], c.Dim, length, c.Heads, c.HeadDim(), n.cos, n.sin, false)
		num.RoPE(a.k[at:], c.Dim, length, c.Heads, c.HeadDim(), n.cos, n.sin, false)
		t.attn.forward(c, a.att[at:], a.probs[c.Heads*square:], a.q[at:], a.k[at:], a.v[at:],
			length)
	})
	copy(a.mid, a.x[:rows*c.Dim])
	m.out.forward(a.mid, a.att, rows, true)

	num.RMSNorm(a.xnMLP, a.rstdMLP, a.mid, w.MLPNorm, rows, c.Dim, normEps)
	m.gate.forward(a.gate, a.xnMLP, rows, false)
	m.up.forward(a.up, a.xnMLP, rows, false)
	num.SwiGLU(a.act[:rows*c.Hidden], a.gate, a.up)
	copy(next, a.mid[:rows*c.Dim])
	m.down.forward(next, a.act, rows, true)
}

// backwardLayer turns grad.dx (N,C) at the layer's output into dx at its input.
func (t *Tape) backwardLayer(n *Network, i int, dw *Layer) {
	c, rows, g := t.config, len(t.batch.Tokens), &t.grad
	w, m, a := &n.Layers[i], &n.layers[i], &t.layers[i]

	m.down.backward(g.da, dw.Down, g.dx, a.act, g.packed, rows, false)
	num.SwiGLUBackward(g.dgate, g.dup, g.da[:rows*c.Hidden], a.gate, a.up)
	m.gate.backward(g.dxn, dw.Gate, g.dgate, a.xnMLP, g.packed, rows, false)
	m.up.backward(g.dxn, dw.Up, g.dup, a.xnMLP, g.packed, rows, true)
	num.RMSNormBackward(g.dx, dw.MLPNorm, g.dxn, a.mid, w.MLPNorm, a.rstdMLP, rows, c.Dim)

	m.out.backward(g.datt, dw.Out, g.dx, a.att, g.packed, rows, false)
	t.eachSequence(func(from, length, square int) {
		at := from * c.Dim
		t.attn.backward(c, g.dq[at:], g.dk[at:], g.dv[at:], g.datt[at:], a.probs[c.Heads*square:],
			a.q[at:], a.k[at:], a.v[at:], length)
		num.RoPE(g.dq[at:], c.Dim, length, c.Heads, c.HeadDim(), n.cos, n.sin, true)
		num.RoPE(g.dk[at:], c.Dim, length, c.Heads, c.HeadDim(), n.cos, n.sin, true)
	})
	m.query.backward(g.dxn, dw.Query, g.dq, a.xnAttn, g.packed, rows, false)
	m.key.backward(g.dxn, dw.Key, g.dk, a.xnAttn, g.packed, rows, true)
	m.value.backward(g.dxn, dw.Value, g.dv, a.xnAttn, g.packed, rows, true)
	num.RMSNormBackward(g.dx, dw.AttnNorm, g.dxn, a.x, w.AttnNorm, a.rstdAttn, rows, c.Dim)
}

// eachSequence calls do with the first token, the length and the offset in
// squared lengths of every sequence.
func (t *Tape) eachSequence(do func(from, length, square int)) {
	square := 0
	for i, from := range t.batch.Start[:len(t.batch.Start)-1] {
		length := t.batch.Start[i+1] - from
		do(from, length, square)
		square += length * length
	}
}
