package train

import "github.com/posttrain/posttrain/core/model"

// adapters are what a stage trains in place of the weights; of rank 0 when it trains those.
func (s Stage) adapters(c model.Config) *model.Adapters {
	return model.NewAdapters(c, s.Values.Int("rank"))
}

// trained is what an optimiser moves: the adapters, or all weights when there are none.
func trained(a *model.Adapters, weights []float32) []float32 {
	if a.Rank > 0 {
		return a.Data
	}
	return weights
}

// ascent is the gradient of what the stage trains, from that of every weight.
func (s *Session) ascent(gradient *model.Params) []float32 {
	if s.adapters.Rank > 0 {
		return s.adapters.Gradient(gradient)
	}
	return gradient.Data
}

// merge brings the policy up to date with its adapters.
func (s *Session) merge() {
	if s.adapters.Rank > 0 {
		s.adapters.Merge(s.policy.Params, s.start)
	}
}
