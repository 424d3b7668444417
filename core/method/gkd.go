package method

import (
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// GKD is Generalized Knowledge Distillation: Agarwal et al. 2023, arXiv:2306.13649, eq. 1 and
// algorithm 1.
var GKD = Method{
	Name:   "gkd",
	Title:  "Generalized Knowledge Distillation",
	Cite:   "Agarwal et al. 2023, arXiv:2306.13649, eq. 1 and algorithm 1",
	Family: "distillation",
	Formula: "J = −(1−λ)·D over the tokens of demonstrations − λ·D over those of rollouts, D = " +
		"mean of m·KL(π_T‖M) + (1−m)·KL(π‖M), M = m·π_T + (1−m)·π; " +
		"D = KL(π_T‖π) for m = 0 and KL(π‖π_T) for m = 1",
	Doc: `At every token the policy's whole distribution is drawn towards that of a teacher, on
texts that are partly demonstrations and partly the policy's own. With mixture 0 the policy learns
to cover everything that the teacher might say, with 1 to keep to what the teacher is likely to
say; values between weigh the two. It needs a teacher and demonstrations, and no verifier; no other
method gets as much to learn from at every token.`,
	Deviations: `Every step has demonstrations and rollouts, weighed by lambda; the paper draws at random which of the two a batch has. The mixture, beta in
the paper, is called m, since beta is the weight of a KL here.`,
	Knobs: []param.Knob{knob.LR, knob.Batch, knob.Group.With(1), knob.Temp,
		knob.Tempered.With(false),
		param.Number("lambda", "", 0.5, 0, 1,
			"Weight of the rollouts compared with the demonstrations. 1 distils on the "+
				"policy's own texts alone.").
			Called("weight of rollouts (lambda)"),
		param.Number("m", "", 0.5, 0, 1,
			"Share of the teacher in the mixture that both are compared with. At 0 the policy "+
				"learns to cover everything that the teacher might say, at 1 to keep to what the "+
				"teacher is likely to say.").
			Called("teacher in the mixture"),
	},
	Apart: "it pushes every symbol of the vocabulary towards what a teacher would say",
	Collect: func(v param.Values) objective.Collect {
		return objective.Collect{Demos: 1, Group: v.Int("group"), Epochs: 1, IgnoresRewards: true}
	},
	Build: func(v param.Values) objective.Objective {
		d := divergence(v.Float("m"))
		towards := func(from objective.Source) objective.Dense {
			return objective.Dense{From: from, Weights: d.descent, Reduce: objective.TokenMean,
				Requires: objective.Dist | objective.TeacherDist}
		}
		return objective.Sum{{Weight: 1 - v.Float("lambda"), Objective: towards(objective.Demo)},
			{Weight: v.Float("lambda"), Objective: towards(objective.Rollout)}}
	},
}

// divergence is the generalised Jensen-Shannon divergence with this share of the teacher in the
// mixture.
type divergence float64

// descent returns minus the derivative in the policy's log-probabilities, up to terms that do not
// change the logits.
func (m divergence) descent(c *objective.Completion, t int) []float64 {
	policy, teacher := objective.DistAt(c.Dist, c, t), objective.DistAt(c.TeacherDist, c, t)
	p, q := objective.Softmax(policy, 1), objective.Softmax(teacher, 1)
	if m == 0 {
		return q
	}
	for k := range p {
		if m == 1 {
			p[k] *= teacher[k] - policy[k]
			continue
		}
		mixed := float64(float64(m)*q[k]) + float64(float64(1-m)*p[k])
		p[k] *= float64(1-m) * (num.Log(mixed) - policy[k])
	}
	return p
}
