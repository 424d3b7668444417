package train

import (
	"slices"

	"github.com/posttrain/posttrain/core/internal/parallel"
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/rollout"
)

const (
	// shards is into how many contiguous parts a step's sequences are always
	// cut; each part's gradient is one sum in order, and the parts are added in
	// order. It is part of the definition of a step.
	shards = 8

	// microBatch is how many sequences are in memory at once. It leaves no trace
	// in the result.
	microBatch = 8
)

// gradients owns the memory for the backward pass of a step.
type gradients struct {
	config  model.Config
	through channel
	workers []gradientWorker
	shards  [shards]*model.Params
	used    [shards]bool
	total   *model.Params
}

type gradientWorker struct {
	tape  *model.Tape
	batch model.Batch
	part  []item
	dout  []float32 // (N,V), or (N) of a scalar network: the ascent direction at the outputs
	ref   []float32 // (V)
}

// channel is how coefficients reach a network.
type channel struct {
	active func(objective.Coeff) bool // whether any of those that do is not zero
	pass   func(*model.Tape, *model.Network, *model.Batch)
	// push writes the ascent direction at the outputs for the policy's token t into dout (V), or (1) of a scalar network. They
	// start at row of what the pass left on the tape.
	push func(w *gradientWorker, dout []float32, row int, it item, t int)
}

// throughLogits is the channel into a policy, throughValues that into a critic.
var (
	throughLogits = channel{active, (*model.Tape).Forward, (*gradientWorker).logits}
	throughValues = channel{valued, func(t *model.Tape, n *model.Network, b *model.Batch) { t.Logits(n, b) }, (*gradientWorker).value}
)

// item is a sequence with its coefficients.
type item struct {
	seq   *rollout.Sequence
	coeff objective.Coeff
}

func newGradients(c model.Config, through channel, workers int) *gradients {
	g := &gradients{config: c, through: through, workers: make([]gradientWorker, workers), total: model.NewParams(c)}
	for i := range g.workers {
		g.workers[i] = gradientWorker{tape: model.NewTape(c, true), ref: make([]float32, c.Vocab)}
	}
	for i := range g.shards {
		g.shards[i] = model.NewParams(c)
	}
	return g
}

// compute returns the ascent direction of every weight for the coefficients.
// Through logits, it also writes the policy's log-probabilities into each
// sequence it passes.
func (g *gradients) compute(n *model.Network, sequences []*rollout.Sequence, coeffs objective.Coeffs) *model.Params {
	var flat []objective.Coeff
	for _, group := range coeffs {
		flat = append(flat, group...)
	}
	parallel.Do(len(g.workers), shards, func(worker, shard int) {
		from, to := shard*len(sequences)/shards, (shard+1)*len(sequences)/shards
		g.used[shard] = g.workers[worker].shard(n, g.through, g.shards[shard], sequences[from:to], flat[from:to])
	})
	clear(g.total.Data)
	for i, used := range g.used {
		if used {
			num.Add(g.total.Data, g.shards[i].Data)
		}
	}
	return g.total
}

// shard sums the gradient of one shard into grad, in micro-batches; it reports
// whether there was any. A sequence without a coefficient adds exact zeros and
// is left out.
func (w *gradientWorker) shard(n *model.Network, through channel, grad *model.Params, sequences []*rollout.Sequence, coeffs []objective.Coeff) (used bool) {
	w.part = w.part[:0]
	for i, s := range sequences {
		if through.active(coeffs[i]) {
			w.part = append(w.part, item{s, coeffs[i]})
		}
	}
	if len(w.part) == 0 {
		return false
	}
	clear(grad.Data)
	for from := 0; from < len(w.part); from += microBatch {
		w.backward(n, through, grad, w.part[from:min(from+microBatch, len(w.part))])
	}
	return true
}

func (w *gradientWorker) backward(n *model.Network, through channel, grad *model.Params, items []item) {
	width := n.Config.Outputs()
	w.batch.Reset()
	for _, it := range items {
		w.batch.Append(it.seq.Prompt, it.seq.Response[:len(it.seq.Response)-1])
	}
	through.pass(w.tape, n, &w.batch)
	if need := len(w.batch.Tokens) * width; cap(w.dout) < need {
		w.dout = make([]float32, need)
	}
	w.dout = w.dout[:len(w.batch.Tokens)*width]
	clear(w.dout)
	for i, it := range items {
		at := (w.batch.Start[i] + len(it.seq.Prompt) - 1) * width
		for t := range it.seq.PolicyLen() {
			row := at + it.seq.ResponseIndex(t)*width
			through.push(w, w.dout[row:row+width], row, it, t)
		}
	}
	w.tape.Backward(n, w.dout, grad)
}

// logits turns the coefficients of an item's token t into dz (V).
func (w *gradientWorker) logits(dz []float32, row int, it item, t int) {
	c, vocab, token := it.coeff, len(dz), it.seq.Response[it.seq.ResponseIndex(t)]
	logp, probs := w.tape.Logp[row:row+vocab], w.tape.Probs[row:row+vocab]
	it.seq.Logp[t] = float64(logp[token])
	var ref []float32
	if c.ExactKL[t] != 0 {
		ref = w.ref
		for j := range ref {
			ref[j] = float32(it.seq.RefDist[t*vocab+j])
		}
	}
	var dense []float64
	if c.Dense != nil {
		dense = c.Dense[t*vocab : (t+1)*vocab]
	}
	objective.Seam(dz, logp, probs, ref, int(token), float32(c.Logp[t]), float32(c.Entropy[t]), float32(c.ExactKL[t]), dense)
}

// value hands on the coefficient of the value at token t.
func (w *gradientWorker) value(dv []float32, _ int, it item, t int) {
	dv[0] = float32(it.coeff.Value[t])
}

// active says whether any channel that reaches the network is not zero.
func active(c objective.Coeff) bool {
	for _, channel := range [...][]float64{c.Logp, c.Entropy, c.ExactKL, c.Dense} {
		for _, x := range channel {
			if x != 0 {
				return true
			}
		}
	}
	return false
}

// valued says whether the channel that reaches a critic is not zero.
func valued(c objective.Coeff) bool {
	return slices.ContainsFunc(c.Value, func(x float64) bool { return x != 0 })
}
