// Package workload is the fixed work that speed is quoted on (docs/performance.md). Start with
// [New].
package workload

import (
	"github.com/posttrain/posttrain/core/gradient"
	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/optim"
	"github.com/posttrain/posttrain/core/rollout"
)

// Work is a supervised fine-tuning (SFT) step over 32 rows, a rollout of 16 prompts by 8 samples,
// and a step of Group Relative Policy Optimization (GRPO) on such a rollout, all on random tokens.
type Work struct {
	Config    model.Config
	policy    *model.Network
	reference *model.Network // the start; nil before the first GRPO step
	optimiser *optim.AdamW
	gradients *gradient.Computer
	sampler   *rollout.Sampler
	scorer    *rollout.Scorer
	sft, grpo objective.Objective
	demos     batch
	samples   batch // to prompts
	prompts   [][]int32
	rounds    uint64
}

// batch is what a step learns from, as each package wants it, and the memory for its coefficients.
type batch struct {
	flat   []*rollout.Sequence
	seen   []objective.Group
	coeffs objective.CoeffBuffer
}

func newBatch(groups []rollout.Group) batch {
	return batch{flat: rollout.Flatten(groups), seen: rollout.Completions(groups)}
}

// The sizes of the work.
const (
	Rows    = 32 // rows of an SFT step
	Prompts = 16 // prompts of a rollout
	Group   = 8  // samples of a prompt
	Prompt  = 16 // tokens of a prompt
	Sampled = 32 // tokens of a sample
	rate    = 1e-3
)

// Model is a shape that the work is done on.
type Model struct {
	Name   string
	Config model.Config
	Tokens int // of a row of the SFT step
}

// Small returns the smaller shape, which is about that of a base of the page.
func Small() Model {
	return Model{"small", model.Config{Vocab: 32, Dim: 64, Layers: 2, Heads: 4, Hidden: 176,
		Context: 48}, 48}
}

// Medium returns the largest shape that trains in a page in reasonable time.
func Medium() Model {
	return Model{"medium", model.Config{Vocab: 32, Dim: 128, Layers: 4, Heads: 4, Hidden: 344,
		Context: 64}, 64}
}

// Full returns the shape of a full-size base.
func Full() Model {
	return Model{"full", model.Config{Vocab: 128, Dim: 256, Layers: 6, Heads: 8, Hidden: 688,
		Context: 128}, 128}
}

// Large returns the largest shape.
func Large() Model {
	return Model{"large", model.Config{Vocab: 128, Dim: 512, Layers: 8, Heads: 8, Hidden: 1376,
		Context: 128}, 128}
}

// Models returns all shapes, the smaller ones first.
func Models() []Model { return []Model{Small(), Medium(), Full(), Large()} }

// New prepares the work on a model.
func New(m Model, threads int) *Work { return NewRows(m, Rows, threads) }

// NewRows is [New] with another number of rows in an SFT step.
func NewRows(m Model, rows, threads int) *Work {
	c := m.Config
	params := start(c)
	w := &Work{
		Config: c, policy: model.NewNetwork(params),
		optimiser: optim.NewAdamW(len(params.Data)), gradients: gradient.Policy(c, threads),
		sampler: rollout.NewSampler(c, threads), scorer: rollout.NewScorer(c, threads),
		sft:  method.SFT.Build(method.SFT.Defaults()),
		grpo: method.GRPO.Build(method.GRPO.Defaults()),
	}
	team := c.Team(threads)
	w.policy.Use(team)
	w.optimiser.Use(team)
	rng := num.NewRand(1, "reference work", "tokens")
	draw := func(n int) []int32 {
		row := make([]int32, n)
		for i := range row {
			row[i] = int32(1 + rng.IntN(c.Vocab-1))
		}
		return row
	}
	demos, samples := make([]rollout.Group, rows), make([]rollout.Group, Prompts)
	for i := range demos {
		row := draw(m.Tokens + 1)
		demos[i] = rollout.Group{{
			Completion: objective.Completion{Source: objective.Demo,
				Logp: make([]float64, m.Tokens)},
			Prompt: row[:1], Response: row[1:],
		}}
	}
	for p := range samples {
		w.prompts = append(w.prompts, draw(Prompt))
		for i := range Group {
			samples[p] = append(samples[p], &rollout.Sequence{
				Completion: objective.Completion{Reward: float64(i % 2)}, Prompt: w.prompts[p],
			})
		}
	}
	w.demos, w.samples = newBatch(demos), newBatch(samples)
	return w
}

// start returns the weights before the first step.
func start(c model.Config) *model.Params {
	params := model.NewParams(c)
	params.Init(1)
	return params
}

// SFT makes one step on the same rows and returns their loss before it, in nats per token.
func (w *Work) SFT() (loss float64) {
	w.step(&w.demos, w.sft)
	tokens := 0
	for _, seq := range w.demos.flat {
		for _, logp := range seq.Logp {
			loss -= logp
		}
		tokens += len(seq.Logp)
	}
	return loss / float64(tokens)
}

// Rollout samples 32 tokens for each of the 128 rows.
func (w *Work) Rollout() []rollout.Response {
	w.rounds++
	return w.sampler.Sample(w.policy, rollout.Request{
		Prompts: w.prompts, Group: Group, MaxResponse: Sampled, Temp: 1, Endless: true,
		Seed: 1, Purpose: "reference work", Index: w.rounds,
	})
}

// GRPO makes one step: a rollout, a pass of the reference model over it, and the
// update.
func (w *Work) GRPO() {
	if w.reference == nil {
		w.reference = model.NewNetwork(start(w.Config))
	}
	for i, r := range w.Rollout() {
		seq := w.samples.flat[i]
		seq.Response, seq.Logp = r.Tokens, r.Logp
		seq.OldLogp = append(seq.OldLogp[:0], r.Logp...)
	}
	w.scorer.Score(w.reference, w.samples.flat, rollout.Reference, objective.RefLogp)
	w.step(&w.samples, w.grpo)
}

func (w *Work) step(b *batch, maximised objective.Objective) {
	coeffs := b.coeffs.Zeros(b.seen)
	maximised.Add(coeffs, b.seen)
	gradient := w.gradients.Compute(w.policy, b.flat, coeffs)
	scale := optim.ClipScale(optim.Norm(gradient.Data), 1)
	w.optimiser.Step(w.policy.Data, gradient.Data, scale, rate, 0)
	w.policy.Refresh()
}
