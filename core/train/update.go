package train

import (
	"fmt"
	"math"

	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/optim"
	"github.com/posttrain/posttrain/core/protocol"
)

// update makes one update with the current batch and returns its metrics. It computes what the
// objective reads, the coefficients, the gradient, and the step of the optimiser.
func (s *training) update() ([]protocol.Metric, error) {
	s.score()
	s.writeCoefficients()
	// before the backward pass overwrites Logp
	scored := append(klMetrics(s.batch.flat), pairMetrics(s.batch.groups)...)
	scored = append(scored, s.staleMetrics()...)
	s.noteShift()

	gradient := s.gradients.Compute(s.tempered(s.policy.network), s.batch.flat, s.batch.coeffs)
	s.pullBack(gradient)
	ascent := s.ascent(gradient)
	norm, err := s.norm("the gradient", ascent, "lr")
	if err != nil {
		return nil, err
	}
	if _, ok := s.objective.(objective.Scheduled); ok && objective.Imitates(s.batch.objective) {
		s.imitation = append(s.imitation, norm)
	}
	schedule := optim.Rate(s.Values.Choice("schedule"), s.step, s.Values.Int("warmup"),
		s.Values.Int("steps"))
	value, err := s.updateCritic(schedule)
	if err != nil {
		return nil, err
	}
	clip, decay := s.Values.Float("clip"), s.Values.Float("decay")
	s.sampler.note(s.policy.Params)
	s.apply(&s.policy, s.start, ascent, optim.ClipScale(norm, clip), schedule*s.Values.Float("lr"),
		decay)
	s.chargeTraining()
	metrics := s.updateMetrics(scored, value, norm)
	s.advance()
	return metrics, nil
}

// writeCoefficients computes the coefficients of this update. An objective that changes during the
// stage is first fixed for this step.
func (s *training) writeCoefficients() {
	s.batch.objective, s.batch.coeffs = s.objective, s.coeffs.Zeros(s.batch.seen)
	if scheduled, ok := s.objective.(objective.Scheduled); ok {
		r := s.collector.streams.ofStage(drawStream, uint64(s.step))
		s.batch.objective = scheduled.At(objective.Progress{
			Step: s.step, Steps: s.Values.Int("steps"), Imitation: s.imitation,
			Entropies: s.entropies, Shifts: s.shifts, Draw: r.Float64(),
		})
	}
	s.batch.objective.Add(s.batch.coeffs, s.batch.seen)
	s.batch.active = activeGroups(s.batch.coeffs)
	if s.plan.Epochs > 1 {
		s.batch.clip.look(s.batch.objective, s.batch.seen)
	}
}

// noteShift notes how far labelled answers have moved, for the objectives of later steps.
func (s *training) noteShift() {
	if _, ok := s.objective.(objective.Scheduled); !ok ||
		!s.objective.Needs().Has(objective.Pairs|objective.Logp|objective.RefLogp) {
		return
	}
	if shift, n := objective.LabelledShift(s.batch.seen); n > 0 {
		s.shifts = append(s.shifts, shift)
	}
}

// pullBack adds to the gradient the pull of the weights back to the start of the stage, by the
// settings anchor and ewc.
func (s *training) pullBack(gradient *model.Params) {
	if anchor := s.Values.Float("anchor"); anchor > 0 {
		optim.Anchor(gradient.Data, s.policy.Data, s.start.Data, anchor)
	}
	if ewc := s.Values.Float("ewc"); ewc > 0 {
		if s.importance == nil {
			s.importance = s.measureImportance()
		}
		optim.Consolidate(gradient.Data, s.policy.Data, s.start.Data, s.importance, ewc)
	}
}

// norm returns the norm of a gradient, or an error if it is not finite. For the error, what names
// the gradient and rate is the knob of its learning rate.
func (s *training) norm(what string, gradient []float32, rate string) (float64, error) {
	norm := optim.Norm(gradient)
	if math.IsNaN(norm) || math.IsInf(norm, 0) {
		return 0, fmt.Errorf("lane %s diverged at step %d: %s is no longer finite; try a "+
			"lower %s than %s",
			s.lane.Label, s.policy.updates, what, rate, s.Values.Text(rate))
	}
	return norm, nil
}

// chargeTraining charges the forward and the backward pass of the batch, and the step.
func (s *training) chargeTraining() {
	for _, seq := range s.batch.learned {
		s.ledger.TokensTrained += seq.PolicyLen()
		s.ledger.FLOPs += s.policy.Config.TrainingFLOPs(len(seq.Prompt)+len(seq.Response),
			s.adapters.Rank)
	}
	s.ledger.FLOPs += stepFLOPs(s.Values.Choice("optimiser"), s.policy.Config, s.adapters.Rank)
}

// advance counts the update. Where they are due, it refreshes the reference model and blends the
// weights with those at the start of the stage.
func (s *training) advance() {
	s.policy.updates++
	s.step++
	s.batch.epoch++
	if _, now := s.Stage.refreshes(s.step); now {
		s.refresh(s.policy.Params)
	}
	if blend := s.Values.Float("blend"); blend > 0 && s.over() {
		optim.Blend(s.policy.Data, s.start.Data, blend)
		s.policy.network.Refresh()
	}
}
