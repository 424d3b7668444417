package train

import (
	"slices"

	"github.com/posttrain/posttrain/core/gradient"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/protocol"
)

// add counts an update with a batch.
func (t *LearningSignal) add(b batch) {
	t.Updates++
	t.Groups += len(b.coeffs)
	t.Active += b.active
	t.Tokens += b.clip.tokens
	t.Clipped += b.clip.clipped
	for _, m := range b.metrics {
		if m.Name == rewardMean {
			t.Batches++
			t.Reward += m.Value
		}
	}
}

// Metrics returns the metrics that go with every measurement, or nil before the first update.
func (t LearningSignal) Metrics() (all []protocol.Metric) {
	if t.Updates == 0 {
		return nil
	}
	all = append(all, protocol.Metric{Name: "train/active_share_so_far",
		Value: float64(t.Active) / float64(max(1, t.Groups))})
	if t.Batches > 0 {
		all = append(all, protocol.Metric{Name: "train/reward_mean_so_far",
			Value: t.Reward / float64(t.Batches)})
	}
	if t.Tokens > 0 {
		all = append(all, protocol.Metric{Name: "train/clipped_share_so_far",
			Value: float64(t.Clipped) / float64(t.Tokens)})
	}
	return all
}

// activeGroups returns how many groups have a coefficient that is not zero.
func activeGroups(coeffs objective.Coeffs) (n int) {
	for _, group := range coeffs {
		if slices.ContainsFunc(group, gradient.Reaches) {
			n++
		}
	}
	return n
}
