package train

import (
	"strings"

	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/optim"
)

// trainable is what a stage trains of the policy: every weight, or low-rank adapters (LoRA).
type trainable struct {
	adapters  *model.Adapters // of rank 0 when every weight is trained
	optimiser optim.Optimiser
}

// trainable returns what a stage trains of a policy of this shape, with a new optimiser that works
// on a number of threads.
func (s Stage) trainable(c model.Config, threads int) trainable {
	t := trainable{adapters: model.NewAdapters(c, s.Values.Int("rank"))}
	weights := c.Weights()
	if t.adapters.Rank > 0 {
		weights = len(t.adapters.Data)
	}
	t.optimiser = optim.New(s.Values.Choice("optimiser"), optim.Settings{
		Beta1: s.Values.Float("beta1"), Beta2: s.Values.Float("beta2"), Eps: s.Values.Float("eps"),
	}, weights, hiddenMatrices(c, t.adapters.Rank))
	t.optimiser.Use(c.Team(threads))
	return t
}

// optimiserName returns the name of the stage's optimiser for a State, which leaves out the usual
// one.
func (s Stage) optimiserName() string {
	if name := s.Values.Choice("optimiser"); name != optim.NameAdamW {
		return name
	}
	return ""
}

// hiddenMatrices returns where the matrices of the layers lie in the weights of a model, or with a
// rank those of its adapters, A and B of each matrix.
func hiddenMatrices(c model.Config, rank int) (matrices []optim.Matrix) {
	at := 0
	for _, b := range c.Shapes() {
		hidden, size := b.Rows > 1 && strings.HasPrefix(b.Name, "layers."), b.Rows*b.Cols
		switch {
		case rank > 0 && !hidden:
		case rank > 0:
			matrices = append(matrices, optim.Matrix{From: at, Rows: b.Rows, Cols: rank},
				optim.Matrix{From: at + b.Rows*rank, Rows: rank, Cols: b.Cols})
			at += (b.Rows + b.Cols) * rank
		default:
			if hidden {
				matrices = append(matrices, optim.Matrix{From: at, Rows: b.Rows, Cols: b.Cols})
			}
			at += size
		}
	}
	return matrices
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
