package train

import (
	"fmt"
	"math"
	"slices"

	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/optim"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/rollout"
)

// update makes one optimiser update with the current batch: score what the
// objective needs, let it fill in the coefficients, run backward, step.
func (s *Session) update() (protocol.Event, error) {
	values := s.values()
	s.score()
	coeffs := objective.NewCoeffs(s.batch.seen)
	objective := s.now()
	objective.Add(coeffs, s.batch.seen)
	s.batch.objective, s.batch.coeffs = objective, coeffs
	kl := klMetrics(s.batch.flat) // before the backward pass overwrites Logp

	gradient := s.gradients.compute(s.scored(s.policy.network), s.batch.flat, coeffs)
	if anchor := values.Float("anchor"); anchor > 0 {
		optim.Anchor(gradient.Data, s.policy.Data, s.start.Data, anchor)
	}
	s.consolidate(gradient)
	ascent := s.ascent(gradient)
	norm := optim.Norm(ascent)
	if math.IsNaN(norm) || math.IsInf(norm, 0) {
		return protocol.Event{}, fmt.Errorf("lane %s diverged at step %d: the gradient is no longer finite; try a lower lr than %s",
			s.lane.Label, s.policy.updates, values.Text("lr"))
	}
	s.note(objective, norm)
	schedule := optim.Rate(values.Choice("schedule"), s.stageStep, values.Int("warmup"), values.Int("steps"))
	criticism, err := s.updateCritic(coeffs, schedule)
	if err != nil {
		return protocol.Event{}, err
	}
	rate := schedule * values.Float("lr")
	s.optimiser.Step(trained(s.adapters, s.policy.Data), ascent, optim.ClipScale(norm, values.Float("clip")), rate, values.Float("decay"))
	s.merge()
	s.policy.network.Refresh()
	s.countTraining()

	active := activeGroups(coeffs)
	metrics := append(lossMetrics(s.batch.flat), s.batch.metrics...)
	metrics = append(append(metrics, kl...), criticism...)
	metrics = append(metrics, protocol.Metric{Name: "train/active_share", Value: float64(active) / float64(max(1, len(coeffs)))}, protocol.Metric{Name: "train/gradient_norm", Value: norm})
	s.taught.add(len(coeffs), active, s.batch.metrics)
	s.policy.updates++
	s.stageStep++
	s.refresh()
	event := s.event(protocol.Updated, metrics)
	s.next()
	return event, nil
}

// next decides what follows an update.
func (s *Session) next() {
	s.batch.epoch++
	last, end := s.stageStep == s.values().Int("steps"), s.atEnd()
	s.phase = updating
	if last || s.batch.epoch == s.collector.spec.Epochs {
		s.phase = collecting
	}
	if blend := s.values().Float("blend"); last && blend > 0 {
		optim.Blend(s.policy.Data, s.start.Data, blend)
		s.policy.network.Refresh()
	}
	if last && !end {
		s.stage++
		s.stageStep = 0
		s.start = s.policy.Clone()
		s.beginStage()
	}
	if end || s.policy.updates%s.lane.EvalEvery == 0 {
		s.phase, s.resume = measuring, s.phase
	}
}

// score fills in what the objective reads and the batch does not have yet.
func (s *Session) score() {
	needs := s.objective.Needs()
	if needs&(objective.Logp|objective.Dist|objective.Entropy|objective.RefDist) != 0 {
		var stale []*rollout.Sequence
		for _, seq := range s.batch.learned {
			if seq.ScoredAt != s.policy.updates || needs.Has(objective.Dist) {
				stale = append(stale, seq)
				seq.ScoredAt = s.policy.updates
			}
		}
		s.scorer.Score(s.scored(s.policy.network), stale, rollout.Policy, needs)
	}
	if needs.Has(objective.OldLogp) && s.batch.epoch == 0 {
		for _, seq := range s.batch.learned {
			if seq.OldLogp == nil { // not sampled: as likely as when the batch was begun
				seq.OldLogp = slices.Clone(seq.Logp)
			}
		}
	}
	if needs&(objective.RefLogp|objective.RefDist) != 0 && s.batch.epoch == 0 {
		s.consult(s.reference(), rollout.Reference, needs)
	}
	if needs&(objective.TeacherLogp|objective.TeacherDist) != 0 && s.batch.epoch == 0 {
		s.consult(s.teacher, rollout.Teacher, needs)
	}
	s.scoreValues()
}

// scored returns a network at the temperature at which the stage's objective sees every model.
func (s *Session) scored(n *model.Network) *model.Network {
	return n.WithTemp(knob.Temperature(s.values()))
}

// consult scores the batch under a frozen network.
func (s *Session) consult(n *model.Network, role rollout.Role, needs objective.Needs) {
	s.scorer.Score(s.scored(n), s.batch.learned, role, needs)
	s.cost.FLOPs += passFLOPs(n.Config, s.batch.learned, 1)
}

// countTraining adds the forward and backward pass of the batch to the cost.
func (s *Session) countTraining() {
	for _, seq := range s.batch.learned {
		s.cost.TokensTrained += seq.PolicyLen()
		s.cost.FLOPs += s.policy.Config.TrainingFLOPs(len(seq.Prompt)+len(seq.Response), s.adapters.Rank)
	}
}

// countMemory adds what the current stage keeps of the model's size to the cost.
func (s *Session) countMemory() {
	stage := s.lane.Stages[s.stage]
	o := OutlayOf(stage.Method, stage.Values)
	copies, _ := o.Copies()
	s.cost.Copies = max(s.cost.Copies, len(copies))
	s.cost.Bytes = max(s.cost.Bytes, o.Bytes(s.policy.Config))
}

// rewardMean is the metric of what a step's rollouts have earned.
const rewardMean = "train/reward_mean"

// samplingMetrics describes a batch's rollouts before any filter. Where their rewards are scores of a reward model, each group
// of so many in a row has answered one prompt; elsewhere scored is 0.
func samplingMetrics(sampled []*rollout.Sequence, scored int) []protocol.Metric {
	if len(sampled) == 0 {
		return nil
	}
	reward, entropy, tokens := 0.0, 0.0, 0
	for _, seq := range sampled {
		reward += seq.Reward
		tokens += seq.PolicyLen() - seq.HintLen
		for _, h := range seq.Entropy {
			entropy += h
		}
	}
	n := float64(len(sampled))
	metrics := []protocol.Metric{
		{Name: rewardMean, Value: reward / n},
		{Name: "train/entropy_nats", Value: entropy / float64(tokens)},
		{Name: "train/response_tokens", Value: float64(tokens) / n},
	}
	if scored == 0 {
		return metrics
	}
	gold, best := goldRewards(sampled, scored)
	metrics[0].Value = gold
	return append(metrics, protocol.Metric{Name: "train/score_mean", Value: reward / n}, protocol.Metric{Name: "train/best_reward_mean", Value: best})
}

// lossMetrics reads the log-probabilities that the backward pass left behind.
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

// passFLOPs is the cost of some forward passes over sequences.
func passFLOPs(c model.Config, sequences []*rollout.Sequence, passes float64) (flops float64) {
	for _, seq := range sequences {
		flops += float64(passes * c.ForwardFLOPs(len(seq.Prompt)+len(seq.Response)))
	}
	return flops
}
