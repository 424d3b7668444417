package method

import (
	"math"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("gkd", entry{
	bits: "a4045f435f873b2e",
	objective: func(v param.Values, b []objective.Group) func() float64 {
		m := v.Float("m")
		kl := func(p, q []float64) (s float64) {
			for k := range p {
				s += math.Exp(p[k]) * (p[k] - q[k])
			}
			return s
		}
		apart := func(student, teacher []float64) float64 {
			switch m {
			case 0:
				return kl(teacher, student)
			case 1:
				return kl(student, teacher)
			}
			mixed := make([]float64, len(student))
			for k := range mixed {
				mixed[k] = math.Log(m*math.Exp(teacher[k]) + (1-m)*math.Exp(student[k]))
			}
			return m*kl(teacher, mixed) + (1-m)*kl(student, mixed)
		}
		average := func(from objective.Source) float64 {
			s, n := 0.0, 0.0
			lab.Each(b, from, func(_, _ int, c *objective.Completion) {
				for t := range c.Logp {
					s += apart(c.Dist[t*lab.Vocab:(t+1)*lab.Vocab],
						c.TeacherDist[t*lab.Vocab:(t+1)*lab.Vocab])
					n++
				}
			})
			return lab.Over(s, n)
		}
		return func() float64 {
			return -(1-v.Float("lambda"))*average(objective.Demo) -
				v.Float("lambda")*average(objective.Rollout)
		}
	},
	mutants: mutants{
		"sign":           scaled(-1),
		"demos alone":    only(0),
		"rollouts alone": only(1),
		"other mixture": second(
			func(d *objective.Dense) { d.Weights = divergence(0.25).descent }),
		"forward":           second(func(d *objective.Dense) { d.Weights = divergence(0).descent }),
		"reverse":           second(func(d *objective.Dense) { d.Weights = divergence(1).descent }),
		"mean of sequences": second(func(d *objective.Dense) { d.Reduce = objective.SeqMean }),
		"weights swapped": func(_ param.Values, o objective.Objective) objective.Objective {
			s := o.(objective.Sum)
			return objective.Sum{{Weight: 0.9 * s[0].Weight, Objective: s[0].Objective},
				{Weight: 1.1 * s[1].Weight, Objective: s[1].Objective}}
		},
	},
})
