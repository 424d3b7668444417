package model

import "github.com/posttrain/posttrain/core/num"

// Decoder generates many sequences at a time, token by token, with a key-value cache. Its
// log-probabilities equal those of [Tape.Forward] over the whole sequence, bit for bit, because
// each sum runs over the same terms in the same order.
type Decoder struct {
	network *Network
	slots   int
	used    []int // (slots) tokens cached per slot

	// The caches are packed right operands, so that the query row of a step multiplies them
	// directly. For each layer, slot and head:
	keys   []float32 // (D,Context) packed: panels of 16 positions
	values []float32 // (Context,D) packed: panels of 16 channels
	keyLen int       // floats of one head's keys
	valLen int       // floats of one head's values

	x, xn, q, k, v, att []float32 // (rows,C)
	gate, up, act       []float32 // (rows,F)
	rstd                []float32 // (rows)
	scores              []float32 // (Context)
	Logp                []float32 // (rows,V) after Step
	Probs               []float32 // (rows,V)
}

// NewDecoder returns a decoder with caches for a number of sequences, the slots.
func NewDecoder(n *Network, slots int) *Decoder {
	c := n.Config
	d := &Decoder{network: n, slots: slots, used: make([]int, slots),
		keyLen: num.PackedLen(c.HeadDim(), c.Context), valLen: num.PackedLen(c.Context,
			c.HeadDim())}
	d.keys = make([]float32, c.Layers*slots*c.Heads*d.keyLen)
	d.values = make([]float32, c.Layers*slots*c.Heads*d.valLen)
	floats := func(width int) []float32 { return make([]float32, slots*width) }
	d.x, d.xn, d.q, d.k, d.v, d.att = floats(c.Dim), floats(c.Dim), floats(c.Dim), floats(c.Dim),
		floats(c.Dim), floats(c.Dim)
	d.gate, d.up, d.act = floats(c.Hidden), floats(c.Hidden), floats(c.Hidden)
	d.rstd, d.scores = floats(1), make([]float32, c.Context)
	d.Logp, d.Probs = floats(c.Vocab), floats(c.Vocab)
	return d
}

// Reset empties all caches. It is called before another network of the same shape is used, or the
// same one after a Refresh.
func (d *Decoder) Reset(n *Network) {
	d.network = n
	clear(d.used)
}

// Fork copies the cache of slot from to slot to.
func (d *Decoder) Fork(to, from int) {
	c := d.network.Config
	d.used[to] = d.used[from]
	panels := (d.used[from] + num.Panel - 1) / num.Panel
	for l := range c.Layers {
		for h := range c.Heads {
			dst, src := d.head(l, to, h), d.head(l, from, h)
			copy(d.keys[dst*d.keyLen:][:panels*num.Panel*c.HeadDim()], d.keys[src*d.keyLen:])
			for panel := 0; panel < d.valLen; panel += c.Context * num.Panel {
				copy(d.values[dst*d.valLen+panel:][:d.used[from]*num.Panel],
					d.values[src*d.valLen+panel:])
			}
		}
	}
}

func (d *Decoder) head(layer, slot, h int) int {
	return (layer*d.slots+slot)*d.network.Config.Heads + h
}

// Step appends tokens[i] to the sequence in slots[i], and fills row i of Logp and Probs with the
// distribution of the token after it. The slots must differ.
func (d *Decoder) Step(slots []int, tokens []int32) {
	n, c, rows := d.network, d.network.Config, len(slots)
	embedForward(d.x, n.Embed, tokens, c.Dim)
	for i := range n.layers {
		w, m := &n.Layers[i], &n.layers[i]
		num.RMSNorm(d.xn, d.rstd, d.x, w.AttnNorm, rows, c.Dim, normEps)
		m.query.forward(d.q, d.xn, rows, false)
		m.key.forward(d.k, d.xn, rows, false)
		m.value.forward(d.v, d.xn, rows, false)
		for row, slot := range slots {
			d.attend(i, slot, row*c.Dim)
		}
		m.out.forward(d.x, d.att, rows, true)

		num.RMSNorm(d.xn, d.rstd, d.x, w.MLPNorm, rows, c.Dim, normEps)
		m.gate.forward(d.gate, d.xn, rows, false)
		m.up.forward(d.up, d.xn, rows, false)
		num.SwiGLU(d.act[:rows*c.Hidden], d.gate, d.up)
		m.down.forward(d.x, d.act, rows, true)
	}
	for _, slot := range slots {
		d.used[slot]++
	}
	num.RMSNorm(d.xn, d.rstd, d.x, n.Norm, rows, c.Dim, normEps)
	n.head.forward(d.Logp, d.xn, rows, false)
	n.temper(d.Logp[:rows*c.Vocab])
	num.LogSoftmax(d.Logp, d.Probs, d.Logp, c.Vocab, rows, c.Vocab)
}

// attend computes the attention of one row, whose channels begin at index at: it rotates and caches
// the key, caches the value, and writes what the query attends to into att.
func (d *Decoder) attend(layer, slot, at int) {
	n, c := d.network, d.network.Config
	t, hd, head := d.used[slot], c.HeadDim(), d.head(layer, slot, 0)
	num.AttendStep(d.att[at:], d.q[at:], d.k[at:], d.v[at:], d.keys[head*d.keyLen:],
		d.values[head*d.valLen:], d.scores, n.cos[t*hd/2:], n.sin[t*hd/2:], c.Heads, hd, c.Context,
		t, attentionScale(c))
}

// Slots returns the number of sequences that the decoder has caches for.
func (d *Decoder) Slots() int { return d.slots }
