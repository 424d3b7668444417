package method

import (
	"math"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

// overDemos averages over the demonstrations' tokens; f looks at a token once and returns what is
// then differentiated.
func overDemos(f func(v param.Values, c *objective.Completion,
	t int) func() float64) func(param.Values, []objective.Group) func() float64 {
	return func(v param.Values, b []objective.Group) func() float64 {
		return lab.TokenMeanOf(objective.Demo,
			func(c *objective.Completion, t int) func() float64 { return f(v, c, t) })(v, b)
	}
}

// klRefExact returns KL(π_ref‖π) at a token.
func klRefExact(c *objective.Completion, t int) (s float64) {
	for k := t * lab.Vocab; k < (t+1)*lab.Vocab; k++ {
		s += math.Exp(c.RefDist[k]) * (c.RefDist[k] - c.Dist[k])
	}
	return s
}

// imitationMutants are mistakes in anything that imitates and averages over tokens.
var imitationMutants = mutants{
	"sign":                 scaled(-1),
	"scale":                scaled(1.001),
	"wrong source":         row(func(r *objective.Row) { r.From = objective.Chosen }),
	"mean over sequences":  row(func(r *objective.Row) { r.Reduce = objective.SeqMean }),
	"judged by the answer": row(func(r *objective.Row) { r.Advantage = objective.IfCorrect }),
}

// second changes the second summand, a Dense.
func second(change func(*objective.Dense)) func(param.Values,
	objective.Objective) objective.Objective {
	return func(_ param.Values, o objective.Objective) objective.Objective {
		s := o.(objective.Sum)
		d := s[1].Objective.(objective.Dense)
		change(&d)
		return objective.Sum{s[0], {Weight: s[1].Weight, Objective: d}}
	}
}
