package train

import (
	"errors"
	"fmt"
	"math"

	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/optim"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/rollout"
)

// critic guesses at every token of a response what it will still earn: the backbone that the stage starts from below a head
// that says 0, trained beside the policy by an optimiser of its own.
type critic struct {
	network   *model.Network // scalar
	optimiser *optim.AdamW
	gradients *gradients
	scorer    *rollout.Scorer
}

// critic is that of a stage at its start; nil when its method wants none.
func (s Stage) critic(start *model.Params, threads int) *critic {
	if !s.Method.Build(s.Values).Needs().Has(objective.Value) {
		return nil
	}
	params := start.Scalar()
	return &critic{
		network: model.NewNetwork(params), optimiser: optim.NewAdamW(len(params.Data)),
		gradients: newGradients(params.Config, throughValues, threads), scorer: rollout.NewScorer(params.Config, threads),
	}
}

// scoreValues fills in the critic's Value, and OldValue when the batch is fresh.
func (s *Session) scoreValues() {
	if s.critic == nil {
		return
	}
	n, sequences := s.critic.network, s.batch.learned
	valuesInto(s.critic.scorer, n, sequences)
	if s.batch.epoch > 0 {
		return
	}
	for _, seq := range sequences {
		seq.OldValue = seq.Value
	}
	s.cost.FLOPs += passFLOPs(n.Config, sequences, 1)
}

// valuesInto fills in what a scalar network says as Value.
func valuesInto(scorer *rollout.Scorer, n *model.Network, sequences []*rollout.Sequence) {
	scorer.Values(n, sequences, func(i int, values []float32) {
		to := make([]float64, len(values))
		for t, v := range values {
			to[t] = float64(v)
		}
		sequences[i].Value = to
	})
}

// updateCritic makes one update of the critic, if there is one, by the value coefficients. Its rate is lr_value times
// schedule; clip and decay are the policy's.
func (s *Session) updateCritic(coeffs objective.Coeffs, schedule float64) ([]protocol.Metric, error) {
	c, values := s.critic, s.values()
	if c == nil {
		return nil, nil
	}
	gradient := c.gradients.compute(c.network, s.batch.flat, coeffs)
	norm := optim.Norm(gradient.Data)
	if math.IsNaN(norm) || math.IsInf(norm, 0) {
		return nil, fmt.Errorf("lane %s diverged at step %d: the critic's gradient is no longer finite; try a lower lr_value than %s",
			s.lane.Label, s.policy.updates, values.Text("lr_value"))
	}
	c.optimiser.Step(c.network.Data, gradient.Data, optim.ClipScale(norm, values.Float("clip")), schedule*values.Float("lr_value"), values.Float("decay"))
	c.network.Refresh()
	s.cost.FLOPs += passFLOPs(c.network.Config, s.batch.learned, 3) // a backward pass is two
	return valueMetrics(s.batch.learned), nil
}

// valueMetrics says how far the critic is from what the rollouts earned.
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

// state copies the critic; nil of none.
func (c *critic) state() *Learner {
	if c == nil {
		return nil
	}
	return &Learner{PackFloats(c.network.Data), c.optimiser.Steps, PackFloats(c.optimiser.M), PackFloats(c.optimiser.V)}
}

// restore continues from a state. The error says what is wrong with it; the critic is then of no use.
func (c *critic) restore(from *Learner) error {
	switch {
	case c == nil && from == nil:
		return nil
	case c == nil:
		return errors.New("critic is there, and the stage's method wants none")
	case from == nil:
		return errors.New("critic is missing, and the stage's method wants one")
	case from.Moments < 0:
		return fmt.Errorf("critic moments is %d, want at least 0", from.Moments)
	}
	for _, part := range []struct {
		name string
		from Floats
		to   []float32
	}{{"weights", from.Weights, c.network.Data}, {"m", from.M, c.optimiser.M}, {"v", from.V, c.optimiser.V}} {
		if err := part.from.Unpack(part.to); err != nil {
			return fmt.Errorf("critic %s %w", part.name, err)
		}
	}
	c.optimiser.Steps = from.Moments
	c.network.Refresh()
	return nil
}
