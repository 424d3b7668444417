package rollout

import (
	"github.com/posttrain/posttrain/core/internal/parallel"
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/objective"
)

// scoreBatch is the number of sequences that go through a network together.
const scoreBatch = 8

// Role says which model a sequence is scored under, and so which fields of it [Scorer.Score] fills.
type Role uint8

const (
	Policy    Role = iota // the model in training
	Reference             // the frozen model it is held to
	Teacher               // a model it learns from
)

// Scorer runs forward passes over sequences. It owns the memory for them.
type Scorer struct {
	config  model.Config
	workers []scoreWorker
	team    *parallel.Team // of the workers
}

type scoreWorker struct {
	tape  *model.Tape
	batch model.Batch
}

// NewScorer returns a scorer for networks of one shape, with a number of threads.
func NewScorer(c model.Config, threads int) *Scorer {
	return newScorer(c, c.Split(threads, threads))
}

// newScorer is NewScorer for a given use of the threads, on which no score depends.
func newScorer(c model.Config, split model.Split) *Scorer {
	s := &Scorer{config: c, workers: make([]scoreWorker, split.Outside),
		team: parallel.NewTeam(split.Outside)}
	for i := range s.workers {
		s.workers[i].tape = model.NewTape(c, false)
		s.workers[i].tape.Use(parallel.NewTeam(split.Inside))
	}
	return s
}

// Score writes the log-probability of every response token under n into the field that belongs to
// the role. Policy also fills Entropy. If needs has Dist, RefDist or TeacherDist, it fills the
// role's whole distributions as well.
func (s *Scorer) Score(n *model.Network, sequences []*Sequence, role Role, needs objective.Needs) {
	reserve(sequences, role, needs, s.config.Vocab)
	s.Each(n, sequences, func(i int, logp, probs []float32) {
		record(sequences[i], role, s.config.Vocab, logp, probs)
	})
}

// Each runs n over prompt and response of every sequence. For each sequence it calls do with the
// distributions (T,V) that the policy's tokens were predicted from. do is called on any worker and
// in any order. The last response token predicts nothing, so the pass leaves it out.
func (s *Scorer) Each(n *model.Network, sequences []*Sequence,
	do func(i int, logp, probs []float32)) {
	forward := func(t *model.Tape, b *model.Batch) { t.Forward(n, b) }
	s.run(forward, sequences, func(i int, t *model.Tape, from, to int) {
		at, vocab := sequences[i].PolicyAt, s.config.Vocab
		do(i, Gather(at, t.Logp[from:to], vocab), Gather(at, t.Probs[from:to], vocab))
	})
}

// Values is [Scorer.Each] for a scalar network: do gets the network's outputs (T) where the
// policy's tokens are predicted from.
func (s *Scorer) Values(n *model.Network, sequences []*Sequence, do func(i int, values []float32)) {
	forward := func(t *model.Tape, b *model.Batch) { t.Logits(n, b) }
	s.run(forward, sequences, func(i int, t *model.Tape, from, to int) {
		do(i, Gather(sequences[i].PolicyAt, t.Logp[from:to], 1))
	})
}

// Hidden is [Scorer.Each] for what the head reads: do gets the hidden states (T,C) where the
// policy's tokens are predicted from.
func (s *Scorer) Hidden(n *model.Network, sequences []*Sequence, do func(i int, hidden []float32)) {
	forward := func(t *model.Tape, b *model.Batch) { t.Logits(n, b) }
	s.run(forward, sequences, func(i int, t *model.Tape, from, to int) {
		width, dim := s.config.Outputs(), s.config.Dim
		do(i, Gather(sequences[i].PolicyAt, t.Hidden()[from/width*dim:to/width*dim], dim))
	})
}

// run calls do with the range on the tape that holds a sequence's outputs after forward.
func (s *Scorer) run(forward func(*model.Tape, *model.Batch), sequences []*Sequence,
	do func(i int, t *model.Tape, from, to int)) {
	chunks := (len(sequences) + scoreBatch - 1) / scoreBatch
	width := s.config.Outputs()
	s.team.Do(chunks, func(worker, chunk int) {
		w := &s.workers[worker]
		from := chunk * scoreBatch
		part := sequences[from:min(from+scoreBatch, len(sequences))]
		w.batch.Reset()
		for _, seq := range part {
			w.batch.Append(seq.Prompt, seq.Response[:len(seq.Response)-1])
		}
		forward(w.tape, &w.batch)
		for i, seq := range part {
			at := (w.batch.Start[i] + len(seq.Prompt) - 1) * width
			do(from+i, w.tape, at, at+len(seq.Response)*width)
		}
	})
}

// reserve makes the fields that belong to a role, all of them at once.
func reserve(sequences []*Sequence, role Role, needs objective.Needs, vocab int) {
	width := 1
	if role == Policy {
		width++
	}
	whole := needs&[...]objective.Needs{objective.Dist, objective.RefDist,
		objective.TeacherDist}[role] != 0
	if whole {
		width += vocab
	}
	tokens := 0
	for _, seq := range sequences {
		tokens += seq.PolicyLen()
	}
	rest := make([]float64, tokens*width)
	take := func(n int) []float64 {
		field := rest[:n:n]
		rest = rest[n:]
		return field
	}
	for _, seq := range sequences {
		n := seq.PolicyLen()
		logp, dist := fields(seq, role)
		*logp, *dist = take(n), nil
		if role == Policy {
			seq.Entropy = take(n)
		}
		if whole {
			*dist = take(n * vocab)
		}
	}
}

// fields returns where log-probabilities and whole distributions under a role's model belong.
func fields(seq *Sequence, role Role) (logp, dist *[]float64) {
	switch role {
	case Reference:
		return &seq.RefLogp, &seq.RefDist
	case Teacher:
		return &seq.TeacherLogp, &seq.TeacherDist
	default:
		return &seq.Logp, &seq.Dist
	}
}

// record fills a role's fields, which reserve has made.
func record(seq *Sequence, role Role, vocab int, logp, probs []float32) {
	token, dist := fields(seq, role)
	for t := range *token {
		a := seq.Response[seq.ResponseIndex(t)]
		(*token)[t] = float64(logp[t*vocab+int(a)])
	}
	for j := range *dist {
		(*dist)[j] = float64(logp[j])
	}
	if role == Policy {
		for t := range seq.Entropy {
			seq.Entropy[t] = entropy(probs[t*vocab:(t+1)*vocab], logp[t*vocab:(t+1)*vocab])
		}
	}
}
