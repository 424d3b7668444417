package train

import (
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/optim"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/rollout"
)

// consolidated is on how many demonstrations of the prior skill, at most, the importance of weights is measured.
const consolidated = 128

// consolidatedOf is on how many it is, when there are so many prompts of the prior skill.
func consolidatedOf(v param.Values, prompts int) int {
	if v.Float("ewc") == 0 {
		return 0
	}
	return min(consolidated, prompts)
}

// consolidate adds the pull of elastic weight consolidation to an ascent direction.
func (s *Session) consolidate(gradient *model.Params) {
	strength := s.values().Float("ewc")
	if strength == 0 {
		return
	}
	if s.importance == nil {
		s.importance = s.measureImportance()
	}
	optim.Consolidate(gradient.Data, s.policy.Data, s.start.Data, s.importance, strength)
}

// measureImportance is the mean over demonstrations of the prior skill of the squared gradient of their log-probability under the
// stage's start: the diagonal of the empirical Fisher information, for every weight. It follows from where the stage starts, so no
// State keeps it.
func (s *Session) measureImportance() []float32 {
	expert := s.collector
	expert.values = param.Defaults(s.lane.Task.Knobs)
	gradients := newGradients(s.policy.Config, throughLogits, s.options.Threads)
	n, flops := consolidatedOf(s.values(), len(s.replay)), 0.0
	squares := make([]float64, len(s.start.Data))
	for i := range n {
		seq := expert.expert("replay", s.replay, i)
		coeffs := objective.NewCoeffs([]objective.Group{{&seq.Completion}})
		for t := range coeffs[0][0].Logp {
			coeffs[0][0].Logp[t] = 1
		}
		for k, g := range gradients.compute(s.startNetwork(), []*rollout.Sequence{seq}, coeffs).Data {
			squares[k] += float64(float64(g) * float64(g))
		}
		flops += s.policy.Config.TrainingFLOPs(len(seq.Prompt)+len(seq.Response), 0)
	}
	if s.stageStep == 0 { // later this was paid for before
		s.cost.Demonstrations = max(s.cost.Demonstrations, n)
		s.cost.FLOPs += flops
	}
	importance := make([]float32, len(squares))
	for k, sum := range squares {
		importance[k] = float32(sum / float64(n))
	}
	return importance
}
