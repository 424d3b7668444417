package model

import "github.com/posttrain/posttrain/core/internal/parallel"

// Split is how a number of threads is used for passes over many sequences. Results do not depend
// on it.
type Split struct {
	Outside int // batches of sequences that pass at a time, each through a tape of its own
	Inside  int // threads that share one such pass
}

// SharedWeights is how many weights a model has at least whose threads all share one pass. Its
// activations and its gradient are then held once.
const SharedWeights = 2_000_000

// With fewer weights than this, each product of a pass is too short to be shared. In between
// threads share passes when there are more of them than batches.
const spreadWeights = 500_000

// Split divides threads among passes of which there are at most parts.
func (c Config) Split(threads, parts int) Split {
	threads, parts = max(1, threads), max(1, parts)
	weights := c.Weights()
	if weights >= SharedWeights {
		return Split{1, threads}
	}
	outside := min(threads, parts)
	if weights < spreadWeights {
		return Split{outside, 1}
	}
	return Split{outside, threads / outside}
}

// Team returns the threads that share an operation on all weights of a model, such as an update.
func (c Config) Team(threads int) *parallel.Team {
	return parallel.NewTeam(c.Split(threads, 1).Inside)
}
