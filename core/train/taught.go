package train

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/protocol"
)

// add counts an update with so many groups, some of them active, and the metrics of its rollouts.
func (t *Taught) add(groups, active int, sampling []protocol.Metric) {
	t.Updates++
	t.Groups += groups
	t.Active += active
	for _, m := range sampling {
		if m.Name == rewardMean {
			t.Batches++
			t.Reward += m.Value
		}
	}
}

// Metrics returns what is reported with every measurement: nothing before the first update.
func (t Taught) Metrics() (all []protocol.Metric) {
	if t.Updates == 0 {
		return nil
	}
	all = append(all, protocol.Metric{Name: "train/active_share_so_far", Value: float64(t.Active) / float64(max(1, t.Groups))})
	if t.Batches > 0 {
		all = append(all, protocol.Metric{Name: "train/reward_mean_so_far", Value: t.Reward / float64(t.Batches)})
	}
	return all
}

// activeGroups returns how many groups have a coefficient that is not zero.
func activeGroups(coeffs objective.Coeffs) (n int) {
	for _, group := range coeffs {
		for _, c := range group {
			if active(c) {
				n++
				break
			}
		}
	}
	return n
}
