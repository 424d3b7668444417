package train

import (
	"math"
	"slices"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/reward"
	"github.com/posttrain/posttrain/core/rollout"
	"github.com/posttrain/posttrain/core/task"
)

// updateMetrics returns the metrics of an update, given those of the batch as it was scored and of
// the critic, and the norm of the gradient.
func (s *training) updateMetrics(scored, value []protocol.Metric, norm float64) []protocol.Metric {
	metrics := append(lossMetrics(s.batch.flat), s.batch.metrics...)
	metrics = append(append(metrics, scored...), value...)
	return append(metrics, protocol.Metric{Name: "train/active_share",
		Value: float64(s.batch.active) / float64(max(1, len(s.batch.coeffs)))},
		protocol.Metric{Name: gradientMetric, Value: norm})
}

const (
	// rewardMean is the name of the mean reward of a batch's rollouts.
	rewardMean = "train/reward_mean"
	// gradientMetric is the name of the norm of an update's gradient.
	gradientMetric = "train/gradient_norm"
)

// samplingMetrics returns the metrics of the rollouts that were sampled for a batch, before any
// filter.
func (s *training) samplingMetrics(sampled []*rollout.Sequence) []protocol.Metric {
	if len(sampled) == 0 {
		return nil
	}
	reward, tokens := 0.0, 0
	for _, seq := range sampled {
		reward += seq.Reward
		tokens += seq.PolicyLen() - seq.HintLen
	}
	n := float64(len(sampled))
	metrics := []protocol.Metric{
		{Name: rewardMean, Value: reward / n},
		{Name: "train/entropy_nats", Value: entropyOf(sampled)},
		{Name: "train/response_tokens", Value: float64(tokens) / n},
		{Name: "train/truncated_share", Value: truncated(sampled)},
		{Name: "train/reward_spread", Value: rewardSpread(sampled)},
	}
	if !s.hasGold() {
		return metrics
	}
	gold, best := goldRewards(sampled, s.plan.Group)
	metrics[0].Value = gold
	metrics = append(metrics, protocol.Metric{Name: "train/score_mean", Value: reward / n},
		protocol.Metric{Name: "train/best_reward_mean", Value: best})
	if own := s.ownReward(); own != nil && len(own.Parts) > 1 {
		metrics = append(metrics, partMetrics(own.Parts, sampled)...)
	}
	return metrics
}

// partMetrics returns the mean over rollouts of each part of a reward, before its weight.
func partMetrics(parts []reward.Part, sampled []*rollout.Sequence) (metrics []protocol.Metric) {
	for i, part := range parts {
		sum := 0.0
		for _, seq := range sampled {
			sum += seq.Parts[i].Value
		}
		metrics = append(metrics, protocol.Metric{Name: "train/part/" + part.Name + "/mean",
			Value: sum / float64(len(sampled))})
	}
	return metrics
}

// truncated returns the share of rollouts that were cut off before they ended.
func truncated(sampled []*rollout.Sequence) float64 {
	cut := 0
	for _, seq := range sampled {
		if !slices.Contains(seq.Response, task.End) {
			cut++
		}
	}
	return float64(cut) / float64(len(sampled))
}

// rewardSpread returns the mean over prompts of the standard deviation of their rollouts' rewards.
// The rollouts of a prompt follow one another.
func rewardSpread(sampled []*rollout.Sequence) float64 {
	sum, groups := 0.0, 0
	for from := 0; from < len(sampled); groups++ {
		to := from
		var rewards []float64
		for ; to < len(sampled) && sampled[to].Problem == sampled[from].Problem; to++ {
			rewards = append(rewards, sampled[to].Reward)
		}
		mean, squares := objective.Mean(rewards), 0.0
		for _, r := range rewards {
			squares += float64((r - mean) * (r - mean))
		}
		sum += math.Sqrt(squares / float64(len(rewards)))
		from = to
	}
	return sum / float64(groups)
}

// entropyOf returns the mean entropy of the sampled tokens of rollouts, in nats.
func entropyOf(sampled []*rollout.Sequence) float64 {
	entropy, tokens := 0.0, 0
	for _, seq := range sampled {
		tokens += seq.PolicyLen() - seq.HintLen
		for _, h := range seq.Entropy {
			entropy += h
		}
	}
	return entropy / float64(max(1, tokens))
}

// lossMetrics returns the mean loss on demonstrations, or nil if there are none. It must be called
// after the backward pass, which sets the log-probabilities that it reads.
func lossMetrics(flat []*rollout.Sequence) []protocol.Metric {
	loss, tokens := 0.0, 0
	for _, seq := range flat {
		if seq.Source == objective.Demo {
			for _, logp := range seq.Logp {
				loss -= logp
			}
			tokens += len(seq.Logp)
		}
	}
	if tokens == 0 {
		return nil
	}
	return []protocol.Metric{{Name: "train/loss_nats", Value: loss / float64(tokens)}}
}

// klMetrics returns the k3 estimate of KL(policy‖reference), or nil if no reference model scored
// the batch.
func klMetrics(flat []*rollout.Sequence) []protocol.Metric {
	kl, tokens := 0.0, 0
	for _, seq := range flat {
		for t, ref := range seq.RefLogp {
			d := ref - seq.Logp[t]
			kl += num.Exp(d) - d - 1
			tokens++
		}
	}
	if tokens == 0 {
		return nil
	}
	return []protocol.Metric{{Name: "train/kl_ref_k3_nats", Value: kl / float64(tokens)}}
}

// valueMetrics returns the mean distance between the critic's values and the rewards, or nil if
// there is no critic.
func valueMetrics(flat []*rollout.Sequence) []protocol.Metric {
	off, tokens := 0.0, 0
	for _, seq := range flat {
		for _, v := range seq.Value {
			off += math.Abs(v - seq.Reward)
			tokens++
		}
	}
	if tokens == 0 {
		return nil
	}
	return []protocol.Metric{{Name: "train/value_error", Value: off / float64(tokens)}}
}
