package model

import "github.com/posttrain/posttrain/core/num"

// Forward fills t.Logp and t.Probs (N,V). Row i is the distribution of the token after token i of
// its sequence, at the network's temperature.
func (t *Tape) Forward(n *Network, b *Batch) {
	t.Logits(n, b)
	t.team.Do(len(t.pass.own), t.pass.steps.softmax)
	t.pass.copyRows(t.Logp, t.config.Vocab)
	t.pass.copyRows(t.Probs, t.config.Vocab)
}

// Logits returns the logits (N,V), or the outputs (N) of a scalar shape. The next pass overwrites
// them.
func (t *Tape) Logits(n *Network, b *Batch) []float32 {
	t.reserve(b)
	p := &t.pass
	p.begin(n, b, t.team.Size())
	embedForward(t.layers[0].x, n.Embed, b.Tokens, t.config.Dim)
	for i := range t.layers {
		p.next = t.x
		if i+1 < len(t.layers) {
			p.next = t.layers[i+1].x
		}
		t.forwardLayer(i)
	}
	t.team.Do(len(p.own), p.steps.head)
	if p.shares {
		p.copyRows(t.x, t.config.Dim)
		p.copyRows(t.rstd, 1)
		p.copyRows(t.xn, t.config.Dim)
		p.copyRows(t.Logp, t.config.Outputs())
	}
	return t.Logp[:len(b.Tokens)*t.config.Outputs()]
}

// Hidden returns the head's input in the last pass (N,C). The next pass overwrites it.
func (t *Tape) Hidden() []float32 { return t.xn[:len(t.pass.batch.Tokens)*t.config.Dim] }

// Backward adds the direction of ascent of every weight to grad. dlogits (N,V) is the direction of
// ascent at what the last Logits returned, or at the logits of the last Forward after their
// division by the temperature. At a temperature other than 1 the last pass must have been a
// Forward, and dlogits is overwritten.
func (t *Tape) Backward(n *Network, dlogits []float32, grad *Params) {
	p, g := &t.pass, &t.grad
	p.network, p.dlogits, p.grad = n, dlogits, grad
	n.transpose()
	n.temper(dlogits)
	t.team.Do(len(p.all), p.steps.headBackward)
	t.weights(norm{grad.Norm, t.x, t.rstd}, product{grad.Head, dlogits, t.xn, n.head})
	for i := len(t.layers) - 1; i >= 0; i-- {
		t.backwardLayer(i)
	}
	embedBackward(grad.Embed, g.dx, p.batch.Tokens, t.config.Dim)
}

// steps are the parts of a pass that the threads share, as functions for [parallel.Team.Do]. They
// are made once, because making one allocates.
type steps struct {
	beforeAttention, attend, afterAttention, head, softmax func(worker, item int) // forward
	copyLayer                                              func(worker, item int)

	headBackward, mlpBackward, outBackward, attendBackward, queryBackward, weights func(worker,
		item int)
}

func newSteps(t *Tape) steps {
	return steps{
		beforeAttention: t.beforeAttention, attend: t.attend, afterAttention: t.afterAttention,
		head: t.head, softmax: t.softmax, copyLayer: t.copyLayer,
		headBackward: t.headBackward, mlpBackward: t.mlpBackward, outBackward: t.outBackward,
		attendBackward: t.attendBackward, queryBackward: t.queryBackward, weights: t.weightItem,
	}
}

// forwardLayer reads layers[i].x and writes the layer's output to pass.next (N,C),
// which may be layers[i].x itself.
func (t *Tape) forwardLayer(i int) {
	p, a := &t.pass, &t.layers[i]
	p.layer = i
	t.team.Do(len(p.own), p.steps.beforeAttention)
	p.copyRows(a.k, t.config.Dim)
	p.copyRows(a.v, t.config.Dim)
	t.team.Do(t.attentionItems(), p.steps.attend)
	t.team.Do(len(p.own), p.steps.afterAttention)
	if p.shares && t.keep {
		t.team.Do(layerArrays+1, p.steps.copyLayer)
	}
}

func (t *Tape) beforeAttention(_, item int) {
	p, c := &t.pass, t.config
	w, m, a := &p.network.Layers[p.layer], &p.network.layers[p.layer], &t.layers[p.layer]
	from, rows := p.own[item].from, p.own[item].rows()
	at := from * c.Dim

	num.RMSNorm(a.xnAttn[at:], a.rstdAttn[from:], a.x[at:], w.AttnNorm, rows, c.Dim, normEps)
	m.query.forward(a.q[at:], a.xnAttn[at:], rows, false)
	m.key.forward(a.k[at:], a.xnAttn[at:], rows, false)
	m.value.forward(a.v[at:], a.xnAttn[at:], rows, false)
}

func (t *Tape) attend(worker, item int) {
	p, c, a := &t.pass, t.config, &t.layers[t.pass.layer]
	s, part := t.attentionItem(item)
	at := s.from * c.Dim
	p.rotate(a.q[at:], part, s.shared, false)
	p.rotate(a.k[at:], part, 0, false)
	t.scratch[worker].attn.forward(c, a.att[at:], a.probs[c.Heads*s.square:], a.q[at:], a.k[at:],
		a.v[at:], part, s.shared)
}

func (t *Tape) afterAttention(_, item int) {
	p, c := &t.pass, t.config
	w, m, a := &p.network.Layers[p.layer], &p.network.layers[p.layer], &t.layers[p.layer]
	from, rows := p.own[item].from, p.own[item].rows()
	at, hidden := from*c.Dim, from*c.Hidden

	copy(a.mid[at:][:rows*c.Dim], a.x[at:])
	m.out.forward(a.mid[at:], a.att[at:], rows, true)
	num.RMSNorm(a.xnMLP[at:], a.rstdMLP[from:], a.mid[at:], w.MLPNorm, rows, c.Dim, normEps)
	m.gate.forward(a.gate[hidden:], a.xnMLP[at:], rows, false)
	m.up.forward(a.up[hidden:], a.xnMLP[at:], rows, false)
	num.SwiGLU(a.act[hidden:][:rows*c.Hidden], a.gate[hidden:], a.up[hidden:])
	copy(p.next[at:][:rows*c.Dim], a.mid[at:])
	m.down.forward(p.next[at:], a.act[hidden:], rows, true)
}

func (t *Tape) head(_, item int) {
	p, c := &t.pass, t.config
	from, rows := p.own[item].from, p.own[item].rows()
	at := from * c.Dim
	num.RMSNorm(t.xn[at:], t.rstd[from:], t.x[at:], p.network.Norm, rows, c.Dim, normEps)
	p.network.head.forward(t.Logp[from*c.Outputs():], t.xn[at:], rows, false)
}

func (t *Tape) softmax(_, item int) {
	p, vocab := &t.pass, t.config.Vocab
	at, rows := p.own[item].from*vocab, p.own[item].rows()
	logp := t.Logp[at : at+rows*vocab]
	p.network.temper(logp)
	num.LogSoftmax(logp, t.Probs[at:], logp, vocab, rows, vocab)
}

// backwardLayer turns grad.dx (N,C) at the layer's output into dx at its input.
func (t *Tape) backwardLayer(i int) {
	p, g, a := &t.pass, &t.grad, &t.layers[i]
	m, dw := &p.network.layers[i], &p.grad.Layers[i]
	p.layer = i

	t.team.Do(len(p.all), p.steps.mlpBackward)
	t.weights(norm{dw.MLPNorm, a.mid, a.rstdMLP},
		product{dw.Down, g.dx, a.act, m.down},
		product{dw.Gate, g.dgate, a.xnMLP, m.gate},
		product{dw.Up, g.dup, a.xnMLP, m.up})
	t.team.Do(len(p.all), p.steps.outBackward)
	t.weights(norm{}, product{dw.Out, g.dx, a.att, m.out})
	t.team.Do(t.attentionItems(), p.steps.attendBackward)
	t.team.Do(len(p.all), p.steps.queryBackward)
	t.weights(norm{dw.AttnNorm, a.x, a.rstdAttn},
		product{dw.Query, g.dq, a.xnAttn, m.query},
		product{dw.Key, g.dk, a.xnAttn, m.key},
		product{dw.Value, g.dv, a.xnAttn, m.value})
}

func (t *Tape) headBackward(worker, item int) {
	p, c, g := &t.pass, t.config, &t.grad
	from, rows := p.all[item].from, p.all[item].rows()
	at := from * c.Dim
	p.network.head.backward(g.dxn[at:], p.dlogits[from*c.Outputs():], rows, false)
	clear(g.dx[at:][:rows*c.Dim])
	num.RMSNormBackward(g.dx[at:], t.normWeights(worker, p.grad.Norm), g.dxn[at:], t.x[at:],
		p.network.Norm, t.rstd[from:], rows, c.Dim)
}

// mlpBackward leaves the gradient at the MLP's norm in dxn.
func (t *Tape) mlpBackward(_, item int) {
	p, c, g := &t.pass, t.config, &t.grad
	m, a := &p.network.layers[p.layer], &t.layers[p.layer]
	from, rows := p.all[item].from, p.all[item].rows()
	at, hidden := from*c.Dim, from*c.Hidden

	m.down.backward(g.da[hidden:], g.dx[at:], rows, false)
	num.SwiGLUBackward(g.dgate[hidden:], g.dup[hidden:], g.da[hidden:][:rows*c.Hidden],
		a.gate[hidden:], a.up[hidden:])
	m.gate.backward(g.dxn[at:], g.dgate[hidden:], rows, false)
	m.up.backward(g.dxn[at:], g.dup[hidden:], rows, true)
}

// outBackward carries dxn through the MLP's norm and the output of attention.
func (t *Tape) outBackward(worker, item int) {
	p, c, g := &t.pass, t.config, &t.grad
	a, dw := &t.layers[p.layer], &p.grad.Layers[p.layer]
	from, rows := p.all[item].from, p.all[item].rows()
	at := from * c.Dim

	num.RMSNormBackward(g.dx[at:], t.normWeights(worker, dw.MLPNorm), g.dxn[at:], a.mid[at:],
		p.network.Layers[p.layer].MLPNorm, a.rstdMLP[from:], rows, c.Dim)
	p.network.layers[p.layer].out.backward(g.datt[at:], g.dx[at:], rows, false)
}

func (t *Tape) attendBackward(worker, item int) {
	p, c, g, a := &t.pass, t.config, &t.grad, &t.layers[t.pass.layer]
	s, part := t.attentionItem(item)
	at := s.from * c.Dim
	t.scratch[worker].attn.backward(c, g.dq[at:], g.dk[at:], g.dv[at:], g.datt[at:],
		a.probs[c.Heads*s.square:], a.q[at:], a.k[at:], a.v[at:], part)
	p.rotate(g.dq[at:], part, 0, true)
	p.rotate(g.dk[at:], part, 0, true)
}

// queryBackward carries dq, dk and dv to the layer's input.
func (t *Tape) queryBackward(worker, item int) {
	p, c, g := &t.pass, t.config, &t.grad
	m, a, dw := &p.network.layers[p.layer], &t.layers[p.layer], &p.grad.Layers[p.layer]
	from, rows := p.all[item].from, p.all[item].rows()
	at := from * c.Dim

	m.query.backward(g.dxn[at:], g.dq[at:], rows, false)
	m.key.backward(g.dxn[at:], g.dk[at:], rows, true)
	m.value.backward(g.dxn[at:], g.dv[at:], rows, true)
	num.RMSNormBackward(g.dx[at:], t.normWeights(worker, dw.AttnNorm), g.dxn[at:], a.x[at:],
		p.network.Layers[p.layer].AttnNorm, a.rstdAttn[from:], rows, c.Dim)
}
