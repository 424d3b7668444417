package train

import "github.com/posttrain/posttrain/core/rollout"

// FLOPs returns the arithmetic of the pretraining, if its other batches are like the first.
func (p Pretraining) FLOPs() float64 {
	steps, flops := p.Values.Int("steps"), 0.0
	if steps == 0 {
		return 0
	}
	for _, s := range rollout.Flatten(p.examples(0)) {
		flops += p.Config.TrainingFLOPs(len(s.Prompt)+len(s.Response), 0)
	}
	return float64(steps) * flops
}

// Bytes returns about how much memory the pretraining takes on a number of threads: weights,
// gradients and moments in float32, and what the backward passes keep of their sequences.
func (p Pretraining) Bytes(threads int) float64 {
	const (
		copies    = 5  // of the weights: as they are, packed, two moments and the gradient
		parts     = 8  // of a batch, each with a gradient
		sequences = 8  // that a thread has in memory at once
		channels  = 14 // vectors of dim that a layer keeps of a token
		units     = 4  // vectors of hidden that it keeps
		scores    = 2  // vectors of context that each of its heads keeps
		outputs   = 3  // vectors of vocab that the model keeps of a token
	)
	c := p.Config
	token := c.Layers*(channels*c.Dim+units*c.Hidden+scores*c.Heads*c.Context) + outputs*c.Vocab
	weights := float64(copies+parts) * float64(c.Weights())
	tokens := float64(min(threads, parts) * sequences * c.Context)
	return float64(4*weights) + float64(4*tokens*float64(token))
}
