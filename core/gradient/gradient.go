// Package gradient turns the coefficients that an objective has written into the gradient of a
// network's weights.
//
// Start with [Policy], which makes a [Computer] for policies, and [Computer.Compute]. Every
// sequence goes forward once more, its coefficients become a direction at the network's outputs
// ([objective.Seam]), and the model's backward pass carries that to the weights.
package gradient

import (
	"slices"

	"github.com/posttrain/posttrain/core/internal/parallel"
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/rollout"
)

const (
	// shards is into how many contiguous parts a step's sequences are always cut. The gradient of
	// each part is one sum in order, and the parts are added in order. It is part of the definition
	// of a step.
	shards = 8

	// microBatch is how many sequences are in memory at once. The result does not depend on it.
	microBatch = 8
)

// Computer owns the memory for the backward pass of a step.
type Computer struct {
	outputs outputs
	threads []thread
	shards  [shards]*model.Params
	used    [shards]bool
	total   *model.Params
}

// outputs says what the outputs of a network are, and so which coefficients reach it.
type outputs struct {
	// reached reports whether a sequence has a coefficient that reaches the outputs and is not
	// zero.
	reached func(objective.Coeff) bool
	forward func(*model.Tape, *model.Network, *model.Batch)
	// ascend writes the ascent direction at the outputs for the policy's token t of a sequence into
	// dout, which is (V), or (1) of a scalar network. On the tape they start at row.
	ascend func(w *thread, dout []float32, row int, it item, t int)
}

var (
	logits = outputs{Reaches, (*model.Tape).Forward, (*thread).logits}
	values = outputs{reachesValue,
		func(t *model.Tape, n *model.Network, b *model.Batch) { t.Logits(n, b) }, (*thread).value}
)

// thread is what one thread works with.
type thread struct {
	tape  *model.Tape
	batch model.Batch
	part  []item
	dout  []float32 // (N,V), or (N) of a scalar network: the ascent direction at the outputs
	ref   []float32 // (V)
}

// item is a sequence with its coefficients.
type item struct {
	seq   *rollout.Sequence
	coeff objective.Coeff
}

// Policy returns what computes gradients of policies of a shape.
func Policy(c model.Config, threads int) *Computer { return newComputer(c, logits, threads) }

// Scalar returns what computes gradients of networks with one output, such as critics and reward
// models, by the coefficients of values.
func Scalar(c model.Config, threads int) *Computer { return newComputer(c, values, threads) }

func newComputer(c model.Config, o outputs, threads int) *Computer {
	g := &Computer{outputs: o, threads: make([]thread, threads), total: model.NewParams(c)}
	for i := range g.threads {
		g.threads[i] = thread{tape: model.NewTape(c, true), ref: make([]float32, c.Vocab)}
	}
	for i := range g.shards {
		g.shards[i] = model.NewParams(c)
	}
	return g
}

// Compute returns the ascent direction of every weight for the coefficients of some sequences. It
// is overwritten by the next call. For a policy, Compute also writes the log-probabilities of its
// tokens into the Logp of each sequence with a coefficient that is not zero.
func (g *Computer) Compute(n *model.Network, sequences []*rollout.Sequence,
	coeffs objective.Coeffs) *model.Params {
	flat := slices.Concat(coeffs...)
	parallel.Do(len(g.threads), shards, func(worker, shard int) {
		from, to := shard*len(sequences)/shards, (shard+1)*len(sequences)/shards
		g.used[shard] = g.threads[worker].shard(n, g.outputs, g.shards[shard], sequences[from:to],
			flat[from:to])
	})
	clear(g.total.Data)
	for i, used := range g.used {
		if used {
			num.Add(g.total.Data, g.shards[i].Data)
		}
	}
	return g.total
}

// shard sums the gradient of one shard into grad, in micro-batches, and reports whether there was
// any. A sequence without a coefficient would add exact zeros, so it is left out.
func (w *thread) shard(n *model.Network, o outputs, grad *model.Params,
	sequences []*rollout.Sequence, coeffs []objective.Coeff) (used bool) {
	w.part = w.part[:0]
	for i, s := range sequences {
		if o.reached(coeffs[i]) {
			w.part = append(w.part, item{s, coeffs[i]})
		}
	}
	if len(w.part) == 0 {
		return false
	}
	clear(grad.Data)
	for from := 0; from < len(w.part); from += microBatch {
		w.backward(n, o, grad, w.part[from:min(from+microBatch, len(w.part))])
	}
	return true
}

func (w *thread) backward(n *model.Network, o outputs, grad *model.Params, items []item) {
	width := n.Config.Outputs()
	w.batch.Reset()
	for _, it := range items {
		w.batch.Append(it.seq.Prompt, it.seq.Response[:len(it.seq.Response)-1])
	}
	o.forward(w.tape, n, &w.batch)
	if need := len(w.batch.Tokens) * width; cap(w.dout) < need {
		w.dout = make([]float32, need)
	}
	w.dout = w.dout[:len(w.batch.Tokens)*width]
	clear(w.dout)
	for i, it := range items {
		at := (w.batch.Start[i] + len(it.seq.Prompt) - 1) * width
		for t := range it.seq.PolicyLen() {
			row := at + it.seq.ResponseIndex(t)*width
			o.ascend(w, w.dout[row:row+width], row, it, t)
		}
	}
	w.tape.Backward(n, w.dout, grad)
}

// logits turns the coefficients of an item's token t into dz (V).
func (w *thread) logits(dz []float32, row int, it item, t int) {
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
	objective.Seam(dz, logp, probs, ref, int(token), float32(c.Logp[t]), float32(c.Entropy[t]),
		float32(c.ExactKL[t]), dense)
}

// value copies the coefficient of the value at token t.
func (w *thread) value(dv []float32, _ int, it item, t int) {
	dv[0] = float32(it.coeff.Value[t])
}

// Reaches reports whether any coefficient that reaches a policy's logits is not zero.
func Reaches(c objective.Coeff) bool {
	for _, channel := range [...][]float64{c.Logp, c.Entropy, c.ExactKL, c.Dense} {
		for _, x := range channel {
			if x != 0 {
				return true
			}
		}
	}
	return false
}

// reachesValue reports whether any coefficient that reaches the output of a scalar network is not
// zero.
func reachesValue(c objective.Coeff) bool {
	return slices.ContainsFunc(c.Value, func(x float64) bool { return x != 0 })
}
