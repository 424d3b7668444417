package train

import (
	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/optim"
	"github.com/posttrain/posttrain/core/rollout"
)

// ReferenceWork is the fixed work that speed is quoted on (docs/performance.md):
// an SFT step over 32 rows, a rollout of 16 prompts by 8 samples, and a GRPO
// step on such a rollout, on random tokens.
type ReferenceWork struct {
	Config    model.Config
	policy    policy
	reference *model.Network
	optimiser *optim.AdamW
	gradients *gradients
	sampler   *rollout.Sampler
	scorer    *rollout.Scorer
	sft, grpo objective.Objective
	demos     []rollout.Group
	prompts   [][]int32
	rounds    uint64
}

// The sizes of the reference work.
const (
	ReferenceRows    = 32 // rows of an SFT step
	ReferencePrompts = 16 // prompts of a rollout
	ReferenceGroup   = 8  // samples of a prompt
	ReferencePrompt  = 16 // tokens of a prompt
	ReferenceSampled = 32 // tokens of a sample
	referenceRate    = 1e-3
)

// ReferenceModels are the two shapes of the reference work, by name.
var ReferenceModels = []struct {
	Name   string
	Config model.Config
	Tokens int // of a row of the SFT step
}{
	{"small", model.Config{Vocab: 32, Dim: 64, Layers: 2, Heads: 4, Hidden: 176, Context: 48}, 48},
	{"medium", model.Config{Vocab: 32, Dim: 128, Layers: 4, Heads: 4, Hidden: 344, Context: 64}, 64},
}

// NewReferenceWork prepares the work for a model.
func NewReferenceWork(c model.Config, tokens, threads int) (*ReferenceWork, error) {
	params := model.NewParams(c)
	params.Init(1)
	w := &ReferenceWork{
		Config: c, policy: policy{Params: params, network: model.NewNetwork(params)}, reference: model.NewNetwork(params.Clone()),
		optimiser: optim.NewAdamW(len(params.Data)), gradients: newGradients(c, throughLogits, threads),
		sampler: rollout.NewSampler(c, threads), scorer: rollout.NewScorer(c, threads),
	}
	for _, part := range []struct {
		name string
		to   *objective.Objective
	}{{"sft", &w.sft}, {"grpo", &w.grpo}} {
		m, err := method.Lookup(part.name)
		if err != nil {
			return nil, err
		}
		*part.to = m.Build(m.Defaults())
	}
	rng := num.NewRand(1, "reference work", "tokens")
	draw := func(n int) []int32 {
		row := make([]int32, n)
		for i := range row {
			row[i] = int32(1 + rng.IntN(c.Vocab-1))
		}
		return row
	}
	for range ReferenceRows {
		row := draw(tokens + 1)
		w.demos = append(w.demos, rollout.Group{{
			Completion: objective.Completion{Source: objective.Demo, Logp: make([]float64, tokens)},
			Prompt:     row[:1], Response: row[1:],
		}})
	}
	for range ReferencePrompts {
		w.prompts = append(w.prompts, draw(ReferencePrompt))
	}
	return w, nil
}

// SFT makes one step on the same 32 rows and returns their loss before it.
func (w *ReferenceWork) SFT() (loss float64) {
	w.step(w.demos, w.sft)
	return lossMetrics(rollout.Flatten(w.demos))[0].Value
}

// Rollout samples 32 tokens for each of the 128 rows.
func (w *ReferenceWork) Rollout() []rollout.Response {
	w.rounds++
	return w.sampler.Sample(w.policy.network, rollout.Request{
		Prompts: w.prompts, Group: ReferenceGroup, MaxResponse: ReferenceSampled, Temp: 1, Endless: true,
		Seed: 1, Purpose: "reference work", Index: w.rounds,
	})
}

// GRPO makes one step: a rollout, a pass of the reference model over it, and the
// update.
func (w *ReferenceWork) GRPO() {
	groups := make([]rollout.Group, ReferencePrompts)
	for i, r := range w.Rollout() {
		p := i / ReferenceGroup
		groups[p] = append(groups[p], &rollout.Sequence{
			Completion: objective.Completion{Reward: float64(i % 2), Logp: r.Logp, OldLogp: append([]float64(nil), r.Logp...)},
			Prompt:     w.prompts[p], Response: r.Tokens,
		})
	}
	w.scorer.Score(w.reference, rollout.Flatten(groups), rollout.Reference, objective.RefLogp)
	w.step(groups, w.grpo)
}

func (w *ReferenceWork) step(groups []rollout.Group, maximised objective.Objective) {
	seen := rollout.Completions(groups)
	coeffs := objective.NewCoeffs(seen)
	maximised.Add(coeffs, seen)
	gradient := w.gradients.compute(w.policy.network, rollout.Flatten(groups), coeffs)
	scale := optim.ClipScale(optim.Norm(gradient.Data), 1)
	w.optimiser.Step(w.policy.Data, gradient.Data, scale, referenceRate, 0)
	w.policy.network.Refresh()
}
