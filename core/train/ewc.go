package train

import (
	"github.com/posttrain/posttrain/core/gradient"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/rollout"
)

// consolidated is the most demonstrations of the prior skill on which the importance of weights is
// measured for elastic weight consolidation (EWC).
const consolidated = 128

// consolidatedOf returns the most demonstrations of the prior skill that a stage uses for EWC. It
// returns 0 without EWC.
func consolidatedOf(v param.Values) int {
	if v.Float("ewc") == 0 {
		return 0
	}
	return consolidated
}

// measureImportance returns the importance of each weight for the prior skill: the diagonal of the
// empirical Fisher information of the policy at the start of the stage. This is the mean, over
// demonstrations of the prior skill, of the squared gradient of their log-probability. A State does
// not have it, because it can be computed again from the start of the stage.
func (s *training) measureImportance() []float32 {
	expert := expert{s.lane.Task, param.Defaults(s.lane.Task.Knobs), s.collector.streams}
	gradients := gradient.Policy(s.policy.Config, s.options.Threads)
	n, flops := min(s.plan.consolidated, len(s.prior)), 0.0
	squares := make([]float64, len(s.start.Data))
	for i := range n {
		seq := expert.rehearse(s.prior[i], i)
		coeffs := objective.NewCoeffs([]objective.Group{{&seq.Completion}})
		for t := range coeffs[0][0].Logp {
			coeffs[0][0].Logp[t] = 1
		}
		for k, g := range gradients.Compute(s.startNetwork(), []*rollout.Sequence{seq},
			coeffs).Data {
			squares[k] += float64(float64(g) * float64(g))
		}
		flops += s.policy.Config.TrainingFLOPs(len(seq.Prompt)+len(seq.Response), 0)
		s.ledger.priorDemonstration(i)
	}
	if s.step == 0 { // after a restart of the program it has been charged before
		s.ledger.FLOPs += flops
	}
	importance := make([]float32, len(squares))
	for k, sum := range squares {
		importance[k] = float32(sum / float64(n))
	}
	return importance
}
