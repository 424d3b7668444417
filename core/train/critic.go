package train

import (
	"errors"
	"fmt"

	"github.com/posttrain/posttrain/core/gradient"
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/optim"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/rollout"
)

// critic estimates, at every token of a response, the reward that the response will get. It starts
// as the stage's starting model with a head of one output that is 0, and is trained beside the
// policy by an optimiser of its own.
type critic struct {
	network   *model.Network // scalar
	optimiser *optim.AdamW
	gradients *gradient.Computer
	scorer    *rollout.Scorer
}

// critic returns a new critic for a stage, or nil if its method needs none.
func (s Stage) critic(start *model.Params, threads int) *critic {
	if !s.Method.Build(s.Values).Needs().Has(objective.Value) {
		return nil
	}
	params := start.Scalar()
	return &critic{
		network: model.NewNetwork(params), optimiser: optim.NewAdamW(len(params.Data)),
		gradients: gradient.Scalar(params.Config, threads),
		scorer:    rollout.NewScorer(params.Config, threads),
	}
}

// updateCritic makes one update of the critic, if there is one, with the value coefficients. The
// learning rate is lr_value times schedule. The settings clip and decay are those of the policy.
func (s *training) updateCritic(schedule float64) ([]protocol.Metric, error) {
	c := s.critic
	if c == nil {
		return nil, nil
	}
	gradient := c.gradients.Compute(c.network, s.batch.flat, s.batch.coeffs)
	norm, err := s.norm("the critic's gradient", gradient.Data, "lr_value")
	if err != nil {
		return nil, err
	}
	clip, decay := s.Values.Float("clip"), s.Values.Float("decay")
	c.optimiser.Step(c.network.Data, gradient.Data, optim.ClipScale(norm, clip),
		schedule*s.Values.Float("lr_value"), decay)
	c.network.Refresh()
	s.ledger.FLOPs += passFLOPs(c.network.Config, s.batch.learned, 3) // a backward pass is two
	return valueMetrics(s.batch.learned), nil
}

// state returns a copy of the critic's state, or nil if there is no critic.
func (c *critic) state() *Learner {
	if c == nil {
		return nil
	}
	return &Learner{PackFloats(c.network.Data), c.optimiser.Steps, PackFloats(c.optimiser.M),
		PackFloats(c.optimiser.V)}
}

// restore copies a saved state into the critic. After an error the critic must not be used.
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
	if err := unpack(named{"critic weights", from.Weights, c.network.Data},
		named{"critic m", from.M, c.optimiser.M}, named{"critic v", from.V,
			c.optimiser.V}); err != nil {
		return err
	}
	c.optimiser.Steps = from.Moments
	c.network.Refresh()
	return nil
}
