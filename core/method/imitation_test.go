package method

import (
	"math"

	"posttrain/core/param"
)

// overDemos averages over the demonstrations' tokens; f looks at a token once and returns what is then differentiated.
func overDemos(f func(v param.Values, c *Completion, t int) func() float64) func(param.Values, []Group) func() float64 {
	return func(v param.Values, b []Group) func() float64 {
		return tokenMean(Demo, func(c *Completion, t int) func() float64 { return f(v, c, t) })(v, b)
	}
}

// klRefExact is KL(π_ref‖π) at a token.
func klRefExact(c *Completion, t int) (s float64) {
	for k := t * labVocab; k < (t+1)*labVocab; k++ {
		s += math.Exp(c.RefDist[k]) * (c.RefDist[k] - c.Dist[k])
	}
	return s
}

// imitationMutants are mistakes in anything that imitates and averages over tokens.
var imitationMutants = mutants{
	"sign":                 scaled(-1),
	"scale":                scaled(1.001),
	"wrong source":         row(func(r *Row) { r.From = Chosen }),
	"mean over sequences":  row(func(r *Row) { r.Reduce = SeqMean }),
	"judged by the answer": row(func(r *Row) { r.Advantage = IfCorrect }),
}

// second changes the second summand, a Dense.
func second(change func(*Dense)) func(param.Values, Objective) Objective {
	return func(_ param.Values, o Objective) Objective {
		s := o.(Sum)
		d := s[1].Objective.(Dense)
		change(&d)
		return Sum{s[0], {s[1].Weight, d}}
	}
}
