package train

import (
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/optim"
)

// trainable is what a stage trains of the policy: every weight, or low-rank adapters (LoRA).
type trainable struct {
	adapters  *model.Adapters // of rank 0 when every weight is trained
	optimiser *optim.AdamW
}

// trainable returns what a stage trains of a policy of this shape, with a new optimiser that works
// on a number of threads.
func (s Stage) trainable(c model.Config, threads int) trainable {
	t := trainable{adapters: model.NewAdapters(c, s.Values.Int("rank"))}
	weights := c.Weights()
	if t.adapters.Rank > 0 {
		weights = len(t.adapters.Data)
	}
	t.optimiser = optim.NewAdamW(weights)
	t.optimiser.Use(c.Team(threads))
	return t
}

// ascent returns the gradient of what is trained, given the gradient of all weights.
func (t trainable) ascent(gradient *model.Params) []float32 {
	if t.adapters.Rank > 0 {
		return t.adapters.Gradient(gradient)
	}
	return gradient.Data
}

// apply makes one step of the optimiser and updates the policy. start has the weights at the start
// of the stage, to which adapters are added.
func (t trainable) apply(policy *policy, start *model.Params, ascent []float32, scale, rate,
	decay float64) {
	if t.adapters.Rank == 0 {
		t.optimiser.Step(policy.Data, ascent, scale, rate, decay)
	} else {
		t.optimiser.Step(t.adapters.Data, ascent, scale, rate, decay)
		t.adapters.Merge(policy.Params, start)
	}
	policy.network.Refresh()
}
