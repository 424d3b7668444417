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
	outputs   outputs
	workers   []worker       // each does a shard at a time
	team      *parallel.Team // of the workers
	total     *model.Params
	work, add func(worker, shard int)
	addRange  func(from, to int)

	// of the call of Compute that is going on
	begun     bool          // total holds a shard
	part      *model.Params // is added to it
	network   *model.Network
	sequences []*rollout.Sequence
	coeffs    []objective.Coeff
}

// outputs says what the outputs of a network are, and so which coefficients reach it.
type outputs struct {
	// reached reports whether a sequence has a coefficient that reaches the outputs and is not
	// zero.
	reached func(objective.Coeff) bool
	forward func(*model.Tape, *model.Network, *model.Batch)
	// ascend writes the ascent direction at the outputs for the policy's token t of a sequence into
	// dout, which is (V), or (1) of a scalar network. On the tape they start at row.
	ascend func(w *worker, dout []float32, row int, it item, t int)
}

var (
	logits = outputs{Reaches, (*model.Tape).Forward, (*worker).logits}
	values = outputs{reachesValue,
		func(t *model.Tape, n *model.Network, b *model.Batch) { t.Logits(n, b) }, (*worker).value}
)

// worker is the memory for one shard.
type worker struct {
	tape  *model.Tape
	batch model.Batch
	part  []item
	team  *parallel.Team // the threads inside a pass
	grad  *model.Params  // of the shard, if part is not empty
	zero  func(from, to int)
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
	return newSplit(c, o, c.Split(threads, shards))
}

// newSplit is newComputer for a given use of the threads, on which the result does not depend.
func newSplit(c model.Config, o outputs, split model.Split) *Computer {
	g := &Computer{outputs: o, workers: make([]worker, split.Outside),
		team: parallel.NewTeam(split.Outside), total: model.NewParams(c)}
	for i := range g.workers {
		w := &g.workers[i]
		*w = worker{tape: model.NewTape(c, true), team: parallel.NewTeam(split.Inside),
			grad: model.NewParams(c), ref: make([]float32, c.Vocab)}
		w.zero = w.clear
		w.tape.Use(w.team)
	}
	g.work, g.add, g.addRange = g.shard, g.addShard, g.sum
	return g
}

// Compute returns the ascent direction of every weight for the coefficients of some sequences. It
// is overwritten by the next call. For a policy, Compute also writes the log-probabilities of its
// tokens into the Logp of each sequence with a coefficient that is not zero.
func (g *Computer) Compute(n *model.Network, sequences []*rollout.Sequence,
	coeffs objective.Coeffs) *model.Params {
	g.network, g.sequences, g.coeffs = n, sequences, g.coeffs[:0]
	for _, group := range coeffs {
		g.coeffs = append(g.coeffs, group...)
	}
	g.begun = false
	g.team.InOrder(shards, g.work, g.add)
	if !g.begun {
		clear(g.total.Data)
	}
	g.network, g.sequences = nil, nil
	clear(g.coeffs)
	return g.total
}

// shard sums the gradient of one shard on a worker, in micro-batches. A sequence without a
// coefficient would add exact zeros, so it is left out.
func (g *Computer) shard(worker, shard int) {
	w, n := &g.workers[worker], len(g.sequences)
	w.part = w.part[:0]
	for i := shard * n / shards; i < (shard+1)*n/shards; i++ {
		if g.outputs.reached(g.coeffs[i]) {
			w.part = append(w.part, item{g.sequences[i], g.coeffs[i]})
		}
	}
	if len(w.part) == 0 {
		return
	}
	w.team.Ranges(len(w.grad.Data), w.zero)
	for from := 0; from < len(w.part); from += microBatch {
		w.backward(g.network, g.outputs, w.grad, w.part[from:min(from+microBatch, len(w.part))])
	}
}

func (w *worker) clear(from, to int) { clear(w.grad.Data[from:to]) }

// addShard adds a worker's shard to the total. The first one becomes the total: added to zeros it
// would stay the same, because a sum that began at +0 is never −0.
func (g *Computer) addShard(worker, _ int) {
	w := &g.workers[worker]
	if len(w.part) == 0 {
		return
	}
	clear(w.part)
	if !g.begun {
		g.total, w.grad, g.begun = w.grad, g.total, true
		return
	}
	g.part = w.grad
	w.team.Ranges(len(w.grad.Data), g.addRange)
	g.part = nil
}

func (g *Computer) sum(from, to int) {
	num.Add(g.total.Data[from:to], g.part.Data[from:to])
}

func (w *worker) backward(n *model.Network, o outputs, grad *model.Params, items []item) {
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
func (w *worker) logits(dz []float32, row int, it item, t int) {
	vocab := len(dz)
	logp, probs := w.tape.Logp[row:row+vocab], w.tape.Probs[row:row+vocab]
	it.seq.Logp[t] = float64(logp[it.seq.Response[it.seq.ResponseIndex(t)]])
	AtLogits(dz, w.ref, logp, probs, it.seq, it.coeff, t)
}

// AtLogits writes into dz (V) the ascent direction at the logits for the policy's token t of a
// sequence with these coefficients. logp and probs (V) are the policy's distribution there. ref (V)
// is overwritten.
func AtLogits(dz, ref, logp, probs []float32, seq *rollout.Sequence, c objective.Coeff, t int) {
	vocab, token := len(dz), seq.Response[seq.ResponseIndex(t)]
	var reference []float32
	if c.ExactKL[t] != 0 {
		reference = ref
		for j := range reference {
			reference[j] = float32(seq.RefDist[t*vocab+j])
		}
	}
	var dense []float64
	if c.Dense != nil {
		dense = c.Dense[t*vocab : (t+1)*vocab]
	}
	objective.Seam(dz, logp, probs, reference, int(token), float32(c.Logp[t]),
		float32(c.Entropy[t]), float32(c.ExactKL[t]), dense)
}

// value copies the coefficient of the value at token t.
func (w *worker) value(dv []float32, _ int, it item, t int) {
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
