package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// OPD is on-policy distillation: Lu et al. 2025, On-Policy Distillation (Thinking Machines), and
// its code; Agarwal et al. 2023, arXiv:2306.13649.
var OPD = Method{
	Name:  "opd",
	Title: "On-policy distillation",
	Cite: "Lu et al. 2025, On-Policy Distillation (Thinking Machines), and its code; Agarwal " +
		"et al. 2023, arXiv:2306.13649",
	Family: "distillation",
	Formula: "J = (1/N) Σ_i Σ_t ρ_it·A_it over the N tokens of the batch, A_it = log " +
		"π_T(a_it|s_it) − log π(a_it|s_it) held fixed, ρ = π/π_old",
	Doc: `The policy writes, and a stronger model, the teacher, marks every token: a token that the
teacher finds likelier than the policy does is pushed up, one that it finds less likely is pushed
down. So there is a judgement for every token, as with a demonstration, but about the policy's own
writing, as in reinforcement learning. It needs a teacher, and neither demonstrations nor a
verifier. At best it becomes the teacher, mistakes included.`,
	Deviations: `The whole step is averaged over tokens; a judgement is not passed on to the tokens before it.`,
	Knobs: []param.Knob{knob.LR, knob.Batch, knob.Group.With(4), knob.Epochs, knob.Temp,
		knob.Tempered},
	Dials: "advantage=teacher,limit=free,average=tokens",
	Collect: func(v param.Values) objective.Collect {
		return objective.Collect{Group: v.Int("group"), Epochs: v.Int("epochs"),
			IgnoresRewards: true}
	},
	Build: func(param.Values) objective.Objective {
		return objective.Row{From: objective.Rollout,
			Advantage: objective.PerToken(teacherLogRatio), Denom: objective.OverBehaviour,
			Reduce: objective.TokenMean, Requires: objective.Logp | objective.TeacherLogp}
	},
}

// teacherLogRatio returns, for each token, how much likelier it is under the teacher.
func teacherLogRatio(c *objective.Completion) []float64 {
	a := make([]float64, c.Len())
	for t := range a {
		a[t] = c.TeacherLogp[t] - c.Logp[t]
	}
	return a
}
