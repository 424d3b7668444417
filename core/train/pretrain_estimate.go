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
	const copies = 5       // the weights, those in the order of the kernels, two moments, the gradient
	const parts = 8        // gradients of the parts of a batch
	const sequences = 8    // that a thread has in memory at once
	const perLayer = 14    // vectors of dim channels that a layer keeps of a token, and
	const perLayerWide = 4 // of hidden ones
	const outputs, heads = 3, 2
	c := p.Config
	token := c.Layers*(perLayer*c.Dim+perLayerWide*c.Hidden+heads*c.Heads*c.Context) +
		outputs*c.Vocab
	return 4 * (float64(copies+parts)*float64(c.Weights()) +
		float64(threads*sequences*c.Context)*float64(token))
}
