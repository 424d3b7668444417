package model

import "github.com/posttrain/posttrain/core/num"

// How a pass is split, among threads and into what has to be computed. Every number that a pass
// computes is one sum in a fixed order, whoever computes it, so nothing here changes a result.

// pass is the state of the pass that a tape is in.
type pass struct {
	steps    steps
	network  *Network
	batch    *Batch
	layer    int
	next     []float32 // (N,C) the output of a layer
	dlogits  []float32 // (N,V)
	grad     *Params
	norm     norm      // whose weights' gradient is due
	products []product // and these

	sequences []sequence
	shares    bool   // whether a sequence shares tokens with the one before it
	own       []span // the rows that are computed: all but the shared ones
	all       []span // all rows
}

// span is a range of rows.
type span struct{ from, to int }

func (s span) rows() int { return s.to - s.from }

// sequence is where a sequence of the batch lies in the arrays of a tape.
type sequence struct {
	from, t int // its first row, and how many there are
	square  int // the squared lengths of the sequences before it, summed
	// shared is how many of its first tokens are those of the sequence before it. What a forward
	// pass computes for them is the same, so it is copied.
	shared int
}

// Sharing fewer tokens, or a smaller part of the sequence, costs more than it saves: the rows that
// are left are computed in shorter runs.
const (
	minShared  = 4
	shareParts = 8
)

// begin plans a pass over a batch.
func (p *pass) begin(n *Network, b *Batch, threads int) {
	p.network, p.batch = n, b
	p.sequences, p.own, p.all, p.shares = p.sequences[:0], p.own[:0], p.all[:0], false
	square, computed := 0, 0
	for i, from := range b.Start[:len(b.Start)-1] {
		s := sequence{from: from, t: b.Start[i+1] - from, square: square, shared: b.shared(i)}
		p.sequences = append(p.sequences, s)
		p.shares = p.shares || s.shared > 0
		square += s.t * s.t
		computed += s.t - s.shared
	}
	from := 0
	for _, s := range p.sequences {
		if s.shared > 0 {
			p.own = appendSpans(p.own, span{from, s.from}, computed, threads)
			from = s.from + s.shared
		}
	}
	p.own = appendSpans(p.own, span{from, len(b.Tokens)}, computed, threads)
	p.all = appendSpans(p.all, span{0, len(b.Tokens)}, len(b.Tokens), threads)
}

// shared returns how many of the first tokens of sequence i are those of the one before it; 0 if
// they are not worth being shared.
func (b *Batch) shared(i int) int {
	if i == 0 {
		return 0
	}
	before, s := b.Tokens[b.Start[i-1]:b.Start[i]], b.Tokens[b.Start[i]:b.Start[i+1]]
	n := 0
	for n < min(len(before), len(s)) && before[n] == s[n] {
		n++
	}
	if n < minShared || shareParts*n < len(s) {
		return 0
	}
	return n
}

// appendSpans appends the rows of s in pieces of the size that divides rows among threads.
func appendSpans(spans []span, s span, rows, threads int) []span {
	const least = 16 // rows that are worth a piece
	size := rows
	if threads > 1 {
		size = max(least, (rows+threads-1)/threads)
	}
	for s.from < s.to {
		to := min(s.from+size, s.to)
		spans = append(spans, span{s.from, to})
		s.from = to
	}
	return spans
}

// copyRows fills in the shared rows of an array with a number of columns.
func (p *pass) copyRows(data []float32, columns int) {
	if !p.shares {
		return
	}
	for i, s := range p.sequences {
		if s.shared > 0 {
			copy(data[s.from*columns:][:s.shared*columns],
				data[p.sequences[i-1].from*columns:])
		}
	}
}

// layerArrays is the number of arrays with a row for each token that a backward pass reads of a
// layer, but for keys and values, which are copied before attention.
const layerArrays = 11

// copyLayer fills in the shared rows of one of the layer's arrays, or of its probabilities.
func (t *Tape) copyLayer(_, item int) {
	c, a := t.config, &t.layers[t.pass.layer]
	if item == layerArrays {
		t.pass.copyProbs(a.probs, c.Heads)
		return
	}
	array := [layerArrays]struct {
		data    []float32
		columns int
	}{
		{a.x, c.Dim}, {a.rstdAttn, 1}, {a.xnAttn, c.Dim}, {a.q, c.Dim}, {a.att, c.Dim},
		{a.mid, c.Dim}, {a.rstdMLP, 1}, {a.xnMLP, c.Dim},
		{a.gate, c.Hidden}, {a.up, c.Hidden}, {a.act, c.Hidden},
	}[item]
	t.pass.copyRows(array.data, array.columns)
}

// copyProbs fills in the shared rows of the attention's probabilities, which are as long as their
// sequence.
func (p *pass) copyProbs(probs []float32, heads int) {
	for i, s := range p.sequences {
		if s.shared == 0 {
			continue
		}
		before := p.sequences[i-1]
		for h := range heads {
			to, from := probs[heads*s.square+h*s.t*s.t:], probs[heads*before.square+
				h*before.t*before.t:]
			for row := range s.shared {
				copy(to[row*s.t:][:row+1], from[row*before.t:])
				clear(to[row*s.t+row+1 : (row+1)*s.t])
			}
		}
	}
}

// rotate rotates some heads of a sequence's rows, from a position on. x (T,C) begins with the
// sequence.
func (p *pass) rotate(x []float32, part heads, position int, inverse bool) {
	c := p.network.Config
	if part.t == position {
		return // the last sequence may have no rows but shared ones, and x ends there
	}
	first, table := position*c.Dim+part.from*c.HeadDim(), position*c.HeadDim()/2
	num.RoPE(x[first:], c.Dim, part.t-position, part.to-part.from, c.HeadDim(),
		p.network.cos[table:], p.network.sin[table:], inverse)
}

// attentionItems returns the number of items that attention is split into: one for each sequence,
// or one for each of its heads where several threads share a pass.
func (t *Tape) attentionItems() int { return len(t.pass.sequences) * t.headGroups() }

func (t *Tape) headGroups() int {
	if t.team.Size() == 1 {
		return 1
	}
	return t.config.Heads
}

// attentionItem returns the sequence and the heads of an item.
func (t *Tape) attentionItem(item int) (sequence, heads) {
	groups := t.headGroups()
	s, size := t.pass.sequences[item/groups], t.config.Heads/groups
	from := item % groups * size
	return s, heads{from, from + size, s.t}
}

// product is the gradient of a matrix that is due: dw (in,out) += xᵀ·dy, summed over the rows in
// order, where dy is (N,out) and x is (N,in).
type product struct {
	dw, dy, x []float32
	of        *linear
}

// norm is the gradient of a norm's weights that is due: dw (C), for the gradient at the norm's
// result in dxn.
type norm struct{ dw, x, rstd []float32 }

// groupCols returns how many columns of a matrix's gradient are computed together.
func (t *Tape) groupCols() int {
	c, most := t.config, 16*num.Panel
	if t.team.Size() > 1 {
		most = 4 * num.Panel
	}
	return min(most, num.PackedLen(1, max(c.Dim, c.Hidden, c.Outputs())))
}

// weights adds the gradients of a norm's weights, if any, and of some matrices.
func (t *Tape) weights(of norm, products ...product) {
	p := &t.pass
	p.norm, p.products = of, append(p.products[:0], products...)
	items := 0
	if of.dw != nil && t.team.Size() > 1 {
		items++
	}
	for _, m := range products {
		items += t.groups(m.of.out)
	}
	t.team.Do(items, p.steps.weights)
}

func (t *Tape) groups(columns int) int { return (columns + t.groupCols() - 1) / t.groupCols() }

// weightItem computes some columns of a matrix's gradient, or that of the norm.
func (t *Tape) weightItem(worker, item int) {
	p, rows := &t.pass, len(t.pass.batch.Tokens)
	for _, m := range p.products {
		groups := t.groups(m.of.out)
		if item >= groups {
			item -= groups
			continue
		}
		from, out := item*t.groupCols(), m.of.out
		columns := min(t.groupCols(), out-from)
		packed := num.Pack(t.scratch[worker].packed, m.dy[from:], out, rows, columns)
		num.MatMulTA(m.dw[from:], out, m.x, m.of.in, packed, m.of.in, columns, rows, true)
		return
	}
	p.norm.add(t.grad.dxn, rows)
}

// add adds the gradient as [num.RMSNormBackward] does.
func (n norm) add(dy []float32, rows int) {
	width := len(n.dw)
	for i, rstd := range n.rstd[:rows] {
		dy, x := dy[i*width:(i+1)*width], n.x[i*width:(i+1)*width]
		for j, v := range x {
			n.dw[j] += float32(dy[j] * (v * rstd))
		}
	}
}

// normWeights returns where the backward pass of a norm adds the gradient of its weights. That is
// dw for one thread. Several of them would add their rows in any order, so they compute it once
// more: see weights.
func (t *Tape) normWeights(worker int, dw []float32) []float32 {
	if t.team.Size() == 1 {
		return dw
	}
	return t.scratch[worker].norm
}
