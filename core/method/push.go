package method

import (
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

// Curve is a function that is drawn, as points from left to right.
type Curve []Point

// Point is a point of a [Curve].
type Point struct {
	X float64 `json:"x"`
	Y float64 `json:"y"`
}

// Pushes says how strongly a position pushes the first token of an answer, before tokens are
// averaged: mask, ratio and advantage multiplied, with the KL of the loss. Wrong answers have no
// curve on demonstrations.
type Pushes struct {
	Right Curve `json:"right"` // of a right answer, or of a demonstration
	Wrong Curve `json:"wrong"`
}

// The example that pushes are computed for: a group of answers of two tokens each, which had this
// probability when they were sampled, as under the reference model.
const (
	exampleGroup  = 8
	exampleLength = 2
	exampleProb   = 0.4
	exampleTaught = 0.6 // the probability under a teacher
)

// PushesByRatio returns the push on an answer in a group of which half are right, by the ratio of
// its tokens' probabilities to those when they were sampled. They are empty for a position that
// [Dials] refuses.
func PushesByRatio(v param.Values) (p Pushes) {
	const steps, most = 40, 2.0
	for i := 1; i <= steps; i++ {
		ratio := most * float64(i) / steps
		p.add(v, ratio, exampleGroup/2, ratio)
	}
	return p
}

// PushesByRight returns the push on an answer whose tokens are as likely as when they were sampled,
// by how many of its group are right. They are empty on demonstrations, and for a position that
// [Dials] refuses.
func PushesByRight(v param.Values) (p Pushes) {
	if isOfDemos(v) {
		return p
	}
	for right := range exampleGroup + 1 {
		p.add(v, float64(right), right, 1)
	}
	return p
}

// add adds a point at x to each curve: the pushes on the first and on the last answer of a group of
// which so many are right, if that answer's tokens have this ratio.
func (p *Pushes) add(v param.Values, x float64, right int, ratio float64) {
	if right > 0 {
		if y, ok := pushAt(v, right, 0, ratio); ok {
			p.Right = append(p.Right, Point{x, y})
		}
	}
	if right < exampleGroup && !isOfDemos(v) {
		if y, ok := pushAt(v, right, exampleGroup-1, ratio); ok {
			p.Wrong = append(p.Wrong, Point{x, y})
		}
	}
}

// pushAt returns the push on answer i. ok is false if nothing is pushed.
func pushAt(v param.Values, right, i int, ratio float64) (push float64, ok bool) {
	group := exampleOf(v, right)
	for t := range group[i].Logp {
		group[i].Logp[t] += num.Log(ratio)
	}
	built, ok := Dials.Build(v).(objective.Explainer)
	if !ok {
		return 0, false
	}
	factors := built.Explain([]objective.Group{group}, 0, i)
	if factors == nil {
		return 0, false
	}
	f := factors[0]
	return float64(f.Mask*f.Ratio*f.Advantage) + f.K3Term + f.Extra, true
}

// exampleOf returns a group whose first right answers are right and whose others are wrong, with a
// greedy answer that is right if at least half of the group are.
func exampleOf(v param.Values, right int) (group objective.Group) {
	all := func(x float64) []float64 {
		s := make([]float64, exampleLength)
		for t := range s {
			s[t] = x
		}
		return s
	}
	old := num.Log(exampleProb)
	for i := range exampleGroup + 1 {
		c := &objective.Completion{Source: objective.Rollout, Logp: all(old), OldLogp: all(old),
			RefLogp: all(old), TeacherLogp: all(num.Log(exampleTaught)), Entropy: all(1)}
		if isOfDemos(v) {
			c.Source = objective.Demo
		}
		if i == exampleGroup {
			c.Source = objective.Greedy
		}
		if i < right || i == exampleGroup && 2*right >= exampleGroup {
			c.Reward = 1
		}
		group = append(group, c)
	}
	return group
}
