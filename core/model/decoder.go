package model

import (
	"github.com/posttrain/posttrain/core/internal/parallel"
	"github.com/posttrain/posttrain/core/num"
)

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
	scores              []float32 // (rows,Context)
	Logp                []float32 // (rows,V) after Step
	Probs               []float32 // (rows,V)

	team *parallel.Team
	do   func(from, to int)

	// of the step that is going on
	stepping []int   // the slots
	tokens   []int32 // the next token of each
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
	d.rstd, d.scores = floats(1), floats(c.Context)
	d.Logp, d.Probs = floats(c.Vocab), floats(c.Vocab)
	d.do = d.rows
	d.Use(parallel.NewTeam(1))
	return d
}

// Use makes the steps that follow share their rows among the workers of a team. The results are the
// same. A new decoder uses a team of one.
func (d *Decoder) Use(team *parallel.Team) { d.team = team }

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
	d.stepping, d.tokens = slots, tokens
	d.team.Ranges(len(slots), d.do)
	for _, slot := range slots {
		d.used[slot]++
	}
	d.stepping, d.tokens = nil, nil
}

// rows computes some rows of a step. No row reads anything of another one.
func (d *Decoder) rows(from, to int) {
	if from == to {
		return
	}
	n, c, rows := d.network, d.network.Config, to-from
	at, hidden := from*c.Dim, from*c.Hidden
	x, xn, rstd := d.x[at:], d.xn[at:], d.rstd[from:]
	embedForward(x, n.Embed, d.tokens[from:to], c.Dim)
	for i := range n.layers {
		w, m := &n.Layers[i], &n.layers[i]
		num.RMSNorm(xn, rstd, x, w.AttnNorm, rows, c.Dim, normEps)
		m.query.forward(d.q[at:], xn, rows, false)
		m.key.forward(d.k[at:], xn, rows, false)
		m.value.forward(d.v[at:], xn, rows, false)
		for row := from; row < to; row++ {
			d.attend(i, row)
		}
		m.out.forward(x, d.att[at:], rows, true)

		num.RMSNorm(xn, rstd, x, w.MLPNorm, rows, c.Dim, normEps)
		m.gate.forward(d.gate[hidden:], xn, rows, false)
		m.up.forward(d.up[hidden:], xn, rows, false)
		num.SwiGLU(d.act[hidden:][:rows*c.Hidden], d.gate[hidden:], d.up[hidden:])
		m.down.forward(x, d.act[hidden:], rows, true)
	}
	num.RMSNorm(xn, rstd, x, n.Norm, rows, c.Dim, normEps)
	logp := d.Logp[from*c.Vocab : to*c.Vocab]
	n.head.forward(logp, xn, rows, false)
	n.temper(logp)
	num.LogSoftmax(logp, d.Probs[from*c.Vocab:], logp, c.Vocab, rows, c.Vocab)
}

// attend computes the attention of one row: it rotates and caches the key, caches the value, and
// writes what the query attends to into att.
func (d *Decoder) attend(layer, row int) {
	n, c, slot := d.network, d.network.Config, d.stepping[row]
	t, hd, at := d.used[slot], c.HeadDim(), row*c.Dim
	head, scores := d.head(layer, slot, 0), d.scores[row*c.Context:][:c.Context]
	num.AttendStep(d.att[at:], d.q[at:], d.k[at:], d.v[at:], d.keys[head*d.keyLen:],
		d.values[head*d.valLen:], scores, n.cos[t*hd/2:], n.sin[t*hd/2:], c.Heads, hd, c.Context,
		t, attentionScale(c))
}

// Slots returns the number of sequences that the decoder has caches for.
func (d *Decoder) Slots() int { return d.slots }
