package train

import "github.com/posttrain/posttrain/core/model"

// Stage returns about how much arithmetic a stage takes, in FLOPs: updates of a batch each, and
// what precedes them. It assumes that prompt and response together always have this number of
// tokens. trainingPrompts is how many different ones there are.
func (e ResourceEstimate) Stage(c model.Config, tokens, updates, trainingPrompts int) float64 {
	forward, backward := c.ForwardFLOPs(tokens), c.TrainingFLOPs(tokens, 0)
	passes, trained := 0, e.Consolidated // sequences before the first update, or at a new filling
	if e.Buffered {
		fillings := 1
		if e.Every > 0 {
			fillings = (updates + e.Every - 1) / e.Every
		}
		passes += fillings * trainingPrompts * e.PerPrompt.Sampled
	}
	if e.Compared {
		passes += trainingPrompts
	}
	passes += 2 * e.RewardModels.Pairs
	judging := float64(e.RewardModels.Models*e.RewardModels.Updates*2*rewardBatch) *
		c.Scalar().TrainingFLOPs(tokens, 0)
	before := float64(float64(passes)*forward) + float64(float64(trained)*backward)
	return before + float64(judging) + float64(float64(updates)*e.update(c, tokens))
}
